/// What a reader of a coefficient must know of its column: reference levels, centres, and how the
/// odds ratio reads in words.
struct ColumnCoding: Sendable, Equatable {
  /// The reference level, those of an interaction joined by `*`; `nil` without categories.
  let reference: String?
  /// The coding of the variables in words: reference levels, centres, scales.
  let coding: String?
  /// How the coefficient begins in prose, such as `odds ratio per year`; `nil` where a coefficient
  /// by itself says nothing: of the intercept, a spline, a polynomial, and of a variable that is part
  /// of an interaction as well.
  let effect: String?

  init(_ name: String, factors: [VariableEncoding], formula: ModelFormula) {
    let references = factors.compactMap { factor -> String? in
      if case .categories(let reference, _) = factor.rule { return reference }
      return nil
    }
    let notes = factors.compactMap(\.note)
    reference = references.isEmpty ? nil : references.joined(separator: "*")
    coding = notes.isEmpty ? nil : notes.joined(separator: "; ")
    effect = Self.effect(name, factors, formula)
  }

  private static func effect(
    _ name: String, _ factors: [VariableEncoding], _ formula: ModelFormula
  ) -> String? {
    guard let factor = factors.first, factors.allSatisfy({ !$0.isCurve }) else { return nil }
    guard factors.count == 1 else { return "ratio of odds ratios of \(name)" }
    let isInInteraction = formula.terms.contains { term in
      term.variables.count > 1 && term.variables.contains(factor.variable)
    }
    guard !isInInteraction else { return nil }
    switch factor.rule {
    case .categories, .labels: return "odds ratio of \(name)"
    default:
      return factor.isAnswer
        ? "odds ratio of \(factor.variable.name) yes against no"
        : "odds ratio per \(spelled(name))"
    }
  }

  /// The unit of a term in words: `year:center` is a year, `points:log:scale` a standard deviation
  /// of log(points).
  static func spelled(_ term: String) -> String {
    let parts = term.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, !term.contains("*") else { return term }
    var words = name
    for part in parts.dropFirst() {
      switch part {
      case "center", "numeric": break
      case "scale": words = "standard deviation of \(words)"
      case "log", "log1p", "sqrt": words = "\(part)(\(words))"
      default: return term
      }
    }
    return words
  }
}

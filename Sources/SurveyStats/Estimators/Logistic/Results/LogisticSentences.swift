import RealModule

extension LogisticEstimate {
  /// One line for prose: `code_released: odds ratio per year 1.31 (1.12–1.54), n = 467, Firth`.
  public var sentence: String {
    let size = paperCount.map { ", n = \($0)" } ?? ""
    guard let term, estimate != nil else {
      return "\(outcome): no estimate\(term.map { " of \($0)" } ?? "")"
        + (note.map { " (\($0))" } ?? "")
    }
    let method = method.map { ", \($0.rawValue.prefix { $0 != "," })" } ?? ""
    let ratio = Self.ratio(effect ?? Self.effect(unit: term), coefficient)
    return "\(outcome): \(ratio)\(size)\(method)"
  }

  /// `odds ratio per year 1.31 (1.12–1.54)`; levels and labels read `odds ratio of type[survey]`.
  static func oddsRatio(_ logarithm: Estimate, unit: String) -> String {
    ratio(effect(unit: unit), logarithm)
  }

  private static func effect(unit: String) -> String {
    "odds ratio \(unit.hasSuffix("]") ? "of" : "per") \(ColumnCoding.spelled(unit))"
  }

  private static func ratio(_ effect: String, _ logarithm: Estimate) -> String {
    func readable(_ logarithm: Double) -> String {
      NumberFormat.readable(Double.exp(logarithm), digits: 2)
    }
    let limits =
      logarithm.lower == nil && logarithm.upper == nil
      ? "no interval"
      : "\(logarithm.lower.map(readable) ?? "0")–\(logarithm.upper.map(readable) ?? "∞")"
    return "\(effect) \(logarithm.value.map(readable) ?? "") (\(limits))"
  }
}

/// A yes-or-no outcome of a regression, one value a paper.
public struct BinaryOutcome: Sendable, Equatable {
  /// The name, as it stands in the column `outcome`.
  public var name: String
  /// The values; `nil` when the outcome is not defined for a paper, which then is left out.
  public var values: [Bool?]
  /// The items that it is made of, as positions in the matrix.
  public var items: [Int]

  /// Creates an outcome.
  public init(name: String, values: [Bool?], items: [Int] = []) {
    self.name = name
    self.values = values
    self.items = items
  }

  /// The name of a score's reaching a percentage.
  static func name(scoreAtLeast percent: Double) -> String {
    "score >= \(percent == percent.rounded() ? String(Int(percent)) : "\(percent)")"
  }
}

extension BinaryMatrix {
  /// The answers to an item; papers to which it does not apply, or never was put, are left out.
  public func outcome(item: Int) -> BinaryOutcome {
    BinaryOutcome(
      name: items[item].id.description,
      values: papers.indices.map { applies[$0, item] ? yes[$0, item] : nil }, items: [item])
  }

  /// Whether a paper's share of yes among all applicable items reaches a percentage; papers to
  /// which no item applies are left out.
  public func outcome(scoreAtLeast percent: Double) -> BinaryOutcome {
    BinaryOutcome(
      name: BinaryOutcome.name(scoreAtLeast: percent),
      values: percentYes(items: Array(items.indices)).map { $0.map { $0 >= percent } },
      items: Array(items.indices))
  }

  /// Whether a condition holds for a paper; papers that do not count for it are left out
  /// (``PatternAnswers``).
  public func outcome(
    _ name: String, where condition: Expression
  ) throws(VariableError) -> BinaryOutcome {
    let variables = variables
    let pattern = NamedPatterns.Pattern(name: name, condition: condition)
    return BinaryOutcome(
      name: name, values: try PatternAnswers([pattern], of: variables).answers(0).values,
      items: try variables.items(of: condition))
  }
}

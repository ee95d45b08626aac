/// The association of one pair of variables, on the papers that have both.
public struct AssociatedPair: Sendable, Equatable {
  /// The position of the first variable.
  public let first: Int
  /// The position of the second variable.
  public let second: Int
  /// The number of papers that have both.
  public let count: Int
  /// The joint answers, for pairs of items.
  public let cells: TwoByTwoTable?
  /// The coefficient with its uncertainty.
  public let association: Association
}

/// The associations of all pairs of items, or of all pairs of scores.
///
/// Each pair uses the papers that have both variables (pairwise-complete cells); means and margins
/// are those of the pair. Undefined pairs stay in the list with the reason in their note.
public struct PairwiseAssociations: Sendable, Equatable {
  /// The names of the variables.
  public let names: [String]
  /// The name of the coefficient.
  public let coefficient: String
  /// The coefficient of a variable with itself, where that is a constant.
  public let ofItself: Double?
  /// The confidence level of the intervals.
  public let level: Double
  /// The pairs with `first < second`, ordered by first, then second; for a coefficient that is not
  /// symmetric each is followed by its reverse.
  public let pairs: [AssociatedPair]
  /// The number of papers that have each variable.
  public let counts: [Int]
  /// The share of yes for items, `nil` for scores and for items without papers.
  public let rates: [Double?]
  /// Whether each variable is constant among its papers.
  public let isConstant: [Bool]

  /// The names of the pairs, `a~b`.
  public var terms: [String] { pairs.map { "\(names[$0.first])~\(names[$0.second])" } }

  /// The limits of one interval.
  public typealias Limits = (lower: Double, upper: Double)

  /// Whether a pair has the same coefficient in both directions, and so one row.
  var isSymmetric: Bool { pairs.count == names.count * (names.count - 1) / 2 }
}

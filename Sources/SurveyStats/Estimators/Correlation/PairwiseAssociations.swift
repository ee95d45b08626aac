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
  /// The sums of the weights of the joint answers, where papers are weighted.
  let weightedCells: TwoByTwoTable?
  /// Kish's number of equal papers that those of the pair are worth, `(Σ w)² / Σ w²`, where papers are
  /// weighted.
  let effectiveCount: Double?
  /// What is doubtful about the errors of weighted or clustered papers.
  public let designNotes: [String]

  init(
    first: Int, second: Int, count: Int, cells: TwoByTwoTable?, association: Association,
    weightedCells: TwoByTwoTable? = nil, effectiveCount: Double? = nil, designNotes: [String] = []
  ) {
    self.first = first
    self.second = second
    self.count = count
    self.cells = cells
    self.association = association
    self.weightedCells = weightedCells
    self.effectiveCount = effectiveCount
    self.designNotes = designNotes
  }

  /// The cells that the coefficient is one of.
  var estimatedCells: TwoByTwoTable? { weightedCells ?? cells }

  /// What the `note` column says of the pair, apart from bootstrap intervals.
  var notes: [String] {
    [association.note?.description].compactMap { $0 }
      + (association.estimate == nil ? [] : designNotes)
  }
}

/// The associations of all pairs of items, or of all pairs of scores.
///
/// Each pair uses the papers that have both variables (pairwise-complete cells); means and margins
/// are those of the pair. Undefined pairs stay in the list with the reason in their note.
///
/// Under a design coefficients are those of the weighted papers, each paper counting with its weight
/// (scaled to a mean of one), and errors those of `DesignedPapers`: of papers, or of clusters, within
/// strata. Papers of weight zero take no part.
public struct PairwiseAssociations: Sendable, Equatable {
  /// The names of the variables.
  public let names: [String]
  /// The name of the coefficient.
  public let coefficient: String
  /// The coefficient of a variable with itself, where that is a constant.
  let ofItself: Double?
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
  let isConstant: [Bool]
  /// How the papers were sampled.
  public let sampling: PaperSampling

  init(
    names: [String], coefficient: String, ofItself: Double?, level: Double,
    pairs: [AssociatedPair], counts: [Int], rates: [Double?], isConstant: [Bool],
    sampling: PaperSampling = .alike
  ) {
    self.names = names
    self.coefficient = coefficient
    self.ofItself = ofItself
    self.level = level
    self.pairs = pairs
    self.counts = counts
    self.rates = rates
    self.isConstant = isConstant
    self.sampling = sampling
  }

  /// The names of the pairs, `a~b`.
  public var terms: [String] { pairs.map { "\(names[$0.first])~\(names[$0.second])" } }

  /// The limits of one interval.
  public typealias Limits = (lower: Double, upper: Double)

  /// Whether a pair has the same coefficient in both directions, and so one row.
  var isSymmetric: Bool { pairs.count == names.count * (names.count - 1) / 2 }
}

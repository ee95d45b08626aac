/// A complete square matrix of correlations, with what it rests on.
///
/// This is what principal components, factors and clusterings take as input. Every pair has a
/// value: items whose correlations are undefined have been left out, by name and with the reason.
/// A matrix that was put together from pairwise counts need not be positive definite; see
/// `definiteness` and `repaired(by:eigenvalueFloor:)`.
public struct CorrelationMatrix: Sendable, Equatable {
  /// The names of the items (or categories), in the order of the rows.
  public let names: [String]
  /// The correlations: symmetric, with a diagonal of ones.
  public let values: DenseMatrix
  /// The coefficient, such as `phi` or `tetrachoric`.
  public let coefficient: String
  /// The number of papers behind each pair, in the order of `values.elements`; the diagonal holds
  /// the number of papers of the item itself.
  public let pairCounts: [Int]
  /// The sampling variance of each correlation, where it is known; shrinkage needs it.
  let samplingVariances: DenseMatrix?
  /// The items that could not take part.
  public let leftOut: [LeftOutItem]
  /// What was done to make the matrix positive definite; `nil` when it is as estimated.
  public let repair: CorrelationRepair?
  /// Kish's number of equal papers behind each pair, in the order of `values.elements`, where papers
  /// are weighted.
  let effectiveCounts: [Double]?
  /// How the papers were sampled; tests of independent papers do not hold under a design.
  public let sampling: PaperSampling

  /// Creates a matrix from its parts.
  ///
  /// `values` must be square with one row a name, symmetric and free of NaN; `pairCounts` must
  /// have as many elements.
  public init(
    names: [String], values: DenseMatrix, coefficient: String, pairCounts: [Int],
    samplingVariances: DenseMatrix? = nil, leftOut: [LeftOutItem] = [],
    repair: CorrelationRepair? = nil, effectiveCounts: [Double]? = nil,
    sampling: PaperSampling = .alike
  ) {
    precondition(values.rows == names.count && values.columns == names.count, "not one row a name")
    precondition(pairCounts.count == values.elements.count, "not one count a correlation")
    self.names = names
    self.values = values
    self.coefficient = coefficient
    self.pairCounts = pairCounts
    self.samplingVariances = samplingVariances
    self.leftOut = leftOut
    self.repair = repair
    self.effectiveCounts = effectiveCounts
    self.sampling = sampling
  }

  /// Creates a matrix whose correlations all rest on the same number of papers.
  public init(names: [String], values: DenseMatrix, coefficient: String = "pearson", count: Int) {
    self.init(
      names: names, values: values, coefficient: coefficient,
      pairCounts: [Int](repeating: count, count: values.elements.count))
  }

  /// The number of items.
  public var count: Int { names.count }

  /// The number of papers behind the correlation of two items.
  public func pairCount(_ row: Int, _ column: Int) -> Int { pairCounts[row + column * count] }

  /// The smallest number of papers behind any correlation of two different items.
  public var smallestPairCount: Int? { offDiagonalCounts.min() }

  /// The harmonic mean of the numbers of papers behind the correlations: the sample size that fit
  /// statistics of a pairwise matrix use.
  ///
  /// Weighted papers count as the equal ones that they are worth. `nil` for fewer than two items.
  public var harmonicMeanCount: Double? {
    guard let effectiveCounts else { return offDiagonalCounts.harmonicMean }
    var (pairs, inverses) = (0.0, 0.0)
    for column in 0..<count {
      for row in 0..<column {
        pairs += 1
        inverses += 1 / effectiveCounts[row + column * count]
      }
    }
    return pairs > 0 ? pairs / inverses : nil
  }

  /// The largest number of papers that any item has.
  var largestCount: Int { pairCounts.max() ?? 0 }

  private var offDiagonalCounts: [Int] {
    var counts: [Int] = []
    for column in 0..<count {
      for row in 0..<column { counts.append(pairCount(row, column)) }
    }
    return counts
  }
}

extension [Int] {
  /// The harmonic mean, exact where all are equal; `nil` for none.
  var harmonicMean: Double? {
    guard let first else { return nil }
    if allSatisfy({ $0 == first }) { return Double(first) }
    return Double(count) / reduce(0) { $0 + 1 / Double($1) }
  }
}

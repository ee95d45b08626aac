/// A design with its covariate patterns, shared by the fits of several outcomes.
final class PreparedDesign: Sendable {
  let design: DesignMatrix
  let patterns: CovariatePatterns
  /// Weights and offsets of the design's rows; `nil` where all are 1 or 0.
  let weights: [Double]?
  let offset: [Double]?
  /// Whether a column has no other values than 0 and 1.
  let isBinary: [Bool]
  /// The positions of all patterns.
  let allPatterns: [Int]
  private let fullRankCheck = OnDemand<Kept<RankCheck>>()
  private let sparse = OnDemand<Kept<SparseRows?>>()
  private let dense = OnDemand<Kept<SharedColumns?>>()

  init(_ design: DesignMatrix, weights: [Double]?, offset: [Double]?)
    throws(LogisticRegressionError)
  {
    if let weights {
      let areValid = weights.allSatisfy { $0 >= 0 && $0.isFinite }
      guard weights.count == design.paperCount, areValid else {
        throw .dimensionMismatch("weights")
      }
    }
    if let offset {
      guard offset.count == design.paperCount, offset.allSatisfy(\.isFinite) else {
        throw .dimensionMismatch("offset")
      }
    }
    self.design = design
    self.weights = weights.map { all in design.papers.map { all[$0] } }
    self.offset = offset.map { all in design.papers.map { all[$0] } }
    patterns = CovariatePatterns(design.values, offset: self.offset)
    allPatterns = Array(0..<patterns.count)
    let values = patterns.values
    isBinary = (0..<values.columns).map { values.column($0).allSatisfy { $0 == 0 || $0 == 1 } }
  }

  /// What the weights of the papers with an outcome are multiplied with to add up to Kish's
  /// effective number of papers.
  func kishFactor(of outcome: BinaryOutcome) -> Double {
    guard let weights else { return 1 }
    var (sum, squares) = (0.0, 0.0)
    for (row, paper) in design.papers.enumerated() where outcome.values[paper] != nil {
      sum += weights[row]
      squares += weights[row] * weights[row]
    }
    return squares > 0 ? sum / squares : 1
  }

  /// The rank of the columns over all patterns.
  var rankCheck: RankCheck {
    fullRankCheck.value { Kept(RankCheck(patterns.values, names: design.columnNames)) }.value
  }

  /// The patterns of papers with weight as sparse rows; `nil` when fits have to go one by one.
  var sparseRows: SparseRows? {
    sparse.value { Kept(SparseRows(patterns, used: weightedPatterns, isBinary: isBinary)) }.value
  }

  /// The columns in coordinates that all outcomes can be fitted in; `nil` where papers have weights, or
  /// columns depend on each other.
  var sharedColumns: SharedColumns? { dense.value { Kept(SharedColumns(self)) }.value }

  private var weightedPatterns: [Int] {
    guard let weights else { return allPatterns }
    var isUsed = [Bool](repeating: false, count: patterns.count)
    for (pattern, weight) in zip(patterns.patternOfRow, weights) where weight != 0 {
      isUsed[pattern] = true
    }
    return allPatterns.filter { isUsed[$0] }
  }
}

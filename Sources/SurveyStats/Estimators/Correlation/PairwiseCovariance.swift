/// Covariances of items over the papers that have both, for any weights of the papers.
///
/// `s_jk = sum w (x_j - m_j)(x_k - m_k) / (n_jk - 1)` over papers to which j and k apply, with means
/// and the sum of weights n_jk of just those papers, as `cov(use = "pairwise")` of R. NA and absent
/// cells are in no sum. With weights that are counts of papers this is the covariance of the
/// resampled papers. A covariance of fewer than two papers is NaN.
///
/// The answers are kept as doubles; a set of weights costs three products of order N p², or, when
/// every item applies to every paper, one.
public struct PairwiseCovariance: Sendable {
  private let yes: DenseMatrix
  private let applies: DenseMatrix?

  /// Which papers are used.
  public enum Papers: String, Sendable, CaseIterable {
    /// For each pair of items, the papers that both apply to.
    case pairwise
    /// The papers that all items apply to.
    case listwise
  }

  /// The number of papers, used or not.
  public let paperCount: Int
  /// The papers that can enter; all of them unless listwise.
  public let rows: [Int]

  /// Unpacks the answers of a matrix.
  public init(_ matrix: BinaryMatrix, papers: Papers = .pairwise) {
    let items = matrix.items.indices
    paperCount = matrix.papers.count
    rows = matrix.papers.indices.filter { paper in
      papers == .pairwise || items.allSatisfy { matrix.applies[paper, $0] }
    }
    var yes = DenseMatrix(rows: rows.count, columns: items.count)
    var applies = yes
    for item in items {
      for (position, paper) in rows.enumerated() where matrix.applies[paper, item] {
        applies[position, item] = 1
        if matrix.yes[paper, item] { yes[position, item] = 1 }
      }
    }
    self.yes = yes
    self.applies = applies.elements.allSatisfy { $0 == 1 } ? nil : applies
  }

  /// The covariances, and the sums of weights that they rest on.
  ///
  /// - Parameter weights: one weight a paper; `nil` for ones.
  public func estimate(weights: [Double]? = nil) -> (covariance: DenseMatrix, counts: DenseMatrix) {
    let chosen = weights.map { weights in rows.map { weights[$0] } }
    let weightedYes = chosen.map { yes.scalingRows(by: $0) } ?? yes
    let both = weightedYes.multiplied(by: yes, transposingSelf: true)
    let items = yes.columns
    var counts = DenseMatrix(
      rows: items, columns: items, repeating: chosen?.reduce(0, +) ?? Double(rows.count))
    var sums = DenseMatrix(rows: items, columns: items)
    if let applies {
      let weightedApplies = chosen.map { applies.scalingRows(by: $0) } ?? applies
      counts = weightedApplies.multiplied(by: applies, transposingSelf: true)
      sums = weightedYes.multiplied(by: applies, transposingSelf: true)
    } else {
      for j in 0..<items { for k in 0..<items { sums[j, k] = both[j, j] } }
    }
    var covariance = both
    for k in 0..<items {
      for j in 0..<items {
        let n = counts[j, k]
        covariance[j, k] =
          n > 1 ? (both[j, k] - sums[j, k] * sums[k, j] / n) / (n - 1) : .nan
      }
    }
    return (covariance, counts)
  }
}

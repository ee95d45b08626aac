/// The correlation matrix of a sample as a function of unit weights.
///
/// A replicate is treated as the sample was: the same repair, and for shrinkage the same intensity.
/// A pair that is undefined in a replicate keeps the value of the sample, as long as at most one in
/// twenty are; otherwise the replicate has no matrix.
struct ReplicateCorrelations<Pairs: Statistic>: Sendable {
  /// The correlations of all pairs of variables, in the order of ``PairwiseAssociations``.
  let pairs: Pairs
  private let matrix: CorrelationMatrix
  private let sample: [Double]

  /// Takes the pairs of exactly the variables of a matrix, in their order.
  init(_ pairs: Pairs, like matrix: CorrelationMatrix) {
    precondition(pairs.valueCount == matrix.count * (matrix.count - 1) / 2, "other variables")
    self.pairs = pairs
    self.matrix = matrix
    sample = pairs.original()
  }

  /// The matrix under the weights; `nil` when too many pairs are undefined or the repair fails.
  func matrix(weights: Span<Double>) -> DenseMatrix? {
    var estimates = [Double](repeating: .nan, count: pairs.valueCount)
    var span = estimates.mutableSpan
    pairs.estimate(weights: weights, into: &span)
    var undefined = 0
    var result = DenseMatrix(diagonal: [Double](repeating: 1, count: matrix.count))
    var index = 0
    for first in 0..<matrix.count {
      for second in first + 1..<max(matrix.count, first + 1) {
        if estimates[index].isNaN {
          estimates[index] = sample[index]
          undefined += 1
        }
        result[first, second] = estimates[index]
        result[second, first] = estimates[index]
        index += 1
      }
    }
    guard undefined * 20 <= estimates.count else { return nil }
    return switch matrix.repair?.method {
    case nil: result
    case .nearest: try? result.nearestCorrelation()
    case .smoothing: try? result.smoothingEigenvalues()
    case .shrinkage: result.shrunkToIdentity(intensity: matrix.repair?.intensity ?? 0)
    }
  }
}

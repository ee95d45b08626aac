/// The correlation matrix of a sample as a function of unit weights.
///
/// A replicate is treated as the sample was: the same repair, and for shrinkage the same intensity.
/// A pair that is undefined in a replicate keeps the value of the sample, as long as at most one in
/// twenty are; otherwise the replicate has no matrix.
struct ReplicateCorrelations<Pairs: Statistic>: Sendable {
  /// The correlations of all pairs of variables, in the order of ``PairwiseAssociations``.
  let pairs: Pairs
  /// The correlations of the sample.
  let sample: CorrelationMatrix
  private let estimates: [Double]

  /// Takes the pairs of exactly the variables of a matrix, in their order.
  init(_ pairs: Pairs, like matrix: CorrelationMatrix) {
    precondition(pairs.valueCount == matrix.count * (matrix.count - 1) / 2, "other variables")
    self.pairs = pairs
    sample = matrix
    estimates = pairs.original()
  }

  /// The matrix under the weights; `nil` when too many pairs are undefined or the repair fails.
  func matrix(weights: Span<Double>) -> DenseMatrix? {
    var replicate = [Double](repeating: .nan, count: pairs.valueCount)
    var span = replicate.mutableSpan
    pairs.estimate(weights: weights, into: &span)
    var undefined = 0
    var result = DenseMatrix(diagonal: [Double](repeating: 1, count: sample.count))
    var index = 0
    for first in 0..<sample.count {
      for second in first + 1..<max(sample.count, first + 1) {
        if replicate[index].isNaN {
          replicate[index] = estimates[index]
          undefined += 1
        }
        result[first, second] = replicate[index]
        result[second, first] = replicate[index]
        index += 1
      }
    }
    guard undefined * 20 <= replicate.count else { return nil }
    return switch sample.repair?.method {
    case nil: result
    case .nearest: try? result.nearestCorrelation()
    case .smoothing: try? result.smoothingEigenvalues()
    case .shrinkage: result.shrunkToIdentity(intensity: sample.repair?.intensity ?? 0)
    }
  }
}

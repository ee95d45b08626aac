/// Eigenvalues and aligned loadings as a function of unit weights, for the bootstrap.
///
/// The values are first all eigenvalues, largest first, then the loadings of the first components
/// on all items, component by component, aligned to those of the sample by orthogonal Procrustes
/// rotation. Proportions are eigenvalues over their number.
///
/// A replicate treats its matrix as the sample's was treated: the same repair, and for shrinkage
/// the same intensity. A pair that is undefined in a replicate keeps the value of the sample, as
/// long as at most one in twenty are; otherwise the whole replicate is undefined (NaN).
public struct PrincipalComponentStatistic<Pairs: Statistic>: Statistic {
  private let pairs: Pairs
  private let matrix: CorrelationMatrix
  private let target: DenseMatrix
  private let sample: [Double]

  /// Creates the statistic.
  ///
  /// - Parameters:
  ///   - pairs: The correlations of exactly the variables of the matrix, in their order, such as
  ///     ``ItemCorrelationStatistic`` of the selected items.
  ///   - matrix: The correlation matrix of the sample.
  ///   - count: The number of components whose loadings are wanted.
  public init(
    _ pairs: Pairs, like matrix: CorrelationMatrix, count: Int
  ) throws(CorrelationMatrixError) {
    precondition(pairs.valueCount == matrix.count * (matrix.count - 1) / 2, "other variables")
    self.pairs = pairs
    self.matrix = matrix
    target = try PrincipalComponents(matrix).loadings(count: count)
    sample = pairs.original()
  }

  /// The number of components whose loadings are among the values.
  public var componentCount: Int { target.columns }

  /// The number of units.
  public var unitCount: Int { pairs.unitCount }

  /// The number of eigenvalues and loadings.
  public var valueCount: Int { matrix.count + target.elements.count }

  /// The place of a loading among the values.
  public func index(ofLoading component: Int, item: Int) -> Int {
    matrix.count * (component + 1) + item
  }

  /// Estimates eigenvalues and loadings.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for index in 0..<valueCount { values[index] = .nan }
    guard let replicate = correlations(weights: weights),
      let eigen = try? replicate.symmetricEigen()
    else { return }
    for index in 0..<matrix.count { values[index] = eigen.values[index] }
    let count = target.columns
    guard count == 0 || eigen.values[count - 1] > 0,
      let alignment = try? ProcrustesAlignment(
        eigen.vectors.firstLoadings(eigenvalues: eigen.values, count: count), to: target)
    else { return }
    for (index, loading) in alignment.aligned.elements.enumerated() {
      values[matrix.count + index] = loading
    }
  }

  /// The matrix of a replicate; `nil` when too many pairs are undefined or the repair fails.
  private func correlations(weights: Span<Double>) -> DenseMatrix? {
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

/// Eigenvalues, cumulative proportions and aligned loadings as a function of unit weights, for the
/// bootstrap.
///
/// The values are first all eigenvalues, largest first, then the cumulative proportions, then the
/// loadings of the first components on all items, component by component, aligned to those of the
/// sample by orthogonal Procrustes rotation. Proportions are eigenvalues over their number.
///
/// A replicate treats its matrix as the sample's was treated; see ``ComponentIntervals`` for the
/// limits. An eigenvalue that the repair of the matrix holds at its floor is no estimate, and is
/// undefined (NaN), with its cumulative proportion. A pair that is undefined in a replicate keeps
/// the value of the sample, as long as at most one in twenty are; otherwise the whole replicate is
/// undefined.
public struct PrincipalComponentStatistic<Pairs: Statistic>: Statistic {
  private let replicates: ReplicateCorrelations<Pairs>
  private let target: DenseMatrix

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
    replicates = ReplicateCorrelations(pairs, like: matrix)
    target = try PrincipalComponents(matrix).loadings(count: count)
  }

  /// The number of items.
  public var itemCount: Int { replicates.sample.count }

  /// The number of units.
  public var unitCount: Int { replicates.pairs.unitCount }

  /// The number of eigenvalues, cumulative proportions and loadings.
  public var valueCount: Int { 2 * itemCount + target.elements.count }

  /// The names of the values: `eigenvalue_1` and so on, `cumulative_1`, then `PC1:item`.
  public var terms: [String] {
    let names = replicates.sample.names
    return (1...itemCount).map { "eigenvalue_\($0)" } + (1...itemCount).map { "cumulative_\($0)" }
      + (0..<target.columns).flatMap { component in names.map { "PC\(component + 1):\($0)" } }
  }

  /// The place of the cumulative proportion up to a component among the values.
  public func index(ofCumulative component: Int) -> Int { itemCount + component }

  /// The place of a loading among the values.
  public func index(ofLoading component: Int, item: Int) -> Int {
    itemCount * (component + 2) + item
  }

  /// Estimates eigenvalues, cumulative proportions and loadings.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for index in 0..<valueCount { values[index] = .nan }
    guard let replicate = replicates.matrix(weights: weights),
      let eigen = try? replicate.symmetricEigen()
    else { return }
    var sum = 0.0
    for index in 0..<itemCount {
      sum += eigen.values[index]
      guard !replicates.sample.isHeldByRepair(eigen.values[index]) else { continue }
      values[index] = eigen.values[index]
      values[self.index(ofCumulative: index)] = sum / Double(itemCount)
    }
    let count = target.columns
    guard count == 0 || eigen.values[count - 1] > 0,
      let alignment = try? ProcrustesAlignment(
        eigen.vectors.firstLoadings(eigenvalues: eigen.values, count: count), to: target)
    else { return }
    for (index, loading) in alignment.aligned.elements.enumerated() {
      values[2 * itemCount + index] = loading
    }
  }
}

/// Ordinal alpha, that of tetrachoric correlations, as a function of unit weights, for the bootstrap.
///
/// A replicate treats its matrix as the sample's was treated: pairs that are undefined in it keep the
/// value of the sample, as long as at most one in twenty are, and the repair is the same. Its value
/// is undefined (NaN) otherwise.
public struct OrdinalAlphaStatistic<Pairs: Statistic>: Statistic {
  private let replicates: ReplicateCorrelations<Pairs>

  /// Creates the statistic.
  ///
  /// - Parameters:
  ///   - pairs: The correlations of exactly the variables of the matrix, in their order.
  ///   - matrix: The correlation matrix of the sample.
  public init(_ pairs: Pairs, like matrix: CorrelationMatrix) {
    replicates = ReplicateCorrelations(pairs, like: matrix)
  }

  /// The number of units.
  public var unitCount: Int { replicates.pairs.unitCount }

  /// The name of the value.
  public var terms: [String] { ["alpha"] }

  /// The number of values: one.
  public var valueCount: Int { 1 }

  /// Estimates alpha of the correlations under weights of the units.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    values[0] = replicates.matrix(weights: weights).flatMap { Reliability.alpha($0) } ?? .nan
  }
}

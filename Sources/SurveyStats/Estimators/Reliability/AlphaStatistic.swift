/// Alpha and standardised alpha as functions of weights, for the bootstrap.
///
/// Items that do not vary under the weights leave the coefficient, as they leave the estimate; a
/// replicate in which a pair shares fewer than two papers is undefined.
public struct AlphaStatistic: Statistic {
  private let covariance: PairwiseCovariance
  private let design: PaperWeights

  /// Creates the statistic of the items of a matrix under a sampling design.
  public init(
    _ matrix: BinaryMatrix, papers: PairwiseCovariance.Papers = .pairwise, design: SamplingDesign
  ) {
    precondition(design.paperCount == matrix.papers.count)
    covariance = PairwiseCovariance(matrix, papers: papers)
    self.design = PaperWeights(design)
  }

  /// The names of the values.
  public var terms: [String] { ["alpha", "standardized_alpha"] }
  /// The number of units.
  public var unitCount: Int { design.unitCount }
  /// The number of values: two.
  public var valueCount: Int { 2 }

  /// Estimates alpha and standardised alpha under weights of the units.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let (alpha, standardized) = alpha(weights: design.paperWeights(unitWeights: weights))
    values[0] = alpha ?? .nan
    values[1] = standardized ?? .nan
  }

  /// Alpha and standardised alpha under weights of the papers; `nil` where undefined.
  public func alpha(weights: [Double]) -> (alpha: Double?, standardized: Double?) {
    var covariance = covariance.estimate(weights: weights).covariance
    let varying = covariance.diagonal.indices.filter { covariance[$0, $0] > 0 }
    if varying.count < covariance.rows {
      covariance = covariance.selecting(rows: varying, columns: varying)
    }
    let scales = covariance.diagonal.map { 1 / $0.squareRoot() }
    let correlations = covariance.scalingRows(by: scales).transposed.scalingRows(by: scales)
    return (Reliability.alpha(covariance), Reliability.alpha(correlations))
  }
}

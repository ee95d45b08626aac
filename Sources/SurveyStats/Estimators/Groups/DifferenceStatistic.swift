/// Differences of two weighted means as a function of unit weights, for the bootstrap.
///
/// Each quantity is the mean of some papers' values less the mean of other (or the same) papers'
/// values: group differences of rates and scores, and differences of two items in the same papers.
/// A mean over papers of total weight zero is undefined. Cost of a replicate: O(papers) a quantity.
public struct DifferenceStatistic: Statistic {
  /// The values of the papers on both sides of one difference.
  public struct Difference: Sendable {
    var first: [(paper: Int, value: Double)]
    var second: [(paper: Int, value: Double)]

    /// The difference of a target between two groups, as ``GroupComparison`` estimates it.
    public init(_ matrix: BinaryMatrix, target: RateTarget, contrast: GroupContrast) {
      let values = matrix.percentYes(items: target.items)
      func side(_ papers: [Int]) -> [(paper: Int, value: Double)] {
        papers.compactMap { paper in values[paper].map { (paper, $0 / 100) } }
      }
      first = side(contrast.firstPapers)
      second = side(contrast.secondPapers)
    }

    /// The difference of two items in the papers to which both apply, as ``PairedProportions``.
    public init(_ matrix: BinaryMatrix, pair: (first: Int, second: Int)) {
      let papers = matrix.papers.indices.filter {
        matrix.applies[$0, pair.first] && matrix.applies[$0, pair.second]
      }
      first = papers.map { ($0, matrix.yes[$0, pair.first] ? 1 : 0) }
      second = papers.map { ($0, matrix.yes[$0, pair.second] ? 1 : 0) }
    }
  }

  private let differences: [Difference]
  private let design: SamplingDesign

  /// Creates the statistic under a sampling design, whose paper weights multiply those of units.
  public init(_ differences: [Difference], design: SamplingDesign) {
    self.differences = differences
    self.design = design
  }

  /// The number of resampling units.
  public var unitCount: Int { design.unitCount }
  /// The number of differences.
  public var valueCount: Int { differences.count }

  /// Estimates all differences under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for (index, difference) in differences.enumerated() {
      var means = [0.0, 0.0]
      for (side, papers) in [difference.first, difference.second].enumerated() {
        var (sum, total) = (0.0, 0.0)
        for (paper, value) in papers {
          let weight = weights[design.unitOfPaper[paper]] * (design.weights?[paper] ?? 1)
          sum += weight * value
          total += weight
        }
        means[side] = total > 0 ? sum / total : .nan
      }
      values[index] = means[0] - means[1]
    }
  }
}

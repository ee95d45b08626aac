/// Differences of two weighted means as a function of unit weights, for the bootstrap.
///
/// Each quantity is the mean of some papers' values less the mean of other (or the same) papers'
/// values: group differences of rates and scores, and differences of two items in the same papers. Over a
/// mix of items the mean is that of the rates of the items with fixed weights; items without an answer on
/// a side of a replicate are left out there. A mean over papers of total weight zero is undefined. Cost
/// of a replicate: O(papers) a quantity, over a mix O(cells).
public struct DifferenceStatistic: Statistic {
  /// The values of the papers on both sides of one difference.
  public struct Difference: Sendable {
    var first: [(paper: Int, value: Double)]
    var second: [(paper: Int, value: Double)]
    /// The answers of both sides to each item of a mix, with the weight of the item.
    var mix: [(weight: Double, first: [(Int, Double)], second: [(Int, Double)])]?

    /// The difference of a target between two groups: of an item's rates, else of mean paper scores.
    init(_ matrix: BinaryMatrix, target: RateTarget, contrast: GroupContrast) {
      self.init(matrix, items: target.items, contrast)
    }

    private init(_ matrix: BinaryMatrix, items: [Int], _ contrast: GroupContrast) {
      let values = matrix.percentYes(items: items)
      func side(_ papers: [Int]) -> [(paper: Int, value: Double)] {
        papers.compactMap { paper in values[paper].map { (paper, $0 / 100) } }
      }
      first = side(contrast.firstPapers)
      second = side(contrast.secondPapers)
    }

    /// A row of ``GroupComparison``, as it estimates it; `nil` for a row without an estimate, or with the
    /// items' levels of a model.
    public init?(_ row: GroupDifference, of matrix: BinaryMatrix, design: SamplingDesign) {
      guard row.estimate != nil, row.mix != .model else { return nil }
      guard row.mix == .common else {
        self.init(matrix, items: row.items, row.contrast)
        return
      }
      let mix = row.items.enumerated().map { position, item in
        func side(_ papers: [Int]) -> [(Int, Double)] {
          papers.filter { matrix.applies[$0, item] }
            .map { ($0, matrix.yes[$0, item] ? 1.0 : 0) }
        }
        return (
          row.itemWeights[position], side(row.contrast.firstPapers),
          side(row.contrast.secondPapers)
        )
      }
      self.init(first: [], second: [], mix: mix)
    }

    init(
      first: [(paper: Int, value: Double)], second: [(paper: Int, value: Double)],
      mix: [(weight: Double, first: [(Int, Double)], second: [(Int, Double)])]?
    ) {
      (self.first, self.second, self.mix) = (first, second, mix)
    }
  }

  private let differences: [Difference?]
  private let design: SamplingDesign

  /// Creates the statistic under a sampling design, whose paper weights multiply those of units.
  public init(_ differences: [Difference?], design: SamplingDesign) {
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
      guard let difference else {
        values[index] = .nan
        continue
      }
      if let mix = difference.mix {
        var (sum, total) = (0.0, 0.0)
        for item in mix {
          let gap = mean(item.first, weights) - mean(item.second, weights)
          if !gap.isNaN {
            sum += item.weight * gap
            total += item.weight
          }
        }
        values[index] = total > 0 ? sum / total : .nan
      } else {
        values[index] = mean(difference.first, weights) - mean(difference.second, weights)
      }
    }
  }

  private func mean(_ papers: [(Int, Double)], _ weights: Span<Double>) -> Double {
    var (sum, total) = (0.0, 0.0)
    for (paper, value) in papers {
      let weight = weights[design.unitOfPaper[paper]] * (design.weights?[paper] ?? 1)
      sum += weight * value
      total += weight
    }
    return total > 0 ? sum / total : .nan
  }
}

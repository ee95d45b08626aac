/// Differences of two weighted means as a function of unit weights, for the bootstrap.
///
/// Each quantity is the mean of some papers' values less the mean of other (or the same) papers'
/// values: group differences of rates and scores, and differences of two items in the same papers. Over a
/// mix of items the mean is that of the rates of the items with fixed weights; items without an answer on
/// a side of a replicate are left out there. A mean over papers of total weight zero is undefined. Sides
/// that several differences share are counted once. Cost of a replicate: O(papers) a side, over a mix
/// O(cells).
public struct DifferenceStatistic: EntryStatistic {
  /// The values of the papers on both sides of one difference.
  public struct Difference: Sendable {
    typealias Values = [(paper: Int, value: Double)]
    typealias Mix = [(weight: Double, first: Values, second: Values)]

    var first: Values
    var second: Values
    /// The answers of both sides to each item of a mix, with the weight of the item.
    var mix: Mix?

    /// The difference of a target between two groups: of an item's rates, else of mean paper scores.
    init(_ matrix: BinaryMatrix, target: RateTarget, contrast: GroupContrast) {
      self.init(matrix, items: target.items, contrast)
    }

    private init(_ matrix: BinaryMatrix, items: [Int], _ contrast: GroupContrast) {
      let values = matrix.percentYes(items: items)
      func side(_ papers: [Int]) -> Values {
        papers.compactMap { paper in values[paper].map { (paper, $0 / 100) } }
      }
      first = side(contrast.firstPapers)
      second = side(contrast.secondPapers)
    }

    /// A row of ``GroupComparison``, as it estimates it; `nil` for a row without an estimate, or with the
    /// items' levels of a model.
    public init?(_ row: GroupDifference, of matrix: BinaryMatrix, design: SamplingDesign) {
      guard row.estimate != nil, row.score?.mix != .model else { return nil }
      guard row.score?.mix == .common else {
        self.init(matrix, items: row.items, row.contrast)
        return
      }
      let mix = row.items.enumerated().map { position, item in
        func side(_ papers: [Int]) -> Values {
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

    init(first: Values, second: Values, mix: Mix?) {
      (self.first, self.second, self.mix) = (first, second, mix)
    }
  }

  /// The columns of the papers of one side and of their values.
  private struct Side: Sendable {
    private let first: Int
    /// Whether the columns count no and yes, not the papers and their values.
    private let areAnswers: Bool

    init(
      _ entries: Difference.Values, weights: [Double]?,
      _ builder: inout UnitEntries.Builder
    ) {
      let papers = entries.map(\.paper)
      let own = weights.map { all in papers.map { all[$0] } }
      areAnswers = entries.allSatisfy { $0.value == 0 || $0.value == 1 }
      if areAnswers {
        first = builder.add(
          papers: papers, cells: entries.map { $0.value == 1 ? 1 : 0 }, count: 2, weights: own)
      } else {
        let ones = own ?? [Double](repeating: 1, count: papers.count)
        first = builder.add(
          papers: papers + papers,
          cells: papers.map { _ in 0 } + papers.map { _ in 1 }, count: 2,
          weights: ones + zip(ones, entries).map { $0 * $1.value })
      }
    }

    /// The mean under the sums; NaN for papers of total weight zero.
    func mean(_ sums: Span<Double>) -> Double {
      let total = areAnswers ? sums[first] + sums[first + 1] : sums[first]
      return total > 0 ? sums[first + 1] / total : .nan
    }
  }

  /// The two sides of a difference: of each item of a mix with its weight, or of one value.
  private typealias Sides = [(weight: Double, first: Side, second: Side)]

  private let differences: [Sides?]
  let entries: UnitEntries

  /// Creates the statistic under a sampling design, whose paper weights multiply those of units.
  public init(_ differences: [Difference?], design: SamplingDesign) {
    var builder = UnitEntries.Builder(design)
    self.differences = differences.map { difference in
      guard let difference else { return nil }
      let sides = difference.mix ?? [(1, difference.first, difference.second)]
      return sides.map {
        (
          $0.weight, Side($0.first, weights: design.weights, &builder),
          Side($0.second, weights: design.weights, &builder)
        )
      }
    }
    entries = builder.finished()
  }

  /// The number of resampling units.
  public var unitCount: Int { entries.unitCount }
  /// The number of differences.
  public var valueCount: Int { differences.count }

  /// Estimates all differences under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let sums = entries.sums(weights: weights)
    estimate(sums: sums.span, into: &values)
  }

  /// Estimates all differences from the sums over papers.
  func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
    for (index, sides) in differences.enumerated() {
      guard let sides else {
        values[index] = .nan
        continue
      }
      if sides.count == 1 {
        values[index] = sides[0].first.mean(sums) - sides[0].second.mean(sums)
        continue
      }
      var (sum, total) = (0.0, 0.0)
      for item in sides {
        let gap = item.first.mean(sums) - item.second.mean(sums)
        if !gap.isNaN {
          sum += item.weight * gap
          total += item.weight
        }
      }
      values[index] = total > 0 ? sum / total : .nan
    }
  }
}

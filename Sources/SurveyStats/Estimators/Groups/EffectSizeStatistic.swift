import RealModule

/// Ratios of rates, and Cohen's d and Cliff's delta of differences of scores, as a function of unit
/// weights, for the bootstrap.
///
/// Two values a difference: of an item the logarithms of the risk ratio and of the odds ratio, NaN
/// where a rate is zero, an odds not positive and finite, or a group of weight zero; of a score d, the difference of weighted means over the pooled standard deviation
/// with W − 1 for n − 1, and delta, the weighted share of pairs with the higher score in the first
/// group less that in the second, both NaN for a group of total weight one or less, and d without
/// variation. Papers are counted in cells of group and value, which differences share. Cost of a replicate:
/// O(papers) a group and target, and O(distinct values) a difference.
public struct EffectSizeStatistic: EntryStatistic {
  /// The number of values of each difference.
  static let valuesPerDifference = 2

  /// The distribution of the values of some papers, a column a distinct value.
  private struct Side: Hashable, Sendable {
    /// The column of the smallest value.
    let firstColumn: Int
    /// The place of the distinct values.
    let grid: Int
  }

  private struct Row: Sendable {
    let isItem: Bool
    let first: Int
    let second: Int
  }

  /// The distinct values of each target, ascending.
  private let grids: [[Double]]
  private let sides: [Side]
  private let rows: [Row]
  let entries: UnitEntries

  /// Creates the statistic of differences; weights of the design multiply those of units.
  public init(_ differences: [GroupDifference], of matrix: BinaryMatrix, design: SamplingDesign) {
    var builder = UnitEntries.Builder(design)
    var grids: [[Double]] = []
    var placeOfSide: [Side: Int] = [:]
    var sides: [Side] = []
    var target: (items: [Int], ranks: [Int?])?
    rows = differences.map { row in
      let items = row.items
      if target?.items != items {
        let values = matrix.percentYes(items: items).map { $0.map { $0 / 100 } }
        let grid = Set(values.compactMap { $0 }).sorted()
        let rank = Dictionary(uniqueKeysWithValues: zip(grid, grid.indices))
        target = (items, values.map { $0.flatMap { rank[$0] } })
        grids.append(grid)
      }
      let ranks = target?.ranks ?? []
      func side(_ papers: [Int]) -> Int {
        let own = papers.filter { ranks[$0] != nil }
        let side = Side(
          firstColumn: builder.add(
            papers: own, cells: own.compactMap { ranks[$0] }, count: grids[grids.count - 1].count,
            weights: design.weights.map { all in own.map { all[$0] } }),
          grid: grids.count - 1)
        if let known = placeOfSide[side] { return known }
        placeOfSide[side] = sides.count
        sides.append(side)
        return sides.count - 1
      }
      return Row(
        isItem: row.target.level == .item, first: side(row.contrast.firstPapers),
        second: side(row.contrast.secondPapers))
    }
    self.grids = grids
    self.sides = sides
    entries = builder.finished()
  }

  /// The number of resampling units.
  public var unitCount: Int { entries.unitCount }
  /// The number of values.
  public var valueCount: Int { rows.count * Self.valuesPerDifference }

  /// Estimates all effect sizes under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let sums = entries.sums(weights: weights)
    estimate(sums: sums.span, into: &values)
  }

  /// Estimates all effect sizes from the weights of the papers of every value.
  func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
    let found = sides.map { Distribution(sums, from: $0.firstColumn, values: grids[$0.grid]) }
    for (index, row) in rows.enumerated() {
      let position = index * Self.valuesPerDifference
      let (first, second) = (found[row.first], found[row.second])
      if row.isItem {
        values[position] = Self.logarithm((first.sum / first.total) / (second.sum / second.total))
        values[position + 1] = Self.logarithm(
          (first.sum / (first.total - first.sum)) / (second.sum / (second.total - second.sum)))
      } else if first.total > 1, second.total > 1 {
        let pooled = (first.squares + second.squares) / (first.total + second.total - 2)
        values[position] =
          pooled > 0 ? (first.mean - second.mean) / pooled.squareRoot() : .nan
        values[position + 1] = Self.cliffsDelta(
          sums, first, from: sides[row.first].firstColumn, second,
          from: sides[row.second].firstColumn, count: grids[sides[row.first].grid].count)
      } else {
        (values[position], values[position + 1]) = (.nan, .nan)
      }
    }
  }

  /// The moments of a side.
  private struct Distribution {
    var total = 0.0
    var sum = 0.0
    var mean: Double { sum / total }
    var squares = 0.0

    init(_ sums: Span<Double>, from first: Int, values: [Double]) {
      for (rank, value) in values.enumerated() {
        total += sums[first + rank]
        sum += sums[first + rank] * value
      }
      let mean = mean
      for (rank, value) in values.enumerated() {
        squares += sums[first + rank] * (value - mean) * (value - mean)
      }
    }
  }

  private static func logarithm(_ ratio: Double) -> Double {
    ratio > 0 && ratio.isFinite ? Double.log(ratio) : .nan
  }

  private static func cliffsDelta(
    _ sums: Span<Double>, _ first: Distribution, from own: Int, _ second: Distribution,
    from other: Int, count: Int
  ) -> Double {
    var (sum, below) = (0.0, 0.0)
    for rank in 0..<count {
      let tied = sums[other + rank]
      sum += sums[own + rank] * (below - (second.total - below - tied))
      below += tied
    }
    return sum / (first.total * second.total)
  }
}

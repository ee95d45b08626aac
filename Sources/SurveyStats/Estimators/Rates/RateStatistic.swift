import RealModule

/// The pass rates of many targets as a function of unit weights.
///
/// The rate of a target is a ratio of sums over units, `R = Σ w y / Σ w (y + n)`, where a unit has y
/// yes and n no cells among the target's items. NA and absent cells are in neither sum. A rate whose
/// denominator is zero is undefined.
///
/// When asked for standard errors, all estimates are followed by their linearised standard errors
/// `se² = G/(G−1) · Σ w e² / (Σ w (y + n))²` with `e = (1 − R) y − R n` over the G units with
/// y + n > 0 (Särndal, Swensson & Wretman 1992, section 5.6), from weighted second moments. They serve
/// studentized intervals: the factor G/(G−1) is that of the sample also in replicates, and strata are
/// not told apart, since whatever factor that leaves out is left out in sample and replicates alike.
///
/// Where units are papers of equal weight, everything is a weighted sum of bits, exact in integers: the
/// bits of yes and applicable cells, and for the second moments the binary digits of y, y + n, y(y−1)/2,
/// y n and n(n−1)/2. Otherwise each target has value columns y, n and, for the moments, y², y n and n².
public struct RateStatistic: QuotientStatistic, DigitStatistic {
  /// The targets, in order.
  public let targets: [RateTarget]
  /// Whether standard errors follow the rates.
  public let includesStandardErrors: Bool
  /// The bits of plain papers; no columns when units are clusters or weighted papers.
  public let bitColumns: BitColumns

  /// Where the bits of a target are among the bit columns.
  private struct Layout: Sendable {
    /// The bits of the items, for quotients.
    var yesItems: [Int] = []
    var appliesItems: [Int] = []
    /// The digits of the numbers of a paper.
    var yes = 0..<0
    var applies = 0..<0
    var yesPairs = 0..<0
    var mixedPairs = 0..<0
    var noPairs = 0..<0
  }

  /// The weighted sums of one target.
  private struct Sums {
    var yes = 0.0
    var no = 0.0
    var yesSquares = 0.0
    var products = 0.0
    var noSquares = 0.0
  }

  /// Where the runs of digits of at most seven columns begin; every column is one by itself where nothing
  /// but rates is wanted.
  let digitStarts: [Int]
  private let cells: UnitCells
  private let isPlain: Bool
  /// One layout a target when units are plain papers.
  private let layouts: [Layout]
  /// The rates of plain papers, if nothing else is wanted.
  let quotients: SumQuotients?
  /// The factor G/(G−1) of each target, if standard errors are wanted.
  private let unitFactors: [Double]

  /// Creates the statistic of the given targets under a sampling design.
  public init(
    _ matrix: BinaryMatrix, targets: [RateTarget], design: SamplingDesign,
    includesStandardErrors: Bool = false
  ) {
    precondition(design.paperCount == matrix.papers.count)
    let cells = UnitCells(matrix, items: Set(targets.flatMap(\.items)).sorted(), design: design)
    self.targets = targets
    self.includesStandardErrors = includesStandardErrors
    self.cells = cells
    isPlain = design.unitsArePapers && design.weights == nil
    var bits = BitColumns(rowCount: design.unitCount, columnCount: 0)
    var starts = [0]
    var layouts: [Layout] = []
    if isPlain, !includesStandardErrors {
      bits = cells.bits
      starts = Array(0...bits.columnCount)
      layouts = targets.map { target in
        Layout(
          yesItems: target.items.map { cells.yesColumn[$0] },
          appliesItems: target.items.map { cells.appliesColumn[$0] })
      }
    } else if isPlain {
      var words: [UInt64] = []
      func append(_ columns: BitColumns) -> Range<Int> {
        let (first, end) = (starts.last ?? 0, (starts.last ?? 0) + columns.columnCount)
        words += columns.words
        starts += stride(from: first, to: end, by: DigitRuns.longest).dropFirst()
        if end > first { starts.append(end) }
        return first..<end
      }
      var placed: [Int: Range<Int>] = [:]
      func append(_ column: Int) -> Range<Int> {
        let digits = placed[column] ?? append(cells.bits.selecting(columns: [column]))
        placed[column] = digits
        return digits
      }
      layouts = targets.map { target in
        let yesItems = target.items.map { cells.yesColumn[$0] }
        let appliesItems = target.items.map { cells.appliesColumn[$0] }
        var layout = Layout()
        if let yes = yesItems.first, let applies = appliesItems.first, yesItems.count == 1 {
          (layout.yes, layout.applies) = (append(yes), append(applies))
          return layout
        }
        let yes = cells.bits.rowCounts(columns: yesItems)
        let applicable = cells.bits.rowCounts(columns: appliesItems)
        let no = zip(applicable, yes).map { $0 - $1 }
        layout.yes = append(BitColumns(digitsOf: yes))
        layout.applies = append(BitColumns(digitsOf: applicable))
        layout.yesPairs = append(BitColumns(digitsOf: yes.map { $0 * ($0 - 1) / 2 }))
        layout.mixedPairs = append(BitColumns(digitsOf: zip(yes, no).map { $0 * $1 }))
        layout.noPairs = append(BitColumns(digitsOf: no.map { $0 * ($0 - 1) / 2 }))
        return layout
      }
      bits = BitColumns(rowCount: design.unitCount, columnCount: starts.last ?? 0, words: words)
    }
    bitColumns = bits
    digitStarts = starts
    self.layouts = layouts
    quotients =
      isPlain && !includesStandardErrors
      ? SumQuotients(
        numerators: layouts.map(\.yesItems), denominators: layouts.map(\.appliesItems)) : nil
    unitFactors =
      includesStandardErrors
      ? targets.map { target in
        let count = Double(cells.participatingUnits(items: target.items))
        return count > 1 ? count / (count - 1) : .nan
      } : []
  }

  /// The number of quantities: a rate for each target, and as many standard errors if asked for.
  public var valueCount: Int { includesStandardErrors ? 2 * targets.count : targets.count }

  /// The number of value columns; none when units are plain papers.
  public var valueColumnCount: Int {
    isPlain ? 0 : (includesStandardErrors ? 5 : 2) * targets.count
  }

  /// The value columns for a range of units.
  public func valueColumns(units: Range<Int>) -> DenseMatrix {
    var elements: [Double] = []
    elements.reserveCapacity(valueColumnCount * units.count)
    for target in isPlain ? [] : targets {
      let (yes, no) = cells.totals(items: target.items, units: units)
      elements += yes
      elements += no
      if includesStandardErrors {
        elements += zip(yes, yes).map { $0 * $1 }
        elements += zip(yes, no).map { $0 * $1 }
        elements += zip(no, no).map { $0 * $1 }
      }
    }
    return DenseMatrix(rows: units.count, columns: valueColumnCount, elements: elements)
  }

  /// Estimates the rates, and their standard errors if asked for, from the weighted sums.
  public func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
    if let quotients {
      quotients.estimate(sums: sums, into: &values)
      return
    }
    for target in targets.indices {
      let found = isPlain ? bitSums(layouts[target], sums) : valueSums(target, sums)
      let denominator = found.yes + found.no
      let rate = denominator > 0 ? found.yes / denominator : .nan
      values[target] = rate
      guard includesStandardErrors else { continue }
      let squares =
        (1 - rate) * (1 - rate) * found.yesSquares - 2 * rate * (1 - rate) * found.products
        + rate * rate * found.noSquares
      values[targets.count + target] =
        (unitFactors[target] * max(squares, 0)).squareRoot() / denominator
    }
  }

  /// The sums of a target of plain papers, from those of its bits.
  private func bitSums(_ layout: Layout, _ sums: Span<Double>) -> Sums {
    let yes = Self.total(layout.yes, sums)
    let no = Self.total(layout.applies, sums) - yes
    return Sums(
      yes: yes, no: no, yesSquares: 2 * Self.total(layout.yesPairs, sums) + yes,
      products: Self.total(layout.mixedPairs, sums),
      noSquares: 2 * Self.total(layout.noPairs, sums) + no)
  }

  /// The sum of numbers, from those of their digits.
  private static func total(_ digits: Range<Int>, _ sums: Span<Double>) -> Double {
    var total = 0.0
    for column in digits.reversed() { total = 2 * total + sums[column] }
    return total
  }

  /// The sums of a target that has value columns.
  private func valueSums(_ target: Int, _ sums: Span<Double>) -> Sums {
    let first = (includesStandardErrors ? 5 : 2) * target
    var result = Sums(yes: sums[first], no: sums[first + 1])
    if includesStandardErrors {
      result.yesSquares = sums[first + 2]
      result.products = sums[first + 3]
      result.noSquares = sums[first + 4]
    }
    return result
  }
}

/// A statistic that needs no more than weighted sums over units.
///
/// Rates, means, moments and pair counts are of this kind. The engine forms the sums of all columns
/// for many replicates at once and never shows the statistic any weights.
public protocol SummedStatistic: Statistic {
  /// Zero-or-one columns, one row a unit.
  var bitColumns: BitColumns { get }
  /// The number of real-valued columns.
  var valueColumnCount: Int { get }
  /// The real-valued columns of a range of units, one row a unit.
  func valueColumns(units: Range<Int>) -> DenseMatrix
  /// Estimates all quantities from the weighted sums: those of the bit columns, then those of the
  /// value columns.
  func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>)
}

/// A statistic of nothing but quotients of sums of bit columns, which many replicates share the work
/// of forming.
protocol QuotientStatistic: SummedStatistic {
  /// One quotient for each value; `nil` where the statistic needs more than that.
  var quotients: SumQuotients? { get }
}

/// A summed statistic some of whose bit columns are the binary digits of small numbers, of which it
/// needs the sum `Σ 2^d s_d` of the sums of digits alone.
///
/// Where counts of papers are whole numbers, the sum of a run comes at once, as that of its first
/// column, and the sums of the others are zero: the same total, exact in integers, for the work of one
/// column.
protocol DigitStatistic: SummedStatistic {
  /// Where each run of digits begins among the bit columns, the lowest digit first, and the end of the
  /// last; none is longer than ``DigitRuns/longest``.
  var digitStarts: [Int] { get }
}

/// What the runs of ``DigitStatistic`` keep to.
enum DigitRuns {
  /// The most digits of a number that fits a signed byte.
  static let longest = 7
  /// The most papers of which sums of such numbers fit 32 bits.
  static let mostPapers = 1 << 25
}

/// A summed statistic that is worked out for eight replicates at once.
protocol LaneStatistic: SummedStatistic {
  /// Estimates all quantities from the sums of all columns, in eight replicates side by side.
  func estimate(
    lanes sums: UnsafePointer<SIMD8<Double>>, into values: UnsafeMutablePointer<SIMD8<Double>>)
}

extension SummedStatistic {
  /// The number of units.
  public var unitCount: Int { bitColumns.rowCount }

  /// The number of all columns.
  var columnCount: Int { bitColumns.columnCount + valueColumnCount }

  /// Estimates by adding up the columns under the weights, one block of units after the other.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    var sums = [Double](repeating: 0, count: columnCount)
    for units in blocks() {
      let rows = allColumns(units: units)
      for column in sums.indices {
        for (row, unit) in units.enumerated() { sums[column] += weights[unit] * rows[row, column] }
      }
    }
    estimate(sums: sums.span, into: &values)
  }

  /// The estimates when every unit counts once; bits are counted, not added up.
  public func original() -> [Double] {
    var values = [Double](repeating: .nan, count: valueCount)
    var span = values.mutableSpan
    estimate(sums: totals().span, into: &span)
    return values
  }

  /// The estimates with each unit left out in turn, from the sums less those of the unit.
  ///
  /// Cost: units × columns.
  public func jackknife() -> DenseMatrix {
    let totals = totals()
    var result = DenseMatrix(rows: unitCount, columns: valueCount)
    var sums = totals
    var values = [Double](repeating: .nan, count: valueCount)
    for units in blocks() {
      let rows = allColumns(units: units)
      for (row, unit) in units.enumerated() {
        for column in sums.indices { sums[column] = totals[column] - rows[row, column] }
        var span = values.mutableSpan
        estimate(sums: sums.span, into: &span)
        for value in 0..<valueCount { result[unit, value] = values[value] }
      }
    }
    return result
  }

  /// The sums of all columns when every unit counts once.
  private func totals() -> [Double] {
    var totals = (0..<bitColumns.columnCount).map { Double(bitColumns.count(column: $0)) }
    totals += [Double](repeating: 0, count: valueColumnCount)
    guard valueColumnCount > 0 else { return totals }
    for units in blocks() {
      let values = valueColumns(units: units)
      for column in 0..<valueColumnCount {
        for value in values.column(column) { totals[bitColumns.columnCount + column] += value }
      }
    }
    return totals
  }

  /// All columns of a range of units: the bits, then the values.
  private func allColumns(units: Range<Int>) -> DenseMatrix {
    DenseMatrix(
      rows: units.count, columns: columnCount,
      elements: bitColumns.asDoubles(rows: units).elements + valueColumns(units: units).elements)
  }

  /// The units in blocks, so that memory stays that of a block.
  private func blocks() -> [Range<Int>] {
    stride(from: 0, to: unitCount, by: BlockTotals.blockSize).map {
      $0..<min($0 + BlockTotals.blockSize, unitCount)
    }
  }
}

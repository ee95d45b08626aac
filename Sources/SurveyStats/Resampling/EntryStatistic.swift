/// A statistic that needs no more than weighted sums over units that count in few of many columns.
///
/// What a ``SummedStatistic`` is for columns that every unit may count in. The engine forms the sums of 64
/// replicates at once.
protocol EntryStatistic: Statistic {
  /// The columns of every unit.
  var entries: UnitEntries { get }
  /// Estimates all quantities from the weighted sums of the columns.
  func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>)
}

extension EntryStatistic {
  /// The number of resampling units.
  var unitCount: Int { entries.unitCount }

  /// Whether the sums of 64 replicates are small enough to be formed together.
  var isSummedInLanes: Bool { entries.columnCount <= 65_536 }

  /// Estimates by adding up the columns under the weights.
  func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let sums = entries.sums(weights: weights)
    estimate(sums: sums.span, into: &values)
  }
}

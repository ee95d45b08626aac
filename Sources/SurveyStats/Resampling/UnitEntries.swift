/// The columns that each unit counts in, where it counts in few of many.
///
/// Groups, years and strata divide papers into cells: a paper counts in a cell of every item, not in
/// those of other groups. The weighted sums of the columns then cost what the papers' entries cost,
/// however many columns there are.
struct UnitEntries: Sendable {
  /// The number of columns.
  let columnCount: Int
  /// The number of units.
  let unitCount: Int
  /// Where the entries of each unit begin, and the end of the last.
  private let starts: [UInt32]
  /// The column of each entry.
  private let columns: [UInt32]
  /// The value of each entry; empty for ones.
  private let values: [Double]

  /// The columns that belong together, before they are put in order by units.
  struct Builder {
    private struct Cells: Hashable {
      var papers: [Int]
      var cells: [Int]
      var count: Int
      var weights: [Double]?
    }

    private let design: SamplingDesign
    private var known: [Cells: Int] = [:]
    private var entries: [(cells: Cells, first: Int)] = []
    private(set) var columnCount = 0

    /// Begins without columns.
    init(_ design: SamplingDesign) { self.design = design }

    /// Adds columns and gives the number of the first of them.
    ///
    /// The same cells of the same papers are the same columns.
    ///
    /// - Parameters:
    ///   - papers: The papers that count, each at most once in a column.
    ///   - cells: The column of each of them, from zero.
    ///   - count: The number of columns.
    ///   - weights: What each of them counts, such as the weight of the paper; `nil` for one.
    mutating func add(papers: [Int], cells: [Int], count: Int, weights: [Double]? = nil) -> Int {
      precondition(papers.count == cells.count && weights?.count ?? cells.count == cells.count)
      let own = Cells(papers: papers, cells: cells, count: count, weights: weights)
      if let first = known[own] { return first }
      let first = columnCount
      known[own] = first
      entries.append((own, first))
      columnCount += count
      return first
    }

    /// The entries of all units.
    func finished() -> UnitEntries {
      let unitCount = design.unitCount
      var starts = [UInt32](repeating: 0, count: unitCount + 1)
      for own in entries {
        for paper in own.cells.papers { starts[design.unitOfPaper[paper] + 1] += 1 }
      }
      for unit in 0..<unitCount { starts[unit + 1] += starts[unit] }
      let total = Int(starts[unitCount])
      // Values also where a unit can count more than once in a column.
      let needsValues =
        !design.unitsArePapers || entries.contains { $0.cells.weights != nil }
      var columns = [UInt32](repeating: 0, count: total)
      var values = [Double](repeating: 1, count: needsValues ? total : 0)
      var next = starts
      for (own, first) in entries {
        for (index, paper) in own.papers.enumerated() {
          let unit = design.unitOfPaper[paper]
          let place = Int(next[unit])
          next[unit] += 1
          columns[place] = UInt32(first + own.cells[index])
          if needsValues { values[place] = own.weights?[index] ?? 1 }
        }
      }
      return UnitEntries(
        columnCount: columnCount, unitCount: unitCount, starts: starts, columns: columns,
        values: values)
    }
  }

  /// The weighted sums of all columns.
  func sums(weights: Span<Double>) -> [Double] {
    var sums = [Double](repeating: 0, count: columnCount)
    for unit in 0..<unitCount {
      let weight = weights[unit]
      for entry in Int(starts[unit])..<Int(starts[unit + 1]) {
        sums[Int(columns[entry])] += weight * (values.isEmpty ? 1 : values[entry])
      }
    }
    return sums
  }

  /// Gives the entries of some units to a kernel: where those of each begin, all columns and values.
  func withEntries(
    of units: Range<Int>,
    _ body: (UnsafePointer<UInt32>, UnsafePointer<UInt32>, UnsafePointer<Double>?) -> Void
  ) {
    precondition(units.lowerBound >= 0 && units.upperBound <= unitCount)
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe values.withUnsafeBufferPointer { values in
          guard let starts = starts.baseAddress, let columns = columns.baseAddress else { return }
          unsafe body(
            starts + units.lowerBound, columns, self.values.isEmpty ? nil : values.baseAddress)
        }
      }
    }
  }
}

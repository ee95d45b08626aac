import CKernels
import RealModule

/// Logistic fits of many outcomes on one design, eight at a time, one in each lane of a vector.
///
/// Most fits are plain: columns are independent for the papers at hand, whole scoring steps converge,
/// and the fitted point proves that nothing is separated but columns in whose ones all papers answer
/// alike. Such fits are found here; others are `nil` and left to the careful way, with the same
/// answer. What a fit becomes does not depend on the others. Cost of 65 fits on 11 columns of year
/// and type: 0.2 ms.
struct LogisticLanes {
  let rows: SparseRows
  let path: KernelPath

  init(_ rows: SparseRows, path: KernelPath = .best) {
    self.rows = rows
    self.path = path
  }

  /// What the tables of an outcome say.
  private struct Check {
    let smallestCell: Double
    /// The columns in whose ones nobody says yes, or no; the last column first.
    let withoutYes: UInt64
    let withoutNo: UInt64

    var oneSided: UInt64 { withoutYes | withoutNo }
  }

  /// The fits that are plain, in the places of the data.
  func fits(_ data: [LogisticData], by regression: LogisticRegression) -> [LaneFit?] {
    var result = [LaneFit?](repeating: nil, count: data.count)
    unsafe withMemory { memory in
      var checks: [Check?] = []
      for first in stride(from: 0, to: data.count, by: 8) {
        unsafe checks += self.checks(Array(data[first..<min(first + 8, data.count)]), in: memory)
      }
      for isPenalized in [false, true] {
        var chosen = data.indices.filter { index in
          guard let check = checks[index] else { return false }
          switch regression.estimation {
          case .firth: return isPenalized
          case .maximumLikelihood: return !isPenalized && check.oneSided == 0
          case .automatic:
            return isPenalized == (check.smallestCell < LogisticRegression.smallestCell)
          }
        }
        // Eight fits take as long as the longest, and fits with small cells take longest.
        chosen.sort { (checks[$0]?.smallestCell ?? 0, $0) < (checks[$1]?.smallestCell ?? 0, $1) }
        for first in stride(from: 0, to: chosen.count, by: 8) {
          let lanes = chosen[first..<min(first + 8, chosen.count)].map { (data[$0], checks[$0]) }
          let fits = unsafe self.fits(lanes, isPenalized: isPenalized, in: memory)
          for (index, fit) in zip(chosen[first...], fits) { result[index] = fit }
        }
      }
    }
    return result
  }

  /// Looks at the tables of up to eight outcomes; `nil` where columns are dependent.
  private func checks(_ data: [LogisticData], in memory: LaneMemory) -> [Check?] {
    unsafe fill(memory, with: data)
    var withoutYes = [UInt64](repeating: 0, count: 8)
    var withoutNo = withoutYes
    let regular = unsafe rows.withKernelRows { rows in
      unsafe ck_check_logistic_lanes(
        path.rawValue, rows, self.rows.isBinary, memory.successes, memory.trials, memory.criteria,
        &withoutYes, &withoutNo, memory.work)
    }
    return data.indices.map { lane in
      guard regular >> UInt32(lane) & 1 == 1 else { return nil }
      // Sums of weights that are not whole depend on their order, and have one of their own.
      let isWhole = data[lane].prepared.weights == nil
      return unsafe Check(
        smallestCell: isWhole
          ? memory.criteria[lane] : data[lane].smallestCell(columns: Array(0..<rows.columnCount)),
        withoutYes: withoutYes[lane], withoutNo: withoutNo[lane])
    }
  }

  private func fits(
    _ lanes: [(data: LogisticData, check: Check?)], isPenalized: Bool, in memory: LaneMemory
  ) -> [LaneFit?] {
    unsafe fill(memory, with: lanes.map(\.data))
    let width = rows.columnCount
    for index in 0..<8 * width { unsafe memory.beta[index] = 0 }
    var oneSided = [UInt64](repeating: 0, count: 8)
    for (lane, entry) in lanes.enumerated() {
      let yes = entry.data.successes.reduce(0, +)
      let total = entry.data.trials.reduce(0, +)
      unsafe memory.beta[8 * (width - 1) + lane] = Double.log((yes + 0.5) / (total - yes + 0.5))
      oneSided[lane] = entry.check?.oneSided ?? 0
    }
    var iterations = [Int](repeating: 0, count: 8)
    var proven: UInt32 = 0
    let ended = unsafe rows.withKernelRows { rows in
      unsafe ck_fit_logistic_lanes(
        path.rawValue, rows, memory.successes, memory.trials, isPenalized ? 1 : 0, 25, 1e-11,
        oneSided, memory.beta, memory.criteria, memory.inverse, &iterations, &proven, memory.work)
    }
    return lanes.enumerated().map { lane, entry in
      guard let check = entry.check, (ended & proven) >> UInt32(lane) & 1 == 1 else { return nil }
      return unsafe LaneFit(
        rows: rows, memory: memory, lane: lane, isPenalized: isPenalized,
        iterations: iterations[lane], separation: separation(check))
    }
  }

  /// The separation of columns in whose ones all papers answer alike.
  private func separation(_ check: Check) -> Separation? {
    guard check.oneSided != 0 else { return nil }
    let terms = (0..<rows.columnCount).compactMap { column -> Separation.Term? in
      let position = UInt64(rows.columnCount - 1 - column)
      guard check.oneSided >> position & 1 == 1 else { return nil }
      let isMinus = check.withoutYes >> position & 1 == 1
      return Separation.Term(column: column, sign: isMinus ? .minus : .plus)
    }
    return Separation(terms: terms, isComplete: false)
  }

  /// Lays out the totals of up to eight outcomes.
  private func fill(_ memory: LaneMemory, with data: [LogisticData]) {
    for index in 0..<8 * rows.count {
      unsafe memory.successes[index] = 0
      unsafe memory.trials[index] = 0
    }
    for (lane, outcome) in data.enumerated() {
      let isWhole = outcome.patterns.count == rows.rowOfPattern.count
      unsafe outcome.successes.withUnsafeBufferPointer { successes in
        unsafe outcome.trials.withUnsafeBufferPointer { trials in
          if isWhole {
            for (row, pattern) in rows.patterns.enumerated() {
              unsafe memory.successes[8 * row + lane] = unsafe successes[pattern]
              unsafe memory.trials[8 * row + lane] = unsafe trials[pattern]
            }
          } else {
            for (index, pattern) in outcome.patterns.enumerated() {
              let row = rows.rowOfPattern[pattern]
              unsafe memory.successes[8 * row + lane] = unsafe successes[index]
              unsafe memory.trials[8 * row + lane] = unsafe trials[index]
            }
          }
        }
      }
    }
  }

  /// Room for eight fits.
  func withMemory(_ body: (LaneMemory) -> Void) {
    unsafe withMemory(additional: 0) { memory, _ in unsafe body(memory) }
  }

  /// Room for eight fits and some numbers more.
  func withMemory(
    additional: Int, _ body: (LaneMemory, UnsafeMutablePointer<Double>) -> Void
  ) {
    let count = unsafe LaneMemory.count(rows)
    unsafe withUnsafeTemporaryAllocation(byteCount: 8 * (count + additional), alignment: 64) {
      memory in
      guard let start = unsafe memory.bindMemory(to: Double.self).baseAddress else { return }
      unsafe body(LaneMemory(start, rows: rows), start + count)
    }
  }
}

/// The vectors of a kernel's eight fits.
@unsafe struct LaneMemory {
  let successes: UnsafeMutablePointer<Double>
  let trials: UnsafeMutablePointer<Double>
  let beta: UnsafeMutablePointer<Double>
  let criteria: UnsafeMutablePointer<Double>
  let inverse: UnsafeMutablePointer<Double>
  let work: UnsafeMutablePointer<Double>

  static func count(_ rows: SparseRows) -> Int {
    let width = rows.columnCount
    return 8 * (2 * rows.count + width + 2 + width * width)
      + ck_logistic_lanes_work(rows.count, width)
  }

  init(_ start: UnsafeMutablePointer<Double>, rows: SparseRows) {
    let width = rows.columnCount
    unsafe successes = unsafe start
    unsafe trials = unsafe successes + 8 * rows.count
    unsafe beta = unsafe trials + 8 * rows.count
    unsafe criteria = unsafe beta + 8 * width
    unsafe inverse = unsafe criteria + 16
    unsafe work = unsafe inverse + 8 * width * width
  }
}

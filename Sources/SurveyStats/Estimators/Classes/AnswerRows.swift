import CLapack
import RealModule

/// The answers of papers as rows that latent classes are fitted to, equal rows once with their number.
///
/// Columns are the yes of each item, then the applicability of each item that does not apply to all papers; so the
/// log-likelihood of a class is a product of the rows with a vector, and answers that do not apply are no part of it.
struct AnswerRows: Sendable {
  /// The items, as positions in the matrix.
  let items: [Int]
  /// The items that do not apply to all papers, as positions in `items`.
  let partial: [Int]
  /// The distinct rows, column after column.
  let values: [Double]
  /// How many papers have each row.
  let counts: [Double]
  /// The row of each paper; −1 for papers without an answer.
  let rowOfPaper: [Int]

  /// The number of distinct rows.
  var rowCount: Int { counts.count }
  /// The number of columns.
  var columnCount: Int { items.count + partial.count }
  /// The number of papers.
  var paperCount: Double { counts.reduce(0, +) }

  /// The rows of a matrix over the items that vary.
  init(_ matrix: BinaryMatrix) {
    let items = matrix.items.indices.filter { item in
      let (yes, applies) = (matrix.yes.count(column: item), matrix.applies.count(column: item))
      return yes > 0 && yes < applies
    }
    let yes = BitWords(matrix.yes, columns: items)
    let applies = BitWords(matrix.applies, columns: items)
    var rows: [[UInt64]: Int] = [:]
    var first: [Int] = []
    var counts: [Double] = []
    var rowOfPaper = [Int](repeating: -1, count: matrix.papers.count)
    for paper in matrix.papers.indices where applies.hasBit(paper) {
      let key = Array(yes.words(paper) + applies.words(paper))
      if let row = rows[key] {
        counts[row] += 1
        rowOfPaper[paper] = row
      } else {
        rows[key] = first.count
        rowOfPaper[paper] = first.count
        first.append(paper)
        counts.append(1)
      }
    }
    self.init(
      items: items, counts: counts, rowOfPaper: rowOfPaper,
      applies: { matrix.applies[first[$0], items[$1]] },
      yes: { matrix.yes[first[$0], items[$1]] })
  }

  /// Rows given cell by cell.
  init(
    items: [Int], counts: [Double], rowOfPaper: [Int], applies: (Int, Int) -> Bool,
    yes: (Int, Int) -> Bool
  ) {
    self.items = items
    self.counts = counts
    self.rowOfPaper = rowOfPaper
    let rows = counts.indices
    partial = items.indices.filter { item in !rows.allSatisfy { applies($0, item) } }
    var values = [Double](repeating: 0, count: rows.count * (items.count + partial.count))
    for item in items.indices {
      for row in rows where applies(row, item) && yes(row, item) {
        values[item * rows.count + row] = 1
      }
    }
    for (place, item) in partial.enumerated() {
      for row in rows where applies(row, item) {
        values[(items.count + place) * rows.count + row] = 1
      }
    }
    self.values = values
  }

  /// Some of the rows, each with its number.
  func selecting(rows: [Int]) -> AnswerRows {
    let all = rowCount
    return AnswerRows(
      items: items, counts: rows.map { counts[$0] }, rowOfPaper: [],
      applies: { row, item in
        guard let place = partial.firstIndex(of: item) else { return true }
        return values[(items.count + place) * all + rows[row]] == 1
      }, yes: { row, item in values[item * all + rows[row]] == 1 })
  }

  /// Whether an item applies in a row.
  func applies(_ row: Int, _ item: Int) -> Bool {
    guard let place = partial.firstIndex(of: item) else { return true }
    return values[(items.count + place) * rowCount + row] == 1
  }

  /// The rates of the items.
  var rates: [Double] {
    var yes = [Double](repeating: 0, count: items.count)
    var applicable = [Double](repeating: paperCount, count: items.count)
    for item in items.indices {
      for row in 0..<rowCount { yes[item] += counts[row] * values[item * rowCount + row] }
    }
    for (place, item) in partial.enumerated() {
      applicable[item] = 0
      for row in 0..<rowCount {
        applicable[item] += counts[row] * values[(items.count + place) * rowCount + row]
      }
    }
    return zip(yes, applicable).map { $1 > 0 ? $0 / $1 : 0.5 }
  }

  /// Bits of papers put side by side.
  private struct BitWords {
    private var bits: [UInt64]
    private let width: Int

    init(_ plane: BitColumns, columns: [Int]) {
      let width = max(1, (columns.count + 63) / 64)
      self.width = width
      var bits = [UInt64](repeating: 0, count: plane.rowCount * width)
      for (place, column) in columns.enumerated() {
        plane.forEachRow(of: column) { bits[$0 * width + place >> 6] |= 1 << UInt64(place & 63) }
      }
      self.bits = bits
    }

    func words(_ paper: Int) -> ArraySlice<UInt64> { bits[paper * width..<(paper + 1) * width] }

    func hasBit(_ paper: Int) -> Bool { words(paper).contains { $0 != 0 } }
  }
}

/// Several mixtures of classes of one size at a time.
struct ClassMixtures: Sendable {
  /// The number of classes of each.
  let classCount: Int
  /// The shares of the classes, mixture after mixture.
  var shares: [Double]
  /// The probability of yes of each item, class after class: at `class * items + item`.
  var rates: [Double]

  /// The number of mixtures.
  var count: Int { shares.count / classCount }

  /// Rates are held off 0 and 1 by this much, where their logarithms end.
  private static let edge = 1e-10

  /// Mixtures about the rates of the items, those of the given streams.
  init(classCount: Int, rates itemRates: [Double], starts: Range<Int>, seed: UInt64) {
    self.classCount = classCount
    shares = []
    rates = []
    for start in starts {
      var stream = RandomStream(
        seed: seed, stream: UInt64(start), substream: 1_000 + UInt64(classCount))
      shares += [Double](repeating: 1 / Double(classCount), count: classCount)
      for _ in 0..<classCount {
        for rate in itemRates {
          let safe = min(max(rate, 0.02), 0.98)
          let odds = Double.log(safe / (1 - safe)) + (classCount > 1 ? 1.5 * stream.normal() : 0)
          rates.append(1 / (1 + Double.exp(-odds)))
        }
      }
    }
  }

  /// Some of the mixtures.
  func selecting(_ chosen: [Int]) -> ClassMixtures {
    var result = self
    let width = rates.count / max(1, shares.count)
    result.shares = chosen.flatMap { shares[$0 * classCount..<($0 + 1) * classCount] }
    result.rates = chosen.flatMap {
      rates[$0 * classCount * width..<($0 + 1) * classCount * width]
    }
    return result
  }

  /// What a step found of one set of rows.
  struct Expectation {
    /// The log-likelihood of each mixture.
    var logLikelihoods: [Double]
    /// The probability of each class, row after row within a class; only where asked for.
    var memberships: [Double]
  }

  /// One step of expectation and maximisation of all mixtures; the log-likelihoods are those before it.
  ///
  /// - Parameter updates: Whether to take the step; else memberships are kept.
  mutating func step(_ rows: AnswerRows, updates: Bool = true) -> Expectation {
    let (n, width, items) = (rows.rowCount, rows.columnCount, rows.items.count)
    let columns = shares.count
    var parameters = [Double](repeating: 0, count: width * columns)
    var constants = [Double](repeating: 0, count: columns)
    var isPartial = [Int](repeating: -1, count: items)
    for (place, item) in rows.partial.enumerated() { isPartial[item] = items + place }
    for column in 0..<columns {
      constants[column] = Double.log(max(shares[column], 1e-300))
      for item in 0..<items {
        let rate = rates[column * items + item]
        let logNo = Double.log(1 - rate)
        parameters[column * width + item] = Double.log(rate) - logNo
        if isPartial[item] >= 0 {
          parameters[column * width + isPartial[item]] = logNo
        } else {
          constants[column] += logNo
        }
      }
    }
    var logs = [Double](repeating: 0, count: n * columns)
    unsafe rows.values.withUnsafeBufferPointer { values in
      unsafe logs.withUnsafeMutableBufferPointer { logs in
        unsafe cblas_dgemm(
          CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(columns), Int32(width), 1,
          values.baseAddress, Int32(max(1, n)), parameters, Int32(max(1, width)), 0,
          logs.baseAddress, Int32(max(1, n)))
      }
    }
    var found = Expectation(
      logLikelihoods: [Double](repeating: 0, count: count), memberships: [])
    unsafe logs.withUnsafeMutableBufferPointer { logs in
      unsafe rows.counts.withUnsafeBufferPointer { weights in
        for mixture in 0..<count {
          let first = mixture * classCount
          var sum = 0.0
          for row in 0..<n {
            var most = -Double.infinity
            for column in first..<first + classCount {
              let value = unsafe logs[column * n + row] + constants[column]
              unsafe logs[column * n + row] = value
              if value > most { most = value }
            }
            var total = 0.0
            for column in first..<first + classCount {
              let power = unsafe Double.exp(logs[column * n + row] - most)
              unsafe logs[column * n + row] = power
              total += power
            }
            unsafe sum += weights[row] * (most + Double.log(total))
            let scale = unsafe (updates ? weights[row] : 1) / total
            for column in first..<first + classCount { unsafe logs[column * n + row] *= scale }
          }
          found.logLikelihoods[mixture] = sum
        }
      }
    }
    guard updates else {
      found.memberships = logs
      return found
    }
    var sums = [Double](repeating: 0, count: width * columns)
    unsafe rows.values.withUnsafeBufferPointer { values in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe cblas_dgemm(
          CblasColMajor, CblasTrans, CblasNoTrans, Int32(width), Int32(columns), Int32(n), 1,
          values.baseAddress, Int32(max(1, n)), logs, Int32(max(1, n)), 0, sums.baseAddress,
          Int32(max(1, width)))
      }
    }
    let whole = rows.paperCount
    for column in 0..<columns {
      var total = 0.0
      for row in 0..<n { total += logs[column * n + row] }
      shares[column] = total / whole
      for item in 0..<items {
        let applicable = isPartial[item] >= 0 ? sums[column * width + isPartial[item]] : total
        let rate = applicable > 1e-12 ? sums[column * width + item] / applicable : 0.5
        rates[column * items + item] = min(max(rate, Self.edge), 1 - Self.edge)
      }
    }
    return found
  }

  /// Steps until no mixture gains more than so much of its log-likelihood; gives the log-likelihoods.
  mutating func maximize(_ rows: AnswerRows, tolerance: Double, most: Int) -> [Double] {
    var before = [Double](repeating: -.infinity, count: count)
    for _ in 0..<most {
      let values = step(rows).logLikelihoods
      let isDone = zip(before, values).allSatisfy { $1 - $0 < tolerance * max(1, abs($1)) }
      before = values
      if isDone { break }
    }
    var last = self
    return last.step(rows, updates: false).logLikelihoods
  }
}

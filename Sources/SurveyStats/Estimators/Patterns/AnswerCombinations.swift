import CKernels
import RealModule

/// Which combinations of two and three answers occur far more or less often than independence predicts.
///
/// For every two or three items, over the n papers to which all of them apply, and for every combination of yes and no
/// (4 or 8): how many papers show it, against
///
/// * **independence**: `n p q r` with the rates in these papers. The test takes the numbers of yes as given, so that the
///   count is that of the common part of two or three random subsets: with mean `abc/n²` and variance
///   `μ + n(n−1) Π s(s−1)/(n(n−1)) − μ²`; its exact tail, doubled, where the mean is below 30 and the deviation above
///   three errors, else the normal one.
/// * for three items also **their pairs**: the counts with the same three tables of pairs and no association of a third
///   order. The likelihood-ratio test of the difference, one degree of freedom, says whether the three together say more
///   than their pairs do.
///
/// One row a set of items, its combination of the largest deviation. p-values are adjusted over all combinations of all
/// sets of that size, those of pairs over all sets. Sets of fewer than ``fewest`` papers, and of items that do not vary
/// among them, do not count.
///
/// All C(64, 3) = 41,664 triples are counted by population counts of bit planes. Cost: 8 p³/3 · n/512 vector operations.
///
/// References: Haberman (1973), *Biometrics* 29:205; Bartlett (1935), *JRSS Supplement* 2:248; Birch (1963), *JRSS B*
/// 25:220.
public struct AnswerCombinations: Analysis {
  /// The numbers of items of a combination: 2, 3 or both.
  public var sizes: [Int]
  /// The fewest papers to which all items apply.
  public var fewest: Int
  /// The rows that are kept of each size.
  public var most: Int
  /// The adjustment of p-values.
  public var adjustment: PValueAdjustment
  /// The confidence level of shares.
  public var level: Double

  /// The rows, and how many combinations were looked at.
  public struct Result: Sendable {
    /// The combinations that deviate most.
    public let rows: [AnswerCombination]
    /// The sets of items that were looked at, of each size.
    public let setCounts: [Int: Int]
  }

  /// Asks for combinations.
  public init(
    sizes: [Int] = [2, 3], fewest: Int = 20, most: Int = 100,
    adjustment: PValueAdjustment = .holm, level: Double = 0.95
  ) {
    self.sizes = sizes
    self.fewest = fewest
    self.most = most
    self.adjustment = adjustment
    self.level = level
  }

  /// Papers are counted one by one: features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Works everything out; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let items = matrix.items.indices.filter { item in
      let (yes, applies) = (matrix.yes.count(column: item), matrix.applies.count(column: item))
      return yes > 0 && yes < applies && applies >= fewest
    }
    var rows: [AnswerCombination] = []
    var setCounts: [Int: Int] = [:]
    for size in Set(sizes).sorted() where size == 2 || size == 3 {
      let found =
        size == 2
        ? pairs(matrix, items)
        : try await triples(matrix, items, jobs: run.jobs)
      setCounts[size] = found.count
      rows += finished(found, size: size, matrix, notes: sample.notes)
    }
    return Prepared(draws: []) { [rows, setCounts] _ in
      Result(rows: rows, setCounts: setCounts)
    }
  }

  /// A set of items with its cells: bit k of a cell's place says yes to item k.
  private struct Counted: Sendable {
    var items: (Int, Int, Int)
    var cells: [Int32]
    /// The place of the cell of the largest deviation, with its z and p-value.
    var place = 0
    var z = 0.0
    var pValues: [Double] = []
    /// The expected count from pairs at the place, and the p-value of the third order.
    var fromPairs: Double?
    var pairsPValue: Double?
  }

  private func pairs(_ matrix: BinaryMatrix, _ items: [Int]) -> [Counted] {
    let counts = PairCounts(matrix)
    var found: [Counted] = []
    for (place, i) in items.enumerated() {
      for j in items[(place + 1)...] {
        let table = counts[i, j]
        let cells = [table.n00, table.n10, table.n01, table.n11].map { Int32($0) }
        if let counted = test(Counted(items: (i, j, -1), cells: cells), size: 2) {
          found.append(counted)
        }
      }
    }
    return found
  }

  private func triples(
    _ matrix: BinaryMatrix, _ items: [Int], jobs: Int
  ) async throws -> [Counted] {
    guard items.count > 2 else { return [] }
    let yes = matrix.yes.selecting(columns: items)
    let applies = matrix.applies.selecting(columns: items)
    return try await concurrentMap(Array(0..<items.count - 2), jobs: jobs) { first in
      try Task.checkCancellation()
      return self.triples(yes, applies, first: first, items)
    }.flatMap { $0 }
  }

  /// All triples whose first item is the given one.
  private func triples(
    _ yes: BitColumns, _ applies: BitColumns, first: Int, _ items: [Int]
  ) -> [Counted] {
    let words = yes.wordsPerColumn
    let others = Array((first + 1)..<items.count)
    let count = others.count
    // applies·applies, applies·yes, yes·applies and yes·yes of the first item and each other.
    var left = [UInt64](repeating: 0, count: 4 * count * words)
    var right = [UInt64](repeating: 0, count: 2 * count * words)
    for (place, other) in others.enumerated() {
      for word in 0..<words {
        let (a, y) = (applies.words[first * words + word], yes.words[first * words + word])
        let (b, z) = (applies.words[other * words + word], yes.words[other * words + word])
        left[place * words + word] = a & b
        left[(count + place) * words + word] = a & z
        left[(2 * count + place) * words + word] = y & b
        left[(3 * count + place) * words + word] = y & z
        right[place * words + word] = b
        right[(count + place) * words + word] = z
      }
    }
    var shared = [UInt32](repeating: 0, count: 8 * count * count)
    unsafe ck_pair_counts(
      KernelPath.best.rawValue, left, 4 * count, right, 2 * count, words, &shared)
    func both(_ kind: Int, _ j: Int, _ isYes: Int, _ k: Int) -> Int32 {
      Int32(shared[(kind * count + j) * 2 * count + isYes * count + k])
    }
    var found: [Counted] = []
    for j in 0..<count {
      for k in (j + 1)..<max(count, j + 1) {
        let n = both(0, j, 0, k)
        guard n >= fewest else { continue }
        let (yk, yj, yi) = (both(0, j, 1, k), both(1, j, 0, k), both(2, j, 0, k))
        let (jk, ik, ij) = (both(1, j, 1, k), both(2, j, 1, k), both(3, j, 0, k))
        let ijk = both(3, j, 1, k)
        let cells = [
          n - yi - yj - yk + ij + ik + jk - ijk, yi - ij - ik + ijk, yj - ij - jk + ijk,
          ij - ijk, yk - ik - jk + ijk, ik - ijk, jk - ijk, ijk,
        ]
        let triple = Counted(
          items: (items[first], items[others[j]], items[others[k]]), cells: cells)
        if let tested = test(triple, size: 3) { found.append(tested) }
      }
    }
    return found
  }

  /// Tests all cells of a set; `nil` where an item does not vary among its papers or there are few.
  private func test(_ set: Counted, size: Int) -> Counted? {
    var set = set
    let cells = set.cells
    let total = cells.reduce(0, +)
    guard total >= fewest else { return nil }
    let n = Double(total)
    var margins = [0.0, 0.0, 0.0]
    for (place, cell) in cells.enumerated() {
      for item in 0..<size where place >> item & 1 == 1 { margins[item] += Double(cell) }
    }
    for item in 0..<size where margins[item] == 0 || margins[item] == n { return nil }
    set.pValues.reserveCapacity(cells.count)
    for place in cells.indices {
      var sizes = (0.0, 0.0, n)
      var (mean, second) = (n, n * (n - 1))
      for item in 0..<size {
        let own = place >> item & 1 == 1 ? margins[item] : n - margins[item]
        if item == 0 { sizes.0 = own } else if item == 1 { sizes.1 = own } else { sizes.2 = own }
        mean *= own / n
        second *= own * (own - 1) / (n * (n - 1))
      }
      let variance = second + mean - mean * mean
      let observed = Double(cells[place])
      let z = variance > 1e-12 * n ? (observed - mean) / variance.squareRoot() : 0
      var p = min(1, 2 * Normal().survival(abs(z)))
      if abs(z) > 3, mean < 30 {
        p = min(1, 2 * CommonPart(sizes, of: n).tail(observed, isUpper: z > 0))
      }
      set.pValues.append(p)
      if abs(z) > abs(set.z) {
        set.z = z
        set.place = place
      }
    }
    if size == 3 { addPairs(&set) }
    return set
  }

  /// The counts of the same pairs without an association of the third order: the cells less δ where an even number of
  /// answers is yes, and more where it is odd.
  private func addPairs(_ set: inout Counted) {
    let cells = set.cells.map(Double.init)
    // The signs are those of the cell of three yes.
    let even = [0, 3, 5, 6].map { cells[$0] }
    let odd = [1, 2, 4, 7].map { cells[$0] }
    // even − δ and odd + δ are not negative between these.
    var (low, high) = (-(odd.min() ?? 0), even.min() ?? 0)
    func ratio(_ delta: Double) -> Double {
      odd.reduce(0) { $0 + Double.log(max(1e-300, $1 + delta)) }
        - even.reduce(0) { $0 + Double.log(max(1e-300, $1 - delta)) }
    }
    var delta = 0.0
    if high - low > 1e-9 {
      // The logarithm of the ratio grows with δ from −∞ to ∞.
      delta = (low + high) / 2
      for _ in 0..<80 {
        let value = ratio(delta)
        if value > 0 { high = delta } else { low = delta }
        let slope =
          odd.reduce(0) { $0 + 1 / max(1e-12, $1 + delta) }
          + even.reduce(0) { $0 + 1 / max(1e-12, $1 - delta) }
        let newton = delta - value / slope
        let next = newton > low && newton < high ? newton : (low + high) / 2
        if abs(next - delta) < 1e-10 * (1 + abs(delta)) {
          delta = next
          break
        }
        delta = next
      }
    }
    var deviance = 0.0
    for (place, cell) in cells.enumerated() {
      let fitted = cell + ([1, 2, 4, 7].contains(place) ? delta : -delta)
      if place == set.place { set.fromPairs = max(0, fitted) }
      if cell > 0, fitted > 0 { deviance += 2 * cell * Double.log(cell / fitted) }
    }
    set.pairsPValue = ChiSquared(degreesOfFreedom: 1).survival(max(0, deviance))
  }

  private func finished(
    _ sets: [Counted], size: Int, _ matrix: BinaryMatrix, notes: [Note]
  ) -> [AnswerCombination] {
    let cellCount = 1 << size
    var uses: [String: Int] = [:]
    for item in matrix.items { uses[item.id.name, default: 0] += 1 }
    let adjusted = adjustment(sets.flatMap { $0.pValues.map { Optional($0) } })
    let ofPairs = adjustment(sets.map(\.pairsPValue))
    let order = sets.indices.sorted { (-abs(sets[$0].z), $0) < (-abs(sets[$1].z), $1) }
    return order.prefix(most).map { index in
      let set = sets[index]
      let n = set.cells.reduce(0, +)
      var expected = Double(n)
      let items = [set.items.0, set.items.1, set.items.2].prefix(size)
      for place in 0..<size {
        var yes: Int32 = 0
        for (cell, count) in set.cells.enumerated() where cell >> place & 1 == 1 { yes += count }
        let isYes = set.place >> place & 1 == 1
        expected *= Double(isYes ? yes : n - yes) / Double(n)
      }
      let count = Int(set.cells[set.place])
      let limits = ProportionInterval.wilson.limits(
        successes: Double(count), trials: Double(n), level: level)
      return AnswerCombination(
        items: items.enumerated().map { place, item in
          (matrix.items[item].id, set.place >> place & 1 == 1)
        },
        words: items.enumerated().map { place, item in
          let id = matrix.items[item].id
          return "\(uses[id.name] == 1 ? id.name : id.description) "
            + (set.place >> place & 1 == 1 ? "yes" : "no")
        }.joined(separator: ", "),
        count: count, expected: expected, statistic: set.z, pValue: set.pValues[set.place],
        adjusted: adjusted[index * cellCount + set.place], expectedOfPairs: set.fromPairs,
        pairsPValue: set.pairsPValue, pairsAdjusted: ofPairs[index],
        share: Estimate(
          Double(count) / Double(n), lower: limits?.lower, upper: limits?.upper, level: level,
          count: Int(n), notes: notes))
    }
  }
}

/// The size of the common part of two or three random subsets of n papers.
///
/// Given the size m of the common part of the first two, which is hypergeometric, that with the third is hypergeometric.
private struct CommonPart {
  let a: Double
  let b: Double
  let c: Double
  let n: Double

  init(_ sizes: (Double, Double, Double), of n: Double) {
    // The third as large as may be, so that the first two leave few papers.
    let sorted = [sizes.0, sizes.1, sizes.2].sorted()
    (a, b, c) = (sorted[0], sorted[1], sorted[2])
    self.n = n
  }

  /// The probability of so many or more, or so many or fewer.
  func tail(_ observed: Double, isUpper: Bool) -> Double {
    let mean = a * b / n
    let deviation = max(1, (mean * (1 - a / n) * (1 - b / n)).squareRoot())
    // Beyond twelve errors nothing counts.
    let low = max(max(0, a + b - n), (mean - 12 * deviation - 12).rounded(.down))
    let high = min(a, (mean + 12 * deviation + 12).rounded(.up))
    guard c < n else { return Self.tail(observed, n, a, b, isUpper: isUpper) }
    var sum = 0.0
    var m = low
    while m <= high {
      if !isUpper || m >= observed {
        sum += Self.probability(m, n, a, b) * Self.tail(observed, n, m, c, isUpper: isUpper)
      }
      m += 1
    }
    return min(1, sum)
  }

  private static func logChoose(_ n: Double, _ k: Double) -> Double {
    Double.logGamma(n + 1) - Double.logGamma(k + 1) - Double.logGamma(n - k + 1)
  }

  private static func probability(_ k: Double, _ n: Double, _ a: Double, _ b: Double) -> Double {
    guard k >= max(0, a + b - n), k <= min(a, b) else { return 0 }
    return Double.exp(logChoose(a, k) + logChoose(n - a, b - k) - logChoose(n, b))
  }

  /// The tail of the hypergeometric distribution of the common part of subsets of a and b of n.
  private static func tail(
    _ observed: Double, _ n: Double, _ a: Double, _ b: Double, isUpper: Bool
  ) -> Double {
    let (least, most) = (max(0, a + b - n), min(a, b))
    if isUpper, observed <= least { return 1 }
    if !isUpper, observed >= most { return 1 }
    var k = observed
    var term = probability(k, n, a, b)
    var sum = 0.0
    // Terms fall on this side; the ratio of neighbours is rational.
    while k >= least, k <= most {
      sum += term
      if isUpper {
        term *= (a - k) * (b - k) / ((k + 1) * (n - a - b + k + 1))
        k += 1
      } else {
        term *= k * (n - a - b + k) / ((a - k + 1) * (b - k + 1))
        k -= 1
      }
      if term < 1e-17 * sum || !term.isFinite { break }
    }
    return min(1, sum)
  }
}

/// A combination of answers to two or three items.
public struct AnswerCombination: Sendable {
  /// The items, and whether the answer is yes.
  public let items: [(item: ItemID, isYes: Bool)]
  /// The combination in words: items by their names, with the category where two have the same.
  public let words: String
  /// The papers that show it.
  public let count: Int
  /// How many would if answers were independent.
  public let expected: Double
  /// The deviation in errors of a count of independent answers.
  public let statistic: Double
  /// The p-value of independence.
  public let pValue: Double
  /// The same, adjusted over all combinations of so many items.
  public let adjusted: Double?
  /// How many would from the pairs alone; `nil` of two items.
  public let expectedOfPairs: Double?
  /// The p-value of the third order; `nil` of two items.
  public let pairsPValue: Double?
  /// The same, adjusted over all sets.
  let pairsAdjusted: Double?
  /// The share of the papers to which all items apply.
  public let share: Estimate

}

extension Table {
  /// Combinations: `combination`, `size`, `n`, `count`, `estimate` (the share of n) with limits, `expected` (a count),
  /// `ratio`, `statistic`, `p_value`, `p_adjusted`, `expected_pairs`, `pairs_p`, `pairs_p_adjusted`, `note`.
  public init(combinations found: AnswerCombinations.Result, level: Double) {
    let rows = found.rows
    let sets = found.setCounts.sorted { $0.key < $1.key }.map { size, count in
      "\(count) sets of \(size) items, \(count << size) combinations"
    }
    self.init(
      name: "combinations",
      caption: """
        Combinations of answers that occur more or less often than independence predicts, among the papers \
        to which all their items apply; the largest deviations first.
        """,
      columns: [
        Column("combination", .text(rows.map(\.words))),
        Column("size", .integer(rows.map(\.items.count)), isDetail: true),
        Column("n", .integer(rows.map(\.share.count))),
        Column("count", .integer(rows.map(\.count))),
        Column("estimate", .real(rows.map(\.share.value)), style: .share),
        Column("conf_low", .real(rows.map(\.share.lower)), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(rows.map(\.share.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("expected_count", .real(rows.map(\.expected))),
        Column("ratio", .real(rows.map { $0.expected > 0 ? Double($0.count) / $0.expected : nil })),
        Column("statistic", .real(rows.map(\.statistic)), isDetail: true),
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue, isDetail: true),
        Column("p_adjusted", .real(rows.map(\.adjusted)), style: .pValue),
        Column("expected_pairs", .real(rows.map(\.expectedOfPairs)), style: .sparse),
        Column("pairs_p", .real(rows.map(\.pairsPValue)), style: .pValue, isDetail: true),
        Column("pairs_p_adjusted", .real(rows.map(\.pairsAdjusted)), style: .pValue),
        Column.notes(rows.map(\.share.notes)),
      ],
      notes: sets.isEmpty ? [] : ["p-values are adjusted over \(sets.joined(separator: "; "))."])
  }
}

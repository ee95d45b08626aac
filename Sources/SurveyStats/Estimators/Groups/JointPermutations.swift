import RealModule

/// P-values of many tests of two groups of papers, adjusted by permuting the papers' groups (max-T).
///
/// Every paper keeps its answers together, so that tests that go together count as fewer: where all items
/// are copies of one another nothing is to be adjusted, where they are independent it is Šidák's. The
/// probability of any false rejection is at most the level when papers are exchangeable between the groups
/// in the items whose hypothesis is true.
///
/// The statistic of a test is `|S₁| / √(D₁D₂/(D₁ + D₂))`: S₁ is the sum of the residuals of the papers of
/// the first group (answers less the rate of both groups, 0 where an item does not apply), D₁ and D₂ share
/// the residuals' sum of squares by the papers' expected squares. Of an item that is the score statistic of
/// two rates over the papers to which it applies, so that a permutation that changes how many of these are
/// in a group keeps its distribution. Steps go down from the largest statistic, and each is compared with the
/// largest of those that remain.
///
/// With at most 100,000 arrangements of the groups all are enumerated; else random ones are drawn, and the
/// observed one counts along. A test without spread is never significant.
///
/// Reference: Westfall & Young (1993), *Resampling-Based Multiple Testing*, algorithm 4.1; Ge, Dudoit &
/// Speed (2003), *Test* 12:1, box 2. Cost: arrangements × papers of the smaller group × tests.
public struct JointPermutations: Sendable, Equatable {
  /// What a test asks of the papers.
  public struct Residuals: Sendable, Equatable {
    /// The residual of every paper, 0 where it has none; they add up to zero.
    public var values: [Double]
    /// The expected square of each residual, up to a factor.
    public var squares: [Double]

    /// Creates residuals.
    public init(values: [Double], squares: [Double]) {
      precondition(values.count == squares.count)
      self.values = values
      self.squares = squares
    }
  }

  /// The adjusted p-value of each test.
  public let pValues: [Double]
  /// The number of arrangements looked at.
  let arrangements: Int
  /// Whether these are all that there are.
  public let isExact: Bool

  /// The most arrangements that are enumerated.
  private static let mostEnumerated = 100_000.0

  /// Adjusts the p-values of tests; `nil` when a group is empty.
  ///
  /// - Parameters:
  ///   - tests: The residuals of each test, in the same papers.
  ///   - isFirst: Whether each paper is in the first group.
  ///   - replicates: The random arrangements where there are too many to enumerate.
  ///   - stream: The random numbers.
  public init?(
    _ tests: [Residuals], isFirst: [Bool], replicates: Int = 9_999, stream: RandomStream
  ) {
    let papers = isFirst.indices
    let smaller = 2 * isFirst.count { $0 } <= isFirst.count
    let observed = papers.filter { isFirst[$0] == smaller }
    guard !observed.isEmpty, observed.count < papers.count else { return nil }
    let sums = TestSums(tests, paperCount: papers.count)
    let statistics = sums.statistics(of: observed)
    let order = statistics.indices.sorted { (statistics[$1], $0) < (statistics[$0], $1) }
    let bounds = statistics.map { $0 * (1 - 1e-9) }
    var extreme = [Int](repeating: 0, count: tests.count)
    var seen = 0
    func count(_ group: some Collection<Int>) {
      let drawn = sums.statistics(of: group)
      var largest = 0.0
      for test in order.reversed() {
        largest = max(largest, drawn[test])
        if largest >= bounds[test] { extreme[test] += 1 }
      }
      seen += 1
    }
    let size = observed.count
    let log =
      Double.logGamma(Double(papers.count + 1)) - Double.logGamma(Double(size + 1))
      - Double.logGamma(Double(papers.count - size + 1))
    isExact = log < Double.log(Self.mostEnumerated)
    if isExact {
      var subset = Array(0..<size)
      repeat { count(subset) } while PermutationTest.advance(&subset, among: papers.count)
    } else {
      var stream = stream
      var shuffled = Array(papers)
      for _ in 0..<replicates {
        stream.draw(size, toFrontOf: &shuffled)
        count(shuffled[..<size])
      }
    }
    arrangements = seen
    var adjusted = [Double](repeating: 1, count: tests.count)
    var largest = 0.0
    for test in order {
      let share =
        isExact
        ? Double(extreme[test]) / Double(seen) : Double(extreme[test] + 1) / Double(seen + 1)
      largest = max(largest, statistics[test] > 0 ? share : 1)
      adjusted[test] = largest
    }
    pValues = adjusted
  }
}

/// The sums of residuals over a group of papers, of all tests side by side.
private struct TestSums {
  private let testCount: Int
  /// The residuals of a paper in all tests, then their expected squares; paper after paper.
  private let rows: [Double]
  private let totals: [Double]

  init(_ tests: [JointPermutations.Residuals], paperCount: Int) {
    testCount = tests.count
    var rows = [Double](repeating: 0, count: 2 * tests.count * paperCount)
    let totals = tests.map { test in test.values.reduce(0) { $0 + $1 * $1 } }
    for (index, test) in tests.enumerated() {
      let expected = test.squares.reduce(0, +)
      for paper in 0..<paperCount {
        let start = 2 * tests.count * paper
        rows[start + index] = test.values[paper]
        rows[start + tests.count + index] =
          expected > 0 ? test.squares[paper] * totals[index] / expected : 0
      }
    }
    self.rows = rows
    self.totals = totals
  }

  /// The statistic of every test when a group is the first.
  func statistics(of group: some Collection<Int>) -> [Double] {
    let width = 2 * testCount
    var sums = [Double](repeating: 0, count: width)
    let rows = rows.span
    var drawn = sums.mutableSpan
    for paper in group {
      let start = width * paper
      for column in 0..<width { drawn[column] += rows[start + column] }
    }
    return (0..<testCount).map { test in
      let (own, all) = (sums[testCount + test], totals[test])
      let variance = all > 0 ? own * (all - own) / all : 0
      return variance > 1e-12 * all ? abs(sums[test]) / variance.squareRoot() : 0
    }
  }
}

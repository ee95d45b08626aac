import SurveyStats
import Testing

@Suite struct ExactRateBootstrapTests {
  /// The distribution by listing every resample: each rate with its probability, in order.
  static func enumerated(
    yes: Int, no: Int, notApplicable: Int
  ) -> [(rate: Double, probability: Double)] {
    let n = yes + no + notApplicable
    func power(_ count: Int, _ exponent: Int) -> Double {
      (0..<exponent).reduce(1) { product, _ in product * Double(count) / Double(n) }
    }
    func choose(_ n: Int, _ k: Int) -> Double {
      (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
    }
    var law: [Double: Double] = [:]
    for x in 0...n {
      for y in 0...n - x where x + y > 0 {
        let probability =
          choose(n, x) * choose(n - x, y) * power(yes, x) * power(no, y)
          * power(notApplicable, n - x - y)
        law[Double(x) / Double(x + y), default: 0] += probability
      }
    }
    let total = law.values.reduce(0, +)
    return law.filter { $0.value > 0 }.sorted { $0.key < $1.key }
      .map { (rate: $0.key, probability: $0.value / total) }
  }

  @Test(arguments: 1...8) func `it is the distribution over all resamples of a few papers`(
    n: Int
  ) {
    for yes in 0...n {
      for no in 0...n - yes where yes + no > 0 {
        let law = Self.enumerated(yes: yes, no: no, notApplicable: n - yes - no)
        let exact = ExactRateBootstrap(
          yesCount: yes, applicableCount: yes + no, paperCount: n)
        var cumulative = 0.0
        for (index, atom) in law.enumerated() {
          let next = index + 1 < law.count ? law[index + 1].rate : 1
          let below = atom.rate > 0 ? atom.rate * (1 - 0x1p-45) : -1
          #expect(abs(exact.cumulativeProbability(below) - cumulative) < 1e-13)
          cumulative += atom.probability
          #expect(abs(exact.cumulativeProbability(atom.rate) - cumulative) < 1e-13)
          let between = atom.rate + (next - atom.rate) / 2
          #expect(abs(exact.cumulativeProbability(between) - cumulative) < 1e-13)
          // In the middle of a step, and exactly at its top.
          #expect(exact.quantile(cumulative - atom.probability / 2) == atom.rate)
          #expect(exact.quantile(min(cumulative, 1)) == atom.rate)
        }
      }
    }
  }

  /// Two bit columns and the ratio of their sums.
  struct RateOfOneItem: SummedStatistic {
    let bitColumns: BitColumns
    var valueCount: Int { 1 }
    var valueColumnCount: Int { 0 }

    init(yes: Int, no: Int, papers: Int) {
      var columns = BitColumns(rowCount: papers, columnCount: 2)
      for paper in 0..<yes { columns[paper, 0] = true }
      for paper in 0..<yes + no { columns[paper, 1] = true }
      bitColumns = columns
    }

    func valueColumns(units: Range<Int>) -> DenseMatrix {
      DenseMatrix(rows: units.count, columns: 0)
    }

    func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
      values[0] = sums[1] > 0 ? sums[0] / sums[1] : .nan
    }
  }

  @Test(arguments: [
    (yes: 12, no: 20, papers: 50, replicates: 400_000), (3, 2, 50, 100_000),
    (45, 5, 50, 100_000), (1, 30, 1_000, 20_000), (310, 500, 1_000, 20_000),
  ]) func `replicates of the engine follow it`(
    sample: (yes: Int, no: Int, papers: Int, replicates: Int)
  ) async throws {
    let statistic = RateOfOneItem(yes: sample.yes, no: sample.no, papers: sample.papers)
    let bootstrap = Bootstrap(
      design: SamplingDesign(paperCount: sample.papers), replicates: sample.replicates,
      seed: 20, jobs: 2)
    let drawn = try await bootstrap(statistic).values(of: 0).filter { !$0.isNaN }.sorted()
    let exact = ExactRateBootstrap(
      yesCount: sample.yes, applicableCount: sample.yes + sample.no, paperCount: sample.papers)
    // The largest distance of the two distribution functions, by Kolmogorov's bound at 1e-6.
    var largest = 0.0
    for probability in stride(from: 0.01, to: 1, by: 0.01) {
      let rate = drawn[Int(probability * Double(drawn.count))]
      let share = Double(drawn.prefix { $0 <= rate }.count) / Double(drawn.count)
      largest = max(largest, abs(share - exact.cumulativeProbability(rate)))
    }
    #expect(largest < 2.69 / Double(drawn.count).squareRoot())
    let order = OrderStatistics(drawn)
    for probability in [0.005, 0.025, 0.5, 0.975, 0.995] {
      let half = 5 * (probability * (1 - probability) / Double(drawn.count)).squareRoot()
      let ranks = [probability - half, probability + half].map {
        min(max(Int($0 * Double(drawn.count)), 1), drawn.count)
      }
      let limits = order.values(atRanks: ranks)
      let quantile = exact.quantile(probability)
      #expect(quantile >= limits[0] && quantile <= limits[1])
    }
  }

  @Test func `an item that always applies has the binomial distribution`() {
    for (yes, papers) in [(1, 2), (7, 40), (500, 4_097), (600_000, 1_000_000)] {
      let exact = ExactRateBootstrap(
        yesCount: yes, applicableCount: papers, paperCount: papers)
      let law = Binomial(trials: papers, probability: Double(yes) / Double(papers))
      for probability in [0.001, 0.025, 0.3, 0.5, 0.975] {
        #expect(
          exact.quantile(probability) == Double(law.quantile(probability)) / Double(papers))
      }
    }
  }

  @Test func `rates of zero and one have no spread`() {
    let none = ExactRateBootstrap(yesCount: 0, applicableCount: 5, paperCount: 9)
    #expect(none.limits(level: 0.95) == (0, 0))
    #expect(none.cumulativeProbability(0) == 1 && none.cumulativeProbability(-0.1) == 0)
    let all = ExactRateBootstrap(yesCount: 5, applicableCount: 5, paperCount: 9)
    #expect(all.limits(level: 0.95) == (1, 1))
    #expect(all.cumulativeProbability(0.999) == 0 && all.cumulativeProbability(1) == 1)
  }

  @Test func `the quantile of 0 is the smallest rate and that of 1 the largest`() {
    let exact = ExactRateBootstrap(yesCount: 3, applicableCount: 5, paperCount: 9)
    #expect(exact.quantile(0) == 0)
    #expect(exact.quantile(1) == 1)
  }

  @Test(arguments: [
    (yes: 1, applicable: 2, papers: 1_000_000), (1, 1_000_000, 1_000_000),
    (499_999, 500_000, 1_000_000), (123_456, 400_000, 1_000_000), (3, 7, 10_000),
    (2_000, 4_000, 4_096), (999, 1_000, 1_001),
  ]) func `a quantile is where its probability is first reached`(
    sample: (yes: Int, applicable: Int, papers: Int)
  ) {
    let exact = ExactRateBootstrap(
      yesCount: sample.yes, applicableCount: sample.applicable, paperCount: sample.papers)
    for probability in [0.0005, 0.025, 0.16, 0.5, 0.84, 0.975, 0.9995] {
      let rate = exact.quantile(probability)
      #expect(exact.cumulativeProbability(rate) >= probability - 1e-11)
      let below = rate > 0 ? rate * (1 - 0x1p-45) : -1
      #expect(exact.cumulativeProbability(below) < probability + 1e-11)
    }
  }

  @Test func `mirrored counts give mirrored distributions`() {
    let exact = ExactRateBootstrap(yesCount: 20, applicableCount: 70, paperCount: 300)
    let mirrored = ExactRateBootstrap(yesCount: 50, applicableCount: 70, paperCount: 300)
    for rate in [0.1, 0.2, 0.3001, 0.37, 0.45] {
      let above = 1 - mirrored.cumulativeProbability(1 - rate)
      let atom =
        mirrored.cumulativeProbability(1 - rate)
        - mirrored.cumulativeProbability((1 - rate) * (1 - 0x1p-45))
      #expect(abs(exact.cumulativeProbability(rate) - above - atom) < 1e-12)
    }
  }
}

import SurveyStats
import Testing

@Suite struct RateStatisticTests {
  /// The value of every quantity under given unit weights.
  private func values(_ statistic: RateStatistic, _ weights: [Double]) -> [Double] {
    var values = [Double](repeating: 0, count: statistic.valueCount)
    var span = values.mutableSpan
    statistic.estimate(weights: weights.span, into: &span)
    return values
  }

  @Test func `rates count yes cells over applicable cells`() {
    let matrix = BinaryMatrix(text: ["11-", "0-.", "1.1", "..."], items: ["a.x", "a.y", "b.z"])
    let statistic = RateStatistic(
      matrix, targets: RateTarget.all(in: matrix, levels: Set(RateTarget.Level.allCases)),
      design: SamplingDesign(paperCount: 4))
    // Items x, y, z; categories a, b; the base module; overall.
    let ones = [2.0 / 3, 1, 1, 3.0 / 4, 1, 4.0 / 5, 4.0 / 5]
    #expect(statistic.original() == ones)
    let weighted = values(statistic, [0, 1, 2, 5])
    #expect(weighted[0] == 2.0 / 3 && weighted[1].isNaN && weighted[2] == 1)
    #expect(weighted[6] == 4.0 / 5)
  }

  @Test(arguments: [ExampleDesign.plain, .clustered, .weighted])
  func `standard errors of the sample are those of the ratios`(example: ExampleDesign) throws {
    let matrix = BinaryMatrix.random(papers: 150, items: 7)
    let design = try example.design(papers: 150)
    let targets = RateTarget.all(in: matrix, levels: Set(RateTarget.Level.allCases))
    let statistic = RateStatistic(
      matrix, targets: targets, design: design, includesStandardErrors: true)
    let found = statistic.original()
    for (index, target) in targets.enumerated() {
      let ratio = RatioOfSums(matrix, target: target, design: design)
      #expect(isClose(found[index], ratio.estimate, within: 1e-14))
      #expect(isClose(found[targets.count + index], ratio.standardError, within: 1e-14))
    }
    #expect((statistic.valueColumnCount == 0) == (example == .plain))
    #expect((statistic.bitColumns.columnCount > 0) == (example == .plain))
  }

  @Test func `bits and value columns give the same`() throws {
    let cells = BinaryMatrix.random(papers: 80, items: 9, seed: 8)
    // One more paper to which nothing applies, whose weight makes units weighted.
    let matrix = BinaryMatrix(
      papers: cells.papers + [Paper(slug: "none")], items: cells.items
    ) { $0 < 80 ? cells[$0, $1] : .notApplicable }
    let targets = RateTarget.all(in: matrix, levels: Set(RateTarget.Level.allCases))
    let plain = RateStatistic(
      matrix, targets: targets, design: SamplingDesign(paperCount: 81),
      includesStandardErrors: true)
    let weighted = RateStatistic(
      matrix, targets: targets,
      design: try SamplingDesign(
        paperCount: 81, weights: [Double](repeating: 1, count: 80) + [2]),
      includesStandardErrors: true)
    #expect(plain.bitColumns.columnCount > 0 && weighted.bitColumns.columnCount == 0)
    var stream = RandomStream(seed: 4)
    for _ in 0..<20 {
      let weights = (0..<81).map { _ in Double(stream.poisson(mean: 1)) }
      for (a, b) in zip(values(plain, weights), values(weighted, weights)) {
        #expect(abs(a - b) < 1e-13)
      }
    }
  }

  @Test func `R's boot has the same replicates and limits`() throws {
    let papers = try EstimatorGolden("ratio_papers")
    let (passed, applicable) = (try papers.numbers("y"), try papers.numbers("m"))
    let count = passed.count
    let matrix = BinaryMatrix(
      papers: (0..<count).map { Paper(slug: "p\($0)") },
      items: (0..<9).map { Item(id: ItemID("i\($0)")) }
    ) { paper, item in
      item < Int(passed[paper]) ? .yes : item < Int(applicable[paper]) ? .no : .notApplicable
    }
    let targets = RateTarget.all(in: matrix, levels: [.overall])
    let design = SamplingDesign(paperCount: count)
    let statistic = RateStatistic(
      matrix, targets: targets, design: design, includesStandardErrors: true)
    let frequencies = try EstimatorGolden("ratio_frequencies").rows.map { row in
      try row.map { try #require(Double($0)) }
    }
    let replicates = frequencies.map { values(statistic, $0) }
    let ratio = RatioOfSums(matrix, target: targets[0], design: design)
    let estimate = try #require(ratio.estimate)
    let limits = try EstimatorGolden("ratio_limits")
    for row in limits.rows.indices {
      let method: BootstrapInterval =
        switch try limits.texts("method")[row] {
        case "normal": .normal
        case "basic": .basic
        case "percentile": .percentile
        case "bca": .bca(acceleration: try #require(ratio.acceleration), ties: .strict)
        default:
          .studentized(
            standardError: try #require(ratio.standardError),
            replicateStandardErrors: replicates.map { $0[1] }, scale: .logit)
        }
      let found = try method.limits(
        estimate: estimate, replicates: replicates.map { $0[0] },
        level: try limits.numbers("level")[row])
      let name = Comment(rawValue: limits.rows[row].joined(separator: " "))
      #expect(isClose(found.lower, try limits.numbers("lower")[row]), name)
      #expect(isClose(found.upper, try limits.numbers("upper")[row]), name)
    }
  }

  @Test func `percentile limits of an item are those of the exact bootstrap law`() async throws {
    // 12 yes, 18 no, 10 that do not apply: the replicate is X / (X + Y) with (X, Y) multinomial.
    let (yes, no, other) = (12, 18, 10)
    let n = yes + no + other
    let matrix = BinaryMatrix(
      text: (0..<n).map { $0 < yes ? "1" : $0 < yes + no ? "0" : "-" })
    let design = SamplingDesign(paperCount: n)
    let replicates = 39_999
    let sample = try await Bootstrap(design: design, replicates: replicates, seed: 17)(
      RateStatistic(matrix, targets: RateTarget.all(in: matrix, levels: [.item]), design: design))
    func exact(_ bound: Double) -> Double {
      var total = 0.0
      for m in 1...n {
        let applicable = Binomial(trials: n, probability: Double(yes + no) / Double(n))
        let share = Binomial(trials: m, probability: Double(yes) / Double(yes + no))
        total +=
          applicable.density(m)
          * share.cumulativeProbability(Int((bound * Double(m) + 1e-9).rounded(.down)))
      }
      return total
    }
    for bound in [0.2, 0.25, 0.3, 0.4, 0.5, 0.55, 0.6] {
      let share =
        Double(sample.values(of: 0).count { $0 <= bound + 1e-12 }) / Double(replicates)
      let probability = exact(bound)
      #expect(
        abs(share - probability)
          < 4 * (probability * (1 - probability) / Double(replicates)).squareRoot())
    }
  }
}

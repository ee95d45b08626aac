import Testing

@testable import SurveyStats

@Suite struct LogitsTests {
  let matrix = GroupComparisonTests().matrix

  private var code: Logits.Outcome { .item(ItemID("open.code")) }

  @Test func `the question is answered as by its parts`() async throws {
    let result = try await Run()(Logits([code, .scoreAtLeast(60)], on: "year"), of: Study(matrix))
    #expect(result.fits.map(\.outcome) == ["open.code", "score >= 60"])
    let design = try DesignMatrix(ModelFormula("year"), from: matrix)
    let fit = try LogisticRegression(weighting: .sampling).fit(
      design, outcome: matrix.outcome(item: 0))
    let rows = LogisticInference().estimates(fit)
    #expect(Array(result.estimates.prefix(2)) == rows)
    let named = try await Run()(
      Logits(
        [code], on: "x",
        variables: [.init("x", .numeric(matrix.papers.map { $0.year.map(Double.init) }))]),
      of: Study(matrix))
    #expect(named.estimates[1].estimate == rows[1].estimate)
  }

  @Test func `what cannot be asked has a reason`() async throws {
    func failure(_ question: Logits, _ study: Study? = nil) async -> Logits.Failure? {
      do {
        _ = try await Run()(question, of: study ?? Study(matrix))
        return nil
      } catch { return error as? Logits.Failure }
    }
    #expect(await failure(Logits([.item(ItemID("no"))], on: "year")) == .noItem("no"))
    guard case .offset? = await failure(Logits([code], on: "year", offset: "no")) else {
      Issue.record("an offset that no paper has")
      return
    }
    #expect(
      await failure(Logits([code], on: "year", interval: .resampled(.bca))) == .interval("bca"))
    let constant = await failure(Logits([.item(ItemID("open.data"))], on: "year"))
    #expect(
      constant == .nothingFitted([.oneClass(outcome: "open.data", value: true, papers: 59)]))
    let weightless = matrix.replacing(
      papers: matrix.papers.map { paper in
        var paper = paper
        paper.weight = 0
        return paper
      })
    #expect(await failure(Logits([code], on: "year"), Study(weightless)) == .zeroWeights)
    var plan = SamplingPlan(cluster: "type")
    #expect(
      await failure(Logits([code], on: "year", interval: .profile), Study(matrix, plan: plan))
        == .profileOfClusters)
    plan.usesWeights = false
    #expect(await failure(Logits([code], on: "year"), Study(weightless, plan: plan)) == nil)
  }

  @Test func `p-values of replicates agree with their intervals at every level`() async throws {
    let sample = try await Bootstrap(design: SamplingDesign(paperCount: 60), replicates: 999)(
      LogisticStatistic(
        try await Run()(Logits([code], on: "year"), of: Study(matrix)).fitted,
        design: SamplingDesign(paperCount: 60)))
    for method in [BootstrapInterval.percentile, .basic, .normal] {
      for (shift, quantity) in [(0.0, 1), (0.3, 1), (0.6, 1), (1.2, 1)] {
        let estimate = sample.original[quantity] - shift
        let replicates = sample.values(of: quantity).map { $0 - shift }
        let pValue = try #require(method.pValue(estimate: estimate, replicates: replicates))
        #expect(pValue > 0 && pValue <= 1)
        for alpha in [0.001, 0.01, 0.05, 0.2, 0.5] where alpha > 2 / 1000.0 {
          let limits = try method.limits(
            estimate: estimate, replicates: replicates, level: 1 - alpha)
          #expect((limits.lower > 0 || limits.upper < 0) == (pValue <= alpha), "\(method) \(alpha)")
        }
      }
    }
    #expect(
      BootstrapInterval.percentile.pValue(
        estimate: 1, replicates: [Double](repeating: 1, count: 99)) == nil)
  }

  @Test func `separation is laid to the column that separates`() throws {
    let papers = 40
    let columns = CovariateColumns([
      "a": .numeric((0..<papers).map { Double($0 % 7) }),
      "b": .numeric((0..<papers).map { Double($0 * 5 % 11) }),
      "cut": .numeric((0..<papers).map { Double($0 % 9) }),
    ])
    let outcome = BinaryOutcome(name: "y", values: (0..<papers).map { $0 % 9 > 4 })
    let fit = try LogisticRegression().fit(
      DesignMatrix(ModelFormula("a + b + cut"), from: columns), outcome: outcome)
    let separation = try #require(fit.separation)
    #expect(separation.terms.count == 4, "all estimates are infinite or open")
    #expect(separation.causes == [.init(column: 3, sign: .plus)])
    // Two columns that separate only together.
    let sums = BinaryOutcome(
      name: "y", values: (0..<papers).map { Double($0 % 7) + Double($0 * 5 % 11) > 8.5 })
    let joint = try LogisticRegression().fit(
      DesignMatrix(ModelFormula("a + b + cut"), from: columns), outcome: sums)
    #expect(joint.separation?.causes.map(\.column) == [1, 2])
  }
}

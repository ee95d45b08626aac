import Testing

@testable import SurveyStats

/// Lines and slopes of answers to items that only some papers were asked, against NumPy.
@Suite struct StandardizedLineTests {
  static let golden = RegressionGolden("trends")
  let rows = RegressionGolden.rows("trends", "answers")

  private func column(_ name: String) -> [Double] { rows.map { Double($0[name] ?? "") ?? .nan } }

  private var answers: [StandardizedLine.Answers] {
    let (papers, items, yes) = (column("paper"), column("item"), column("yes"))
    return (0..<3).map { item in
      let own = rows.indices.filter { Int(items[$0]) == item }
      return StandardizedLine.Answers(
        papers: own.map { Int(papers[$0]) }, values: own.map { yes[$0] })
    }
  }

  private func ofPapers(_ name: String) -> [Double] {
    var values = [Double](repeating: 2020, count: 60)
    for (paper, value) in zip(column("paper"), column(name)) { values[Int(paper)] = value }
    return values
  }

  private var clusters: [String?] { (0..<60).map { "c\($0 % 9)" } }

  @Test(arguments: [false, true])
  func `line and errors are those of the full design`(isWeighted: Bool) throws {
    let model = isWeighted ? "weighted" : "plain"
    func value(_ term: String) -> Double {
      Self.golden.values(model, "line").first { $0.term == term }?.value ?? .nan
    }
    let covariate = ofPapers("year").map(Optional.some)
    let weights = isWeighted ? ofPapers("weight") : nil
    let line = try #require(
      StandardizedLine(answers, covariate: covariate, weights: weights, type: .hc3))
    #expect(abs(line.slope - value("slope")) < 1e-12)
    #expect(abs((line.standardError ?? 9) - value("hc3")) < 1e-12)
    let clustered = try #require(
      StandardizedLine(
        answers, covariate: covariate, weights: weights, type: .cr2, clusters: clusters))
    #expect(abs((clustered.standardError ?? 9) - value("cr2")) < 1e-12)
    #expect(clustered.clusterCount == 9)
    #expect(clustered.degreesOfFreedom < 8)
  }

  @Test(arguments: [false, true])
  func `the common slope and its errors are those of a logistic fit with item levels`(
    isWeighted: Bool
  ) throws {
    let model = isWeighted ? "weighted" : "plain"
    func value(_ term: String) -> Double {
      Self.golden.values(model, "slope").first { $0.term == term }?.value ?? .nan
    }
    let covariate = ofPapers("year").map(Optional.some)
    let weights = isWeighted ? ofPapers("weight") : nil
    let papers = try CommonSlope(answers, covariate: covariate, weights: weights, type: .cr0)
    #expect(abs(papers.estimate - value("estimate")) < 1e-9)
    #expect(abs((papers.standardError ?? 9) - value("cr0 paper")) < 1e-9)
    #expect(abs(papers.rates.first - value("first")) < 1e-9)
    #expect(abs(papers.rates.last - value("last")) < 1e-9)
    #expect(abs(papers.change(at: papers.estimate) - (value("last") - value("first"))) < 1e-9)
    #expect(abs(papers.change(at: 0.3) - value("change at 0.3")) < 1e-9)
    #expect(papers.change(at: 0) == 0)
    let clustered = try CommonSlope(
      answers, covariate: covariate, weights: weights, type: .cr0, clusters: clusters)
    #expect(abs((clustered.standardError ?? 9) - value("cr0 cluster")) < 1e-9)
  }

  @Test func `an item that never varies and one that separates say nothing`() {
    let covariate: [Double?] = (0..<20).map { Double($0 % 5) }
    func item(_ value: (Int) -> Double) -> StandardizedLine.Answers {
      StandardizedLine.Answers(papers: Array(0..<20), values: (0..<20).map(value))
    }
    #expect(throws: CommonSlope.Failure.noItem) {
      try CommonSlope([item { _ in 1 }], covariate: covariate)
    }
    #expect(throws: CommonSlope.Failure.separated) {
      try CommonSlope([item { $0 % 5 > 2 ? 1 : 0 }], covariate: covariate)
    }
    #expect(throws: CommonSlope.Failure.noItem) { try CommonSlope([], covariate: covariate) }
    #expect(StandardizedLine([], covariate: covariate) == nil)
  }
}

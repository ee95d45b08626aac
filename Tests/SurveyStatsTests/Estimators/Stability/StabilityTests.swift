import Testing

@testable import SurveyStats

@Suite struct StabilityTests {
  private let matrix = QuestionGolden.matrix("partial")

  @Test func `numbers at a size are those of the papers so far`() async throws {
    let order = Array(matrix.papers.indices.reversed())
    let run = Run(seed: 1, replicates: 99)
    let rows = try await run(GrowthStability(order: order, steps: 4), of: Study(matrix))
    let part = matrix.selecting(papers: Array(order.prefix(250)))
    let scores = PaperScores(part).overall.values.compactMap { $0 }
    func row(_ term: String, _ size: Int) throws -> GrowthStabilityRow {
      try #require(rows.first { $0.term == term && $0.size == size })
    }
    let mean = scores.reduce(0, +) / Double(scores.count)
    #expect(abs((try row("mean score", 250).value ?? 0) - mean) < 1e-9)
    let sorted = scores.sorted()
    #expect(
      try row("median score", 250).value
        == (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2)
    let whole = try row("c", 500)
    #expect(whole.value == whole.low && whole.low == whole.high && whole.notes.isEmpty)
    let early = try row("mean score", 125)
    #expect((early.low ?? 0) < (early.middle ?? 0) && (early.middle ?? 0) < (early.high ?? 0))
    let two = try await Run(seed: 1, replicates: 99, jobs: 2)(
      GrowthStability(order: order, steps: 4), of: Study(matrix))
    #expect(two == rows)
  }

  @Test func `an order that takes the good papers first leaves the band`() async throws {
    let scores = PaperScores(matrix).overall.values
    let order = matrix.papers.indices.sorted { (scores[$0] ?? 0) > (scores[$1] ?? 0) }
    let rows = try await Run(seed: 1, replicates: 99)(
      GrowthStability(order: order, steps: 2), of: Study(matrix))
    let row = try #require(rows.first { $0.term == "mean score" && $0.size == 250 })
    #expect(row.notes.map(\.code) == ["outside-random-orders"])
  }

  @Test func `numbers without a group are those of the others`() async throws {
    let answers = QuestionGolden.matrix("answers")
    let rows = try await Run()(LeaveOut(["group"]), of: Study(answers))
    let others = answers.selecting(
      papers: answers.papers.indices.filter { answers.papers[$0].group != "1" })
    let direct = try await Run()(LeaveOut(["group"]), of: Study(others))
    let own = rows.filter { $0.group == "1" }
    #expect(own.count == 6 && direct.isEmpty == false)
    for row in own {
      let whole = try #require(direct.first { $0.term == row.term })
      #expect(abs((row.estimate.value ?? 0) - (whole.whole ?? 1)) < 1e-9)
      #expect(row.groupCount + (row.estimate.count ?? 0) == 500)
    }
    let mean = try #require(own.first { $0.term == "mean score" })
    let scores = PaperScores(others).overall.values.compactMap { $0 }
    let interval = try #require(SampleMean(scores).interval(level: 0.95))
    #expect(abs((mean.estimate.lower ?? 0) - interval.lower) < 1e-9)
    #expect(Table(leaveOut: rows, level: 0.95).rowCount == 12)
  }

  @Test func `shares of tiers have Wilson limits, and papers that are all alike none`() async throws
  {
    let alike = BinaryMatrix(
      text: [String](repeating: "10", count: 6),
      papers: (0..<6).map { Paper(slug: "p\($0)", group: $0 < 3 ? "1" : "2") })
    let rows = try await Run()(LeaveOut(["group"]), of: Study(alike))
    func row(_ term: String) throws -> Estimate {
      try #require(rows.first { $0.group == "1" && $0.term == term }).estimate
    }
    let none = try row("share <30")
    #expect(none.value == 0 && none.lower == 0)
    #expect(abs((none.upper ?? 0) - 0.5614970318) < 1e-8)
    for term in ["mean score", "all answers"] {
      let estimate = try row(term)
      #expect(estimate.value != nil && estimate.lower == nil && estimate.upper == nil)
      #expect(estimate.notes.map(\.code) == ["no-variance"])
    }
  }
}

import SurveyStats
import Testing

@Suite struct RunTests {
  private let matrix = BinaryMatrix.random(papers: 60, items: 6)

  private var rates: Rates { Rates(interval: .bootstrap(.percentile)) }

  @Test func `a run repeats the estimator`() async throws {
    let found = try await Run(seed: 3, replicates: 199)(rates, of: Study(matrix))
    let estimator = RateEstimator(
      interval: .bootstrap(.percentile),
      bootstrap: Bootstrap(
        design: SamplingDesign(paperCount: 60), replicates: 199, seed: 3, jobs: 2))
    let expected = try await estimator.estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item, .category, .overall]))
    #expect(found == expected.rates)
  }

  @Test func `parts of the replicates are those of the whole`() async throws {
    let run = Run(replicates: 150)
    let prepared = try await run.prepare(rates, of: Study(matrix))
    let draw = try #require(prepared.draws.first)
    let whole = try await draw(run, 0..<150)
    let parts = [try await draw(run, 0..<40), try await draw(run, 40..<150)]
    for quantity in whole.original.indices {
      #expect(whole.values(of: quantity) == parts.flatMap { $0.values(of: quantity) })
    }
    let none = try await draw(run, 0..<0)
    #expect(none.hasSameOriginal(as: whole))
  }

  @Test func `groups are answered as if each were alone`() async throws {
    let papers = (0..<60).map { index in
      var paper = Paper(slug: "p\(index)")
      paper.group = index % 3 == 0 ? "a" : "b"
      return paper
    }
    let grouped = BinaryMatrix(papers: papers, items: matrix.items) { matrix[$0, $1] }
    let run = Run(replicates: 99)
    let found = try await run(rates.grouped(by: "group"), of: Study(grouped))
    #expect(found.map(\.group) == ["a", "b"])
    let rows = papers.indices.filter { papers[$0].group == "a" }
    let alone = try await run(rates, of: Study(grouped).selecting(papers: rows))
    #expect(found.first?.result == alone)
  }

  @Test func `equal questions are answered once`() async throws {
    let asked = CountedQuestion.Count()
    let findings = Findings(Study(matrix), run: Run())
    let question = CountedQuestion(asked: asked)
    #expect(try await findings(question) == 60)
    #expect(try await findings(question) == 60)
    #expect(await asked.value == 1)
  }

  @Test func `what an analysis ignores is noted, what it cannot have is refused`() async throws {
    let papers = (0..<60).map { index in
      var paper = Paper(slug: "p\(index)")
      paper.weight = Double(1 + index % 2)
      paper.cluster = "c\(index / 2)"
      return paper
    }
    let weighted = BinaryMatrix(papers: papers, items: matrix.items) { matrix[$0, $1] }
    let plan = SamplingPlan(cluster: "cluster")
    let sample = try Run().sample(CountedQuestion(), of: Study(weighted, plan: plan))
    #expect(sample.design.weights == nil && sample.design.unitCount == 30)
    #expect(sample.notes.text == "weights-not-used")
    #expect(throws: AnalysisRefused(.strata, "leave out --stratify")) {
      try Run().sample(
        CountedQuestion(), of: Study(weighted, plan: SamplingPlan(stratum: "cluster")))
    }
  }
}

/// A question that counts how often it is asked, ignores weights and refuses strata.
private struct CountedQuestion: Analysis {
  actor Count {
    var value = 0
    func add() { value += 1 }
  }

  var asked = Count()

  static func == (left: CountedQuestion, right: CountedQuestion) -> Bool {
    left.asked === right.asked
  }

  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(asked)) }

  func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights: .ignored(feature)
    case .strata: .refused("leave out --stratify")
    case .clusters, .repeatedPapers: .honoured
    }
  }

  func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Int> {
    await asked.add()
    return Prepared(draws: []) { _ in sample.matrix.papers.count }
  }
}

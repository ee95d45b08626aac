import Testing

@testable import SurveyStats

@Suite struct PairsTests {
  /// The first item applies to 40 papers, the second to 30, both to 20.
  private let matrix = BinaryMatrix(
    papers: (0..<50).map { Paper(slug: "p\($0)", venue: "v\($0 % 10)") },
    items: [Item(id: ItemID("a.seen")), Item(id: ItemID("b.unseen"))]
  ) { paper, item in
    if item == 0 { return paper < 40 ? (paper % 4 < 3 ? .yes : .no) : .notApplicable }
    return paper >= 20 ? (paper % 3 == 0 ? .yes : .no) : .notApplicable
  }

  private func ask(_ pairs: Pairs, _ plan: SamplingPlan = SamplingPlan()) async throws
    -> PairDifference
  {
    let rows = try await Run(replicates: 99)(pairs, of: Study(matrix, plan: plan))
    return try #require(rows.first)
  }

  @Test func `each basis says which papers it counts`() async throws {
    let pair = [Pairs.Pair("seen", "b.unseen")]
    let joint = try await ask(Pairs(pair))
    let own = try await ask(Pairs(pair, basis: .own))
    #expect(joint.basis == .joint && joint.counts.count == 20 && joint.firstCount == 20)
    #expect(joint.interval == "tango" && joint.test == "mcnemar")
    let tango = PairedProportions(matrix, 0, 1).tangoInterval()
    #expect(joint.difference.lower == tango.lower && joint.difference.upper == tango.upper)
    #expect(own.firstCount == 40 && own.secondCount == 30 && own.interval == "score")
    #expect(abs((own.firstRate ?? 0) - 0.75) < 1e-12)
    #expect(abs((own.secondRate ?? 0) - 10.0 / 30) < 1e-12)
    #expect(own.otherEstimate == joint.estimate && joint.otherEstimate == own.estimate)
    for row in [joint, own] {
      #expect(((row.pValue ?? 1) < 0.05) == row.isClear)
    }
  }

  @Test func `clusters count`() async throws {
    let pair = [Pairs.Pair("seen", "unseen")]
    let plain = try await ask(Pairs(pair))
    let clustered = try await ask(Pairs(pair), SamplingPlan(cluster: "venue"))
    #expect(clustered.estimate == plain.estimate && clustered.interval == "score")
    #expect(clustered.standardError != plain.standardError)
    #expect(clustered.note?.contains("few-effective-clusters") == true)
    await #expect(throws: AnalysisRefused.self) {
      try await ask(Pairs(pair, interval: .formula(.newcombe)), SamplingPlan(cluster: "venue"))
    }
  }

  @Test func `names that nothing has are errors`() async throws {
    await #expect(throws: Pairs.PairError.self) { try await ask(Pairs([.init("seen", "nothing")])) }
    await #expect(throws: Pairs.PairError.sameItem("seen")) {
      try await ask(Pairs([.init("seen", "seen")]))
    }
  }

  @Test func `replicates are of the same difference`() async throws {
    for basis in Pairs.Basis.allCases {
      let row = try await ask(
        Pairs([.init("seen", "unseen")], basis: basis, interval: .resampled(.percentile)))
      #expect(row.interval == "percentile")
      #expect((row.difference.lower ?? 1) < (row.estimate ?? 0))
      #expect((row.difference.upper ?? 0) > (row.estimate ?? 1))
    }
  }
}

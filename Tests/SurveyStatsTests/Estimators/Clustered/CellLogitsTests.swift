import Testing

@testable import SurveyStats

@Suite struct CellLogitsTests {
  /// 90 papers of three years, four items of which the last is never passed.
  private func matrix(weights: Bool = false) -> BinaryMatrix {
    BinaryMatrix(
      papers: (0..<90).map {
        Paper(
          slug: "p\($0)", year: 2020 + $0 % 3, venue: "v\($0 / 3)",
          weight: weights ? Double(1 + $0 / 9 % 4) : nil)
      },
      items: ["a.one", "a.two", "b.three", "b.none"].map { Item(id: ItemID($0)) }
    ) { paper, item in
      item == 3
        ? .no : (paper * 13 + item * 29 + paper / 9 * 7) % 10 < 3 + paper % 3 + item ? .yes : .no
    }
  }

  @Test(arguments: [
    CellLogits.Model.estimatingEquations(.exchangeable), .randomIntercepts(nodes: 9),
  ])
  func `constant items are left out, others have a level each`(model: CellLogits.Model) async throws
  {
    let found = try await Run()(CellLogits(on: "year", model: model), of: Study(matrix()))
    #expect(found.constantItems == [ItemID("b.none")])
    #expect(
      found.estimates.map(\.term) == ["(Intercept)", "year", "item[a.two]", "item[b.three]"])
    #expect((found.estimates[1].estimate ?? 0) > 0)
  }

  @Test func `weights count in both models`() async throws {
    for model in [
      CellLogits.Model.estimatingEquations(.exchangeable), .randomIntercepts(nodes: 9),
    ] {
      let asked = CellLogits(on: "year", model: model)
      let plain = try await Run()(asked, of: Study(matrix()))
      let weighted = try await Run()(asked, of: Study(matrix(weights: true)))
      let ignored = try await Run()(
        asked, of: Study(matrix(weights: true), plan: SamplingPlan(usesWeights: false)))
      #expect(plain.estimates[1].estimate == ignored.estimates[1].estimate)
      #expect(plain.estimates[1].estimate != weighted.estimates[1].estimate)
    }
    let clustered = CellLogits(on: "year", model: .randomIntercepts(nodes: 9))
    await #expect(throws: CellLogits.Failure.self) {
      try await Run()(
        clustered, of: Study(matrix(weights: true), plan: SamplingPlan(cluster: "year")))
    }
  }

  @Test func `equations are resampled by clusters`() async throws {
    let wald = try await Run()(CellLogits(on: "year"), of: Study(matrix()))
    let run = Run(replicates: 199)
    let asked = CellLogits(on: "year", interval: .resampled(.percentile))
    let found = try await run(asked, of: Study(matrix()))
    #expect(found.estimates.map(\.estimate) == wald.estimates.map(\.estimate))
    let (one, other) = (found.estimates[1], wald.estimates[1])
    #expect(one.method?.rawValue.contains("bootstrap") == true)
    let ratio = (one.standardError ?? .nan) / (other.standardError ?? .nan)
    #expect(ratio > 0.75 && ratio < 1.3)
    #expect(one.coefficient.limits != nil && one.pValue != nil)
    #expect(one.coefficient.degreesOfFreedom == nil)
    let clustered = try await run(
      asked, of: Study(matrix(), plan: SamplingPlan(cluster: "venue")))
    #expect(clustered.estimates[1].standardError != one.standardError)
  }

  @Test func `what a model does not have is refused`() async throws {
    func ask(_ asked: CellLogits, weights: Bool = false) async -> CellLogits.Failure? {
      do {
        _ = try await Run(replicates: 99)(asked, of: Study(matrix(weights: weights)))
        return nil
      } catch { return error as? CellLogits.Failure }
    }
    #expect(await ask(CellLogits(on: "year", interval: .profile)) == .interval("profile"))
    #expect(
      await ask(
        CellLogits(
          on: "year", model: .randomIntercepts(nodes: 9), interval: .resampled(.percentile)))
        == .interval("percentile"))
    #expect(
      await ask(
        CellLogits(on: "year", model: .randomIntercepts(nodes: 9), interval: .profile),
        weights: true) == .interval("profile"))
    #expect(await ask(CellLogits(on: "a.one")) == .ownItem("a.one"))
    #expect(await ask(CellLogits(on: "year", items: [ItemID("b.none")])) == .noVariedItem)
    let scored = try await Run()(CellLogits(on: "score"), of: Study(matrix()))
    #expect(scored.ownScores == ["score"])
  }
}

import SurveyStats
import Testing

@Suite struct RateNoteTests {
  private func rates(
    _ matrix: BinaryMatrix, _ interval: RateInterval = .automatic,
    levels: Set<RateTarget.Level> = [.item, .overall]
  ) async throws -> [Rate] {
    let estimator = RateEstimator(
      interval: interval,
      bootstrap: Bootstrap(
        design: SamplingDesign(paperCount: matrix.papers.count), replicates: 199, seed: 9))
    return try await estimator.estimate(matrix, targets: RateTarget.all(in: matrix, levels: levels))
      .rates
  }

  @Test func `what was never asked is not said to be never applicable`() async throws {
    let found = try await rates(BinaryMatrix(text: ["1-.", "0-.", "1.."]))
    #expect(found.map(\.notes.first) == [nil, .neverApplicable, .neverAsked, nil])
    #expect(found[2].absentCount == 3 && found[2].notApplicableCount == 0)
    #expect(Rate.Note.neverAsked.description == "never-asked")
  }

  @Test(arguments: ResampledInterval.allCases.map(RateInterval.bootstrap) + [.automatic])
  func `a rate that all papers share says why it has no standard error`(
    interval: RateInterval
  ) async throws {
    let matrix = BinaryMatrix(text: ["10", "01", "10", "01"])
    let overall = try #require(try await rates(matrix, interval, levels: [.overall]).first)
    #expect(overall.estimate == 0.5 && overall.standardError == nil)
    #expect(overall.notes.first == .allPapersEqual && overall.interval == "wilson")
    #expect(Rate.Note.allPapersEqual.description == "all-papers-equal")
  }

  @Test func `a Wald interval without width says so`() async throws {
    let found = try await rates(
      BinaryMatrix(text: ["10", "11", "10"]), .analytic(.wald), levels: [.item])
    #expect(found[0].notes == [.allYes, .noWidth] && found[0].lower == 1)
    #expect(found[1].notes.isEmpty)
  }

  @Test func `several scans of a paper are one paper`() async throws {
    let matrix = BinaryMatrix(
      text: ["1", "0", "1"],
      papers: [
        Paper(slug: "p", version: 3), Paper(slug: "p", version: 4), Paper(slug: "q", version: 3),
      ])
    let design = try SamplingDesign(paperCount: 3, clusters: ["p", "p", "q"])
    let estimator = RateEstimator(
      bootstrap: Bootstrap(design: design, replicates: 99, seed: 1, jobs: 1))
    let result = try await estimator.estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]))
    #expect(result.rates[0].paperCount == 2 && result.rates[0].applicableCount == 3)
  }
}

import SurveyStats
import Testing

@Suite struct SamplingDesignTests {
  @Test func `units are numbered stratum by stratum, in the order of their first papers`() throws {
    let design = try SamplingDesign(
      paperCount: 6, strata: ["x", "y", "x", "y", "x", "x"],
      clusters: ["a", "b", "c", "d", "a", "e"])
    #expect(design.unitCount == 5)
    #expect(design.stratumSizes == [3, 2])
    #expect(design.unitOfPaper == [0, 3, 1, 4, 0, 2])
    #expect(!design.unitsArePapers)
    #expect(design.isStratified)
    let (papers, starts) = design.papersByUnit()
    #expect(papers == [0, 4, 2, 5, 1, 3])
    #expect(starts == [0, 2, 3, 4, 5, 6])
  }

  @Test func `clusters of one paper, one stratum and equal weights are no design at all`() throws {
    let plain = SamplingDesign(paperCount: 4)
    #expect(plain.drawsPapersAlike)
    let designs = [
      try SamplingDesign(paperCount: 4, clusters: ["d", "c", "b", "a"]),
      try SamplingDesign(paperCount: 4, strata: ["s", "s", "s", "s"]),
      try SamplingDesign(paperCount: 4, weights: [1, 1, 1, 1]),
      try SamplingDesign(paperCount: 4, weights: [0.3, 0.3, 0.3, 0.3]),
    ]
    for design in designs { #expect(design == plain) }
  }

  @Test func `weights that are all zero stay`() throws {
    #expect(try SamplingDesign(paperCount: 2, weights: [0, 0]).weights == [0, 0])
  }

  @Test func `a cluster must lie in one stratum`() {
    #expect(throws: SamplingDesign.DesignError.clusterCrossesStrata(cluster: "b")) {
      try SamplingDesign(
        paperCount: 3, strata: ["x", "x", "y"], clusters: ["a", "b", "b"])
    }
    let text = SamplingDesign.DesignError.clusterCrossesStrata(cluster: "b").description
    #expect(text.contains("'b'") && text.contains("stratify by a column"))
  }

  @Test func `unit totals add up papers times weights`() throws {
    let design = try SamplingDesign(
      paperCount: 3, clusters: ["a", "b", "a"], weights: [1, 2, 0.5])
    #expect(design.unitTotals { Double($0 + 1) } == [2.5, 4])
  }

  @Test func `a design of no papers has no units`() throws {
    #expect(SamplingDesign(paperCount: 0).unitCount == 0)
    #expect(try SamplingDesign(paperCount: 0, strata: [], clusters: []).unitCount == 0)
  }
}

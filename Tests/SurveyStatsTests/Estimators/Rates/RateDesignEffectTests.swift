import Testing

@testable import SurveyStats

@Suite struct RateDesignEffectTests {
  @Test(arguments: ["clusters", "weights"])
  func `the variance of papers drawn alike is that of survey, ICC that of aov`(kind: String)
    async throws
  {
    let row = try #require(
      RegressionGolden.rows("reviewer", "design_effect").first { $0["kind"] == kind })
    func cells(_ column: String) -> [String] {
      (row[column] ?? "").split(separator: "/").map(String.init)
    }
    func number(_ column: String) throws -> Double {
      try #require(row[column].flatMap { Double($0) })
    }
    let (clusters, weights) = (cells("clusters"), cells("weights"))
    let matrix = BinaryMatrix(
      text: cells("answers"),
      papers: clusters.indices.map {
        Paper(
          slug: "p\($0)", venue: "v" + clusters[$0],
          weight: kind == "weights" ? Double(weights[$0]) : nil)
      })
    var question = Rates(levels: [.item])
    question.estimatesDesignEffects = true
    let plan = kind == "clusters" ? SamplingPlan(cluster: "venue") : SamplingPlan()
    let rates = try await Run()(question, of: Study(matrix, plan: plan))
    let rate = try #require(rates.first)
    let found = try #require(rate.designEffect)
    #expect(isClose(rate.estimate, try number("mean")))
    let error = try #require(rate.standardError)
    let alike = try error * error / #require(found.value)
    #expect(abs(alike / (try number("alike")) - 1) < 1e-10)
    if kind == "clusters" {
      #expect(isClose(found.intraclassCorrelation, try number("icc"), within: 1e-12))
      #expect(found.unitCount == 13 && (found.degreesOfFreedom ?? 0) > 5)
      // Papers of a cluster are less alike than others here.
      #expect((found.value ?? 1) < 1 && (found.intraclassCorrelation ?? 0) < 0)
    } else {
      #expect(found.intraclassCorrelation == nil && found.degreesOfFreedom == nil)
      #expect((found.value ?? 0) > 0.9)
    }
    let names = Table(rates: [(nil, rates)], by: nil, level: 0.95).columns.map(\.name)
    #expect(names.contains("design_effect") && names.contains("icc") && names.contains("df"))
  }

  @Test func `papers drawn alike have an effect of one`() async throws {
    var question = Rates(levels: [.item, .overall])
    question.estimatesDesignEffects = true
    let study = Study(BinaryMatrix(text: ["110", "1-0", "011", "101", "00-", "110"]))
    for rate in try await Run()(question, of: study) {
      #expect(isClose(rate.designEffect?.value, 1, within: 1e-9))
      #expect(rate.designEffect?.intraclassCorrelation == nil)
    }
  }

  @Test func `edges are undefined`() async throws {
    var question = Rates(levels: [.item])
    question.estimatesDesignEffects = true
    let papers = (0..<4).map { Paper(slug: "p\($0)", venue: "v") }
    let matrix = BinaryMatrix(text: ["1-10", "1-01", "1-10", "1-11"], papers: papers)
    let rates = try await Run()(question, of: Study(matrix, plan: SamplingPlan(cluster: "venue")))
    // All yes, never applicable, one cluster.
    #expect(rates.allSatisfy { $0.designEffect?.value == nil })
    #expect(rates.allSatisfy { $0.designEffect?.intraclassCorrelation == nil })
    #expect(RateDesignEffect.intraclass([1, 0, 1], clusters: [1, 2, 3]) == nil)
    // As unlike as can be.
    let unlike = RateDesignEffect.intraclass([1, 0, 1, 0, 1, 0], clusters: [1, 1, 2, 2, 3, 3])
    #expect(isClose(unlike, -1))
  }
}

import Testing

@testable import SurveyStats

@Suite struct RateDesignEffectTests {
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

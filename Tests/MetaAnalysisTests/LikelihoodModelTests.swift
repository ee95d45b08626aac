import MetaAnalysis
import SurveyStats
import Testing

@Suite struct LikelihoodModelTests {
  @Test(arguments: [
    ("pritz", EffectMeasure.logit, "binomial-normal"), ("debruin", .logit, "binomial-normal"),
    ("hannum", .logit, "binomial-normal"), ("hine", .oddsRatio, "hypergeometric-normal"),
    ("nielweise2007", .oddsRatio, "hypergeometric-normal"),
    ("nielweise2008", .logIncidenceRate, "poisson-normal"),
    ("nielweise2008", .rateRatio, "binomial-normal"),
  ])
  func `maxima are those of brute force`(
    data: String, measure: EffectMeasure, model: String
  ) throws {
    let fit = try LikelihoodModel().fit(try MetaGolden.studies(data, measure))
    let reference = try MetaGolden.values(data, model)
    #expect(fit.model.rawValue == model)
    #expect(isClose(fit.coefficients[0], reference["mu"], 1e-6), "mu")
    #expect(isClose(fit.tau2, reference["tau2"], 1e-5), "tau2")
    #expect(isClose(fit.logLikelihood, reference["ll"], 1e-8), "ll")
    if let reference = try MetaGolden.values()[data]?["glmm"], measure == .logit {
      // lme4 stops earlier; its errors come from a numerical Hessian. Its likelihood lacks constants.
      #expect(isClose(fit.coefficients[0], reference["mu"], 1e-4))
      #expect(isClose(fit.standardErrors[0], reference["se"], 1e-3))
    }
  }

  @Test func `beta-binomial maxima are those of optim`() throws {
    for data in ["pritz", "hannum"] {
      let studies = try MetaGolden.studies(data, .logit)
      let counts = studies.counts.compactMap { counts -> (events: Int, total: Int)? in
        guard case .events(let events, let total)? = counts else { return nil }
        return (Int(events), Int(total))
      }
      let fit = BetaBinomial().fit(counts)
      let reference = try MetaGolden.values(data, "beta-binomial")
      #expect(isClose(fit.mean, reference["mean"], 1e-6))
      #expect(isClose(fit.dispersion, reference["phi"], 1e-5))
      #expect(isClose(fit.logLikelihood, reference["ll"], 1e-9))
    }
  }

  private func studies(_ pairs: [(Double, Double)]) throws -> StudyEffects {
    try StudyEffects(
      .logit, labels: pairs.indices.map { "\($0)" }, counts: pairs.map { .events($0.0, of: $0.1) })
  }

  @Test func `no events at all leave a one-sided limit`() throws {
    let row = try Pooling().estimate(try studies([(0, 10), (0, 25), (0, 5)]))
    #expect(row.estimate.value == 0)
    #expect(row.estimate.lower == 0)
    let upper = try #require(row.estimate.upper)
    // 40 log(1 − p) = −χ²/2.
    #expect(isClose(upper, 0.0468898, 1e-5))
    #expect(row.notes.contains(.noEvents) && row.notes.contains(.oneSidedLikelihood))
    let all = try Pooling().estimate(try studies([(10, 10), (25, 25), (5, 5)]))
    #expect(all.estimate.value == 1 && all.estimate.upper == 1)
    #expect(isClose(all.estimate.lower, 1 - upper, 1e-9))
  }

  @Test func `studies at their ends hold tau2 at its bound`() throws {
    let row = try Pooling().estimate(try studies([(0, 40), (30, 30), (0, 25), (50, 50), (20, 20)]))
    #expect(row.notes.contains(.tauAtBound))
    #expect(row.estimate.value != nil && row.estimate.lower != nil)
  }

  @Test func `one study, two, equal ones and empty ones have a named outcome`() throws {
    let one = try Pooling().estimate(try studies([(3, 10)]))
    #expect(one.notes.contains(.singleStudy))
    #expect(isClose(one.estimate.value, 0.3, 1e-12))
    #expect(one.prediction == nil && one.notes.contains(.noPrediction))
    let two = try Pooling().estimate(try studies([(3, 10), (4, 12)]))
    #expect(two.notes.contains(.normalForFewStudies))
    let equal = try Pooling().estimate(try studies([(3, 10), (3, 10), (3, 10), (3, 10)]))
    #expect(equal.notes.contains(.noHeterogeneity))
    #expect(isClose(equal.estimate.value, 0.3, 1e-12))
    let empty = try Pooling().estimate(try studies([(0, 0), (3, 10), (4, 9), (5, 13)]))
    #expect(empty.pooledCount == 3)
    #expect(empty.notes.contains { $0.code == "studies-left-out" })
    let none = try Pooling().estimate(try studies([(0, 0)]))
    #expect(none.estimate.value == nil && none.notes.contains(.noUsableStudy))
  }

  @Test func `single papers leave tau2 at zero`() throws {
    let row = try Pooling().estimate(try studies((0..<12).map { ($0 % 3 == 0 ? 1 : 0, 1) }))
    #expect(isClose(row.estimate.value, 1.0 / 3, 1e-6))
    #expect(row.tau2.value == 0)
  }
}

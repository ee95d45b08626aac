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
    let row = try Pooling()(try studies([(0, 10), (0, 25), (0, 5)]))
    #expect(row.estimate.value == 0)
    #expect(row.estimate.lower == 0)
    let upper = try #require(row.estimate.upper)
    // 40 log(1 − p) = −χ²/2.
    #expect(isClose(upper, 0.0468898, 1e-5))
    #expect(row.notes.contains(.noEvents) && row.notes.contains(.oneSidedLikelihood))
    let all = try Pooling()(try studies([(10, 10), (25, 25), (5, 5)]))
    #expect(all.estimate.value == 1 && all.estimate.upper == 1)
    #expect(isClose(all.estimate.lower, 1 - upper, 1e-9))
  }

  @Test func `studies at their ends hold tau2 at its bound`() throws {
    let row = try Pooling()(try studies([(0, 40), (30, 30), (0, 25), (50, 50), (20, 20)]))
    #expect(row.notes.contains(.tauAtBound))
    #expect(row.estimate.value != nil && row.estimate.lower != nil)
  }

  @Test func `one study, two, equal ones and empty ones have a named outcome`() throws {
    let one = try Pooling()(try studies([(3, 10)]))
    #expect(one.notes.contains(.singleStudy))
    #expect(isClose(one.estimate.value, 0.3, 1e-12))
    #expect(one.prediction == nil && one.notes.contains(.noPrediction))
    let two = try Pooling()(try studies([(3, 10), (4, 12)]))
    #expect(two.notes.contains(.normalForFewStudies))
    let equal = try Pooling()(try studies([(3, 10), (3, 10), (3, 10), (3, 10)]))
    #expect(equal.notes.contains(.noHeterogeneity))
    #expect(isClose(equal.estimate.value, 0.3, 1e-12))
    let empty = try Pooling()(try studies([(0, 0), (3, 10), (4, 9), (5, 13)]))
    #expect(empty.pooledCount == 3)
    #expect(empty.notes.contains { $0.code == "studies-left-out" })
    let none = try Pooling()(try studies([(0, 0)]))
    #expect(none.estimate.value == nil && none.notes.contains(.noUsableStudy))
  }

  @Test func `single papers leave tau2 at zero`() throws {
    let row = try Pooling()(try studies((0..<12).map { ($0 % 3 == 0 ? 1 : 0, 1) }))
    #expect(isClose(row.estimate.value, 1.0 / 3, 1e-6))
    #expect(row.tau2.value == 0)
  }
}

@Suite struct ThreeLevelModelTests {
  private func studies() throws -> (studies: StudyEffects, clusters: [String], year: [Double]) {
    let effects = try MetaGolden.column("konstantopoulos", "mean")
    let variances = try MetaGolden.column("konstantopoulos", "vi")
    let clusters = try MetaGolden.column("konstantopoulos", "cluster").map { "\($0)" }
    let studies = try StudyEffects(
      .generic, labels: effects.indices.map { "\($0)" },
      counts: zip(effects, variances).map { .effect($0, variance: $1) })
    return (studies, clusters, try MetaGolden.column("konstantopoulos", "moderator"))
  }

  @Test func `schools in districts agree with metafor and clubSandwich`() throws {
    let (studies, clusters, year) = try studies()
    let fit = try ThreeLevelModel().fit(studies, clusters: clusters)
    let reference = try MetaGolden.values("konstantopoulos", "three-level")
    let components = try #require(fit.components)
    #expect(isClose(fit.coefficients[0], reference["b"], 1e-6))
    #expect(isClose(components.modelErrors[0], reference["se"], 1e-6))
    // metafor's optimiser differentiates numerically: its variances are good to 1e-5 or so.
    #expect(isClose(components.between, reference["sigma2_1"], 1e-5))
    #expect(isClose(components.within, reference["sigma2_2"], 1e-5))
    #expect(isClose(fit.restrictedLogLikelihood, reference["ll"], 1e-8))
    #expect(isClose(fit.q, reference["q"], 1e-9))
    let robust = try MetaGolden.values("konstantopoulos", "three-level CR2")
    #expect(isClose(fit.standardErrors[0], robust["se"], 1e-6))
    #expect(isClose(components.degreesOfFreedom[0], robust["df"], 1e-5))
    #expect(isClose(fit.pValue(ofCoefficient: 0), robust["p"], 1e-6))
    var design = DenseMatrix(rows: year.count, columns: 2, repeating: 1)
    for row in year.indices { design[row, 1] = year[row] }
    let moderated = try ThreeLevelModel().fit(studies, clusters: clusters, design: design)
    let other = try MetaGolden.values("konstantopoulos", "three-level year")
    #expect(isClose(moderated.coefficients[1], other["b1"], 1e-6))
    #expect(isClose(moderated.components?.modelErrors[1], other["se1"], 1e-6))
    #expect(isClose(moderated.components?.between, other["sigma2_1"], 1e-5))
  }

  @Test func `one cluster has no robust error`() throws {
    let (studies, clusters, _) = try studies()
    let fit = try ThreeLevelModel().fit(studies, clusters: clusters.map { _ in "one" })
    #expect(fit.notes.contains { $0.code == "fewer-than-2-clusters" })
  }
}

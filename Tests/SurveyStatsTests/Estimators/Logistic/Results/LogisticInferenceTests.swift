import RealModule
import Testing

@testable import SurveyStats

@Suite struct LogisticInferenceTests {
  let golden = RegressionGolden("logistic")
  let birthwt = RegressionGolden.data("logistic", "birthwt")

  func fit(
    _ formula: String, _ outcome: String, _ data: CovariateColumns,
    _ estimation: LogisticRegression.Estimation = .maximumLikelihood
  ) throws -> LogisticFit {
    try LogisticRegression(estimation: estimation).fit(
      DesignMatrix(ModelFormula(formula), from: data), outcome: data.outcome(outcome))
  }

  func mainFit() throws -> LogisticFit {
    try fit("age + lwt + race + smoke + ptl + ht + ui + ftv", "low", birthwt)
  }

  func clusters(_ name: String, _ data: CovariateColumns) -> [String?] {
    data.numbers(name).map { String(Int($0)) }
  }

  func expectProfile(_ model: String, _ fit: LogisticFit) {
    let intervals = fit.coefficients.indices.map { fit.profileInterval($0) }
    #expect(
      golden.largestError(
        model, "profile_low", names: fit.columnNames, values: intervals.map { $0.lower ?? .nan })
        < 1e-8)
    #expect(
      golden.largestError(
        model, "profile_high", names: fit.columnNames, values: intervals.map { $0.upper ?? .nan })
        < 1e-8)
  }

  @Test func `profile intervals are the roots of R's deviance`() throws {
    expectProfile("birthwt", try mainFit())
  }

  @Test func `penalised profile intervals and tests are those of Heinze and Schemper`() throws {
    let data = RegressionGolden.data("logistic", "endometrial")
    let endometrial = try fit("NV + PI + EH", "HG", data, .firth)
    expectProfile("endometrial_firth", endometrial)
    let published = endometrial.profileInterval(1)
    #expect(abs((published.lower ?? 0) - 0.6097) < 5e-5)
    #expect(abs((published.upper ?? 0) - 7.8546) < 5e-5)
    let births = try fit("age + smoke + ht", "low", birthwt, .firth)
    expectProfile("birthwt_firth", births)
    for (model, fit) in [("endometrial_firth", endometrial), ("birthwt_firth", births)] {
      let ratios = fit.coefficients.indices.map { fit.likelihoodRatio($0) ?? .nan }
      #expect(
        golden.largestError(model, "lr_test", names: fit.columnNames, values: ratios) < 1e-8)
    }
  }

  @Test(arguments: CovarianceType.allCases.filter { $0 != .model })
  func `robust standard errors are those of sandwich and clubSandwich`(type: CovarianceType)
    throws
  {
    let fit = try mainFit()
    let covariance = try #require(
      fit.covariance(type, clusters: clusters("age_group", birthwt)))
    #expect(
      golden.largestError(
        "birthwt", type.rawValue, names: fit.columnNames, values: covariance.standardErrors) < 1e-8)
    if type == .cr2 {
      #expect(
        golden.largestError(
          "birthwt", "CR2_df", names: fit.columnNames, values: covariance.degreesOfFreedom) < 1e-8)
    }
  }

  @Test(arguments: [CovarianceType.cr0, .cr1, .cr2, .cr3])
  func `clusters of three and equal covariates agree with clubSandwich`(type: CovarianceType)
    throws
  {
    let data = RegressionGolden.data("logistic", "infert")
    let fit = try fit("spontaneous + induced + age", "case", data)
    let covariance = try #require(fit.covariance(type, clusters: clusters("stratum", data)))
    #expect(
      golden.largestError(
        "infert", type.rawValue, names: fit.columnNames, values: covariance.standardErrors) < 1e-8)
    if type == .cr2 {
      #expect(
        golden.largestError(
          "infert", "CR2_df", names: fit.columnNames, values: covariance.degreesOfFreedom) < 1e-8)
    }
  }

  @Test func `a single cluster has no covariance`() throws {
    let fit = try fit("age", "low", birthwt)
    #expect(fit.covariance(.cr2, clusters: [String?](repeating: "a", count: 189)) == nil)
    #expect(fit.covariance(.cr0) == nil)
  }

  @Test func `fit statistics are those of R`() throws {
    let statistics = LogisticFitStatistics(try mainFit())
    let area = try #require(statistics.area)
    let interval = area.interval()
    let found = [
      ("deviance", statistics.deviance), ("null_deviance", statistics.nullDeviance),
      ("aic", statistics.aic), ("bic", statistics.bic), ("brier", statistics.brier),
      ("tjur", statistics.tjur), ("auc", area.estimate), ("auc_low", interval.lower ?? .nan),
      ("auc_high", interval.upper ?? .nan),
    ]
    for (name, value) in found {
      #expect(abs(value - golden.value("birthwt", name)) < 1e-9, "\(name)")
    }
    #expect(abs((statistics.calibrationSlope ?? 0) - 1) < 1e-9)
    #expect(abs(statistics.calibrationIntercept ?? 1) < 1e-9)
  }

  @Test func `terms are tested by the likelihood ratio as in drop1`() throws {
    let tests = try mainFit().termTests()
    let names = tests.map(\.term)
    #expect(
      golden.largestError(
        "birthwt", "lr_test", names: names, values: tests.map { $0.statistic ?? .nan }) < 1e-8)
    #expect(
      golden.largestError(
        "birthwt", "lr_p", names: names, values: tests.map { $0.pValue ?? .nan }) < 1e-9)
    #expect(tests.first { $0.term == "race" }?.degreesOfFreedom == 2)
  }

  @Test func `terms within an interaction are not tested`() throws {
    let tests = try fit("smoke * age + lwt", "low", birthwt).termTests()
    #expect(tests.map(\.term) == ["lwt", "smoke*age"])
  }

  @Test func `marginal effects follow their definition`() throws {
    let fit = try mainFit()
    let effects = fit.marginalEffects()
    for (term, value) in golden.values("birthwt", "ame") {
      let effect = try #require(effects.first { $0.term == term })
      let error = golden.values("birthwt", "ame_se").first { $0.term == term }?.value ?? .nan
      #expect(abs(effect.estimate - value) < 1e-9, "\(term)")
      #expect(abs((effect.standardError ?? .nan) - error) < 1e-9, "\(term)")
    }
    #expect(effects.map(\.term).prefix(4) == ["age", "lwt", "race[black]", "race[other]"])
  }

  @Test func `predictions at the reference differ by the marginal effect`() throws {
    let fit = try mainFit()
    let predictions = fit.predictions()
    func probability(_ term: String, _ value: String) -> Double {
      predictions.first { $0.term == term && $0.value == value }?.probability.value ?? .nan
    }
    let effect = fit.marginalEffects().first { $0.term == "race[black]" }?.estimate ?? .nan
    #expect(abs(probability("race", "black") - probability("race", "white") - effect) < 1e-12)
    let inside = predictions.allSatisfy { prediction in
      guard let value = prediction.probability.value,
        let (low, high) = prediction.probability.limits
      else { return false }
      return low < value && value < high && low > 0 && high < 1
    }
    #expect(inside)
  }

  @Test func `the predictive intercept restores the observed rate after Firth`() throws {
    let fit = try fit("age + smoke + ht", "low", birthwt, .firth)
    var beta = fit.coefficients
    beta[0] = fit.predictiveIntercept
    let mean = fit.rows.multiplied(by: beta).map(logistic).reduce(0, +) / 189
    #expect(abs(mean - Double(fit.eventCount) / 189) < 1e-12)
  }

  @Test func `residuals and influence are those of R`() throws {
    let influence = try mainFit().influence()
    let quantities: [(String, (PaperInfluence) -> Double)] = [
      ("leverage", \.leverage), ("pearson", \.pearsonResidual),
      ("deviance_residual", \.devianceResidual), ("cook", { $0.cooksDistance ?? .nan }),
    ]
    for (name, value) in quantities {
      for (row, expected) in golden.values("birthwt", name) {
        let paper = influence[(Int(row) ?? 1) - 1]
        #expect(abs(value(paper) - expected) < 1e-9, "\(name) \(row)")
      }
    }
  }

  @Test func `a weight of two is the paper twice in every replicate`() throws {
    let fit = try fit("age + smoke", "low", birthwt)
    let statistic = LogisticStatistic([fit], design: SamplingDesign(paperCount: 189))
    #expect(
      statistic.original().indices.allSatisfy {
        abs(statistic.original()[$0] - fit.coefficients[$0]) < 1e-10
      })
    let weights = (0..<189).map { [1.0, 2, 0, 3][$0 % 4] }
    var values = [Double](repeating: 0, count: 3)
    var span = values.mutableSpan
    statistic.estimate(weights: weights.span, into: &span)
    let weighted = try LogisticRegression(estimation: .maximumLikelihood).fit(
      fit.design, outcome: birthwt.outcome("low"), weights: weights)
    for (one, other) in zip(values, weighted.coefficients) { #expect(abs(one - other) < 1e-9) }
  }

  @Test func `a separated replicate is undefined`() throws {
    let data = CovariateColumns([
      "x": .numeric([1, 2, 3, 4, 5, 6]), "y": .numeric([0, 1, 0, 1, 0, 1]),
    ])
    let fit = try fit("x", "y", data)
    let statistic = LogisticStatistic([fit], design: SamplingDesign(paperCount: 6))
    let weights: [Double] = [3, 0, 0, 0, 0, 3]
    var values = [0.0, 0]
    var span = values.mutableSpan
    statistic.estimate(weights: weights.span, into: &span)
    #expect(values.allSatisfy { $0.isNaN })
  }

  @Test func `the table names failures, columns left out and the way of inference`() throws {
    let age = birthwt.numbers("age")
    let data = CovariateColumns([
      "age": .numeric(age), "months": .numeric(age.map { 12 * $0 }),
    ])
    let design = try DesignMatrix(ModelFormula("age + months"), from: data)
    let outcomes = [
      birthwt.outcome("low"),
      BinaryOutcome(name: "never", values: age.map { _ in false }),
    ]
    let fits = try LogisticRegression().fits(design, outcomes: outcomes)
    let entries = zip(outcomes, fits).map { (outcome: $0.name, result: $1) }
    let table = Table(logistic: LogisticInference().estimates(entries), level: 0.95)
    #expect(table["term"]?.values == .text(["(Intercept)", "age", "months", nil]))
    #expect(
      table["note"]?.values
        == .text([
          nil, nil, "months left out: collinear with age",
          "never: no for all 189 papers, nothing to explain",
        ]))
    #expect(table["method"]?.values == .text(["ML, profile", "ML, profile", nil, nil]))
    #expect(table["n_events"]?.values == .integer([59, 59, 59, 0]))
  }

  @Test func `a sentence for prose`() {
    let row = LogisticEstimate(
      outcome: "code_released", term: "year",
      coefficient: Estimate(
        Double.log(1.31), lower: Double.log(1.12), upper: Double.log(1.54)), paperCount: 467,
      method: "Firth, profile")
    #expect(
      row.sentence == "code_released: odds ratio per year 1.31 (1.12–1.54), n = 467, Firth")
  }

  @Test(
    arguments: [
      ("year:center", "per year 2.00"), ("year:scale", "per standard deviation of year 2.00"),
      ("hn_points:log", "per log(hn_points) 2.00"), ("type[survey]", "of type[survey] 2.00"),
      ("year:center*tags[rct]", "of year:center*tags[rct] 2.00"),
    ])
  func `a sentence names the unit in words`(term: String, words: String) {
    let row = LogisticEstimate(
      outcome: "x", term: term, coefficient: Estimate(Double.log(2)), paperCount: 9)
    #expect(row.sentence == "x: odds ratio \(words) (no interval), n = 9")
    let none = LogisticEstimate(outcome: "x", note: "why")
    #expect(none.sentence == "x: no estimate (why)")
  }

  @Test func `the intercept has a profile however far zero is from the papers`() throws {
    let age = birthwt.numbers("age")
    for (scale, shift) in [(1.0, 2_000.0), (0.001, 1e5), (1, 0)] {
      let data = CovariateColumns([
        "x": .numeric(age.map { scale * $0 + shift }), "low": .numeric(birthwt.numbers("low")),
      ])
      let fit = try fit("x", "low", data)
      let interval = fit.profileInterval(0)
      let low = try #require(interval.lower)
      let high = try #require(interval.upper)
      #expect(low < fit.coefficients[0] && fit.coefficients[0] < high)
      // Held at a limit, the intercept costs half the quantile of the likelihood-ratio test: refit
      // with the limit as offset and the covariate alone.
      for limit in [low, high] {
        let held = try #require(slopeOnly(data, intercept: limit))
        let fall = 2 * (fit.logLikelihood - held)
        #expect(abs(fall - 3.841458820694124) < 1e-6, "\(scale) \(shift)")
      }
      let row = LogisticInference().estimates(fit)[0]
      #expect(row.method == "ML, profile" && row.pValue != nil)
    }
  }

  /// The largest log-likelihood of a line with a given intercept, by golden-section search.
  func slopeOnly(_ data: CovariateColumns, intercept: Double) -> Double? {
    let (x, y) = (data.numbers("x"), data.numbers("low"))
    func value(_ slope: Double) -> Double {
      zip(x, y).reduce(0) { sum, entry in
        let predictor = intercept + slope * entry.0
        return sum - softplus(entry.1 == 1 ? -predictor : predictor)
      }
    }
    let center = x.reduce(0, +) / Double(x.count)
    var (low, high) = (-(intercept + 4) / center, -(intercept - 4) / center)
    if low > high { swap(&low, &high) }
    let ratio = (5.0.squareRoot() - 1) / 2
    for _ in 0..<200 {
      let (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
      if value(a) < value(b) { low = a } else { high = b }
    }
    return value((low + high) / 2)
  }
}

import MetaAnalysis
import SurveyStats
import Testing

@Suite struct RandomEffectsTests {
  private static let sets: [(String, EffectMeasure)] = [
    ("bcg", .riskRatio), ("hine", .riskDifference), ("hannum", .logit), ("debruin", .logit),
    ("normand", .standardizedMeanDifference),
  ]

  @Test(arguments: sets)
  func `all estimators and tests agree with metafor`(
    data: String, measure: EffectMeasure
  ) throws {
    let studies = try MetaGolden.studies(data, measure)
    for method in HeterogeneityMethod.allCases {
      for test in [CoefficientTest.normal, .t, .knappHartung, .boundedKnappHartung] {
        let reference = try MetaGolden.values(data, "\(method.rawValue) \(test.rawValue)")
        let fit = try RandomEffects(method: method, test: test).fit(studies)
        // Closed forms to 1e-10; metafor's iterations end at about 1e-7 of τ².
        let isClosed =
          [.commonEffect, .derSimonianLaird, .hedges, .hunterSchmidt, .sidikJonkman].contains(
            method)
        let tolerance = isClosed ? 1e-10 : 1e-6
        let estimate = fit.estimate(ofCoefficient: 0)
        let found: [String: Double?] = [
          "b": estimate.value, "se": estimate.standardError, "lower": estimate.lower,
          "upper": estimate.upper, "tau2": fit.tau2, "se_tau2": fit.tau2StandardError,
          "i2": fit.iSquared, "h2": fit.hSquared, "q": fit.q,
          "ll": method == .restrictedLikelihood ? fit.restrictedLogLikelihood : fit.logLikelihood,
        ]
        for (name, value) in found {
          guard let wanted = reference[name] else { continue }
          // Of a common effect metafor's likelihood and errors are the same; τ² has no error.
          #expect(
            isClose(value, wanted, tolerance), "\(data) \(method.rawValue) \(test.rawValue) \(name)"
          )
        }
        if let lower = reference["pi_lower"], let upper = reference["pi_upper"] {
          let limits = fit.prediction(at: [1])
          #expect(isClose(limits?.lower, lower, tolerance))
          #expect(isClose(limits?.upper, upper, tolerance))
        }
        if let lower = reference["tau2_lower"], let upper = reference["tau2_upper"] {
          var pooling = Pooling(model: .inverseVariance, method: method, test: test)
          pooling.varianceInterval = .qProfile
          let row = try pooling.estimate(studies)
          guard !row.notes.contains(.profileInstead) else { continue }
          #expect(isClose(row.tau2.lower, lower, 1e-6))
          #expect(isClose(row.tau2.upper, upper, 1e-6))
        }
      }
    }
  }

  @Test func `a moderator agrees with metafor`() throws {
    let studies = try MetaGolden.studies("bcg", .riskRatio)
    let latitude = CovariateColumns([
      "ablat": .numeric(try MetaGolden.column("bcg", "moderator"))
    ])
    for test in [CoefficientTest.normal, .knappHartung] {
      for method in [
        HeterogeneityMethod.derSimonianLaird, .restrictedLikelihood, .maximumLikelihood,
      ] {
        let reference = try MetaGolden.values("bcg", "ablat \(method.rawValue) \(test.rawValue)")
        let result = try MetaRegression(
          try ModelFormula("ablat"),
          pooling: Pooling(model: .inverseVariance, method: method, test: test)
        ).fit(
          studies, moderators: latitude)
        let fit = result.fit
        let found: [String: Double?] = [
          "b0": fit.coefficients[0], "b1": fit.coefficients[1], "se0": fit.standardErrors[0],
          "se1": fit.standardErrors[1], "tau2": fit.tau2, "qe": fit.q,
          "qm": result.tests[0].statistic, "qm_p": result.tests[0].pValue, "r2": result.rSquared,
          "p1": fit.pValue(ofCoefficient: 1),
          "ll": method == .restrictedLikelihood ? fit.restrictedLogLikelihood : fit.logLikelihood,
        ]
        for (name, value) in found {
          #expect(
            isClose(value, reference[name], method == .derSimonianLaird ? 1e-10 : 1e-6),
            "\(method.rawValue) \(test.rawValue) \(name)")
        }
      }
    }
  }

  @Test func `Kenward and Roger's tests agree with whole matrices`() throws {
    let studies = try MetaGolden.studies("bcg", .riskRatio)
    let latitude = try MetaGolden.column("bcg", "moderator")
    for (name, design) in [
      ("kr 1", latitude.map { _ in [1.0] }), ("kr ablat", latitude.map { [1, $0] }),
    ] {
      let reference = try MetaGolden.clusters("bcg", name)
      let fit = try RandomEffects(test: .kenwardRoger).fit(studies, design: DenseMatrix(design))
      let columns = design[0].indices
      for column in columns {
        #expect(isClose(fit.standardErrors[column], reference["se\(column + 1)"], 1e-6))
        #expect(isClose(fit.coefficientFreedoms[column], reference["df\(column + 1)"], 1e-6))
      }
      let test = try #require(
        fit.jointTest(of: Array(columns.count == 1 ? 0..<1 : 1..<2), term: ""))
      #expect(isClose(test.statistic, reference["f"], 1e-6))
      #expect(isClose(test.residualFreedom, reference["df"], 1e-6))
      #expect(isClose(test.pValue, reference["p"], 1e-6))
      let plain = try RandomEffects(test: .satterthwaite).fit(studies, design: DenseMatrix(design))
      #expect(plain.coefficientFreedoms == fit.coefficientFreedoms)
      #expect(plain.standardErrors[0] < fit.standardErrors[0])
    }
    // Equal variances: the t test of a mean.
    let equal = try RandomEffects(test: .kenwardRoger).fit(
      [0.1, 0.5, 0.2, 0.9, 0.4], variances: [Double](repeating: 0.01, count: 5))
    #expect(isClose(equal.degreesOfFreedom, 4, 1e-9))
    #expect(isClose(equal.standardErrors[0], (0.097 / 5).squareRoot(), 1e-9))
    #expect(throws: MetaError.self) {
      try RandomEffects(method: .derSimonianLaird, test: .kenwardRoger).fit(studies)
    }
  }

  @Test func `permutations of few studies are all orders`() throws {
    let labels = (0..<5).map { "s\($0)" }
    let studies = try StudyEffects(
      .generic, labels: labels,
      counts: [0.1, 0.4, 0.35, 0.8, 1.1].map { .effect($0, variance: 0.04) })
    let source = CovariateColumns(["x": .numeric([1, 2, 3, 4, 5])])
    let result = try MetaRegression(
      try ModelFormula("x"), pooling: Pooling(method: .derSimonianLaird), permutations: 1000
    ).fit(
      studies, moderators: source)
    #expect(result.permutationCount == 120)
    // The order of the data and its reverse, and two that exchange the second and third.
    let p = try #require(result.tests[0].permutationPValue)
    #expect(p <= 4.0 / 120 && p >= 2.0 / 120)
  }

  @Test func `collinear moderators are left out by name`() throws {
    let studies = try MetaGolden.studies("bcg", .riskRatio)
    let x = try MetaGolden.column("bcg", "moderator")
    let source = CovariateColumns([
      "x": .numeric(x), "twice": .numeric(x.map { 2 * $0 }),
      "gap": .numeric(x.indices.map { $0 == 0 ? nil : Double($0 % 3) }),
    ])
    let result = try MetaRegression(try ModelFormula("x + twice + gap")).fit(
      studies, moderators: source)
    #expect(result.names == ["(Intercept)", "x", "gap"])
    #expect(result.dropped.map(\.name) == ["twice"])
    #expect(result.fit.studyCount == 12)
    #expect(result.remarks.contains { $0.contains("1 of 13 studies left out") })
  }

  @Test func `a common variance and own ones pool groups`() throws {
    let studies = try MetaGolden.studies("bcg", .riskRatio)
    let labels: [String?] = (0..<13).map { $0 == 12 ? nil : $0 % 2 == 0 ? "a" : "b" }
    let own = try Subgroups().estimate(studies, labels: labels)
    #expect(own.groups.map(\.pooledCount) == [6, 6])
    #expect(own.ungroupedCount == 1)
    let common = try Subgroups(hasCommonVariance: true).estimate(studies, labels: labels)
    #expect(common.groups[0].tau2.value == common.groups[1].tau2.value)
    #expect(common.test?.freedom == 1)
  }

  @Test func `Mantel-Haenszel and Peto agree with metafor`() throws {
    for data in ["bcg", "hine", "yusuf"] {
      for measure in [EffectMeasure.oddsRatio, .riskRatio, .riskDifference] {
        let fit = try MantelHaenszel().fit(try MetaGolden.studies(data, measure))
        let reference = try MetaGolden.values(data, "MH \(measure.rawValue)")
        #expect(isClose(fit.coefficients[0], reference["b"], 1e-12))
        #expect(isClose(fit.standardErrors[0], reference["se"], 1e-12))
      }
      let peto = try PetoPooling().fit(try MetaGolden.studies(data, .oddsRatio))
      let reference = try MetaGolden.values(data, "PETO")
      #expect(isClose(peto.coefficients[0], reference["b"], 1e-12))
      #expect(isClose(peto.standardErrors[0], reference["se"], 1e-12))
      #expect(isClose(peto.q, reference["q"], 1e-10))
    }
    let rates = try MantelHaenszel().fit(try MetaGolden.studies("nielweise2008", .rateRatio))
    let reference = try MetaGolden.values("nielweise2008", "MH IRR")
    #expect(isClose(rates.coefficients[0], reference["b"], 1e-12))
    #expect(isClose(rates.standardErrors[0], reference["se"], 1e-12))
  }
}

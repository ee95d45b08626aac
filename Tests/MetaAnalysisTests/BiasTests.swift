import SurveyStats
import Testing

@testable import MetaAnalysis

@Suite struct BiasTests {
  private let golden = RobustnessGolden.shared

  private func pool(_ data: String) -> (effects: [Double], variances: [Double]) {
    (golden.column(data, "data", "yi"), golden.column(data, "data", "vi"))
  }

  @Test(arguments: RobustnessGolden.data)
  func `regression and rank tests are metafor's`(_ data: String) throws {
    let (effects, variances) = pool(data)
    let errors = variances.map { $0.squareRoot() }
    let line = FunnelAsymmetry.weightedLine(level: 0.95)
    let egger = try FunnelAsymmetry.regression(
      effects, variances: variances, on: errors, model: line)
    #expect(agrees(egger.statistic, golden.value(data, "egger lm", "z"), within: 1e-9))
    #expect(agrees(egger.pValue, golden.value(data, "egger lm", "p"), within: 1e-10))
    #expect(agrees(egger.limit.value, golden.value(data, "egger lm", "limit"), within: 1e-9))
    #expect(agrees(egger.limit.lower, golden.value(data, "egger lm", "limit_low"), within: 1e-9))
    let peese = try FunnelAsymmetry.regression(
      effects, variances: variances, on: variances, model: line)
    #expect(agrees(peese.limit.value, golden.value(data, "peese lm", "limit"), within: 1e-9))
    #expect(agrees(peese.limit.upper, golden.value(data, "peese lm", "limit_high"), within: 1e-9))
    let mixed = try FunnelAsymmetry.regression(
      effects, variances: variances, on: errors,
      model: RandomEffects(method: .restrictedLikelihood, test: .normal))
    #expect(agrees(mixed.statistic, golden.value(data, "egger rma", "z"), within: 1e-6))
    #expect(agrees(mixed.limit.value, golden.value(data, "egger rma", "limit"), within: 1e-6))
    let begg = FunnelAsymmetry.rankCorrelation(effects, variances: variances)
    #expect(agrees(begg?.tau, golden.value(data, "begg", "tau"), within: 1e-12))
    #expect(agrees(begg?.pValue, golden.value(data, "begg", "p"), within: 1e-10))
    let sizes = golden.column(data, "data", "n")
    if !sizes.isEmpty {
      let inverse = try FunnelAsymmetry.regression(
        effects, variances: variances, on: sizes.map { 1 / $0 }, model: line)
      #expect(agrees(inverse.statistic, golden.value(data, "inverse n lm", "t"), within: 1e-9))
    }
  }

  @Test(arguments: RobustnessGolden.data)
  func `trim and fill is metafor's`(_ data: String) throws {
    let (effects, variances) = pool(data)
    let methods: [(String, HeterogeneityMethod)] = [
      ("EE", .commonEffect), ("DL", .derSimonianLaird), ("REML", .restrictedLikelihood),
    ]
    for (name, method) in methods {
      for estimator in TrimAndFill.Estimator.allCases {
        let part = "trimfill \(name) \(estimator.rawValue)"
        guard let missing = golden.value(data, part, "k0") else { continue }
        let result = try #require(
          try TrimAndFill(
            effects, variances: variances, model: RandomEffects(method: method, test: .normal),
            estimator: estimator))
        #expect(result.missing == Int(missing), "\(part)")
        #expect(result.isLeft == (golden.value(data, part, "left") == 1))
        #expect(
          agrees(
            result.fit.coefficients[0], golden.value(data, part, "estimate"), within: 1e-6))
        #expect(
          agrees(result.fit.standardErrors[0], golden.value(data, part, "se"), within: 1e-6))
        #expect(
          agrees(result.missingError, golden.value(data, part, "se_k0"), within: 1e-9), "\(part)")
      }
    }
  }

  @Test(arguments: RobustnessGolden.data)
  func `fail-safe numbers are metafor's`(_ data: String) {
    let (effects, variances) = pool(data)
    let numbers: [(String, Int?)] = [
      ("Rosenthal", FailSafeNumber.rosenthal(effects, variances: variances, alpha: 0.05)),
      ("Orwin", FailSafeNumber.orwin(effects)),
      ("Orwin 0.1", FailSafeNumber.orwin(effects, target: 0.1)),
      ("Rosenberg", FailSafeNumber.rosenberg(effects, variances: variances, alpha: 0.05)),
    ]
    for (name, number) in numbers {
      #expect(number.map(Double.init) == golden.value(data, "fail-safe", name), "\(name)")
    }
  }

  @Test(arguments: RobustnessGolden.data)
  func `limit meta-analysis follows the formulas of metasens`(_ data: String) throws {
    let (effects, variances) = pool(data)
    for (name, method, tolerance) in [
      ("DL", HeterogeneityMethod.derSimonianLaird, 1e-9), ("REML", .restrictedLikelihood, 1e-6),
    ] {
      let result = try LimitMetaAnalysis(
        effects, variances: variances, model: RandomEffects(method: method, test: .normal))
      #expect(
        agrees(
          result.effect.value, golden.value(data, "limit \(name)", "estimate"), within: tolerance))
      #expect(
        agrees(
          result.effect.standardError, golden.value(data, "limit \(name)", "se"),
          within: tolerance))
      #expect(
        agrees(result.dispersion, golden.value(data, "limit \(name)", "G2"), within: tolerance))
    }
  }

  /// metafor's optimiser stops where steps gain less than its tolerance, and its integrals have a relative
  /// error of 1e-4: the likelihood here may be higher, and estimates differ by what that flatness allows.
  @Test(arguments: RobustnessGolden.data)
  func `selection models are metafor's`(_ data: String) throws {
    let (effects, variances) = pool(data)
    // The golden values take the side of the most likely mean.
    let mean = try RandomEffects(method: .maximumLikelihood, test: .normal)
      .fit(effects, variances: variances).coefficients[0]
    let forms: [(String, SelectionModel.Weights, Double)] = [
      ("step 0.025", .steps([0.025]), 1e-4), ("step 0.025 0.5", .steps([0.025, 0.5]), 1e-4),
      ("beta", .beta, 1e-2),
    ]
    for (name, weights, tolerance) in forms {
      let part = "selection \(name)"
      guard let height = golden.value(data, part, "loglik") else { continue }
      let model = try SelectionModel(
        effects, variances: variances, weights: weights, expectsPositive: mean > 0)
      #expect(model.logLikelihood >= height - tolerance / 10, "\(data) \(part)")
      #expect(agrees(model.logLikelihood, height, within: tolerance), "\(data) \(part)")
      #expect(
        agrees(model.effect.value, golden.value(data, part, "estimate"), within: tolerance),
        "\(data) \(part) \(model.effect.value ?? .nan)")
      #expect(agrees(model.tau2, golden.value(data, part, "tau2"), within: tolerance))
      if weights != .beta {
        let error = golden.value(data, part, "se")
        #expect(
          agrees(model.effect.standardError, error, within: 10 * tolerance), "\(data) \(part)")
      }
      #expect(agrees(model.pValue, golden.value(data, part, "LRTp"), within: tolerance))
    }
  }

  /// Values of scripts/golden/meta_selection.py (SciPy 1.17): metafor's standard errors of this model differ
  /// by up to 16 %, as it differences integrals of a low precision.
  @Test func `the beta selection model is that of a finer rule`() throws {
    let references: [(data: String, height: Double, estimate: Double, error: Double)] = [
      ("bcg", -11.952898234653587, -0.7894004873541665, 0.5616684091598291),
      ("hackshaw", -7.809866300798268, 0.9378512326034277, 0.47899326160178574),
      ("egger", -16.200043616740597, -2.4514629901773395, 0.9764291884461562),
    ]
    for reference in references {
      let (effects, variances) = pool(reference.data)
      let model = try SelectionModel(
        effects, variances: variances, weights: .beta, expectsPositive: reference.estimate > 0)
      #expect(agrees(model.logLikelihood, reference.height, within: 1e-9))
      #expect(agrees(model.effect.value, reference.estimate, within: 1e-5))
      #expect(agrees(model.effect.standardError, reference.error, within: 1e-5))
    }
  }

  @Test func `derivatives of selection likelihoods are those of their values`() throws {
    let (effects, variances) = pool("hackshaw")
    let forms: [any SelectionLikelihood] = [
      try StepLikelihood(effects, variances, steps: [0.025, 0.5]),
      BetaLikelihood(effects, variances),
    ]
    for likelihood in forms {
      let point = [0.15, 0.03, -0.4, -0.2]
      func value(_ p: [Double]) -> Evaluation {
        likelihood.evaluate(mean: p[0], tau2: p[1], logParameters: Array(p[2...]))
      }
      let gradient = value(point).gradient
      for index in point.indices {
        var (low, high) = (point, point)
        low[index] -= 1e-6
        high[index] += 1e-6
        let slope = (value(high).value - value(low).value) / 2e-6
        #expect(abs(slope - gradient[index]) < 1e-5 * max(1, abs(slope)))
      }
    }
  }

  @Test func `the assessment has a row for every method and names what it cannot do`() throws {
    let bcg = try BiasAssessment(golden.studies("bcg"), model: RandomEffects())
    #expect(!bcg.expectsPositive)
    #expect(bcg.rows.count == 17)
    #expect(bcg.rows.filter { $0.method == "peters" }[0].estimate.notes == [.unknownSizes])
    for count in 1...4 {
      let few = try BiasAssessment(
        golden.studies("bcg").selecting(Array(0..<count)), model: RandomEffects())
      for row in few.rows where row.estimate.value == nil {
        #expect(row.estimate.notes.contains { $0.effect == .noValue }, "\(count) \(row.method)")
      }
    }
    let equal = try StudyEffects(
      .generic, labels: (0..<6).map { "\($0)" },
      counts: (0..<6).map { .effect(0.1 * Double($0), variance: 0.04) })
    let rows = try BiasAssessment(equal, model: RandomEffects()).rows
    #expect(rows.first { $0.method == "egger" }?.estimate.notes == [.equallyPrecise])
    #expect(rows.first { $0.method == "begg" }?.estimate.notes == [.equallyPrecise])
    #expect(rows.first { $0.method == "pet-peese" }?.estimate.notes == [.equallyPrecise])
    let table = Table(bias: bcg)
    #expect(table.rowCount == 17)
  }

  @Test func `studies all of one side have an empty range, not a crash`() throws {
    let counts = (0..<8).map { index -> StudyCounts in
      let place = Double(index)
      return .effect(1 + 0.01 * place, variance: 0.02 + 0.005 * place)
    }
    let studies = try StudyEffects(.generic, labels: (0..<8).map { "\($0)" }, counts: counts)
    let rows = try BiasAssessment(studies, model: RandomEffects()).rows
    let step = rows.first { $0.method == "selection steps 0.025" }
    #expect(step?.estimate.value == nil)
    #expect(step?.estimate.notes.map(\.code) == ["empty-range"])
  }
}

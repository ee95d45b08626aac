import Testing

@testable import SurveyStats

@Suite struct SamplingWeightsTests {
  let birthwt = RegressionGolden.data("logistic", "birthwt")
  let weights = (1...189).map { Double(1 + $0 % 5) }

  func fit(_ formula: String, times factor: Double) throws -> LogisticFit {
    try LogisticRegression(weighting: .sampling).fit(
      DesignMatrix(ModelFormula(formula), from: birthwt), outcome: birthwt.outcome("low"),
      weights: weights.map { factor * $0 })
  }

  @Test func `robust errors are those of svyglm`() throws {
    // R 4.2.2, survey 4.1.1: svyglm(low ~ age + smoke, quasibinomial) with these weights; its
    // linearised errors are HC0 times the root of n/(n - 1).
    let fit = try fit("age + smoke", times: 1)
    let expected = [0.53740429581505889, -0.068331016734918995, 0.63600542497941748]
    let errors = [0.82264552266957625, 0.033748513114968598, 0.35731778604437892]
    let robust = try #require(fit.covariance(.hc0))
    for index in 0..<3 {
      #expect(abs(fit.coefficients[index] - expected[index]) < 1e-8)
      let error = robust.standardErrors[index] * (189.0 / 188).squareRoot()
      #expect(abs(error - errors[index]) < 1e-8)
    }
  }

  @Test(arguments: ["age + smoke", "age + ht + race"])
  func `the unit of weights changes nothing`(formula: String) throws {
    let (one, other) = (try fit(formula, times: 1), try fit(formula, times: 10))
    #expect(one.method == (formula.contains("ht") ? .firth : .maximumLikelihood))
    let close = zip(
      one.coefficients + one.standardErrors, other.coefficients + other.standardErrors
    ).allSatisfy { abs($0 - $1) < 1e-9 }
    #expect(close && abs(one.criterion - other.criterion) < 1e-9)
    let statistics = [one, other].map(LogisticFitStatistics.init)
    #expect(abs(statistics[0].bic - statistics[1].bic) < 1e-9)
    #expect(one.notes.contains { $0.hasPrefix("weighted, effective n ") })
  }

  @Test func `likelihoods weigh as much as Kish's effective number of papers`() throws {
    let fit = try fit("age", times: 3)
    let sum = weights.reduce(0, +)
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    #expect(abs(fit.likelihood.trials.reduce(0, +) - sum * sum / squares) < 1e-9)
  }
}

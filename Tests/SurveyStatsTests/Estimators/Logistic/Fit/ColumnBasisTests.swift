import Testing

@testable import SurveyStats

@Suite struct ColumnBasisTests {
  let birthwt = RegressionGolden.data("logistic", "birthwt")

  /// The births with an age that is as far from zero as a year.
  func births(later shift: Double) -> CovariateColumns {
    CovariateColumns([
      "age": .numeric(birthwt.numbers("age").map { $0 + shift }),
      "smoke": .numeric(birthwt.numbers("smoke")),
      "race": birthwt.covariate(named: "race")
        ?? .categorical([]), "lwt": .numeric(birthwt.numbers("lwt")),
    ])
  }

  func fit(
    _ formula: String, later shift: Double,
    _ estimation: LogisticRegression.Estimation = .maximumLikelihood
  ) throws -> LogisticFit {
    try LogisticRegression(estimation: estimation).fit(
      DesignMatrix(ModelFormula(formula), from: births(later: shift)),
      outcome: birthwt.outcome("low"))
  }

  @Test func `an interaction with an uncentred year has R's coefficients, profile and test`() throws
  {
    // R 4.2.2: glm(low ~ I(age + 2000) * smoke, binomial, MASS::birthwt), confint of MASS 7.3.58.2,
    // and the difference of the deviances.
    let fit = try fit("age*smoke", later: 2_000)
    #expect(fit.likelihood.basis != nil)
    #expect(abs(fit.coefficients[3] - 0.073083082139915601) < 1e-8)
    #expect(abs(fit.coefficients[2] + 147.129586779684586872) < 1e-5)
    let interval = fit.profileInterval(3)
    #expect(abs((interval.lower ?? .nan) + 0.054000828260352005) < 1e-5)
    #expect(abs((interval.upper ?? .nan) - 0.203492469685704641) < 1e-5)
    let test = try #require(fit.termTests().first)
    #expect(abs((test.statistic ?? .nan) - 1.2655910012669551) < 1e-8)
    let rows = LogisticInference().estimates(fit)
    #expect(rows.allSatisfy { $0.method == "ML, profile" && $0.note == nil })
  }

  @Test(
    arguments: [
      ("age*smoke", LogisticRegression.Estimation.maximumLikelihood), ("age*race", .firth),
      ("age*smoke*race", .maximumLikelihood), ("age*smoke*race", .firth),
    ])
  func `where zero lies changes nothing of the highest interaction`(
    formula: String, estimation: LogisticRegression.Estimation
  ) throws {
    let near = try fit(formula, later: -23, estimation)
    let far = try fit(formula, later: 2_000, estimation)
    let last = near.coefficients.count - 1
    #expect(abs(near.coefficients[last] - far.coefficients[last]) < 1e-8)
    #expect(abs(near.standardErrors[last] - far.standardErrors[last]) < 1e-8)
    #expect(abs(near.criterion - far.criterion) < 1e-8)
    let (one, other) = (near.profileInterval(last), far.profileInterval(last))
    #expect(abs((one.lower ?? .nan) - (other.lower ?? .nan)) < 1e-6)
    #expect(abs((one.upper ?? .nan) - (other.upper ?? .nan)) < 1e-6)
    let tests = zip(near.termTests(), far.termTests())
    #expect(tests.allSatisfy { abs(($0.statistic ?? .nan) - ($1.statistic ?? .nan)) < 1e-7 })
    let labels = birthwt.numbers("age").map { String(Int($0)) }
    for type in [CovarianceType.hc3, .cr2] {
      let a = try #require(near.covariance(type, clusters: labels))
      let b = try #require(far.covariance(type, clusters: labels))
      #expect(abs(a.standardErrors[last] - b.standardErrors[last]) < 1e-7)
      #expect(abs(a.degreesOfFreedom[last] - b.degreesOfFreedom[last]) < 1e-5 || type == .hc3)
    }
  }

  @Test func `independent columns stay as they are`() throws {
    #expect(try fit("age + smoke + race", later: 2_000).likelihood.basis == nil)
  }
}

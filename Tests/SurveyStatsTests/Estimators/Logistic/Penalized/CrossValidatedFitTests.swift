import Testing

@testable import SurveyStats

@Suite struct CrossValidatedFitTests {
  let birthwt = RegressionGolden.data("logistic", "birthwt")

  func fit(_ formula: String) throws -> LogisticFit {
    try LogisticRegression(estimation: .maximumLikelihood).fit(
      DesignMatrix(ModelFormula(formula), from: birthwt), outcome: birthwt.outcome("low"))
  }

  @Test func `a fit of noise promises too much`() throws {
    let fit = try fit("age + lwt + race + smoke + ptl + ht + ui + ftv")
    let apparent = LogisticFitStatistics(fit)
    let validated = try #require(CrossValidatedFit(fit))
    #expect((validated.calibrationSlope ?? 1) < 0.95 && (validated.calibrationSlope ?? 0) > 0.3)
    #expect((validated.area ?? 1) < (apparent.area?.estimate ?? 0))
    #expect(validated.brier > apparent.brier)
    #expect(CrossValidatedFit(fit) == validated)
    #expect(CrossValidatedFit(fit, seed: 2) != validated)
  }

  @Test func `leaving out each paper in turn is done by hand`() throws {
    let fit = try fit("age + smoke")
    let validated = try #require(CrossValidatedFit(fit, folds: 189))
    var squares = 0.0
    let outcome = birthwt.outcome("low")
    for paper in 0..<189 {
      var rest = outcome
      rest.values[paper] = nil
      let part = try LogisticRegression(estimation: .maximumLikelihood).fit(
        fit.design, outcome: rest)
      let predictor = zip(fit.design.values.row(paper), part.coefficients)
        .reduce(0) { $0 + $1.0 * $1.1 }
      let gap = (outcome.values[paper] == true ? 1 : 0) - logistic(predictor)
      squares += gap * gap
    }
    #expect(abs(validated.brier - squares / 189) < 1e-9)
  }

  @Test func `papers of a cluster are left out together`() throws {
    let fit = try fit("age + smoke")
    let labels = birthwt.numbers("age_group").map { Optional(String(Int($0))) }
    #expect(CrossValidatedFit(fit, clusters: labels) != CrossValidatedFit(fit))
  }
}

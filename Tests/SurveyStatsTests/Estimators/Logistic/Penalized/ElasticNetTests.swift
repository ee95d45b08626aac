import Testing

@testable import SurveyStats

@Suite struct ElasticNetTests {
  let golden = RegressionGolden("clustered")
  let birthwt = RegressionGolden.data("logistic", "birthwt")

  func design() throws -> DesignMatrix {
    try DesignMatrix(ModelFormula("age + lwt + smoke + ptl + ht + ui + ftv"), from: birthwt)
  }

  @Test(arguments: [0, 0.5, 1.0])
  func `paths agree with glmnet`(alpha: Double) throws {
    let lambdas = alpha == 0 ? [1, 0.1, 0.01] : [0.1, 0.05, 0.01, 0.001]
    let path = try ElasticNet(alpha: alpha, lambdas: lambdas).path(
      design(), outcome: birthwt.outcome("low"))
    let names = ["0", "0.5", "1"][Int(alpha * 2)]
    for (index, lambda) in lambdas.enumerated() {
      let model = "net_\(names)_\(lambda == 1 ? "1" : lambda == 0.001 ? "0.001" : "\(lambda)")"
      #expect(
        golden.largestError(
          model, "coefficient", names: path.columnNames, values: path.coefficients[index]) < 1e-7)
    }
  }

  @Test func `the strongest penalty leaves the intercept, the weakest nears the likelihood`() throws
  {
    let path = try ElasticNet().path(design(), outcome: birthwt.outcome("low"))
    #expect(path.lambdas.count == 100)
    #expect(path.coefficients[0].dropFirst().allSatisfy { abs($0) < 1e-9 })
    let fit = try LogisticRegression(estimation: .maximumLikelihood).fit(
      design(), outcome: birthwt.outcome("low"))
    let distances = zip(path.coefficients[99], fit.coefficients).map { abs($0 - $1) }
    #expect(distances.allSatisfy { $0 < 0.01 })
    #expect(zip(path.deviances, path.deviances.dropFirst()).allSatisfy { $0 >= $1 - 1e-9 })
  }

  @Test func `cross-validation depends on the seed alone`() throws {
    let net = ElasticNet(alpha: 0.5, lambdas: [0.2, 0.1, 0.05, 0.02, 0.01])
    let one = try net.crossValidation(
      design(), outcome: birthwt.outcome("low"), folds: 5, seed: 7)
    let other = try net.crossValidation(
      design(), outcome: birthwt.outcome("low"), folds: 5, seed: 7)
    #expect(one == other)
    #expect(one.sparse <= one.best)
    #expect(one.meanDeviances.count == 5)
  }

  @Test func `clusters stay in one fold and weights of one change nothing`() throws {
    let net = ElasticNet(alpha: 1, lambdas: [0.1, 0.02])
    let outcome = birthwt.outcome("low")
    let ones = [Double](repeating: 1, count: 189)
    let plain = try net.crossValidation(design(), outcome: outcome, folds: 4)
    #expect(
      try net.crossValidation(design(), outcome: outcome, weights: ones, folds: 4) == plain)
    // Four clusters of papers, as many as folds: each fold leaves out one whole cluster.
    let clusters = (0..<189).map { Optional("\($0 % 4)") }
    let clustered = try net.crossValidation(
      design(), outcome: outcome, clusters: clusters, folds: 4)
    var expected = [0.0, 0]
    for fold in 0..<4 {
      var training = outcome
      for paper in 0..<189 where paper % 4 == fold { training.values[paper] = nil }
      let path = try net.path(design(), outcome: training)
      for (index, coefficients) in path.coefficients.enumerated() {
        let rows = (0..<189).filter { $0 % 4 == fold }
        let left = try design().values.selecting(rows: rows, columns: Array(0..<8))
        let predictors = left.multiplied(by: coefficients)
        let deviance = zip(predictors, rows).reduce(0) {
          $0 + 2 * softplus(outcome.values[$1.1] == true ? -$1.0 : $1.0)
        }
        expected[index] += deviance / Double(rows.count) / 4
      }
    }
    for (one, other) in zip(clustered.meanDeviances, expected) {
      #expect(abs(one - other) < 1e-9)
    }
  }
}

import RealModule
import Testing

@testable import SurveyStats

/// Estimating equations and random intercepts, on the Ohio children of geepack.
@Suite struct ClusteredModelsTests {
  let golden = RegressionGolden("clustered")

  func data(_ name: String) throws -> (
    design: DesignMatrix, outcome: BinaryOutcome, clusters: [String?]
  ) {
    let data = RegressionGolden.data("clustered", name)
    return (
      try DesignMatrix(ModelFormula("age + smoke"), from: data), data.outcome("resp"),
      data.numbers("id").map { String(Int($0)) }
    )
  }

  @Test(
    arguments: ["ohio", "uneven"], EstimatingEquations.Correlation.allCases)
  func `estimating equations agree with geepack and gee`(
    name: String, correlation: EstimatingEquations.Correlation
  ) throws {
    let data = try data(name)
    let model = "\(name)_\(correlation.rawValue)"
    for (prefix, corrects) in [("", false), ("corrected_", true)] {
      let solution = try EstimatingEquations(
        correlation: correlation, correctsDegreesOfFreedom: corrects
      ).solve(data.design, outcome: data.outcome, clusters: data.clusters)
      #expect(solution.correlation == correlation)
      #expect(
        golden.largestError(
          model, prefix + "coefficient", names: solution.columnNames,
          values: solution.coefficients) < 1e-7)
      #expect(
        golden.largestError(
          model, prefix + "robust", names: solution.columnNames,
          values: solution.robustCovariance.diagonal.map { $0.squareRoot() }) < 1e-7)
      #expect(abs(solution.phi - golden.value(model, prefix + "phi")) < 1e-7)
      if correlation == .exchangeable {
        #expect(abs(solution.alpha - golden.value(model, prefix + "alpha")) < 1e-7)
      }
    }
  }

  @Test func `independence is logistic regression with CR0, corrected with CR3`() throws {
    let data = try data("uneven")
    let solution = try EstimatingEquations(correlation: .independence).solve(
      data.design, outcome: data.outcome, clusters: data.clusters)
    let fit = try LogisticRegression(estimation: .maximumLikelihood).fit(
      data.design, outcome: data.outcome)
    let plain = try #require(fit.covariance(.cr0, clusters: data.clusters))
    let careful = try #require(fit.covariance(.cr3, clusters: data.clusters))
    for index in 0..<3 {
      #expect(
        abs(solution.robustCovariance[index, index] - plain.matrix[index, index]) < 1e-12)
      #expect(
        abs(solution.correctedCovariance[index, index] - careful.matrix[index, index]) < 1e-12)
    }
  }

  @Test(arguments: ["ohio", "uneven"])
  func `random intercepts agree with lme4`(name: String) throws {
    let data = try data(name)
    let fit = try RandomInterceptRegression().fit(
      data.design, outcome: data.outcome, clusters: data.clusters)
    let model = "\(name)_mixed"
    #expect(
      golden.largestError(
        model, "coefficient", names: fit.columnNames, values: fit.coefficients) < 2e-4)
    #expect(
      golden.largestError(
        model, "standard_error", names: fit.columnNames, values: fit.standardErrors) < 1e-3)
    #expect(abs(fit.standardDeviation - golden.value(model, "sd")) < 5e-4)
    #expect(abs(fit.logLikelihood - golden.value(model, "log_likelihood")) < 1e-5)
    #expect(fit.standardDeviationPValue < 1e-10)
    #expect(fit.marginalProbability(-3) > logistic(-3))
  }

  @Test func `more nodes lead to the exact integral`() throws {
    let data = try data("uneven")
    let fit = try RandomInterceptRegression(nodes: 41).fit(
      data.design, outcome: data.outcome, clusters: data.clusters)
    let exact = golden.value("uneven_mixed", "exact_log_likelihood")
    #expect(abs(fit.logLikelihood - exact) < 1e-4)
  }

  @Test func `clusters that do not differ are at the boundary`() throws {
    let answers = (0..<200).map { Bool?.some($0 % 2 == 0) }
    let source = CovariateColumns(["x": .numeric((0..<200).map { Double($0 / 2 % 3) })])
    let fit = try RandomInterceptRegression().fit(
      DesignMatrix(ModelFormula("x"), from: source),
      outcome: BinaryOutcome(name: "y", values: answers),
      clusters: (0..<200).map { "\($0 / 2)" })
    #expect(fit.standardDeviation == 0)
    #expect(fit.notes == ["boundary"])
    #expect(fit.standardDeviationPValue == 1)
  }

  @Test func `an infeasible correlation falls back to independence`() throws {
    let answers = (0..<200).map { Bool?.some($0 % 2 == 0) }
    let source = CovariateColumns(["x": .numeric((0..<200).map { Double($0 / 2 % 3) })])
    let solution = try EstimatingEquations().solve(
      DesignMatrix(ModelFormula("x"), from: source),
      outcome: BinaryOutcome(name: "y", values: answers),
      clusters: (0..<200).map { "\($0 / 2)" })
    #expect(solution.correlation == .independence)
    #expect(solution.notes.first?.hasSuffix("infeasible; independence used") == true)
  }

  @Test func `cells are rows with the variables of their paper`() throws {
    let matrix = BinaryMatrix(
      papers: (0..<3).map { Paper(slug: "p\($0)", year: 2020 + $0) },
      items: [Item(id: ItemID("a.x")), Item(id: ItemID("b.y"))]
    ) { paper, item in paper == 1 && item == 0 ? .notApplicable : paper == 0 ? .no : .yes }
    let cells = CellRows(matrix)
    #expect(cells.paperCount == 5)
    #expect(cells.covariate(named: "item") == .categorical(["a.x", "b.y", "b.y", "a.x", "b.y"]))
    #expect(cells.covariate(named: "year") == .numeric([2020, 2020, 2021, 2022, 2022]))
    #expect(cells.outcome.values == [false, false, true, true, true])
    #expect(cells.clusters() == ["p0", "p0", "p1", "p2", "p2"])
  }
}

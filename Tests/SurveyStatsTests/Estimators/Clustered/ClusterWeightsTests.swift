import RealModule
import Testing

@testable import SurveyStats

/// Weights of clusters, and replicates of estimating equations.
@Suite struct ClusterWeightsTests {
  /// The children of geepack's data with weights 1, 2 and 3 by child, and each as often as it weighs.
  private struct Weighted {
    let rows: ClusteredTwinTests.Rows
    let weights: [Double]
    let copies: (design: DesignMatrix, outcome: BinaryOutcome, labels: [String?])

    init() throws {
      rows = try ClusteredTwinTests.rows("uneven")
      let own = rows.labels.map { Double(1 + (Int($0 ?? "") ?? 0) % 3) }
      weights = own
      let data = RegressionGolden.data("clustered", "uneven")
      let order = own.indices.flatMap { row in
        (0..<Int(own[row])).map { (row: row, copy: $0) }
      }
      let columns = ["age", "smoke"].map { name in
        let values = data.numbers(name)
        return (name: name, values: VariableValues.numeric(order.map { values[$0.row] }))
      }
      let outcome = rows.outcome
      let labels = rows.labels
      copies = (
        try DesignMatrix(ModelFormula("age + smoke"), from: CovariateColumns(columns)),
        BinaryOutcome(name: "resp", values: order.map { outcome.values[$0.row] }),
        order.map { "\(labels[$0.row] ?? "")/\($0.copy)" }
      )
    }
  }

  @Test func `a weight counts as so many equal clusters`() throws {
    let data = try Weighted()
    let weighted = try RandomInterceptRegression().fit(
      data.rows.design, outcome: data.rows.outcome, clusters: data.rows.labels,
      weights: data.weights)
    let copied = try RandomInterceptRegression().fit(
      data.copies.design, outcome: data.copies.outcome, clusters: data.copies.labels)
    for (one, other) in zip(weighted.coefficients, copied.coefficients) {
      #expect(isClose(one, other, within: 1e-8))
    }
    #expect(isClose(weighted.standardDeviation, copied.standardDeviation, within: 1e-8))
    #expect(weighted.standardDeviationPValue == nil && weighted.akaikeCriterion == nil)
    let equations = try EstimatingEquations(correlation: .exchangeable)
      .fit(
        data.rows.design, outcome: data.rows.outcome, clusters: data.rows.labels,
        weights: data.weights)
    let alike = try EstimatingEquations(correlation: .independence).fit(
      data.copies.design, outcome: data.copies.outcome, clusters: data.copies.labels)
    let independent = try EstimatingEquations(correlation: .independence).fit(
      data.rows.design, outcome: data.rows.outcome, clusters: data.rows.labels,
      weights: data.weights)
    for (one, other) in zip(independent.coefficients, alike.coefficients) {
      #expect(isClose(one, other, within: 1e-8))
    }
    #expect(equations.alpha > 0.1 && equations.alpha < 0.6)
  }

  @Test func `errors with weights are of the sandwich of clusters' scores`() throws {
    let data = try Weighted()
    let rows = data.rows
    let fit = try RandomInterceptRegression().fit(
      rows.design, outcome: rows.outcome, clusters: rows.labels, weights: data.weights)
    // The information is that of the copies; scores of clusters are differences of the plain twin.
    let copied = try RandomInterceptRegression().fit(
      data.copies.design, outcome: data.copies.outcome, clusters: data.copies.labels)
    let inverse = try #require(copied.jointCovariance)
    let width = inverse.rows
    let parameters = fit.coefficients + [fit.standardDeviation]
    let own = rows.design.papers.map { data.weights[$0] }
    var meat = DenseMatrix(rows: width, columns: width)
    for cluster in rows.clusters {
      var single = rows
      single.clusters = [cluster]
      let score = (0..<width).map { index -> Double in
        let values = [-1e-4, 1e-4].map { step -> Double in
          var moved = parameters
          moved[index] += step
          return ClusteredTwinTests.randomIntercepts(
            single, Array(moved.dropLast()), sigma: moved[width - 1])
        }
        return (values[1] - values[0]) / 2e-4
      }
      let weight = own[cluster[0]]
      for column in 0..<width {
        for row in 0..<width { meat[row, column] += weight * weight * score[row] * score[column] }
      }
    }
    let expected = inverse.multiplied(by: meat).multiplied(by: inverse)
    for index in fit.coefficients.indices {
      #expect(isClose(fit.standardErrors[index], expected[index, index].squareRoot(), within: 1e-4))
    }
    let sigmaError = expected[width - 1, width - 1].squareRoot()
    #expect(isClose(fit.standardDeviationError, sigmaError, within: 1e-4))
  }

  @Test func `rows of a cluster have one weight`() throws {
    let rows = try ClusteredTwinTests.rows("uneven")
    var weights = [Double](repeating: 1, count: rows.labels.count)
    weights[0] = 2
    #expect(throws: LogisticRegressionError.unequalWeights(cluster: rows.labels[0] ?? "")) {
      try RandomInterceptRegression().fit(
        rows.design, outcome: rows.outcome, clusters: rows.labels, weights: weights)
    }
  }

  @Test(arguments: EstimatingEquations.Correlation.allCases)
  func `replicates solve the equations of the drawn clusters`(
    correlation: EstimatingEquations.Correlation
  ) throws {
    let rows = try ClusteredTwinTests.rows("uneven")
    let solution = try EstimatingEquations(correlation: correlation).fit(
      rows.design, outcome: rows.outcome, clusters: rows.labels)
    let names = Set(rows.labels.compactMap { $0 }).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let statistic = EstimatingStatistic(
      solution, unitOfRow: rows.labels.map { place[$0 ?? ""] ?? 0 }, unitCount: names.count)
    for (one, other) in zip(statistic.original(), solution.coefficients) {
      #expect(isClose(one, other, within: 1e-6))
    }
    let weights = names.indices.map { Double(($0 * 7) % 4) }
    var values = [Double](repeating: .nan, count: statistic.valueCount)
    var span = values.mutableSpan
    statistic.estimate(weights: weights.span, into: &span)
    let fitted = try EstimatingEquations(correlation: .independence).fit(
      rows.design, outcome: rows.outcome, clusters: rows.labels,
      weights: rows.labels.map { weights[place[$0 ?? ""] ?? 0] })
    if correlation == .independence {
      for (one, other) in zip(values, fitted.coefficients) {
        #expect(isClose(one, other, within: 1e-6))
      }
    } else {
      #expect(values.allSatisfy { $0.isFinite })
    }
  }
}

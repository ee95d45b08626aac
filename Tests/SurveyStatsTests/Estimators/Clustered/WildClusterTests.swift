import RealModule
import Testing

@testable import SurveyStats

@Suite struct WildClusterTests {
  private func fit(_ row: [String: String]) throws -> (fit: LogisticFit, clusters: [String?]) {
    func cells(_ column: String) -> [String] {
      (row[column] ?? "").split(separator: "/").map(String.init)
    }
    let columns = CovariateColumns([
      (name: "x", values: .numeric(cells("x").map { Double($0) })),
      (name: "z", values: .numeric(cells("z").map { Double($0) })),
    ])
    let design = try DesignMatrix(ModelFormula("x + z"), from: columns)
    let outcome = BinaryOutcome(name: "y", values: cells("y").map { $0 == "1" })
    return (
      try LogisticRegression(estimation: .maximumLikelihood).fit(design, outcome: outcome),
      cells("cluster")
    )
  }

  @Test func `p-values and limits are those of statsmodels' constrained fits`() throws {
    let rows = RegressionGolden.rows("reviewer", "wild")
    #expect(rows.count == 2)
    for row in rows {
      let (fit, clusters) = try fit(row)
      let wild = WildClusterTest(fit, clusters: clusters, replicates: 99, seed: 1)
      #expect(wild.isExact)
      func number(_ column: String) -> Double? { row[column].flatMap { Double($0) } }
      #expect(isClose(wild.pValue(1), number("p_x")))
      #expect(isClose(wild.pValue(2), number("p_z")))
      #expect(isClose(wild.pValue(1, value: 0.7), number("p_x_at")))
      let limits = wild.limits(
        1, estimate: fit.coefficients[1], standardError: fit.standardErrors[1], level: 0.8)
      for (found, expected) in [(limits.lower, "low"), (limits.upper, "high")] {
        #expect(isClose(found, number(expected), within: 1e-4))
      }
    }
  }

  @Test func `few clusters have no limits, one has no test`() async throws {
    let papers = (0..<40).map {
      Paper(
        slug: "p\($0)", year: 2020 + $0 % 5, venue: "v\($0 % 4)", covariates: ["pair": "x\($0 / 2)"]
      )
    }
    let matrix = BinaryMatrix(
      text: (0..<40).map { ($0 * 7) % 10 < 4 ? "1" : "0" }, papers: papers)
    func ask(_ cluster: String?) async throws -> [LogisticEstimate] {
      try await Run(replicates: 199)(
        Logits([.item(ItemID("i0"))], on: "year", interval: .wild),
        of: Study(matrix, plan: SamplingPlan(cluster: cluster))
      ).estimates
    }
    let four = try await ask("venue")
    #expect((four[1].pValue ?? 0) >= 0.125 && four[1].coefficient.lower == nil)
    #expect(four[1].note?.contains("too-few-clusters-for-limits") == true)
    let many = try await ask("pair")
    #expect((many[1].pValue ?? 0) > 0 && many[1].coefficient.limits != nil)
    #expect(many[1].method == "ML, wild bootstrap, CR2, 20 clusters")
    await #expect(throws: Logits.Failure.wildWithoutClusters) { try await ask(nil) }
    let one = try await ask("year > 0")
    #expect(one[1].pValue == nil && one[1].note?.contains("one-cluster") == true)
  }

  /// Eight clusters with effects of their own and a covariate of clusters: CR1 with t rejects far too often.
  @Test func `it rejects about as often as it says`() throws {
    var stream = RandomStream(seed: 31)
    var rejected = 0
    for _ in 0..<200 {
      var (x, y, cluster): ([Double?], [Bool?], [String?]) = ([], [], [])
      for number in 0..<8 {
        let (effect, value) = (0.7 * stream.normal(), stream.normal())
        for _ in 0..<15 {
          x.append(value)
          y.append(stream.uniform() < logistic(effect))
          cluster.append("\(number)")
        }
      }
      let design = try DesignMatrix(
        ModelFormula("x"), from: CovariateColumns([(name: "x", values: .numeric(x))]))
      let fit = try LogisticRegression(estimation: .maximumLikelihood).fit(
        design, outcome: BinaryOutcome(name: "y", values: y))
      let wild = WildClusterTest(fit, clusters: cluster, replicates: 99, seed: 1)
      if wild.pValue(1) ?? 1 <= 0.05 { rejected += 1 }
    }
    // 10 expected.
    #expect(rejected <= 22, "\(rejected) of 200")
  }
}

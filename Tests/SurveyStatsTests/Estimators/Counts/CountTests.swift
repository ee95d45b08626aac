import Testing

@testable import SurveyStats

@Suite struct CountTests {
  private func fit(
    clusters: [String]? = nil, weights: [Double]? = nil, counts: [Double?]? = nil
  ) throws -> CountRegression.Fit {
    let data = RegressionGolden.data("counts", "warpbreaks")
    let design = try DesignMatrix(
      try ModelFormula("wool:ref=A + tension:ref=L"), from: data)
    return try CountRegression().fit(
      "breaks", counts: counts ?? data.numbers("breaks"), design,
      sampling: try SamplingDesign(paperCount: 54, clusters: clusters, weights: weights))
  }

  private var clusters: [String] {
    RegressionGolden.data("counts", "warpbreaks").numbers("cluster").map { "\($0)" }
  }

  @Test func `a quasi-Poisson fit is that of R`() throws {
    let rows = RegressionGolden.rows("counts", "quasipoisson")
    #expect(rows.count == 4)
    let plain = try fit()
    let clustered = try fit(clusters: clusters)
    for row in rows {
      func value(_ name: String) -> Double { Double(row[name] ?? "") ?? .nan }
      let column = try #require(plain.columnNames.firstIndex(of: row["term"] ?? ""))
      let estimate = plain.coefficients[column]
      #expect(abs((estimate.value ?? .nan) - value("estimate")) < 1e-10)
      #expect(abs((estimate.standardError ?? .nan) - value("std_error")) < 1e-10)
      #expect(abs((plain.pValues[column] ?? .nan) - value("p_value")) < 1e-9)
      #expect(abs(plain.dispersion - value("dispersion")) < 1e-9)
      #expect(estimate.degreesOfFreedom == 50)
      let robust = clustered.coefficients[column]
      #expect(robust.value == estimate.value)
      #expect(abs((robust.standardError ?? .nan) - value("clustered")) < 1e-10)
      #expect(robust.degreesOfFreedom == 8 && robust.notes.map(\.code) == ["few-clusters"])
    }
  }

  @Test func `weights count, their unit does not`() throws {
    let weights = (0..<54).map { 1 + Double($0 % 3) }
    let once = try fit(weights: weights)
    let tenfold = try fit(weights: weights.map { 10 * $0 })
    for (a, b) in zip(once.coefficients, tenfold.coefficients) {
      #expect(abs((a.value ?? 0) - (b.value ?? 1)) < 1e-10)
      #expect(abs((a.standardError ?? 0) - (b.standardError ?? 1)) < 1e-10)
    }
    let plain = try fit()
    #expect(once.coefficients[1].value != plain.coefficients[1].value)
  }

  @Test func `what is no count has no fit`() throws {
    #expect(throws: CountRegression.Failure.allZero("breaks")) {
      try fit(counts: [Double?](repeating: 0, count: 54))
    }
    #expect(throws: CountRegression.Failure.negative("breaks")) {
      try fit(counts: [Double?](repeating: -1, count: 54))
    }
    #expect(throws: CountRegression.Failure.tooFewPapers("breaks", papers: 1, columns: 4)) {
      try fit(counts: [1] + [Double?](repeating: nil, count: 53))
    }
  }

  private let matrix = BinaryMatrix(
    text: ["1", "1", "0", "0", "1"],
    papers: [
      Paper(slug: "p0", cluster: "a", covariates: ["claims": "4", "claims_strong": "4"]),
      Paper(slug: "p1", cluster: "a", covariates: ["claims": "2", "claims_strong": "1"]),
      Paper(slug: "p2", cluster: "b", covariates: ["claims": "2"]),
      Paper(slug: "p3", cluster: "b", covariates: ["claims": "0", "claims_strong": "0"]),
      Paper(slug: "p4", cluster: "c"),
    ])

  @Test func `counts have means and shares, papers being the units`() async throws {
    let found = try await Run()(
      CountSummary(["claims", "claims_strong"]), of: Study(matrix))
    let rows = found[0].result
    #expect(rows.map(\.paperCount) == [4, 4] && rows.map(\.positiveCount) == [3, 2])
    #expect(rows.map(\.mean.value) == [2, 1.25])
    #expect(rows[0].share.value == nil && rows[1].share.value == 0.625)
    let lower = try #require(rows[0].mean.lower)
    let upper = try #require(rows[0].mean.upper)
    #expect(lower > 0 && lower < 2 && upper > 2)
    // Four papers, standard deviation √(8/3): se = √(8/3)/2.
    #expect(abs((rows[0].mean.standardError ?? 0) - (8 / 3.0).squareRoot() / 2) < 1e-12)
    let clustered = try await Run()(
      CountSummary(["claims"]), of: Study(matrix, plan: SamplingPlan(cluster: "cluster")))
    #expect(clustered[0].result[0].mean.notes.map(\.code).contains("few-clusters"))
    let none = try await Run()(
      CountSummary(["claims"], by: "cluster"), of: Study(matrix))
    #expect(none.map(\.result[0].paperCount) == [2, 2, 0])
    #expect(none[2].result[0].mean.notes.map(\.code) == ["no-counts"])
  }

  @Test func `a count that all papers share has no limits`() async throws {
    let alike = BinaryMatrix(
      text: ["1", "0", "1"],
      papers: (0..<3).map { Paper(slug: "p\($0)", covariates: ["claims": "5", "flags": "0"]) })
    let rows = try await Run()(CountSummary(["claims", "flags"]), of: Study(alike))[0].result
    #expect(rows.map(\.mean.value) == [5, 0] && rows.allSatisfy { $0.mean.upper == nil })
    #expect(rows.map { $0.mean.notes.map(\.code) } == [["no-variance"], ["all-zero"]])
  }

  @Test func `relations are those of pairs of papers that have both`() async throws {
    let rows = try await Run()(VariableRelations(["claims"]), of: Study(matrix))
    #expect(rows.map(\.coefficient) == [.pearson, .spearman] && rows[0].count == 4)
    #expect(rows[0].mean == 2 && rows[0].greatest == 4)
    await #expect(throws: AnalysisRefused.self) {
      try await Run()(
        VariableRelations(["claims"]),
        of: Study(matrix, plan: SamplingPlan(cluster: "cluster")))
    }
    let table = Table(relations: rows, level: 0.95, adjustment: .holm)
    #expect(table["a"]?.values == .text(["claims", "claims"]))
  }

  @Test func `flags are grouped by their words`() {
    let flags = FlagTexts(
      [["No error bars", "x"], ["no error-bars!", "no error bars"], [], ["No error bars"]],
      scores: [10, 20, 60, 30])
    #expect(flags.rows.map(\.text) == ["No error bars", "x"])
    #expect(flags.rows[0].papers == [0, 1, 3] && flags.rows[0].wordingCount == 3)
    #expect(flags.rows[0].scores.first == 20 && flags.rows[0].scores.second == 60)
    #expect(flags.rows[0].scores.difference.value == -40)
    let table = Table(flags: flags, level: 0.95, adjustment: .holm)
    #expect(table["n_papers"]?.values == .integer([3, 1]))
  }

  @Test func `papers without a flag are all others`() {
    let scores = (0..<60).map { $0 % 7 == 0 ? nil : Double(($0 * 37) % 101) }
    let texts = (0..<60).map { paper in
      (paper % 3 == 0 ? ["third"] : []) + (paper % 5 != 0 ? ["most"] : [])
    }
    for row in FlagTexts(texts, scores: scores).rows {
      let plain = MeanScores(
        scores, first: row.papers, second: (0..<60).filter { !row.papers.contains($0) },
        level: 0.95)
      #expect(row.scores.firstCount == plain.firstCount && row.scores.first == plain.first)
      #expect(row.scores.secondCount == plain.secondCount)
      let (difference, expected) = (row.scores.difference, plain.difference)
      let parts = [
        (difference.value, expected.value), (difference.standardError, expected.standardError),
        (difference.lower, expected.lower), (difference.upper, expected.upper),
      ]
      for (own, other) in parts { #expect(abs((own ?? .nan) - (other ?? .nan)) < 1e-9) }
    }
    let equal = FlagTexts([["a"], ["a"], [], [], []], scores: [1, 3, 0.3, 0.3, 0.3])
    #expect(equal.rows[0].scores.difference.standardError == 1)
  }

  @Test func `papers on both sides of a tension are in neither mean`() throws {
    let topic = Tensions.Topic(
      name: "t", label: nil, positive: "claims >= 2", nuanced: "claims <= 2")
    let row = try TensionRow(
      topic, of: matrix.variables, scores: PaperScores(matrix).overall.values)
    #expect(row.positivePapers == [0] && row.nuancedPapers == [3] && row.bothCount == 2)
    #expect(row.scores.difference.value == 100)
    #expect(row.scores.difference.notes.map(\.code) == ["fewer-than-2-papers"])
  }
}

import RealModule
import SurveyStats
import Testing

/// Coefficients of weighted, clustered and stratified papers against R's survey and `cov.wt`.
@Suite struct DesignedAssociationTests {
  let answers: CorrelationGolden
  let golden: CorrelationGolden
  let matrix: BinaryMatrix
  let scores: ScoreColumns

  init() throws {
    answers = try CorrelationGolden("designed_answers")
    golden = try CorrelationGolden("designed")
    let columns = ["a", "b", "c", "d"].map { [answers] name in answers[name] }
    matrix = BinaryMatrix(
      papers: columns[0].indices.map { Paper(slug: "p\($0)") },
      items: ["a", "b", "c", "d"].map { Item(id: ItemID(category: "", name: $0)) }
    ) { paper, item in columns[item][paper] == "1" ? .yes : .no }
    scores = ScoreColumns(
      names: ["x", "y"], values: ["x", "y"].map { [answers] in answers.numbers($0) })
  }

  private func design(_ name: String) throws -> SamplingDesign {
    let isClustered = name == "clustered" || name == "both"
    let isStratified = name == "stratified" || name == "both"
    return try SamplingDesign(
      paperCount: matrix.papers.count, strata: isStratified ? answers["stratum"] : nil,
      clusters: isClustered ? answers["cluster"] : nil,
      weights: name == "weighted" ? answers.values("weight") : nil)
  }

  private func expected(_ name: String, _ quantity: String) -> [Double] {
    golden.rows(where: "case", is: name).rows(where: "quantity", is: quantity).values("value")
  }

  private static let coefficients: [(ItemCoefficient, String)] = [
    (.phi, "phi"), (.oddsRatio, "odds_ratio"), (.jaccard, "jaccard"),
    (.conditional, "conditional"), (.lift, "lift"), (.yuleQ, "yule_q"),
  ]

  /// Clusters and strata are of equal size, where the bias-reduced variance is that of survey.
  @Test(arguments: ["clustered", "stratified", "both"])
  func `standard errors are those of survey`(name: String) throws {
    for (coefficient, quantity) in Self.coefficients {
      let pair = PairwiseAssociations(
        items: matrix, coefficient: coefficient, design: try design(name)
      ).pairs[0]
      let values = expected(name, quantity)
      #expect(abs(try #require(pair.association.estimate) - values[0]) < 1e-12)
      #expect(abs(try #require(pair.association.standardError) - values[1]) < 1e-10)
      let (lower, upper) = (
        try #require(pair.association.lower), try #require(pair.association.upper)
      )
      #expect(lower < values[0] && values[0] < upper)
      let pValue = try #require(pair.association.pValue)
      if coefficient == .phi { #expect((pValue < 0.05) == (lower > 0 || upper < 0)) }
    }
    let pair = PairwiseAssociations(scores: scores, design: try design(name)).pairs[0]
    let values = expected(name, "pearson")
    #expect(abs(try #require(pair.association.estimate) - values[0]) < 1e-12)
    #expect(abs(try #require(pair.association.standardError) - values[1]) < 1e-10)
  }

  @Test func `weighted coefficients are those of survey and cov.wt`() throws {
    let design = try design("weighted")
    for (coefficient, quantity) in Self.coefficients {
      let pairs = PairwiseAssociations(items: matrix, coefficient: coefficient, design: design)
      let values = expected("weighted", quantity)
      #expect(abs(try #require(pairs.pairs[0].association.estimate) - values[0]) < 1e-12)
      // Kish's number bounds the error from below, and the bias reduction adds a little.
      #expect(try #require(pairs.pairs[0].association.standardError) > 0.99 * values[1])
      #expect(pairs.table().columns.contains { $0.name == "n_effective" })
      let statistic = ItemCorrelationStatistic(matrix, coefficient: coefficient, design: design)
      #expect(
        largestDifference(statistic.original(), pairs.pairs.compactMap(\.association.estimate))
          < 1e-12)
    }
    let phi = try PairwiseAssociations(items: matrix, design: design).correlationMatrix()
    #expect(largestDifference(phi.values.elements, expected("weighted", "correlations")) < 1e-12)
    #expect(
      largestDifference(
        try PrincipalComponents(phi).eigenvalues, expected("weighted", "eigenvalues")) < 1e-12)
    let weights = answers.values("weight")
    let kish =
      weights.reduce(0, +) * weights.reduce(0, +) / weights.reduce(0) { $0 + $1 * $1 }
    #expect(abs(try #require(phi.harmonicMeanCount) - kish) < 1e-9)
    for coefficient in ScoreCoefficient.allCases {
      let pair = PairwiseAssociations(scores: scores, coefficient: coefficient, design: design)
        .pairs[0]
      let value = expected("weighted", coefficient.rawValue)[0]
      #expect(abs(try #require(pair.association.estimate) - value) < 1e-12)
      let statistic = ScoreCorrelationStatistic(scores, coefficient: coefficient, design: design)
      #expect(abs(statistic.original()[0] - value) < 1e-12)
    }
  }

  /// References are numerical derivatives of the coefficients in the weights.
  @Test(arguments: [ScoreCoefficient.spearman, .kendall])
  func `rank coefficients have the errors of their influences`(
    coefficient: ScoreCoefficient
  ) throws {
    let pair = PairwiseAssociations(
      scores: scores, coefficient: coefficient, design: try design("clustered")
    ).pairs[0]
    let values = expected("clustered", coefficient.rawValue)
    #expect(abs(try #require(pair.association.estimate) - values[0]) < 1e-12)
    #expect(abs(try #require(pair.association.standardError) - values[1]) < 1e-6)
  }

  @Test func `reliability of weighted papers is that of weighted covariances`() throws {
    let design = try design("weighted")
    let reliability = try Reliability(matrix, design: design)
    let statistic = AlphaStatistic(matrix, design: design).original()
    for (found, quantity) in [
      (reliability.alpha, "alpha"), (statistic[0], "alpha"),
      (try #require(reliability.standardizedAlpha), "standardized_alpha"),
      (statistic[1], "standardized_alpha"),
    ] { #expect(abs(found - expected("weighted", quantity)[0]) < 1e-12) }
    #expect(reliability.feldtInterval() == nil)
  }

  @Test func `weights of one, and papers of weight zero, change nothing`() throws {
    let plain = PairwiseAssociations(items: matrix)
    let ones = try SamplingDesign(
      paperCount: 120, weights: [Double](repeating: 3, count: 120))
    #expect(PairwiseAssociations(items: matrix, design: ones) == plain)
    let weights = (0..<120).map { $0 % 5 == 0 ? 0.0 : Double(1 + $0 % 3) }
    let rows = weights.indices.filter { weights[$0] > 0 }
    let some = PairwiseAssociations(
      items: matrix, coefficient: .tetrachoric,
      design: try SamplingDesign(paperCount: 120, weights: weights))
    let part = PairwiseAssociations(
      items: matrix.selecting(papers: rows), coefficient: .tetrachoric,
      design: try SamplingDesign(paperCount: rows.count, weights: rows.map { weights[$0] }))
    for (pair, other) in zip(some.pairs, part.pairs) {
      #expect(pair.count == other.count && pair.cells == other.cells)
      #expect(
        abs(
          try #require(pair.association.estimate) - (try #require(other.association.estimate)))
          < 1e-9)
      #expect(
        abs(
          try #require(pair.association.standardError)
            - (try #require(other.association.standardError))) < 1e-9)
    }
  }

  @Test func `one cluster leaves no errors and says so, and few are said`() throws {
    let one = PairwiseAssociations(
      items: matrix,
      design: try SamplingDesign(paperCount: 120, clusters: (0..<120).map { _ in "x" }))
    let few = PairwiseAssociations(
      items: matrix,
      design: try SamplingDesign(paperCount: 120, clusters: (0..<120).map { "c\($0 % 8)" }))
    for pair in one.pairs {
      #expect(pair.association.standardError == nil && pair.association.pValue == nil)
      #expect(pair.designNotes == ["one-cluster"])
    }
    #expect(few.pairs.allSatisfy { $0.designNotes == ["few-effective-clusters: 8.0"] })
  }

  /// Beta-binomial clusters of unequal size, unrelated items: the test of independence holds its level.
  @Test func `clustered tests hold their level`() throws {
    var rejected = 0
    let trials = 400
    for trial in 0..<trials {
      var random = RandomStream(seed: 91, stream: UInt64(trial))
      var cells: [[Bool]] = []
      var clusters: [String] = []
      for cluster in 0..<40 {
        let shifts = [random.normal(), random.normal()]
        for _ in 0..<(2 + cluster % 6) {
          cells.append(shifts.map { 0.8 * $0 + random.normal() > 0.3 })
          clusters.append("c\(cluster)")
        }
      }
      let matrix = BinaryMatrix(
        papers: cells.indices.map { Paper(slug: "p\($0)") },
        items: [Item(id: ItemID("a")), Item(id: ItemID("b"))]
      ) { cells[$0][$1] ? .yes : .no }
      let pair = PairwiseAssociations(
        items: matrix,
        design: try SamplingDesign(paperCount: cells.count, clusters: clusters)
      ).pairs[0]
      if try #require(pair.association.pValue) < 0.05 { rejected += 1 }
    }
    #expect(Double(rejected) / Double(trials) < 0.08)
  }
}

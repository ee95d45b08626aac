import SurveyStats
import Testing

@Suite struct FactorAnalysisEdgeTests {
  func matrix(_ rows: [[Double]], count: Int = 100, names: [String]? = nil) -> CorrelationMatrix {
    CorrelationMatrix(
      names: names ?? (1...rows.count).map { "i\($0)" }, values: DenseMatrix(rows), count: count)
  }

  /// Correlations `0.9, 0.9, 0.5` ask for a squared loading of 0.9 · 0.9 / 0.5 > 1 on the first item.
  @Test(arguments: FactorExtraction.allCases)
  func `a Heywood case is named`(extraction: FactorExtraction) throws {
    let correlations = matrix([[1, 0.9, 0.9], [0.9, 1, 0.65], [0.9, 0.65, 1]])
    let solution = try FactorAnalysis(factors: 1, extraction: extraction).fit(correlations)
    #expect(solution.heywoodItems == ["i1"])
    #expect(abs(solution.uniquenesses[0] - 0.005) < 1e-9)
    guard case .text(let notes) = solution.communalitiesTable()["note"]?.values else {
      Issue.record("no notes")
      return
    }
    #expect(notes == ["heywood", nil, nil])
  }

  @Test(arguments: [1.0, -1.0])
  func `duplicate and opposite items are refused by name`(sign: Double) {
    let correlations = matrix(
      [
        [1, sign, 0.3, 0.2], [sign, 1, sign * 0.3, sign * 0.2], [0.3, sign * 0.3, 1, 0.4],
        [0.2, sign * 0.2, 0.4, 1],
      ],
      names: ["data", "code", "seed", "power"])
    #expect(throws: FactorError.duplicateItems("data", "code")) {
      try FactorAnalysis(factors: 1).fit(correlations)
    }
  }

  @Test func `too many factors are refused with the largest possible number`() {
    let correlations = matrix([
      [1, 0.3, 0.3, 0.2], [0.3, 1, 0.3, 0.2], [0.3, 0.3, 1, 0.4], [0.2, 0.2, 0.4, 1],
    ])
    #expect(
      throws: FactorError.tooFewDegreesOfFreedom(factors: 2, items: 4, largestPossible: 1)
    ) {
      try FactorAnalysis(factors: 2).fit(correlations)
    }
    #expect(throws: FactorError.factorCount(4, items: 4)) {
      try FactorAnalysis(factors: 4).fit(correlations)
    }
    #expect(throws: FactorError.factorCount(0, items: 4)) {
      try FactorAnalysis(factors: 0).fit(correlations)
    }
    #expect(FactorAnalysis.largestFactorCount(items: 64) == 53)
  }

  @Test func `an extraction that may not step says that it did not converge`() throws {
    let golden = try FactorGolden("factors")
    for extraction in [FactorExtraction.minres, .maximumLikelihood] {
      #expect(throws: FactorError.notConverged(iterations: 1)) {
        try FactorAnalysis(
          factors: 4, extraction: extraction, starts: 1, maximumIterations: 1
        ).fit(try golden.correlations("harman74"))
      }
    }
    #expect(throws: FactorError.notConverged(iterations: 20)) {
      try FactorAnalysis(factors: 4, extraction: .principalAxis, maximumIterations: 1).fit(
        try golden.correlations("harman74"))
    }
  }

  @Test func `an indefinite matrix is refused by all, a singular one by maximum likelihood`() throws
  {
    let indefinite = matrix([
      [1, 0.9, -0.9, 0.1], [0.9, 1, 0.9, 0.1], [-0.9, 0.9, 1, 0.1], [0.1, 0.1, 0.1, 1],
    ])
    for extraction in FactorExtraction.allCases {
      #expect(throws: FactorError.self) {
        try FactorAnalysis(factors: 1, extraction: extraction).fit(indefinite)
      }
    }
    // More items than papers: 5 papers, 8 items.
    var random = RandomStream(seed: 5)
    var data = DenseMatrix(rows: 5, columns: 8)
    for index in data.elements.indices { data.elements[index] = random.normal() }
    let singular = Self.correlations(data)
    #expect(throws: FactorError.self) {
      try FactorAnalysis(factors: 1, extraction: .maximumLikelihood).fit(singular)
    }
    let solution = try FactorAnalysis(factors: 1).fit(singular)
    let fit = FactorFit(solution)
    #expect(fit.chiSquare == nil && fit.rmsea == nil && fit.bic == nil)
    #expect(fit.srmr > 0)
    #expect(throws: FactorError.self) { try SamplingAdequacy(singular) }
  }

  @Test func `three papers give estimates but no test`() throws {
    let correlations = matrix([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]], count: 3)
    let solution = try FactorAnalysis(factors: 1).fit(correlations)
    // One factor of three items is exact: r12 r13 / r23.
    #expect(abs(solution.communalities[0] - 0.5 * 0.4 / 0.3) < 1e-8)
    let fit = FactorFit(solution)
    #expect(fit.chiSquare == nil)
    #expect(fit.degreesOfFreedom == 0)
  }

  @Test func `without degrees of freedom there is no p-value and no RMSEA`() throws {
    let correlations = matrix([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]])
    let fit = FactorFit(try FactorAnalysis(factors: 1).fit(correlations))
    #expect(fit.pValue == nil && fit.rmsea == nil && fit.tuckerLewis == nil)
    #expect((fit.chiSquare ?? 1) < 1e-9)
    guard case .text(let notes) = fit.table()["note"]?.values else {
      Issue.record("no notes")
      return
    }
    #expect(notes.contains("no-degrees-of-freedom"))
  }

  @Test func `one factor is not rotated but turned to be positive`() throws {
    let correlations = matrix([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]])
    for criterion in [RotationCriterion.varimax, .oblimin, .geomin, .promax] {
      let solution = try FactorAnalysis(factors: 1, rotation: Rotation(criterion))
        .fit(correlations)
      #expect(solution.pattern.elements.allSatisfy { $0 > 0 })
      #expect(solution.factorCorrelations.elements == [1])
    }
  }

  static func correlations(_ data: DenseMatrix) -> CorrelationMatrix {
    var centered = data
    for column in 0..<data.columns {
      let mean = data.column(column).reduce(0, +) / Double(data.rows)
      for row in 0..<data.rows { centered[row, column] -= mean }
      let length = centered.column(column).reduce(0) { $0 + $1 * $1 }.squareRoot()
      for row in 0..<data.rows { centered[row, column] /= length }
    }
    var values = centered.multiplied(by: centered, transposingSelf: true)
    for item in 0..<values.rows { values[item, item] = 1 }
    return CorrelationMatrix(
      names: (1...data.columns).map { "i\($0)" }, values: values, count: data.rows)
  }

  /// 20,000 draws: loadings have standard errors near 0.01.
  @Test(arguments: FactorExtraction.allCases)
  func `simulated loadings and factor correlations are recovered`(
    extraction: FactorExtraction
  ) throws {
    let pattern = DenseMatrix(
      [[0.8, 0], [0.7, 0], [0.6, 0], [0.5, 0], [0, 0.75], [0, 0.65], [0, 0.55], [0, 0.45]])
    let shared = 0.3
    var random = RandomStream(seed: 11)
    var data = DenseMatrix(rows: 20_000, columns: 8)
    for row in 0..<data.rows {
      let first = random.normal()
      let second = shared * first + (1 - shared * shared).squareRoot() * random.normal()
      for item in 0..<8 {
        let common = pattern[item, 0] * first + pattern[item, 1] * second
        let loading = pattern[item, 0] + pattern[item, 1]
        data[row, item] = common + (1 - loading * loading).squareRoot() * random.normal()
      }
    }
    let solution = try FactorAnalysis(
      factors: 2, extraction: extraction, rotation: Rotation(.oblimin)
    ).fit(Self.correlations(data))
    let (aligned, order, signs) = solution.pattern.aligned(to: pattern)
    #expect(largestDifference(aligned.elements, pattern.elements) < 0.04)
    let correlation = solution.factorCorrelations[order[0], order[1]] * signs[0] * signs[1]
    #expect(abs(correlation - shared) < 0.05)
    let fit = FactorFit(solution)
    #expect((fit.rmsea ?? 1) < 0.02)
    #expect((fit.comparativeFit ?? 0) > 0.99)
  }
}

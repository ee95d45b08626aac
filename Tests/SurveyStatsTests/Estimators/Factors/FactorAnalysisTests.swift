import SurveyStats
import Testing

@Suite struct FactorAnalysisTests {
  static let cases = [("harman74", 4), ("ability_cov", 2), ("bfi", 5)]

  let golden: FactorGolden

  init() throws { golden = try FactorGolden("factors") }

  func fit(
    _ name: String, _ factors: Int, _ extraction: FactorExtraction,
    rotation: RotationCriterion = .none
  ) throws -> FactorSolution {
    try FactorAnalysis(
      factors: factors, extraction: extraction, rotation: Rotation(rotation)
    ).fit(try golden.correlations(name))
  }

  @Test(arguments: cases)
  func `maximum likelihood agrees with factanal`(name: String, factors: Int) throws {
    let solution = try fit(name, factors, .maximumLikelihood)
    let expected = try golden.values(name, "ml_uniquenesses")
    #expect(largestDifference(solution.uniquenesses, expected) < FactorTolerance.communality)
    let loadings = try golden.matrix(name, "ml_loadings")
    let product = solution.unrotated.multiplied(by: solution.unrotated, transposingOther: true)
    let reference = loadings.multiplied(by: loadings, transposingOther: true)
    #expect(
      largestDifference(product.elements, reference.elements) < FactorTolerance.orthogonalLoading)
    #expect(solution.heywoodItems.isEmpty)
  }

  /// psych is the one who is off.
  ///
  /// It stops its minres early, so that its communalities differ by up to 8e-5 from the point
  /// where the gradient `diag(LL') + psi - 1` vanishes. Here it does, to 1e-9, as it does for the
  /// solution that the golden script iterates in R without psych.
  @Test(arguments: cases)
  func `minres agrees with a converged solution, and psych nearly does`(
    name: String, factors: Int
  ) throws {
    let solution = try fit(name, factors, .minres)
    let expected = try golden.values(name, "minres_uniquenesses")
    #expect(largestDifference(solution.uniquenesses, expected) < FactorTolerance.communality)
    let gradient = zip(solution.communalities, solution.uniquenesses).map { $0 + $1 - 1 }
    #expect(gradient.allSatisfy { abs($0) < 1e-9 })
    let psych = try golden.values(name, "psych_minres_communalities")
    #expect(
      largestDifference(solution.communalities, psych) < FactorTolerance.psychCommunality)
  }

  @Test(arguments: cases)
  func `principal axes end where minres does`(name: String, factors: Int) throws {
    let solution = try fit(name, factors, .principalAxis)
    let minres = try fit(name, factors, .minres)
    #expect(
      largestDifference(solution.communalities, minres.communalities) < FactorTolerance.communality)
    let psych = try golden.values(name, "psych_pa_communalities")
    #expect(largestDifference(solution.communalities, psych) < FactorTolerance.communality)
  }

  @Test(arguments: cases, [FactorExtraction.maximumLikelihood, .minres])
  func `fit agrees with the formulas`(example: (String, Int), extraction: FactorExtraction) throws {
    let (name, factors) = example
    let fit = FactorFit(try fit(name, factors, extraction))
    let prefix = extraction == .minres ? "minres" : "ml"
    let expected = try golden.values(name, "\(prefix)_fit")
    let interval = try #require(fit.rmseaInterval)
    let found: [Double?] = [
      fit.discrepancy, Double(fit.degreesOfFreedom), fit.chiSquare, fit.pValue, fit.nullChiSquare,
      fit.rmsea, interval.lowerBound, interval.upperBound, fit.tuckerLewis, fit.comparativeFit,
      fit.rmsr, fit.srmr, fit.bic,
    ]
    for (value, reference) in zip(found, expected) {
      let value = try #require(value)
      #expect(abs(value - reference) <= FactorTolerance.fit * max(abs(reference), 1e-3))
    }
  }

  @Test(arguments: cases)
  func `the chi-square is factanal's`(name: String, factors: Int) throws {
    let fit = FactorFit(try fit(name, factors, .maximumLikelihood))
    let expected = try golden.values(name, "factanal_statistic")
    let chiSquare = try #require(fit.chiSquare)
    #expect(abs(chiSquare - expected[0]) < 1e-8 * expected[0])
    #expect(Double(fit.degreesOfFreedom) == expected[1])
  }

  @Test(arguments: cases)
  func `sampling adequacy agrees with psych`(name: String, factors: Int) throws {
    let adequacy = try SamplingAdequacy(try golden.correlations(name))
    let expected = try golden.values(name, "kmo")
    let found = [adequacy.overall] + adequacy.items
    #expect(largestDifference(found.compactMap { $0 }, expected) < FactorTolerance.closedForm)
    let test = try golden.values(name, "bartlett")
    #expect(abs(try #require(adequacy.chiSquare) - test[0]) < FactorTolerance.closedForm * test[0])
    #expect(Double(adequacy.degreesOfFreedom) == test[2])
    let pValue = try #require(adequacy.pValue)
    #expect(abs(pValue - test[1]) <= 1e-8 * test[1])
  }

  @Test(arguments: cases)
  func `at the maximum of the likelihood the model has the variances observed`(
    name: String, factors: Int
  ) throws {
    let solution = try fit(name, factors, .maximumLikelihood)
    #expect(solution.modelCorrelations.diagonal.allSatisfy { abs($0 - 1) < 1e-8 })
    #expect(solution.iterations < 20)
  }

  @Test func `complexity lies between one and the number of factors`() throws {
    let solution = try fit("bfi", 5, .minres, rotation: .oblimin)
    for (item, complexity) in solution.complexities.enumerated() {
      let value = try #require(complexity)
      #expect(value >= 1 && value <= 5)
      let squares = solution.pattern.row(item).map { $0 * $0 }
      let sum = squares.reduce(0, +)
      #expect(abs(value - sum * sum / squares.map { $0 * $0 }.reduce(0, +)) < 1e-12)
    }
  }

  @Test func `variances of correlated factors sum to the communalities`() throws {
    let solution = try fit("bfi", 5, .minres, rotation: .oblimin)
    let total = solution.rotated.variances.reduce(0, +)
    #expect(abs(total - solution.communalities.reduce(0, +)) < 1e-10)
  }

  @Test func `tables have the columns of the contract`() throws {
    let solution = try fit("ability_cov", 2, .minres, rotation: .oblimin)
    #expect(
      solution.loadingsTable().columns.map(\.name)
        == ["term", "factor", "estimate", "conf_low", "conf_high", "structure", "note"])
    #expect(solution.loadingsTable().rowCount == 12)
    #expect(solution.communalitiesTable().rowCount == 6)
    #expect(solution.correlationsTable().rowCount == 1)
    #expect(solution.variancesTable().rowCount == 2)
    #expect(FactorFit(solution).table().rowCount == 11)
    #expect(try SamplingAdequacy(solution.correlations).table().rowCount == 8)
  }
}

import SurveyStats
import Testing

@Suite struct OmegaTests {
  let golden: FactorGolden

  init() throws { golden = try FactorGolden("reliability") }

  func solution(_ factors: Int, harman: Bool = false) throws -> FactorSolution {
    let correlations =
      try harman
      ? FactorGolden("factors").correlations("harman74")
      : ReliabilityTests.published("ability_complete").phi()
    return try FactorAnalysis(factors: factors, rotation: Rotation(.oblimin)).fit(correlations)
  }

  /// The references are converged; psych's own values rest on minres solutions that stop early.
  @Test(arguments: [
    ("ability_complete", 2), ("ability_complete", 3), ("ability_complete", 4),
    ("harman74", 4),
  ])
  func `omega agrees with a converged Schmid-Leiman, and nearly with psych`(
    name: String, factors: Int
  ) throws {
    let omega = try Omega(solution(factors, harman: name == "harman74"))
    let expected = try golden.values(name, "omega_\(factors)")
    #expect(abs(omega.total - expected[1]) < FactorTolerance.omega)
    let found = [
      try #require(omega.hierarchical), try #require(omega.explainedCommonVariance),
    ]
    #expect(
      largestDifference(found, [expected[0], expected[2]]) < FactorTolerance.omegaHierarchical)
    let general = try golden.values(name, "general_\(factors)")
    #expect(largestDifference(omega.general, general) < FactorTolerance.obliqueLoading)
    let psych = try golden.values(name, "psych_omega_\(factors)")
    #expect(abs(omega.total - psych[1]) < FactorTolerance.psychOmega)
    #expect(abs(try #require(omega.hierarchical) - psych[0]) < FactorTolerance.psychOmega)
    #expect(abs(try #require(omega.asymptotic) - psych[2]) < FactorTolerance.psychOmega)
  }

  @Test func `with one factor there is omega total only`() throws {
    let omega = try Omega(solution(1))
    #expect(omega.hierarchical == nil && omega.explainedCommonVariance == nil)
    #expect(
      abs(omega.total - (try golden.values("ability_complete", "omega_1")[0]))
        < FactorTolerance.omega)
  }

  @Test func `general and group loadings reproduce the communalities`() throws {
    // Exactly where the second-order factor reproduces the factor correlations: three factors.
    let solution = try solution(3)
    let omega = try Omega(solution)
    for item in omega.names.indices {
      let sum = omega.group.row(item).reduce(omega.general[item] * omega.general[item]) {
        $0 + $1 * $1
      }
      #expect(abs(sum - solution.communalities[item]) < 1e-6)
    }
    #expect(omega.table().rowCount == 4 * 16)
  }

  @Test func `omega of raw items weighs them by their spread`() throws {
    let matrix = try ReliabilityTests.published("ability_complete")
    let reliability = try Reliability(matrix)
    let raw = try Omega(solution(3), standardDeviations: reliability.standardDeviations)
    let standardized = try Omega(solution(3))
    #expect(abs(raw.total - standardized.total) < 0.02)
    #expect(raw.total != standardized.total)
    let table = reliability.table(splits: reliability.splits(), omega: raw)
    #expect(table.rowCount == 18)
  }
}

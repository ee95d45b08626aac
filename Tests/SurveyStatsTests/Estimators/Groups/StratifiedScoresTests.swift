import Testing

@testable import SurveyStats

@Suite struct StratifiedScoresTests {
  @Test func `the difference is that of least squares with an intercept a stratum`() throws {
    // R 4.2.2: lm(lwt ~ smoke + factor(race), MASS::birthwt).
    let birthwt = RegressionGolden.data("logistic", "birthwt")
    guard case .categorical(let races)? = birthwt.covariate(named: "race") else { return }
    let (smoke, weight) = (birthwt.numbers("smoke"), birthwt.numbers("lwt"))
    let strata = ["white", "black", "other"].map { race in
      func values(_ smoking: Double) -> [Double] {
        weight.indices.filter { races[$0] == race && smoke[$0] == smoking }.map { weight[$0] }
      }
      return (first: values(1), second: values(0))
    }
    let result = StratifiedScores(strata)
    let difference = try #require(result.difference)
    #expect(abs(difference.estimate + 7.353905991075588) < 1e-10)
    #expect((difference.standardError ?? 0) > 3 && (difference.standardError ?? 0) < 6)
    #expect((result.pValue ?? 0) > 0.05 && result.leftOutStrata == 0)
  }

  @Test func `strata of one group are left out, single papers have the pooled variance`() {
    let result = StratifiedScores([([1, 3], [2, 4]), ([5], [4, 5]), ([1], [])])
    #expect(result.leftOutStrata == 1)
    // Weights 1 and 2/3, differences -1 and 0.5; pooled variance (2 + 2 + 0.5)/3 = 1.5.
    let expected = (-1 + 2.0 / 3 * 0.5) / (5.0 / 3)
    let variance = (1 + 1) + 4.0 / 9 * (1.5 + 0.25)
    #expect(abs((result.difference?.estimate ?? .nan) - expected) < 1e-12)
    #expect(
      abs((result.difference?.standardError ?? .nan) - variance.squareRoot() / (5.0 / 3)) < 1e-12)
    #expect(StratifiedScores([([1], [])]).difference == nil)
    #expect(StratifiedScores([([1], [1])]).pValue == nil)
  }
}

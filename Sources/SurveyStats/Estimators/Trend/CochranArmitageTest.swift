/// Cochran and Armitage's test that a rate changes linearly with a numeric covariate.
///
/// With scores x and answers y of n papers and the overall rate p the statistic is
/// z = Σ (x − x̄) y / √(p(1 − p) Σ (x − x̄)²), the score test of a logistic slope; its square is
/// R's `prop.trend.test`. Papers without an answer or covariate must be left out. Undefined when
/// all answers or all covariates are equal.
///
/// References: Cochran (1954), Biometrics 10:417; Armitage (1955), Biometrics 11:375.
public struct CochranArmitageTest: Sendable, Equatable {
  /// The statistic z, positive when the rate rises.
  public let statistic: Double

  /// The two-sided p-value.
  public var pValue: Double { 2 * Normal().survival(abs(statistic)) }

  /// Tests answers against a covariate.
  public init?(_ covariate: [Double], _ answers: [Bool]) {
    let moments = Moments(covariate)
    let n = Double(answers.count)
    let rate = Double(answers.count { $0 }) / max(n, 1)
    let squares = moments.variance * (n - 1)
    guard answers.count > 1, rate > 0, rate < 1, squares > 0 else { return nil }
    let sum = zip(covariate, answers).reduce(0) { $0 + ($1.1 ? $1.0 - moments.mean : 0) }
    statistic = sum / (rate * (1 - rate) * squares).squareRoot()
  }
}

import RealModule
import SurveyStats

/// How many unpublished studies without effect would take a result away.
public enum FailSafeNumber {
  /// Studies that make Stouffer's combined one-sided test not significant (Rosenthal 1979,
  /// *Psychological Bulletin* 86:638).
  public static func rosenthal(_ effects: [Double], variances: [Double], alpha: Double) -> Int {
    let k = Double(effects.count)
    let sum = zip(effects, variances).reduce(0) { $0 + $1.0 / $1.1.squareRoot() }
    let ratio = sum / k.squareRoot() / Normal().upperQuantile(alpha)
    return rounded(k * ratio * ratio - k)
  }

  /// Studies of effect zero that bring the mean effect down to a target, by default half of it.
  ///
  /// `nil` for a target of zero, which no number reaches (Orwin 1983, *Journal of Educational Statistics*
  /// 8:157).
  public static func orwin(_ effects: [Double], target: Double? = nil) -> Int? {
    let k = Double(effects.count)
    let mean = effects.reduce(0, +) / k
    var target = target ?? mean / 2
    guard target != 0, mean != 0 else { return nil }
    if (target < 0) != (mean < 0) { target = -target }
    return rounded(k * (mean - target) / target)
  }

  /// Studies of average weight that make the common-effect test not significant (Rosenberg 2005,
  /// *Evolution* 59:464).
  public static func rosenberg(_ effects: [Double], variances: [Double], alpha: Double) -> Int {
    let weight = variances.reduce(0) { $0 + 1 / $1 }
    let sum = zip(effects, variances).reduce(0) { $0 + $1.0 / $1.1 }
    let ratio = sum / Normal().upperQuantile(alpha / 2)
    return rounded(Double(effects.count) * (ratio * ratio - weight) / weight)
  }

  /// The next whole number, at least zero; digits that rounding errors leave do not count.
  private static func rounded(_ number: Double) -> Int {
    Int(max(0, (number - 1e-9 * abs(number)).rounded(.up)))
  }
}

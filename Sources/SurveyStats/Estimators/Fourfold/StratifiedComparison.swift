import RealModule

/// Two groups compared within strata, so that a different mix of strata is not read as a
/// difference.
///
/// Strata in which one group has no papers tell nothing and are left out (and counted). The
/// Mantel–Haenszel odds ratio is Σ a d/n over Σ b c/n with the variance of Robins, Breslow &
/// Greenland; the common difference Σ w (p₁ − p₂)/Σ w with w = n₁n₂/n and Sato's variance; the test
/// is the Cochran–Mantel–Haenszel chi-square without continuity correction. Homogeneity of the odds
/// ratios is tested by Breslow and Day with Tarone's correction.
///
/// References: Robins, Breslow & Greenland (1986), Biometrics 42:311; Sato (1989), Biometrics
/// 45:1323; Breslow & Day (1980), Statistical Methods in Cancer Research I, section 4.4; Tarone
/// (1985), Biometrika 72:91.
public struct StratifiedComparison: Sendable, Equatable {
  /// The strata in which both groups have papers.
  public let strata: [TwoProportions]
  /// The number of strata left out because a group has no papers there.
  public let leftOutStrata: Int

  /// Creates a comparison from its strata.
  public init(_ strata: [TwoProportions]) {
    self.strata = strata.filter { $0.firstCount > 0 && $0.secondCount > 0 }
    leftOutStrata = strata.count - self.strata.count
  }

  /// The logarithm of the Mantel–Haenszel odds ratio with its standard error; `nil` when a sum is
  /// zero.
  public var logOddsRatio: (estimate: Double, standardError: Double)? {
    var (r, s) = (0.0, 0.0)
    var (pr, mixed, qs) = (0.0, 0.0, 0.0)
    for table in strata.map(\.table) {
      let n = table.total
      let (concordant, discordant) = (table.n11 * table.n00 / n, table.n10 * table.n01 / n)
      let (p, q) = ((table.n11 + table.n00) / n, (table.n10 + table.n01) / n)
      r += concordant
      s += discordant
      pr += p * concordant
      mixed += p * discordant + q * concordant
      qs += q * discordant
    }
    guard r > 0, s > 0 else { return nil }
    let variance = pr / (2 * r * r) + mixed / (2 * r * s) + qs / (2 * s * s)
    return (Double.log(r / s), variance.squareRoot())
  }

  /// The Mantel–Haenszel difference of proportions with Sato's standard error; `nil` without strata.
  public var difference: (estimate: Double, standardError: Double)? {
    var (weights, sum, p, q) = (0.0, 0.0, 0.0, 0.0)
    for stratum in strata {
      let (n1, n2) = (Double(stratum.firstCount), Double(stratum.secondCount))
      let (x1, x2) = (Double(stratum.firstYes), Double(stratum.secondYes))
      let n = n1 + n2
      weights += n1 * n2 / n
      sum += (x1 * n2 - x2 * n1) / n
      p += (n1 * n1 * x2 - n2 * n2 * x1 + n1 * n2 * (n2 - n1) / 2) / (n * n)
      q += (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * n)
    }
    guard weights > 0 else { return nil }
    let estimate = sum / weights
    return (estimate, max(0, estimate * p + q).squareRoot() / weights)
  }

  /// The normal interval of ``difference``.
  func differenceInterval(level: Double = 0.95) -> Estimate {
    guard let difference else { return Estimate(nil) }
    let distance = Normal().upperQuantile((1 - level) / 2) * difference.standardError
    return Estimate(
      difference.estimate, standardError: difference.standardError,
      lower: difference.estimate - distance, upper: difference.estimate + distance, level: level)
  }

  /// The Cochran–Mantel–Haenszel statistic, χ² with one degree of freedom; `nil` when no answer
  /// varies within a stratum.
  public var statistic: Double? {
    var (gap, variance) = (0.0, 0.0)
    for table in strata.map(\.table) where table.total > 1 {
      let n = table.total
      gap += table.n11 - table.first * table.second / n
      variance +=
        table.first * (n - table.first) * table.second * (n - table.second) / (n * n * (n - 1))
    }
    return variance > 0 ? gap * gap / variance : nil
  }

  /// The p-value of the Cochran–Mantel–Haenszel test.
  public var pValue: Double? { statistic.map { ChiSquared(degreesOfFreedom: 1).survival($0) } }

  /// The Breslow–Day statistic of equal odds ratios, plain and with Tarone's correction, and its
  /// degrees of freedom; `nil` with fewer than two strata in which answers vary.
  public var homogeneity: (breslowDay: Double, tarone: Double, degreesOfFreedom: Int)? {
    let informative = strata.map(\.table).filter { !$0.hasConstantItem }
    guard informative.count > 1, let ratio = logOddsRatio.map({ Double.exp($0.estimate) }) else {
      return nil
    }
    var (sum, gap, variance) = (0.0, 0.0, 0.0)
    for table in informative {
      let expected = Self.fittedCell(table, oddsRatio: ratio)
      let (n1, n) = (table.first, table.total)
      let m = table.second
      let spread =
        1
        / (1 / expected + 1 / (m - expected) + 1 / (n1 - expected)
          + 1 / (n - n1 - m + expected))
      sum += (table.n11 - expected) * (table.n11 - expected) / spread
      gap += table.n11 - expected
      variance += spread
    }
    return (sum, sum - gap * gap / variance, informative.count - 1)
  }

  /// The p-value of Tarone's statistic.
  public var homogeneityPValue: Double? {
    homogeneity.map {
      ChiSquared(degreesOfFreedom: Double($0.degreesOfFreedom)).survival($0.tarone)
    }
  }

  /// The first cell that has the margins of a table and the given odds ratio.
  private static func fittedCell(_ table: TwoByTwoTable, oddsRatio: Double) -> Double {
    let (n1, m, n) = (table.first, table.second, table.total)
    let low = max(0, n1 + m - n)
    let high = min(n1, m)
    let a = 1 - oddsRatio
    let b = n - n1 - m + oddsRatio * (n1 + m)
    let c = -oddsRatio * n1 * m
    if abs(a) < 1e-12 { return -c / b }
    let root = max(0, b * b - 4 * a * c).squareRoot()
    // The root without cancellation, and its companion; one of them lies within the margins.
    let q = -(b + (b < 0 ? -root : root)) / 2
    let candidates = [q / a, c / q]
    return candidates.first { $0 >= low && $0 <= high } ?? min(max(candidates[1], low), high)
  }
}

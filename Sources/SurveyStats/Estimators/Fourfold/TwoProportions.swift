import RealModule

/// Two independent proportions: x₁ of n₁ papers of one group and x₂ of n₂ of another.
///
/// The difference is p₁ − p₂, the risk ratio p₁/p₂, the odds ratio p₁(1 − p₂)/(p₂(1 − p₁)). A group
/// without papers leaves everything undefined; ratios with a zero are undefined, their limits too.
public struct TwoProportions: Sendable, Equatable {
  /// Yes in the first group.
  public let firstYes: Int
  /// Papers of the first group.
  public let firstCount: Int
  /// Yes in the second group.
  public let secondYes: Int
  /// Papers of the second group.
  public let secondCount: Int

  /// Creates two proportions; yes must not exceed the papers.
  public init(_ firstYes: Int, of firstCount: Int, _ secondYes: Int, of secondCount: Int) {
    precondition((0...max(firstCount, 0)).contains(firstYes), "more yes than papers")
    precondition((0...max(secondCount, 0)).contains(secondYes), "more yes than papers")
    self.firstYes = firstYes
    self.firstCount = firstCount
    self.secondYes = secondYes
    self.secondCount = secondCount
  }

  /// The first proportion; `nil` without papers.
  public var first: Double? { firstCount > 0 ? Double(firstYes) / Double(firstCount) : nil }
  /// The second proportion; `nil` without papers.
  public var second: Double? { secondCount > 0 ? Double(secondYes) / Double(secondCount) : nil }

  /// The groups by the answer, as a table of counts.
  public var table: TwoByTwoTable {
    TwoByTwoTable(firstYes, firstCount - firstYes, secondYes, secondCount - secondYes)
  }

  /// The difference p₁ − p₂.
  public var difference: Double? {
    guard let first, let second else { return nil }
    return first - second
  }

  /// The standard error of the difference, √(p₁q₁/n₁ + p₂q₂/n₂).
  var differenceError: Double? {
    guard let first, let second else { return nil }
    let variance =
      first * (1 - first) / Double(firstCount) + second * (1 - second) / Double(secondCount)
    return variance.squareRoot()
  }

  /// Newcombe's hybrid score interval of the difference (method 10), from two Wilson intervals.
  ///
  /// Reference: Newcombe (1998), Statistics in Medicine 17:873.
  public func newcombeInterval(level: Double = 0.95) -> Estimate {
    let wilson = ProportionInterval.wilson
    guard let first, let second,
      let a = wilson.limits(
        successes: Double(firstYes), trials: Double(firstCount), level: level),
      let b = wilson.limits(
        successes: Double(secondYes), trials: Double(secondCount), level: level)
    else { return Estimate(nil) }
    let below = Double.hypot(first - a.lower, b.upper - second)
    let above = Double.hypot(a.upper - first, second - b.lower)
    return Estimate(
      first - second, lower: first - second - below, upper: first - second + above, level: level)
  }

  /// The logarithm of the risk ratio with its standard error √(1/x₁ − 1/n₁ + 1/x₂ − 1/n₂).
  ///
  /// Reference: Katz, Baptista, Azen & Pike (1978), Biometrics 34:469.
  public var logRiskRatio: (estimate: Double, standardError: Double)? {
    guard let first, let second, firstYes > 0, secondYes > 0 else { return nil }
    let variance =
      1 / Double(firstYes) - 1 / Double(firstCount) + 1 / Double(secondYes)
      - 1 / Double(secondCount)
    return (Double.log(first / second), variance.squareRoot())
  }

  /// The logarithm of the odds ratio with its standard error √(1/a + 1/b + 1/c + 1/d).
  ///
  /// Reference: Woolf (1955), Annals of Human Genetics 19:251.
  public var logOddsRatio: (estimate: Double, standardError: Double)? {
    let table = table
    guard table.smallestCell > 0 else { return nil }
    let variance = 1 / table.n11 + 1 / table.n10 + 1 / table.n01 + 1 / table.n00
    return (
      Double.log(table.n11 * table.n00 / (table.n10 * table.n01)), variance.squareRoot()
    )
  }

  /// A test of equal proportions.
  public enum Test: String, Sendable, CaseIterable {
    /// The (n − 1) chi-square, which is the score test of Miettinen and Nurminen's limits, so that both
    /// agree. For the small groups in which it errs too often see ``TwoProportions/usualScore(isUnbiased:)``.
    case automatic
    /// Pearson's chi-square without continuity correction.
    case chiSquare = "chi-square"
    /// Pearson's chi-square times (n − 1)/n (Campbell 2007, Statistics in Medicine 26:3661).
    case reducedChiSquare = "chi-square-n1"
    /// Fisher's exact test, two-sided by R's rule.
    case fisher
    /// Fisher's test less half the probability of the observed table.
    case fisherMidP = "fisher-mid-p"

    /// The name in results.
    public var name: MethodName {
      switch self {
      case .reducedChiSquare: MethodName(rawValue: "chi-square (n-1)")
      case .fisherMidP: MethodName(rawValue: "fisher mid-p")
      default: MethodName(rawValue: rawValue)
      }
    }
  }

  /// The result of a test: the test that was used, its statistic if it has one, and its p-value.
  public struct TestResult: Sendable, Equatable {
    /// The test used, never `automatic`.
    public let test: Test
    /// The chi-square statistic; `nil` for exact tests.
    public let statistic: Double?
    /// The p-value, two-sided.
    public let pValue: Double
  }

  /// Tests that the proportions are equal; `nil` when a group is empty or no answer varies.
  public func test(_ test: Test = .automatic) -> TestResult? {
    let table = table
    guard firstCount > 0, secondCount > 0, !table.hasConstantItem else { return nil }
    let total = table.total
    let determinant = table.determinant
    let chiSquare =
      total * determinant * determinant
      / (table.first * (total - table.first) * table.second * (total - table.second))
    let distribution = ChiSquared(degreesOfFreedom: 1)
    switch test {
    case .automatic:
      return self.test(.reducedChiSquare)
    case .chiSquare:
      return TestResult(
        test: test, statistic: chiSquare, pValue: distribution.survival(chiSquare))
    case .reducedChiSquare:
      let reduced = chiSquare * (total - 1) / total
      return TestResult(test: test, statistic: reduced, pValue: distribution.survival(reduced))
    case .fisher: return TestResult(test: test, statistic: nil, pValue: table.fisherPValue)
    case .fisherMidP:
      let mid = table.fisherPValue - table.probability / 2
      return TestResult(test: test, statistic: nil, pValue: max(0, mid))
    }
  }
}

extension TwoByTwoTable {
  /// The hypergeometric probability of the table given its margins.
  var probability: Double {
    func logFactorial(_ n: Double) -> Double { Double.logGamma(n + 1) }
    let margins =
      logFactorial(first) + logFactorial(total - first) + logFactorial(second)
      + logFactorial(total - second)
    let cells =
      logFactorial(n11) + logFactorial(n10) + logFactorial(n01) + logFactorial(n00)
    return Double.exp(margins - cells - logFactorial(total))
  }
}

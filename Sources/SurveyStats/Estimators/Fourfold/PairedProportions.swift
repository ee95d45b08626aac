import RealModule

/// Two items answered by the same papers: how often the answers differ.
///
/// Only papers to which both items apply count. The difference is p₁ − p₂ = (b − c)/n, b being the
/// papers with yes to the first only and c those with yes to the second only.
public struct PairedProportions: Sendable, Equatable {
  /// Yes to both.
  public let both: Int
  /// Yes to the first only.
  public let firstOnly: Int
  /// Yes to the second only.
  public let secondOnly: Int
  /// Yes to neither.
  public let neither: Int

  /// Creates a pair from its four counts.
  public init(both: Int, firstOnly: Int, secondOnly: Int, neither: Int) {
    self.both = both
    self.firstOnly = firstOnly
    self.secondOnly = secondOnly
    self.neither = neither
  }

  /// Counts two items of a matrix.
  public init(_ matrix: BinaryMatrix, _ first: Int, _ second: Int) {
    var counts = [0, 0, 0, 0]
    for paper in matrix.papers.indices
    where matrix.applies[paper, first] && matrix.applies[paper, second] {
      let position = (matrix.yes[paper, first] ? 0 : 2) + (matrix.yes[paper, second] ? 0 : 1)
      counts[position] += 1
    }
    self.init(
      both: counts[0], firstOnly: counts[1], secondOnly: counts[2], neither: counts[3])
  }

  /// The number of papers.
  public var count: Int { both + firstOnly + secondOnly + neither }
  /// The share of yes to the first item; `nil` without papers.
  public var first: Double? { count > 0 ? Double(both + firstOnly) / Double(count) : nil }
  /// The share of yes to the second item; `nil` without papers.
  public var second: Double? { count > 0 ? Double(both + secondOnly) / Double(count) : nil }
  /// The difference of the shares; `nil` without papers.
  public var difference: Double? {
    count > 0 ? Double(firstOnly - secondOnly) / Double(count) : nil
  }

  /// The standard error of the difference, √((b + c − (b − c)²/n))/n.
  var differenceError: Double? {
    guard count > 0 else { return nil }
    let (b, c, n) = (Double(firstOnly), Double(secondOnly), Double(count))
    return max(0, b + c - (b - c) * (b - c) / n).squareRoot() / n
  }

  /// McNemar's statistic (b − c)²/(b + c) without continuity correction; `nil` when the items never
  /// differ.
  public var mcNemarStatistic: Double? {
    let discordant = Double(firstOnly + secondOnly)
    guard discordant > 0 else { return nil }
    let gap = Double(firstOnly - secondOnly)
    return gap * gap / discordant
  }

  /// McNemar's exact p-value: the two-sided binomial test of b of b + c at one half.
  public var exactPValue: Double {
    let trials = firstOnly + secondOnly
    let tail = Binomial(trials: trials, probability: 0.5)
      .cumulativeProbability(min(firstOnly, secondOnly))
    return min(1, 2 * tail)
  }

  /// McNemar's mid-p-value: twice the smaller tail, half the probability of the observed split left
  /// out (Fagerland, Lydersen & Laake 2013, BMC Medical Research Methodology 13:91).
  public var midPValue: Double {
    let distribution = Binomial(trials: firstOnly + secondOnly, probability: 0.5)
    let smaller = min(firstOnly, secondOnly)
    return min(
      1, 2 * distribution.cumulativeProbability(smaller) - distribution.density(smaller))
  }

  /// Newcombe's interval of the paired difference (method 10): two Wilson intervals and the
  /// continuity-corrected φ between the items.
  ///
  /// Reference: Newcombe (1998), Statistics in Medicine 17:2635.
  public func newcombeInterval(level: Double = 0.95) -> Estimate {
    let wilson = ProportionInterval.wilson
    let n = Double(count)
    guard let first, let second,
      let a = wilson.limits(successes: Double(both + firstOnly), trials: n, level: level),
      let b = wilson.limits(successes: Double(both + secondOnly), trials: n, level: level)
    else { return Estimate(nil) }
    let phi = correctedPhi
    func distance(_ own: Double, _ other: Double) -> Double {
      max(0, own * own - 2 * phi * own * other + other * other).squareRoot()
    }
    return Estimate(
      first - second, lower: first - second - distance(first - a.lower, b.upper - second),
      upper: first - second + distance(a.upper - first, second - b.lower), level: level)
  }

  private var correctedPhi: Double {
    let (a, b, c, d) = (
      Double(both), Double(firstOnly), Double(secondOnly), Double(neither)
    )
    let margins = (a + b) * (c + d) * (a + c) * (b + d)
    guard margins > 0 else { return 0 }
    let determinant = a * d - b * c
    let corrected = determinant > 0 ? max(0, determinant - Double(count) / 2) : determinant
    return corrected / margins.squareRoot()
  }
}

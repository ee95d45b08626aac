import RealModule

/// Two rates compared by score statistics: difference, ratio and odds ratio, whose limits and p-value
/// are of one family.
///
/// A value θ of the difference p₁ − p₂, the ratio p₁/p₂ or the odds ratio lies within the limits when
/// the estimates are not too far from what it says: `|z(θ)| ≤ q`, with
///
///     z(d) = (p̂₁ − p̂₂ − d) / √(c (p̃₁ q̃₁/n₁ + p̃₂ q̃₂/n₂))
///     z(R) = (p̂₁ − R p̂₂) / √(c (p̃₁ q̃₁/n₁ + R² p̃₂ q̃₂/n₂))
///     z(ψ) = n₁ (p̂₁ − p̃₁) √((1/(n₁ p̃₁ q̃₁) + 1/(n₂ p̃₂ q̃₂))/c)
///
/// where p̃ are the rates of greatest likelihood among those with that θ (roots of a cubic or
/// quadratic) and c = N/(N − 1) (Miettinen and Nurminen) or 1 (Mee, Koopman). All three are the same
/// statistic where the rates are equal, so that one p-value goes with all limits: z(0)² is the χ² of
/// the table times (N − 1)/N, or Pearson's.
///
/// Sizes need not be whole: papers that are weighted, clustered, or have scores instead of answers
/// count as so many independent answers as have the same variance (Rao & Scott 1992); then q is a
/// quantile of Student's t.
///
/// Limits lie within what is possible and have a width also where a rate is 0 or 1. The limits of a
/// ratio whose second rate may be 0 are open upwards; where both rates are 0 they are 0 and open. Cost:
/// about 60 bisections a limit.
///
/// References: Mee (1984), *Biometrics* 40:1175; Koopman (1984), *Biometrics* 40:513; Miettinen &
/// Nurminen (1985), *Statistics in Medicine* 4:213, equations 8 to 11 and 27; Farrington & Manning
/// (1990), *Statistics in Medicine* 9:1447 (the cubic); Rao & Scott (1992), *Biometrics* 48:577.
public struct ScoreContrast: Sendable, Equatable {
  /// The first rate.
  public let first: Double
  /// The second rate.
  public let second: Double
  /// The number of independent answers behind the first rate.
  let firstSize: Double
  /// The number of independent answers behind the second rate.
  let secondSize: Double
  /// What variances are multiplied with.
  let inflation: Double
  /// The degrees of freedom of the statistic; infinity for the normal distribution.
  public let degreesOfFreedom: Double

  /// Creates a contrast of two rates with positive sizes.
  init(
    first: Double, of firstSize: Double, second: Double, of secondSize: Double,
    inflation: Double = 1, degreesOfFreedom: Double = .infinity
  ) {
    self.first = min(max(first, 0), 1)
    self.second = min(max(second, 0), 1)
    self.firstSize = firstSize
    self.secondSize = secondSize
    self.inflation = inflation
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The difference of the rates, first less second.
  public var difference: Double { first - second }

  /// The statistic of equal rates; zero for equal ones.
  public var statistic: Double { statistic(difference: 0) }

  /// The two-sided p-value of equal rates.
  public var pValue: Double {
    min(1, 2 * StudentT(degreesOfFreedom: degreesOfFreedom).survival(abs(statistic)))
  }

  /// The limits of the difference.
  public func differenceLimits(level: Double = 0.95) -> Estimate {
    let quantile = quantile(level)
    return Estimate(
      difference, lower: limit(from: difference, toward: -1, quantile),
      upper: limit(from: difference, toward: 1, quantile), level: level)
  }

  /// The limits of the ratio; the upper one is `nil` where the interval is open.
  public func ratioLimits(level: Double = 0.95) -> Estimate {
    limits(of: second > 0 ? first / second : nil, level) { statistic(ratio: $0) }
  }

  /// The limits of the odds ratio; the upper one is `nil` where the interval is open.
  public func oddsRatioLimits(level: Double = 0.95) -> Estimate {
    let other = second * (1 - first)
    return limits(of: other > 0 ? first * (1 - second) / other : nil, level) {
      statistic(oddsRatio: $0)
    }
  }

  /// The variance of the difference where both rates are equal.
  var variance: Double {
    let rate = (firstSize * first + secondSize * second) / (firstSize + secondSize)
    return inflation * rate * (1 - rate) * (1 / firstSize + 1 / secondSize)
  }

  private func quantile(_ level: Double) -> Double {
    StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2)
  }

  /// The last difference between the estimate and an end that the statistic allows.
  private func limit(from difference: Double, toward end: Double, _ quantile: Double) -> Double {
    var inside = difference
    var outside = end
    for _ in 0..<200 {
      let middle = (inside + outside) / 2
      guard middle != inside, middle != outside else { break }
      if abs(statistic(difference: middle)) <= quantile {
        inside = middle
      } else {
        outside = middle
      }
    }
    return inside
  }

  /// The limits of a ratio, whose statistic falls from the first to the second.
  private func limits(
    of ratio: Double?, _ level: Double, _ statistic: (_ ratio: Double) -> Double
  ) -> Estimate {
    let quantile = quantile(level)
    let reach = 40.0
    /// Where the statistic falls below a value, on the logarithmic scale.
    func crossing(_ value: Double) -> Double? {
      var (low, high) = (-reach, reach)
      guard statistic(.exp(low)) > value, statistic(.exp(high)) < value else { return nil }
      for _ in 0..<200 {
        let middle = (low + high) / 2
        guard middle != low, middle != high else { break }
        if statistic(.exp(middle)) > value { low = middle } else { high = middle }
      }
      return .exp(low)
    }
    return Estimate(
      ratio, lower: crossing(quantile) ?? 0, upper: crossing(-quantile), level: level)
  }

  /// The statistic of a difference.
  func statistic(difference d: Double) -> Double {
    let rates = rates(difference: d)
    return Self.scaled(
      first - second - d,
      inflation
        * (rates.first * (1 - rates.first) / firstSize
          + rates.second * (1 - rates.second) / secondSize))
  }

  /// The statistic of a ratio.
  func statistic(ratio: Double) -> Double {
    let (x1, x2) = (firstSize * first, secondSize * second)
    let a = (firstSize + secondSize) * ratio
    let b = firstSize * ratio + x1 + secondSize + x2 * ratio
    let root = max(0, b * b - 4 * a * (x1 + x2)).squareRoot()
    let p2 = min(2 * (x1 + x2) / (b + root), 1)
    let p1 = min(ratio * p2, 1)
    return Self.scaled(
      first - ratio * second,
      inflation * (p1 * (1 - p1) / firstSize + ratio * ratio * p2 * (1 - p2) / secondSize))
  }

  /// The statistic of an odds ratio.
  func statistic(oddsRatio: Double) -> Double {
    let x = firstSize * first + secondSize * second
    let a = secondSize * (oddsRatio - 1)
    let b = firstSize * oddsRatio + secondSize - x * (oddsRatio - 1)
    let root = max(0, b * b + 4 * a * x).squareRoot()
    let p2 = min(max(b >= 0 ? 2 * x / (b + root) : (root - b) / (2 * a), 0), 1)
    // Of a rate near 1 the rest is found from the odds, since 1 − p has lost its digits.
    var (p1, q1, q2) = (0.0, 1.0, 1 - p2)
    if q2 > 1e-6 {
      let scale = q2 + oddsRatio * p2
      (p1, q1) = (oddsRatio * p2 / scale, q2 / scale)
    } else {
      p1 = min(max((x - secondSize * p2) / firstSize, 0), 1)
      q1 = 1 - p1
      if p1 > 0 { q2 = min(oddsRatio * p2 * q1 / p1, 1) }
    }
    let (v1, v2) = (firstSize * p1 * q1, secondSize * p2 * q2)
    let gap = firstSize * (first - p1)
    return Self.scaled(gap, inflation * (v1 + v2 > 0 ? v1 * v2 / (v1 + v2) : 0))
  }

  private static func scaled(_ gap: Double, _ variance: Double) -> Double {
    guard abs(gap) > 1e-14 else { return 0 }
    return variance > 0 ? gap / variance.squareRoot() : gap > 0 ? .infinity : -.infinity
  }

  /// The rates of greatest likelihood with the difference d.
  private func rates(difference d: Double) -> (first: Double, second: Double) {
    let (n1, n2) = (firstSize, secondSize)
    let (x1, x2) = (n1 * first, n2 * second)
    let n = n1 + n2
    let l2 = (n1 + 2 * n2) * d - n - x1 - x2
    let l1 = (n2 * d - n - 2 * x2) * d + x1 + x2
    let l0 = x2 * d * (1 - d)
    let q =
      l2 * l2 * l2 / (27 * n * n * n) - l1 * l2 / (6 * n * n) + l0 / (2 * n)
    let square = l2 * l2 / (9 * n * n) - l1 / (3 * n)
    let p = (q < 0 ? -1.0 : 1) * max(0, square).squareRoot()
    let cosine = p == 0 ? 0 : max(-1, min(1, q / (p * p * p)))
    let angle = (Double.pi + Double.acos(cosine)) / 3
    let second = min(max(2 * p * Double.cos(angle) - l2 / (3 * n), max(0, -d)), min(1, 1 - d))
    return (min(max(second + d, 0), 1), second)
  }
}

extension TwoProportions {
  /// The score contrast of the two proportions; `nil` when a group is empty.
  ///
  /// - Parameter isUnbiased: Whether variances are multiplied with N/(N − 1) (Miettinen and Nurminen),
  ///   or not (Mee, Koopman).
  public func score(isUnbiased: Bool = true) -> ScoreContrast? {
    guard let first, let second else { return nil }
    let n = Double(firstCount + secondCount)
    return ScoreContrast(
      first: first, of: Double(firstCount), second: second, of: Double(secondCount),
      inflation: isUnbiased ? n / (n - 1) : 1)
  }

  /// The score contrast that `compare` takes, and whether Fisher's mid-p-value widens it.
  ///
  /// With fewer than ten papers or 5 % of them in a group, of which less than one would have the rarer
  /// answer, the score test errs in up to 10 % of samples at the 5 % level; its p-value is then at least the mid-p-value, and
  /// the limits widen until they agree.
  public func usualScore(isUnbiased: Bool = true) -> (score: ScoreContrast, isMidP: Bool)? {
    guard let score = score(isUnbiased: isUnbiased) else { return nil }
    let fewest = min(firstCount, secondCount)
    let isSmall =
      fewest < DesignContrast.fewestPapers || 20 * fewest < firstCount + secondCount
    guard isSmall, score.fewestRare < 1,
      let mid = test(.fisherMidP)?.pValue, mid > score.pValue
    else { return (score, false) }
    let ratio = abs(score.statistic) / max(Normal().upperQuantile(min(mid, 1) / 2), 1e-3)
    return (score.widened(by: ratio * ratio), true)
  }

  /// Miettinen and Nurminen's interval of the difference; see ``ScoreContrast``.
  public func miettinenNurminenInterval(level: Double = 0.95) -> Estimate {
    score()?.differenceLimits(level: level) ?? Estimate(nil)
  }

  /// The probability, with as many yes in both groups together as there are, that the score test
  /// rejects equal rates where they are equal; `nil` when more than twenty answers of either kind
  /// make it near the nominal error.
  func attainableError(level: Double) -> Double? {
    let yes = firstYes + secondYes
    let all = firstCount + secondCount
    guard min(yes, all - yes) <= 20, firstCount > 0, secondCount > 0 else { return nil }
    let quantile = Normal().upperQuantile((1 - level) / 2)
    var error = 0.0
    for own in max(0, yes - secondCount)...min(firstCount, yes) {
      let other = TwoProportions(own, of: firstCount, yes - own, of: secondCount)
      if let score = other.score(), abs(score.statistic) > quantile {
        error += other.table.probability
      }
    }
    return error
  }
}

extension MethodName {
  /// The limits that go with a score test.
  static let score = MethodName(rawValue: "score")
  /// A score test referred to t.
  static let scoreT = MethodName(rawValue: "score t")
}

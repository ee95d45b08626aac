import RealModule

/// One estimated coefficient of association, with its uncertainty.
public struct Association: Sendable, Equatable {
  /// The coefficient; `nil` where undefined.
  public var estimate: Double?
  /// Its standard error; `nil` where undefined.
  public var standardError: Double?
  /// The lower confidence limit.
  public var lower: Double?
  /// The upper confidence limit.
  public var upper: Double?
  /// The p-value of the hypothesis that there is no association.
  public var pValue: Double?
  /// What the p-value is of.
  public var test: AssociationTest?
  /// Why something is undefined or was adjusted.
  public var note: AssociationNote?
  /// The sampling variance that shrinkage uses (Schäfer & Strimmer 2005), for correlations.
  var samplingVariance: Double?

  /// Creates an association; what is not given is undefined.
  init(
    estimate: Double? = nil, standardError: Double? = nil, lower: Double? = nil,
    upper: Double? = nil, pValue: Double? = nil, test: AssociationTest? = nil,
    note: AssociationNote? = nil, samplingVariance: Double? = nil
  ) {
    self.estimate = estimate
    self.standardError = standardError
    self.lower = lower
    self.upper = upper
    self.pValue = pValue
    self.test = test
    self.note = note
    self.samplingVariance = samplingVariance
  }
}

/// The test of no association that a p-value is of.
///
/// The raw values are what the `test` column of the tables says.
public enum AssociationTest: String, Sendable, Hashable, CaseIterable {
  /// Student's t.
  case studentT = "t"
  /// The distribution over all orders of one score.
  case permutations
  /// The normal approximation.
  case normal
  /// Fisher's exact test.
  case fisher
  /// Pearson's chi-square.
  case chiSquare = "chi-square"
  /// The errors of a design, by the influence of papers.
  case linearised
}

extension Association {
  /// Creates an association whose interval is symmetric on a transformed scale.
  init(
    _ estimate: Double, standardError: Double, scale: IntervalScale, level: Double,
    note: AssociationNote? = nil
  ) {
    self.init(estimate: estimate, standardError: standardError, note: note)
    let z = Normal().upperQuantile(ConfidenceLevel.tail(level))
    switch scale {
    case .fisher:
      let center = Double.atanh(estimate)
      let half = z * standardError / ((1 - estimate) * (1 + estimate))
      lower = Double.tanh(center - half)
      upper = Double.tanh(center + half)
    case .logarithm:
      let factor = Double.exp(z * standardError / estimate)
      lower = estimate / factor
      upper = estimate * factor
    }
  }

  /// The scale on which an estimate is closest to normal.
  enum IntervalScale {
    /// `atanh r`, for correlations.
    case fisher
    /// `log x`, for ratios.
    case logarithm
  }
}

extension TwoByTwoTable {
  /// A coefficient of this table with standard error, interval and p-value.
  ///
  /// Standard errors are those of the delta method under multinomial sampling of papers. Intervals
  /// are symmetric on Fisher's z scale for phi, phi-max, tetrachoric, Yule's Q and Y (for the last
  /// two this is the interval of the odds ratio), on the log scale for odds ratio and lift, and
  /// Wilson's for Jaccard and the conditional probability. The p-value is that of independence for
  /// every coefficient: see ``independencePValue``.
  ///
  /// The bound of phi-max has a kink where the margins are equal; there its standard error is that
  /// of one side. Undefined where an item is constant (`constant-item`), except that Jaccard, lift and the
  /// conditional probability keep their value as long as there is something to divide by. At ±1
  /// there is neither standard error nor interval (`boundary-correlation`).
  ///
  /// References: Bishop, Fienberg & Holland (1975), *Discrete Multivariate Analysis*, chapter 11;
  /// Steiger & Hakstian (1982), British Journal of Mathematical and Statistical Psychology 35:208.
  public func association(
    _ coefficient: ItemCoefficient, level: Double = 0.95,
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy = .halfKeepingMargins
  ) -> Association {
    association(coefficient, level: level) { TetrachoricCorrelation(self, zeroCells: zeroCells) }
  }

  /// A coefficient with its uncertainty, where the tetrachoric correlation comes from a function.
  func association(
    _ coefficient: ItemCoefficient, level: Double, tetrachoric: () -> TetrachoricCorrelation
  ) -> Association {
    let isConstant = hasConstantItem
    var result: Association
    switch coefficient {
    case .jaccard: result = share(n11, of: n11 + n10 + n01, level: level)
    case .conditional: result = share(n11, of: first, level: level)
    case .lift: result = liftAssociation(level: level)
    case _ where isConstant: result = Association()
    case .tetrachoric:
      let fit = tetrachoric()
      result = correlation(fit.estimate ?? 0, fit.standardError, level: level, note: fit.note)
      result.samplingVariance = fit.standardError.map { $0 * $0 }
    case .phi:
      let value = phi
      result = correlation(value, phiStandardError(value), level: level)
      result.samplingVariance = phiSamplingVariance
    case .phiRatio: result = phiRatioAssociation(level: level)
    case .yuleQ: result = yule(power: 2, level: level)
    case .yuleY: result = yule(power: 4, level: level)
    case .oddsRatio: result = oddsRatioAssociation(level: level)
    }
    if isConstant {
      result.note = .constantItem
    } else {
      result.pValue = independencePValue
      result.test = result.pValue.map { _ in smallestExpectedCell < 5 ? .fisher : .chiSquare }
    }
    return result
  }

  /// A coefficient alone, NaN where undefined: what resampling needs.
  func estimate(
    _ coefficient: ItemCoefficient, zeroCells: TetrachoricCorrelation.ZeroCellPolicy
  ) -> Double {
    switch coefficient {
    case .jaccard: return n11 / (n11 + n10 + n01)
    case .conditional: return n11 / first
    case .lift: return n11 * total / (first * second)
    case _ where hasConstantItem: return .nan
    case .tetrachoric:
      return TetrachoricCorrelation.estimates([self], zeroCells: zeroCells)[0]
    case .phi: return phi
    case .phiRatio: return determinant / phiBound
    case .yuleQ: return yuleValue(power: 2)
    case .yuleY: return yuleValue(power: 4)
    case .oddsRatio: return filledOdds.oddsRatio
    }
  }

  /// The largest absolute value that the determinant of its sign can have with these margins.
  var phiBound: Double {
    determinant >= 0
      ? min(first * (n10 + n00), second * (n01 + n00))
      : min(first * second, (n01 + n00) * (n10 + n00))
  }

  /// An estimate on the Fisher scale, or the boundary without interval.
  private func correlation(
    _ value: Double, _ error: Double?, level: Double, note: AssociationNote? = nil
  ) -> Association {
    guard let error, abs(value) < 1 else {
      return Association(estimate: value, note: note ?? .boundaryCorrelation)
    }
    return Association(value, standardError: error, scale: .fisher, level: level, note: note)
  }

  /// The delta method: `√(Σ (influence − mean)²)/n` over papers.
  private func deltaError(_ influence: Influence) -> Double {
    let mean = sum(influence) / total
    let squares = sum { a, b in
      let deviation = influence(a, b) - mean
      return deviation * deviation
    }
    return squares.squareRoot() / total
  }

  private func phiStandardError(_ phi: Double) -> Double { deltaError(phiInfluence(phi)) }

  /// `n/(n − 1)³ Σ (w − mean w)²` for the products w of standardised answers.
  private var phiSamplingVariance: Double? {
    let n = total
    guard n > 1 else { return nil }
    let (p, r) = (first / n, second / n)
    let scale = (p * (1 - p) * r * (1 - r)).squareRoot() * n / (n - 1)
    let product = { (a: Double, b: Double) in (a - p) * (b - r) / scale }
    let mean = sum(product) / n
    let squares = sum { a, b in
      let deviation = product(a, b) - mean
      return deviation * deviation
    }
    return n / ((n - 1) * (n - 1) * (n - 1)) * squares
  }

  private func phiRatioAssociation(level: Double) -> Association {
    let covariance = determinant / (total * total)
    let bound = phiBound / (total * total)
    let ratio = max(-1, min(1, covariance / bound))
    return correlation(ratio, deltaError(phiRatioInfluence(ratio, bound: bound)), level: level)
  }

  /// The table with 0.5 added to every cell if one is empty.
  var filledOdds: TwoByTwoTable {
    guard smallestCell <= 0 else { return self }
    return TwoByTwoTable(n11: n11 + 0.5, n10: n10 + 0.5, n01: n01 + 0.5, n00: n00 + 0.5)
  }

  var oddsRatio: Double { n11 * n00 / (n10 * n01) }

  private var logOddsError: Double { (1 / n11 + 1 / n10 + 1 / n01 + 1 / n00).squareRoot() }

  private func oddsRatioAssociation(level: Double) -> Association {
    let table = filledOdds
    let ratio = table.oddsRatio
    return Association(
      ratio, standardError: ratio * table.logOddsError, scale: .logarithm, level: level,
      note: smallestCell <= 0 ? .zeroCellAdjusted : nil)
  }

  /// `tanh(log OR / power)`, written so that an empty cell gives ±1.
  private func yuleValue(power: Double) -> Double {
    let (together, apart) = (n11 * n00, n10 * n01)
    return power == 2
      ? (together - apart) / (together + apart)
      : (together.squareRoot() - apart.squareRoot())
        / (together.squareRoot() + apart.squareRoot())
  }

  private func yule(power: Double, level: Double) -> Association {
    let value = yuleValue(power: power)
    guard smallestCell > 0 else { return correlation(value, nil, level: level) }
    let root = Double.pow(oddsRatio, 2 / power)
    let half = Normal().upperQuantile(ConfidenceLevel.tail(level)) * logOddsError / power
    let center = Double.log(oddsRatio) / power
    return Association(
      estimate: value,
      standardError: 4 * root / ((1 + root) * (1 + root)) / power * logOddsError,
      lower: Double.tanh(center - half), upper: Double.tanh(center + half))
  }

  private func liftAssociation(level: Double) -> Association {
    guard first > 0, second > 0 else { return Association(note: .constantItem) }
    let lift = n11 * total / (first * second)
    guard n11 > 0 else { return Association(estimate: 0, note: .emptyCell) }
    let error = deltaError(logLiftInfluence)
    guard error > 0 else { return Association(estimate: lift, note: .withoutError) }
    return Association(lift, standardError: lift * error, scale: .logarithm, level: level)
  }

  private func share(_ part: Double, of whole: Double, level: Double) -> Association {
    guard
      let limits = ProportionInterval.wilson.limits(
        successes: part, trials: whole, level: level)
    else { return Association(note: .constantItem) }
    let value = part / whole
    return Association(
      estimate: value, standardError: (value * (1 - value) / whole).squareRoot(),
      lower: limits.lower, upper: limits.upper)
  }
}

/// How accurate rates over a mix of items are, and what differs between groups.
extension ItemMix {
  /// A combination of the rates of groups, such as a difference.
  public struct Contrast: Sendable, Equatable {
    /// The combination of the rates.
    public let value: Double
    /// Its standard error, from the contributions of the sampling units; units in several groups count
    /// once.
    public let standardError: Double
    /// Satterthwaite's degrees of freedom over the groups.
    public let degreesOfFreedom: Double

    /// The probability of a combination as far from zero, by Student's t; `nil` without an error.
    public var pValue: Double? {
      guard standardError > 0, degreesOfFreedom > 0 else { return nil }
      return min(
        1,
        2 * StudentT(degreesOfFreedom: degreesOfFreedom).survival(abs(value) / standardError))
    }

    /// The limits `value ± t s`, or `nil` without an error.
    ///
    /// They may lie beyond what is possible; see
    /// ``ItemMix/difference(from:to:level:)`` for limits that do not.
    public func limits(level: Double) -> (lower: Double, upper: Double)? {
      guard standardError > 0, degreesOfFreedom > 0 else { return nil }
      let reach =
        StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2)
        * standardError
      return (value - reach, value + reach)
    }
  }

  /// The accuracy of the rate of a group; `nil` without a rate.
  public func variance(_ group: Int) -> UnitVariance? {
    guard let contributions = contributions(group) else { return nil }
    return UnitVariance(
      contributions: contributions, shares: shares(group), stratumSizes: design.stratumSizes)
  }

  /// Limits of the rate of a group, within 0 and 1: Wilson's, or for clusters Clopper and Pearson's, on
  /// the effective sample size `R (1 − R)/V · (z/t)²`, as for rates (``RateEstimator``); with the
  /// finite-population correction where a share of the population was read.
  public func limits(
    _ group: Int, level: Double, samplingFraction: Double = 0
  ) -> (lower: Double, upper: Double, interval: ProportionInterval)? {
    variance(group).flatMap {
      limits(group, variance: $0, level: level, samplingFraction: samplingFraction)
    }
  }

  /// The same of a variance that is known already.
  func limits(
    _ group: Int, variance: UnitVariance, level: Double, samplingFraction: Double
  ) -> (lower: Double, upper: Double, interval: ProportionInterval)? {
    guard let value = value(group) else { return nil }
    let interval = design.unitsArePapers ? ProportionInterval.wilson : .clopperPearson
    var trials = variance.effectiveUnitCount
    if value > 0, value < 1, variance.standardError > 1e-9 {
      trials =
        value * (1 - value) / variance.variance
        * UnitVariance.shrinkage(degreesOfFreedom: variance.degreesOfFreedom, level: level)
    }
    if design.weights != nil { trials = min(trials, effectiveAnswers(group)) }
    guard samplingFraction < 1 else { return (value, value, interval) }
    trials /= 1 - samplingFraction
    guard trials > 1e-6,
      let limits = interval.limits(
        successes: min(max(value, 0), 1) * trials, trials: trials, level: level)
    else { return (0, 1, interval) }
    return (limits.lower, limits.upper, interval)
  }

  /// A combination of the rates of all groups; `nil` when a group with a coefficient has no rate.
  ///
  /// For a trend over years, for example, the coefficients are those of least squares.
  public func contrast(_ coefficients: [Double]) -> Contrast? {
    precondition(coefficients.count == groups.count, "not one coefficient a group")
    var value = 0.0
    var total = [Double](repeating: 0, count: design.unitCount)
    var (sum, squares) = (0.0, 0.0)
    for (group, coefficient) in coefficients.enumerated() where coefficient != 0 {
      guard let rate = self.value(group), let contributions = contributions(group) else {
        return nil
      }
      value += coefficient * rate
      let shares = shares(group)
      let adjusted = UnitVariance.adjusted(
        contributions: contributions, shares: shares, stratumSizes: design.stratumSizes)
      for unit in total.indices { total[unit] += coefficient * adjusted[unit] }
      let own = UnitVariance(
        contributions: contributions, shares: shares, stratumSizes: design.stratumSizes)
      let part = coefficient * coefficient * own.variance
      sum += part
      if own.degreesOfFreedom > 0 { squares += part * part / own.degreesOfFreedom }
    }
    let variance = total.reduce(0) { $0 + $1 * $1 }
    return Contrast(
      value: value, standardError: variance.squareRoot(),
      degreesOfFreedom: squares > 0 ? sum * sum / squares : 0)
  }

  /// The rate of one group less that of another with limits within −1 and 1: those of the two rates
  /// combined (see ``Estimate/minus(_:correlation:)``), with the correlation of their contributions where groups
  /// share units.
  ///
  /// `nil` when one of the two has no rate.
  public func difference(
    from first: Int, to second: Int, level: Double
  ) -> (value: Double, lower: Double, upper: Double)? {
    let estimates = [second, first].compactMap { group in
      value(group).flatMap { value in
        limits(group, level: level).map {
          Estimate(value, lower: $0.lower, upper: $0.upper)
        }
      }
    }
    guard estimates.count == 2, let a = contributions(second), let b = contributions(first) else {
      return nil
    }
    let difference = estimates[0].minus(
      estimates[1], correlation: RatioOfSums.correlation(a, b))
    guard let value = difference.value, let lower = difference.lower, let upper = difference.upper
    else { return nil }
    return (value, lower, upper)
  }

  /// What each sampling unit contributes to the error of the rate of a group.
  func contributions(_ group: Int) -> [Double]? {
    guard let value = value(group) else { return nil }
    var total = [Double](repeating: 0, count: design.unitCount)
    switch method {
    case .crude:
      let all = applicable[group].reduce(0, +)
      add(group, to: &total) { _ in (rate: value, factor: 1 / all) }
    case .common:
      add(group, to: &total) { position in
        let count = applicable[group][positions[position]]
        return (yes[group][positions[position]] / count, weights[position] / count)
      }
    case .model:
      guard let model else { return nil }
      let factors = model.factors(group, weights: weights)
      for other in groups.indices {
        add(other, to: &total) { position in
          (model.probability(other, position), factors.items[position] + factors.groups[other])
        }
      }
    }
    return total
  }

  /// The share of each sampling unit in the rate of a group.
  func shares(_ group: Int) -> [Double] {
    var total = [Double](repeating: 0, count: design.unitCount)
    let all = positions.reduce(0) { $0 + applicable[group][$1] }
    let rows = RowMask(groups[group], of: matrix.papers.count)
    let addsInPlace = design.hasUnitsInOrder
    for (position, item) in mixedItems.enumerated() {
      let count = applicable[group][positions[position]]
      guard count > 0 else { continue }
      let factor = method == .common ? weights[position] / count : 1 / all
      if addsInPlace {
        rows.add(factor, whereSet: matrix.applies, column: item, to: &total)
        continue
      }
      for paper in groups[group] where matrix.applies[paper, item] {
        total[design.unitOfPaper[paper]] += factor * (design.weights?[paper] ?? 1)
      }
    }
    return total
  }

  /// Adds (y − rate) · factor of all answers of a group to the totals of their units.
  private func add(
    _ group: Int, to total: inout [Double],
    _ term: (_ position: Int) -> (rate: Double, factor: Double)
  ) {
    let rows = RowMask(groups[group], of: matrix.papers.count)
    let addsInPlace = design.hasUnitsInOrder
    for (position, item) in mixedItems.enumerated() {
      let (rate, factor) = term(position)
      guard factor != 0 else { continue }
      if addsInPlace {
        rows.add(
          (1 - rate) * factor, whereSet: matrix.yes, otherwise: -rate * factor,
          whereSet: matrix.applies, column: item, to: &total)
        continue
      }
      for paper in groups[group] where matrix.applies[paper, item] {
        let residual = matrix.yes[paper, item] ? 1 - rate : -rate
        total[design.unitOfPaper[paper]] += residual * factor * (design.weights?[paper] ?? 1)
      }
    }
  }

  /// Kish's number of the weighted answers of a group.
  private func effectiveAnswers(_ group: Int) -> Double {
    var (sum, squares) = (0.0, 0.0)
    for item in mixedItems {
      for paper in groups[group] where matrix.applies[paper, item] {
        let weight = design.weights?[paper] ?? 1
        sum += weight
        squares += weight * weight
      }
    }
    return squares > 0 ? sum * sum / squares : 0
  }
}

import RealModule

/// Adjusts p-values for the number of tests in their family.
///
/// An adjusted p-value is the smallest level at which the procedure would reject that test, so it
/// is compared with the level itself. An undefined p-value stays undefined and does not count in
/// the family; an empty family gives an empty result. Ties get equal values.
///
/// `holm`, `hochberg`, `hommel`, `bonferroni`, `sidak` and `holm-sidak` control the probability of any
/// false rejection (the last two for independent tests, and those whose dependence is positive); `bh`,
/// `by`, `bky` and `q-value` the expected share of false rejections (`by` under any dependence).
///
/// References: Šidák (1967), JASA 62:626; Holland & Copenhaver (1987), Biometrics 43:417; Benjamini,
/// Krieger & Yekutieli (2006), Biometrika 93:491, definition 6; Storey, Taylor & Siegmund (2004), JRSS B
/// 66:187; Holm (1979), Scandinavian Journal of Statistics 6:65; Hochberg (1988), Biometrika
/// 75:800; Hommel (1988), Biometrika 75:383; Benjamini & Hochberg (1995), JRSS B 57:289; Benjamini
/// & Yekutieli (2001), Annals of Statistics 29:1165; formulas of Wright (1992), Biometrics 48:1005.
public enum PValueAdjustment: String, Sendable, CaseIterable {
  /// The p-values as they are.
  case none
  /// Every p-value times the number of tests.
  case bonferroni
  /// Holm's step-down procedure.
  case holm
  /// Hochberg's step-up procedure; for independent or positively dependent tests.
  case hochberg
  /// Hommel's procedure; for independent or positively dependent tests.
  case hommel
  /// Benjamini and Hochberg's false discovery rate.
  case bh
  /// Benjamini and Yekutieli's false discovery rate.
  case by
  /// Šidák's: 1 − (1 − p)^m.
  case sidak
  /// Šidák's in Holm's steps.
  case holmSidak = "holm-sidak"
  /// Benjamini, Krieger and Yekutieli's two stages: as `bh`, times the share of tests that `bh` does not
  /// reject at 0.05/1.05, times 1.05. For the level 0.05; the share is one where `bh` rejects all or none.
  case bky
  /// Storey's q-value: as `bh`, times the estimated share of true null hypotheses. With fewer than 20
  /// p-values that share is taken for one.
  case qValue = "q-value"

  /// The adjusted p-values of one family, in the order given.
  public func callAsFunction(_ pValues: [Double?]) -> [Double?] {
    let defined = pValues.indices.filter { pValues[$0] != nil }
    let values = defined.compactMap { pValues[$0] }
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let adjusted = adjust(sorted: order.map { values[$0] })
    var result = pValues
    for (rank, index) in order.enumerated() { result[defined[index]] = adjusted[rank] }
    return result
  }

  /// The adjusted values of ascending p-values.
  private func adjust(sorted values: [Double]) -> [Double] {
    let m = Double(values.count)
    switch self {
    case .none: return values
    case .bonferroni: return values.map { min(1, m * $0) }
    case .holm:
      var largest = 0.0
      return values.enumerated().map { rank, value in
        largest = max(largest, min(1, (m - Double(rank)) * value))
        return largest
      }
    case .hochberg: return stepUp(values) { rank in m - Double(rank) }
    case .hommel: return hommel(values)
    case .bh: return stepUp(values) { rank in m / Double(rank + 1) }
    case .by:
      var harmonic = 0.0
      for rank in values.indices { harmonic += 1 / Double(rank + 1) }
      return stepUp(values) { rank in harmonic * m / Double(rank + 1) }
    case .sidak: return values.map { Self.anyOf(m, $0) }
    case .holmSidak:
      var largest = 0.0
      return values.enumerated().map { rank, value in
        largest = max(largest, Self.anyOf(m - Double(rank), value))
        return largest
      }
    case .bky:
      let rates = PValueAdjustment.bh.adjust(sorted: values)
      let rejected = rates.count { $0 <= 0.05 / 1.05 }
      let kept = rejected == values.count ? m : m - Double(rejected)
      return rates.map { min(1, 1.05 * kept / m * $0) }
    case .qValue:
      let share = Self.nullShare(values)
      return PValueAdjustment.bh.adjust(sorted: values).map { share * $0 }
    }
  }

  /// The probability that any of some independent tests has a p-value as small, if all hypotheses hold.
  private static func anyOf(_ tests: Double, _ value: Double) -> Double {
    tests == 1 ? value : -.expMinusOne(tests * .log(onePlus: -value))
  }

  /// The estimated share of true null hypotheses among at least 20: the share of p-values above λ
  /// divided by 1 − λ, for that λ of 0.05, 0.10 … 0.95 whose mean squared error, by Storey, Taylor and
  /// Siegmund's closed form of a bootstrap, is least.
  private static func nullShare(_ values: [Double]) -> Double {
    guard values.count >= 20 else { return 1 }
    let m = Double(values.count)
    let lambdas = (1...19).map { Double($0) * 0.05 }
    let above = lambdas.map { lambda in Double(values.count { $0 >= lambda }) }
    let shares = zip(above, lambdas).map { $0 / m / (1 - $1) }
    // The quantile of R's default rule at 0.1 of 19 values, at the place 1 + 0.8.
    let sorted = shares.sorted()
    let low = sorted[1] + 0.8 * (sorted[2] - sorted[1])
    let errors = lambdas.indices.map { index in
      let (count, rest) = (above[index], 1 - lambdas[index])
      return count / (m * m * rest * rest) * (1 - count / m)
        + (shares[index] - low) * (shares[index] - low)
    }
    let least = errors.min() ?? 0
    let best = lambdas.indices.filter { errors[$0] == least }.map { shares[$0] }.min() ?? 1
    return min(1, max(best, 1 / m))
  }

  /// The smallest of `factor · p` from each rank on, at most 1.
  private func stepUp(_ values: [Double], factor: (_ rank: Int) -> Double) -> [Double] {
    var result = values
    var smallest = 1.0
    for rank in values.indices.reversed() {
      smallest = min(smallest, factor(rank) * values[rank])
      result[rank] = smallest
    }
    return result
  }

  private func hommel(_ values: [Double]) -> [Double] {
    let count = values.count
    guard count > 1 else { return values }
    let simes = values.enumerated().map { Double(count) * $1 / Double($0 + 1) }.min() ?? 1
    var adjusted = values.map { max($0, simes) }
    for m in stride(from: count - 1, through: 2, by: -1) {
      let split = count - m + 1
      var tail = 1.0
      for rank in split..<count {
        tail = min(tail, Double(m) * values[rank] / Double(rank - split + 2))
      }
      let last = min(Double(m) * values[split - 1], tail)
      for rank in 0..<count {
        let bound = rank < split ? min(Double(m) * values[rank], tail) : last
        adjusted[rank] = max(adjusted[rank], bound)
      }
    }
    return adjusted.map { min(1, $0) }
  }
}

/// Adjusts p-values for the number of tests in their family.
///
/// An adjusted p-value is the smallest level at which the procedure would reject that test, so it
/// is compared with the level itself. An undefined p-value stays undefined and does not count in
/// the family; an empty family gives an empty result. Ties get equal values.
///
/// `holm`, `hochberg`, `hommel` and `bonferroni` control the probability of any false rejection;
/// `bh` and `by` the expected share of false rejections (`by` under any dependence).
///
/// References: Holm (1979), Scandinavian Journal of Statistics 6:65; Hochberg (1988), Biometrika
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
    }
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

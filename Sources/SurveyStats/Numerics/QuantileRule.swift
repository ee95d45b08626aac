/// A rule for the sample quantile of sorted data, numbered as by Hyndman and Fan (1996).
///
/// Both interpolate linearly between neighbouring order statistics; positions outside the data
/// give the extreme values.
public enum QuantileRule: Sendable, CaseIterable {
  /// Position `(n + 1) p`: unbiased ranks, the rule of SPSS and Minitab.
  case type6
  /// Position `1 + (n - 1) p`: the default of R and numpy.
  case type7

  /// The quantile of values in ascending order, or nil without values.
  ///
  /// - Parameters:
  ///   - probability: From 0 to 1.
  ///   - sorted: The values in ascending order, none of them NaN.
  public func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double? {
    precondition(probability >= 0 && probability <= 1, "not a probability")
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let count = Double(sorted.count)
    let position = self == .type6 ? (count + 1) * probability : 1 + (count - 1) * probability
    if position <= 1 { return first }
    if position >= count { return last }
    let rank = Int(position)
    let weight = position - Double(rank)
    let low = sorted[rank - 1]
    return weight == 0 ? low : low + weight * (sorted[rank] - low)
  }
}

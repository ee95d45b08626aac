/// The area under the receiver operating characteristic: the probability that a score is higher
/// for a case than for a control, ties counting one half.
///
/// The standard error is DeLong's, from the mean placements of cases among controls and of controls
/// among cases; the interval is normal and cut to [0, 1]. With fewer than two cases or controls it
/// has no standard error. Cost: a sort of the scores.
///
/// References: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44:837; Sun & Xu (2014), IEEE
/// Signal Processing Letters 21:1389 (midranks).
public struct ROCArea: Sendable, Equatable {
  /// The area.
  public let estimate: Double
  /// DeLong's standard error.
  public let standardError: Double?

  /// Computes the area of scores; `nil` without a case or without a control.
  init?(scores: [Double], isCase: [Bool]) {
    let cases = scores.indices.filter { isCase[$0] }
    let controls = scores.indices.filter { !isCase[$0] }
    guard !cases.isEmpty, !controls.isEmpty else { return nil }
    let ranks = Midranks(scores).ranks
    let caseRanks = Midranks(cases.map { scores[$0] }).ranks
    let controlRanks = Midranks(controls.map { scores[$0] }).ranks
    let m = Double(cases.count)
    let n = Double(controls.count)
    let casePlacements = zip(cases, caseRanks).map { (ranks[$0] - $1) / n }
    let controlPlacements = zip(controls, controlRanks).map { 1 - (ranks[$0] - $1) / m }
    estimate = casePlacements.reduce(0, +) / m
    if cases.count > 1, controls.count > 1 {
      let variance =
        Moments(casePlacements).variance / m + Moments(controlPlacements).variance / n
      standardError = variance.squareRoot()
    } else {
      standardError = nil
    }
  }

  /// The normal interval, cut to [0, 1].
  public func interval(level: Double = 0.95) -> Estimate {
    guard let standardError else { return Estimate(estimate) }
    let distance = Normal().upperQuantile((1 - level) / 2) * standardError
    return Estimate(
      estimate, standardError: standardError, lower: max(0, estimate - distance),
      upper: min(1, estimate + distance), level: level)
  }
}

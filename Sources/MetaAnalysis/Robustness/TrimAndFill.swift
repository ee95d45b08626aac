import RealModule
import SurveyStats

/// Estimates how many studies are missing on one side of the funnel, and pools with mirrored ones in their
/// place.
///
/// Studies are trimmed from the outer side until the number of missing ones, estimated from signed ranks
/// around the pooled effect, stays the same; then they are filled in on the other side. The side is where
/// an effect that grows with the standard error would have small studies missing.
///
/// Reference: Duval & Tweedie (2000), *Biometrics* 56:455; estimators L₀, R₀ and Q₀.
public struct TrimAndFill: Sendable, Equatable {
  /// How the number of missing studies is estimated.
  public enum Estimator: String, Sendable, CaseIterable {
    /// From the sum of positive ranks, linear.
    case l0 = "L0"
    /// From the length of the run of greatest positive ranks.
    case r0 = "R0"
    /// From the sum of positive ranks, quadratic; undefined for some data.
    case q0 = "Q0"
  }

  /// The estimated number of missing studies.
  public let missing: Int
  /// Its standard error.
  public let missingError: Double?
  /// Whether they are missing at the left.
  public let isLeft: Bool
  /// The effects that were filled in, with their variances.
  public let filled: [(effect: Double, variance: Double)]
  /// The fit with the studies filled in.
  public let fit: MetaFit

  /// Compares numbers and fits.
  public static func == (left: TrimAndFill, right: TrimAndFill) -> Bool {
    left.missing == right.missing && left.isLeft == right.isLeft && left.fit == right.fit
  }

  /// Trims and fills; `nil` where the estimator is undefined or does not settle.
  init?(
    _ effects: [Double], variances: [Double], model: RandomEffects, estimator: Estimator = .l0,
    isLeft: Bool? = nil
  ) throws(MetaError) {
    let count = effects.count
    guard count >= 3 else { throw .tooFewStudies(studies: count, coefficients: 2) }
    var plain = model
    plain.test = .normal
    let left: Bool
    if let isLeft {
      left = isLeft
    } else {
      let line = try FunnelAsymmetry.regression(
        effects, variances: variances, on: variances.map { $0.squareRoot() }, model: plain)
      left = (line.slope.value ?? 0) >= 0
    }
    let sign = left ? 1.0 : -1.0
    let order = effects.indices.sorted {
      let (a, b) = (sign * effects[$0], sign * effects[$1])
      return a != b ? a < b : $0 < $1
    }
    let y = order.map { sign * effects[$0] }
    let v = order.map { variances[$0] }
    let k = Double(count)
    var (missing, last) = (0, -1)
    var (error, center): (Double?, Double) = (nil, 0)
    var seen = 0
    while missing != last {
      last = missing
      seen += 1
      guard seen <= 100, missing < count else { return nil }
      let fit = try plain.fit(
        Array(y[..<(count - missing)]), variances: Array(v[..<(count - missing)]))
      center = fit.coefficients[0]
      let centered = y.map { [center] in $0 - center }
      let byDistance = centered.indices.sorted {
        abs(centered[$0]) != abs(centered[$1]) ? abs(centered[$0]) < abs(centered[$1]) : $0 < $1
      }
      var ranks = [Double](repeating: 0, count: count)
      for (rank, index) in byDistance.enumerated() { ranks[index] = Double(rank + 1) }
      let positive = centered.indices.reduce(0) { centered[$1] > 0 ? $0 + ranks[$1] : $0 }
      let number: Double
      switch estimator {
      case .r0:
        let negative = centered.indices.filter { centered[$0] < 0 }.map { ranks[$0] }.max()
        guard let negative else { return nil }
        number = k - negative - 1
        error = (2 * max(0, number) + 2).squareRoot()
      case .l0:
        number = (4 * positive - k * (k + 1)) / (2 * k - 1)
        error = Self.rankError(number, k).map { 4 * $0 / (2 * k - 1) }
      case .q0:
        let square = 2 * k * k - 4 * positive + 0.25
        guard square >= 0 else { return nil }
        number = k - 0.5 - square.squareRoot()
        let scale = (k - 0.5) * (k - 0.5) - number * (2 * k - number - 1)
        error = scale > 0 ? Self.rankError(number, k).map { 2 * $0 / scale.squareRoot() } : nil
      }
      missing = Int(max(0, number.rounded(.toNearestOrEven)))
    }
    filled = ((count - missing)..<count).map { (sign * (2 * center - y[$0]), v[$0]) }
    fit = try model.fit(
      effects + filled.map(\.effect), variances: variances + filled.map(\.variance))
    self.missing = missing
    missingError = error
    self.isLeft = left
  }

  /// The standard error of the sum of positive ranks.
  private static func rankError(_ n: Double, _ k: Double) -> Double? {
    let squares = 10 * n * n * n + 27 * n * n + 17 * n - 18 * k * n * n - 18 * k * n
    let variance = (k * (k + 1) * (2 * k + 1) + squares + 6 * k * k * n) / 24
    return variance >= 0 ? variance.squareRoot() : nil
  }
}

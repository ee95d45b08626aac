import RealModule

/// The difference of two groups' slopes of one target.
///
/// Slopes of groups of different papers are independent: the standard error is the root of the sum
/// of squares, the test and interval normal, unless a bootstrap is given. Groups that share papers,
/// as tags do, need the bootstrap; without it they have no standard error.
public struct TrendDifference: Sendable, Equatable {
  /// What changes.
  public let target: RateTarget
  /// The two groups.
  public let groups: (first: String, second: String)
  /// The difference of the slopes, first minus second.
  public let estimate: Double
  /// Its standard error.
  public let standardError: Double?
  /// Its interval, of a bootstrap if the slopes have one.
  public let limits: CoefficientInterval
  /// Why the interval is missing.
  public let note: String?

  /// The two-sided p-value; `nil` without a standard error above zero.
  public var pValue: Double? {
    standardError.flatMap { $0 > 0 ? 2 * Normal().survival(abs(estimate / $0)) : nil }
  }

  /// Whether two differences are equal.
  public static func == (left: Self, right: Self) -> Bool {
    left.target == right.target && left.groups == right.groups && left.estimate == right.estimate
      && left.standardError == right.standardError
  }

  /// The differences of all pairs of groups of each target that both have a slope.
  ///
  /// With a bootstrap sample of the ``TrendStatistic`` of these trends, the standard errors and
  /// intervals are those of its differences.
  public static func all(
    of trends: [Trend], level: Double = 0.95, sample: BootstrapSample? = nil,
    method: BootstrapInterval = .percentile,
    sharesPapers: (String, String) -> Bool = { _, _ in false }
  ) -> [TrendDifference] {
    var result: [TrendDifference] = []
    let distance = Normal().upperQuantile((1 - level) / 2)
    for (index, first) in trends.enumerated() {
      for position in (index + 1)..<max(trends.count, index + 1)
      where trends[position].target == first.target {
        let second = trends[position]
        guard let a = first.group, let b = second.group, let slope = first.estimate,
          let other = second.estimate, let error = first.standardError,
          let otherError = second.standardError
        else { continue }
        let difference = slope - other
        var note: String?
        let root = Double.hypot(error, otherError)
        var standardError: Double? = root
        var limits = CoefficientInterval(
          low: difference - distance * root, high: difference + distance * root)
        if sharesPapers(a, b), sample == nil {
          standardError = nil
          limits = CoefficientInterval(low: nil, high: nil)
          note = "the groups share papers; --interval percentile"
        }
        if let sample {
          let replicates = zip(
            sample.values(of: index * TrendStatistic.valuesPerTrend),
            sample.values(of: position * TrendStatistic.valuesPerTrend)
          ).map { $0 - $1 }
          limits = CoefficientInterval(low: nil, high: nil)
          do throws(IntervalFailure) {
            let found = try method.limits(
              estimate: difference, replicates: replicates, level: level)
            limits = CoefficientInterval(low: found.lower, high: found.upper)
          } catch { note = error.description }
          standardError = Moments(replicates.filter(\.isFinite)).variance.squareRoot()
        }
        result.append(
          TrendDifference(
            target: first.target, groups: (a, b), estimate: difference,
            standardError: standardError, limits: limits, note: note))
      }
    }
    return result
  }
}

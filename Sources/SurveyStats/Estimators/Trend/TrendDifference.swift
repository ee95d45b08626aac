import RealModule

/// The difference of two groups' changes per unit of the covariate of one target.
///
/// Changes of groups of different papers are independent: the standard error is the root of the sum of
/// squares, test and interval of Student's t with Welch's degrees of freedom (normal where the groups'
/// errors have none), unless a bootstrap is given. Groups that share papers, as tags do, need the
/// bootstrap; without it they have no standard error. Limits are cut at the largest difference that two
/// changes over their spans can have.
public struct TrendDifference: Sendable, Equatable {
  /// What changes.
  public let target: RateTarget
  /// The two groups.
  public let groups: (first: String, second: String)
  /// The numbers of papers of the two groups.
  public let counts: (first: Int, second: Int)
  /// The difference of the changes per unit, first minus second, with its limits.
  public let difference: Estimate
  /// The p-value, two-sided, of the test that the limits come from.
  public let pValue: Double?

  /// Whether two differences are equal.
  public static func == (left: Self, right: Self) -> Bool {
    left.target == right.target && left.groups == right.groups && left.counts == right.counts
      && left.difference == right.difference && left.pValue == right.pValue
  }

  /// The differences of all pairs of groups of each target; those without a change in both groups have
  /// no value and a note.
  ///
  /// With a bootstrap sample of the ``TrendStatistic`` of these trends, the standard errors, intervals
  /// and tests are those of its differences.
  public static func all(
    of trends: [Trend], level: Double = 0.95, sample: BootstrapSample? = nil,
    method: BootstrapInterval = .percentile, name: MethodName = MethodName(rawValue: "percentile"),
    sharesPapers: (String, String) -> Bool = { _, _ in false }
  ) -> [TrendDifference] {
    var result: [TrendDifference] = []
    for (index, first) in trends.enumerated() {
      for position in (index + 1)..<max(trends.count, index + 1)
      where trends[position].target == first.target {
        let second = trends[position]
        guard let a = first.group, let b = second.group else { continue }
        var difference = Estimate(nil)
        var pValue: Double?
        let (one, other) = (first.changePerUnit, second.changePerUnit)
        if let slope = one.value, let subtracted = other.value, let length = first.length,
          let otherLength = second.length
        {
          difference.value = slope - subtracted
          let bound = 1 / length + 1 / otherLength
          if let sample {
            let replicates = zip(
              sample.values(of: index * TrendStatistic.valuesPerTrend),
              sample.values(of: position * TrendStatistic.valuesPerTrend)
            ).map { $0 / length - $1 / otherLength }
            pValue = resample(&difference, replicates, method, name, level: level)
          } else if sharesPapers(a, b) {
            difference.notes.append(.sharedPapers)
          } else if let error = one.standardError, let otherError = other.standardError,
            first.pValue != nil, second.pValue != nil, error + otherError > 0
          {
            let freedom = welch(
              (error, one.degreesOfFreedom), (otherError, other.degreesOfFreedom))
            let root = Double.hypot(error, otherError)
            let distribution = StudentT(degreesOfFreedom: freedom)
            let distance = distribution.upperQuantile((1 - level) / 2) * root
            difference.standardError = root
            difference.lower = slope - subtracted - distance
            difference.upper = slope - subtracted + distance
            difference.level = level
            difference.degreesOfFreedom = freedom.isFinite ? freedom : nil
            difference.method = MethodName(rawValue: freedom.isFinite ? "welch" : "normal")
            pValue = 2 * distribution.survival(abs(slope - subtracted) / root)
          } else {
            difference.notes += (one.notes + other.notes).filter { $0.effect == .noLimits }
            if difference.notes.isEmpty { difference.notes.append(.noErrorOfGroup) }
          }
          difference.lower = difference.lower.map { max(-bound, min(bound, $0)) }
          difference.upper = difference.upper.map { max(-bound, min(bound, $0)) }
        } else {
          difference.notes = [(a, one), (b, other)].filter { $0.1.value == nil }.map { group, own in
            Note(
              "no-change-in-group", detail: group, effect: .noValue,
              words: "no change can be estimated of \(group)"
                + (own.notes.text.map { " (\($0))" } ?? ""))
          }
        }
        result.append(
          TrendDifference(
            target: first.target, groups: (a, b), counts: (first.count, second.count),
            difference: difference, pValue: pValue))
      }
    }
    return result
  }

  private static func resample(
    _ difference: inout Estimate, _ replicates: [Double], _ method: BootstrapInterval,
    _ name: MethodName, level: Double
  ) -> Double? {
    guard let value = difference.value else { return nil }
    do throws(IntervalFailure) {
      let found = try method.limits(estimate: value, replicates: replicates, level: level)
      (difference.lower, difference.upper) = (found.lower, found.upper)
      (difference.level, difference.method) = (level, name)
      difference.notes += found.doubts
      difference.standardError = Moments(replicates.filter(\.isFinite)).variance.squareRoot()
      return method.pValue(estimate: value, replicates: replicates)
    } catch {
      difference.notes.append(error.typedNote)
      return nil
    }
  }

  /// Welch's degrees of freedom of the difference of two estimates.
  private static func welch(
    _ first: (error: Double, freedom: Double?), _ second: (error: Double, freedom: Double?)
  ) -> Double {
    let squares = [first, second].map { $0.error * $0.error }
    let shares = zip(squares, [first, second]).map { square, part in
      part.freedom.map { square * square / $0 } ?? 0
    }
    let total = squares[0] + squares[1]
    let sum = shares[0] + shares[1]
    return sum > 0 ? total * total / sum : .infinity
  }
}

extension Note {
  /// The groups share papers, so that their changes are not independent.
  static let sharedPapers = Note(
    "groups-share-papers", effect: .noLimits,
    words: "the groups share papers; limits need `interval: percentile`")
  /// A change of one of the groups has no error.
  static let noErrorOfGroup = Note("no-error-of-a-group", effect: .noLimits)
}

import SurveyStats

/// How often intervals missed the truth, and how long they were.
struct Tally {
  /// The total weight of the intervals: their number, or the probability of the samples.
  private(set) var total = 0.0
  private var missesBelow = 0.0
  private var missesAbove = 0.0
  private var misses = 0.0
  private var lengths = 0.0
  private var analytic = 0.0

  /// Starts without intervals.
  init() {}

  /// The tally of shares that were counted earlier.
  init(
    coverage: Double, missedBelow: Double, missedAbove: Double, meanLength: Double,
    analyticShare: Double
  ) {
    total = 1
    misses = 1 - coverage
    missesBelow = missedBelow
    missesAbove = missedAbove
    lengths = meanLength
    analytic = analyticShare
  }

  /// Counts an interval.
  ///
  /// - Parameters:
  ///   - missesBelow: Whether the truth lies below it.
  ///   - missesAbove: Whether the truth lies above it.
  ///   - length: Its length within [0, 1].
  ///   - analytic: The share of it that is from a formula, not from replicates.
  ///   - weight: Its weight.
  mutating func add(
    missesBelow: Bool, missesAbove: Bool, length: Double, analytic: Double, weight: Double = 1
  ) {
    total += weight
    if missesBelow { self.missesBelow += weight }
    if missesAbove { self.missesAbove += weight }
    if missesBelow || missesAbove { misses += weight }
    lengths += weight * length
    self.analytic += weight * analytic
  }

  /// Counts the interval of a rate, if it has one.
  mutating func add(_ rate: Rate, truth: Double, weight: Double = 1) {
    guard let interval = RateLimits(rate, truth: truth) else { return }
    add(
      missesBelow: interval.missesBelow, missesAbove: interval.missesAbove,
      length: interval.length, analytic: interval.isAnalytic ? 1 : 0, weight: weight)
  }

  /// The share of intervals that held the truth.
  var coverage: Double { (total - misses) / total }
  /// The share of intervals that the truth lay below.
  var missedBelow: Double { missesBelow / total }
  /// The share of intervals that the truth lay above.
  var missedAbove: Double { missesAbove / total }
  /// The mean length.
  var meanLength: Double { lengths / total }
  /// The share of intervals from a formula.
  var analyticShare: Double { analytic / total }
}

/// The limits of a rate against the truth.
struct RateLimits {
  let missesBelow: Bool
  let missesAbove: Bool
  let length: Double
  let isAnalytic: Bool

  /// Compares limits with the truth, up to rounding errors; nil without limits.
  init?(_ rate: Rate, truth: Double) {
    guard let lower = rate.lower, let upper = rate.upper else { return nil }
    let tolerance = 1e-9
    missesBelow = truth < lower - tolerance
    missesAbove = truth > upper + tolerance
    length = min(upper, 1) - max(lower, 0)
    isAnalytic =
      rate.interval.flatMap { RateInterval($0.rawValue) }.map {
        if case .analytic = $0 { true } else { false }
      } ?? (rate.interval != "max-t")
  }
}

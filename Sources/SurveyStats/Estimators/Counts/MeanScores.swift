/// The mean scores of two disjoint sets of papers and their difference by Welch's test.
struct MeanScores: Sendable, Equatable {
  /// The papers of the first set that have a score.
  let firstCount: Int
  /// The papers of the second set that have a score.
  let secondCount: Int
  /// The mean of the first set.
  let first: Double?
  /// The mean of the second set.
  let second: Double?
  /// The difference, first less second.
  let difference: Estimate
  /// The p-value of no difference.
  let pValue: Double?

  init(_ scores: [Double?], first: [Int], second: [Int], level: Double) {
    self.init(
      Moments(first.compactMap { scores[$0] }), Moments(second.compactMap { scores[$0] }),
      level: level)
  }

  /// Compares two sets of scores by their moments.
  init(_ a: Moments, _ b: Moments, level: Double) {
    firstCount = a.count
    secondCount = b.count
    first = a.count > 0 ? a.mean : nil
    second = b.count > 0 ? b.mean : nil
    guard let test = WelchTest(a, b) else {
      difference = Estimate(nil, notes: [Note("no-papers-on-a-side", effect: .noValue)])
      pValue = nil
      return
    }
    let limits = test.interval(level: level)
    difference = Estimate(
      test.difference, standardError: test.standardError, lower: limits.lower, upper: limits.upper,
      level: level, degreesOfFreedom: test.degreesOfFreedom,
      notes: test.standardError == nil
        ? [Note("fewer-than-2-papers", effect: .noLimits)] : [])
    pValue = test.pValue
  }
}

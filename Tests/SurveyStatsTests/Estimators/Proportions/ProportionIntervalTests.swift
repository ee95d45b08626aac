import SurveyStats
import Testing

@Suite struct ProportionIntervalTests {
  private func row(_ row: NumericsGolden.Row) throws -> (
    interval: ProportionInterval, lower: Double, upper: Double
  ) {
    let interval = try #require(ProportionInterval(rawValue: row["method"]))
    let limits = try #require(
      interval.limits(
        successes: try row.number("successes"), trials: try row.number("trials"),
        level: try row.number("level")))
    return (interval, limits.lower, limits.upper)
  }

  @Test func `limits match forty-digit arithmetic`() throws {
    for reference in try NumericsGolden("proportion_intervals").rows {
      let (_, lower, upper) = try row(reference)
      let exactLower = try reference.number("lower_exact")
      let exactUpper = try reference.number("upper_exact")
      #expect(abs(lower - exactLower) <= 1e-15 + 2e-13 * exactLower, "\(reference)")
      #expect(abs(upper - exactUpper) <= 1e-15 + 2e-13 * exactUpper, "\(reference)")
    }
  }

  @Test func `limits match statsmodels where it follows the same definition`() throws {
    for reference in try NumericsGolden("proportion_intervals").rows
    where reference["lower_statsmodels"] != "" {
      let (interval, lower, upper) = try row(reference)
      let successes = try reference.number("successes")
      let trials = try reference.number("trials")
      let expectedLower = try reference.number("lower_statsmodels")
      let expectedUpper = try reference.number("upper_statsmodels")
      // statsmodels keeps the beta quantile in Jeffreys' interval without successes or failures.
      if interval != .jeffreys || successes != 0 {
        #expect(abs(lower - expectedLower) < 1e-12, "\(reference)")
      }
      if interval != .jeffreys || successes != trials {
        #expect(abs(upper - expectedUpper) < 1e-12, "\(reference)")
      }
    }
  }

  @Test(arguments: ProportionInterval.allCases) func `ends are exact`(
    interval: ProportionInterval
  ) throws {
    for trials in [0.5, 1, 3, 7, 10, 33, 67, 1000, 123_456] {
      let none = try #require(interval.limits(successes: 0, trials: trials, level: 0.95))
      let all = try #require(interval.limits(successes: trials, trials: trials, level: 0.95))
      #expect(none.lower == 0)
      #expect(all.upper == 1)
      #expect(none.upper < 1 && all.lower > 0)
    }
    #expect(interval.limits(successes: 0, trials: 0, level: 0.95) == nil)
  }

  @Test(arguments: ProportionInterval.allCases)
  func `limits are mirrored, nested and monotone`(interval: ProportionInterval) throws {
    for trials in [1.0, 4, 17, 250] {
      var previous = (lower: -1.0, upper: -1.0)
      for step in 0...Int(trials) {
        let successes = Double(step)
        var outer = (lower: 0.0, upper: 1.0)
        for level in [0.999, 0.95, 0.8, 0.3] {
          let limits = try #require(
            interval.limits(successes: successes, trials: trials, level: level))
          let mirrored = try #require(
            interval.limits(successes: trials - successes, trials: trials, level: level))
          #expect(abs(limits.lower - (1 - mirrored.upper)) < 1e-15)
          #expect(limits.lower >= outer.lower && limits.upper <= outer.upper)
          #expect(limits.lower <= limits.upper)
          outer = limits
          if level == 0.95 {
            #expect(limits.lower >= previous.lower && limits.upper >= previous.upper)
            previous = limits
          }
        }
      }
    }
  }

  @Test func `mid-P lies inside Clopper-Pearson and Agresti-Coull outside Wilson`() throws {
    for successes in 0...40 {
      func limits(_ interval: ProportionInterval) throws -> (lower: Double, upper: Double) {
        try #require(interval.limits(successes: Double(successes), trials: 40, level: 0.9))
      }
      let exact = try limits(.clopperPearson)
      let mid = try limits(.midP)
      #expect(mid.lower >= exact.lower && mid.upper <= exact.upper)
      let wilson = try limits(.wilson)
      let agresti = try limits(.agrestiCoull)
      #expect(agresti.lower <= wilson.lower + 1e-15 && agresti.upper >= wilson.upper - 1e-15)
    }
  }

  @Test func `rounding errors in weighted counts are forgiven`() throws {
    let limits = try #require(
      ProportionInterval.wilson.limits(successes: 3.000_000_000_000_001, trials: 3, level: 0.95))
    #expect(limits.upper == 1)
  }
}

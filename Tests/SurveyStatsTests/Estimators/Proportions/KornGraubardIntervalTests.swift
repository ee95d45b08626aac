import SurveyStats
import Testing

@Suite struct KornGraubardIntervalTests {
  @Test func `limits match the survey package`() throws {
    for row in try NumericsGolden("korn_graubard").rows {
      let interval = KornGraubardInterval(
        proportion: try row.number("proportion"), standardError: try row.number("standard_error"),
        trials: Int(try row.number("trials")), clusters: Int(try row.number("clusters")))
      let limits = try #require(interval.limits(level: try row.number("level")))
      let lower = try row.number("lower")
      let upper = try row.number("upper")
      #expect(abs(limits.lower - lower) < 1e-12, "\(row)")
      #expect(abs(limits.upper - upper) < 1e-12, "\(row)")
    }
  }

  @Test func `the effective sample size is at most the sample size`() throws {
    let interval = KornGraubardInterval(
      proportion: 0.5, standardError: 0.001, trials: 50, clusters: 20)
    #expect(interval.effectiveTrials(level: 0.95) == 50)
    let limits = try #require(interval.limits(level: 0.95))
    let exact = try #require(
      ProportionInterval.clopperPearson.limits(successes: 25, trials: 50, level: 0.95))
    #expect(limits == exact)
  }

  @Test func `a proportion without variance uses the sample size`() throws {
    let none = KornGraubardInterval(proportion: 0, standardError: 0, trials: 30, clusters: 6)
    let limits = try #require(none.limits(level: 0.95))
    #expect(limits.lower == 0 && limits.upper > 0.1)
  }

  @Test func `one cluster gives no interval`() {
    let single = KornGraubardInterval(
      proportion: 0.5, standardError: 0.1, trials: 30, clusters: 1)
    #expect(single.limits(level: 0.95) == nil)
    let paired = KornGraubardInterval(
      proportion: 0.5, standardError: 0.1, trials: 30, clusters: 4, strata: 4)
    #expect(paired.limits(level: 0.95) == nil)
  }
}

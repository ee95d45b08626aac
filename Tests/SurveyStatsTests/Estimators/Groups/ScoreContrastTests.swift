import RealModule
import Testing

@testable import SurveyStats

@Suite struct ScoreContrastTests {
  static let golden = RegressionGolden.rows("score-intervals", "values")

  @Test(arguments: golden.filter { $0["method"] != "tango" })
  func `limits are those found numerically`(row: [String: String]) throws {
    let cells = try #require(row["table"]).split(separator: "/").compactMap { Int($0) }
    let pair = TwoProportions(cells[0], of: cells[1], cells[2], of: cells[3])
    let score = try #require(pair.score(isUnbiased: row["method"] == "miettinen-nurminen"))
    let limits =
      switch row["quantity"] {
      case "difference": score.differenceLimits()
      case "ratio": score.ratioLimits()
      default: score.oddsRatioLimits()
      }
    for (found, name) in [(limits.lower, "low"), (limits.upper, "high")] {
      guard let expected = row[name].flatMap({ Double($0) }) else {
        #expect(found == nil, "\(row)")
        continue
      }
      #expect(abs((found ?? .nan) - expected) < 1e-7 * max(1, abs(expected)), "\(row)")
    }
    let p = try #require(row["p"].flatMap { Double($0) })
    #expect(abs(score.pValue - p) < 1e-10)
  }

  @Test func `ratios with a rate of one or zero have wide intervals`() throws {
    // docs: 7 of 7 against 335 of 507, and 1 of 1 against 2 of 2.
    let full = try #require(TwoProportions(7, of: 7, 335, of: 507).score())
    let limits = full.ratioLimits()
    #expect(abs((limits.lower ?? 0) - 0.974) < 5e-4 && abs((limits.upper ?? 0) - 1.617) < 5e-4)
    #expect(abs(full.pValue - 0.059) < 5e-4)
    let two = try #require(TwoProportions(1, of: 1, 2, of: 2).score())
    let wide = two.ratioLimits()
    #expect(abs((wide.lower ?? 0) - 0.148) < 5e-4 && abs((wide.upper ?? 0) - 3.881) < 5e-4)
    #expect(two.pValue == 1)
    let none = try #require(TwoProportions(0, of: 5, 0, of: 40).score()).ratioLimits()
    #expect(none.lower == 0 && none.upper == nil)
    #expect(TwoProportions(0, of: 0, 1, of: 2).score() == nil)
  }

  @Test func `all limits and the p-value agree about no difference`() throws {
    for first in 0...8 {
      for second in 0...13 {
        let score = try #require(TwoProportions(first, of: 8, second, of: 13).score())
        let rejects = score.pValue < 0.05
        let difference = score.differenceLimits()
        let (ratio, odds) = (score.ratioLimits(), score.oddsRatioLimits())
        let low = try #require(difference.lower)
        let high = try #require(difference.upper)
        #expect(rejects == (low > 0 || high < 0))
        for limits in [ratio, odds] {
          #expect(rejects == ((limits.lower ?? 0) > 1 || (limits.upper ?? .infinity) < 1))
        }
        #expect(low >= -1 && high <= 1 && high - low > 0.1)
      }
    }
  }

  @Test func `exchanging the groups inverts ratios`() throws {
    let score = try #require(TwoProportions(7, of: 20, 15, of: 33).score())
    let mirrored = try #require(TwoProportions(15, of: 33, 7, of: 20).score())
    for (one, other) in [
      (score.ratioLimits(), mirrored.ratioLimits()),
      (score.oddsRatioLimits(), mirrored.oddsRatioLimits()),
    ] {
      #expect(abs((one.lower ?? 0) * (other.upper ?? 0) - 1) < 1e-9)
    }
  }

  /// The error of the default test, over all tables: no Monte Carlo error.
  @Test func `the score test errs in at most 6 % with sparse items and unequal groups`() throws {
    for (n1, n2) in [(10, 10), (6, 14), (2, 18), (50, 50), (30, 70), (10, 90), (5, 95), (2, 98)] {
      for rate in [0.02, 0.05, 0.1] {
        func density(_ x: Int, _ n: Int) -> Double {
          Binomial(trials: n, probability: rate).density(x)
        }
        var error = 0.0
        for x1 in 0...n1 where density(x1, n1) > 1e-9 {
          for x2 in 0...n2 where density(x2, n2) > 1e-9 {
            let pair = TwoProportions(x1, of: n1, x2, of: n2)
            let score = try #require(pair.usualScore()).score
            if score.pValue < 0.05 { error += density(x1, n1) * density(x2, n2) }
          }
        }
        #expect(error <= 0.06, "\(n1) \(n2) \(rate)")
      }
    }
  }

  @Test(arguments: golden.filter { $0["method"] == "tango" })
  func `Tango's limits are those found numerically`(row: [String: String]) throws {
    let cells = try #require(row["table"]).split(separator: "/").compactMap { Int($0) }
    let pair = PairedProportions(
      both: 0, firstOnly: cells[0], secondOnly: cells[1], neither: cells[2] - cells[0] - cells[1])
    let limits = pair.tangoInterval()
    for (found, name) in [(limits.lower, "low"), (limits.upper, "high")] {
      let expected = try #require(row[name].flatMap { Double($0) })
      #expect(abs((found ?? .nan) - expected) < 1e-9, "\(row)")
    }
    let p = try #require(row["p"].flatMap { Double($0) })
    #expect(abs(pair.mcNemarPValue - p) < 1e-12)
  }
}

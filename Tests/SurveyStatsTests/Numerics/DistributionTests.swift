import RealModule
import Testing

@testable import SurveyStats

@Suite struct DistributionTests {
  /// The distribution that a golden row is about.
  private func distribution(_ row: NumericsGolden.Row) throws -> any ContinuousDistribution {
    switch row["distribution"] {
    case "normal": return Normal()
    case "t": return StudentT(degreesOfFreedom: try row.number("first"))
    case "chisq": return ChiSquared(degreesOfFreedom: try row.number("first"))
    case "beta": return Beta(alpha: try row.number("first"), beta: try row.number("second"))
    default:
      return FDistribution(
        numeratorDegreesOfFreedom: try row.number("first"),
        denominatorDegreesOfFreedom: try row.number("second"))
    }
  }

  /// The relative error that rounding the exponent of a probability allows.
  private func tolerance(_ probability: Double) -> Double {
    1e-14 - 4e-16 * min(0, Double.log(max(probability, .leastNormalMagnitude)))
  }

  @Test func `probabilities and densities match sixty-digit arithmetic`() throws {
    for row in try NumericsGolden("distributions_exact").rows {
      let distribution = try distribution(row)
      let x = try row.number("x")
      let cdf = try row.number("cdf")
      let survival = try row.number("survival")
      #expect(
        relativeError(distribution.cumulativeProbability(x), cdf) <= tolerance(cdf), "\(row)")
      #expect(relativeError(distribution.survival(x), survival) <= tolerance(survival), "\(row)")
      let density = try row.number("density")
      #expect(
        relativeError(distribution.density(x), density) <= tolerance(min(cdf, survival)), "\(row)")
    }
  }

  // R itself is off by up to 1.5e-12 in the far tails (dbeta(0.6790079, 5000, 5001) for one).
  @Test func `probabilities and densities match R`() throws {
    for row in try NumericsGolden("distributions").rows {
      let distribution = try distribution(row)
      let x = try row.number("x")
      let cdf = try row.number("cdf")
      let survival = try row.number("survival")
      #expect(relativeError(distribution.cumulativeProbability(x), cdf) <= 2e-12, "\(row)")
      #expect(relativeError(distribution.survival(x), survival) <= 2e-12, "\(row)")
      let density = try row.number("density")
      #expect(relativeError(distribution.density(x), density) <= 2e-12, "\(row)")
    }
  }

  @Test func `quantiles match R`() throws {
    for row in try NumericsGolden("quantiles").rows {
      let distribution = try distribution(row)
      let tail = try row.number("tail")
      if row["lower_quantile"] != "" {
        let lower = try row.number("lower_quantile")
        #expect(relativeError(distribution.quantile(tail), lower) <= 1e-12, "\(row)")
      }
      if row["upper_quantile"] != "" {
        let upper = try row.number("upper_quantile")
        #expect(relativeError(distribution.upperQuantile(tail), upper) <= 1e-12, "\(row)")
      }
    }
  }

  @Test func `quantiles invert the tails from which they are made`() throws {
    var distributions: [any ContinuousDistribution] = [Normal()]
    for degrees in [0.3, 1, 2, 7.5, 30, 1000, 1e7, .infinity] {
      distributions.append(StudentT(degreesOfFreedom: degrees))
      if degrees < .infinity { distributions.append(ChiSquared(degreesOfFreedom: degrees)) }
      for other in [0.7, 3, 40, 20_000] where degrees < 1e6 {
        distributions.append(Beta(alpha: degrees, beta: other))
        distributions.append(
          FDistribution(numeratorDegreesOfFreedom: degrees, denominatorDegreesOfFreedom: other))
      }
    }
    for distribution in distributions {
      for tail in [1e-200, 1e-40, 1e-9, 1e-4, 0.01, 0.2, 0.31, 0.5] {
        let low = distribution.quantile(tail)
        let high = distribution.upperQuantile(tail)
        // A quantile near the largest or smallest number, or near one, cannot hold its tail.
        if abs(low) > 1e-300 && abs(low) < 1e300 && low != 1 {
          let error = relativeError(distribution.cumulativeProbability(low), tail)
          #expect(error < roundingBound(distribution, low, tail), "\(distribution) \(tail)")
        }
        if abs(high) > 1e-300 && abs(high) < 1e300 && high != 1 {
          let error = relativeError(distribution.survival(high), tail)
          #expect(error < roundingBound(distribution, high, tail), "\(distribution) \(tail)")
        }
      }
    }
  }

  /// How much of a tail one rounding of its argument may change, with some room.
  private func roundingBound(
    _ distribution: any ContinuousDistribution, _ x: Double, _ tail: Double
  ) -> Double {
    3e-13 + 4e-16 * distribution.density(x) * abs(x) / tail
  }

  @Test func `probabilities at the ends are exact`() {
    let distributions: [any ContinuousDistribution] = [
      ChiSquared(degreesOfFreedom: 3), Beta(alpha: 2, beta: 0.5),
      FDistribution(numeratorDegreesOfFreedom: 3, denominatorDegreesOfFreedom: 4),
      Normal(), StudentT(degreesOfFreedom: 3),
    ]
    for distribution in distributions {
      #expect(distribution.cumulativeProbability(-.infinity) == 0)
      #expect(distribution.survival(.infinity) == 0)
      #expect(distribution.survival(-.infinity) == 1)
      #expect(distribution.cumulativeProbability(.infinity) == 1)
      #expect(distribution.cumulativeProbability(.nan).isNaN)
      #expect(distribution.survival(.nan).isNaN)
      #expect(distribution.density(.nan).isNaN)
    }
    #expect(Normal().quantile(0) == -.infinity)
    #expect(StudentT(degreesOfFreedom: 3).quantile(1) == .infinity)
    #expect(ChiSquared(degreesOfFreedom: 3).quantile(0) == 0)
    #expect(ChiSquared(degreesOfFreedom: 3).quantile(1) == .infinity)
    #expect(Beta(alpha: 2, beta: 3).quantile(0) == 0)
    #expect(Beta(alpha: 2, beta: 3).upperQuantile(0) == 1)
  }

  @Test func `Cauchy tails reach the largest numbers`() {
    let cauchy = StudentT(degreesOfFreedom: 1)
    #expect(relativeError(cauchy.survival(1e200), 1e-200 / .pi) < 1e-15)
    #expect(relativeError(cauchy.upperQuantile(1e-300), 1e300 / .pi) < 1e-14)
  }

  @Test func `the binomial distribution matches R`() throws {
    for row in try NumericsGolden("binomial").rows {
      let distribution = Binomial(
        trials: Int(try row.number("trials")), probability: try row.number("probability"))
      let successes = Int(try row.number("successes"))
      let cdf = try row.number("cdf")
      let survival = try row.number("survival")
      #expect(
        relativeError(distribution.cumulativeProbability(successes), cdf) < 1e-12, "\(row)")
      #expect(relativeError(distribution.survival(successes), survival) < 1e-12, "\(row)")
      let density = try row.number("density")
      #expect(relativeError(distribution.density(successes), density) < 1e-12, "\(row)")
      let quantile = Int(try row.number("quantile_of_cdf"))
      let own = distribution.cumulativeProbability(successes)
      #expect(distribution.quantile(own) == quantile, "\(row)")
    }
  }

  @Test func `a binomial distribution without chance is a point`() {
    let never = Binomial(trials: 3, probability: 0)
    let always = Binomial(trials: 3, probability: 1)
    #expect((0...3).map(never.density) == [1, 0, 0, 0])
    #expect((0...3).map(always.density) == [0, 0, 0, 1])
    #expect(never.quantile(0.5) == 0)
    #expect(always.quantile(0.5) == 3)
    #expect(Binomial(trials: 0, probability: 0.5).density(0) == 1)
  }
}

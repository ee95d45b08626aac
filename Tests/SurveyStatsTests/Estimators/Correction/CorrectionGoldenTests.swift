import Foundation
import Testing

@testable import SurveyStats

/// Values of ppi-python, of 2e7 draws of a posterior, and of Lang and Reiczigel's script.
@Suite struct CorrectionGoldenTests {
  private func rows(_ name: String) throws -> [[String]] {
    let url = try #require(
      Bundle.module.url(
        forResource: name, withExtension: "csv", subdirectory: "Golden/correction"))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst(2)
      .map { $0.split(separator: ",").map(String.init) }
  }

  @Test func `means by predictions are those of ppi-python`() throws {
    for reference in try rows("ppi") {
      let data = try rows("ppi_\(reference[0])").map { (Double($0[0]), Double($0[1]) ?? .nan) }
      let mean = PredictionPoweredMean(
        labeled: data.compactMap { value, prediction in value.map { ($0, prediction) } },
        unlabeled: data.filter { $0.0 == nil }.map(\.1), power: Double(reference[1]),
        divisor: .count)
      let limits = mean.limits(level: 0.95)
      for (found, text) in zip([mean.value, limits.lower, limits.upper], reference[2...]) {
        let expected = try #require(Double(text))
        #expect(abs(found - expected) < 1e-8, "\(reference)")
      }
    }
  }

  /// The example in the documentation of GLIDE's `PPIMeanEstimator`, whose variances are unbiased.
  @Test func `the worked example of GLIDE`() {
    let mean = PredictionPoweredMean(
      labeled: [(5, 4.9), (6, 6.1)], unlabeled: [5.2, 6.1])
    #expect(abs(mean.power - 0.7843137254901961) < 1e-12)
    #expect(abs(mean.value - 5.617647) < 5e-7)
    #expect(abs(mean.limits(level: 0.95).lower - 4.923497) < 5e-7)
  }

  @Test func `the posterior at lattice points is that of many draws`() throws {
    for reference in try rows("posterior") {
      let numbers = reference.compactMap(Double.init)
      var table = StateTable()
      for first in AnswerState.allCases {
        for second in AnswerState.allCases {
          table[first, second] = numbers[3 + first.rawValue * 3 + second.rawValue]
        }
      }
      let posterior = DoubleSamplingPosterior(rater: Array(numbers[..<3]), table: table)
      let found = posterior.quantiles([0.02, 0.5, 0.98])
      let deviation = numbers[16]
      for (place, value) in found.enumerated() {
        #expect(
          abs(value - numbers[12 + place]) < CorrectionTolerance.quantile * deviation,
          "\(reference) \(value)")
      }
      let moments = posterior.moments
      #expect(abs(moments.mean - numbers[15]) < CorrectionTolerance.moment * deviation)
      #expect(abs(moments.deviation - deviation) < CorrectionTolerance.moment * deviation)
    }
  }

  @Test func `quantiles on the lattice are those of the beta distribution`() {
    for (alpha, beta) in [(0.2, 0.4), (3.2, 0.2), (700.5, 315.5), (0.5, 10_000.5), (0.2, 0.2)] {
      let found = CorrectionLattice.quantiles(alpha, beta)
      let reference = Beta(alpha: alpha, beta: beta)
      for place in stride(from: 1, to: found.count, by: 409) {
        let probability = (Double(place) + 0.5) / Double(found.count)
        // So near to one a number says little of its distance from it.
        guard found[place] < 1 - 1e-9 else { continue }
        #expect(
          abs(reference.cumulativeProbability(found[place]) - probability) < 1e-5,
          "\(alpha) \(beta) \(place)")
      }
    }
  }

  @Test func `limits are those of Lang and Reiczigel`() throws {
    for reference in try rows("rogan_gladen") {
      let numbers = reference.compactMap(Double.init)
      let found = RoganGladen.estimate(
        yes: numbers[0], trials: numbers[1],
        KnownErrors(
          sensitivity: .init(numbers[2], of: numbers[3]),
          specificity: .init(numbers[4], of: numbers[5])), level: 0.95)
      #expect(abs((found.value ?? .nan) - numbers[6]) < 1e-12)
      #expect(abs((found.lower ?? .nan) - numbers[7]) < 1e-12)
      #expect(abs((found.upper ?? .nan) - numbers[8]) < 1e-12)
    }
  }
}

/// How close the posterior of double sampling must come to that of many draws, in standard deviations.
enum CorrectionTolerance {
  static let quantile = 0.06
  static let moment = 0.01
}

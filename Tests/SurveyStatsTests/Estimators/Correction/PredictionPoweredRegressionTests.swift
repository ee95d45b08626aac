import Foundation
import Testing

@testable import SurveyStats

/// Coefficients by prediction-powered inference.
@Suite struct PredictionPoweredRegressionTests {
  private func rows(_ name: String) throws -> [[String]] {
    let url = try #require(
      Bundle.module.url(
        forResource: name, withExtension: "csv", subdirectory: "Golden/correction"))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst(2)
      .map { $0.split(separator: ",").map(String.init) }
  }

  private func regression(
    _ curve: PredictionPoweredRegression.Curve, small: Bool = false
  ) throws -> PredictionPoweredRegression {
    let papers = try rows("regression_data").enumerated().map { unit, row in
      let numbers = row.map(Double.init)
      return PredictionPoweredRegression.Paper(
        x: [1, try #require(numbers[0]), try #require(numbers[1])],
        prediction: curve == .line ? numbers[5] : numbers[3],
        outcome: curve == .line ? numbers[4] : numbers[2], unit: unit)
    }
    return PredictionPoweredRegression(
      curve, labeled: papers.filter { $0.outcome != nil },
      unlabeled: papers.filter { $0.outcome == nil }, correctsSmallSamples: small)
  }

  @Test func `coefficients and limits are those of ppi-python`() throws {
    for reference in try rows("regression") {
      let curve: PredictionPoweredRegression.Curve = reference[0] == "line" ? .line : .logistic
      let power = Double(reference[1])
      let fit = try #require(
        try regression(curve).fit(power.map { .fixed($0) } ?? .total))
      let found = fit.estimate(try #require(Int(reference[2])), level: 0.95)
      let expected = reference[3...].compactMap(Double.init)
      #expect(abs(try #require(found.lower) - expected[0]) < 1e-8, "\(reference) \(found)")
      #expect(abs(try #require(found.upper) - expected[1]) < 1e-8, "\(reference) \(found)")
    }
  }

  @Test func `an intercept alone is a mean`() throws {
    let labeled = [(1.0, 0.8), (2.0, 2.1), (3.0, 2.7), (2.5, 2.2)]
    let unlabeled = [1.0, 2.0, 2.4, 3.1, 2.2]
    let mean = PredictionPoweredMean(
      labeled: labeled.map { (value: $0.0, prediction: $0.1) }, unlabeled: unlabeled, power: 1)
    let fit = try #require(
      PredictionPoweredRegression(
        .line,
        labeled: labeled.enumerated().map {
          .init(x: [1], prediction: $1.1, outcome: $1.0, unit: $0)
        }, unlabeled: unlabeled.enumerated().map { .init(x: [1], prediction: $1, unit: 10 + $0) },
        correctsSmallSamples: false
      ).fit(.fixed(1)))
    #expect(abs(fit.coefficients[0] - mean.value) < 1e-12)
    let error = try #require(fit.estimate(0, level: 0.95).standardError)
    #expect(abs(error - mean.standardError) < 1e-12)
  }

  @Test func `small samples are wider, and folds change little`() throws {
    for curve in [PredictionPoweredRegression.Curve.line, .logistic] {
      let plain = try #require(try regression(curve).fit(.coefficient(1)))
      let small = try #require(try regression(curve, small: true).fit(.coefficient(1)))
      let folded = try #require(try regression(curve, small: true).fit(.coefficient(1), folds: 5))
      let (a, b) = (plain.estimate(1, level: 0.95), small.estimate(1, level: 0.95))
      #expect(a.value == b.value)
      #expect(try #require(b.standardError) > #require(a.standardError))
      #expect(small.degreesOfFreedom[1] > 100 && plain.degreesOfFreedom[1] == .infinity)
      #expect(abs(folded.coefficients[1] - small.coefficients[1]) < 0.05)
    }
  }

  @Test func `clusters count as units, whatever their part that was re-answered`() throws {
    // Clusters of four papers that say the same, one or four of them re-answered.
    func fit(reread: Int, power: Double) throws -> PredictionPoweredRegression.Fit {
      var labeled: [PredictionPoweredRegression.Paper] = []
      var unlabeled = labeled
      for unit in 0..<60 {
        let truth = unit % 3 == 0 ? 1.0 : 0
        let said = unit % 5 == 0 ? 1.0 : truth
        for paper in 0..<4 {
          if unit < 30, paper < reread {
            labeled.append(.init(x: [1], prediction: said, outcome: truth, unit: unit))
          } else {
            unlabeled.append(.init(x: [1], prediction: said, unit: unit))
          }
        }
      }
      return try #require(
        PredictionPoweredRegression(
          .line, labeled: labeled, unlabeled: unlabeled, correctsSmallSamples: false
        ).fit(.fixed(power)))
    }
    let (one, four) = (try fit(reread: 1, power: 1), try fit(reread: 4, power: 1))
    #expect(abs(one.coefficients[0] - 1 / 3) < 0.02 && abs(four.coefficients[0] - 1 / 3) < 0.02)
    // Four papers of a cluster that say the same are no more than one.
    let alone = (try fit(reread: 1, power: 0), try fit(reread: 4, power: 0))
    #expect(abs(alone.0.covariance[0, 0] / alone.1.covariance[0, 0] - 1) < 1e-12)
  }

  @Test func `too few papers and separated ones have no fit`() throws {
    func papers(_ count: Int, outcome: (Int) -> Double?) -> [PredictionPoweredRegression.Paper] {
      (0..<count).map {
        .init(x: [1, Double($0)], prediction: outcome($0), outcome: outcome($0), unit: $0)
      }
    }
    let two = PredictionPoweredRegression(
      .logistic, labeled: papers(2) { Double($0 % 2) }, unlabeled: [])
    #expect(two.fit() == nil)
    let separated = PredictionPoweredRegression(
      .logistic, labeled: papers(20) { $0 < 10 ? 0 : 1 }, unlabeled: [])
    #expect(separated.fit() == nil)
    let none = PredictionPoweredRegression(.line, labeled: papers(9) { _ in nil }, unlabeled: [])
    #expect(none.fit() == nil)
  }
}

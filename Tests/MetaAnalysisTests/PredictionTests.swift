import MetaAnalysis
import RealModule
import SurveyStats
import Testing

@Suite struct PredictionTests {
  private func studies(_ counts: [(Double, Double)]) throws -> StudyEffects {
    try StudyEffects(
      .logit, labels: counts.indices.map(String.init),
      counts: counts.map { .events($0.0, of: $0.1) })
  }

  /// The ends of the middle 95 % of the mixture over τ, by sums on fine grids.
  private func bruteForce(_ studies: StudyEffects) -> (lower: Double, upper: Double) {
    var parts: [(weight: Double, mean: Double, deviation: Double)] = []
    var heights: [Double] = []
    for step in 0..<400 {
      // Even steps of half-Cauchy probability.
      let tau = Double.tan(Double.pi / 2 * (Double(step) + 0.5) / 400)
      guard tau < 20 else { continue }
      func height(_ effect: Double) -> Double {
        LikelihoodModel.logLikelihood(of: studies, effect: effect, tau: tau)
      }
      var (low, high) = (-12.0, 12.0)
      for _ in 0..<60 {
        let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
        if height(a) < height(b) { low = a } else { high = b }
      }
      let best = (low + high) / 2
      let bend = (2 * height(best) - height(best - 1e-3) - height(best + 1e-3)) / 1e-6
      heights.append(height(best))
      parts.append((1 / bend.squareRoot(), best, (tau * tau + 1 / bend).squareRoot()))
    }
    let most = heights.max() ?? 0
    for index in parts.indices { parts[index].weight *= Double.exp(heights[index] - most) }
    let whole = parts.reduce(0) { $0 + $1.weight }
    func quantile(_ share: Double) -> Double {
      var (low, high) = (-60.0, 60.0)
      for _ in 0..<80 {
        let middle = (low + high) / 2
        let below = parts.reduce(0) {
          $0 + $1.weight * Normal().cumulativeProbability((middle - $1.mean) / $1.deviation)
        }
        if below < share * whole { low = middle } else { high = middle }
      }
      return (low + high) / 2
    }
    return (quantile(0.025), quantile(0.975))
  }

  @Test(arguments: [
    [(3.0, 20.0), (9, 22), (4, 35), (12, 18), (7, 40), (2, 9)],
    [(1, 12), (0, 30), (2, 25), (1, 41)],
    [(12, 40), (13, 41), (11, 39), (12, 42), (13, 40), (12, 38), (11, 40), (13, 43)],
  ])
  func `a further study is expected where sums on fine grids say`(
    counts: [(Double, Double)]
  ) throws {
    let studies = try studies(counts)
    let row = try Pooling().estimate(studies)
    let found = try #require(row.prediction)
    let wanted = bruteForce(studies)
    func rate(_ logit: Double) -> Double { 1 / (1 + Double.exp(-logit)) }
    // Never less than the limits of the estimate.
    #expect(abs(found.lower - min(rate(wanted.lower), row.estimate.lower ?? 1)) < 1e-3)
    #expect(abs(found.upper - max(rate(wanted.upper), row.estimate.upper ?? 0)) < 1e-3)
  }

  @Test func `equal studies leave room for a further one that differs`() throws {
    let few = try Pooling().estimate(try studies([(Double, Double)](repeating: (6, 20), count: 8)))
    let prediction = try #require(few.prediction)
    #expect(few.notes.contains(.noHeterogeneity))
    #expect(prediction.lower < (few.estimate.lower ?? 0) - 0.01)
    #expect(prediction.upper > (few.estimate.upper ?? 1) + 0.01)
    // The more studies are alike, the less room.
    let many = try Pooling().estimate(
      try studies([(Double, Double)](repeating: (6, 20), count: 80)))
    let narrow = try #require(many.prediction)
    #expect(narrow.upper - narrow.lower < (prediction.upper - prediction.lower) / 2)
  }
}

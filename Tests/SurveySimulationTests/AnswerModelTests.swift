import RealModule
import SurveySimulation
import SurveyStats
import Testing

@Suite struct AnswerModelTests {
  /// Items whose answers depend on two factors.
  private func twoFactorParameters(paperCount: Int) -> CorpusSimulation.Parameters {
    var parameters = CorpusSimulation.Parameters(paperCount: paperCount, seed: 7)
    parameters.factors = ["first", "second"]
    let loadings = [[0.8, 0], [0.6, 0.5], [0, 0.9], [-0.7, 0.3], []]
    parameters.items = loadings.enumerated().map { index, loadings in
      SimulatedItem(
        item: Item(id: ItemID(category: "c", name: "item\(index)")), passRate: 0.3,
        loadings: loadings)
    }
    return parameters
  }

  @Test func `latent answers have the covariances of the loadings`() throws {
    let count = 20_000
    let simulation = try CorpusSimulation(twoFactorParameters(paperCount: count))
    let papers = (0..<count).map { simulation.paper(at: $0).responses }
    for first in 0..<5 {
      for second in first..<5 {
        let expected = first == second ? 1 : simulation.model.latentCorrelation(first, second)
        let sum = papers.reduce(0) { $0 + $1[first] * $1[second] }
        // The variance of a product of standard normal numbers with correlation r is 1 + r².
        let error = ((1 + expected * expected) / Double(count)).squareRoot()
        #expect(abs(sum / Double(count) - expected) < 4 * error)
      }
    }
  }

  @Test func `correlations come from shared factors`() throws {
    let model = try CorpusSimulation(twoFactorParameters(paperCount: 1)).model
    #expect(abs(model.latentCorrelation(0, 1) - 0.48) < 1e-15)
    #expect(abs(model.latentCorrelation(1, 3) - (-0.42 + 0.15)) < 1e-15)
    #expect(model.latentCorrelation(0, 2) == 0)
    #expect(model.latentCorrelation(0, 4) == 0)
    #expect(abs(model.uniqueDeviations[1] - (1 - 0.36 - 0.25).squareRoot()) < 1e-15)
  }

  @Test func `answers are yes above the threshold`() throws {
    let simulation = try CorpusSimulation(twoFactorParameters(paperCount: 200))
    for index in 0..<200 {
      let paper = simulation.paper(at: index)
      for (item, cell) in paper.cells.enumerated() where cell != .absent {
        #expect((cell == .yes) == (paper.responses[item] > simulation.model.thresholds[item][0]))
      }
    }
  }

  @Test(arguments: [-0.8, -0.1, 0, 0.05, 1.5]) func `a year slope keeps the rate over all years`(
    slope: Double
  ) throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 0)
    parameters.setYearSlope(slope)
    let model = try CorpusSimulation(parameters).model
    for (item, rates) in zip(parameters.items, model.yearRates) {
      let mean = zip(rates, parameters.years.probabilities).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(mean - item.passRate) < 1e-12)
      let logits = rates.map { Double.log($0 / (1 - $0)) }
      for (year, logit) in zip(parameters.years.values, logits) {
        let expected = slope * Double(year - parameters.years.values[0])
        #expect(abs(logit - logits[0] - expected) < 1e-9)
      }
    }
  }

  @Test func `thresholds are normal quantiles`() throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 0)
    parameters.factors = []
    parameters.items = [0, 0.024997895148220435, 0.5, 1].enumerated().map { index, rate in
      SimulatedItem(item: Item(id: ItemID("item\(index)")), passRate: rate)
    }
    let thresholds = try CorpusSimulation(parameters).model.thresholds.map { $0[0] }
    #expect(thresholds[0] == .infinity)
    #expect(abs(thresholds[1] - 1.96) < 1e-9)
    #expect(abs(thresholds[2]) < 1e-12)
    #expect(thresholds[3] == -.infinity)
  }
}

import RealModule
import SurveySimulation
import SurveyStats
import Testing

/// What the estimators find in simulated corpora whose truth is known.
@Suite struct RecoveryTests {
  private let pattern = DenseMatrix([
    [0.8, 0], [0.7, 0], [0.6, 0], [0.7, 0], [0.5, 0], [0.65, 0],
    [0, 0.75], [0, 0.6], [0, 0.7], [0, 0.8], [0, 0.55], [0, 0.65],
  ])
  private let rates = [0.2, 0.35, 0.5, 0.65, 0.8, 0.5, 0.3, 0.7, 0.4, 0.6, 0.25, 0.75]

  /// Papers of version 1, a quarter of whose cells do not apply.
  private func simulation(papers: Int, seed: UInt64) throws -> CorpusSimulation {
    var parameters = CorpusSimulation.Parameters(paperCount: papers, seed: seed)
    parameters.versions = [1: 1]
    parameters.factors = ["first", "second"]
    parameters.items = rates.indices.map { item in
      SimulatedItem(
        item: Item(id: ItemID(category: "c", name: "item\(item)")), passRate: rates[item],
        applicability: 0.75, loadings: pattern.row(item))
    }
    return try CorpusSimulation(parameters)
  }

  /// 6,000 papers, about 3,400 a pair: tetrachoric correlations have standard errors near 0.03.
  @Test(arguments: 1..<4 as Range<UInt64>)
  func `loadings and thresholds are recovered in spite of NA`(seed: UInt64) throws {
    let simulation = try simulation(papers: 6_000, seed: seed)
    let matrix = simulation.matrix()
    let correlations = try PairwiseAssociations(items: matrix, coefficient: .tetrachoric)
      .correlationMatrix()
    #expect(correlations.smallestPairCount.map { (3_000..<3_900).contains($0) } == true)
    let solution = try FactorAnalysis(factors: 2, rotation: Rotation(.varimax)).fit(correlations)
    let (aligned, _, _) = solution.pattern.aligned(to: pattern)
    let errors = zip(aligned.elements, pattern.elements).map { abs($0 - $1) }
    #expect((errors.max() ?? 1) < 0.1)
    #expect(errors.reduce(0, +) / Double(errors.count) < 0.03)
    for item in rates.indices {
      let n = Double(matrix.applies.count(column: item))
      let threshold = Normal().quantile(1 - Double(matrix.yes.count(column: item)) / n)
      let truth = simulation.model.thresholds[item][0]
      let density = Double.exp(-truth * truth / 2) / (2 * Double.pi).squareRoot()
      let error = (rates[item] * (1 - rates[item]) / n).squareRoot() / density
      #expect(abs(threshold - truth) < 4 * error)
    }
  }

  @Test func `intervals of aligned loadings cover the true ones`() async throws {
    let matrix = try simulation(papers: 1_500, seed: 9).matrix()
    let correlations = try PairwiseAssociations(items: matrix, coefficient: .tetrachoric)
      .correlationMatrix()
    let solution = try FactorAnalysis(factors: 2, rotation: Rotation(.varimax)).fit(correlations)
      .aligned(to: pattern)
    let design = SamplingDesign(paperCount: matrix.papers.count)
    let pairs = ItemCorrelationStatistic(matrix, coefficient: .tetrachoric, design: design)
    let statistic = FactorStatistic(pairs, like: solution)
    let sample = try await Bootstrap(design: design, replicates: 199, seed: 3, jobs: 2)(statistic)
    let intervals = FactorIntervals(sample, of: statistic, level: 0.95)
    let covered = zip(intervals.loadings, pattern.elements).count { limits, truth in
      limits.limits.map { $0.lower <= truth && truth <= $0.upper } ?? false
    }
    // 24 intervals of one sample, which are correlated: 22.8 are expected to cover.
    #expect(covered >= 20)
    #expect(intervals.communalities.count == 12 && intervals.correlations.count == 1)
  }
}

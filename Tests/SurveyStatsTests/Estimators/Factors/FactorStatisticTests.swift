import SurveyStats
import Testing

@Suite struct FactorStatisticTests {
  func sample(
    _ rotation: RotationCriterion
  ) throws -> (solution: FactorSolution, statistic: FactorStatistic<ItemCorrelationStatistic>) {
    let matrix = try CorrelationGolden("ability").binaryMatrix
    let pairs = ItemCorrelationStatistic(
      matrix, coefficient: .phi, design: SamplingDesign(paperCount: matrix.papers.count))
    let values = pairs.original()
    var correlations = DenseMatrix(diagonal: [Double](repeating: 1, count: 16))
    for (index, pair) in pairs.pairs.enumerated() {
      correlations[pair.first, pair.second] = values[index]
      correlations[pair.second, pair.first] = values[index]
    }
    let solution = try FactorAnalysis(factors: 2, rotation: Rotation(rotation)).fit(
      CorrelationMatrix(
        names: matrix.items.map(\.id.description), values: correlations, coefficient: "phi",
        count: matrix.papers.count))
    return (solution, FactorStatistic(pairs, like: solution))
  }

  @Test(arguments: [RotationCriterion.oblimin, .varimax, .promax, .none])
  func `under weights of one the solution of the sample comes back`(
    criterion: RotationCriterion
  ) throws {
    let (solution, statistic) = try sample(criterion)
    let values = statistic.original()
    #expect(values.count == 16 * 3 + 1)
    for item in 0..<16 {
      for factor in 0..<2 where criterion != .none {
        let loading = values[statistic.index(ofLoading: factor, item: item)]
        #expect(abs(loading - solution.pattern[item, factor]) < FactorTolerance.obliqueLoading)
      }
      let communality = values[statistic.index(ofCommunality: item)]
      #expect(abs(communality - solution.communalities[item]) < FactorTolerance.communality)
    }
    let correlation = values[statistic.index(ofCorrelation: 0, 1)]
    #expect(abs(correlation - solution.factorCorrelations[0, 1]) < FactorTolerance.obliqueLoading)
  }

  @Test func `replicates stay near the sample, without flips and swaps`() async throws {
    let (solution, statistic) = try sample(.oblimin)
    let bootstrap = Bootstrap(
      design: SamplingDesign(paperCount: statistic.unitCount), replicates: 40, seed: 4)
    let replicates = try await bootstrap(statistic).replicates
    for factor in 0..<2 {
      for item in 0..<16 {
        let column = replicates.column(statistic.index(ofLoading: factor, item: item))
        #expect(column.allSatisfy { abs($0 - solution.pattern[item, factor]) < 0.5 })
        let mean = column.reduce(0, +) / 40
        #expect(abs(mean - solution.pattern[item, factor]) < 0.06)
      }
    }
  }

  @Test func `replicates without variation are undefined`() throws {
    let (_, statistic) = try sample(.oblimin)
    var values = [Double](repeating: 0, count: statistic.valueCount)
    var span = values.mutableSpan
    let none = [Double](repeating: 0, count: statistic.unitCount)
    statistic.estimate(weights: none.span, into: &span)
    #expect(values.allSatisfy { $0.isNaN })
  }
}

/// Intervals of loadings that were rotated towards groups of items.
@Suite struct TargetIntervalsTests {
  private func matrix() throws -> BinaryMatrix {
    let ability = try CorrelationGolden("ability").binaryMatrix
    // Reasoning and rotation, four items each.
    let kept = ability.selecting(items: [0, 1, 2, 3, 12, 13, 14, 15])
    return BinaryMatrix(
      papers: kept.papers,
      items: kept.items.enumerated().map { number, _ in
        Item(id: ItemID(category: number < 4 ? "reason" : "rotate", name: "item\(number)"))
      }, yes: kept.yes, applies: kept.applies, asked: kept.asked)
  }

  @Test func `the sample comes back, and limits hold the loadings`() async throws {
    let matrix = try matrix()
    var question = Factors(CorrelatedVariables())
    question.purpose = .target(
      Dimensions(
        name: "d",
        dimensions: [
          .init(name: "Reason", categories: ["reason"]),
          .init(name: "Rotate", categories: ["rotate"]),
        ]))
    question.interval = .percentile
    let result = try await Run(replicates: 199)(question, of: Study(matrix))
    let intervals = try #require(result.intervals)
    #expect(result.withoutIntervals == nil)
    #expect(result.solution.factorNames == ["Reason", "Rotate"])
    for (index, loading) in result.solution.pattern.elements.enumerated() {
      let found = intervals.loadings[index]
      #expect(isClose(found.value, loading, within: 1e-5))
      #expect((found.lower ?? 9) < loading && (found.upper ?? -9) > loading)
      #expect((found.upper ?? 9) - (found.lower ?? 0) < 0.5)
    }
    let correlation = try #require(intervals.correlations.first?.limits)
    let factors = result.solution.factorCorrelations[0, 1]
    #expect(correlation.lower < factors && correlation.upper > factors)
  }
}

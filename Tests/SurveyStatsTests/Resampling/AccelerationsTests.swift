import Testing

@testable import SurveyStats

@Suite struct AccelerationsTests {
  @Test(arguments: [1, 3], [ItemCoefficient.phi, .tetrachoric, .yuleQ])
  func `they are those of the jackknife's values`(jobs: Int, coefficient: ItemCoefficient)
    async throws
  {
    let ability = try CorrelationGolden("ability").binaryMatrix
    let matrix = ability.selecting(papers: Array(0..<150)).selecting(items: [0, 1, 2, 3])
    let design = try SamplingDesign(
      paperCount: 150, strata: (0..<150).map { $0 < 60 ? "a" : "b" })
    let statistic = ItemCorrelationStatistic(matrix, coefficient: coefficient, design: design)
    let found = try await statistic.accelerations(stratumSizes: design.stratumSizes, jobs: jobs)
    let jackknife = statistic.jackknife()
    for pair in found.indices {
      let expected = BootstrapInterval.acceleration(
        jackknife: Array(jackknife.column(pair)), stratumSizes: design.stratumSizes)
      #expect(isClose(found[pair], expected, within: 1e-9))
    }
  }

  @Test func `what never changes has none`() async throws {
    let matrix = answers("11", "11", "11", "00", "00")
    let statistic = ItemCorrelationStatistic(
      matrix, coefficient: .phi, design: SamplingDesign(paperCount: 5))
    let found = try await statistic.accelerations(stratumSizes: [5], jobs: 1)
    #expect(found == [nil])
  }

  @Test func `correlations have BCa limits, and a reason where they have none`() async throws {
    let ability = try CorrelationGolden("ability").binaryMatrix
    let matrix = ability.selecting(items: [0, 1, 2])
    var variables = CorrelatedVariables()
    variables.minimumCount = 2
    let question = Correlations(variables, interval: .resampled(.bca))
    let result = try await Run(replicates: 499)(question, of: Study(matrix))
    let percentile = try await Run(replicates: 499)(
      Correlations(variables, interval: .resampled(.percentile)), of: Study(matrix))
    for (one, other) in zip(result.intervals ?? [], percentile.intervals ?? []) {
      #expect((one.lower ?? 1) < (one.value ?? 0) && (one.upper ?? -1) > (one.value ?? 0))
      #expect(isClose(one.lower, other.lower, within: 0.03) && one.lower != other.lower)
    }
    let equal = try await Run(replicates: 99)(
      question, of: Study(answers("11", "11", "11", "00", "00")))
    #expect(equal.intervals?[0].limits == nil && equal.intervals?[0].notes.isEmpty == false)
  }
}

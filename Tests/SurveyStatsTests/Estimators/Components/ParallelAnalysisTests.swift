import Foundation
import SurveyStats
import Testing

@Suite struct ParallelAnalysisTests {
  /// The settings of a run with that many replicates.
  private func settings(_ replicates: Int, jobs: Int = 1) -> ParallelAnalysis.Settings {
    var settings = ParallelAnalysis.Settings()
    settings.replicates = replicates
    settings.jobs = jobs
    settings.seed = 7
    return settings
  }

  private func identity(_ count: Int, papers: Int) -> CorrelationMatrix {
    CorrelationMatrix(
      names: (0..<count).map { "v\($0)" },
      values: DenseMatrix(diagonal: [Double](repeating: 1, count: count)), count: papers)
  }

  private func check(_ found: ParallelAnalysis, golden name: String) throws {
    let golden = try CorrelationGolden("parallel_analysis").rows(where: "data", is: name)
    let sets = min(golden.values("sets")[0], Double(found.replicateCount))
    for (component, deviation) in golden.values("deviation").enumerated() {
      // Five standard errors of the difference; a 95 % quantile has about twice that of a mean.
      let bound = 5 * deviation * (2 / sets).squareRoot() + 1e-12
      #expect(abs(found.means[component] - golden.values("mean")[component]) < bound)
      #expect(abs(found.quantiles[component] - golden.values("quantile")[component]) < 2.2 * bound)
    }
  }

  @Test(arguments: [("normal_100_6", 6, 100), ("normal_5_8", 8, 5)])
  func `Bartlett factors have the eigenvalues of normal data`(
    name: String, count: Int, papers: Int
  ) async throws {
    let found = try await ParallelAnalysis.normal(
      like: identity(count, papers: papers), settings: settings(5_000))
    try check(found, golden: name)
    #expect(found.reference == .normal)
  }

  @Test func `permuted items keep rates and gaps`() async throws {
    let all = try CorrelationGolden("ability").binaryMatrix
    let matrix = all.selecting(papers: Array(0..<300)).selecting(items: Array(0..<8))
    let correlations = try PairwiseAssociations(items: matrix).correlationMatrix()
    let found = try await ParallelAnalysis.permuting(
      matrix, like: correlations, settings: settings(2_000))
    try check(found, golden: "ability_300_8")
    #expect(found.undefinedPairs == 0)
    let scores = try await ParallelAnalysis.permuting(
      ScoreColumns(matrix),
      like: try PairwiseAssociations(scores: ScoreColumns(matrix)).correlationMatrix(),
      settings: settings(500))
    try check(scores, golden: "ability_300_8")
  }

  @Test func `results do not depend on the number of jobs`() async throws {
    let matrix = try CorrelationGolden("lsat6").binaryMatrix
    let correlations = try PairwiseAssociations(items: matrix, coefficient: .tetrachoric)
      .correlationMatrix()
    let one = try await ParallelAnalysis.permuting(
      matrix, like: correlations, settings: settings(40))
    let three = try await ParallelAnalysis.permuting(
      matrix, like: correlations, settings: settings(40, jobs: 3))
    #expect(one == three)
  }

  @Test func `counting stops at the first component that does not exceed`() async throws {
    let correlations = CorrelationMatrix(
      names: ["a", "b", "c", "d"],
      values: DenseMatrix([
        [1, 0.7, 0, 0], [0.7, 1, 0, 0], [0, 0, 1, 0.6], [0, 0, 0.6, 1],
      ]), count: 200)
    let found = try await ParallelAnalysis.normal(like: correlations, settings: settings(200))
    #expect(found.retained == 2)
    let table = try PrincipalComponents(correlations).eigenvalueTable(parallel: found)
    #expect(table["retained"]?.values == .integer([1, 1, 0, 0]))
    let none = try await ParallelAnalysis.normal(
      like: identity(4, papers: 50), settings: settings(50))
    #expect(none.retained == 0)
  }

  @Test(arguments: [ItemCoefficient.phi, .tetrachoric])
  func `pairs that become constant by permuting are counted`(coefficient: ItemCoefficient)
    async throws
  {
    // Items 0 and 1 share three papers.
    let matrix = answers(
      "1-1", "0-0", "1-0", "0-1", "110", "001", "101", "-10", "-01", "-10", "-01", "-11")
    let pairs = PairwiseAssociations(items: matrix, coefficient: coefficient, minimumCount: 2)
    let correlations = try pairs.correlationMatrix()
    let found = try await ParallelAnalysis.permuting(
      matrix, like: correlations, settings: settings(100))
    #expect(found.undefinedPairs > 0)
    #expect(found.quantiles.allSatisfy { $0.isFinite })
  }

  /// Papers whose items follow three groups, with one cell in five missing.
  private func grouped(papers: Int, seed: UInt64) -> BinaryMatrix {
    var random = RandomStream(seed: seed)
    let names = (0..<15).map { Item(id: ItemID(category: "c", name: "i\($0)")) }
    var traits = [Double](repeating: 0, count: 3)
    var current = -1
    return BinaryMatrix(
      papers: (0..<papers).map { Paper(slug: "p\($0)") }, items: names
    ) { paper, item in
      // Cells are asked for item by item: make the traits of a paper from its own stream.
      if paper != current {
        var own = RandomStream(seed: seed, stream: UInt64(paper))
        for trait in traits.indices { traits[trait] = own.normal() }
        current = paper
      }
      let latent = 0.8 * traits[item % 3] + 0.6 * random.normal()
      if random.uniform() < 0.2 { return .notApplicable }
      return latent > Double(item % 5 - 2) / 3 ? .yes : .no
    }
  }

  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["METASTAT_SLOW_TESTS"] != nil, "slow"))
  func `at least 95 of 100 simulations find the true number of components`() async throws {
    for coefficient in [ItemCoefficient.phi, .tetrachoric] {
      var found = 0
      for seed in 100..<200 as Range<UInt64> {
        let matrix = grouped(papers: 1_000, seed: seed)
        let correlations = try PairwiseAssociations(items: matrix, coefficient: coefficient)
          .correlationMatrix()
        let analysis = try await ParallelAnalysis.permuting(
          matrix, like: correlations, settings: settings(100))
        if analysis.retained == 3 { found += 1 }
      }
      print("parallel analysis, \(coefficient.rawValue): \(found) of 100 simulations find 3")
      #expect(found >= 95)
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>) func `the true number of components is found`(
    seed: UInt64
  ) async throws {
    let matrix = grouped(papers: 1_000, seed: seed)
    for coefficient in [ItemCoefficient.phi, .tetrachoric] {
      let correlations = try PairwiseAssociations(items: matrix, coefficient: coefficient)
        .correlationMatrix()
      let found = try await ParallelAnalysis.permuting(
        matrix, like: correlations, settings: settings(50))
      #expect(found.retained == 3)
      #expect(try MinimumAveragePartial(correlations).count == 3)
    }
  }

  /// Items of two modules, of which the second applies to one paper in ten: its pairs vary more.
  @Test func `normal data have as many papers a pair as the data`() async throws {
    var random = RandomStream(seed: 8)
    let cells = (0..<3_000).map { paper in
      (0..<12).map { item -> Cell in
        item >= 6 && paper % 10 > 0 ? .notApplicable : random.uniform() < 0.5 ? .yes : .no
      }
    }
    let matrix = BinaryMatrix(
      papers: cells.indices.map { Paper(slug: "p\($0)") },
      items: (0..<12).map { Item(id: ItemID("i\($0)")) }
    ) { cells[$0][$1] }
    let correlations = try PairwiseAssociations(items: matrix).correlationMatrix()
    let normal = try await ParallelAnalysis.normal(like: correlations, settings: settings(300))
    let permuted = try await ParallelAnalysis.permuting(
      matrix, like: correlations, settings: settings(300))
    #expect(largestDifference(normal.quantiles, permuted.quantiles) < 0.04)
    #expect(normal.quantiles[0] > 1.15)
  }
}

import Testing

@testable import SurveyStats

@Suite struct RatioOfSumsTests {
  /// The papers of `rate_papers.csv`.
  struct Papers {
    let golden: EstimatorGolden
    let matrix: BinaryMatrix

    init() throws {
      let golden = try EstimatorGolden("rate_papers")
      self.golden = golden
      let names = ["always", "some", "rare", "constant"]
      let cells = try names.map { name in
        try golden.texts(name).map { $0 == "NA" ? Cell.notApplicable : $0 == "1" ? .yes : .no }
      }
      matrix = BinaryMatrix(
        papers: try golden.texts("paper").map { Paper(slug: $0) },
        items: names.map { Item(id: ItemID($0)) }
      ) { cells[$1][$0] }
    }

    func design(_ name: String) throws -> SamplingDesign {
      let strata = try golden.texts("stratum")
      let clusters = try golden.texts("cluster")
      let lonely = zip(strata, clusters).map { $1 == "c1" ? "lonely" : $0 }
      return try SamplingDesign(
        paperCount: matrix.papers.count,
        strata: name == "lonely units" ? lonely : name.contains("stratified") ? strata : nil,
        clusters: name.contains("clustered") || name == "lonely units" ? clusters : nil,
        weights: name.contains("weighted") || name == "lonely units"
          ? try golden.numbers("weight") : nil)
    }

    func target(_ name: String) throws -> RateTarget {
      let columns = ["pair": [1, 2], "all": [0, 1, 2]][name]
      let items = try columns ?? [#require(matrix.items.firstIndex { $0.id.name == name })]
      return RateTarget(level: .category, category: name, term: name, items: items)
    }
  }

  @Test func `standard errors are those of R's survey`() throws {
    let papers = try Papers()
    let golden = try EstimatorGolden("rate_errors")
    let (designs, targets) = (try golden.texts("design"), try golden.texts("target"))
    let (rates, errors) = (try golden.numbers("rate"), try golden.numbers("std_error"))
    for row in golden.rows.indices {
      let design = try papers.design(designs[row])
      let target = try papers.target(targets[row])
      let ratio = RatioOfSums(papers.matrix, target: target, design: design)
      let name = Comment(rawValue: "\(designs[row]) \(targets[row])")
      #expect(isClose(ratio.estimate, rates[row], within: 1e-14), name)
      #expect(isClose(ratio.standardError, errors[row], within: 1e-14), name)
      let short = RatioEstimate(papers.matrix, target: target, design: design)
      #expect(isClose(short.value, rates[row], within: 1e-14), name)
      // Clusters have the bias-reduced error, which differs where they differ in size.
      var error = errors[row]
      if !design.unitsArePapers { error = try #require(ratio.unitVariance?.standardError) }
      #expect(isClose(short.standardError, error, within: 1e-14), name)
      #expect(short.unitCount == ratio.unitCount)
      #expect(isClose(short.effectiveUnitCount, ratio.effectiveUnitCount, within: 1e-9), name)
      #expect(isClose(short.acceleration, ratio.acceleration, within: 1e-13), name)
    }
  }

  @Test func `units that take no part stay in their stratum`() throws {
    // Stratum 1: residuals of y/m with R = 1/2, the third unit has none; stratum 2 likewise.
    let ratio = RatioOfSums(
      numerators: [2, 1, 0, 0, 1], denominators: [2, 2, 0, 2, 2], stratumSizes: [3, 2])
    #expect(ratio.estimate == 0.5)
    #expect(ratio.unitCounts == [2, 2])
    // e = 1, 0, 0 | −1, 0: the means are 1/3 and −1/2, the sums of squares 2/3 and 1/2; both strata
    // have two units that take part, so their factors are 2/1.
    let variance: Double = 2 * 2 / 3 + 2 * 1 / 2
    #expect(isClose(ratio.standardError, variance.squareRoot() / 8, within: 1e-15))
    // l = 2/3, −1/3, −1/3 | −1/2, 1/2.
    let cubes: Double = 8 / 27 - 2 / 27
    let squares: Double = 4 / 9 + 2 / 9 + 1 / 2
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    #expect(isClose(ratio.acceleration, acceleration, within: 1e-15))
  }

  @Test func `a stratum with one unit is centred at zero`() throws {
    let ratio = RatioOfSums(
      numerators: [1, 0, 1], denominators: [1, 1, 1], stratumSizes: [2, 1])
    // R = 2/3; e = 1/3, −2/3 | 1/3: 2/1 · 1/2 + 1/9.
    let variance: Double = 1 + 1 / 9
    #expect(isClose(ratio.standardError, variance.squareRoot() / 3, within: 1e-15))
  }

  @Test func `an item has the accuracy of a binomial share`() throws {
    let matrix = BinaryMatrix(
      text: (0..<40).map { $0 < 6 ? "1" : $0 < 30 ? "0" : $0 < 35 ? "-" : "." })
    let target = RateTarget.all(in: matrix, levels: [.item])[0]
    let design = SamplingDesign(paperCount: 40)
    let (p, n) = (0.2, 30.0)
    let error = (p * (1 - p) / (n - 1)).squareRoot()
    let acceleration = (1 - 2 * p) / (6 * (n * p * (1 - p)).squareRoot())
    let ratio = RatioOfSums(matrix, target: target, design: design)
    #expect(isClose(ratio.standardError, error, within: 1e-15))
    #expect(isClose(ratio.acceleration, acceleration, within: 1e-15))
    let short = RatioEstimate(matrix, target: target, design: design)
    #expect(isClose(short.standardError, error, within: 1e-15))
    #expect(isClose(short.acceleration, acceleration, within: 1e-15))
  }

  @Test func `nothing, one unit and equal units are named cases`() {
    let nothing = RatioOfSums(numerators: [0, 0], denominators: [0, 0], stratumSizes: [2])
    #expect(nothing.estimate == nil && nothing.standardError == nil)
    #expect(nothing.acceleration == nil && nothing.effectiveUnitCount == 0)
    let one = RatioOfSums(numerators: [1, 0], denominators: [2, 0], stratumSizes: [2])
    #expect(one.estimate == 0.5 && one.standardError == nil && one.acceleration == nil)
    let equal = RatioOfSums(numerators: [1, 1], denominators: [2, 2], stratumSizes: [2])
    #expect(equal.standardError == 0 && equal.acceleration == nil)
    #expect(equal.effectiveUnitCount == 2)
    #expect(RatioOfSums(numerators: [], denominators: [], stratumSizes: []).estimate == nil)
  }

  @Test func `a ratio estimate has no standard error of zero`() throws {
    let matrix = BinaryMatrix(text: ["1 10", "1 10", "1 --"])
    let targets = [[0], [1, 2], [0, 1, 2]].map {
      RateTarget(level: .category, category: "", term: "", items: $0)
    }
    for target in targets.prefix(2) {
      let found = RatioEstimate(matrix, target: target, design: SamplingDesign(paperCount: 3))
      #expect(found.value != nil && found.standardError == nil && found.acceleration == nil)
    }
    let design = try SamplingDesign(paperCount: 3, strata: ["a", "a", "b"])
    let found = RatioEstimate(matrix, target: targets[2], design: design)
    #expect(found.unitCounts == [2, 1] && found.stratumCount == 2 && found.loneUnitCount == 1)
    #expect(found.standardError != nil)
  }
}

import Testing

@testable import SurveyStats

@Suite struct UnitVarianceTests {
  @Test func `variance and degrees of freedom are those of whole matrices`() throws {
    let papers = try RatioOfSumsTests.Papers()
    let golden = try EstimatorGolden("unit_variances")
    let (designs, targets) = (try golden.texts("design"), try golden.texts("target"))
    let (variances, freedoms) = (
      try golden.numbers("variance"), try golden.numbers("freedom")
    )
    let clusters = try papers.golden.texts("cluster")
    let strata = try papers.golden.texts("stratum")
    let dominant = zip(clusters, strata).map { $1 == "c" ? $0 : "a1" }
    for row in golden.rows.indices {
      let design = try SamplingDesign(
        paperCount: clusters.count, clusters: designs[row] == "dominant" ? dominant : clusters)
      let ratio = RatioOfSums(
        papers.matrix, target: try papers.target(targets[row]), design: design)
      guard let found = ratio.unitVariance else {
        // A single unit says nothing of its spread.
        #expect(ratio.unitCount == 1 && variances[row] < 1e-15)
        continue
      }
      let name = Comment(rawValue: "\(designs[row]) \(targets[row])")
      #expect(isClose(found.variance, variances[row]), name)
      #expect(isClose(found.degreesOfFreedom, freedoms[row], within: 1e-9), name)
    }
  }

  @Test func `equal units have the textbook variance and G less H degrees of freedom`() throws {
    let contributions: [Double] = [0.1, -0.2, 0.15, -0.05, 0.3, -0.3]
    let shares = [Double](repeating: 1.0 / 6, count: 6)
    let one = UnitVariance(contributions: contributions, shares: shares, stratumSizes: [6])
    #expect(isClose(one.degreesOfFreedom, 5))
    #expect(isClose(one.effectiveUnitCount, 6))
    let squares = contributions.reduce(0) { $0 + $1 * $1 }
    #expect(isClose(one.variance, squares * 6 / 5))
    let two = UnitVariance(contributions: contributions, shares: shares, stratumSizes: [3, 3])
    #expect(isClose(two.degreesOfFreedom, 4))
  }

  @Test func `one dominant unit leaves fewer than two degrees of freedom`() {
    let shares = [0.77] + [Double](repeating: 0.23 / 97, count: 97)
    var contributions = shares.enumerated().map { $1 * ($0 % 2 == 0 ? 0.1 : -0.1) }
    contributions[0] -= contributions.reduce(0, +)
    let found = UnitVariance(contributions: contributions, shares: shares, stratumSizes: [98])
    #expect(found.degreesOfFreedom > 1 && found.degreesOfFreedom < 1.7)
    #expect(found.effectiveUnitCount < 1.7)
  }

  @Test func `none, one and a lone unit are named cases`() {
    #expect(UnitVariance(contributions: [], shares: [], stratumSizes: [0]).variance == 0)
    let one = UnitVariance(contributions: [0, 0], shares: [1, 0], stratumSizes: [2])
    #expect(one.variance == 0 && one.degreesOfFreedom == 0 && one.effectiveUnitCount == 1)
    let lone = UnitVariance(
      contributions: [0.1, -0.2, 0.1], shares: [0.3, 0.3, 0.4], stratumSizes: [2, 1])
    // Means −0.05 and none: 2 (0.15² + 0.15²) + 0.1².
    #expect(isClose(lone.variance, 2 * 0.045 + 0.01))
    let huge = UnitVariance(
      contributions: [1e-20, -1e-20], shares: [1, 1e-20], stratumSizes: [2])
    #expect(huge.variance.isFinite && huge.degreesOfFreedom.isFinite)
  }

  @Test func `effective numbers are said below twenty`() throws {
    #expect(EffectiveNumber.kish([1, 1, 1]) == 3)
    #expect(EffectiveNumber.kish([Double]()) == 0)
    #expect(
      EffectiveNumber.note(1.68, areClusters: true)?.description == "few-effective-clusters: 1.7")
    #expect(
      EffectiveNumber.note(9.6, areClusters: false)?.description == "few-effective-papers: 9.6")
    #expect(EffectiveNumber.note(20, areClusters: true) == nil)
    let design = try SamplingDesign(
      paperCount: 30, clusters: (0..<30).map { $0 < 20 ? "a" : "\($0)" })
    #expect(isClose(design.effectiveUnitCount(), 900.0 / 410))
    #expect(design.effectiveNumberNotes().text == "few-effective-clusters: 2.2")
    #expect(design.effectiveUnitCount { $0 >= 20 } == 10)
    #expect(SamplingDesign(paperCount: 3).effectiveNumberNotes().isEmpty)
  }
}

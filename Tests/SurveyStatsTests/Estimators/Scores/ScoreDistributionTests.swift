import SurveyStats
import Testing

@Suite struct ScoreDistributionTests {
  private func values(_ distribution: ScoreDistribution, _ weights: [Double]) -> [Double] {
    var values = [Double](repeating: 0, count: distribution.valueCount)
    var span = values.mutableSpan
    distribution.estimate(weights: weights.span, into: &span)
    return values
  }

  private func close(_ found: [Double], _ expected: [Double]) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 * max(1, abs($1)) }
  }

  @Test func `the three complete scans`() {
    // 33 of 50, 22 of 50 and 31 of 52 (data/README.md); R: mean, median, sd, quantile.
    let scores = [66, 44, 100 * 31.0 / 52]
    let distribution = ScoreDistribution(scores: scores, design: SamplingDesign(paperCount: 3))
    #expect(
      distribution.terms == [
        "mean", "median", "sd", "min", "q25", "q75", "max", ">=70", "60-70", "50-60", "40-50",
        "30-40", "<30",
      ])
    #expect(
      close(
        distribution.original(),
        [
          56.53846153846154, 59.61538461538461, 11.31815319369624, 44, 51.80769230769231,
          62.80769230769231, 66, 0, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0, 0,
        ]))
    #expect(distribution.tierCounts == [0, 1, 1, 1, 0, 0])
    #expect(distribution.definedCount == 3 && distribution.effectiveUnitCount == 3)
  }

  @Test func `a paper that counts twice is a paper that stands there twice`() throws {
    let scores: [Double?] = [60, nil, 30, 75.5, 30, 12]
    let counts = [2, 5, 0, 3, 1, 1]
    let once = ScoreDistribution(scores: scores, design: SamplingDesign(paperCount: 6))
    let written = zip(scores, counts).flatMap { [Double?](repeating: $0, count: $1) }
    let all = ScoreDistribution(
      scores: written, design: SamplingDesign(paperCount: written.count))
    #expect(close(values(once, counts.map(Double.init)), all.original()))
  }

  @Test func `duplicating every paper keeps mean, extremes and shares`() {
    let scores: [Double?] = [60, nil, 30, 75.5, 12]
    let one = ScoreDistribution(scores: scores, design: SamplingDesign(paperCount: 5)).original()
    let two = ScoreDistribution(
      scores: scores + scores, design: SamplingDesign(paperCount: 10)
    ).original()
    for index in [0, 3] + Array(6..<13) { #expect(abs(one[index] - two[index]) < 1e-12) }
  }

  @Test func `the unit of sampling weights does not matter`() throws {
    let scores: [Double?] = [60, nil, 30, 75.5, 12]
    let weights = [1.0, 2, 3, 1, 2]
    let plain = ScoreDistribution(
      scores: scores, design: try SamplingDesign(paperCount: 5, weights: weights)
    ).original()
    for factor in [1 / 9.0, 1_000] {
      let scaled = ScoreDistribution(
        scores: scores,
        design: try SamplingDesign(paperCount: 5, weights: weights.map { $0 * factor }))
      #expect(close(scaled.original(), plain))
    }
    // Mean (60 + 3·30 + 75.5 + 2·12) / 7; the sd divides by 4 papers less one.
    let mean = 249.5 / 7
    #expect(isClose(plain[0], mean))
    var squares = 0.0
    for (score, weight) in zip([60.0, 30, 75.5, 12], [1.0, 3, 1, 2]) {
      squares += weight * (score - mean) * (score - mean)
    }
    #expect(isClose(plain[2], (squares * 4 / 7 / 3).squareRoot()))
  }

  @Test func `no papers, one paper and no weight are undefined as they should be`() throws {
    let none = ScoreDistribution(scores: [nil, nil], design: SamplingDesign(paperCount: 2))
    #expect(none.original().allSatisfy { $0.isNaN })
    #expect(none.effectiveUnitCount == 0 && none.tierCounts == [0, 0, 0, 0, 0, 0])
    let one = ScoreDistribution(scores: [nil, 42], design: SamplingDesign(paperCount: 2))
    let found = one.original()
    #expect(found[2].isNaN)
    for index in [0, 1, 3, 4, 5, 6] { #expect(found[index] == 42) }
    #expect(values(one, [5, 0]).allSatisfy { $0.isNaN })
    let weightless = ScoreDistribution(
      scores: [1, 2], design: try SamplingDesign(paperCount: 2, weights: [0, 0]))
    #expect(weightless.original().allSatisfy { $0.isNaN })
  }

  @Test(arguments: ExampleDesign.allCases)
  func `the short jackknife is the long one`(example: ExampleDesign) throws {
    var stream = RandomStream(seed: 2)
    let scores = (0..<60).map { _ -> Double? in
      stream.index(below: 8) == 0 ? nil : Double(stream.index(below: 25) * 4)
    }
    let distribution = ScoreDistribution(scores: scores, design: try example.design(papers: 60))
    let (short, long) = (distribution.jackknife(), Unsummed(base: distribution).jackknife())
    #expect(short.rows == long.rows && short.columns == long.columns)
    for (a, b) in zip(short.elements, long.elements) { #expect(abs(a - b) < 1e-11) }
  }

  @Test func `the jackknife standard error of the mean is s over the root of n`() throws {
    let scores = [10.0, 40, 55, 90, 20]
    let distribution = ScoreDistribution(scores: scores, design: SamplingDesign(paperCount: 5))
    let left = distribution.jackknife().column(0)
    let mean = left.reduce(0, +) / 5
    let variance = left.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * 4 / 5
    let deviation = distribution.original()[2]
    #expect(isClose(variance.squareRoot(), deviation / 5.0.squareRoot()))
  }

  @Test func `tiers take a composite that just misses its bound`() {
    let distribution = ScoreDistribution(
      scores: [60 - 1e-13, 60, 59], design: SamplingDesign(paperCount: 3))
    #expect(distribution.tierCounts == [0, 2, 1, 0, 0, 0])
    #expect(abs(distribution.original()[8] - 2.0 / 3) < 1e-15)
  }
}

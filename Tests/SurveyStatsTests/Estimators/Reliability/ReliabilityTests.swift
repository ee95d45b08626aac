import SurveyStats
import Testing

@Suite struct ReliabilityTests {
  static let cases = ["ability_complete", "ability_ten", "ability_pairwise", "lsat6", "lsat7"]

  let golden: FactorGolden

  init() throws { golden = try FactorGolden("reliability") }

  static func published(_ name: String) throws -> BinaryMatrix {
    switch name {
    case "lsat6": return try CorrelationGolden("lsat6").binaryMatrix
    case "lsat7": return try lsat7()
    default:
      let all = try CorrelationGolden("ability").binaryMatrix
      if name == "ability_pairwise" { return all }
      return name == "ability_ten" ? all.complete.selecting(items: Array(0..<10)) : all.complete
    }
  }

  @Test(arguments: cases)
  func `alpha and what items contribute agree with psych`(name: String) throws {
    let matrix = try Self.published(name)
    let reliability = try Reliability(matrix)
    let alpha = try golden.values(name, "alpha")
    let found = [
      reliability.alpha, try #require(reliability.standardizedAlpha), reliability.meanCorrelation,
    ]
    #expect(largestDifference(found, alpha) < FactorTolerance.reliability)
    let dropped = reliability.items.compactMap(\.alphaIfDropped)
    #expect(
      largestDifference(dropped, try golden.values(name, "alpha_if_dropped"))
        < FactorTolerance.reliability)
    let totals = reliability.items.compactMap(\.itemTotal)
    #expect(
      largestDifference(totals, try golden.values(name, "item_total")) < FactorTolerance.reliability
    )
    let rests = reliability.items.compactMap(\.itemRest)
    #expect(
      largestDifference(rests, try golden.values(name, "item_rest")) < FactorTolerance.reliability)
    let matrixBased = try Reliability(
      names: reliability.names, covariance: reliability.covariance,
      sampleSize: reliability.sampleSize)
    #expect(
      largestDifference(
        matrixBased.items.compactMap(\.itemRest), try golden.values(name, "item_rest_covariance"))
        < FactorTolerance.reliability)
  }

  @Test(arguments: ["ability_complete", "ability_ten", "lsat6", "lsat7"])
  func `Feldt's interval agrees with psych`(name: String) throws {
    let interval = try #require(try Reliability(try Self.published(name)).feldtInterval())
    let expected = try golden.values(name, "feldt")
    #expect(largestDifference([interval.lowerBound, interval.upperBound], expected) < 1e-9)
  }

  @Test(arguments: cases)
  func `Guttman's bounds agree on correlations with psych and on covariances with the formulas`(
    name: String
  ) throws {
    let reliability = try Reliability(try Self.published(name))
    let onCorrelations = GuttmanBounds(
      reliability.correlations, splits: SplitHalf(reliability.correlations, maximumSplits: 7_000))
    let expected = try golden.values(name, "guttman_correlation")
    let found = [
      onCorrelations.lambda1, onCorrelations.lambda2, onCorrelations.lambda3,
      onCorrelations.lambda5, try #require(onCorrelations.lambda6),
    ]
    let reference = [expected[0], expected[1], expected[2], expected[4], expected[5]]
    #expect(largestDifference(found, reference) < FactorTolerance.reliability)
    #expect(onCorrelations.lambda4 > expected[3] - FactorTolerance.reliability)

    let bounds = GuttmanBounds(reliability.covariance, splits: reliability.splits())
    #expect(
      largestDifference(
        [
          bounds.lambda1, bounds.lambda2, bounds.lambda3, bounds.lambda5,
          try #require(bounds.lambda6),
        ],
        try golden.values(name, "guttman_covariance")) < FactorTolerance.reliability)
    #expect(abs(bounds.lambda3 - reliability.alpha) < 1e-14)
  }

  /// psych tries only half of the splits of an odd number of items, so the LSAT is left out.
  @Test(arguments: ["ability_complete", "ability_ten", "ability_pairwise"])
  func `the splits in halves agree with psych`(name: String) throws {
    let correlations = try Reliability(try Self.published(name)).correlations
    let splits = SplitHalf(correlations)
    #expect(splits.isExhaustive)
    #expect(splits.values.count == (correlations.rows == 16 ? 6_435 : 126))
    let expected = try golden.values(name, "split_correlation")
    #expect(
      largestDifference([splits.maximum, splits.minimum, splits.mean], Array(expected.prefix(3)))
        < FactorTolerance.reliability)
    #expect(abs(splits.quantile(0.5) - expected[3]) < 1e-3)
  }

  @Test func `the mean over the splits of an even number of items is alpha`() throws {
    let reliability = try Reliability(try Self.published("ability_complete"))
    #expect(abs(reliability.splits().mean - reliability.alpha) < 1e-12)
  }

  @Test func `all splits of an odd number of items are tried`() throws {
    let splits = try Reliability(try Self.published("lsat7")).splits()
    #expect(splits.isExhaustive && splits.values.count == 10)
  }

  @Test func `a sample of splits is improved to the best`() throws {
    let covariance = try Reliability(try Self.published("ability_complete")).covariance
    let all = SplitHalf(covariance)
    let some = SplitHalf(covariance, maximumSplits: 200)
    #expect(!some.isExhaustive && some.values.count == 200)
    #expect(some.maximum <= all.maximum + 1e-12 && some.maximum >= some.values[199])
    #expect(all.maximum - some.maximum < 0.01)
    #expect(some.minimum >= all.minimum - 1e-12 && some.minimum <= some.values[0])
    #expect(some == SplitHalf(covariance, maximumSplits: 200))
  }

  @Test func `listwise and pairwise agree where nothing is missing`() throws {
    let matrix = try Self.published("lsat6")
    #expect(try Reliability(matrix, papers: .listwise) == Reliability(matrix))
    let partial = try Self.published("ability_pairwise")
    let listwise = try Reliability(partial, papers: .listwise)
    #expect(abs(listwise.alpha - (try golden.values("ability_complete", "alpha")[0])) < 1e-11)
    #expect(
      listwise.items.compactMap(\.count).allSatisfy {
        abs(Double($0) - listwise.sampleSize) < 1e-9
      })
  }

  @Test func `weights of one change nothing and weights of two count papers twice`() throws {
    let matrix = try Self.published("ability_pairwise")
    let statistic = AlphaStatistic(matrix, design: SamplingDesign(paperCount: matrix.papers.count))
    let reliability = try Reliability(matrix)
    let ones = statistic.alpha(weights: [Double](repeating: 1, count: matrix.papers.count))
    #expect(abs(try #require(ones.alpha) - reliability.alpha) < 1e-12)
    #expect(
      abs(try #require(ones.standardized) - (try #require(reliability.standardizedAlpha))) < 1e-12)
    let original = statistic.original()
    #expect(abs(original[0] - reliability.alpha) < 1e-12)

    let some = Array(0..<40)
    let doubled = try Reliability(matrix.selecting(papers: some + some.prefix(10)))
    let weighted = AlphaStatistic(
      matrix.selecting(papers: some), design: SamplingDesign(paperCount: 40)
    ).alpha(weights: some.map { $0 < 10 ? 2 : 1 })
    #expect(abs(try #require(weighted.alpha) - doubled.alpha) < 1e-12)
  }

  @Test func `an item that is constant under the weights leaves the replicate`() throws {
    let matrix = answers("110", "100", "010", "001", "111")
    let statistic = AlphaStatistic(matrix, design: SamplingDesign(paperCount: 5))
    let two = try Reliability(matrix.selecting(items: [0, 1]).selecting(papers: [0, 1, 2]))
    let weighted = statistic.alpha(weights: [1, 1, 1, 0, 0])
    #expect(abs(try #require(weighted.alpha) - two.alpha) < 1e-12)
    #expect(statistic.alpha(weights: [1, 0, 0, 0, 0]).alpha == nil)
  }

  @Test func `items that cannot take part are named`() throws {
    let matrix = answers("1101-1", "1001-0", "0011-1", "01-1-0", "1111-1")
    let reliability = try Reliability(matrix)
    #expect(
      reliability.leftOut.map { "\($0.name) \($0.reason)" }
        == ["i3 constant-item", "i4 never-jointly-applicable"])
    #expect(reliability.names == ["i0", "i1", "i2", "i5"])
    #expect(reliability.itemsTable().rowCount == 6)
  }

  @Test func `items that never meet are left out by name`() throws {
    // i2 and i3 never apply to the same paper.
    let matrix = answers("110-", "101-", "011-", "00-1", "11-0", "10-1")
    let reliability = try Reliability(matrix)
    #expect(reliability.leftOut.map(\.name) == ["i3"])
    #expect(reliability.leftOut.map(\.reason) == [.neverJointlyApplicable])
    #expect(reliability.leftOut.map(\.partners) == [["i2"]])
    #expect(
      reliability.leftOut.summaries == ["1 left out (never-jointly-applicable): i3 (with i2)"])
  }

  @Test func `items that share fewer papers than asked are left out by name`() throws {
    let matrix = answers("110-", "1011", "0110", "0011", "110-", "100-")
    #expect(try Reliability(matrix).leftOut.isEmpty)
    let reliability = try Reliability(matrix, minimumCount: 4)
    #expect(
      reliability.leftOut == [.init(name: "i3", reason: .belowMinimumCount, count: 3)])
    #expect(reliability.sampleSize == 6)
    #expect(reliability.alpha == (try Reliability(matrix.selecting(items: [0, 1, 2]))).alpha)
  }

  @Test func `alpha has Feldt's interval, and the reason, where the replicates allow none`() throws
  {
    let reliability = try Reliability(try Self.published("lsat7"))
    let undefined = BootstrapSample(
      original: [reliability.alpha, reliability.standardizedAlpha ?? 0],
      replicates: DenseMatrix(rows: 9, columns: 2, repeating: .nan))
    let intervals = AlphaIntervals(undefined, method: .percentile, name: "percentile", level: 0.95)
    let table = reliability.table(splits: reliability.splits(), intervals: intervals)
    let feldt = reliability.table(splits: reliability.splits())
    #expect(table["conf_low"] == feldt["conf_low"] && table["interval"] == feldt["interval"])
    guard case .text(let notes)? = table["note"]?.values else { return }
    #expect(
      notes.prefix(3) == ["undefined-replicates: 100.0%", "undefined-replicates: 100.0%", nil])
  }

  @Test func `too few items and variances that cancel are named`() {
    let constant = LeftOutItem(name: "i1", reason: .constantItem, count: 3)
    #expect(throws: Reliability.ReliabilityError.tooFewItems(left: 1, leftOut: [constant])) {
      try Reliability(answers("11", "01", "11"))
    }
    #expect(throws: Reliability.ReliabilityError.noTotalVariance) {
      try Reliability(answers("10", "01", "10"))
    }
  }

  @Test func `three papers give an estimate with a wide interval`() throws {
    let reliability = try Reliability(answers("111", "110", "000"))
    let interval = try #require(reliability.feldtInterval())
    #expect(interval.contains(reliability.alpha))
    #expect(interval.upperBound - interval.lowerBound > 0.3)
  }

  @Test func `ordinal alpha is that of the correlations`() throws {
    let phi = try Self.published("lsat6").phi()
    let ordinal = try Reliability(phi)
    #expect(abs(ordinal.alpha - (try golden.values("lsat6", "alpha")[1])) < 1e-11)
    let table = ordinal.table(splits: ordinal.splits(), isOrdinal: true)
    #expect(table["conf_low"]?.values == .real([Double?](repeating: nil, count: table.rowCount)))
  }
}

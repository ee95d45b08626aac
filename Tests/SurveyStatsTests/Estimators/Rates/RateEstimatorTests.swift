import RealModule
import SurveyStats
import Testing

@Suite struct RateEstimatorTests {
  private func estimator(
    _ design: SamplingDesign, _ interval: RateInterval = .automatic, simultaneous: Bool = false,
    ranks: Bool = false, replicates: Int = 999
  ) -> RateEstimator {
    RateEstimator(
      interval: interval, isSimultaneous: simultaneous, ranksItems: ranks,
      bootstrap: Bootstrap(design: design, replicates: replicates, seed: 9, jobs: 2))
  }

  private func rates(
    _ matrix: BinaryMatrix, _ interval: RateInterval = .automatic,
    design: SamplingDesign? = nil, levels: Set<RateTarget.Level> = [.item, .category, .overall],
    simultaneous: Bool = false
  ) async throws -> [Rate] {
    let design = design ?? SamplingDesign(paperCount: matrix.papers.count)
    return try await estimator(design, interval, simultaneous: simultaneous).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: levels)
    ).rates
  }

  private static let bootstrapIntervals = ResampledInterval.allCases.map(
    RateInterval.bootstrap)

  @Test func `cells are counted by state`() async throws {
    let matrix = BinaryMatrix(text: ["11-", "0-.", "1.1", "..."], items: ["a.x", "a.y", "b.z"])
    let found = try await rates(matrix)
    let counts = found.map {
      [$0.paperCount, $0.applicableCount, $0.notApplicableCount, $0.absentCount, $0.yesCount]
    }
    #expect(
      counts == [
        [3, 3, 0, 1, 2], [1, 1, 1, 2, 1], [1, 1, 1, 2, 1], [3, 4, 1, 3, 3], [1, 1, 1, 2, 1],
        [3, 5, 2, 5, 4],
      ])
    #expect(found.map(\.estimate) == [2.0 / 3, 1, 1, 0.75, 1, 0.8])
  }

  @Test func `items of papers drawn one by one get Wilson limits`() async throws {
    let found = try await rates(.random(papers: 60, items: 4))
    for rate in found where rate.target.level == .item {
      let limits = try #require(
        ProportionInterval.wilson.limits(
          successes: Double(rate.yesCount), trials: Double(rate.applicableCount), level: 0.95))
      #expect(rate.interval == "wilson")
      #expect(rate.lower == limits.lower && rate.upper == limits.upper)
    }
    for rate in found where rate.target.level != .item {
      #expect(RateInterval(rate.interval?.rawValue ?? "") != nil)
    }
  }

  @Test(arguments: bootstrapIntervals)
  func `rates of 0 and 1 get analytic limits and say so`(interval: RateInterval) async throws {
    let matrix = BinaryMatrix(text: ["10-1", "10-1", "10-0", "10--"])
    let found = try await rates(matrix, interval, levels: [.item])
    #expect(found[0].notes == [.allYes] && found[1].notes == [.allNo])
    #expect(found[0].upper == 1 && found[1].lower == 0)
    #expect(found[0].interval == "wilson")
    #expect(found[0].standardError == nil && found[1].standardError == nil)
    let (lower, upper) = (try #require(found[0].lower), try #require(found[1].upper))
    #expect(isClose(lower, 1 - upper, within: 1e-15) && lower < 0.6)
    #expect(found[2].notes == [.neverApplicable])
    #expect(found[2].estimate == nil && found[2].lower == nil && found[2].interval == nil)
  }

  @Test func `one applicable paper has the limits of one trial`() async throws {
    let found = try await rates(BinaryMatrix(text: ["1-", "-0", "--"]), levels: [.item])
    #expect(found[0].notes == [.onePaper, .allYes] && found[1].notes == [.onePaper, .allNo])
    #expect(found[0].standardError == nil)
    let limits = try #require(
      ProportionInterval.wilson.limits(successes: 1, trials: 1, level: 0.95))
    #expect(found[0].lower == limits.lower && found[0].upper == 1)
  }

  @Test func `a rate of rarely applicable items is not estimated from half of the replicates`()
    async throws
  {
    // Two of forty papers apply: a replicate misses both with probability 0.13.
    let matrix = BinaryMatrix(text: (0..<40).map { $0 == 0 ? "1" : $0 == 1 ? "0" : "-" })
    let found = try await rates(matrix, .bootstrap(.percentile), levels: [.item])[0]
    guard case .fallback(.tooManyUndefinedReplicates(let share)) = found.notes.first else {
      Issue.record("no reason given: \(found.notes)")
      return
    }
    #expect(abs(share - 0.1285) < 0.04)
    #expect(found.interval == "wilson" && found.lower != nil)
    #expect(found.notes[0].description.hasPrefix("undefined-replicates: 1"))
  }

  @Test func `a few undefined replicates are left out and reported`() async throws {
    let matrix = BinaryMatrix(text: (0..<40).map { $0 < 2 ? "1" : $0 < 4 ? "0" : "-" })
    let found = try await rates(matrix, .bootstrap(.percentile), levels: [.item])[0]
    #expect(found.interval == "percentile")
    #expect(found.notes.count == 1)
    #expect(found.notes[0].description.hasPrefix("undefined-replicates: "))
  }

  @Test func `limits beyond 0 and 1 are cut and reported`() async throws {
    let matrix = BinaryMatrix(text: (0..<30).map { $0 < 2 ? "1" : "0" })
    let found = try await rates(matrix, .bootstrap(.normal), levels: [.item])[0]
    #expect(found.lower == 0 && (found.upper ?? 1) > (found.estimate ?? 1))
    #expect(found.notes == [.limitOutsideRange])
  }

  @Test func `categories in which all papers agree have no bootstrap`() async throws {
    let matrix = BinaryMatrix(text: ["10", "10", "01"], items: ["a.x", "a.y"])
    for interval in Self.bootstrapIntervals {
      let found = try await rates(matrix, interval, levels: [.category])[0]
      #expect(found.estimate == 0.5 && found.standardError == nil)
      #expect(found.interval == "wilson" && found.notes.count == 2)
      #expect(found.notes.first == .allPapersEqual)
      // Three papers, however many cells.
      let limits = try #require(
        ProportionInterval.wilson.limits(successes: 1.5, trials: 3, level: 0.95))
      #expect(isClose(found.lower, limits.lower, within: 1e-15))
    }
  }

  @Test(arguments: bootstrapIntervals + [.automatic, .analytic(.jeffreys)])
  func `flipping an item mirrors its limits`(interval: RateInterval) async throws {
    let matrix = BinaryMatrix.random(papers: 80, items: 4)
    let flipped = BinaryMatrix(papers: matrix.papers, items: matrix.items) { paper, item in
      switch matrix[paper, item] {
      case .yes: .no
      case .no: .yes
      default: matrix[paper, item]
      }
    }
    for simultaneous in [false, true] {
      let found = try await rates(matrix, interval, simultaneous: simultaneous)
      let mirrored = try await rates(flipped, interval, simultaneous: simultaneous)
      for (a, b) in zip(found, mirrored) {
        #expect(isClose(a.lower, b.upper.map { 1 - $0 }, within: 1e-9))
        #expect(isClose(a.upper, b.lower.map { 1 - $0 }, within: 1e-9))
        #expect(a.interval == b.interval)
      }
    }
  }

  @Test(arguments: bootstrapIntervals + [.automatic, .analytic(.clopperPearson)])
  func `an item that never applies adds its row and nothing else`(
    interval: RateInterval
  ) async throws {
    let matrix = BinaryMatrix.random(papers: 50, items: 4)
    let wider = BinaryMatrix(
      papers: matrix.papers, items: matrix.items + [Item(id: ItemID("a.never"))]
    ) { $1 < 4 ? matrix[$0, $1] : .notApplicable }
    for simultaneous in [false, true] {
      let found = try await rates(matrix, interval, simultaneous: simultaneous)
      let more = try await rates(wider, interval, simultaneous: simultaneous)
      #expect(more.count == found.count + 1)
      #expect(more[4].notes == [.neverApplicable])
      for (index, rate) in found.enumerated() {
        let other = more[index < 4 ? index : index + 1]
        #expect(other.estimate == rate.estimate && other.standardError == rate.standardError)
        #expect(other.lower == rate.lower && other.upper == rate.upper)
        #expect(other.interval == rate.interval && other.notes == rate.notes)
      }
    }
  }

  @Test func `equal weights, clusters of one and one stratum change nothing`() async throws {
    let matrix = BinaryMatrix.random(papers: 70, items: 4)
    let slugs = matrix.papers.map(\.slug)
    let plain = try await rates(matrix)
    for design in [
      try SamplingDesign(paperCount: 70, weights: [Double](repeating: 2.5, count: 70)),
      try SamplingDesign(paperCount: 70, clusters: slugs),
      try SamplingDesign(paperCount: 70, strata: slugs.map { _ in "all" }),
    ] {
      #expect(try await rates(matrix, design: design) == plain)
    }
  }

  @Test func `weights are scale-free`() async throws {
    let matrix = BinaryMatrix.random(papers: 70, items: 4)
    let weights = (0..<70).map { Double($0 % 5 + 1) }
    let one = try await rates(
      matrix, design: try SamplingDesign(paperCount: 70, weights: weights))
    let other = try await rates(
      matrix, design: try SamplingDesign(paperCount: 70, weights: weights.map { $0 / 64 }))
    for (a, b) in zip(one, other) {
      #expect(a.estimate == b.estimate && a.lower == b.lower && a.upper == b.upper)
      #expect(a.standardError == b.standardError)
    }
  }

  @Test func `doubling every paper keeps the estimates`() async throws {
    let matrix = BinaryMatrix.random(papers: 40, items: 4)
    let twice = matrix.selecting(papers: Array(0..<40) + Array(0..<40))
    let found = try await rates(matrix)
    let doubled = try await rates(twice)
    #expect(found.map(\.estimate) == doubled.map(\.estimate))
    for (a, b) in zip(found, doubled) {
      #expect((b.standardError ?? 1) < (a.standardError ?? 0))
    }
    // As clusters of two they are as uncertain as before.
    let clusters = (0..<80).map { "\($0 % 40)" }
    let design = try SamplingDesign(paperCount: 80, clusters: clusters)
    let clustered = try await rates(twice, design: design)
    for (a, b) in zip(found, clustered) {
      let ratio = RatioOfSums(twice, target: b.target, design: design)
      #expect(isClose(a.standardError, ratio.standardError))
      // The error of clusters is bias-reduced: the same where they have one size.
      #expect(isClose(b.standardError, ratio.unitVariance?.standardError))
    }
  }

  @Test func `few clusters and single units are noted`() async throws {
    let matrix = BinaryMatrix.random(papers: 30, items: 2)
    let clustered = try await rates(
      matrix,
      design: try SamplingDesign(paperCount: 30, clusters: (0..<30).map { "\($0 % 6)" }))
    #expect(clustered.allSatisfy { $0.notes.contains(.fewClusters(6)) })
    let strata = (0..<30).map { $0 == 4 ? "alone" : "rest" }
    let lonely = try await rates(
      BinaryMatrix(text: (0..<30).map { $0 % 3 == 0 ? "1" : "0" }),
      design: try SamplingDesign(paperCount: 30, strata: strata), levels: [.item])
    #expect(lonely[0].notes == [.singleUnitStrata(1)])
    #expect(lonely[0].notes[0].description == "single-unit-strata: 1")
  }

  @Test func `papers of weight zero count for nothing`() async throws {
    let matrix = BinaryMatrix(text: ["1-", "0-", "-1"])
    let design = try SamplingDesign(paperCount: 3, weights: [1, 2, 0])
    let found = try await rates(matrix, design: design, levels: [.item])
    #expect(found[0].estimate == 1.0 / 3)
    #expect(found[1].estimate == nil && found[1].notes == [.zeroWeight])
  }

  @Test func `analytic limits of clusters rest on the bias-reduced variance`() async throws {
    let matrix = BinaryMatrix.random(papers: 60, items: 4)
    let design = try SamplingDesign(
      paperCount: 60, strata: (0..<60).map { "\($0 / 3 % 4)" },
      clusters: (0..<60).map { "\($0 / 3)" })
    let found = try await rates(matrix, .analytic(.clopperPearson), design: design)
    for rate in found {
      let estimate = try #require(rate.estimate)
      let variance = try #require(
        RatioOfSums(matrix, target: rate.target, design: design).unitVariance)
      #expect(isClose(rate.standardError, variance.standardError))
      #expect(variance.degreesOfFreedom <= 16 + 1e-9)
      let t = StudentT(degreesOfFreedom: variance.degreesOfFreedom).upperQuantile(0.025)
      let z = Normal().upperQuantile(0.025)
      let trials = estimate * (1 - estimate) / variance.variance * z * z / (t * t)
      let limits = try #require(
        ProportionInterval.clopperPearson.limits(
          successes: estimate * trials, trials: trials, level: 0.95))
      #expect(isClose(rate.lower, limits.lower))
      #expect(isClose(rate.upper, limits.upper))
    }
  }

  @Test func `strata take degrees of freedom`() async throws {
    let matrix = BinaryMatrix.random(papers: 60, items: 2)
    let design = try SamplingDesign(paperCount: 60, strata: (0..<60).map { "\($0 / 3 % 4)" })
    let rate = try await rates(matrix, .analytic(.wilson), design: design, levels: [.overall])[0]
    let estimate = try #require(rate.estimate)
    let interval = KornGraubardInterval(
      proportion: estimate, standardError: try #require(rate.standardError),
      trials: rate.applicableCount, clusters: rate.paperCount, strata: 4)
    let trials = try #require(interval.effectiveTrials(level: 0.95))
    let limits = try #require(
      ProportionInterval.wilson.limits(
        successes: estimate * trials, trials: trials, level: 0.95))
    #expect(isClose(rate.lower, limits.lower))
  }

  @Test func `replicates come with the rates when asked for`() async throws {
    let matrix = BinaryMatrix.random(papers: 30, items: 2)
    let design = SamplingDesign(paperCount: 30)
    let targets = RateTarget.all(in: matrix, levels: [.item, .overall])
    let none = try await estimator(design, .analytic(.wilson)).estimate(matrix, targets: targets)
    #expect(none.sample == nil)
    let some = try await estimator(design, .analytic(.wilson)).estimate(
      matrix, targets: targets, drawsReplicates: true)
    #expect(some.sample?.replicates.columns == 3)
    #expect(some.rates == none.rates)
    let studentized = try await estimator(design, .bootstrap(.studentized)).estimate(
      matrix, targets: targets)
    #expect(studentized.sample?.replicates.columns == 3)
    #expect(studentized.sample == some.sample)
    #expect(try await estimator(design).estimate(matrix, targets: []).rates.isEmpty)
  }

  @Test func `a band is wider than single intervals and narrower than Bonferroni's`() async throws {
    let matrix = BinaryMatrix.random(papers: 400, items: 20)
    let design = SamplingDesign(paperCount: 400)
    let found = try await estimator(design, simultaneous: true).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item, .overall])
    ).rates
    for rate in found where rate.target.level == .item {
      #expect(rate.interval == "max-t" && rate.notes.isEmpty)
      let p = try #require(rate.estimate)
      let error = try #require(rate.standardError)
      let upper = try #require(rate.upper)
      func logit(_ p: Double) -> Double { Double.log(p / (1 - p)) }
      let critical = (logit(upper) - logit(p)) * p * (1 - p) / error
      #expect(critical > 2.5 && critical < 3.2)
    }
    #expect(found.last?.interval != "max-t")
  }

  @Test func `rare items leave the band with exact limits`() async throws {
    let matrix = BinaryMatrix(
      text: (0..<100).map { "\($0 < 4 ? 1 : 0)\($0 < 50 ? 1 : 0)\($0 < 30 ? 1 : 0)1" })
    let found = try await rates(matrix, levels: [.item], simultaneous: true)
    let limits = try #require(
      ProportionInterval.clopperPearson.limits(successes: 4, trials: 100, level: 1 - 0.05 / 4))
    #expect(found[0].interval == "clopper-pearson-bonferroni")
    #expect(found[0].lower == limits.lower && found[0].upper == limits.upper)
    #expect(found[0].notes == [.bandNeedsFive])
    #expect(found[1].interval == "max-t" && found[2].interval == "max-t")
    #expect(found[3].notes == [.allYes, .bandNeedsFive] && found[3].upper == 1)
  }

  @Test func `items are ranked with intervals`() async throws {
    let matrix = BinaryMatrix.random(papers: 200, items: 9)
    let found = try await estimator(SamplingDesign(paperCount: 200), ranks: true).estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item, .overall])
    ).rates
    #expect(found.last?.rank == nil)
    for rate in found.dropLast() {
      let rank = try #require(rate.rank)
      #expect(rank.lower <= rank.estimate && rank.estimate <= rank.upper)
      #expect((1...9).contains(rank.lower) && (1...9).contains(rank.upper))
    }
    #expect(found[8].rank?.estimate == 1 && found[0].rank?.estimate == 9)
  }
}

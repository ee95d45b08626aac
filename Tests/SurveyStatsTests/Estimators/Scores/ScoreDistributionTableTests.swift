import SurveyStats
import Testing

@Suite struct ScoreDistributionTableTests {
  private func table(
    _ scores: [Double?], _ interval: ScoreInterval = .percentile, design: SamplingDesign? = nil,
    part: ScoreDistributionTable.Part? = nil, by: String? = nil
  ) async throws -> Table {
    let design = design ?? SamplingDesign(paperCount: scores.count)
    let distribution = ScoreDistribution(scores: scores, design: design)
    let sample = try await Bootstrap(design: design, replicates: 1_999)(distribution)
    var result = ScoreDistributionTable(
      score: "score", by: by, level: 0.95, interval: interval, tiers: .standard)
    result.add(
      part ?? .init(group: nil, checkpoint: nil, papers: Array(scores.indices)), distribution,
      sample)
    let isWeightless = design.weights?.allSatisfy { $0 == 0 } ?? false
    #expect(result.hasEstimate == (scores.contains { $0 != nil } && !isWeightless))
    return result.table
  }

  private func reals(_ table: Table, _ column: String) throws -> [Double?] {
    guard case .real(let values) = table[column]?.values else {
      Issue.record("no column \(column)")
      return []
    }
    return values
  }

  private func texts(_ table: Table, _ column: String) throws -> [String?] {
    guard case .text(let values) = table[column]?.values else {
      Issue.record("no column \(column)")
      return []
    }
    return values
  }

  private let scores: [Double?] = [66, 44, 59.6, 72, 51, nil, 38, 61, 55, 48, 80, 67]

  @Test func `columns are those of the contract`() async throws {
    let plain = try await table(scores)
    #expect(
      plain.columns.map(\.name) == [
        "score", "term", "n", "count", "estimate", "std_error", "conf_low", "conf_high",
        "conf_level", "interval", "note",
      ])
    #expect(plain.rowCount == 13)
    #expect(plain["n"]?.values == .integer([Int?](repeating: 11, count: 13)))
    #expect(
      plain["count"]?.values == .integer([nil, nil, nil, nil, nil, nil, nil, 2, 3, 3, 2, 1, 0]))
    let grouped = try await table(
      scores, part: .init(group: "2024", checkpoint: 100, papers: []), by: "year")
    #expect(grouped.columns.map(\.name).prefix(3) == ["by", "group", "checkpoint"])
  }

  @Test(arguments: ScoreInterval.allCases.filter { $0 != .automatic })
  func `an empty tier gets the Wilson limits of none among n`(interval: ScoreInterval) async throws
  {
    let found = try await table(scores, interval)
    let limits = try #require(
      ProportionInterval.wilson.limits(successes: 0, trials: 11, level: 0.95))
    #expect(try reals(found, "conf_low")[12] == 0)
    #expect(try reals(found, "conf_high")[12] == limits.upper)
    #expect(try texts(found, "interval")[12] == "wilson")
    #expect(try texts(found, "note")[12] == "all-replicates-equal")
    #expect(try reals(found, "std_error")[12] == nil)
    for row in 0..<12 {
      #expect(try texts(found, "interval")[row] == interval.rawValue)
      let (low, estimate) = (try reals(found, "conf_low")[row], try reals(found, "estimate")[row])
      #expect((low ?? 101) <= (estimate ?? -1))
    }
  }

  @Test func `automatic intervals of shares are Wilson's, as those of rates`() async throws {
    let found = try await table(scores, .automatic)
    for (row, count) in zip(7..., [2, 3, 3, 2, 1, 0]) {
      let limits = try #require(
        ProportionInterval.wilson.limits(successes: Double(count), trials: 11, level: 0.95))
      #expect(isClose(try reals(found, "conf_low")[row], limits.lower, within: 1e-15))
      #expect(isClose(try reals(found, "conf_high")[row], limits.upper, within: 1e-15))
      #expect(try texts(found, "interval")[row] == "wilson")
    }
    #expect(try texts(found, "interval")[0] == "dirichlet")
    #expect(try texts(found, "interval")[1] == "percentile")
  }

  @Test func `the mean of three papers has limits between 0 and 100, and the rest has none`()
    async throws
  {
    let found = try await table([44, 59.5, 66], .automatic)
    // Student's t gives 28.4 to 84.6.
    let (low, high) = (
      try #require(try reals(found, "conf_low")[0]), try #require(try reals(found, "conf_high")[0])
    )
    #expect(low > 20 && low < 44 && high > 66 && high < 90)
    #expect(try texts(found, "interval")[0] == "dirichlet")
    // numpy: the standard deviation over √3.
    #expect(isClose(try reals(found, "std_error")[0], 6.5255906501506304))
    for row in 1...6 {
      #expect(try reals(found, "conf_low")[row] == nil)
      #expect(try texts(found, "note")[row] == "fewer-than-10-papers")
    }
    #expect(try texts(found, "interval")[7] == "wilson")
  }

  @Test(arguments: ScoreInterval.allCases) func `no limit lies outside what is possible`(
    interval: ScoreInterval
  ) async throws {
    for values in [[100.0, 100, 50], [88.9, 100, 77.8, 100], [100, 100], [0, 0, 0, 3]] {
      let found = try await table(values, interval)
      for row in 0..<found.rowCount {
        let most = row < 7 ? 100.0 : 1
        #expect((try reals(found, "conf_low")[row] ?? 0) >= 0)
        #expect((try reals(found, "conf_high")[row] ?? 0) <= most)
      }
      let note = try #require(try texts(found, "note").first)
      if interval == .automatic {
        #expect(note == nil)
        #expect(try reals(found, "conf_low")[0] != nil)
      }
    }
  }

  @Test func `weights and clusters of unequal size are said in every row`() async throws {
    let values = (0..<30).map { Double($0 % 7) * 10 + 20 }
    let clustered = try await table(
      values, .automatic,
      design: try SamplingDesign(
        paperCount: 30, clusters: (0..<30).map { $0 < 18 ? "big" : "\($0)" }))
    #expect(
      try texts(clustered, "note").allSatisfy {
        $0?.contains("few-effective-clusters: 2.7") ?? false
      })
    #expect(try texts(clustered, "interval")[7] == "clopper-pearson")
    let weighted = try await table(
      values, .automatic,
      design: try SamplingDesign(paperCount: 30, weights: [50] + Array(repeating: 1, count: 29)))
    #expect(
      try texts(weighted, "note").allSatisfy {
        $0?.contains("few-effective-papers: 2.5") ?? false
      })
    let plain = try await table(values, .automatic)
    #expect(try texts(plain, "note")[0] == nil)
    let widths = try [plain, weighted].map {
      (try reals($0, "conf_high")[0] ?? 0) - (try reals($0, "conf_low")[0] ?? 0)
    }
    #expect(widths[1] > 2 * widths[0])
  }

  @Test func `clusters make an empty tier less certain`() async throws {
    let design = try SamplingDesign(
      paperCount: 12, clusters: (0..<12).map { "\($0 / 2)" })
    let found = try await table(scores, design: design)
    // Five clusters of two and one of a single scored paper: 11² / (5·4 + 1).
    let limits = try #require(
      ProportionInterval.wilson.limits(successes: 0, trials: 121.0 / 21, level: 0.95))
    #expect(isClose(try reals(found, "conf_high")[12], limits.upper, within: 1e-15))
  }

  @Test func `the extremes are marked, since their bootstrap is not consistent`() async throws {
    let notes = try texts(try await table(scores), "note")
    #expect(notes[3] == "inconsistent-bootstrap" && notes[6] == "inconsistent-bootstrap")
    #expect(notes[0] == nil && notes[1] == nil)
  }

  @Test func `one paper and no paper have reasons`() async throws {
    let one = try await table([nil, 42])
    #expect(try texts(one, "note")[2] == "fewer-than-2-papers")
    #expect(try reals(one, "estimate")[2] == nil)
    #expect(try texts(one, "note")[0]?.isEmpty == false)
    #expect(try reals(one, "conf_low")[0] == nil)
    let none = try await table([nil, nil])
    #expect(try texts(none, "note").allSatisfy { $0 == "no-scores" })
    #expect(try reals(none, "estimate").allSatisfy { $0 == nil })
  }

  @Test func `papers of weight zero have no distribution`() async throws {
    let found = try await table(
      [10, 20], design: try SamplingDesign(paperCount: 2, weights: [0, 0]))
    #expect(try texts(found, "note").allSatisfy { $0 == "zero-weight" })
  }

  @Test func `the mean has the limits of its replicates`() async throws {
    let design = SamplingDesign(paperCount: scores.count)
    let distribution = ScoreDistribution(scores: scores, design: design)
    let sample = try await Bootstrap(design: design, replicates: 1_999)(distribution)
    let jackknife = Array(distribution.jackknife().column(0))
    let acceleration = try #require(
      BootstrapInterval.acceleration(jackknife: jackknife, stratumSizes: [12]))
    let expected = try BootstrapInterval.bca(acceleration: acceleration).limits(
      estimate: sample.original[0], replicates: sample.values(of: 0), level: 0.95)
    let found = try await table(scores, .bca)
    #expect(try reals(found, "conf_low")[0] == expected.lower)
    #expect(try reals(found, "conf_high")[0] == expected.upper)
  }
}

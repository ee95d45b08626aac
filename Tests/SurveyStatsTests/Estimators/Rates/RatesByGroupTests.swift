import Testing

@testable import SurveyStats

@Suite struct RatesByGroupTests {
  /// The shared item is passed by 60 % of both groups; one group is asked a hard item too.
  private var study: Study {
    Study(
      BinaryMatrix(
        text: (0..<200).map { paper in
          (paper / 2 % 5 < 3 ? "1" : "0") + (paper % 2 == 0 ? "." : paper % 20 == 1 ? "1" : "0")
        },
        papers: (0..<200).map {
          Paper(slug: "p\($0)", tags: [$0 % 2 == 0 ? "bench" : "survey"])
        },
        items: ["base.shared", "more.hard"]))
  }

  private func rates(
    _ mix: ItemMix.Method, interval: RateInterval = .automatic
  ) async throws -> [GroupResult<[Rate]>] {
    try await Run(replicates: 99)(
      RatesByGroup(Rates(interval: interval), by: "tags", mix: mix), of: study)
  }

  @Test(arguments: [ItemMix.Method.common, .model])
  func `groups are compared over the same items`(mix: ItemMix.Method) async throws {
    let groups = try await rates(mix)
    #expect(groups.map(\.group) == ["bench", "survey"])
    for group in groups {
      let overall = try #require(group.result.last)
      #expect(overall.target.level == .overall && overall.mix?.method == mix)
      #expect(overall.mix?.crude == (group.group == "bench" ? 0.6 : 0.35))
      #expect(overall.notes.isEmpty && overall.interval == "wilson")
      if mix == .common {
        #expect(isClose(overall.estimate, 0.6) && overall.mix?.itemCount == 1)
        #expect(overall.applicableCount == 100 && overall.yesCount == 60)
      }
    }
    let gap = groups.map { $0.result.last?.estimate ?? 0 }
    #expect(abs(gap[0] - gap[1]) < 1e-9)
    // Items are what they are.
    #expect(groups[1].result[1].estimate == 0.1 && groups[1].result[1].mix == nil)
    // The category of the hard item cannot be compared.
    let more = try #require(groups[1].result.first { $0.target.columnName == "category:more" })
    #expect(more.estimate == nil && more.mix?.crude == 0.1)
    let table = Table(rates: groups.map { ($0.group, $0.result) }, by: "tags", level: 0.95)
    #expect(table["crude"] != nil && table["mix"] != nil && !table.notes.isEmpty)
  }

  @Test func `crude rates are those of each group by itself`() async throws {
    let groups = try await rates(.crude)
    let alone = try await Run(replicates: 99)(Rates().grouped(by: "tags"), of: study)
    #expect(groups.map(\.result) == alone.map(\.result))
    #expect(Table(rates: [(nil, groups[0].result)], by: nil, level: 0.95)["crude"] == nil)
  }

  @Test func `an interval that a fixed mix does not have is said`() async throws {
    let groups = try await rates(.common, interval: .bootstrap(.bca))
    #expect(groups[1].result.last?.notes == [.intervalOfMix])
    #expect(try await rates(.common, interval: .analytic(.wilson))[1].result.last?.notes == [])
  }

  @Test func `nothing is drawn for rates that a mix replaces`() async throws {
    let run = Run(replicates: 99)
    func draws(_ question: some Analysis, of study: Study, _ run: Run) async throws -> Int {
      try await run.prepare(question, of: study).draws.count
    }
    // Every paper was asked everything: the crude rates stand, with limits from replicates.
    let alike = Study(
      BinaryMatrix(
        text: (0..<80).map { $0 % 3 == 0 ? "101" : "010" },
        papers: (0..<80).map { Paper(slug: "p\($0)", year: 2020 + $0 % 2) }))
    let question = RatesByGroup(Rates(levels: [.overall]), by: "year")
    #expect(try await draws(question, of: alike, run) == 2)
    let mixed = Study(
      BinaryMatrix(
        text: (0..<80).map { $0 % 3 == 0 ? "10." : "011" },
        papers: (0..<80).map { Paper(slug: "p\($0)", year: 2020 + $0 % 2) }))
    #expect(try await draws(question, of: mixed, run) == 0)
    #expect(try await draws(Growth(), of: mixed, run) == 0)
    var wanted = run
    wanted.wantsReplicates = true
    #expect(try await draws(question, of: mixed, wanted) == 2)
  }

  @Test func `no common item is a reason, and the crude rate stays`() async throws {
    let apart = Study(
      BinaryMatrix(
        text: ["1.", "0.", ".1", ".0"],
        papers: (0..<4).map { Paper(slug: "p\($0)", year: $0 < 2 ? 2023 : 2024) }))
    let groups = try await Run()(RatesByGroup(Rates(levels: [.overall]), by: "year"), of: apart)
    for group in groups {
      let rate = try #require(group.result.first)
      #expect(rate.estimate == nil && rate.lower == nil && rate.mix?.crude == 0.5)
      #expect(rate.notes.map(\.description) == ["no-common-item"])
    }
  }

  @Test func `the versions of the papers are said`() {
    let mixed = BinaryMatrix(
      text: ["1.", "11", "01"],
      papers: [3, 4, 4].enumerated().map { Paper(slug: "p\($0)", version: $1) })
    #expect(
      mixed.versionSentence == "Mixed versions of the instrument: 1 paper of version 3 "
        + "(1 of 2 items asked), 2 papers of version 4 (2 of 2 items asked).")
    #expect(mixed.selecting(papers: [1, 2]).versionSentence == nil)
  }

  @Test func `a census has no sampling error, and part of one less`() async throws {
    let matrix = BinaryMatrix(text: (0..<40).map { $0 % 4 == 0 ? "1" : "0" })
    func rate(_ fraction: Double) async throws -> Rate {
      var question = Rates(levels: [.item])
      question.samplingFraction = fraction
      return try #require(try await Run()(question, of: Study(matrix)).first)
    }
    let field = try await rate(0)
    let half = try await rate(0.5)
    let census = try await rate(1)
    let wilson = try #require(
      ProportionInterval.wilson.limits(successes: 20, trials: 80, level: 0.95))
    #expect(isClose(half.lower, wilson.lower) && isClose(half.upper, wilson.upper))
    #expect(
      isClose(half.standardError, field.standardError.map { $0 * 0.5.squareRoot() }))
    #expect(census.lower == 0.25 && census.upper == 0.25 && census.standardError == 0)
    #expect(census.interval == "census" && census.notes.isEmpty)
    #expect(FinitePopulation(size: 40, read: 40).sentence.hasPrefix("All 40 papers"))
    #expect(FinitePopulation(size: 80, read: 40).samplingFraction == 0.5)
  }

  @Test func `cells without an answer bound the rate`() async throws {
    let matrix = BinaryMatrix(text: ["1", "0", ".", "-"])
    let plain = try #require(try await Run()(Rates(levels: [.item]), of: Study(matrix)).first)
    #expect(plain.estimate == 0.5)
    #expect(isClose(plain.bounds?.lower, 1.0 / 3) && isClose(plain.bounds?.upper, 2.0 / 3))
    let weighted = matrix.replacing(
      papers: [1, 1, 2, 5].enumerated().map { Paper(slug: "p\($0)", weight: $1) })
    let rate = try #require(try await Run()(Rates(levels: [.item]), of: Study(weighted)).first)
    #expect(isClose(rate.bounds?.lower, 0.25) && isClose(rate.bounds?.upper, 0.75))
    let table = Table(rates: [(nil, [rate])], by: nil, level: 0.95, showsBounds: true)
    #expect(table["bound_low"] != nil && table["bound_high"] != nil)
  }

  @Test func `planned papers are the fewest with the wanted length`() async throws {
    let matrix = BinaryMatrix(text: (0..<40).map { $0 % 2 == 0 ? ($0 % 8 == 0 ? "1" : "0") : "-" })
    let rates = try await Run()(Rates(levels: [.item]), of: Study(matrix))
    let plan = try #require(
      PlannedPapers.all(for: rates, halfLength: 0.05, paperCount: 40, level: 0.95).first)
    func half(_ papers: Int) throws -> Double {
      // A quarter of the half to which the item applies.
      let trials = Double(papers) / 2
      let limits = try #require(
        ProportionInterval.wilson.limits(successes: trials / 4, trials: trials, level: 0.95))
      return (limits.upper - limits.lower) / 2
    }
    let papers = try #require(plan.papers)
    #expect(try half(papers) <= 0.05 && half(papers - 1) > 0.05)
    #expect((plan.mostPapers ?? 0) > papers && (plan.papersOfEachGroup ?? 0) > papers)
    let finite = try #require(
      PlannedPapers.all(
        for: rates, halfLength: 0.05, paperCount: 40, level: 0.95, population: 300
      ).first?.papers)
    #expect(finite < 300 && finite < papers)
    let unknown = try await Run()(
      Rates(levels: [.item]), of: Study(BinaryMatrix(text: ["-", "-"])))
    let none = PlannedPapers.all(for: unknown, halfLength: 0.05, paperCount: 2, level: 0.95)
    #expect(none.first?.papers == nil)
    let table = Table(planned: none, halfLength: 0.05, paperCount: 2, level: 0.95)
    #expect(table["note"]?.values == .text(["never-applicable"]))
  }
}

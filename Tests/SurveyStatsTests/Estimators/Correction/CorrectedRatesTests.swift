import Testing

@testable import SurveyStats

@Suite struct CorrectedRatesTests {
  /// Papers p0, p1, … of two raters; cells by paper and item, `nil` where the better one did not read.
  private func matrix(
    papers: Int, items: [String] = ["a.x", "a.y"], cell: (Int, Int) -> Cell,
    better: (Int, Int) -> Cell?
  ) -> BinaryMatrix {
    var rows: [Paper] = []
    var cells: [[Cell]] = []
    for paper in 0..<papers {
      let slug = "p\(1000 + paper)"
      let group = paper % 2 == 0 ? "even" : "odd"
      rows.append(Paper(slug: slug, rater: "fast", group: group))
      cells.append(items.indices.map { cell(paper, $0) })
      if better(paper, 0) != nil {
        rows.append(Paper(slug: slug, rater: "good", group: group))
        cells.append(items.indices.map { better(paper, $0) ?? .absent })
      }
    }
    return BinaryMatrix(papers: rows, items: items.map { Item(id: ItemID($0)) }) {
      cells[$0][$1]
    }
  }

  private func rates(
    _ matrix: BinaryMatrix, _ method: CorrectionMethod = .doubleSampling,
    levels: Set<RateTarget.Level> = [.item, .category, .overall], plan: SamplingPlan = .init()
  ) async throws -> [CorrectedRate] {
    try await Run()(
      CorrectedRates(better: "good", levels: levels, method: method), of: Study(matrix, plan: plan))
  }

  /// A rater that says yes to a fifth of what is no.
  private var generous: BinaryMatrix {
    matrix(papers: 400) { paper, item in
      (paper + item) % 10 < 3 || paper % 5 == 4 ? .yes : .no
    } better: { paper, item in
      paper < 200 ? ((paper + item) % 10 < 3 ? .yes : .no) : nil
    }
  }

  @Test func `a generous rater is corrected`() async throws {
    for row in try await rates(generous) {
      let value = try #require(row.estimate.value)
      #expect(abs(value - 0.3) < 0.02)
      #expect(try #require(row.naive.estimate) >= 0.4)
      #expect(row.reansweredCount == 200 && row.sensitivity == 1)
      #expect(try #require(row.specificity) < 0.9)
      let (low, high) = (try #require(row.estimate.lower), try #require(row.estimate.upper))
      #expect(low < 0.3 && 0.3 < high)
      #expect(try #require(row.effectiveCount) > 200)
    }
  }

  /// Even papers have other rates than odd ones, and are re-answered four times as often.
  @Test func `in strata papers may be re-answered at other rates`() async throws {
    func truth(_ paper: Int) -> Cell { paper % 20 < (paper % 2 == 0 ? 4 : 16) ? .yes : .no }
    let uneven = matrix(papers: 800) { paper, _ in
      paper % 7 == 0 ? (truth(paper) == .yes ? .no : .yes) : truth(paper)
    } better: { paper, _ in
      paper % (paper % 2 == 0 ? 3 : 13) == 0 ? truth(paper) : nil
    }
    let expected = (0..<800).reduce(0.0) { $0 + (truth($1) == .yes ? 1 : 0) } / 800
    func value(_ plan: SamplingPlan) async throws -> CorrectedRate {
      try #require(try await rates(uneven, .ppiPlusPlus, levels: [.item], plan: plan).first)
    }
    let (one, strata) = (try await value(.init()), try await value(.init(stratum: "group")))
    #expect(abs(try #require(strata.estimate.value) - expected) < 0.05)
    #expect(
      abs(try #require(one.estimate.value) - expected)
        > abs(try #require(strata.estimate.value) - expected))
    #expect(strata.estimate.notes.isEmpty)
    // A stratum without a re-answered paper leaves one stratum.
    let missing = matrix(papers: 80) { paper, _ in
      truth(paper)
    } better: { paper, _ in
      paper % 4 == 0 ? truth(paper) : nil
    }
    let whole = try #require(
      try await rates(missing, .ppi, levels: [.item], plan: .init(stratum: "group")).first)
    #expect(whole.estimate.notes.contains { $0.code == "strata-not-used" })
  }

  @Test func `all estimators agree on many papers`() async throws {
    for method in CorrectionMethod.allCases {
      let row = try #require(try await rates(generous, method, levels: [.item]).first)
      #expect(abs((row.estimate.value ?? 0) - 0.3) < 0.02, "\(method)")
      #expect(row.estimate.method?.rawValue == method.rawValue, "\(method)")
    }
  }

  @Test func `where nothing differs the rates are the rater's, with a width`() async throws {
    let same = matrix(papers: 100) { paper, _ in
      paper % 4 == 0 ? .yes : .no
    } better: { paper, _ in
      paper < 8 ? (paper % 4 == 0 ? .yes : .no) : nil
    }
    for row in try await rates(same) {
      #expect(row.estimate.lower! < 0.25 && row.estimate.upper! > 0.25)
      #expect(row.estimate.upper! - row.estimate.lower! > 0.05)
    }
    let ppi = try #require(try await rates(same, .ppi, levels: [.item]).first)
    #expect(ppi.estimate.value == 0.25)
  }

  @Test func `what is unknown is said`() async throws {
    // Item y was never re-answered; the rater's does-not-apply never; z never applies by the better one.
    let odd = matrix(papers: 30, items: ["a.x", "a.y", "a.z"]) { paper, item in
      item == 0 && paper > 20 ? .notApplicable : paper % 2 == 0 ? .yes : .no
    } better: { paper, item in
      guard paper < 10 else { return nil }
      return item == 1 ? .absent : item == 2 ? .notApplicable : paper % 2 == 0 ? .yes : .no
    }
    let rows = try await rates(odd, levels: [.item])
    #expect(rows[0].estimate.notes == [.priorSpeaks([.notApplicable])])
    #expect(rows[1].estimate.notes == [.neverReanswered] && rows[1].estimate.value == nil)
    #expect(rows[1].naive.estimate != nil && rows[1].gold.estimate == nil)
    #expect(rows[2].estimate.notes == [.neverApplicableToBetter])
    #expect(rows[2].falseApplies == 1)
  }

  @Test func `one paper, and a rater that is always wrong, have limits`() async throws {
    let one = matrix(papers: 20) { paper, _ in
      paper % 2 == 0 ? .yes : .no
    } better: { paper, _ in
      paper == 0 ? .yes : nil
    }
    for row in try await rates(one) {
      #expect(
        row.estimate.lower! < row.estimate.value! && row.estimate.value! < row.estimate.upper!)
    }
    #expect(
      try await rates(one, .ppi, levels: [.item])[0].estimate.notes == [.fewerThanTwoReanswered])
    let wrong = matrix(papers: 60) { paper, _ in
      paper % 3 == 0 ? .yes : .no
    } better: { paper, _ in
      paper < 30 ? (paper % 3 == 0 ? .no : .yes) : nil
    }
    let row = try #require(try await rates(wrong, levels: [.item]).first)
    #expect(abs(row.estimate.value! - 2.0 / 3) < 0.05 && row.sensitivity == 0)
    let coin = try #require(try await rates(wrong, .roganGladen, levels: [.item]).first)
    #expect(coin.estimate.notes == [.noBetterThanChance])
  }

  @Test func `groups, clusters and equal weights`() async throws {
    let groups = try await Run()(
      CorrectedRates(better: "good", levels: [.overall]).grouped(by: "group"), of: Study(generous))
    #expect(groups.map(\.group) == ["even", "odd"])
    #expect(groups.allSatisfy { $0.result[0].reansweredCount == 100 })
    let plain = try await rates(generous)
    let weighted = try await rates(
      generous.replacing(
        papers: generous.papers.map { paper in
          var paper = paper
          paper.weight = 2
          return paper
        }))
    #expect(plain.map(\.estimate) == weighted.map(\.estimate))
    let clustered = try await rates(
      generous.replacing(
        papers: generous.papers.map { paper in
          var paper = paper
          paper.cluster = String(paper.slug.suffix(1))
          return paper
        }), levels: [.item], plan: SamplingPlan(cluster: "cluster"))
    #expect(clustered[0].estimate.value != nil)
  }

  @Test func `the order of papers changes nothing`() async throws {
    let reversed = generous.selecting(papers: generous.papers.indices.reversed())
    let (one, other) = (try await rates(generous), try await rates(reversed))
    for (first, second) in zip(one, other) {
      #expect(abs(first.estimate.value! - second.estimate.value!) < 1e-12)
      #expect(abs(first.estimate.lower! - second.estimate.lower!) < 1e-12)
    }
  }

  @Test func `probabilities of re-answering undo a choice of papers`() async throws {
    // Of papers that the rater passes every second was re-answered, of others every tenth.
    func passes(_ paper: Int) -> Bool { paper % 4 == 0 }
    func isChosen(_ paper: Int) -> Bool {
      passes(paper) ? paper % 8 == 0 : (paper - paper / 4 - 1) % 10 == 0
    }
    var chosen = matrix(papers: 800, items: ["x"]) { paper, _ in
      passes(paper) ? .yes : .no
    } better: { paper, _ in
      isChosen(paper) ? (passes(paper) || paper % 7 == 0 ? .yes : .no) : nil
    }
    chosen = chosen.replacing(
      papers: chosen.papers.map { paper in
        var paper = paper
        let number = (Int(paper.slug.dropFirst()) ?? 0) - 1000
        paper.covariates["chance"] = passes(number) ? "0.5" : "0.1"
        return paper
      })
    var question = CorrectedRates(better: "good", levels: [.item], method: .ppi)
    question.probability = "chance"
    let row = try await Run()(question, of: Study(chosen))[0]
    #expect(abs(row.estimate.value! - (0.25 + 0.75 / 7)) < 0.06)
    question.method = .doubleSampling
    let double = try await Run()(question, of: Study(chosen))[0]
    #expect(abs(double.estimate.value! - (0.25 + 0.75 / 7)) < 0.06)
    #expect(abs(double.gold.estimate! - (0.25 + 0.75 / 7)) < 0.08)
  }

  @Test func `errors of the better rater widen the band`() async throws {
    let row = try #require(try await rates(generous, levels: [.item]).first)
    let band = try #require(row.band(betterError: 0.05))
    #expect(band.lowerBound < row.estimate.lower! && band.upperBound > row.estimate.upper!)
    #expect(row.band(betterError: 0)?.lowerBound == row.estimate.lower)
  }

  @Test func `stated errors need no better rater`() async throws {
    var question = CorrectedRates(better: "nobody", levels: [.item], method: .roganGladen)
    question.knownErrors = KnownErrors(
      sensitivity: .init(95, of: 100), specificity: .init(80, of: 100))
    let row = try await Run()(question, of: Study(generous))[0]
    #expect(row.estimate.value != nil && row.reansweredCount == 0)
  }
}

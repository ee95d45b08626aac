import Testing

@testable import SurveyStats

@Suite struct AgreementTests {
  /// A matrix of two raters from the states that each gives, a text a paper.
  private func matrix(_ first: [String], _ second: [String], items: [String]? = nil) -> BinaryMatrix
  {
    let papers = [("A", first), ("B", second)].flatMap { (rater, rows) -> [Paper] in
      rows.indices.map { Paper(slug: "p\(100 + $0)", rater: rater) }
    }
    return BinaryMatrix(text: first + second, papers: papers, items: items)
  }

  private func rows(
    _ matrix: BinaryMatrix, _ agreement: Agreement = Agreement(),
    plan: SamplingPlan = SamplingPlan()
  ) async throws -> [AgreementRow] {
    try await Run()(agreement, of: Study(matrix, plan: plan)).rows
  }

  private func value(
    _ rows: [AgreementRow], _ level: AgreementTarget.Level, _ term: String,
    _ coefficient: AgreementCoefficient, _ part: AgreementPart = .states
  ) -> Estimate? {
    rows.first {
      $0.level == level && $0.term == term && $0.coefficient == coefficient && $0.part == part
    }?.estimate
  }

  /// Cells of each of the nine combinations, with the counts of the first calibration round.
  private var published: BinaryMatrix {
    // yes/no 11, no/na 7, yes/na 4, na/yes 2, na/no 2, no/yes 1; 373 of 400 equal.
    let counts = [
      ("1", "0", 11), ("0", "-", 7), ("1", "-", 4), ("-", "1", 2), ("-", "0", 2), ("0", "1", 1),
      ("1", "1", 180), ("0", "0", 130), ("-", "-", 63),
    ]
    let cells = counts.flatMap { Array(repeating: ($0.0, $0.1), count: $0.2) }
    let papers = 0..<8
    return matrix(
      papers.map { paper in (0..<50).map { cells[$0 * 8 + paper].0 }.joined() },
      papers.map { paper in (0..<50).map { cells[$0 * 8 + paper].1 }.joined() })
  }

  @Test func `the published agreement and directions come out`() async throws {
    let rows = try await rows(published, Agreement(levels: [.overall]))
    let row = try #require(rows.first { $0.coefficient == .agreement && $0.part == .states })
    #expect(row.cellCount == 400 && row.paperCount == 8)
    #expect(abs((row.estimate.value ?? 0) - 373.0 / 400) < 1e-12)
    let table = Table(directionsOf: Ratings(published, order: ["A", "B"]))
    #expect(
      table["direction"]?.values
        == .text(["yes/no", "yes/na", "no/yes", "no/na", "na/yes", "na/no"]))
    #expect(table["n"]?.values == .integer([11, 4, 1, 7, 2, 2]))
  }

  @Test func `means of items stand beside the pooled coefficient under its own name`() async throws
  {
    let two = matrix(
      ["11", "11", "10", "00", "00", "01"], ["11", "10", "10", "00", "01", "00"],
      items: ["a.x", "a.y"])
    let rows = try await rows(two)
    let items = ["x", "y"].compactMap { value(rows, .item, $0, .kappa)?.value }
    #expect(items[0] == 1 && items[1] < 0.1)
    #expect(value(rows, .overall, "overall", .kappa)?.value == (items[0] + items[1]) / 2)
    #expect(value(rows, .category, "a", .kappa)?.value == (items[0] + items[1]) / 2)
    let pooled = try #require(value(rows, .overall, "overall", .pooledKappa)?.value)
    #expect(abs(pooled - 0.5) < 1e-12)
  }

  @Test func `applicability and answers are apart`() async throws {
    let rows = try await rows(matrix(["1", "0", "-", "1"], ["1", "-", "-", "0"]))
    #expect(value(rows, .item, "i0", .agreement, .states)?.value == 0.5)
    #expect(value(rows, .item, "i0", .agreement, .applies)?.value == 0.75)
    #expect(value(rows, .item, "i0", .agreement, .answers)?.value == 0.5)
    #expect(value(rows, .item, "i0", .agreement, .answers)?.count == 2)
    #expect(value(rows, .paper, "p101", .agreement, .states)?.value == 0)
  }

  @Test func `degenerate cases have names`() async throws {
    let one = try await rows(matrix(["1", "1", "1"], ["1", "1", "1"]))
    let kappa = try #require(value(one, .item, "i0", .kappa))
    #expect(kappa.value == nil && kappa.notes == [.oneCategory])
    #expect(value(one, .item, "i0", .ac1)?.value == 1)
    let agreement = try #require(value(one, .item, "i0", .agreement))
    #expect(agreement.value == 1 && agreement.notes == [.perfectAgreement])
    #expect(agreement.lower ?? 1 < 0.7 && agreement.upper == 1)
    let opposite = try await rows(matrix(["1", "0"], ["0", "1"]))
    #expect(value(opposite, .item, "i0", .kappa)?.value == -1)
    let never = try await rows(matrix(["1", "-"], ["-", "1"]))
    #expect(value(never, .item, "i0", .kappa, .answers)?.notes == [.neverRatedTwice])
    let single = try await rows(matrix(["10"], ["11"]))
    #expect(value(single, .item, "i1", .agreement)?.notes.contains(.oneUnit) == true)
    for row in one + opposite + never + single {
      #expect(row.estimate.value?.isFinite ?? true)
      if row.estimate.value == nil || !row.estimate.hasLimits {
        #expect(!row.estimate.notes.isEmpty, "\(row.level) \(row.coefficient)")
      }
    }
  }

  @Test func `without a paper read twice there is no agreement`() async {
    let papers = [Paper(slug: "a", rater: "A"), Paper(slug: "b", rater: "B")]
    await #expect(throws: AgreementError.self) {
      try await rows(BinaryMatrix(text: ["1", "1"], papers: papers))
    }
    await #expect(throws: AgreementError.self) {
      try await rows(BinaryMatrix(text: ["1"], papers: [papers[0]]))
    }
  }

  @Test func `papers that one rater has read alone play no part`() async throws {
    let both = matrix(["1", "0", "1"], ["1", "0", "0"])
    let more = try BinaryMatrix.joining([
      ("both", both),
      (
        "more",
        BinaryMatrix(text: ["1", "1"], papers: ["x", "y"].map { Paper(slug: $0, rater: "A") })
      ),
    ])
    let (few, all) = (try await rows(both), try await rows(more))
    for row in few where row.level == .item {
      let other = try #require(value(all, .item, row.term, row.coefficient, row.part))
      #expect(other == row.estimate)
    }
  }

  @Test func `linearised errors are those of the jackknife in the limit`() async throws {
    var stream = RandomStream(seed: 5)
    let texts = (0..<2).map { _ in
      (0..<300).map { _ in
        (0..<4).map { _ in ["1", "0", "-"][Int(stream.uniform() * 2.99)] }.joined()
      }
    }
    let ratings = Ratings(matrix(texts[0], texts[1]))
    let statistic = AgreementStatistic(
      ratings, targets: AgreementTarget.all(of: ratings.items, levels: [.overall, .item]),
      parts: AgreementPart.allCases, coefficients: AgreementCoefficient.allCases,
      unitOfPaper: Array(0..<300), weights: nil, stratumSizes: [300])
    let values = statistic.itemValues()
    let leftOut = statistic.jackknife()
    for (measure, _) in statistic.measures.enumerated()
    where ![.pooledKappa, .greatestKappa].contains(statistic.measures[measure].coefficient) {
      let counts = statistic.counts(items: [0, 1, 2, 3], part: statistic.measures[measure].part)
      let exact = statistic.influence(
        (0..<4).map { (value: values.items[$0][measure], items: [$0]) })
      let jackknifed = statistic.influence(leavingOut: leftOut, place: measure, units: counts.units)
      let errors = [exact, jackknifed].map {
        statistic.standardError($0, units: counts.units)?.error ?? 0
      }
      #expect(abs(errors[0] / errors[1] - 1) < 0.02, "\(statistic.measures[measure])")
    }
    let original = statistic.original()
    for (measure, _) in statistic.measures.enumerated()
    where statistic.measures[measure].coefficient != .pooledKappa {
      let value = values.items[2][measure].value
      #expect(abs(original[statistic.place(target: 3, measure: measure)] - value) < 1e-12)
    }
  }

  @Test func `weights of one, the order of papers and clusters of one change nothing`() async throws
  {
    let texts = (["110", "101", "0-1", "011", "1-0"], ["100", "101", "011", "010", "1-1"])
    let plain = matrix(texts.0, texts.1)
    let base = try await rows(plain)
    var papers = plain.papers
    for row in papers.indices {
      papers[row].weight = 2
      papers[row].cluster = "c" + papers[row].slug
    }
    let weighted = try await rows(plain.replacing(papers: papers))
    let shuffled = try await rows(plain.selecting(papers: plain.papers.indices.reversed()))
    let clustered = try await rows(
      plain.replacing(papers: papers), plan: SamplingPlan(cluster: "cluster"))
    for other in [weighted, shuffled, clustered] {
      for (row, same) in zip(base, other) where row.level != .paper {
        #expect(abs((row.estimate.value ?? 0) - (same.estimate.value ?? 0)) < 1e-12)
        #expect(
          abs((row.estimate.standardError ?? 0) - (same.estimate.standardError ?? 0)) < 1e-12)
      }
    }
  }

  @Test func `bootstrap limits are of the same numbers`() async throws {
    let question = Agreement(levels: [.overall], interval: .resampled(.percentile))
    let rows = try await Run(replicates: 199)(question, of: Study(published)).rows
    for row in rows where row.coefficient == .kappa || row.coefficient == .agreement {
      #expect(row.estimate.hasLimits && row.estimate.method?.rawValue == "percentile")
      #expect(!row.estimate.notes.contains(.replicatesOfAnotherEstimate))
    }
  }

  @Test func `three raters have pairs`() async throws {
    let papers = ["A", "B", "C"].flatMap { rater in
      (0..<4).map { Paper(slug: "p\($0)", rater: rater) }
    }
    let rows = try await rows(
      BinaryMatrix(
        text: ["10", "01", "11", "00", "10", "01", "11", "01", "11", "00", "11", "00"],
        papers: papers))
    let pairs = rows.filter { $0.level == .pair && $0.coefficient == .kappa && $0.part == .states }
    #expect(pairs.map(\.term) == ["A/B", "A/C", "B/C"])
    #expect(value(rows, .overall, "overall", .scott) == nil)
    #expect(value(rows, .overall, "overall", .fleiss)?.value != nil)
  }

  @Test func `raters stand in the order that is asked for`() {
    let matrix = matrix(["1"], ["0"])
    #expect(Ratings(matrix).raters == ["A", "B"])
    #expect(Ratings(matrix, order: ["B", "A"]).raters == ["B", "A"])
    #expect(Ratings(matrix, order: ["B"]).raters == ["B", "A"])
  }

  @Test func `disagreements come back as a consensus`() throws {
    let ratings = Ratings(matrix(["10", "-1"], ["11", "11"], items: ["a.x", "a.y"]))
    let disagreements = Disagreements(ratings)
    #expect(disagreements.cells.count == 2)
    let table = Table(disagreements)
    #expect(
      table.columns.map(\.name) == [
        "paper", "category", "term", "item", "kind", "answer_A", "answer_B", "consensus",
      ])
    let written = CSVWriter().write(table)
    #expect(try Disagreements.decisions(csv: written).isEmpty)
    let filled = String(decoding: written, as: UTF8.self)
      .replacing("no,yes,", with: "no,yes,no")
    let decisions = try Disagreements.decisions(csv: Array(filled.utf8))
    #expect(decisions == [.init(paper: "p100", item: ItemID("a.y"), answer: .no)])
    let consensus = disagreements.consensus(decisions)
    #expect(consensus.undecided.count == 1 && consensus.unknown.isEmpty)
    #expect(consensus.matrix[0, 0] == .yes && consensus.matrix[0, 1] == .no)
    #expect(consensus.matrix[1, 0] == .absent && consensus.matrix[1, 1] == .yes)
  }

  @Test func `paired readings keep the papers of the rater`() {
    let naive = BinaryMatrix(
      text: ["11", "0-", "10"], papers: ["a", "b", "c"].map { Paper(slug: $0) }, items: ["x", "y"])
    let better = BinaryMatrix(
      text: ["0", "1"], papers: [Paper(slug: "b"), Paper(slug: "z")], items: ["y"])
    let paired = PairedReadings(naive, better: better, named: "gold")
    #expect(paired.reanswered == [1] && paired.unmatched.papers == ["z"])
    #expect(paired.better[1, 1] == .no && paired.better[1, 0] == .absent)
    #expect(paired.table(item: 1)[.notApplicable, .no] == 1 && paired.table(item: 1).total == 1)
    let totals = paired.totals(item: 1)
    #expect(totals.yes == 1 && totals.no == 1 && totals.notApplicable == 1)
    let raters = matrix(["1", "0"], ["1", "1"])
    #expect(PairedReadings(raters, betterRater: "b")?.reanswered == [0, 1])
    #expect(PairedReadings(raters, betterRater: "C") == nil)
  }
}

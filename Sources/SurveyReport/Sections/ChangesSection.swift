import SurveyStats

extension ReportSection {
  /// What changed since an earlier report.
  static let changes = ReportSection(id: "changes", title: "What changed") { analysis in
    guard let earlier = analysis.input.earlier else {
      throw SectionSkipped("no earlier report was given; name its folder with `compare:`")
    }
    let level = analysis.level
    let comparison = try await Comparison(analysis, earlier)
    let change = comparison.change
    let shares = comparison.shares
    let scores = comparison.scores
    var sentences = [papers(change)]
    if let overall = analysis.overall, let old = comparison.old.overall?.estimate,
      let difference = change.differences["overall"]
    {
      let items: Sentence =
        difference.notes.contains { $0.code == "items-of-both" }
        ? ", over the items that both reports have," : ""
      if difference.isUnchanged {
        sentences.append(
          "The share of answers that are yes is \(analysis.quoted(overall)), as before.")
      } else {
        let digits = Self.digits(old * 100, (overall.estimate ?? 0) * 100)
        sentences.append(
          """
          The share of answers that are yes was \(.share("overall.old", old, digits: digits)) and is now \
          \(.share("overall", overall.estimate ?? 0, digits: digits)), over \
          \(.papers(overall.paperCount, as: "overall.n")); \(words: Self.verdict(difference))\(items) \
          \(Sentence.difference("overall.difference", difference, level: level)).
          """)
      }
    }
    if let mean = scores.first(where: { $0.term == "mean" }), let old = mean.old?.value,
      let new = mean.new.value, let difference = mean.difference
    {
      if difference.isUnchanged {
        sentences.append(
          """
          The mean score is \(Sentence.score(
            "mean", new, lower: mean.new.lower, upper: mean.new.upper, level: level)), as before.
          """)
      } else {
        let digits = Self.digits(old, new)
        sentences.append(
          """
          The mean score was \(.number("mean.old", old, digits: digits)) and is now \
          \(.number("mean", new, digits: digits)); \(words: Self.verdict(difference)) \
          \(Sentence.scoreDifference("mean.difference", difference, level: level)).
          """)
      }
    }
    sentences += items(shares, level) + conclusions(shares + scores)
    sentences += redefined(shares + scores)
    let moved: [(String, String)] =
      change.added.map { ("added", $0) } + change.removed.map { ("removed", $0) }
      + change.reversioned.map { ("other version", $0) }
      + change.rerated.map { ("other rater", $0) } + change.rescanned.map { ("re-scanned", $0) }
    return Section(
      id: "changes", title: "What changed", sentences: sentences,
      tables: [
        SectionTable(
          comparison.counts, caption: "Papers, items and answers in the earlier and in this report."
        ),
        SectionTable(
          ChangedNumber.table(shares, name: "changes", style: .share, confidence: level),
          caption: """
            Rates, layers, tiers, patterns and gaps of pairs in the earlier and in this report, \
            and their difference with a \(.level(level)) interval; papers in both count as the \
            same. The earlier numbers are made anew from the answers of the earlier report. Marked are shares whose interval has moved from one side of one half to \
            the other or to neither, and gaps whose interval has done so about zero.
            """, shownRows: 300),
        SectionTable(
          ChangedNumber.table(scores, name: "changed-scores", style: .plain, confidence: level),
          caption: """
            The distribution of the scores in the earlier and in this report, and the differences \
            with \(.level(level)) intervals. Marked are quantities whose interval lies in another \
            tier than before.
            """),
        SectionTable(
          Table(
            name: "changed-papers",
            columns: [
              Column("change", .text(moved.map(\.0))), Column("paper", .text(moved.map(\.1))),
            ]),
          caption: "Papers that were added, removed or scanned anew.", shownRows: 50),
      ], findings: findings(comparison, analysis))
  }

  /// The changes of the rate of everything and of the items.
  private static func findings(_ comparison: Comparison, _ analysis: ReportAnalysis) -> [Finding] {
    let items = comparison.shares.filter { $0.level == "item" && $0.difference?.lower != nil }
    return comparison.shares.compactMap { share -> Finding? in
      let isOverall = share.level == "overall"
      guard isOverall || share.level == "item", let difference = share.difference,
        let effect = difference.value, let now = share.new.value,
        let rate = analysis.rates.first(where: { $0.target.columnName == share.term })
      else { return nil }
      let term = "\(share.term).difference"
      let what: Sentence =
        isOverall ? "the share of answers that are yes" : "the pass rate of “\(name: share.label)”"
      let verb = effect > 0 ? "rose" : "fell"
      let size = Fact.points(term, abs(effect))
      return Finding(
        kind: .change, section: "changes", effect: effect, lower: difference.lower,
        upper: difference.upper, candidates: isOverall ? 1 : items.count, papers: rate.paperCount,
        headline: """
          \(isOverall ? "The share of yes" : "“\(name: share.label)”" as Sentence) \(words: verb) by \(size) points
          """,
        sentence: """
          Since the earlier report \(what) \(words: verb) by \
          \(Sentence.difference(term, difference.size, level: analysis.level)), to \
          \(.share(share.term, now)).
          """,
        number: size,
        statement: "points: so far \(what) \(words: verb) since the earlier report")
    }
  }

  private static func verdict(_ difference: Estimate) -> String {
    if difference.lower == nil {
      return "too few papers for an interval of the difference, which is"
    }
    return difference.isClear
      ? (difference.value ?? 0) > 0 ? "it rose by" : "it changed by"
      : "the difference is not clear,"
  }

  /// The decimals, one to three, with which two numbers do not read the same when they are not.
  private static func digits(_ old: Double, _ new: Double) -> Int {
    (1...3).first {
      NumberFormat.fixed(old, digits: $0) != NumberFormat.fixed(new, digits: $0)
    } ?? 1
  }

  /// What happened to the papers, in one sentence: which came and went, and which of those in both were scanned by
  /// another version, rated by someone else, or answered otherwise.
  private static func papers(_ change: CorpusChange) -> Sentence {
    let (added, removed) = (change.added.count, change.removed.count)
    let moves = Sentence.some(
      added == 0
        ? nil : "\(.number("papers_added", added, of: "paper was added", "papers were added"))",
      removed == 0
        ? nil
        : added == 0
          ? "\(.number("papers_removed", removed, of: "paper was removed", "papers were removed"))"
          : "\(.number("papers_removed", removed, of: "was removed", "were removed"))")
    guard change.shared > 0 else {
      return "Since the earlier report \(Sentence.list(moves)); the two reports share no paper."
    }
    let kinds: [(term: String, count: Int, what: String)] = [
      (
        "papers_reversioned", change.reversioned.count,
        "scanned by another version of the instrument"
      ),
      ("papers_rerated", change.rerated.count, "rated by someone else"),
      ("papers_rescanned", change.rescanned.count, "given other answers by the same rater"),
    ]
    let again = kinds.filter { $0.count > 0 }.map { kind -> Sentence in
      """
      \(.number(kind.term, kind.count, of: "was", "were")) \(words: kind.what)
      """
    }
    let shared = { (one: String, several: String) in
      Sentence.number("papers_shared", change.shared, of: one, several)
    }
    let both = shared("paper in both", "papers in both")
    guard !moves.isEmpty else {
      return again.isEmpty
        ? "Papers and answers are those of the earlier report: \(both)."
        : """
        Of the same \(shared("paper", "papers")) as in the earlier report \(Sentence.list(again)).
        """
    }
    return """
      Since the earlier report \(Sentence.list(moves)); \
      \(again.isEmpty ? "the answers of the \(both) are the same" : "of the \(both) \(Sentence.list(again))").
      """
  }

  /// The numbers that the earlier report published otherwise than they are made now.
  private static func redefined(_ numbers: [ChangedNumber]) -> [Sentence] {
    let count = numbers.count { $0.isRedefined }
    guard count > 0 else { return [] }
    return [
      """
      The earlier report published \
      \(.number("numbers_redefined", count, of: "of these numbers", "of these numbers")) by another \
      definition; what changed here is the papers, not the definition.
      """
    ]
  }

  /// The items whose interval leaves out zero, and how many would by chance.
  private static func items(_ shares: [ChangedNumber], _ level: Double) -> [Sentence] {
    let compared = shares.filter { $0.level == "item" && $0.difference?.lower != nil }
    guard !compared.isEmpty else { return [] }
    let clear = compared.filter { $0.difference?.isClear == true }.enumerated().sorted {
      let (a, b) = (
        abs($0.element.difference?.value ?? 0), abs($1.element.difference?.value ?? 0)
      )
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    guard !clear.isEmpty else {
      return ["No rate of \(.items(compared.count, as: "items_compared")) changed clearly."]
    }
    let chance = Int(((1 - level) * Double(compared.count)).rounded())
    let expected: Sentence =
      chance == 0
      ? ", where fewer than one would by chance if nothing had changed"
      : ", where about \(.count("items_by_chance", chance)) would by chance if nothing had changed"
    let labels = clear.prefix(5).map { "\(name: $0.label)" as Sentence }
    let further: Sentence = clear.count > 5 ? " and others" : ""
    return [
      """
      Of \(.items(compared.count, as: "items_compared")) \(.count("items_changed", clear.count)) changed \
      clearly in rate (\(Sentence.list(labels))\(further))\(expected).
      """
    ]
  }

  /// The numbers that let one conclude something else than before.
  private static func conclusions(_ numbers: [ChangedNumber]) -> [Sentence] {
    let flagged = numbers.filter(\.changesConclusion)
    guard !flagged.isEmpty else { return [] }
    let labels = flagged.prefix(5).map { number -> Sentence in
      """
      \(name: number.label) (\(name: number.oldConclusion ?? "") before, \
      \(name: number.newConclusion ?? "") now)
      """
    }
    let further: Sentence = flagged.count > 5 ? " and others" : ""
    return [
      """
      \(.number("conclusions_changed", flagged.count, of: "conclusion", "conclusions")) \
      changed: \(Sentence.list(labels))\(further).
      """
    ]
  }
}

/// The numbers of an earlier and of this report side by side.
private struct Comparison {
  let change: CorpusChange
  /// The analysis of the earlier report's answers by the definitions of this one.
  let old: ReportAnalysis
  /// Rates, tiers, patterns and gaps.
  let shares: [ChangedNumber]
  /// The distribution of scores in percent.
  let scores: [ChangedNumber]
  /// Papers, items and answers.
  let counts: Table

  init(_ analysis: ReportAnalysis, _ earlier: EarlierReport) async throws {
    let input = analysis.input
    let matrix = analysis.matrix
    let known = input.patterns?.resolved(in: matrix.variables).known ?? []
    let patterns = NamedPatterns(patterns: known).resolved(in: earlier.matrix.variables).known
    let pairs = input.pairs?.pairs ?? []
    let settings = input.settings
    let old: ReportAnalysis
    let change: CorpusChange
    do {
      var before = input
      before.matrix = earlier.matrix.withModules(of: matrix)
      before.earlier = nil
      old = try await ReportAnalysis(before)
      change = try await Changes(
        level: settings.level, tiers: settings.tiers, patterns: patterns,
        pairs: pairs.map { Pairs.Pair($0.visible, $0.invisible) },
        targets: { ReportAnalysis.targets(of: $0) }
      ).estimate(
        from: earlier.matrix, to: matrix, design: input.design,
        run: Run(
          seed: settings.seed, replicates: settings.replicates, scheme: settings.scheme,
          jobs: settings.jobs))
    } catch let error as CancellationError {
      throw error
    } catch {
      throw SectionSkipped(
        "the numbers of the earlier report cannot be made anew from its answers: \(error)")
    }
    self.change = change
    self.old = old
    let before = Dictionary(
      old.rates.map { ($0.target.columnName, $0.asEstimate) }, uniquingKeysWith: { $1 })
    var shares = analysis.rates.map { rate in
      let name = rate.target.columnName
      return ChangedNumber(
        level: rate.target.level.rawValue, label: analysis.label(of: rate.target), term: name,
        kind: .share, old: before[name], published: earlier.rates[name], new: rate.asEstimate,
        difference: change.differences[name])
    }
    let prevalence = try await analysis.rates(of: try matrix.answers(to: patterns))
    let previous = try await old.rates(of: try old.matrix.answers(to: patterns))
    shares += zip(patterns, zip(previous, prevalence)).map { pattern, rates in
      let name = rates.1.target.columnName
      return ChangedNumber(
        level: "pattern", label: pattern.label, term: name, kind: .share,
        old: rates.0.asEstimate, published: earlier.patterns[name], new: rates.1.asEstimate,
        difference: change.differences[name])
    }
    shares += Self.gaps(pairs, change, earlier, analysis, old)
    let distribution = Self.distribution(change, earlier, analysis, old)
    self.shares = shares + distribution.filter { $0.kind == .share }
    scores = distribution.filter { $0.kind != .share }
    counts = Self.counts(earlier.matrix, matrix)
  }

  /// The gap of each pair of a visible and an invisible item.
  private static func gaps(
    _ pairs: [ItemPairs.Pair], _ change: CorpusChange, _ earlier: EarlierReport,
    _ analysis: ReportAnalysis, _ old: ReportAnalysis
  ) -> [ChangedNumber] {
    func gap(_ pair: ItemPairs.Pair, _ analysis: ReportAnalysis) -> PairDifference? {
      let positions = [pair.visible, pair.invisible].compactMap { name in
        analysis.rates.firstIndex { $0.target.level == .item && $0.target.columnName == name }
      }
      return positions.count == 2 ? analysis.pair(positions[0], positions[1]) : nil
    }
    return zip(pairs, change.pairs).compactMap { pair, found in
      guard let found, found.new != nil, let now = gap(pair, analysis) else { return nil }
      let name = EarlierReport.pairKey(visible: pair.visible, invisible: pair.invisible)
      let labels = [pair.visible, pair.invisible].map { name in
        analysis.rates.first { $0.target.level == .item && $0.target.columnName == name }
          .map { analysis.label(of: $0.target) } ?? name
      }
      return ChangedNumber(
        level: "pair", label: labels.joined(separator: " against "), term: name, kind: .gap,
        old: gap(pair, old)?.difference, published: earlier.pairs[name],
        new: now.difference, difference: found.difference)
    }
  }

  /// The quantities of the distribution of scores, and the shares of the tiers.
  private static func distribution(
    _ change: CorpusChange, _ earlier: EarlierReport, _ analysis: ReportAnalysis,
    _ old: ReportAnalysis
  ) -> [ChangedNumber] {
    guard let table = analysis.distribution else { return [] }
    func number(_ table: Table, _ term: String) -> Estimate {
      let row = DistributionRow(table, term: term)
      return Estimate(
        row.estimate.isNaN ? nil : row.estimate, lower: row.lower, upper: row.upper)
    }
    let tiers = analysis.input.settings.tiers
    let terms = ScoreDistribution.summaryTerms + tiers.names.map { "share \($0)" }
    return zip(terms, change.scores).map { term, difference in
      let kind: ChangedNumber.Kind =
        term.hasPrefix("share ") ? .share : term == "sd" ? .plain : .score(tiers)
      return ChangedNumber(
        level: "score", label: labels[term] ?? "Papers with a score of \(term.dropFirst(6))",
        term: term, kind: kind, old: old.distribution.map { number($0, term) },
        published: earlier.scores[term], new: number(table, term), difference: difference)
    }
  }

  private static let labels = [
    "mean": "Mean score", "median": "Median score", "sd": "Standard deviation of the scores",
    "min": "Lowest score", "q25": "Lower quartile of the scores",
    "q75": "Upper quartile of the scores", "max": "Highest score",
  ]

  /// The sizes of the two states.
  private static func counts(_ old: BinaryMatrix, _ new: BinaryMatrix) -> Table {
    let counts = { (matrix: BinaryMatrix) -> [Int] in
      let answers = matrix.items.indices.reduce(0) { $0 + matrix.applies.count(column: $1) }
      return [matrix.papers.count, matrix.items.count, answers]
    }
    let (before, now) = (counts(old), counts(new))
    return Table(
      name: "changed-counts",
      columns: [
        Column("what", .text(["papers", "items", "answers that apply"])),
        Column("old", .integer(before)), Column("new", .integer(now)),
        Column("difference", .integer(zip(now, before).map { $0 - $1 })),
      ])
  }
}

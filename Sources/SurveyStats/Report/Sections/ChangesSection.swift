extension ReportSection {
  /// What changed since an earlier report.
  static let changes = ReportSection(id: "changes", title: "What changed") { analysis in
    guard let earlier = analysis.input.earlier else {
      throw SectionSkipped("no earlier report was given; name its folder with --compare")
    }
    let level = analysis.level
    let comparison = try await Comparison(analysis, earlier)
    let change = comparison.change
    let shares = comparison.shares
    let scores = comparison.scores
    var sentences = [papers(change)]
    if let overall = analysis.overall, let old = earlier.rates["overall"]?.estimate,
      let difference = change.differences["overall"]
    {
      sentences.append(
        """
        The share of answers that are yes was \(.share("overall.old", old)) and is now \
        \(analysis.quoted(overall)); \(words: Self.verdict(difference)) \
        \(Sentence.difference("overall.difference", difference, level: level)).
        """)
    }
    if let mean = scores.first(where: { $0.term == "mean" }), let old = mean.old?.estimate,
      let new = mean.new.estimate, let difference = mean.difference
    {
      sentences.append(
        """
        The mean score was \(.number("mean.old", old)) and is now \
        \(Sentence.score(
          "mean", new, lower: mean.new.lower, upper: mean.new.upper, level: level)); \
        \(words: Self.verdict(difference)) \
        \(Sentence.scoreDifference("mean.difference", difference, level: level)).
        """)
    }
    sentences += [items(shares, level), conclusions(shares + scores)]
    let moved: [(String, String)] =
      change.added.map { ("added", $0) } + change.removed.map { ("removed", $0) }
      + change.rescanned.map { ("re-scanned", $0) }
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
            same. Marked are shares whose interval has moved from one side of one half to \
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
          caption: "Papers that were added, removed or re-scanned.", shownRows: 50),
      ])
  }

  private static func verdict(_ difference: RateDifference) -> String {
    if difference.isUnchanged { return "nothing changed, the difference is" }
    if difference.lower == nil {
      return "too few papers for an interval of the difference, which is"
    }
    return difference.isClear
      ? "it changed by" : "the data cannot tell a change from none, the difference is"
  }

  /// Papers that came, went, or were scanned anew.
  private static func papers(_ change: CorpusChange) -> Sentence {
    let added = Sentence.number(
      "papers_added", change.added.count, of: "paper was", "papers were")
    let removed = Fact.count("papers_removed", change.removed.count)
    guard change.shared > 0 else {
      return "\(added) added and \(removed) removed; the two reports share no paper."
    }
    let rescanned = change.rescanned.count
    return """
      \(added) added, \(removed) removed and \
      \(.count("papers_rescanned", rescanned)) of the \
      \(.number("papers_shared", change.shared, of: "shared one", "shared ones")) \
      \(words: rescanned == 1 ? "has" : "have") other answers than before.
      """
  }

  /// The items whose interval leaves out zero, and how many would by chance.
  private static func items(_ shares: [ChangedNumber], _ level: Double) -> Sentence {
    let compared = shares.filter { $0.level == "item" && $0.difference?.lower != nil }
    guard !compared.isEmpty else {
      return "The rate of \(.items(0, as: "items_changed")) changed."
    }
    let clear = compared.filter { $0.difference?.isClear == true }.enumerated().sorted {
      let (a, b) = (
        abs($0.element.difference?.estimate ?? 0), abs($1.element.difference?.estimate ?? 0)
      )
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    let chance = Int(((1 - level) * Double(compared.count)).rounded())
    let expected: Sentence =
      chance == 0
      ? ", where fewer than one would by chance if nothing had changed"
      : ", where about \(.count("items_by_chance", chance)) would by chance if nothing had changed"
    let labels = clear.prefix(5).map { "\(name: $0.label)" as Sentence }
    let further: Sentence = clear.count > 5 ? " and others" : ""
    let names: Sentence = labels.isEmpty ? "" : " (\(Sentence.list(labels))\(further))"
    return """
      The interval of the difference leaves out zero for \
      \(.count("items_changed", clear.count)) of \
      \(.items(compared.count, as: "items_compared"))\(names)\(expected).
      """
  }

  /// The numbers that let one conclude something else than before.
  private static func conclusions(_ numbers: [ChangedNumber]) -> Sentence {
    let flagged = numbers.filter(\.changesConclusion)
    let labels = flagged.prefix(5).map { number -> Sentence in
      """
      \(name: number.label) (\(name: number.oldConclusion ?? "") before, \
      \(name: number.newConclusion ?? "") now)
      """
    }
    let further: Sentence = flagged.count > 5 ? " and others" : ""
    let names: Sentence = labels.isEmpty ? "" : ": \(Sentence.list(labels))\(further)"
    return """
      \(.number("conclusions_changed", flagged.count, of: "conclusion", "conclusions")) \
      changed\(names).
      """
  }
}

/// The numbers of an earlier and of this report side by side.
private struct Comparison {
  let change: CorpusChange
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
    let change = try await CorpusChange(
      from: earlier.matrix, to: matrix, patterns: patterns, pairs: pairs, input: input)
    self.change = change
    var shares = analysis.rates.map { rate in
      let name = rate.target.columnName
      return ChangedNumber(
        level: rate.target.level.rawValue, label: analysis.label(of: rate.target), term: name,
        kind: .share, old: earlier.rates[name], new: rate.published,
        difference: change.differences[name])
    }
    let prevalence = try await analysis.rates(of: try matrix.answers(to: patterns))
    // A report of before patterns counted where all their parts apply is estimated anew.
    var before = earlier.patterns
    if !earlier.countsPatternsWhereAllApply, !patterns.isEmpty {
      let rates = try await analysis.rates(of: try earlier.matrix.answers(to: patterns))
      for rate in rates { before[rate.target.columnName] = rate.published }
    }
    shares += zip(patterns, prevalence).map { pattern, rate in
      let name = rate.target.columnName
      return ChangedNumber(
        level: "pattern", label: pattern.label, term: name, kind: .share,
        old: before[name], new: rate.published, difference: change.differences[name])
    }
    shares += Self.gaps(pairs, change, earlier, analysis)
    let distribution = Self.distribution(change, earlier, analysis)
    self.shares = shares + distribution.filter { $0.kind == .share }
    scores = distribution.filter { $0.kind != .share }
    counts = Self.counts(earlier.matrix, matrix)
  }

  /// The gap of each pair of a visible and an invisible item.
  private static func gaps(
    _ pairs: [ItemPairs.Pair], _ change: CorpusChange, _ earlier: EarlierReport,
    _ analysis: ReportAnalysis
  ) -> [ChangedNumber] {
    let position = { (name: String) in
      analysis.rates.firstIndex { $0.target.level == .item && $0.target.columnName == name }
    }
    return zip(pairs, change.pairs).compactMap { pair, gap in
      guard let gap, gap.new != nil, let visible = position(pair.visible),
        let invisible = position(pair.invisible)
      else { return nil }
      let now = analysis.difference(from: invisible, to: visible)
      let name = EarlierReport.pairKey(visible: pair.visible, invisible: pair.invisible)
      let labels = [visible, invisible].map { analysis.label(of: analysis.rates[$0].target) }
      return ChangedNumber(
        level: "pair", label: labels.joined(separator: " against "), term: name, kind: .gap,
        old: earlier.pairs[name],
        new: EarlierReport.Published(
          estimate: now.estimate, lower: now.lower, upper: now.upper),
        difference: gap.difference)
    }
  }

  /// The quantities of the distribution of scores, and the shares of the tiers.
  private static func distribution(
    _ change: CorpusChange, _ earlier: EarlierReport, _ analysis: ReportAnalysis
  ) -> [ChangedNumber] {
    guard let table = analysis.distribution else { return [] }
    let tiers = analysis.input.settings.tiers
    let terms = ScoreDistribution.summaryTerms + tiers.names.map { "share \($0)" }
    return zip(terms, change.scores).map { term, difference in
      let row = DistributionRow(table, term: term)
      let kind: ChangedNumber.Kind =
        term.hasPrefix("share ") ? .share : term == "sd" ? .plain : .score(tiers)
      return ChangedNumber(
        level: "score", label: labels[term] ?? "Papers with a score of \(term.dropFirst(6))",
        term: term, kind: kind, old: earlier.scores[term],
        new: EarlierReport.Published(
          estimate: row.estimate.isNaN ? nil : row.estimate, lower: row.lower, upper: row.upper),
        difference: difference)
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

extension Rate {
  /// The rate as a report publishes it.
  var published: EarlierReport.Published {
    EarlierReport.Published(estimate: estimate, lower: lower, upper: upper)
  }
}

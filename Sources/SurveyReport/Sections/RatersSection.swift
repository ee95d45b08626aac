import SurveyFigures
import SurveyStats

extension ReportSection {
  /// Whether raters agree on the papers that several of them scanned.
  static let raters = ReportSection(id: "raters", title: "Do raters agree?") { analysis in
    let agreement = try await ReportedAgreement(analysis)
    let level = analysis.level
    guard let states = agreement.overall(.states), let answers = agreement.overall(.answers)
    else { throw SectionSkipped("no item was put to a paper twice") }
    let labels = analysis.matrix.items.indices.map { analysis.label(ofItem: $0) }
    let ranked = labels.indices.filter { agreement.item(.answers, $0)?.value != nil }
      .sorted { left, right in
        let (a, b) = (
          agreement.item(.answers, left)?.value ?? 0, agreement.item(.answers, right)?.value ?? 0
        )
        return a == b ? left < right : a > b
      }
    let pairs = Sentence.number(
      "pairs_of_scans", agreement.pairCount, of: "pair of scans", "pairs of scans")
    let quote = { (row: AgreementRow, term: String) -> Sentence in
      Sentence.estimate(
        term, row.estimate.value ?? .nan, lower: row.estimate.lower, upper: row.estimate.upper,
        level: level, n: row.cellCount, unit: " cells")
    }
    var sentences: [Sentence] = [
      """
      \(.number(
        "papers_scanned_again", agreement.paperCount, of: "paper was", "papers were")) \
      scanned more than once, in \(pairs). In the mean over items, yes, no and does not apply are the \
      same in \(quote(states, "same_state")); where an item applies in both \
      scans, the answers are the same in \(quote(answers, "same_answer")).
      """
    ]
    if let kappa = agreement.coefficient(.kappa), kappa.estimate.value != nil {
      let pooled = agreement.coefficient(.pooledKappa)
      sentences.append(
        """
        Beyond what the rates of yes would give by chance, that is a kappa of \
        \(Self.quoted(kappa, as: "kappa", level: level)), the mean over items\
        \(pooled?.estimate.value == nil ? "" : """
          ; of the cells of all items together it is \
          \(pooled.map { Self.quoted($0, as: "pooled_kappa", level: level) } ?? "")
          """).
        """)
    }
    if let best = ranked.first, let worst = ranked.last, ranked.count > 1,
      let high = agreement.row(.answers, .agreement, item: best),
      let low = agreement.row(.answers, .agreement, item: worst)
    {
      sentences.append(
        """
        Answers agree most on \(name: labels[best]), \
        \(quote(high, "agreement:\(high.term)")), and least on \
        \(name: labels[worst]), \(quote(low, "agreement:\(low.term)")).
        """)
    }
    return Section(
      id: "raters", title: "Do raters agree?", sentences: sentences,
      figures: ranked.count < 2
        ? []
        : [
          Figure(
            id: "raters", title: "How often two scans agree",
            caption: """
              Share of pairs of scans of the same paper with the same answer, where the item \
              applies in both, with \(.level(level)) intervals. n = \(pairs).
              """,
            alternativeText: """
              Ranked intervals, from \(name: labels[ranked[0]]) down to \
              \(name: labels[ranked[ranked.count - 1]]).
              """,
            source: "raters",
            specification: IntervalPlot(
              rows: ranked.compactMap { index in
                agreement.row(.answers, .agreement, item: index).map {
                  EstimateRow(
                    label: labels[index], estimate: $0.estimate.value ?? 0,
                    lower: $0.estimate.lower, upper: $0.estimate.upper, count: $0.cellCount)
                }
              }, axisTitle: "Share of pairs that agree"
            ).specification)
        ],
      tables: [
        SectionTable(
          agreement.table(order: ranked, labels: labels, level: level),
          caption: """
            Agreement of scans of the same paper: of the answers where an item applies in \
            both, and of yes, no and does not apply where it was put in both; that of all items is \
            the mean over items.
            """, shownRows: 300)
      ],
      paragraphs: [
        """
        Raters that agree can be wrong together; the share of equal answers and kappa say how \
        stable the answers are, not how true.
        """
      ],
      methods: [
        """
        Scans of one paper are compared cell by cell, item by item; kappa takes away the agreement \
        that the rates of yes would give by chance. Papers are the sampling units; limits are Wilson's \
        with the effective number of papers.
        """
      ],
      references: [
        "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and "
          + "Psychological Measurement 20, 37–46."
      ])
  }

  /// A coefficient in prose, with its interval.
  private static func quoted(_ row: AgreementRow, as term: String, level: Double) -> Sentence {
    let value = Sentence("\(.number(term, row.estimate.value ?? .nan, digits: 2))")
    guard let lower = row.estimate.lower, let upper = row.estimate.upper else { return value }
    return """
      \(value) (\(.level(level)) interval \
      \(.number("\(term).conf_low", lower, digits: 2)) to \
      \(.number("\(term).conf_high", upper, digits: 2)))
      """
  }
}

/// The agreement of the raters of a report, as it is told.
private struct ReportedAgreement {
  let pairCount: Int
  let paperCount: Int
  private let rows: [AgreementRow]
  private let items: [Item]

  init(_ analysis: ReportAnalysis) async throws {
    let settings = analysis.input.settings
    let matrix = analysis.matrix
    let plan = SamplingPlan(
      stratum: settings.stratum, cluster: settings.cluster,
      usesWeights: analysis.design.weights != nil)
    let question = Agreement(
      by: Ratings.Arrangement(of: matrix, isScanned: analysis.input.unit == .scan),
      levels: [.overall, .item], parts: [.states, .answers],
      coefficients: [.agreement, .kappa, .pooledKappa], level: settings.level)
    do {
      let result = try await Run(seed: settings.seed, jobs: settings.jobs)(
        question, of: Study(matrix, plan: plan))
      rows = result.rows
      items = matrix.items
      paperCount = result.ratings.papers.count
      pairCount = result.ratings.readingCounts.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    } catch is AgreementError {
      throw SectionSkipped(Self.reason(analysis.input))
    }
  }

  /// Why no paper is there twice.
  private static func reason(_ input: ReportInput) -> String {
    let others = input.otherScans
    if others > 0 {
      return "of each paper one scan is taken, and \(others) other "
        + "\(others == 1 ? "scan is" : "scans are") left out; `instrument: all` compares them"
    }
    let raters = Set(input.matrix.papers.compactMap(\.rater)).count
    return raters > 1
      ? "the papers have \(raters) raters, but no paper was scanned twice"
      : "no paper was scanned twice"
  }

  /// The agreement over all items.
  func overall(_ part: AgreementPart) -> AgreementRow? {
    rows.first {
      $0.level == .overall && $0.part == part && $0.coefficient == .agreement
        && $0.estimate.value != nil
    }
  }

  /// A coefficient of the answers of all items.
  func coefficient(_ coefficient: AgreementCoefficient) -> AgreementRow? {
    rows.first { $0.level == .overall && $0.part == .answers && $0.coefficient == coefficient }
  }

  /// The row of an item.
  func row(
    _ part: AgreementPart, _ coefficient: AgreementCoefficient, item: Int
  ) -> AgreementRow? {
    rows.first {
      $0.item == items[item].id && $0.part == part && $0.coefficient == coefficient
    }
  }

  /// The agreement on one item.
  func item(_ part: AgreementPart, _ index: Int) -> Estimate? {
    row(part, .agreement, item: index)?.estimate
  }

  /// The agreement on everything and on each item.
  func table(order: [Int], labels: [String], level: Double) -> Table {
    let answers = [overall(.answers)] + order.map { row(.answers, .agreement, item: $0) }
    let states = [overall(.states)] + order.map { row(.states, .agreement, item: $0) }
    let kappas = [coefficient(.kappa)] + order.map { row(.answers, .kappa, item: $0) }
    let pooled = [coefficient(.pooledKappa)] + order.map { _ in nil }
    func columns(
      _ rows: [AgreementRow?], _ name: String, low: String, high: String, style: Column.Style
    ) -> [Column] {
      [
        Column(name, .real(rows.map { $0?.estimate.value }), style: style),
        Column(low, .real(rows.map { $0?.estimate.lower }), style: .lowerLimit(of: name)),
        Column(high, .real(rows.map { $0?.estimate.upper }), style: .upperLimit(of: name)),
      ]
    }
    return Table(
      name: "raters",
      columns: [
        Column("label", .text(["All items"] + order.map { labels[$0] })),
        Column("n", .integer(answers.map { $0?.cellCount })),
      ]
        + columns(answers, "estimate", low: "conf_low", high: "conf_high", style: .share)
        + [
          Column("conf_level", .real(answers.map { _ in level })),
          Column("n_states", .integer(states.map { $0?.cellCount })),
        ]
        + columns(
          states, "same_state", low: "same_state_low", high: "same_state_high", style: .share)
        + columns(kappas, "kappa", low: "kappa_low", high: "kappa_high", style: .plain)
        + columns(
          pooled, "pooled_kappa", low: "pooled_kappa_low", high: "pooled_kappa_high",
          style: .plain)
        + [Column("note", .text(kappas.map { $0?.estimate.notes.text }))])
  }
}

extension ReportSection {
  /// Whether raters agree on the papers that several of them scanned.
  static let raters = ReportSection(id: "raters", title: "Do raters agree?") { analysis in
    let agreement = try await RaterAgreement(analysis)
    let level = analysis.level
    guard let states = agreement.overall(.states), let answers = agreement.overall(.answers)
    else { throw SectionSkipped("no item was put to a paper twice") }
    let labels = analysis.matrix.items.indices.map { analysis.label(ofItem: $0) }
    let ranked = labels.indices.filter { agreement.item(.answers, $0)?.estimate != nil }
      .sorted { left, right in
        let (a, b) = (
          agreement.item(.answers, left)?.estimate ?? 0,
          agreement.item(.answers, right)?.estimate ?? 0
        )
        return a == b ? left < right : a > b
      }
    let pairs = Sentence.number(
      "pairs_of_scans", agreement.pairCount, of: "pair of scans", "pairs of scans")
    var sentences: [Sentence] = [
      """
      \(.number(
        "papers_scanned_again", agreement.paperCount, of: "paper was", "papers were")) \
      scanned more than once, in \(pairs). Yes, no and does not apply are the same in \
      \(analysis.quoted(states, as: "same_state", unit: " cells")); where an item applies in both \
      scans, the answers are the same in \
      \(analysis.quoted(answers, as: "same_answer", unit: " cells")).
      """
    ]
    if let kappa = agreement.kappa {
      sentences.append(
        """
        Beyond what the two rates of yes would give by chance, that is a kappa of \
        \(kappa.sentence(level)).
        """)
    }
    if let best = ranked.first, let worst = ranked.last, ranked.count > 1,
      let high = agreement.item(.answers, best), let low = agreement.item(.answers, worst)
    {
      sentences.append(
        """
        Answers agree most on \(name: labels[best]), \
        \(analysis.quoted(high, as: "agreement:\(high.target.term)")), and least on \
        \(name: labels[worst]), \(analysis.quoted(low, as: "agreement:\(low.target.term)")).
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
              applies in both, with \(.level(level)) intervals; papers are resampled whole. \
              n = \(pairs).
              """,
            alternativeText: """
              Ranked intervals, from \(name: labels[ranked[0]]) down to \
              \(name: labels[ranked[ranked.count - 1]]).
              """,
            source: "raters",
            specification: IntervalPlot(
              rows: ranked.compactMap { index in
                agreement.item(.answers, index).map {
                  EstimateRow(
                    label: labels[index], estimate: $0.estimate ?? 0, lower: $0.lower,
                    upper: $0.upper, count: $0.applicableCount)
                }
              }, axisTitle: "Share of pairs that agree"
            ).specification)
        ],
      tables: [
        SectionTable(
          agreement.table(order: ranked, labels: labels, level: level),
          caption: """
            Agreement of two scans of the same paper: of the answers where an item applies in \
            both, and of yes, no and does not apply where it was put in both.
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
        Two scans of one paper are compared cell by cell; kappa takes away the agreement that the \
        two rates of yes would give by chance. Pairs of scans of one paper are drawn together.
        """
      ],
      references: [
        "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and "
          + "Psychological Measurement 20, 37–46."
      ])
  }
}

/// How often two scans of the same paper say the same.
private struct RaterAgreement {
  /// What is compared.
  enum Kind: Int {
    /// The answers, where the item applies in both scans.
    case answers
    /// Yes, no and does not apply, where the item was put in both scans.
    case states
  }

  /// Cohen's kappa with its interval.
  struct Kappa {
    let estimate: Double
    let lower: Double?
    let upper: Double?

    func sentence(_ level: Double) -> Sentence {
      guard let lower, let upper else { return "\(.number("kappa", estimate, digits: 2))" }
      return """
        \(.number("kappa", estimate, digits: 2)) (\(.level(level)) interval \
        \(.number("kappa.conf_low", lower, digits: 2)) to \
        \(.number("kappa.conf_high", upper, digits: 2)))
        """
    }
  }

  let pairCount: Int
  let paperCount: Int
  let kappa: Kappa?
  private let rates: [Rate]
  private let itemCount: Int

  init(_ analysis: ReportAnalysis) async throws {
    let matrix = analysis.matrix
    var rowsOfPaper: [String: [Int]] = [:]
    for (row, paper) in matrix.papers.enumerated() {
      rowsOfPaper[paper.slug, default: []].append(row)
    }
    let repeated = rowsOfPaper.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
    guard !repeated.isEmpty else {
      throw SectionSkipped(Self.reason(analysis.input))
    }
    let pairs = repeated.flatMap { entry in
      entry.value.indices.flatMap { second in
        (0..<second).map { (entry.key, entry.value[$0], entry.value[second]) }
      }
    }
    pairCount = pairs.count
    paperCount = repeated.count
    let count = matrix.items.count
    itemCount = count
    let compared = BinaryMatrix(
      papers: pairs.map { Paper(slug: $0.0) },
      items: (0..<4).flatMap { part in
        matrix.items.map { Item(id: ItemID(category: "\(part)", name: $0.id.description)) }
      }
    ) { pair, column in
      let first = matrix[pairs[pair].1, column % count]
      let second = matrix[pairs[pair].2, column % count]
      let apply = [first, second].allSatisfy { $0 == .yes || $0 == .no }
      switch column / count {
      case 1:
        if first == .absent || second == .absent { return .absent }
        return first == second ? .yes : .no
      case 0: return apply ? (first == second ? .yes : .no) : .notApplicable
      case 2: return apply ? first : .notApplicable
      default: return apply ? second : .notApplicable
      }
    }
    let settings = analysis.input.settings
    let design = try SamplingDesign(paperCount: pairs.count, clusters: pairs.map(\.0))
    let targets = RateTarget.all(in: compared, levels: [.item, .category])
    let result = try await RateEstimator(
      level: settings.level,
      bootstrap: Bootstrap(
        design: design, scheme: settings.scheme, replicates: settings.replicates,
        seed: settings.seed, jobs: settings.jobs)
    )(compared, targets: targets, drawsReplicates: true)
    rates = result.rates
    kappa = result.sample.flatMap {
      Self.kappa($0, first: 4 * count, level: settings.level)
    }
  }

  /// Why no paper is there twice.
  private static func reason(_ input: ReportInput) -> String {
    let others = input.otherScans
    if others > 0 {
      return "of each paper one scan is taken, and \(others) other "
        + "\(others == 1 ? "scan is" : "scans are") left out; --instrument all compares them"
    }
    let raters = Set(input.matrix.papers.compactMap(\.rater)).count
    return raters > 1
      ? "the papers have \(raters) raters, but no paper was scanned twice"
      : "no paper was scanned twice"
  }

  /// The rate of agreement over all items.
  func overall(_ kind: Kind) -> Rate? {
    let rate = rates[4 * itemCount + kind.rawValue]
    return rate.estimate == nil ? nil : rate
  }

  /// The rate of agreement on one item.
  func item(_ kind: Kind, _ index: Int) -> Rate? { rates[kind.rawValue * itemCount + index] }

  /// Cohen's kappa over all items, `(a − e) / (1 − e)` with the agreement a and that by chance e,
  /// and percentile limits.
  ///
  /// The columns are the agreement, that of states, and the two rates of yes.
  private static func kappa(_ sample: BootstrapSample, first: Int, level: Double) -> Kappa? {
    func kappa(_ agreement: Double, _ one: Double, _ other: Double) -> Double {
      let chance = one * other + (1 - one) * (1 - other)
      return chance < 1 ? (agreement - chance) / (1 - chance) : .nan
    }
    let estimate = kappa(
      sample.original[first], sample.original[first + 2], sample.original[first + 3])
    guard !estimate.isNaN else { return nil }
    let (agreement, one, other) = (
      sample.values(of: first), sample.values(of: first + 2), sample.values(of: first + 3)
    )
    let replicates = agreement.indices.map { kappa(agreement[$0], one[$0], other[$0]) }
    let limits = try? BootstrapInterval.percentile.limits(
      estimate: estimate, replicates: replicates, level: level)
    return Kappa(estimate: estimate, lower: limits?.lower, upper: limits?.upper)
  }

  /// The agreement on everything and on each item.
  func table(order: [Int], labels: [String], level: Double) -> Table {
    let answers = [overall(.answers)] + order.map { item(.answers, $0) }
    let states = [overall(.states)] + order.map { item(.states, $0) }
    return Table(
      name: "raters",
      columns: [
        Column("label", .text(["All items"] + order.map { labels[$0] })),
        Column("n", .integer(answers.map { $0?.applicableCount })),
        Column("estimate", .real(answers.map { $0?.estimate }), style: .share),
        Column("conf_low", .real(answers.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(answers.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(answers.map { _ in level })),
        Column("n_states", .integer(states.map { $0?.applicableCount })),
        Column("same_state", .real(states.map { $0?.estimate }), style: .share),
        Column(
          "same_state_low", .real(states.map { $0?.lower }), style: .lowerLimit(of: "same_state")),
        Column(
          "same_state_high", .real(states.map { $0?.upper }), style: .upperLimit(of: "same_state")),
        Column("kappa", .real([kappa?.estimate] + order.map { _ in nil })),
        Column(
          "kappa_low", .real([kappa?.lower] + order.map { _ in nil }),
          style: .lowerLimit(of: "kappa")),
        Column(
          "kappa_high", .real([kappa?.upper] + order.map { _ in nil }),
          style: .upperLimit(of: "kappa")),
      ])
  }
}

import SurveyFigures
public import SurveyStats

extension ReportSection {
  /// What a better rater would have found, beside what the rater found.
  static let corrected = ReportSection(
    id: "corrected", title: "What would the rates be without the rater's errors?"
  ) { analysis in
    guard let correction = analysis.input.correction else {
      throw SectionSkipped("no better rater was given; name one with `correct:`")
    }
    let level = analysis.level
    let rows = try await Run(seed: analysis.input.settings.seed)(
      correction.question(level: level), of: Study(correction.matrix, plan: analysis.input.plan))
    guard let overall = rows.last, overall.estimate.value != nil else {
      throw SectionSkipped("nothing that the better rater has answered applies")
    }
    let better = correction.better
    func quoted(_ row: CorrectedRate, _ term: String) -> Sentence {
      .estimate(
        term, row.estimate.value ?? .nan, lower: row.estimate.lower, upper: row.estimate.upper,
        level: level, n: row.reansweredCount, unit: " papers re-answered")
    }
    let items = rows.filter { $0.target.level == .item && $0.estimate.value != nil }
    let ranked = items.sorted {
      ($0.estimate.value ?? 0, $1.target.columnName) > (
        $1.estimate.value ?? 0, $0.target.columnName
      )
    }
    let names = Dictionary(
      analysis.matrix.items.indices.map {
        (analysis.matrix.items[$0].id, analysis.label(ofItem: $0))
      }, uniquingKeysWith: { first, _ in first })
    func label(_ row: CorrectedRate) -> String {
      names[correction.matrix.items[row.target.items[0]].id] ?? row.target.term
    }
    func change(_ row: CorrectedRate) -> Double {
      abs((row.estimate.value ?? 0) - (row.naive.estimate ?? 0))
    }
    var sentences: [Sentence] = [
      """
      Corrected for the rater's errors by \(name: better), who has answered \
      \(.papers(overall.reansweredCount, as: "re-answered")) again, \
      \(quoted(overall, "overall.corrected")) of the answers are yes; as the rater has \
      answered them it is \(.share("overall.naive", overall.naive.estimate ?? .nan)).
      """
    ]
    if let most = items.max(by: { change($0) < change($1) }), change(most) > 0 {
      sentences.append(
        """
        The item that the correction changes most is \(name: label(most)): \
        \(.share("most.naive", most.naive.estimate ?? .nan)) by the rater, \
        \(quoted(most, "most.corrected")) corrected.
        """)
    }
    let moved = items.count { row in
      guard let low = row.estimate.lower, let high = row.estimate.upper,
        let naive = row.naive.estimate
      else { return false }
      return naive < low || naive > high
    }
    sentences.append(
      """
      Of \(.items(items.count, as: "corrected-items")) \(.count("items-outside", moved)) have a rate \
      by the rater that lies outside of the interval of the corrected one.
      """)
    let prior = items.count { $0.estimate.notes.contains { $0.code == "prior-speaks" } }
    if prior > 0 {
      sentences.append(
        """
        Of \(.items(prior, as: "items-prior")) some answer of the rater was never answered again, so \
        that a prior says what it means.
        """)
    }
    func row(_ label: String, _ rate: Double?, _ low: Double?, _ high: Double?, _ count: Int)
      -> EstimateRow
    {
      EstimateRow(label: label, estimate: rate ?? 0, lower: low, upper: high, count: count)
    }
    let double = CorrectionMethod.doubleSampling
    return Section(
      id: "corrected", title: "What would the rates be without the rater's errors?",
      sentences: sentences,
      figures: ranked.isEmpty
        ? []
        : [
          Figure(
            id: "corrected", title: "Rates by the rater, and corrected",
            caption: """
              Rates by the rater alone, and below them as \(name: better) would have found them, with \
              \(.level(level)) intervals.
              """,
            alternativeText: """
              Pairs of intervals, from \(name: label(ranked[0])) down to \
              \(name: label(ranked[ranked.count - 1])).
              """,
            source: "corrected-rates",
            specification: PairPlot(
              rows: ranked.map { item in
                PairPlot.Row(
                  first: row(
                    label(item), item.naive.estimate, item.naive.lower, item.naive.upper,
                    item.naive.applicableCount),
                  second: row(
                    "corrected", item.estimate.value, item.estimate.lower, item.estimate.upper,
                    item.reansweredCount))
              }, firstName: "by the rater", secondName: "corrected"
            ).specification)
        ],
      tables: [
        SectionTable(
          Table(
            corrected: [GroupResult(group: nil, result: rows)], by: nil, better: better,
            betterError: nil),
          caption: """
            Rates as \(name: better) would have found them in all papers; naive: by the rater alone, \
            gold: by \(name: better) alone.
            """, shownRows: 300)
      ],
      paragraphs: [
        """
        \(name: better) is not truth: its own errors stay in the corrected rates. If it gets at most \
        \(.share("better-error", 0.02, digits: 0)) of the true yes wrong, and of the true no, the interval \
        of everything reaches at worst from \
        \(.share("overall.band_low", overall.band(betterError: 0.02)?.lowerBound ?? .nan)) to \
        \(.share("overall.band_high", overall.band(betterError: 0.02)?.upperBound ?? .nan)).
        """
      ],
      methods: [
        correction.method != double
          ? "Rates are corrected for the rater's errors (\(name: correction.method.rawValue))."
          : """
          Rates are corrected for the rater's errors by double sampling with three states, yes, no and does not \
          apply (Tenenbein 1970): what the rater says is counted in all papers, what it means in those \
          that both have answered; limits are those of a posterior with reference priors.
          """
      ],
      references: [
        "Tenenbein, A. (1970). A double sampling scheme for estimating from binomial data with "
          + "misclassifications. Journal of the American Statistical Association 65, 1350–1361."
      ])
  }
}

/// The answers of a rater with those of a better one beside them.
public struct ReportCorrection: Sendable {
  /// The rows of both.
  public var matrix: BinaryMatrix
  /// The name of the better rater in its rows.
  public var better: String
  /// How rates are corrected.
  public var method: CorrectionMethod
  /// The column of the probabilities with which papers were re-answered.
  public var probability: String?

  /// Answers of two raters.
  public init(
    matrix: BinaryMatrix, better: String, method: CorrectionMethod = .doubleSampling,
    probability: String? = nil
  ) {
    self.matrix = matrix
    self.better = better
    self.method = method
    self.probability = probability
  }

  /// What is asked.
  func question(level: Double) -> CorrectedRates {
    CorrectedRates(better: better, method: method, level: level, probability: probability)
  }
}

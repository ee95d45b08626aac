extension ReportSection {
  /// How the share that passes settles with the number of papers.
  static let growth = ReportSection(id: "growth", title: "Is it stable?") { analysis in
    let order = GrowthOrder(analysis)
    let papers = order.rows
    guard papers.count >= 10 else {
      throw SectionSkipped("there are fewer than ten papers")
    }
    var steps: [(papers: Int, rate: Rate)] = []
    for part in 1...10 {
      let count = part == 10 ? papers.count : papers.count * part / 10
      let rate =
        part == 10
        ? analysis.overall : try await analysis.overallRate(ofPapers: papers.prefix(count).sorted())
      if let rate { steps.append((count, rate)) }
    }
    guard let last = steps.last, let lastEstimate = last.rate.estimate, steps.count > 1 else {
      throw SectionSkipped("nothing applies to the first papers")
    }
    let half = steps.first { $0.papers * 2 >= last.papers } ?? last
    let moved = RateDifferenceOfPart(half.rate, last.rate)
    let level = analysis.level
    var table = Table(rates: steps.map { (nil, [$0.rate]) }, by: nil, level: level)
    table.name = "growth"
    table.columns.removeAll { ["level", "category", "term", "n_papers"].contains($0.name) }
    table.columns.insert(Column("papers", .integer(steps.map(\.papers))), at: 0)
    table.columns.append(
      Column(
        "to_all", .real(steps.map { step in step.rate.estimate.map { lastEstimate - $0 } }),
        style: .points))
    return Section(
      id: "growth", title: "Is it stable?",
      sentences: [
        """
        \(words: order.first) \(.papers(half.papers, as: "half_papers")) \(words: order.ordinal)\
        \(analysis.quoted(half.rate, as: "half", unit: " answers")) of the answers are yes; \
        of all \(.papers(last.papers)) \
        \(analysis.quoted(last.rate, unit: " answers")). The \(words: order.rest) moved the \
        estimate by \(.points("moved", moved.points)) points, which \
        lies \(words: moved.isWithin ? "within" : "outside") the interval before.
        """
      ],
      figures: [
        Figure(
          id: "growth", title: order.title,
          caption: """
            Yes over applicable answers of the first papers \(order.words), with \
            \(.level(level)) intervals. n = \(.papers(last.papers)) at the end.
            """,
          alternativeText: """
            A line with a band that narrows from \(.papers(steps[0].papers, as: "first_step")), \
            where the rate is \(.share("first_step_rate", steps[0].rate.estimate ?? 0)), to \
            \(.papers(last.papers)), where it is \
            \(.share("overall", lastEstimate)).
            """,
          source: "growth",
          specification: BandPlot(
            points: steps.map {
              BandPlot.Point(
                position: Double($0.papers), estimate: $0.rate.estimate ?? 0, lower: $0.rate.lower,
                upper: $0.rate.upper)
            }, axisTitle: "Papers", showsYears: false
          ).specification)
      ],
      tables: [
        SectionTable(
          table,
          caption: """
            The share of answers that are yes among the first papers \(order.words), and how far \
            the other papers moved it.
            """)
      ])
  }
}

/// The order in which the papers of a corpus are counted.
private struct GrowthOrder {
  let rows: [Int]
  /// The column of the dates of the scans; `nil` when the order is drawn at random.
  private let column: String?
  private let seed: UInt64

  /// The metadata column that says when a paper was scanned, as text that sorts by time.
  private static let dateColumn = "scan_date"

  /// The order of the dates when every paper has one, else an order drawn by the seed.
  init(_ analysis: ReportAnalysis) {
    let papers = analysis.matrix.papers
    let dates = papers.compactMap { $0.covariates[Self.dateColumn] }.filter { !$0.isEmpty }
    seed = analysis.input.settings.seed
    if !papers.isEmpty, dates.count == papers.count {
      column = Self.dateColumn
      rows = papers.indices.sorted { (dates[$0], $0) < (dates[$1], $1) }
      return
    }
    column = nil
    var random = RandomStream(seed: seed, stream: 0x67_726f_7774_68)
    var order = Array(papers.indices)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, random.index(below: last + 1))
    }
    rows = order
  }

  var title: String {
    column == nil ? "The estimate for more and more papers" : "The estimate as papers were scanned"
  }
  /// Words before and after the number of papers of a part, up to what the part shows.
  var first: String { column == nil ? "Of" : "Of the first" }
  var ordinal: String { column == nil ? "drawn at random, " : "that were scanned, " }
  var rest: String { column == nil ? "other papers" : "later papers" }
  /// The order in words.
  var words: Sentence {
    if let column { return "in the order of their \(name: column)" }
    return "in an order drawn at random (seed \(name: String(seed)))"
  }
}

/// How far an estimate of all papers is from that of some of them.
private struct RateDifferenceOfPart {
  let points: Double
  let isWithin: Bool

  init(_ part: Rate, _ whole: Rate) {
    let (before, after) = (part.estimate ?? 0, whole.estimate ?? 0)
    points = after - before
    isWithin = (part.lower ?? 0) <= after && after <= (part.upper ?? 1)
  }
}

import SurveyFigures
import SurveyStats

extension ReportSection {
  /// How the share that passes settles with the number of papers.
  static let growth = ReportSection(id: "growth", title: "Is it stable?") { analysis in
    guard analysis.matrix.papers.count >= 10 else {
      throw SectionSkipped("there are fewer than ten papers")
    }
    let growth = try await analysis.run(Growth(level: analysis.level), of: analysis.study)
    let order = GrowthOrder(growth, seed: analysis.input.settings.seed)
    let steps = growth.steps
    guard let last = steps.last, let lastEstimate = last.rate.estimate, steps.count > 1 else {
      throw SectionSkipped("nothing applies to the first papers")
    }
    let half = steps.first { $0.papers * 2 >= last.papers } ?? last
    let moved = RateDifferenceOfPart(half.rate, last.rate)
    let level = analysis.level
    let mix: Sentence =
      last.rate.mix.map { mix -> Sentence in
        """
        , over the \(.items(mix.itemCount, as: "growth_items")) that apply from the first step on, with \
        the same weights throughout
        """
      } ?? ""
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
        \(words: order.first) \(analysis.readings(half.papers, as: "half_papers")) \(words: order.ordinal)\
        \(analysis.quoted(half.rate, as: "half")) of the answers are yes; \
        of all \(analysis.readings(last.papers)) \
        \(analysis.quoted(last.rate, as: last.rate.mix == nil ? nil : "growth_all"))\
        \(mix). The \(words: order.rest) moved the \
        estimate by \(.points("moved", moved.points)) points, \
        \(words: moved.isWithin ? "within" : "out of") the interval that it had.
        """
      ],
      figures: [
        Figure(
          id: "growth",
          title: moved.isWithin
            ? "The rate of all lies within the interval of the first \(NumberFormat.grouped(half.papers))"
            : "The rate of all lies outside the interval of the first \(NumberFormat.grouped(half.papers))",
          caption: """
            The estimate for more and more papers: yes over applicable answers of the first papers \(order.words), with \
            \(.level(level)) intervals. n = \(analysis.readings(last.papers)) at the end.
            """,
          alternativeText: """
            A line with a band that narrows from \(analysis.readings(steps[0].papers, as: "first_step")), \
            where the rate is \(.share("first_step_rate", steps[0].rate.estimate ?? 0)), to \
            \(analysis.readings(last.papers)), where it is \
            \(.share(last.rate.mix == nil ? "overall" : "growth_all", lastEstimate)).
            """,
          source: "growth",
          specification: BandPlot(
            points: steps.map {
              BandPlot.Point(
                position: Double($0.papers), estimate: $0.rate.estimate ?? 0, lower: $0.rate.lower,
                upper: $0.rate.upper)
            }, axisTitle: analysis.hasReadings ? "Readings" : "Papers", showsYears: false
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

/// The order in which the papers of a corpus are counted, in words.
private struct GrowthOrder {
  /// The column of the dates of the scans; `nil` when the order is drawn at random.
  private let column: String?
  private let seed: UInt64

  init(_ growth: Growth.Answer, seed: UInt64) {
    column = growth.column
    self.seed = seed
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

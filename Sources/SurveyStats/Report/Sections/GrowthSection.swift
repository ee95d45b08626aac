extension ReportSection {
  /// How the share that passes settles as papers come in.
  static let growth = ReportSection(id: "growth", title: "Is it stable?") { analysis in
    let positions = analysis.input.inputPositions
    let order = positions.indices.sorted { positions[$0] < positions[$1] }
    guard order.count >= 10 else {
      throw SectionSkipped("there are fewer than ten papers")
    }
    var steps: [(papers: Int, rate: Rate)] = []
    for part in 1...10 {
      let count = part == 10 ? order.count : order.count * part / 10
      let rate =
        part == 10
        ? analysis.overall : try await analysis.overallRate(ofPapers: order.prefix(count).sorted())
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
        style: .share))
    return Section(
      id: "growth", title: "Is it stable?",
      sentences: [
        """
        After the first \(.count("half_papers", half.papers)) papers \
        \(analysis.quoted(half.rate, as: "half", unit: " answers")) of the answers were yes; \
        with all \(.count("papers", last.papers)) it is \
        \(analysis.quoted(last.rate, unit: " answers")). The later papers moved the \
        estimate by \(.points("moved", moved.points)) points, which \
        lies \(words: moved.isWithin ? "within" : "outside") the earlier interval.
        """
      ],
      figures: [
        Figure(
          id: "growth", title: "The estimate as papers came in",
          caption: """
            Yes over applicable answers of the first papers in the order of the input, with \
            \(.level(level)) intervals. n = \(.count("papers", last.papers)) papers at the end.
            """,
          alternativeText: """
            A line with a band that narrows from \(.count("first_step", steps[0].papers)) papers, \
            where the rate is \(.share("first_step_rate", steps[0].rate.estimate ?? 0)), to \
            \(.count("papers", last.papers)) papers, where it is \
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
            The share of answers that are yes among the first papers, in the order of the input, \
            and how far the later papers moved it.
            """)
      ])
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

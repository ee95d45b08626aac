public import SurveyReport
import SurveyStats

extension ReportSection {
  /// How much the share that passes varies over venues, years and types, and what a further one would show.
  public static let variation = ReportSection(
    id: "variation", title: "How much does it vary?"
  ) { analysis in
    var parts: [Variation] = []
    for variable in ["venue", "year", "type"] {
      if let part = try await Variation(variable, analysis) { parts.append(part) }
    }
    guard let first = parts.first else {
      throw SectionSkipped("fewer than three venues, years or types have papers")
    }
    return Section(
      id: "variation", title: "How much does it vary?",
      sentences: parts.map { $0.sentence(analysis) },
      figures: [first.figure],
      tables: [
        SectionTable(
          Variation.table(parts, analysis),
          caption: """
            Rates pooled over venues, years and types, one row for everything and one for each item: the \
            rate of the middle one, and where that of a further one is expected.
            """, shownRows: 60)
      ],
      paragraphs: [
        """
        Venues, years and types are taken as some of many that might have been; what they share shows in \
        the pooled rate, what they do not in the width of the range for a further one. The range also holds \
        the uncertainty of both, so that it is wide where there are few.
        """
      ],
      methods: [
        """
        Rates over venues, years and types are pooled by a binomial likelihood with normal logits between \
        them; the range for a further one is that of its true rate.
        """
      ],
      references: [
        """
        Stijnen, Hamza & Özdemir (2010). Random effects meta-analysis of event outcome in the framework of \
        the generalized linear mixed model. Statistics in Medicine 29:3046.
        """
      ])
  }
}

/// The rates of the strata of a variable, pooled.
private struct Variation {
  let variable: String
  let overall: PooledStudies
  let items: [PooledStudies]
  let figure: Figure

  /// Pools the strata of a variable; `nil` where there are fewer than three, or one for almost every paper.
  init?(_ variable: String, _ analysis: ReportAnalysis) async throws {
    let matrix = analysis.matrix
    guard let groups = try? matrix.groups(of: variable), groups.count >= 3,
      groups.count * 2 <= matrix.papers.count
    else { return nil }
    let strata = try await analysis.findings(
      StratumRates(levels: [.item, .overall], over: [variable]))
    let pooling = Pooling(level: analysis.level)
    var pooled: [(row: PooledStudies, studies: StudyEffects)] = []
    for row in strata.rows {
      let known = row.counts.indices.filter { row.counts[$0] != nil }
      guard known.count >= 3 else { continue }
      let all = try StudyEffects(.logit, labels: strata.labels, counts: row.counts)
      let drawn = try StudyEffects(
        .logit, labels: known.map { strata.labels[$0] }, counts: known.map { row.counts[$0] })
      pooled.append((try pooling.estimate(all, term: row.term), drawn))
    }
    guard let overall = pooled.last(where: { $0.row.term == "overall" }),
      overall.row.estimate.value != nil
    else { return nil }
    self.variable = variable
    self.overall = overall.row
    items = pooled.map(\.row).filter { $0.term != "overall" }
    var figure = try StudyFigures(
      overall.studies, pooling: pooling, term: "Share that passes", studyWord: variable
    ).forest(order: variable == "year" ? .input : .effect)
    if let range = overall.row.prediction {
      let limits = [range.lower, range.upper].map { NumberFormat.percent($0, digits: 0) }
      figure.title = "A further \(variable) is expected between \(limits[0]) and \(limits[1])"
    }
    self.figure = Figure(
      id: "variation", title: figure.title, caption: figure.caption,
      alternativeText: figure.alternativeText, source: "variation",
      specification: figure.specification)
  }

  func sentence(_ analysis: ReportAnalysis) -> Sentence {
    let term = "variation_\(variable)"
    let count = overall.pooledCount
    let value = overall.estimate.value ?? 0
    var sentence: Sentence = """
      Over \(.number("\(term).k", count, of: variable, variable + "s")) the middle one passes \
      \(.share(term, value))
      """
    if let low = overall.estimate.lower, let high = overall.estimate.upper {
      sentence =
        sentence + """
           (\(.level(analysis.level)) interval \(.points("\(term).conf_low", low))–\
          \(.share("\(term).conf_high", high)))
          """
    }
    if let range = overall.prediction {
      sentence =
        sentence + """
          , and a further \(words: variable) is expected between \
          \(.share("\(term).predict_low", range.lower, digits: 0)) and \
          \(.share("\(term).predict_high", range.upper, digits: 0))
          """
    }
    let ranked = items.compactMap { item -> (item: PooledStudies, width: Double)? in
      guard item.pooledCount == count, let range = item.prediction else { return nil }
      return (item, range.upper - range.lower)
    }.enumerated().sorted {
      $0.element.width == $1.element.width
        ? $0.offset < $1.offset : $0.element.width > $1.element.width
    }.map(\.element.item)
    if let most = ranked.first, let least = ranked.last, ranked.count > 1 {
      sentence =
        sentence + """
          ; of single items \(named(most, term, analysis)) varies most and \
          \(named(least, term, analysis)) least
          """
    }
    return sentence + "."
  }

  private func named(
    _ item: PooledStudies, _ term: String, _ analysis: ReportAnalysis
  ) -> Sentence {
    let name = item.term ?? ""
    guard let range = item.prediction else { return "\(name: name)" }
    return """
      \(name: Self.label(name, analysis)) (a further one between \
      \(.share("\(term).\(name).predict_low", range.lower, digits: 0)) and \
      \(.share("\(term).\(name).predict_high", range.upper, digits: 0)))
      """
  }

  /// What an item is called.
  private static func label(_ term: String, _ analysis: ReportAnalysis) -> String {
    let items = analysis.matrix.items
    return items.indices.first { items[$0].id.description == term }
      .map { analysis.label(ofItem: $0) } ?? term
  }

  static func table(_ parts: [Variation], _ analysis: ReportAnalysis) -> Table {
    let rows = parts.flatMap { part in ([part.overall] + part.items).map { (part.variable, $0) } }
    var table = Table(meta: rows.map(\.1), termName: "term", level: analysis.level)
    table.name = "variation"
    for index in table.columns.indices
    where ["model", "method", "h2", "q_df", "q_p", "term", "tau2_low", "tau2_high"].contains(
      table.columns[index].name)
    {
      table.columns[index].isDetail = true
    }
    table.columns.insert(
      Column("label", .text(rows.map { label($0.1.term ?? "", analysis) })), at: 0)
    table.columns.insert(Column("variable", .text(rows.map(\.0))), at: 0)
    return table
  }
}

import SurveyStats

extension ReportSection {
  /// What is wrong with the data, and which items the instrument cannot tell apart.
  static let problems = ReportSection(id: "problems", title: "Problems of the data") { analysis in
    let problems = analysis.input.problems
    let matrix = analysis.matrix
    let columns = matrix.items.indices
    let never = columns.count { matrix.applies.count(column: $0) == 0 }
    let constant = columns.count { item in
      let (yes, applies) = (matrix.yes.count(column: item), matrix.applies.count(column: item))
      return applies > 0 && (yes == 0 || yes == applies)
    }
    let few = columns.count { matrix.applies.count(column: $0) < 30 }
    let leftOut = problems.count { $0.severity == .leftOut }
    var items = Table(itemsOf: matrix)
    items.name = "item-check"
    let losses: Sentence =
      leftOut == 0
      ? ""
      : "; for \(.count("problems_left_out", leftOut)) of them something had to be left out"
    let states = Sentence.some(
      never == 0
        ? nil : "\(.number("never_applicable", never, of: "applies", "apply")) to no paper",
      constant == 0
        ? nil
        : """
        \(.number("constant", constant, of: "has", "have")) the same answer wherever \
        \(words: constant == 1 ? "it applies" : "they apply")
        """,
      few == 0
        ? nil
        : """
        \(.number("few_papers", few, of: "applies", "apply")) to fewer than \
        \(.papers(30, as: "few_papers_limit"))
        """)
    var tables = [
      SectionTable(
        items,
        caption: """
          Items with the number of cells in each state; the note says what makes an item unfit \
          for some analyses. n = \(.papers(matrix.distinctPaperCount)).
          """, shownRows: 300)
    ]
    if !problems.isEmpty {
      tables.insert(
        SectionTable(
          Table(problems: problems),
          caption: "Everything wrong with the input, with place and remedy.", shownRows: 50),
        at: 0)
    }
    return Section(
      id: "problems", title: "Problems of the data",
      sentences: [
        problems.isEmpty
          ? "Nothing is wrong with the input."
          : """
          \(Sentence.number("problems", problems.count, of: "problem was", "problems were")) \
          found in the input\(losses).
          """
      ] + (states.isEmpty ? [] : ["Of \(.items(columns.count)), \(Sentence.list(states))."]),
      tables: tables)
  }
}

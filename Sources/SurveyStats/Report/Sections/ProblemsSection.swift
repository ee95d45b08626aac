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
    var tables = [
      SectionTable(
        items,
        caption: """
          Items with the number of cells in each state; the note says what makes an item unfit \
          for some analyses. n = \(.count("papers", matrix.papers.count)) papers.
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
          found in the input; in \(.count("problems_left_out", leftOut)) of them something had to be left out.
          """,
        """
        Of \(.count("items", columns.count)) items, \(.count("never_applicable", never)) apply to \
        no paper, \(.count("constant", constant)) have the same answer wherever they apply, and \
        \(.count("few_papers", few)) apply to fewer than \(.count("few_papers_limit", 30)) papers.
        """,
      ], tables: tables)
  }
}

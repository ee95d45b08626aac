import SurveyFigures
import SurveyStats

extension ReportSection {
  /// What was read: years, types, venues, versions, and what was left out.
  static let corpus = ReportSection(id: "corpus", title: "The papers") { analysis in
    let input = analysis.input
    let matrix = analysis.matrix
    let papers = matrix.papers
    let paperCount = matrix.distinctPaperCount
    var sentences = accounting(input)
    let years = papers.compactMap(\.year).sorted()
    if let first = years.first, let last = years.last {
      let unknown = papers.count - years.count
      let silence: Sentence =
        unknown == 0 ? "" : "; \(.count("no_year", unknown)) state no year"
      sentences.append(
        """
        The papers are of the years \(.label("first_year", first)) to \(.label("last_year", last))\(silence).
        """)
    }
    let cells = CellCounts(matrix, items: Array(matrix.items.indices))
    let states = Sentence.some(
      cells.yes == 0 ? nil : "\(.share("yes_cells", cells.share(\.yes))) are yes",
      cells.no == 0 ? nil : "\(.share("no_cells", cells.share(\.no))) are no",
      cells.notApplicable == 0
        ? nil : "\(.share("not_applicable_cells", cells.share(\.notApplicable))) do not apply",
      cells.absent == 0 ? nil : "\(.share("absent_cells", cells.share(\.absent))) were never asked")
    sentences.append(
      """
      Of \(.number("cells", cells.total, of: "cell", "cells")) of papers by items, \(Sentence.list(states)).
      """)
    let categories = RateTarget.all(in: matrix, levels: [.category])
    let rows =
      categories.isEmpty
      ? [("All items", cells)]
      : categories.map { (analysis.label(of: $0), CellCounts(matrix, items: $0.items)) }
    var summary = Table(
      summaryOf: matrix, files: (input.filesFound, input.filesRead), problems: input.problems)
    summary.name = "corpus"
    summary.insert(left: input)
    return Section(
      id: "corpus", title: "The papers", sentences: sentences,
      figures: [
        Figure(
          id: "cells",
          title: cells.absent * 2 > cells.total
            ? "\(Fact.share("", cells.share(\.absent), digits: 0).text) of the cells were never asked"
            : "\(Fact.share("", cells.share(\.yes), digits: 0).text) of the cells are yes",
          caption: """
            Cells by category: answered yes, answered no, item does not apply to the paper, or \
            never asked. n = \(.number("cells", cells.total, of: "cell", "cells")) of \
            \(.papers(paperCount)).
            """,
          alternativeText: """
            Stacked bars by category. Over all categories \
            \(.share("yes_cells", cells.share(\.yes))) of the cells are yes\
            \(cells.absent == 0 ? "" : " and \(.share("absent_cells", cells.share(\.absent))) were never asked").
            """,
          source: "cells",
          specification: MissingnessMap(
            rows: rows.map { label, cells in
              MissingnessMap.Row(
                label: label, yes: cells.yes, no: cells.no, notApplicable: cells.notApplicable,
                absent: cells.absent)
            }
          ).specification)
      ],
      tables: [
        SectionTable(summary, caption: "Files, papers, items and cells, and problems by kind."),
        SectionTable(
          groupSizes(of: matrix),
          caption: """
            Papers by year, type, venue, tag and version; a paper with several tags counts for \
            each. n = \(.papers(paperCount)).
            """, shownRows: 40),
        SectionTable(
          CellCounts.table([("All items", cells)] + rows.filter { $0.0 != "All items" }),
          caption: """
            Which share of the cells of all items and of each category is in each state. \
            n = \(.papers(paperCount)).
            """),
      ])
  }

  /// What became of the scans that were found, until the papers that are analysed.
  private static func accounting(_ input: ReportInput) -> [Sentence] {
    let isScan = input.unit == .scan
    let unreadable = input.filesFound - input.filesRead
    let found = Sentence.number(
      "files_found", input.filesFound, of: isScan ? "scan was" : "row was",
      isScan ? "scans were" : "rows were")
    let reading: Sentence =
      unreadable == 0
      ? "read" : "\(.count("files_left_out", unreadable)) of them could not be read"
    var steps: [Sentence] = []
    if input.otherScans > 0 {
      let others = [
        ("papers_of_other_version", input.otherVersionPapers, "version"),
        ("papers_of_other_rater", input.otherRaterPapers, "rater"),
      ].filter { $0.1 > 0 }.map { name, count, what -> Sentence in
        "another \(words: what) read \(.papers(count, as: name))"
      }
      steps.append(
        """
        \(.number("other_scans", input.otherScans, of: "is a further scan", "are further scans")) of \
        papers of which another was chosen\(others.isEmpty ? "" : " (\(Sentence.list(others)))")
        """)
    }
    if input.duplicates > 0 {
      steps.append(
        """
        \(.number("duplicates", input.duplicates, of: "is a paper", "are papers")) that the corpus has \
        under another name too
        """)
    }
    let dropped: [Sentence] = steps.isEmpty ? [] : ["Of these, \(Sentence.list(steps))."]
    let rows = input.matrix.papers.count
    let papers = input.matrix.distinctPaperCount
    let selected = input.papersBeforeSelection - rows
    let all: Sentence =
      rows == papers
      ? Sentence.number("papers", papers, of: "paper is", "papers are")
      : """
      \(.count("rows", rows)) \(words: isScan ? "scans" : "rows") of \
      \(.number("papers", papers, of: "paper", "papers")) are
      """
    guard selected > 0 else {
      return ["\(found) found and \(reading)."] + dropped + ["\(all) analysed."]
    }
    return ["\(found) found and \(reading)."] + dropped + [
      """
      That leaves \(.papers(input.papersBeforeSelection, as: "papers_before_selection")); the selection \
      (\(name: input.settings.selection.joined(separator: "; "))) leaves out \
      \(.count("papers_not_selected", selected)) of them, and \(all) analysed.
      """
    ]
  }

  /// The number of papers with each value of the metadata columns.
  private static func groupSizes(of matrix: BinaryMatrix) -> Table {
    var rows: [(column: String, value: String, count: Int)] = []
    for metadata in [MetadataColumn.year, .type, .tags, .version, .venue] {
      let column = metadata.rawValue
      guard let groups = try? matrix.groups(of: column) else { continue }
      let isOrdered = metadata == .year || metadata == .version
      let sorted =
        isOrdered
        ? groups
        : groups.enumerated().sorted { left, right in
          let (a, b) = (left.element.papers.count, right.element.papers.count)
          return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
      rows += sorted.map { (column, $0.name, $0.papers.count) }
      let unknown = matrix.papers.count { metadata.values(of: $0).isEmpty }
      if unknown > 0 { rows.append((column, "(not stated)", unknown)) }
    }
    return Table(
      name: "groups-of-papers",
      columns: [
        Column("column", .text(rows.map(\.column))), Column("value", .text(rows.map(\.value))),
        Column("n_papers", .integer(rows.map(\.count))),
      ])
  }
}

extension Table {
  /// Adds, to the summary of a corpus, labels in words and what was left out between files and papers.
  fileprivate mutating func insert(left input: ReportInput) {
    guard case .text(var parts)? = self["part"]?.values,
      case .text(var terms)? = self["term"]?.values,
      case .integer(var counts)? = self["count"]?.values,
      let place = parts.firstIndex(of: "papers")
    else { return }
    let rows = [
      ("other_scans", input.otherScans), ("under_another_name", input.duplicates),
      ("before_selection", input.papersBeforeSelection),
      ("not_selected", input.papersBeforeSelection - input.matrix.papers.count),
    ]
    parts.insert(contentsOf: ["files"] + rows.dropFirst().map { _ in "papers" }, at: place)
    terms.insert(contentsOf: rows.map(\.0), at: place)
    counts.insert(contentsOf: rows.map(\.1), at: place)
    columns = [
      Column("part", .text(parts)),
      Column("label", .text(terms.map { $0?.replacing("_", with: " ") })),
      Column("term", .text(terms), isDetail: true), Column("count", .integer(counts)),
    ]
  }
}

/// How many cells of some items are in each state.
struct CellCounts: Sendable, Equatable {
  let yes: Int
  let no: Int
  let notApplicable: Int
  let absent: Int

  init(_ matrix: BinaryMatrix, items: [Int]) {
    let count = { (plane: BitColumns) in items.reduce(0) { $0 + plane.count(column: $1) } }
    let (yes, applies, asked) = (count(matrix.yes), count(matrix.applies), count(matrix.asked))
    self.yes = yes
    no = applies - yes
    notApplicable = asked - applies
    absent = matrix.papers.count * items.count - asked
  }

  var total: Int { yes + no + notApplicable + absent }

  /// The share of the cells that are in a state.
  func share(_ state: KeyPath<CellCounts, Int>) -> Double {
    Double(self[keyPath: state]) / Double(max(1, total))
  }

  /// The numbers of cells with labels, as a table.
  static func table(_ rows: [(label: String, cells: CellCounts)]) -> Table {
    Table(
      name: "cells",
      columns: [
        Column("term", .text(rows.map(\.label))),
        Column("n_yes", .integer(rows.map(\.cells.yes)), isDetail: true),
        Column("n_no", .integer(rows.map(\.cells.no)), isDetail: true),
        Column("n_not_applicable", .integer(rows.map(\.cells.notApplicable)), isDetail: true),
        Column("n_absent", .integer(rows.map(\.cells.absent)), isDetail: true),
        Column("n_cells", .integer(rows.map(\.cells.total))),
        Column("yes", .real(rows.map { $0.cells.share(\.yes) }), style: .share),
        Column("no", .real(rows.map { $0.cells.share(\.no) }), style: .share),
        Column(
          "not_applicable", .real(rows.map { $0.cells.share(\.notApplicable) }), style: .share),
        Column("absent", .real(rows.map { $0.cells.share(\.absent) }), style: .share),
      ])
  }
}

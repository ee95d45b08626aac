extension Table {
  /// The items with what is known of them and how often each cell state occurs; the note says what
  /// makes an item unfit for some analyses.
  public init(itemsOf matrix: BinaryMatrix) {
    let items = matrix.items
    let yes = items.indices.map { matrix.yes.count(column: $0) }
    let applies = items.indices.map { matrix.applies.count(column: $0) }
    let asked = items.indices.map { matrix.asked.count(column: $0) }
    let notes = items.indices.map { item -> String? in
      var notes: [String] = []
      if let reason = matrix.unanswered(items: [item]) {
        notes.append(reason.rawValue)
      } else {
        if yes[item] == 0 { notes.append("all-no") }
        if yes[item] == applies[item] { notes.append("all-yes") }
        if applies[item] == asked[item], asked[item] > 0 { notes.append("always-applicable") }
        if applies[item] < 30 { notes.append("fewer-than-30-applicable") }
      }
      return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
    self.init(
      name: "items", caption: "Items with the number of cells in each state.",
      columns: [
        Column("category", .text(items.map { $0.id.category.isEmpty ? nil : $0.id.category })),
        Column("term", .text(items.map(\.id.name)), isDetail: true),
        Column("item", .text(items.map(\.id.description))),
        Column("label", .text(items.map(\.label))),
        Column("module", .text(items.map(\.module))),
        Column("n_yes", .integer(yes)),
        Column("n_no", .integer(zip(applies, yes).map { $0 - $1 })),
        Column("n_not_applicable", .integer(zip(asked, applies).map { $0 - $1 })),
        Column("n_absent", .integer(asked.map { matrix.papers.count - $0 })),
        Column("note", .text(notes)),
      ])
  }

  /// What is known of papers beyond the columns of the matrix.
  public init(covariatesOf matrix: BinaryMatrix) {
    let names = matrix.papers.covariateNames.sorted()
    var columns = [Column("paper", .text(matrix.papers.map(\.slug)))]
    for name in names {
      columns.append(
        Column(name, .text(matrix.papers.map { $0.covariates[name] }), isNamedByData: true))
    }
    self.init(name: "covariates", columns: columns)
  }

  /// The size of a corpus and the kinds of problems in it.
  public init(
    summaryOf matrix: BinaryMatrix, files: (found: Int, read: Int), problems: [ScanProblem],
    chosen: RowChoice.Rows? = nil
  ) {
    var rows: [(part: String, term: String, count: Int)] = [
      ("files", "found", files.found), ("files", "read", files.read),
      ("files", "left_out", files.found - files.read),
      ("papers", "analysed", matrix.distinctPaperCount),
    ]
    let versionPart = matrix.distinctPaperCount < matrix.papers.count ? "scans" : "papers"
    if versionPart == "scans" {
      rows.append(("scans", "analysed", matrix.papers.count))
    }
    if let chosen, chosen.otherVersionCount > 0 {
      rows.append(("papers", "of_other_version_too", chosen.otherVersionCount))
    }
    if let chosen, chosen.otherRaterCount > 0 {
      rows.append(("papers", "of_other_rater_too", chosen.otherRaterCount))
    }
    let versions = matrix.papers.compactMap(\.version)
    for version in Set(versions).sorted() {
      // Of several scans of one paper, each is of a version.
      rows.append((versionPart, "version \(version)", versions.count { $0 == version }))
    }
    let columns = matrix.items.indices
    let count = { (plane: BitColumns) in columns.reduce(0) { $0 + plane.count(column: $1) } }
    let (yes, applies, asked) = (count(matrix.yes), count(matrix.applies), count(matrix.asked))
    let unanswered = columns.map { matrix.unanswered(items: [$0]) }
    rows += [
      ("items", "all", matrix.items.count),
      ("items", "never_asked", unanswered.count { $0 == .neverAsked }),
      ("items", "never_applicable", unanswered.count { $0 == .neverApplicable }),
      (
        "items", "constant",
        columns.count { item in
          let (yes, applies) = (matrix.yes.count(column: item), matrix.applies.count(column: item))
          return applies > 0 && (yes == 0 || yes == applies)
        }
      ),
      ("cells", "yes", yes), ("cells", "no", applies - yes),
      ("cells", "not_applicable", asked - applies),
      ("cells", "absent", matrix.papers.count * columns.count - asked),
      (
        "cells", "contradictory",
        matrix.papers.reduce(0) { $0 + (Int($1.covariates["contradictory_answers"] ?? "") ?? 0) }
      ),
    ]
    for kind in ScanProblem.Kind.allCases {
      let count = problems.count { $0.kind == kind }
      if count > 0 { rows.append(("problems", kind.rawValue, count)) }
    }
    self.init(
      name: "summary", caption: "What the corpus holds, and what is wrong with it.",
      columns: [
        Column("part", .text(rows.map(\.part))), Column("term", .text(rows.map(\.term))),
        Column("count", .integer(rows.map(\.count))),
      ])
  }

  /// The problems of an input, one a row.
  public init(problems: [ScanProblem]) {
    self.init(
      name: "problems", caption: "Everything wrong with the input.",
      columns: [
        Column("file", .text(problems.map(\.file))), Column("place", .text(problems.map(\.place))),
        Column("kind", .text(problems.map(\.kind.rawValue))),
        Column("severity", .text(problems.map(\.severity.rawValue))),
        Column("message", .text(problems.map(\.message))),
        Column("remedy", .text(problems.map(\.remedy))),
      ])
  }
}

extension Table {
  /// The scores of every paper: metadata, counts, overall and category scores, composites, tier, and
  /// the further columns of the papers, numbers as numbers.
  ///
  /// A further column that is called like one of the others is `covariate_NAME`.
  public init(scores: PaperScores, of matrix: BinaryMatrix, tiers: Tiers) {
    let papers = matrix.papers
    var columns = [Column("paper", .text(papers.map(\.slug)))]
    for column in MetadataColumn.allCases where column != .arxivID && column != .doi {
      let name = column.rawValue
      let values = papers.map { paper -> String? in
        let values = column.values(of: paper)
        return values.isEmpty ? nil : values.joined(separator: ";")
      }
      guard values.contains(where: { $0 != nil }) else { continue }
      switch column {
      case .year: columns.append(Column(name, .integer(papers.map(\.year))))
      case .version: columns.append(Column(name, .integer(papers.map(\.version))))
      case .weight: columns.append(Column(name, .real(papers.map(\.weight))))
      default: columns.append(Column(name, .text(values)))
      }
    }
    columns.append(Column("n_applicable", .integer(scores.applicable.map { $0 })))
    columns.append(Column("n_yes", .integer(scores.passed.map { $0 })))
    for score in [scores.overall] + scores.categories + scores.composites {
      columns.append(Column(score.name, .real(score.values)))
    }
    columns.append(
      Column(
        "tier",
        .text(scores.overall.values.map { value in value.map { tiers.names[tiers.index(of: $0)] } })
      ))
    for name in Set(papers.flatMap(\.covariates.keys)).sorted() {
      let column = TypedColumn(papers.map { $0.covariates[name] })
      let isTaken = columns.contains { $0.name == name }
      let title = isTaken ? "covariate_\(name)" : name
      let numbers = column.numbers.compactMap { $0 }
      if column.kind == .number, numbers.allSatisfy({ Int(exactly: $0) != nil }) {
        let values = column.numbers.map { $0.flatMap { Int(exactly: $0) } }
        columns.append(Column(title, .integer(values), isDetail: true))
      } else if column.kind == .number {
        columns.append(Column(title, .real(column.numbers), isDetail: true))
      } else {
        columns.append(Column(title, .text(column.texts), isDetail: true))
      }
    }
    self.init(
      name: "papers", caption: "Scores in percent of the items that apply to each paper.",
      columns: columns)
  }
}

extension Table {
  /// The scores of every paper: metadata, counts, overall and category scores, composites, tier.
  public init(scores: PaperScores, of matrix: BinaryMatrix, tiers: Tiers) {
    let papers = matrix.papers
    var columns = [Column("paper", .text(papers.map(\.slug)))]
    for name in Paper.columnNames {
      let values = papers.map { paper -> String? in
        let values = paper.values(of: name)
        return values.isEmpty ? nil : values.joined(separator: ";")
      }
      guard values.contains(where: { $0 != nil }) else { continue }
      switch name {
      case "year": columns.append(Column(name, .integer(papers.map(\.year))))
      case "version": columns.append(Column(name, .integer(papers.map(\.version))))
      case "weight": columns.append(Column(name, .real(papers.map(\.weight))))
      default: columns.append(Column(name, .text(values)))
      }
    }
    columns.append(Column("n_applicable", .integer(scores.applicable.map { $0 })))
    columns.append(Column("n_yes", .integer(scores.passed.map { $0 })))
    columns.append(Column(scores.overall.name, .real(scores.overall.values)))
    for score in scores.categories + scores.composites {
      columns.append(Column(score.name, .real(score.values), isNamedByData: true))
    }
    columns.append(
      Column(
        "tier",
        .text(scores.overall.values.map { value in value.map { tiers.names[tiers.index(of: $0)] } })
      ))
    self.init(
      name: "papers", caption: "Scores in percent of the items that apply to each paper.",
      columns: columns)
  }
}

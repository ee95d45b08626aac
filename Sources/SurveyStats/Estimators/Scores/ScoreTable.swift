extension Table {
  /// The scores of every paper: metadata, counts, overall and category scores, composites, tier.
  ///
  /// A category may be called like another column, such as `year`; see ``namingColumnsOnce``.
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
    columns.append(Column(scores.overall.name, .real(scores.overall.values)))
    for score in scores.categories {
      columns.append(Column(score.name, .real(score.values), isNamedByData: true))
    }
    for score in scores.composites {
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

extension Table {
  /// The columns that an item response model adds to the scores of papers.
  static let responseColumns = ["composite_irt_std_error", "rigor_irt", "rigor_irt_std_error"]

  /// Adds the rigor of an item response model, with standard errors, before the tier.
  public mutating func add(_ fit: ItemResponseFit) {
    let place = columns.firstIndex { $0.name == "tier" } ?? columns.endIndex
    let values = [
      fit.expectedScores.map { $0?.standardError }, fit.abilities.map { $0?.estimate },
      fit.abilities.map { $0?.standardError },
    ]
    columns.insert(
      contentsOf: zip(Self.responseColumns, values).map { Column($0, .real($1)) }, at: place)
    notes.append(
      "composite_irt is the expected percent of all items at a paper's rigor (rigor_irt, mean of the "
        + "posterior); items that do not apply drop out of the likelihood.")
    notes += fit.warnings
  }
}

extension ItemResponseFit {
  /// The parameters of the items, one row an item, then the items left out.
  public func itemsTable() -> Table {
    let out = leftOut.map { _ in nil as Double? }
    func column(_ name: String, _ value: (Item) -> Double?) -> Column {
      Column(name, .real(items.map(value) + out))
    }
    return Table(
      name: "items",
      caption:
        "Item parameters of the \(kind == .onePL ? "1PL" : "2PL") over \(paperCount) papers; "
        + "outfit and infit compare answers with their prediction by the paper's other answers; they "
        + "are near 1 for items that fit.",
      columns: [
        Column("term", .text(names + leftOut.map(\.name))),
        Column("n", .integer(items.map(\.count) + leftOut.map(\.count))),
        column("discrimination") { $0.discrimination },
        column("discrimination_std_error") { $0.discriminationError },
        column("difficulty") { $0.difficulty },
        column("difficulty_std_error") { $0.difficultyError },
        column("intercept") { $0.intercept },
        column("intercept_std_error") { $0.interceptError },
        column("outfit") { $0.outfit },
        column("infit") { $0.infit },
        Column(
          "note",
          .text(
            items.map(\.note) + leftOut.map(\.reason.rawValue)
          )),
      ],
      notes: warnings + designNotes)
  }

  /// How the sampling of the papers enters.
  private var designNotes: [String] {
    guard let effectiveCount else { return [] }
    var notes: [String] = []
    if isWeighted {
      notes.append(
        "Papers count with their weights; n counts papers, whose weights are worth "
          + "\(NumberFormat.readable(effectiveCount)) equal ones.")
    }
    notes.append(
      "Standard errors are those of the sandwich over \(areClusters ? "clusters" : "papers").")
    if let few = EffectiveNumber.note(effectiveCount, areClusters: areClusters) {
      notes.append("\(few): standard errors are too small.")
    }
    return notes
  }

  /// The abilities of the papers fitted, one row a paper.
  public func abilitiesTable(papers: [Paper]) -> Table {
    precondition(papers.count == abilities.count, "not the papers fitted")
    return Table(
      name: "abilities",
      caption: "Abilities of papers: mean and standard deviation of the posterior (EAP).",
      columns: [
        Column("paper", .text(papers.map(\.slug))),
        Column("n_applicable", .integer(abilities.map { $0?.itemCount ?? 0 })),
        Column("estimate", .real(abilities.map { $0?.estimate })),
        Column("std_error", .real(abilities.map { $0?.standardError })),
        Column("note", .text(abilities.map { $0 == nil ? "no-answers" : nil })),
      ], notes: warnings)
  }

  /// The information and standard error of the test over a range of abilities.
  public func informationTable(abilities: [Double] = (-16...16).map { Double($0) / 4 }) -> Table {
    let information = abilities.map { testInformation(at: $0) }
    return Table(
      name: "test_information",
      caption: "Information of all items at each ability, without that of the prior.",
      columns: [
        Column("ability", .real(abilities)),
        Column("estimate", .real(information)),
        Column("std_error", .real(information.map { $0 > 0 ? 1 / $0.squareRoot() : nil })),
      ])
  }

  /// Log likelihood, information criteria and reliability, one row each.
  public func fitTable() -> Table {
    let pseudo: String? = isWeighted ? "pseudo-likelihood" : nil
    let rows: [(String, Double?, String?)] = [
      ("log_likelihood", logLikelihood, pseudo), ("parameters", Double(parameterCount), nil),
      ("aic", aic, pseudo), ("bic", bic, pseudo),
      (
        "empirical_reliability", empiricalReliability,
        empiricalReliability == nil ? "fewer-than-2-papers" : nil
      ),
    ]
    return Table(
      name: "fit", caption: "Fit of the \(kind == .onePL ? "1PL" : "2PL") to \(paperCount) papers.",
      columns: [
        Column("term", .text(rows.map(\.0))), Column("estimate", .real(rows.map(\.1))),
        Column("n", .integer(rows.map { _ in paperCount })),
        Column("note", .text(rows.map(\.2))),
      ], notes: warnings)
  }
}

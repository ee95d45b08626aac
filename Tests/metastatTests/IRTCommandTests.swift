import Testing

/// `irt` and `scores --composite irt` as a user meets them.
@Suite struct IRTCommandTests: StructureSuite {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func `the score of an item response model does not reward easy questions`() throws {
    // Two papers of one answer each among sixty: p1 passes an easy item, p2 a hard one.
    var rows = Self.plain(papers: 200).enumerated().map { index, row in
      index % 4 == 0
        ? ["1"] + row.dropFirst()
        : [row[0] == "1" || index % 3 == 0 ? "1" : "0"]
          + row.dropFirst(1).dropLast() + [index % 5 == 0 ? row[5] : "0"]
    }
    rows[0] = ["1", "NA", "NA", "NA", "NA", "NA"]
    rows[1] = ["NA", "NA", "NA", "NA", "NA", "1"]
    let run = try run("scores", rows, "--composite", "irt", "--table", "papers")
    #expect(run.exitCode == 0)
    let papers = records(run)
    let asked = ["p1", "p2"].compactMap { paper in papers.first { $0["paper"] == paper } }
    #expect(asked.map { $0["score"] } == ["100", "100"])
    let scores = asked.compactMap { $0["composite_irt"].flatMap(Double.init) }
    try #require(scores.count == 2)
    #expect(scores[0] < scores[1] && scores[1] < 100)
    for column in ["composite_irt_std_error", "rigor_irt", "rigor_irt_std_error"] {
      #expect(Double(asked[0][column] ?? "") != nil, "\(column)")
    }
    let distribution = try workspace.run(
      "scores", "matrix.csv", "--composite", "irt-1pl", "--replicates", "99")
    #expect(distribution.exitCode == 0)
    #expect(records(distribution).first?["score"] == "composite_irt")
    // Rigor is that of the irt command.
    let abilities = try workspace.run("irt", "matrix.csv", "--table", "abilities")
    #expect(records(abilities).map { $0["estimate"] } == papers.map { $0["rigor_irt"] })
    #expect(records(abilities).first { $0["paper"] == "p1" }?["n_applicable"] == "1")
  }

  @Test func `items of too few papers and constant ones are named with their n`() throws {
    let rows = Self.plain().enumerated().map { index, row in
      row + [index < 8 ? String(index % 2) : "NA", "1"]
    }
    let run = try run("irt", rows)
    let out = records(run).suffix(2).map { [$0["term"], $0["n"], $0["note"]] }
    #expect(out == [["i7", "8", "below-minimum-n"], ["i8", "60", "constant-item"]])
    #expect(value(try self.run("irt", rows, "--min-n", "8"), "i7", "intercept") != nil)
  }
}

import Testing

/// `correlate` as a user meets it.
@Suite struct CorrelateCommandTests: StructureSuite {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func `pairs of items say by which test, and how near phi is to its bound`() throws {
    let rows = [["1", "1"], ["0", "0"], ["1", "0"]].flatMap { Array(repeating: $0, count: 10) }
    let pair = try #require(records(try run("correlate", rows)).first)
    // Every paper that passes the second passes the first: no margins allow more.
    #expect(pair["estimate"] == "0.5" && pair["phi_over_max"] == "1")
    #expect(pair["test"] == "fisher")
    let larger = try run("correlate", rows + rows)
    #expect(records(larger).first?["test"] == "chi-square")
  }

  @Test func `a coefficient that is not symmetric has both directions in the wide table`() throws {
    let run = try run("correlate", Self.plain(), "--coefficient", "conditional", "--wide")
    #expect(run.exitCode == 0)
    #expect(value(run, "i1", "i2") != value(run, "i2", "i1"))
    #expect(run.rows.first == ["term", "i1", "i2", "i3", "i4", "i5", "i6"])
  }

  /// Six items that go together, and two that never meet the others.
  private var withLoners: [[String]] {
    Self.plain().enumerated().map { index, row in
      row + (index < 12 ? ["NA", "1"] : ["NA", "NA"])
    }
  }

  @Test func `text shows the pairs that have a coefficient, the largest first`() throws {
    let path = try matrix(withLoners)
    let table = try workspace.run("correlate", path)
    #expect(records(table).count == 28)
    let text = try workspace.run("correlate", path, "--format", "text")
    #expect(!text.output.contains("coefficient  ") && !text.output.contains("i7"))
    #expect(
      text.output.contains(
        "13 of 28 pairs have no coefficient (7 never-jointly-applicable, 6 constant-item)"))
    let sizes = records(table).compactMap { $0["estimate"].flatMap(Double.init) }.map(abs)
    let largest = try #require(sizes.max())
    let first = try #require(text.output.split(separator: "\n").dropFirst(3).first)
    #expect(first.contains(String(String(largest).prefix(5))))
  }

  @Test func `text of the wide table leaves out variables without a coefficient`() throws {
    let path = try matrix(withLoners)
    let text = try workspace.run("correlate", path, "--wide", "--format", "text")
    #expect(text.output.contains("Left out, because they have a coefficient with no other"))
    #expect(text.output.contains("i8.") && !text.output.contains("i7  "))
    #expect(try workspace.run("correlate", path, "--wide").rows.count == 9)
  }

  @Test func `a bootstrap without limits says why`() throws {
    // One paper passes both: a third of the replicates lose it, and the items do not vary in them.
    let rows = (0..<30).map { [$0 == 0 ? "1" : "0", $0 % 2 == 0 ? "1" : "0"] }
    let run = try run("correlate", rows, "--interval", "percentile", "--replicates", "199")
    let pair = try #require(records(run).first)
    #expect(pair["conf_low"] == "NA" && pair["std_error"] == "NA")
    #expect(pair["note"]?.hasPrefix("undefined-replicates: ") == true)
  }

  @Test func `one item has no pair`() throws {
    let run = try run("correlate", Self.plain().map { [$0[0]] })
    #expect(run.exitCode == 70 && run.errors.contains("a pair needs two variables, and there is 1"))
  }

  @Test func `items left out are named with what they copy`() throws {
    let run = try run(
      "correlate", Self.plain().map { $0 + [$0[1], $0[2] == "1" ? "0" : "1"] }, "--table",
      "left-out")
    let found = records(run).map { [$0["term"], $0["relation"], $0["with"], $0["n"]] }
    #expect(found == [["i8", "complementary", "i3", "60"], ["i7", "identical", "i2", "60"]])
  }

  @Test func `clusters join what excludes each other on request`() throws {
    let rows = Self.plain(items: 3).map { row in row + [row[0] == "1" ? "0" : "1"] }
    let heights = try ["signed", "absolute"].map { distance in
      records(try run("correlate", rows, "--table", "merges", "--distance", distance)).first?[
        "height"]
    }
    #expect(heights[1] == "0" && heights[0] != "0")
  }
}

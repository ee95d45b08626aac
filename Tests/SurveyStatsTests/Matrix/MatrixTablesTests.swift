import SurveyStats
import Testing

@Suite struct MatrixTablesTests {
  private let matrix = BinaryMatrix(
    text: ["11-.", "10-.", "1--0"],
    papers: [
      Paper(slug: "a", version: 2, covariates: ["points": "3", "contradictory_answers": "2"]),
      Paper(slug: "b", version: 3), Paper(slug: "c", version: 2, covariates: ["x": "y"]),
    ], items: ["c.i", "c.j", "d.k", "plain"])

  @Test func `items are counted by state, with what makes them unfit`() {
    let table = Table(itemsOf: matrix)
    #expect(
      table.columns.map(\.name) == [
        "category", "term", "item", "label", "module", "n_yes", "n_no", "n_not_applicable",
        "n_absent",
        "note",
      ])
    #expect(table["n_yes"]?.values == .integer([3, 1, 0, 0]))
    #expect(table["n_no"]?.values == .integer([0, 1, 0, 1]))
    #expect(table["n_not_applicable"]?.values == .integer([0, 1, 3, 0]))
    #expect(table["n_absent"]?.values == .integer([0, 0, 0, 2]))
    #expect(
      table["note"]?.values
        == .text([
          "all-yes; always-applicable; fewer-than-30-applicable", "fewer-than-30-applicable",
          "never-applicable", "all-no; always-applicable; fewer-than-30-applicable",
        ]))
  }

  @Test func `an item that was never asked is told from one that never applies`() {
    let table = Table(itemsOf: BinaryMatrix(text: ["1-.", "0-."]))
    #expect(
      table["note"]?.values
        == .text([
          "always-applicable; fewer-than-30-applicable", "never-applicable", "never-asked",
        ]))
    let summary = Table(
      summaryOf: BinaryMatrix(
        text: ["1-.", "0-."],
        papers: [Paper(slug: "a", version: 3), Paper(slug: "a", version: 4)]),
      files: (found: 2, read: 2), problems: [])
    let rows = Dictionary(
      uniqueKeysWithValues: zip(
        zip(summary.texts("part"), summary.texts("term")).map { "\($0) \($1)" },
        summary.integers("count")))
    #expect(rows["items never_asked"] == 1 && rows["items never_applicable"] == 1)
    #expect(rows["papers analysed"] == 1 && rows["scans analysed"] == 2)
    #expect(rows["scans version 3"] == 1 && rows["papers version 3"] == nil)
  }

  @Test func `covariates are in alphabetical order`() {
    let table = Table(covariatesOf: matrix)
    #expect(table.columns.map(\.name) == ["paper", "contradictory_answers", "points", "x"])
    #expect(table["points"]?.values == .text(["3", nil, nil]))
  }

  @Test func `the summary counts files, papers, items, cells and problems`() throws {
    let problem = ScanProblem(
      file: "f", kind: .duplicatePaper, message: "m", remedy: "r", severity: .note)
    let table = Table(summaryOf: matrix, files: (found: 5, read: 3), problems: [problem, problem])
    guard case .text(let parts) = table["part"]?.values,
      case .text(let terms) = table["term"]?.values,
      case .integer(let counts) = table["count"]?.values
    else {
      Issue.record("columns are missing")
      return
    }
    let rows = zip(zip(parts, terms), counts).map {
      "\($0.0 ?? "") \($0.1 ?? "") \($1 ?? -1)"
    }
    #expect(
      rows == [
        "files found 5", "files read 3", "files left_out 2", "papers analysed 3",
        "papers version 2 2", "papers version 3 1", "items all 4", "items never_asked 0",
        "items never_applicable 1",
        "items constant 2", "cells yes 4", "cells no 2", "cells not_applicable 4",
        "cells absent 2", "cells contradictory 2",
        "problems \(ScanProblem.Kind.duplicatePaper.rawValue) 2",
      ])
  }

  @Test func `problems are one a row`() {
    let problem = ScanProblem(
      file: "f", kind: .duplicatePaper, message: "m", remedy: "r", severity: .note)
    let table = Table(problems: [problem])
    #expect(
      table.columns.map(\.name)
        == ["file", "place", "kind", "severity", "message", "remedy"])
    #expect(table["remedy"]?.values == .text(["r"]))
  }
}

extension Table {
  /// The values of a column of text.
  fileprivate func texts(_ name: String) -> [String] {
    guard case .text(let values)? = self[name]?.values else { return [] }
    return values.map { $0 ?? "NA" }
  }

  /// The values of a column of whole numbers.
  fileprivate func integers(_ name: String) -> [Int?] {
    guard case .integer(let values)? = self[name]?.values else { return [] }
    return values
  }
}

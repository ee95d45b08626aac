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
        "category", "item", "label", "module", "n_yes", "n_no", "n_not_applicable", "n_absent",
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
        "papers version 2 2", "papers version 3 1", "items all 4", "items never_applicable 1",
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

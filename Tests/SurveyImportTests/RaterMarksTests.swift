import SurveyStats
import Testing

@testable import SurveyImport

/// Raters whose columns stand side by side.
@Suite struct RaterMarksTests {
  private func read(
    _ text: String, _ change: (inout ImportChoices) -> Void = { _ in }
  ) -> TableShapesTests.Outcome {
    TableShapesTests.read(text, change)
  }

  /// The rows of a matrix: the paper, the rater and the cells, absent as a point.
  private func rows(_ outcome: TableShapesTests.Outcome) -> [String] {
    guard let matrix = outcome.matrix else { return [] }
    return matrix.papers.indices.map { paper in
      let cells = matrix.items.indices.map { item in
        switch matrix[paper, item] {
        case .yes: "1"
        case .no: "0"
        case .notApplicable: "n"
        case .absent: "."
        }
      }
      return "\(matrix.papers[paper].slug) \(matrix.papers[paper].rater ?? "-") \(cells.joined())"
    }
  }

  @Test(arguments: [
    (["code_A", "code_B", "data_A", "data_B"], ["A", "B"]),
    (["code.a", "data.a", "code.b", "data.b"], ["a", "b"]),
    (["A: code", "A: data", "B: code", "B: data"], ["A", "B"]),
    (["Code (rater 1)", "Code (rater 2)"], ["rater 1", "rater 2"]),
    (["Is code shared? [R1]", "Is code shared? [R2]"], ["R1", "R2"]),
    (["code rater 1", "code rater 2", "data rater 1", "data rater 2"], ["rater 1", "rater 2"]),
    (["code_coder_a", "code_coder_b"], ["coder_a", "coder_b"]),
    (["codeA", "codeB", "dataA", "dataB"], ["A", "B"]),
    (["codeR1", "codeR2"], ["R1", "R2"]),
    (["rater1_code", "rater2_code", "rater3_code"], ["rater1", "rater2", "rater3"]),
    // A rater who has not answered one of the items.
    (["code_A", "code_B", "data_A", "data_B", "seeds_A"], ["A", "B"]),
    // An item that nobody has answered twice.
    (["code_A", "code_B", "data_A", "data_B", "final"], ["A", "B"]),
  ]) func `marks of raters are found`(names: [String], marks: [String]) throws {
    let found = try #require(RaterMarks(foundIn: names))
    #expect(found.marks == marks)
    #expect(found.parts.compactMap { $0 }.allSatisfy { !$0.item.isEmpty })
  }

  @Test(arguments: [
    ["code", "data"], ["code_A", "code_B"], ["q1", "q2", "q3", "q4"],
    ["q1_1", "q1_2", "q2_1", "q2_2"], ["vitamin A", "vitamin B", "vitamin C"],
    ["code_2020", "code_2021", "data_2020", "data_2021"], ["plan_a", "code", "data", "seeds"],
    ["code_A", "code_B", "data_C", "data_D"], ["code_pre", "code_post", "data_pre", "data_post"],
    ["step 1", "step 2", "item 3"], [], ["code_1", "code_2", "data_1", "data_2"],
    ["methods___1", "methods___2", "data___1", "data___2"],
    ["Q1[SQ001]", "Q1[SQ002]", "Q2[SQ001]"],
  ]) func `what may mean something else is left alone`(names: [String]) {
    #expect(RaterMarks(foundIn: names) == nil)
  }

  @Test func `marks that are stated may be anything, the longer before the shorter`() {
    let names = ["code_LB", "code_KB", "KB data", "codeB", "code", "dataLB"]
    let found = RaterMarks(["B", "LB", "KB"], in: names)
    #expect(
      found.parts == [
        .init(item: "code", rater: "LB"), .init(item: "code", rater: "KB"),
        .init(item: "data", rater: "KB"), .init(item: "code", rater: "B"), nil,
        .init(item: "data", rater: "LB"),
      ])
  }

  @Test func `two raters side by side are two rows a paper, and the recipe says why`() throws {
    let text = """
      Study ID,year,code_A,code_B,data_A,data_B
      s1,2020,yes,no,no,NA
      s2,2021,no,no,yes,yes
      """
    let outcome = read(text)
    #expect(rows(outcome) == ["s1 A 10", "s1 B 0n", "s2 A 01", "s2 B 01"])
    #expect(outcome.items == ["code", "data"])
    #expect(outcome.matrix?.papers.map(\.year) == [2020, 2020, 2021, 2021])
    #expect(outcome.recipe.ratersOfColumns == ["A", "B"])
    #expect(outcome.recipe.columns[2].reason?.contains("of rater A") == true)
    let again = try Recipe(json: outcome.recipe.json)
    #expect(again == outcome.recipe && again.columns[3].rater == "B")
  }

  @Test func `raters may be three, miss items and papers, and leave some items to nobody`() {
    let text = """
      paper_id,code (rater 1),code (rater 2),code (rater 3),data (rater 1),data (rater 3),consensus
      s1,yes,no,yes,yes,no,yes
      s2,yes,,,no,,
      s3,,,,,,
      """
    let outcome = read(text)
    #expect(
      rows(outcome) == [
        "s1 rater 1 11.", "s1 rater 2 0..", "s1 rater 3 10.", "s1 - ..1", "s2 rater 1 10.",
        "s3 rater 1 ...",
      ])
    #expect(
      outcome.imported.problems.map(\.place) == ["rater rater 1", "rater rater 2", "rater rater 3"])
    #expect(outcome.imported.problems.allSatisfy { $0.severity == .note })
  }

  @Test func `raters below a heading, and items with categories, are found too`() {
    let headed = """
      Study ID,Code,,Data,
      ,A,B,A,B
      s1,yes,no,no,no
      s2,no,no,yes,yes
      """
    #expect(rows(read(headed)) == ["s1 A 10", "s1 B 00", "s2 A 01", "s2 B 01"])
    let dotted = """
      paper,share.code_A,share.code_B,share.data_A,share.data_B
      s1,yes,no,no,no
      """
    #expect(read(dotted).items == ["share.code", "share.data"])
  }

  @Test func `two columns of one rater and item are refused, as are raters in two places`() {
    let twice = read("id,code_A,code A,code_B\ns1,yes,no,no\n") { $0.raterMarks = ["A", "B"] }
    #expect(twice.matrix == nil && twice.refused.map(\.kind) == [.nameClash])
    let both = read("id,rater,code_A,code_B\ns1,x,yes,no\n") { $0.raterMarks = ["A", "B"] }
    #expect(both.matrix == nil && both.refused.map(\.kind) == [.recipe])
    #expect(both.refused[0].description.contains("side by side (A, B)"))
  }

  @Test func `a recipe whose rater has no name says where`() {
    let json = #"""
      {"metastat_recipe": 1, "columns": [{"column": "a", "role": "item", "rater": ""}]}
      """#
    #expect(throws: RecipeError.self) { try Recipe(json: Array(json.utf8)) }
  }
}

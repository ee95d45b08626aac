import SurveyStats
import Testing

@testable import SurveyImport

@Suite struct CodebookComparisonTests {
  private func book(_ text: String) throws -> Codebook {
    try Codebook(DelimitedText(delimiter: UInt8(ascii: ",")).read(Array(text.utf8)).grid)
  }

  private func lines(_ table: String, _ book: Codebook) -> [String] {
    let file = TableFile(Array(table.utf8), name: "t")
    var choices = ImportChoices()
    choices.codebook = book
    let recipe = RecipeProposal(choices).recipe(for: file.grid, source: file.source)
    return CodebookComparison(recipe, of: file.grid, with: book).lines.map {
      [$0.item, $0.finding.rawValue, $0.detail ?? ""].filter { !$0.isEmpty }
        .joined(separator: " ")
    }
  }

  @Test func `items become labels, categories, modules and an order`() throws {
    let book = try book(
      """
      item,category,module,label,choices
      blind,Rigor,trials,Was it blind?,"1, Yes | 0, No | 9, Not applicable"
      open,Openness,base,Is it open?,"1, Yes | 0, No"
      """)
    let read = TableShapesTests.read("study,open,blind\na,1,9\nb,0,1\n") { $0.codebook = book }
    #expect(read.items == ["Rigor.blind", "Openness.open"] && read.counts == [2, 1, 1, 0])
    #expect(read.matrix?.items.map(\.label) == ["Was it blind?", "Is it open?"])
    #expect(read.matrix?.items.map(\.module) == ["trials", "base"])
    #expect(try Recipe(json: read.recipe.json) == read.recipe)
  }

  @Test func `differences of table and codebook are found`() throws {
    let book = try book(
      """
      item,label,choices
      open,Is it open?,"1, Yes | 0, No"
      blind,Was it blind?,"1, Yes | 0, No | 9, Not applicable"
      gone,Asked no more,"1, Yes | 0, No"
      group,Group,"1, A | 2, B"
      """)
    #expect(
      lines("study,open,blind,group,more\na,1,1,2,yes\nb,0,0,1,no\nc,7,1,1,no\nd,1,0,2,no\n", book)
        == [
          "open undeclared-code 7", "blind unused-code 9 (Not applicable)", "gone not-in-table",
          "group no-item its role is metadata", "more not-in-codebook",
        ])
    #expect(
      lines("study,question,answer\na,open,1\na,extra,0\nb,open,0\n", book).prefix(2)
        == ["open same", "blind not-in-table"])
  }

  @Test func `boxes of REDCap's are columns of their question`() throws {
    let book = try book(
      """
      "Variable / Field Name","Form Name","Section Header","Field Type","Field Label","Choices, Calculations, OR Slider Labels"
      record_id,main,,text,Record,
      shared,main,Openness,checkbox,Shared,"1, Code | 2, Data"
      limits,main,,radio,Limits given?,"1, Yes | 0, No"
      """)
    let read = TableShapesTests.read(
      "record_id,shared___1,shared___2,limits\n1,1,0,1\n2,0,0,0\n3,1,1,0\n"
    ) { $0.codebook = book }
    #expect(read.items == ["Openness.shared___1", "Openness.shared___2", "Openness.limits"])
    #expect(read.matrix?.items.first?.label == "Shared: Code")
    #expect(read.matrix?.items.map(\.module) == ["main", "main", "main"])
    #expect(
      lines("record_id,shared___1,limits\n1,1,1\n2,0,0\n", book)
        == ["record_id same", "Openness.shared___1 same", "Openness.limits same"])
  }
}

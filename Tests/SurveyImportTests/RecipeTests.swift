import SurveyStats
import Testing

@testable import SurveyImport

@Suite struct RecipeTests {
  private let table = Array("study,open,arm\na,yes,1\nb,no,2\nc,yes,2\nd,n.v.t.,1\n".utf8)

  private func proposal() -> (TableFile, Recipe) {
    let file = TableFile(table, name: "t.csv")
    return (file, RecipeProposal().recipe(for: file.grid, source: file.source))
  }

  @Test func `a recipe reads back as it was written`() throws {
    var (_, recipe) = proposal()
    recipe.columns[1].words = Recipe.Words()
    recipe.columns[1].words?.na = ["n.v.t."]
    recipe.columns[1].labels = ["1": "a \"quoted\" label"]
    recipe.matrix = Recipe.Output(sha256: "00", metadata: ["arm"])
    #expect(try Recipe(json: recipe.json) == recipe)
  }

  @Test(arguments: [
    ("{\"metastat_recipe\": 1}", "", "'columns' is missing"),
    ("{\"metastat_recipe\": 2, \"columns\": []}", "metastat_recipe", "version 1"),
    (
      "{\"metastat_recipe\": 1, \"columns\": [{\"column\": \"a\", \"role\": \"itme\"}]}",
      "columns[0].role", "none of paper"
    ),
    (
      "{\"metastat_recipe\": 1, \"columns\": [{\"colum\": \"a\", \"role\": \"item\"}]}",
      "columns[0].colum", "no such name"
    ),
    ("{\"metastat_recipe\": 1, \"columns\": [], \"words\": {\"yes\": 1}}", "words.yes", "a list"),
    (
      "{\"metastat_recipe\": 1, \"columns\": [], \"layout\": {\"header\": []}}", "layout.header",
      "must be"
    ),
    ("{", "", "not valid JSON"),
  ]) func `errors point into the recipe`(json: String, place: String, message: String) {
    let error = #expect(throws: RecipeError.self) { try Recipe(json: Array(json.utf8)) }
    #expect(error?.place == place)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func `what the recipe says goes before what words usually mean`() {
    var (file, recipe) = proposal()
    recipe.columns[2].role = .item
    recipe.columns[2].words = Recipe.Words()
    recipe.columns[2].words?.yes = ["2"]
    recipe.columns[2].words?.no = ["1"]
    let matrix = ImportedMatrix(recipe, to: file.grid, file: "t.csv").matrix
    #expect(matrix?[1, 1] == .yes && matrix?[3, 1] == .no && matrix?[3, 0] == .notApplicable)
  }

  @Test func `a column that is gone, and one that is new, are told`() {
    let (_, recipe) = proposal()
    let other = TableFile(Array("study,opne,arm,extra\na,yes,1,2\n".utf8), name: "u.csv")
    let problems = ImportedMatrix(recipe, to: other.grid, file: "u.csv").problems
    let unknown = problems.filter { $0.kind == .unknownColumn }
    #expect(unknown.map(\.severity) == [.refused, .note])
    #expect(unknown[0].place == "columns[1].column of the recipe")
    #expect(unknown[0].remedy.contains("opne"))
  }

  @Test func `a new word is refused, not guessed`() {
    let (_, recipe) = proposal()
    let other = TableFile(Array("study,open,arm\na,oui,1\nb,oui,2\n".utf8), name: "u.csv")
    let problems = ImportedMatrix(recipe, to: other.grid, file: "u.csv").problems
    #expect(
      problems.contains { $0.kind == .notAnAnswer && $0.place == "lines 2 and 3, column 2 (open)" })
  }
}

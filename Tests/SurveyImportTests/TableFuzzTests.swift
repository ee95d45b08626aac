import SurveyStats
import Testing

@testable import SurveyImport

/// Damaged tables; `make fuzz` damages more, of more formats.
@Suite struct TableFuzzTests {
  @Test(arguments: [
    "study,rater,\"Is it open?\",blind,score\ns-1,A,Yes,no,0.5\ns-1,B,No,n/a,0.7\ns-2,A,Yes,yes,\n",
    "study;question;answer\na;open;ja\na;blind;nein\nb;open;entfällt\n",
    "Domain,Item,M,N\nUp,a,1,0\nUp,b,0,NA\nDown,c,1,1\n",
    "Paper,A,A,B\n,x,y,z\np,x,,-\nq,,x,x\n",
    "id,code_A,code_B,data_A,data_B\np,yes,no,no,no\nq,yes,,no,n/a\nr,,,yes,\n",
    "{\"id\": \"a\", \"open\": true, \"n\": {\"x\": 1}}\n{\"id\": \"b\", \"open\": false}\n",
  ]) func `a damaged table becomes a matrix of all its rows or is refused`(text: String) {
    var stream = RandomStream(seed: 7, stream: 1)
    func below(_ limit: Int) -> Int { Int(stream.next() % UInt64(limit)) }
    for number in 0..<300 {
      var bytes = Array(text.utf8)
      for _ in 0...below(4) where !bytes.isEmpty {
        let place = below(bytes.count)
        let end = min(bytes.count, place + 1 + below(12))
        switch below(5) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: stream.next())
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
        case 3: bytes.insert([0x22, 0x2C, 0x0A, 0x3B, 0x00, 0xFF][below(6)], at: place)
        default: bytes.removeSubrange(place...)
        }
      }
      let file = TableFile(bytes, name: "mutant")
      let recipe = RecipeProposal().recipe(for: file.grid, source: file.source)
      let imported = ImportedMatrix(recipe, to: file.grid, file: "mutant")
      let problems = file.problems + imported.problems
      let isRefused = problems.contains { $0.severity == .refused }
      #expect((try? Recipe(json: recipe.json)) == recipe, "mutant \(number)")
      guard let matrix = imported.matrix else {
        #expect(isRefused, "mutant \(number)")
        continue
      }
      if recipe.layout.kind == .wide {
        let rows = file.grid.rowCount - recipe.layout.header.count
        // Raters side by side have a row each.
        #expect(
          recipe.ratersOfColumns.isEmpty
            ? matrix.papers.count == rows : matrix.papers.count >= rows, "mutant \(number)")
      }
    }
  }
}

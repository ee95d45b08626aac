import SurveyStats
import Testing

@testable import SurveyImport

/// Partial answers: refused, cut, or worth a share of a point.
@Suite struct PartialAnswersTests {
  private typealias Shapes = TableShapesTests
  private let halves = "Nr;Paper;described;shared;seeds\n1;a;1;0,5;0\n2;b;1;0;n.a.\n3;c;0,5;0,5;1\n"

  @Test(arguments: [
    ("Partially=0.5", "word Partially 0.5"), ("0,5", "word 0,5 0.5"), ("a=b=1", "word a=b 1.0"),
    ("0..4", "scale 0.0 4.0"), ("5..1", "scale 5.0 1.0"), ("Partly", ""), ("x=1.5", ""),
    ("1..1", ""), ("=0.5", ""), ("2", ""),
  ]) func `rules are words with a share, shares and scales`(text: String, rule: String) {
    let read =
      switch CreditRule(text) {
      case .word(let word, let share): "word \(word) \(share)"
      case .scale(let scale): "scale \(scale.worst) \(scale.best)"
      case nil: ""
      }
    #expect(read == rule)
  }

  @Test func `a half is refused with its places, cut, or earns its share`() throws {
    let open = Shapes.read(halves)
    #expect(open.matrix == nil && open.refused.count == 2)
    #expect(open.refused[1].place == "lines 2 and 4, column 4 (shared)")
    let cut = Shapes.read(halves) {
      $0.yes = [">= 0.5"]
      $0.no = ["< 0.5"]
    }
    #expect(cut.counts == [6, 2, 1, 0] && cut.matrix?.credits.isEmpty == true)
    let read = Shapes.read(halves) { $0.credit = [.word("0,5", share: 0.5)] }
    let matrix = try #require(read.matrix)
    #expect(read.counts == [3, 5, 1, 0] && matrix.credits.map(\.share) == [0.5, 0.5, 0.5])
    #expect(PaperScores(matrix).overall.values == [50, 50, 200 / 3])
    #expect(try Recipe(json: read.recipe.json) == read.recipe)
    let csv = try MatrixCSV().write(matrix)
    #expect(String(decoding: csv, as: UTF8.self).contains("a,1,0.5,0\n"))
    #expect(throws: MatrixCSVError.self) { try MatrixCSV().read(csv) }
    #expect(try MatrixCSV(readsCredit: true).read(csv).credits == matrix.credits)
  }

  @Test func `numbers of a scale earn their place on it`() {
    let text = "Study,random,blind,kept\na,2,1,0\nb,1,1,2\nc,0,2,2\nd,2,0,1\n"
    #expect(Shapes.read(text).refused.allSatisfy { $0.kind == .undecidedColumn })
    guard let scale = Recipe.Scale(worst: 0, best: 2) else { return }
    let read = Shapes.read(text) { $0.credit = [.scale(scale)] }
    #expect(read.counts == [5, 7, 0, 0] && read.matrix?.credits.count == 4)
    let ruled = Shapes.read(text) {
      $0.yes = [">= 2"]
      $0.no = ["< 2"]
    }
    #expect(ruled.counts == [5, 7, 0, 0] && ruled.matrix?.credits.isEmpty == true)
  }

  @Test func `a table of nothing but small numbers asks what they are`() {
    let text = "paper,quality,reporting\na,1,5\nb,2,4\nc,5,2\nd,4,4\n"
    let read = Shapes.read(text)
    #expect(read.refused.map(\.kind) == [.undecidedColumn, .undecidedColumn])
    guard let scale = Recipe.Scale(worst: 1, best: 5) else { return }
    let scaled = Shapes.read(text) { $0.credit = [.scale(scale)] }
    #expect(scaled.items == ["quality", "reporting"] && scaled.matrix?.credits.count == 5)
  }

  @Test(arguments: [
    (#""credit": {"Partly": 2}"#, "words.credit.Partly"), (#""scale": [1, 1]"#, "words.scale"),
    (#""scale": [1]"#, "words.scale"),
  ]) func `errors of credits point into the recipe`(member: String, place: String) {
    let json = "{\"metastat_recipe\": 1, \"columns\": [], \"words\": {\(member)}}"
    #expect(throws: RecipeError.self) { try Recipe(json: Array(json.utf8)) }
    do { _ = try Recipe(json: Array(json.utf8)) } catch { #expect(error.place == place) }
  }
}

import SurveySimulation
import SurveyStats
import Testing

@Suite struct CorpusSimulationTests {
  @Test(arguments: [0.0, 0.15]) func `simulated rates hit their targets`(slope: Double) throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 20_000)
    parameters.setYearSlope(slope)
    let matrix = try CorpusSimulation(parameters).matrix()
    for (column, item) in parameters.items.enumerated() {
      let asked = Double(matrix.asked.count(column: column))
      let applicable = Double(matrix.applies.count(column: column))
      let yes = Double(matrix.yes.count(column: column))
      let isBase = item.item.module == Item.baseModule
      #expect(isBase ? asked == 20_000 : asked > 5_000 && asked < 15_000)
      let applicability = item.applicability
      let applicabilityError = (applicability * (1 - applicability) / asked).squareRoot()
      #expect(abs(applicable / asked - applicability) <= 4 * applicabilityError)
      let rateError = (item.passRate * (1 - item.passRate) / applicable).squareRoot()
      #expect(abs(yes / applicable - item.passRate) <= 4 * rateError)
    }
  }

  @Test func `the default corpus has scores like the published ones`() throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 5_000)
    parameters.versions = [2: 1]
    let matrix = try CorpusSimulation(parameters).matrix()
    let scores = matrix.papers.indices.map { paper in
      var yes = 0.0
      var applicable = 0.0
      for item in matrix.items.indices {
        let cell = matrix[paper, item]
        if cell == .yes { yes += 1 }
        if cell == .yes || cell == .no { applicable += 1 }
      }
      return 100 * yes / applicable
    }
    let mean = scores.reduce(0, +) / 5_000
    let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4_999
    #expect(abs(mean - 51) < 1.5)
    #expect(abs(variance.squareRoot() - 16.1) < 1.5)
  }

  @Test func `the first papers of a corpus do not depend on its size`() throws {
    let small = try CorpusSimulation(.init(paperCount: 70, seed: 3)).matrix()
    let large = try CorpusSimulation(.init(paperCount: 200, seed: 3)).matrix()
    #expect(large.selecting(papers: Array(0..<70)) == small)
  }

  @Test func `the seed decides`() throws {
    let first = try CorpusSimulation(.init(paperCount: 50, seed: 1)).matrix()
    let again = try CorpusSimulation(.init(paperCount: 50, seed: 1)).matrix()
    let other = try CorpusSimulation(.init(paperCount: 50, seed: 2)).matrix()
    #expect(first == again)
    #expect(first != other)
  }

  @Test func `a paper is its row of the matrix`() throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 40)
    parameters.versions = [1: 1, 2: 1, 3: 1, 4: 1, 5: 1]
    let simulation = try CorpusSimulation(parameters)
    let matrix = simulation.matrix()
    for index in 0..<40 {
      let paper = simulation.paper(at: index)
      #expect(paper.paper == matrix.papers[index])
      #expect(paper.cells == matrix.items.indices.map { matrix[index, $0] })
    }
  }

  @Test func `items of a block apply together`() throws {
    let matrix = try CorpusSimulation(.init(paperCount: 500)).matrix()
    for block in ["contamination", "human_studies"] {
      let columns = matrix.items.indices.filter { matrix.items[$0].id.category == block }
      for paper in matrix.papers.indices {
        #expect(Set(columns.map { matrix.applies[paper, $0] }).count == 1)
      }
    }
  }

  @Test func `versions ask what their instruments ask`() throws {
    func asked(_ version: Int) throws -> [Int: BinaryMatrix] {
      var parameters = CorpusSimulation.Parameters(paperCount: 300)
      parameters.versions = [version: 1]
      let matrix = try CorpusSimulation(parameters).matrix()
      return Dictionary(grouping: matrix.papers.indices) { paper in
        matrix.items.indices.count { matrix.asked[paper, $0] }
      }.mapValues { matrix.selecting(papers: $0) }
    }
    #expect(try Set(asked(1).keys) == [50])
    let second = try asked(2)
    #expect(Set(second.keys) == [51, 64])
    #expect(second[64]?.papers.allSatisfy { $0.tags.contains("benchmark-eval") } == true)
    #expect(second[51]?.papers.allSatisfy { !$0.tags.contains("benchmark-eval") } == true)
    let fourth = try asked(4)
    #expect(Set(fourth.keys) == [12, 51])
    #expect(fourth[51]?.papers.allSatisfy { $0.type == "empirical" } == true)
    #expect(fourth[12]?.papers.allSatisfy { $0.type != "empirical" } == true)
  }

  @Test func `an item with the name of a type as module is asked of that type`() throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 100)
    parameters.versions = [5: 1]
    parameters.factors = []
    parameters.items = [
      SimulatedItem(
        item: Item(id: ItemID("clarity.terms_defined"), module: "position"), passRate: 0.5)
    ]
    let matrix = try CorpusSimulation(parameters).matrix()
    for (index, paper) in matrix.papers.enumerated() {
      #expect(matrix.asked[index, 0] == (paper.type == "position"))
    }
  }

  @Test func `slugs and identifiers are unique`() throws {
    let papers = try CorpusSimulation(.init(paperCount: 3_000)).matrix().papers
    #expect(Set(papers.map(\.slug)).count == 3_000)
    #expect(Set(papers.map(\.title)).count == 3_000)
    let identifiers = papers.compactMap(\.arxivID)
    #expect(Set(identifiers).count == identifiers.count)
    #expect(identifiers.allSatisfy { $0.wholeMatch(of: /\d\d(0\d|1[0-2])\.[5-9]\d{4}/) != nil })
  }

  @Test func `the truth lists every item`() throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 0)
    var truth = try CorpusSimulation(parameters).itemTruth()
    #expect(truth.rowCount == 64)
    #expect(truth["threshold"] != nil)
    #expect(truth["loading_general"]?.values == .real([Double?](repeating: 0.45, count: 64)))
    parameters.setYearSlope(0.1)
    truth = try CorpusSimulation(parameters).itemTruth()
    #expect(truth["threshold"] == nil)
    #expect(truth["threshold_2025"] != nil)
  }

  @Test func `corpora without papers or items are empty`() throws {
    #expect(try CorpusSimulation(.init(paperCount: 0)).matrix().papers.isEmpty)
    var parameters = CorpusSimulation.Parameters(paperCount: 2)
    parameters.items = []
    #expect(try CorpusSimulation(parameters).matrix().items.isEmpty)
  }

  @Test func `rates of 0 and 1 are exact`() throws {
    var parameters = CorpusSimulation.Parameters(paperCount: 100)
    parameters.factors = []
    parameters.items = [
      SimulatedItem(item: Item(id: ItemID("never")), passRate: 0, yearSlope: 1),
      SimulatedItem(item: Item(id: ItemID("always")), passRate: 1),
      SimulatedItem(item: Item(id: ItemID("na")), passRate: 0.5, applicability: 0),
    ]
    let matrix = try CorpusSimulation(parameters).matrix()
    #expect(matrix.yes.count(column: 0) == 0)
    #expect(matrix.applies.count(column: 0) == 100)
    #expect(matrix.yes.count(column: 1) == 100)
    #expect(matrix.applies.count(column: 2) == 0)
  }

  @Test func `impossible parameters are refused`() {
    func error(_ change: (inout CorpusSimulation.Parameters) -> Void) -> SimulationError? {
      var parameters = CorpusSimulation.Parameters(paperCount: 1)
      change(&parameters)
      do throws(SimulationError) {
        _ = try CorpusSimulation(parameters)
        return nil
      } catch {
        return error
      }
    }
    let code = ItemID("artifacts.code_released")
    #expect(error { _ in } == nil)
    #expect(error { $0.paperCount = -1 } == .negative("the number of papers", -1))
    #expect(error { $0.versions = [6: 1] } == .unknownVersion(6))
    #expect(error { $0.defectRate = 1.5 } == .notAShare("the defect rate", 1.5))
    #expect(error { $0.duplicateRate = .nan } != nil)
    #expect(error { $0.items[0].passRate = 2 } == .notAShare("the pass rate of \(code)", 2))
    #expect(
      error { $0.items[0].applicability = -1 } == .notAShare("the applicability of \(code)", -1))
    #expect(error { $0.items[0].yearSlope = .infinity } == .slopeNotFinite(code))
    #expect(error { $0.items[0].loadings = [1] } == .loadingCount(code, 1, factors: 14))
    #expect(error { $0.items[0].loadings[0] = 0.9 } == .loadingsTooLarge(code))
    #expect(error { $0.items[0].loadings[0] = .nan } == .loadingsTooLarge(code))
    #expect(error { $0.items.append($0.items[0]) } == .repeatedItem(code))
    #expect(
      error {
        $0.defectRate = 0.1
        $0.defects = []
      } == .noDefects)
  }
}

import Testing

@testable import SurveyStats

@Suite struct DifferentialFunctioningTests {
  private let golden = QuestionGolden()

  @Test func `odds and tests are those of statsmodels`() async throws {
    let matrix = QuestionGolden.matrix("answers")
    let question = DifferentialFunctioning(["group"], isPurified: false)
    let rows = try await Run()(question, of: Study(matrix))
    #expect(rows.count == 10 && rows.allSatisfy { $0.group == "1" && $0.reference == "0" })
    for row in rows {
      let item = row.item.name
      #expect(abs((row.logOdds.value ?? .nan) - golden("mh_log_odds", item)) < 1e-10)
      #expect(abs((row.logOdds.standardError ?? .nan) - golden("mh_error", item)) < 1e-10)
      #expect(abs((row.pValue ?? .nan) - golden("mh_p", item)) < 1e-10)
      #expect(abs((row.uniformPValue ?? .nan) - golden("uniform_p", item)) < 1e-7)
      #expect(abs((row.nonuniformPValue ?? .nan) - golden("nonuniform_p", item)) < 1e-7)
      #expect(abs((row.rSquaredChange ?? .nan) - golden("r_squared_change", item)) < 1e-7)
    }
    #expect(rows[3].mantelClass == .large)
  }

  @Test func `an item that works differently leaves the score`() async throws {
    let matrix = QuestionGolden.matrix("answers")
    let plain = try await Run()(
      DifferentialFunctioning(["group"], isPurified: false), of: Study(matrix))
    let purified = try await Run()(DifferentialFunctioning(["group"]), of: Study(matrix))
    #expect(purified[3].mantelClass == .large && purified[3].leftOutCount >= 1)
    // Without it the others have no share in its difference.
    func others(_ rows: [ItemFunctioning]) -> Double {
      rows.indices.reduce(0) { $1 == 3 ? $0 : $0 + (rows[$1].logOdds.value ?? 0) }
    }
    #expect(abs(others(purified)) < abs(others(plain)))
  }

  @Test func `items that do not apply are matched by what was expected`() async throws {
    let matrix = QuestionGolden.matrix("partial")
    let rows = try await Run()(DifferentialFunctioning(["score"]), of: Study(matrix))
    #expect(rows.count == 10 && rows[0].group.hasPrefix("above "))
    let values = MatchingScore(matrix, items: Array(0..<10)).values
    #expect(Set(values).count > 20)
    let levels = MatchingScore.Levels(values, most: 10)
    #expect(levels.means.count == 10 && levels.means == levels.means.sorted())
  }

  @Test func `few papers have a note`() async throws {
    let matrix = BinaryMatrix(
      text: ["1", "0", "1"],
      papers: [
        Paper(slug: "a", type: "x"), Paper(slug: "b", type: "y"), Paper(slug: "c", type: "y"),
      ])
    let rows = try await Run()(DifferentialFunctioning(["type"]), of: Study(matrix))
    #expect(rows.count == 1 && rows[0].notes.map(\.code) == ["fewer-than-20-papers"])
    #expect(rows[0].logOdds.value == nil && rows[0].mantelClass == nil)
    let table = Table(functioning: rows, level: 0.95, adjustment: .holm)
    #expect(table.rowCount == 1)
  }
}

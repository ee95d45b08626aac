import Foundation
import Testing

@testable import SurveyStats

@Suite struct ItemScoreFitTests {
  private func answers() throws -> BinaryMatrix {
    let url = try #require(
      Bundle.module.url(
        forResource: "item_fit", withExtension: "csv", subdirectory: "Golden/reviewer"))
    let line = try #require(
      try String(contentsOf: url, encoding: .utf8).split(separator: "\n").first)
    let text = try #require(line.split(separator: " ").last)
    return BinaryMatrix(text: text.split(separator: "/").map(String.init))
  }

  @Test func `statistics are those of sums over all sets of answers`() throws {
    let matrix = try answers()
    let rows = RegressionGolden.rows("reviewer", "item_fit")
    func number(_ row: [String: String], _ column: String) throws -> Double {
      try #require(row[column].flatMap { Double($0) })
    }
    let curves = try rows.map { (try number($0, "a"), try number($0, "d")) }
    let found = ItemScoreFit.all(
      names: matrix.items.map(\.id.description), curves: curves, parameters: 2, matrix)
    #expect(found.count == 6)
    for (fit, row) in zip(found, rows) {
      #expect(isClose(fit.statistic, try number(row, "statistic"), within: 1e-7))
      #expect(fit.degreesOfFreedom == Int(try number(row, "df")))
      #expect(isClose(fit.pValue, try number(row, "p"), within: 1e-7))
      #expect(fit.count == 400)
    }
  }

  @Test func `a model that is fitted to its data fits`() throws {
    let matrix = try answers()
    let fit = try ItemResponseModel(.twoPL).fit(matrix)
    let found = ItemScoreFit.all(fit, matrix)
    #expect(found.compactMap(\.pValue).count == 6)
    #expect(found.compactMap(\.pValue).allSatisfy { $0 > 0.005 })
    let one = ItemScoreFit.all(try ItemResponseModel(.onePL).fit(matrix), matrix)
    #expect(one[0].degreesOfFreedom == (found[0].degreesOfFreedom ?? 0) + 1)
    #expect(Table(itemScoreFits: found).rowCount == 6)
  }

  @Test func `without papers that have all items there is no test`() throws {
    var text = try answers().papers.indices.map { paper in
      paper % 2 == 0 ? "10-1" : "0-10"
    }
    text += ["1100", "0011", "1010"]
    let matrix = BinaryMatrix(text: text + ["0101", "1001"])
    let found = ItemScoreFit.all(
      names: matrix.items.map(\.id.description), curves: [(1, 0), (1, 0), (1, 0), (1, 0)],
      parameters: 2, matrix)
    #expect(found.allSatisfy { $0.pValue == nil && $0.notes == [.tooFewCompletePapers] })
    #expect(found.allSatisfy { $0.count == 5 })
  }
}

import RealModule
import Testing

@testable import SurveyStats

@Suite struct ConditionalRaschTests {
  private let golden = RegressionGolden.rows("reviewer", "rasch")

  private func example(_ set: String) throws -> (matrix: BinaryMatrix, values: [String: Double]) {
    let rows = golden.filter { $0["set"] == set }
    let text = try #require(rows.first?["answers"]).split(separator: "/").map(String.init)
    var values: [String: Double] = [:]
    for row in rows {
      values[row["quantity"] ?? ""] = row["value"].flatMap { Double($0) }
    }
    return (BinaryMatrix(text: text), values)
  }

  /// eRm searches by `nlm` with numerical derivatives, to some 1e-5 of difficulties and 1e-4 of errors.
  @Test(arguments: ["full", "holes"])
  func `difficulties, errors and likelihood are those of eRm`(set: String) throws {
    let (matrix, values) = try example(set)
    let fit = try ConditionalRasch(matrix)
    for (number, item) in fit.items.enumerated() {
      #expect(isClose(item.difficulty.value, values["difficulty\(number + 1)"], within: 1e-4))
      #expect(isClose(item.difficulty.standardError, values["error\(number + 1)"], within: 1e-3))
    }
    #expect(abs(fit.items.compactMap(\.difficulty.value).reduce(0, +)) < 1e-10)
    if set == "full" { #expect(isClose(fit.logLikelihood, values["loglik"], within: 1e-6)) }
  }

  @Test func `Andersen's test is that of eRm`() throws {
    let (matrix, values) = try example("full")
    let halves = AndersenTest(matrix, groups: RaschItems.halves(matrix))
    #expect(isClose(halves.statistic, values["median"], within: 1e-4))
    #expect(halves.degreesOfFreedom == values["df"].map { Int($0) })
    #expect(isClose(halves.pValue, values["p"], within: 1e-5))
    let three = AndersenTest(
      matrix,
      groups: ["a", "b", "c"].enumerated().map { number, name in
        (name, matrix.papers.indices.filter { $0 % 3 == number })
      })
    #expect(isClose(three.statistic, values["groups"], within: 1e-4))
    #expect(three.degreesOfFreedom == values["groups_df"].map { Int($0) })
    #expect(isClose(three.pValue, values["groups_p"], within: 1e-5))
  }

  @Test func `symmetric functions and probabilities are sums over sets`() {
    let odds = [-1.2, 0.3, 2.5, -3.0, 0.0]
    let scores = ConditionalScores(logOdds: odds)
    for order in 0...5 {
      var (total, own, joint) = (0.0, [Double](repeating: 0, count: 5), 0.0)
      for set in 0..<32 {
        let members = (0..<5).filter { set >> $0 & 1 == 1 }
        guard members.count == order else { continue }
        let product = Double.exp(members.reduce(0) { $0 + odds[$1] })
        total += product
        for item in members { own[item] += product }
        if members.contains(1), members.contains(3) { joint += product }
      }
      #expect(isClose(scores.logGamma(order), Double.log(total), within: 1e-12))
      let probabilities = scores.probabilities(order)
      for item in 0..<5 { #expect(isClose(probabilities[item], own[item] / total)) }
      guard order > 0, order < 5 else { continue }
      let covariance = ConditionalScores.covariance(
        logOdds: odds, order: order, probabilities: probabilities)
      let expected = joint / total - own[1] * own[3] / (total * total)
      #expect(isClose(covariance[1, 3], expected) && isClose(covariance[3, 1], expected))
    }
  }

  @Test func `items that nothing links are left out by name`() async throws {
    // The third is passed by all; papers pass the fourth only if they pass all.
    let matrix = BinaryMatrix(
      text: ["1010", "0110", "1010", "0110", "1110", "1111", "0010", "1010"])
    let fit = try ConditionalRasch(matrix)
    #expect(fit.columns == [0, 1])
    #expect(fit.items[2].difficulty.notes.contains(.noFiniteDifficulty))
    #expect(fit.items[3].difficulty.value == nil)
    #expect(throws: ConditionalRasch.ModelError.tooFewItems(left: 1)) {
      try ConditionalRasch(BinaryMatrix(text: ["10", "11", "00"]))
    }
    #expect(throws: ConditionalRasch.ModelError.self) {
      try ConditionalRasch(BinaryMatrix(text: ["--", "--"]))
    }
    let test = AndersenTest(matrix, groups: [("a", [0, 1]), ("b", [2])])
    #expect(test.pValue == nil && test.notes == [.tooFewLinkedItems])
    #expect(AndersenTest(matrix, groups: [("a", [0, 1])]).notes == [.fewerThanTwoGroups])
    let result = try await Run()(RaschItems(.difficulties, minimumCount: 2), of: Study(matrix))
    #expect(Table(rasch: result, level: 0.95).rowCount == 4)
    let tested = try await Run()(RaschItems(.test, minimumCount: 2), of: Study(matrix))
    #expect(Table(andersen: tested).rowCount == tested.test?.groups.count)
  }

  @Test func `the test rejects as often as it says when Rasch's model holds`() throws {
    var stream = RandomStream(seed: 21)
    var rejected = 0
    for _ in 0..<150 {
      let cells = (0..<100).map { _ -> [Bool] in
        let ability = stream.normal()
        return (0..<5).map { stream.uniform() < logistic(ability - Double($0 - 2) / 2) }
      }
      let matrix = BinaryMatrix(
        papers: cells.indices.map { Paper(slug: "p\($0)") },
        items: (0..<5).map { Item(id: ItemID("i\($0)")) }
      ) { cells[$0][$1] ? .yes : .no }
      let test = AndersenTest(matrix, groups: RaschItems.halves(matrix))
      if test.pValue ?? 1 < 0.05 { rejected += 1 }
    }
    // 7.5 expected; more than 16 in one of 500 runs.
    #expect(rejected <= 16, "\(rejected) of 150")
  }
}

import Testing

@testable import SurveyStats

@Suite struct AnswerCombinationsTests {
  private let golden = QuestionGolden()

  @Test func `pairs have the support and lift of mlxtend`() async throws {
    let matrix = QuestionGolden.matrix("answers")
    let found = try await Run()(
      AnswerCombinations(sizes: [2], most: 1_000), of: Study(matrix))
    #expect(found.setCounts == [2: 45] && found.rows.count == 45)
    var compared = 0
    for row in found.rows where row.items.allSatisfy(\.isYes) {
      let term = row.items.map(\.item.name).joined(separator: " ")
      #expect(abs((row.share.value ?? .nan) - golden("support", term)) < 1e-12)
      #expect(abs(Double(row.count) / row.expected - golden("lift", term)) < 1e-10)
      compared += 1
    }
    #expect(compared > 5)
  }

  @Test func `triples without a third order are those of statsmodels`() async throws {
    let matrix = QuestionGolden.matrix("answers")
    let found = try await Run()(
      AnswerCombinations(sizes: [3], most: 1_000), of: Study(matrix))
    #expect(found.setCounts == [3: 120])
    var compared = 0
    for row in found.rows {
      let term = row.items.map(\.item.name).joined(separator: " ")
      let deviance = golden("pairs_deviance", term)
      guard !deviance.isNaN else { continue }
      let p = ChiSquared(degreesOfFreedom: 1).survival(deviance)
      #expect(abs((row.pairsPValue ?? .nan) - p) < 1e-7)
      let cell = row.items.map { $0.isYes ? "1" : "0" }.joined()
      let fitted = golden("pairs_fitted", "\(term) \(cell)")
      #expect(abs((row.expectedOfPairs ?? .nan) - fitted) < 1e-5)
      compared += 1
    }
    #expect(compared == 3)
  }

  @Test func `counts are those of a loop over papers, and answers that do not apply are left out`()
    async throws
  {
    let matrix = QuestionGolden.matrix("partial")
    let found = try await Run()(
      AnswerCombinations(sizes: [2, 3], most: 1_000), of: Study(matrix))
    for row in found.rows {
      let columns = row.items.map { entry in
        matrix.items.firstIndex { $0.id == entry.item } ?? 0
      }
      let papers = matrix.papers.indices.filter { paper in
        columns.allSatisfy { matrix.applies[paper, $0] }
      }
      let showing = papers.count { paper in
        zip(columns, row.items).allSatisfy { matrix.yes[paper, $0] == $1.isYes }
      }
      #expect(row.share.count == papers.count && row.count == showing)
    }
  }

  @Test func `the exact tail is that of all subsets`() async throws {
    // Twenty papers; three items that are yes together in four papers and nowhere else.
    let rows = (0..<20).map { $0 < 4 ? "111" : "000" }
    let found = try await Run()(
      AnswerCombinations(sizes: [3], adjustment: .none), of: Study(BinaryMatrix(text: rows)))
    let row = try #require(found.rows.first)
    #expect(row.count == 4 && abs(row.expected - 64.0 / 400) < 1e-12)
    // Two further subsets of four equal the first: 1/C(20, 4)², doubled.
    #expect(abs(row.pValue - 2 / (4_845.0 * 4_845)) < 1e-15)
  }

  @Test func `independent answers are rarely clear`() async throws {
    var stream = RandomStream(seed: 5)
    let rows = (0..<300).map { _ in
      String((0..<16).map { _ in stream.uniform() < 0.4 ? "1" : "0" as Character })
    }
    let found = try await Run()(
      AnswerCombinations(most: 10_000), of: Study(BinaryMatrix(text: rows)))
    #expect(found.setCounts == [2: 120, 3: 560])
    #expect(found.rows.count { ($0.adjusted ?? 1) < 0.01 } <= 1)
    let plain = found.rows.filter { $0.items.count == 3 }.compactMap(\.pairsPValue)
    let share = Double(plain.count { $0 < 0.05 }) / Double(plain.count)
    #expect(share > 0.02 && share < 0.09)
  }
}

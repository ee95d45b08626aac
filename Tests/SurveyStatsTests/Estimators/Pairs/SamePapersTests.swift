import Testing

@testable import SurveyStats

/// Cochran's test and Bonett and Price's interval.
@Suite struct SamePapersTests {
  private let golden = RegressionGolden.rows("reviewer", "same_papers")

  private func number(_ row: [String: String], _ column: String) -> Double? {
    row[column].flatMap { Double($0) }
  }

  private func matrix(_ rows: [String], slug: (Int) -> String = { "p\($0)" }) -> BinaryMatrix {
    let cells = rows.map(Array.init)
    return BinaryMatrix(
      papers: cells.indices.map { Paper(slug: slug($0), venue: "v\($0 % 7)") },
      items: (0..<(cells.first?.count ?? 0)).map { Item(id: ItemID("x.i\($0)")) }
    ) { paper, item in
      switch cells[paper][item] {
      case "1": .yes
      case "0": .no
      default: .notApplicable
      }
    }
  }

  @Test func `Cochran's test is that of statsmodels`() throws {
    let rows = golden.filter { $0["kind"] == "cochran" }
    #expect(rows.count == 3)
    for row in rows {
      let matrix = matrix((row["a"] ?? "").split(separator: "/").map(String.init))
      let test = CochranQ(matrix, items: Array(matrix.items.indices))
      #expect(isClose(test.statistic, number(row, "x"), within: 1e-10))
      let chiSquare = try #require(
        test.statistic.map {
          ChiSquared(degreesOfFreedom: Double(matrix.items.count - 1)).survival($0)
        })
      #expect(isClose(chiSquare, number(row, "y"), within: 1e-12))
      if test.test == "cochran" { #expect(isClose(test.pValue, chiSquare)) }
    }
  }

  @Test func `with two items it is McNemar's`() {
    let rows = (0..<60).map { $0 % 4 == 0 ? "10" : $0 % 7 == 0 ? "01" : $0 % 2 == 0 ? "11" : "00" }
    let matrix = matrix(rows + ["1-", "-0"])
    let test = CochranQ(matrix, items: [0, 1])
    let pair = PairedProportions(matrix, 0, 1)
    #expect(test.count == 60 && test.test == "cochran" && test.degreesOfFreedom == 1)
    #expect(isClose(test.statistic, pair.mcNemarStatistic))
    #expect(isClose(test.pValue, pair.mcNemarPValue))
  }

  @Test func `permutations agree with chi-square, and with the exact test of two items`() throws {
    let rows = (0..<90).map { ["110", "100", "010", "111", "000", "101", "100"][$0 % 7] }
    let plain = CochranQ(matrix(rows), items: [0, 1, 2])
    let permuted = CochranQ(matrix(rows), items: [0, 1, 2], permutations: 9_999)
    #expect(permuted.test == "permutation" && permuted.degreesOfFreedom == nil)
    let (p, q) = (try #require(plain.pValue), try #require(permuted.pValue))
    #expect(abs(p - q) < 0.01)
    let few = matrix(["10", "10", "10", "10", "01", "11", "00", "10"])
    let test = CochranQ(few, items: [0, 1])
    #expect(test.test == "permutation")
    #expect(abs((test.pValue ?? 0) - PairedProportions(few, 0, 1).exactPValue) < 0.02)
  }

  @Test func `edges have names`() async throws {
    func ask(_ matrix: BinaryMatrix, _ items: [String], _ plan: SamplingPlan = SamplingPlan())
      async throws -> ItemHomogeneity.Result
    {
      try await Run()(ItemHomogeneity(items), of: Study(matrix, plan: plan))
    }
    let equal = try await ask(matrix(["111", "000", "111"]), ["x.*"])
    #expect(equal.test.pValue == 1 && equal.test.statistic == nil)
    #expect(equal.notes.text == "never-differs")
    let apart = try await ask(matrix(["1-1", "-01"]), ["i0", "i1"])
    #expect(apart.test.count == 0 && apart.test.pValue == nil)
    #expect(apart.notes.text == "never-jointly-applicable")
    let never = try await ask(matrix(["1-1", "0-1"]), ["i0", "i1"])
    #expect(never.notes.text == "never-applicable")
    let one = try await ask(
      matrix((0..<30).map { _ in "101" }, slug: { _ in "same" }), ["i0", "i1", "i0"])
    #expect(one.items == ["x.i0", "x.i1"] && one.test.pValue == nil)
    #expect(one.notes.contains(.tooFewClusters))
    let clustered = try await ask(
      matrix((0..<70).map { $0 % 3 == 0 ? "100" : "110" }), ["x.*"], SamplingPlan(cluster: "venue"))
    #expect(clustered.test.test == "permutation" && clustered.test.pValue != nil)
    #expect(clustered.notes.text?.contains("few-effective-clusters") == true)
    await #expect(throws: ItemHomogeneity.ItemError.fewerThanTwo) {
      try await ask(matrix(["10"]), ["i0", "x.i0"])
    }
    await #expect(throws: ItemHomogeneity.ItemError.score("x")) {
      try await ask(matrix(["10"]), ["i0", "x"])
    }
    await #expect(throws: ItemHomogeneity.ItemError.self) {
      try await ask(matrix(["10"]), ["i0", "nothing"])
    }
    let table = Table(itemHomogeneity: apart)
    #expect(table.rowCount == 2)
  }

  @Test func `Bonett and Price's limits are those of their formula`() throws {
    for row in golden where row["kind"] == "bonett-price" {
      let cells = (row["a"] ?? "").split(separator: "/").compactMap { Int($0) }
      let pair = PairedProportions(
        both: 0, firstOnly: cells[0], secondOnly: cells[1], neither: cells[2] - cells[0] - cells[1])
      let found = pair.bonettPriceInterval()
      #expect(isClose(found.lower, number(row, "x"), within: 1e-12))
      #expect(isClose(found.upper, number(row, "y"), within: 1e-12))
    }
    let none = PairedProportions(both: 0, firstOnly: 0, secondOnly: 0, neither: 0)
    #expect(none.bonettPriceInterval().lower == nil)
  }

  @Test func `a formula is of answers in the papers that have both`() async throws {
    let matrix = matrix((0..<40).map { ["10", "11", "01", "00", "10"][$0 % 5] })
    for formula in Pairs.Formula.allCases {
      let rows = try await Run()(
        Pairs([.init("i0", "i1")], interval: .formula(formula)), of: Study(matrix))
      let row = try #require(rows.first)
      #expect(row.interval.rawValue == formula.rawValue)
      #expect((row.difference.lower ?? 1) < (row.estimate ?? 0))
      await #expect(throws: Pairs.PairError.notJointAnswers(formula)) {
        try await Run()(
          Pairs([.init("i0", "i1")], basis: .own, interval: .formula(formula)), of: Study(matrix))
      }
      await #expect(throws: Pairs.PairError.notJointAnswers(formula)) {
        try await Run()(Pairs([.init("i0", "x")], interval: .formula(formula)), of: Study(matrix))
      }
    }
  }
}

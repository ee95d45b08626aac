import SurveyStats
import Testing

@Suite struct SparseLoadingsTests {
  private let solution: FactorSolution

  init() throws {
    let correlations = try FactorGolden("factors").correlations("ability_cov")
    solution = try FactorAnalysis(factors: 2).fit(correlations)
  }

  private func values(_ table: Table, _ name: String) throws -> [Double?] {
    guard case .real(let values)? = table[name]?.values else {
      Issue.record("no column \(name)")
      return []
    }
    return values
  }

  @Test func `small loadings are blank and items of a factor stand together`() throws {
    let table = solution.sparseLoadingsTable(cut: 0.4)
    let first = try values(table, "F1")
    let second = try values(table, "F2")
    #expect((first + second).allSatisfy { $0.map { abs($0) >= 0.4 } ?? true })
    #expect(
      (first + second).count { $0 != nil } == solution.pattern.elements.count { abs($0) >= 0.4 })
    let sizes = first.compactMap { $0 }
    #expect(sizes == sizes.sorted(by: >))
    let text = String(decoding: TextWriter().write(table), as: UTF8.self)
    #expect(!text.contains("NA") && text.contains("below 0.4"))
  }

  @Test func `without cut and sorting all loadings stand in the order of the items`() throws {
    let table = solution.sparseLoadingsTable(cut: 0, isSorted: false)
    #expect(table["term"]?.values == .text(solution.correlations.names))
    #expect(try values(table, "F1") == solution.pattern.column(0).map { $0 })
    #expect(try values(table, "communality") == solution.communalities.map { $0 })
  }

  @Test func `a factor whose loadings are all blank keeps its column`() throws {
    let text = TextWriter().write(solution.sparseLoadingsTable(cut: 2))
    #expect(String(decoding: text, as: UTF8.self).contains("F2"))
  }
}

import Testing

@testable import SurveyStats

@Suite struct DawidSkeneTests {
  /// Raters that err independently with a share of a sixth, of an item that a third of papers pass.
  private func matrix(papers: Int, raters: Int, items: Int = 1) -> BinaryMatrix {
    var random = RandomStream(seed: 5)
    var rows: [Paper] = []
    var cells: [[Cell]] = []
    for paper in 0..<papers {
      let truths = (0..<items).map { item -> Cell in
        let u = random.uniform()
        return u < 0.2
          ? .notApplicable : u < 0.2 + 0.8 * Double(item + 1) / Double(items + 2) ? .yes : .no
      }
      for rater in 0..<raters {
        rows.append(Paper(slug: "p\(1000 + paper)", rater: "r\(rater)"))
        cells.append(
          truths.map { truth in
            guard random.uniform() < 1.0 / 6 else { return truth }
            return [.yes, .no, .notApplicable].filter { $0 != truth }[random.index(below: 2)]
          })
      }
    }
    return BinaryMatrix(papers: rows, items: (0..<items).map { Item(id: ItemID("a.i\($0)")) }) {
      cells[$0][$1]
    }
  }

  @Test func `three raters tell rates and errors`() async throws {
    let rows = try await Run(replicates: 19)(
      DawidSkene(), of: Study(matrix(papers: 600, raters: 3)))
    let rate = try #require(rows.first { $0.parameter == "rate" && $0.target.level == .item })
    #expect(abs(rate.estimate.value! - 1.0 / 3) < 0.06)
    #expect(rate.estimate.lower! < 1.0 / 3 + 0.03 && rate.estimate.upper! > 1.0 / 3 - 0.03)
    let right = rows.filter { $0.parameter == "sensitivity" }
    #expect(right.count == 3 && right.allSatisfy { abs($0.estimate.value! - 10.0 / 11) < 0.07 })
    let missed = rows.filter { $0.parameter == "missed_applies" }
    #expect(missed.allSatisfy { abs($0.estimate.value! - 1.0 / 12) < 0.05 })
  }

  @Test func `two raters share errors over items, or nothing is identified`() async throws {
    let one = try await Run(replicates: 19)(
      DawidSkene(), of: Study(matrix(papers: 50, raters: 2)))
    #expect(one.allSatisfy { $0.estimate.notes == [.notIdentified] && $0.estimate.value == nil })
    let many = try await Run(replicates: 19)(
      DawidSkene(levels: [.item]), of: Study(matrix(papers: 500, raters: 2, items: 6)))
    for item in 0..<6 {
      let row = try #require(many.first { $0.item == ItemID("a.i\(item)") })
      #expect(row.estimate.notes.contains(.errorsShared))
      #expect(abs(row.estimate.value! - Double(item + 1) / 8) < 0.08)
    }
  }

  @Test func `raters that agree throughout are right`() async throws {
    let same = matrix(papers: 60, raters: 1)
    let copies = BinaryMatrix(
      papers: (0..<3).flatMap { rater in
        same.papers.map { Paper(slug: $0.slug, rater: "r\(rater)") }
      }, items: same.items
    ) { same[$0 % 60, $1] }
    let rows = try await Run(replicates: 19)(DawidSkene(), of: Study(copies))
    let naive = Double(same.yes.count(column: 0)) / Double(same.applies.count(column: 0))
    #expect(abs(rows[0].estimate.value! - naive) < 1e-6)
  }
}

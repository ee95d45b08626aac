import Testing

@testable import SurveyStats

@Suite struct ChangesTests {
  /// 60 papers of which some changed version, rater or answers.
  private func state(_ isLater: Bool) -> BinaryMatrix {
    let hard = isLater ? [Item(id: ItemID("mod.hard"))] : []
    return BinaryMatrix(
      papers: (0..<60).map { paper in
        var row = Paper(slug: "p\(paper)")
        row.version = isLater && paper < 5 ? 3 : 2
        row.rater = isLater && (5..<8).contains(paper) ? "b" : "a"
        return row
      }, items: [Item(id: ItemID("base.i")), Item(id: ItemID("base.j"))] + hard
    ) { paper, item in
      switch item {
      case 0: (isLater && paper == 10) != (paper % 5 < 3) ? .yes : .no
      case 1: paper % 2 == 0 ? .yes : .no
      default: paper % 10 == 0 ? .yes : .no
      }
    }
  }

  @Test func `papers of another version or rater are told from other answers`() async throws {
    let change = try await Changes().estimate(
      from: state(false), to: state(true), run: Run(replicates: 99))
    #expect(change.added.isEmpty && change.removed.isEmpty && change.shared == 60)
    #expect(change.reversioned == (0..<5).map { "p\($0)" })
    #expect(change.rerated == (5..<8).map { "p\($0)" })
    #expect(Set(change.rescanned).contains("p10"))
    #expect(!change.rescanned.contains("p0") && !change.rescanned.contains("p6"))
  }

  @Test func `items that only one state has do not make a change`() async throws {
    let change = try await Changes().estimate(
      from: state(false), to: state(true), run: Run(replicates: 99))
    let overall = try #require(change.differences["overall"])
    // One of 120 answers to the items of both changed.
    #expect(abs((overall.value ?? 1) + 1.0 / 120) < 1e-12)
    #expect(overall.notes.text == "items-of-both: 2")
    #expect((overall.lower ?? 0) < 0 && (overall.upper ?? 0) > 0)
    #expect(change.differences["base.j"] == .unchanged)
    // The crude rates: 66 of 120 and 71 of 180.
    #expect(change.differences["mod.hard"] == nil)
  }

  @Test func `nothing changed is no change`() async throws {
    let change = try await Changes(pairs: [.init("base.i", "base.j")]).estimate(
      from: state(true), to: state(true), run: Run(replicates: 99))
    #expect(change.differences.values.allSatisfy { $0 == .unchanged })
    #expect(change.pairs == [change.pairs[0]] && change.pairs[0]?.difference == .unchanged)
  }
}

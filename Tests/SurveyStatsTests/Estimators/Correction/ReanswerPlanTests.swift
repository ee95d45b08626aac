import Testing

@testable import SurveyStats

@Suite struct ReanswerPlanTests {
  /// A rater that errs often where it says yes, never where it says no.
  private func readings(papers: Int, pilot: Int) -> PairedReadings {
    let rows = (0..<papers).map { Paper(slug: "p\(1000 + $0)") }
    let items = [Item(id: ItemID("a.x")), Item(id: ItemID("a.y"))]
    func says(_ paper: Int) -> Bool { paper % 4 == 0 }
    let own = BinaryMatrix(papers: rows, items: items) { paper, item in
      item == 1 ? .no : says(paper) ? .yes : .no
    }
    let better = BinaryMatrix(papers: Array(rows[..<pilot]), items: items) { paper, item in
      item == 1 ? .no : says(paper) && paper % 8 == 0 ? .yes : .no
    }
    return PairedReadings(own, better: better, named: "good")
  }

  @Test func `papers of which most is unknown come first`() {
    let plan = ReanswerPlan(
      readings(papers: 400, pilot: 80), halfLength: 0.03, further: 40, level: 0.95, seed: 1)
    let open = plan.choices.filter { !$0.isReanswered }
    #expect(open.count == 320 && plan.choices.count == 400)
    #expect(open.count { $0.isChosen } == 40)
    #expect(abs(open.reduce(0) { $0 + $1.chance } - 40) < 1e-9)
    func isYes(_ name: String) -> Bool { ((Int(name.dropFirst()) ?? 1) - 1000) % 4 == 0 }
    #expect(open.prefix(80).allSatisfy { isYes($0.paper) })
    #expect(open.first!.chance > 2 * open.last!.chance)
    #expect(open.count { $0.isChosen && isYes($0.paper) } > 15)
    #expect(plan.choices.allSatisfy { $0.probability > 0 && $0.probability <= 1 })
  }

  @Test func `more papers make intervals shorter, and choosing them more so`() throws {
    let plan = ReanswerPlan(
      readings(papers: 400, pilot: 40), levels: [.item], halfLength: 0.06, level: 0.95, seed: 1)
    let x = plan.rows[0]
    #expect(x.reansweredCount == 40)
    #expect(try #require(x.halfLengthWithTen) < x.halfLength!)
    #expect(try #require(x.needed) > 40 && x.neededChosen! < x.needed!)
    #expect(x.share! > 0.9)
    let narrow = ReanswerPlan(
      readings(papers: 400, pilot: 40), levels: [.item], halfLength: 0.001, level: 0.95, seed: 1)
    #expect(narrow.rows[0].needed == nil && narrow.rows[0].notes.contains(.notReachable))
    let none = ReanswerPlan(
      readings(papers: 50, pilot: 0), levels: [.item], halfLength: 0.1, level: 0.95, seed: 1)
    #expect(none.rows[0].notes.contains(.noPilot) && none.rows[0].halfLength == nil)
  }

  @Test func `the choice depends on the seed alone`() {
    func plan(_ seed: UInt64) -> [ReanswerPlan.Choice] {
      ReanswerPlan(
        readings(papers: 200, pilot: 40), halfLength: 0.03, further: 20, level: 0.95, seed: seed
      ).choices
    }
    #expect(plan(1) == plan(1))
    #expect(plan(1) != plan(2))
  }
}

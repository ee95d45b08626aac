@testable import SurveyStats
import Testing

/// Changes between states that share papers, against R.
@Suite struct RateChangeTests {
  private static let rows = RegressionGolden.rows("comparison", "changes")

  private func number(_ row: [String: String], _ column: String) -> Double {
    Double(row[column] ?? "") ?? .nan
  }

  /// The cells of one item: papers of the earlier state only, of the later one only, of both.
  private func change(_ row: [String: String], level: Double = 0.95) -> RateChange {
    func count(_ column: String) -> Int { Int(row[column] ?? "") ?? 0 }
    var (old, new): ([Int?], [Int?]) = ([], [])
    func add(_ times: Int, _ before: Int?, _ now: Int?) {
      old += [Int?](repeating: before, count: times)
      new += [Int?](repeating: now, count: times)
    }
    add(count("xe"), 1, nil)
    add(count("ne") - count("xe"), 0, nil)
    add(count("xl"), nil, 1)
    add(count("nl") - count("xl"), nil, 0)
    add(count("yy"), 1, 1)
    add(count("yn"), 1, 0)
    add(count("ny"), 0, 1)
    add(count("nn"), 0, 0)
    func cells(_ answers: [Int?]) -> RateChange.Cells {
      RateChange.Cells(
        yes: answers.map { $0 ?? 0 }, applicable: answers.map { $0 == nil ? 0 : 1 })
    }
    return RateChange(
      earlier: cells(old), later: cells(new), design: SamplingDesign(paperCount: old.count),
      isSingleItem: true, level: level)
  }

  @Test(arguments: rows.filter { !($0["case"] ?? "").hasPrefix("mean") })
  func `a change and its limits are those of R`(row: [String: String]) {
    let difference = change(row).difference
    #expect(isClose(difference.value ?? .nan, number(row, "estimate"), within: 1e-14))
    #expect(isClose(difference.lower ?? .nan, number(row, "low"), within: 1e-12))
    #expect(isClose(difference.upper ?? .nan, number(row, "high"), within: 1e-12))
  }

  @Test func `three papers of which all pass do not make a change clear`() {
    let row = Self.rows.first { $0["case"] == "none shared three of three" } ?? [:]
    #expect(!change(row).difference.isClear)
  }

  @Test func `papers whose answers stayed change nothing`() {
    let same = ["yy": "4", "nn": "6"]
    #expect(change(same).difference == .unchanged)
    #expect(!change(same).difference.isClear)
  }

  @Test func `clusters and several items rest on fewer answers than they have`() throws {
    let yes = (0..<20).map { $0 < 8 ? 3 : 1 }
    let cells = RateChange.Cells(yes: yes, applicable: [Int](repeating: 3, count: 20))
    let none = RateChange.Cells(yes: yes.map { _ in 0 }, applicable: yes.map { _ in 0 })
    func width(_ design: SamplingDesign) -> Double {
      let half = { (cells: RateChange.Cells, isFirst: Bool) in
        RateChange.Cells(
          yes: cells.yes.indices.map { ($0 < 10) == isFirst ? cells.yes[$0] : none.yes[$0] },
          applicable: cells.yes.indices.map {
            ($0 < 10) == isFirst ? cells.applicable[$0] : none.applicable[$0]
          })
      }
      let difference = RateChange(
        earlier: half(cells, true), later: half(cells, false), design: design, isSingleItem: false,
        level: 0.95
      ).difference
      return (difference.upper ?? .nan) - (difference.lower ?? .nan)
    }
    let alone = width(SamplingDesign(paperCount: 20))
    let pairs = width(try SamplingDesign(paperCount: 20, clusters: (0..<20).map { "\($0 / 2)" }))
    #expect(alone > 0.5 && pairs > alone)
  }
}

import RealModule
import Testing

@testable import SurveyStats

@Suite struct IsotonicRegressionTests {
  @Test func `fits are those of scipy`() throws {
    let rows = RegressionGolden.rows("reviewer", "isotonic")
    for set in Set(rows.compactMap { $0["set"] }) {
      for rising in ["0", "1"] {
        let own = rows.filter { $0["set"] == set && $0["rising"] == rising }
        func numbers(_ column: String) -> [Double] {
          own.compactMap { $0[column].flatMap { Double($0) } }
        }
        let fit = IsotonicRegression(
          numbers("value"), weights: numbers("weight"), isRising: rising == "1")
        for (found, expected) in zip(fit.means, numbers("fit")) {
          #expect(abs(found - expected) < 1e-12)
        }
      }
    }
  }

  private func study(_ share: @escaping (Int) -> Double, cluster: @escaping (Int) -> String)
    -> Study
  {
    var stream = RandomStream(seed: 11)
    let cells = (0..<120).map { paper -> [Cell] in
      let year = paper % 6
      return [
        stream.uniform() < share(year) ? .yes : .no, paper % 2 == 0 ? .yes : .yes, .notApplicable,
      ]
    }
    return Study(
      BinaryMatrix(
        papers: (0..<120).map {
          Paper(slug: "p\($0)", year: 2019 + $0 % 6, venue: cluster($0))
        },
        items: (0..<3).map { Item(id: ItemID("x.i\($0)")) }
      ) { cells[$0][$1] },
      plan: cluster(0).isEmpty ? SamplingPlan() : SamplingPlan(cluster: "venue"))
  }

  @Test func `a clear trend is found, whatever its shape`() async throws {
    let rows = try await Run(replicates: 999)(
      IsotonicTrends(), of: study({ $0 < 3 ? 0.8 : 0.2 }, cluster: { _ in "" }))
    let row = rows[0]
    #expect(row.isRising == false && row.pValue == 0.001)
    #expect(row.points.map(\.count) == [20, 20, 20, 20, 20, 20])
    for (one, next) in zip(row.points, row.points.dropFirst()) {
      #expect(one.estimate >= next.estimate)
    }
    let again = try await Run(replicates: 999, jobs: 3)(
      IsotonicTrends(), of: study({ $0 < 3 ? 0.8 : 0.2 }, cluster: { _ in "" }))
    #expect(again == rows)
    #expect(rows[1].notes.text == "constant-item" && rows[1].pValue == nil)
    #expect(rows[2].notes.text == "fewer-than-3-papers" && rows[2].points.isEmpty)
    #expect(Table(isotonic: rows, on: "year").rowCount == 13)
  }

  @Test func `clusters are permuted whole, or give no test`() async throws {
    let whole = try await Run(replicates: 199)(
      IsotonicTrends(), of: study({ Double($0) / 6 }, cluster: { "v\($0 % 6)-\($0 % 12)" }))
    #expect(whole[0].pValue == 0.005 && whole[0].notes.isEmpty)
    let mixed = try await Run(replicates: 199)(
      IsotonicTrends(), of: study({ Double($0) / 6 }, cluster: { "v\($0 % 5)" }))
    #expect(mixed[0].pValue == nil && mixed[0].notes.contains(.clustersAtSeveralValues))
  }

  /// The test is exact: under no trend 5 % of p-values are at most 0.05.
  @Test func `it rejects as often as it says`() async throws {
    var rejected = 0
    var stream = RandomStream(seed: 12)
    for _ in 0..<200 {
      let cells = (0..<40).map { _ in stream.uniform() < 0.4 }
      let matrix = BinaryMatrix(
        papers: (0..<40).map { Paper(slug: "p\($0)", year: 2020 + $0 % 4) },
        items: [Item(id: ItemID("x.i"))]
      ) { paper, _ in cells[paper] ? .yes : .no }
      let rows = try await Run(replicates: 99)(IsotonicTrends(), of: Study(matrix))
      if rows[0].pValue ?? 1 <= 0.05 { rejected += 1 }
    }
    #expect(rejected <= 19, "\(rejected) of 200")
  }
}

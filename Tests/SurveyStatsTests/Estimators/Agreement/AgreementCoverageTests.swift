import Testing

@testable import SurveyStats

/// How often limits hold the true value with few papers, whose answers hang together.
@Suite struct AgreementCoverageTests {
  /// Two raters that err, more often on some papers; item j has its own shares of states.
  private func matrix(papers: Int, items: Int, stream: inout RandomStream) -> BinaryMatrix {
    var cells = [[Cell]](repeating: [], count: 2 * papers)
    let states: [Cell] = [.yes, .no, .notApplicable]
    for paper in 0..<papers {
      let accuracy = stream.uniform() < 0.3 ? 0.8 : 0.95
      for item in 0..<items {
        let draw = stream.uniform()
        let yes = 0.3 + 0.4 * Double(item) / Double(max(1, items - 1))
        let truth = draw < yes ? 0 : draw < 0.85 ? 1 : 2
        for rater in 0..<2 {
          let errs = stream.uniform() > accuracy
          let other = (truth + (stream.uniform() < 0.5 ? 1 : 2)) % 3
          cells[rater * papers + paper].append(states[errs ? other : truth])
        }
      }
    }
    return BinaryMatrix(
      papers: (0..<2 * papers).map {
        Paper(slug: "p\(100_000 + $0 % papers)", rater: $0 < papers ? "A" : "B")
      }, items: (0..<items).map { Item(id: ItemID("a.i\($0)")) }
    ) { cells[$0][$1] }
  }

  @Test(arguments: [10, 20])
  func `limits cover with few papers`(papers: Int) async throws {
    let question = Agreement(
      levels: [.overall, .item], parts: [.states], coefficients: [.agreement, .kappa, .ac1])
    func rows(_ matrix: BinaryMatrix) async throws -> [AgreementRow] {
      try await Run()(question, of: Study(matrix)).rows.filter {
        $0.term == "overall" || $0.term == "i0"
      }
    }
    var stream = RandomStream(seed: 11)
    let truth = try await rows(matrix(papers: 20_000, items: 6, stream: &stream))
    var covered = [Int](repeating: 0, count: truth.count)
    let samples = 300
    for _ in 0..<samples {
      let found = try await rows(matrix(papers: papers, items: 6, stream: &stream))
      for (index, row) in found.enumerated() {
        // Where the coefficient is undefined there is nothing to cover.
        guard let value = truth[index].estimate.value, row.estimate.value != nil else {
          covered[index] += 1
          continue
        }
        let (lower, upper) = (row.estimate.lower ?? 2, row.estimate.upper ?? -2)
        if lower <= value, value <= upper { covered[index] += 1 }
      }
    }
    for (row, count) in zip(truth, covered) {
      let share = Double(count) / Double(samples)
      // Three standard errors of 300 samples below 95 %.
      #expect(share > 0.91, "\(row.level) \(row.coefficient) \(share)")
    }
  }
}

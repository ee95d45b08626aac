import CKernels
import Testing

@testable import SurveyStats

@Suite struct ReplicateLanesTests {
  /// The definition of `ck_lane_totals`: what each paper adds to its row, one outcome after another.
  static func totals(
    answers: [UInt8], outcomes: Int, row: [UInt32], weights: [Double], rows: Int
  ) -> (successes: [Double], trials: [Double]) {
    var successes = [Double](repeating: 0, count: outcomes * rows)
    var trials = successes
    for (paper, weight) in weights.enumerated() {
      for outcome in 0..<outcomes {
        let (batch, lane) = outcome.quotientAndRemainder(dividingBy: 8)
        let place = (batch * rows + Int(row[paper])) * 8 + lane
        let answer = answers[paper * outcomes + outcome]
        if answer == 3 { successes[place] += weight }
        if answer >= 2 { trials[place] += weight }
      }
    }
    return (successes, trials)
  }

  @Test(
    arguments: KernelPath.available,
    [(0, 1, 1), (1, 1, 1), (7, 2, 3), (8, 1, 8), (64, 3, 9), (65, 1, 64), (700, 4, 20)])
  func `totals are those of each paper and outcome`(
    path: KernelPath, shape: (papers: Int, batches: Int, rows: Int)
  ) {
    let (papers, batches, rows) = shape
    let (outcomes, count) = (8 * batches, 8 * batches * rows)
    var random = RandomStream(seed: 42, stream: UInt64(papers))
    let answers = (0..<papers * outcomes).map { _ in [UInt8(0), 2, 3][random.index(below: 3)] }
    let row = (0..<papers).map { _ in UInt32(random.index(below: rows)) }
    let weights = (0..<papers).map { _ in random.uniform() < 0.4 ? 0 : random.uniform() }
    let expected = Self.totals(
      answers: answers, outcomes: outcomes, row: row, weights: weights, rows: rows)
    withUnsafeTemporaryAllocation(byteCount: 16 * count, alignment: 64) { memory in
      let sums = memory.bindMemory(to: Double.self)
      sums.initialize(repeating: 5)
      guard let base = sums.baseAddress else { return }
      ck_lane_totals(
        path.rawValue, answers, papers, batches, row, weights, rows, base, base + count)
      #expect(Array(sums[..<count]) == expected.successes)
      #expect(Array(sums[count..<2 * count]) == expected.trials)
    }
  }
}

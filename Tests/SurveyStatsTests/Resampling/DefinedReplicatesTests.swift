import CKernels
import Testing

@testable import SurveyStats

@Suite struct DefinedReplicatesTests {
  @Test(arguments: KernelPath.available, [0, 1, 7, 8, 9, 63, 64, 65, 1_999])
  func `values are counted as one counts them`(path: KernelPath, count: Int) {
    var random = RandomStream(seed: 41, stream: UInt64(count))
    let values = (0..<count).map { index -> Double in
      switch index % 11 {
      case 3: .nan
      case 5: .infinity
      case 7: -.infinity
      case 8: 0.25
      case 9: 0.75
      default: random.uniform()
      }
    }
    var counts: [UInt64] = [9, 9]
    ck_value_counts(path.rawValue, values, count, 0.25, 0.75, &counts)
    #expect(counts[0] == UInt64(values.count { $0 < 0.25 }))
    #expect(counts[1] == UInt64(values.count { $0 <= 0.75 }))
  }

  @Test func `values within the distance of another count as equal to it`() throws {
    let replicates = try DefinedReplicates(
      [0.1, 0.3, .nan, 0.5, 0.7, 0.5] + [Double](repeating: 0.9, count: 20), near: 0.5)
    let counts = replicates.compare(with: 0.5, within: 0.2)
    #expect(replicates.undefined == 1 && counts.below == 1 && counts.equal == 4)
  }
}

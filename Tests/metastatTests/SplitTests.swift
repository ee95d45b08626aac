import SurveyStats
import Testing

@testable import metastat

@Suite struct SplitTests {
  @Test(arguments: [
    ("0:64", 0..<64), ("64:1000", 64..<1_000), ("1/3", 0..<333), ("2/3", 333..<666),
    ("3/3", 666..<1_000), ("1/1", 0..<1_000),
  ]) func `a range names replicates`(text: String, range: Range<Int>) {
    #expect(ReplicateRange(argument: text)?.resolved(of: 1_000) == range)
  }

  @Test(arguments: [
    "", "5", "5:5", "6:5", "-1:5", "0/3", "4/3", "a:b", "1:2:3", "1/0", ":", "1/2/3",
  ])
  func `other text is no range`(text: String) {
    #expect(ReplicateRange(argument: text) == nil)
  }

  @Test(arguments: ["0:1001", "1/1001"]) func `a range lies within the replicates`(text: String) {
    #expect(ReplicateRange(argument: text) != nil)
    #expect(ReplicateRange(argument: text)?.resolved(of: 1_000) == nil)
  }

  @Test func `shares cover all replicates once`() {
    for total in [7, 64, 9_999] {
      var next = 0
      for share in 1...7 {
        let range = ReplicateRange.share(share, of: 7).resolved(of: total)
        #expect(range?.lowerBound == next)
        next = range?.upperBound ?? 0
      }
      #expect(next == total)
    }
  }

  @Test func `the command line of a run does not say how it is split`() {
    let arguments = [
      "rates", "papers", "--part", "1.part", "--replicate-range=1/2", "-j", "4", "--jobs=3",
      "--by", "year", "-o", "rates.csv",
    ]
    #expect(
      ReplicateSource.withoutSplit(arguments)
        == ["rates", "papers", "--by", "year", "-o", "rates.csv"])
  }
}

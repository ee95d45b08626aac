import SurveyStats
import Testing

@Suite struct ConcurrentMapTests {
  struct Odd: Error {}

  @Test(arguments: [1, 2, 7, 100])
  func `results are in the order of the inputs`(jobs: Int) async throws {
    let inputs = Array(0..<50)
    #expect(
      try await concurrentMap(inputs, jobs: jobs) { $0 * $0 } == inputs.map { $0 * $0 })
    #expect(try await concurrentMap([Int](), jobs: jobs) { $0 } == [])
  }

  @Test(arguments: [1, 3])
  func `every result is handed over once`(jobs: Int) async throws {
    var seen: [Int: Int] = [:]
    try await concurrentForEach(Array(10..<40), jobs: jobs) {
      $0 + 1
    } receive: { index, output in
      seen[index] = output
    }
    #expect(seen.count == 30)
    #expect(seen.allSatisfy { $0.value == $0.key + 11 })
  }

  @Test(arguments: [1, 3])
  func `an error ends the work`(jobs: Int) async {
    await #expect(throws: Odd.self) {
      try await concurrentMap(Array(0..<20), jobs: jobs) { input in
        if input == 5 { throw Odd() }
        return input
      }
    }
  }
}

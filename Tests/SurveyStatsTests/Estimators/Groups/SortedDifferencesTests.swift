import Testing

@testable import SurveyStats

@Suite struct SortedDifferencesTests {
  @Test(arguments: [(1, 1), (1, 7), (6, 3), (40, 25)])
  func `every rank is that of the list of all differences`(sizes: (Int, Int)) {
    // Few different values, so that most are tied, as scores are.
    let first = (0..<sizes.0).map { Double(($0 * 7) % 5) / 3 }.sorted()
    let second = (0..<sizes.1).map { Double(($0 * 11) % 7) / 7 }.sorted()
    let all = first.flatMap { x in second.map { x - $0 } }.sorted()
    let differences = SortedDifferences(first, second)
    for rank in 1...all.count {
      #expect(abs(differences.value(atRank: rank) - all[rank - 1]) < 1e-15)
    }
  }
}

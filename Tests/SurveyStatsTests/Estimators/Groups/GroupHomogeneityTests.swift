import RealModule
import Testing

@testable import SurveyStats

@Suite struct GroupHomogeneityTests {
  /// `fisher.test` of R for 2 × 3 tables, also by enumeration of all tables here.
  @Test func `sparse tables are tested exactly`() throws {
    let (sizes, yes) = ([4, 3, 5], [0, 2, 1])
    let found = try #require(GroupHomogeneity(counts: sizes, yes: yes))
    #expect(found.test == "fisher" && found.statistic == nil)
    func choose(_ n: Int, _ k: Int) -> Double {
      (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
    }
    var p = 0.0
    let observed = zip(sizes, yes).reduce(1.0) { $0 * choose($1.0, $1.1) }
    for a in 0...3 {
      for b in 0...(3 - a) where b <= 3 {
        let weight = choose(4, a) * choose(3, b) * choose(5, 3 - a - b)
        if weight <= observed * (1 + 1e-7) { p += weight }
      }
    }
    #expect(abs(found.pValue - p / choose(12, 3)) < 1e-12)
    let mid = try #require(GroupHomogeneity(counts: sizes, yes: yes, test: .fisherMidP))
    #expect(abs(mid.pValue - found.pValue + observed / choose(12, 3) / 2) < 1e-12)
    let chi = try #require(GroupHomogeneity(counts: sizes, yes: yes, test: .chiSquare))
    #expect(chi.test == "chi-square" && chi.degreesOfFreedom == 2 && chi.pValue < found.pValue)
  }

  @Test func `two groups have the exact p-value of their table`() throws {
    let pair = TwoProportions(6, of: 7, 2, of: 7)
    let found = try #require(GroupHomogeneity(counts: [7, 7], yes: [6, 2], test: .fisher))
    #expect(abs(found.pValue - (pair.test(.fisher)?.pValue ?? .nan)) < 1e-12)
  }

  @Test func `permutations keep clusters whole`() throws {
    let values = (0..<40).map { Double($0 % 2) }
    let groups = (0..<40).map { $0 < 20 ? 0 : 1 }
    let clusters = (0..<40).map { $0 / 5 }
    let found = try #require(
      GroupHomogeneity(
        permutingRanksOf: values, groups: groups, clusters: clusters, replicates: 199, seed: 1))
    #expect(found.test == "permutation" && found.pValue > 0.5)
    #expect(
      GroupHomogeneity(
        permutingRanksOf: values, groups: groups, clusters: (0..<40).map { $0 % 7 },
        replicates: 9, seed: 1) == nil)
  }

  @Test func `small groups are folded when there are many`() {
    let labels: [String?] = (0..<20).map { "g\($0)" } + (0..<30).map { "g\($0 % 3)" }
    let folded = GroupFolding().labels((labels, 0))
    #expect(folded.foldedCount == 17 && folded.fewest == 5)
    #expect(Set(folded.labels.compactMap { $0 }) == ["g0", "g1", "g2", "other"])
    #expect(GroupFolding(fewest: 1).labels((labels, 0)).foldedCount == 0)
    #expect(GroupFolding().labels((["a", "b", nil], 0)).labels == ["a", "b", nil])
  }
}

import RealModule
import Testing

@testable import SurveyStats

/// The tests of two or more samples of scores: Welch, Mann–Whitney, Kruskal–Wallis, permutation.
@Suite struct ScoreTestsTests {
  let golden = RegressionGolden("comparison")
  let small = ([1.1, 2.2, 7.3, 4.4, 9.6], [0.5, 1.7, 2.6, 3.9, 4.1, 5.2, 6.35])

  func birthWeights(_ column: String, _ value: String) -> [Double] {
    RegressionGolden.rows("logistic", "birthwt").filter { $0[column] == value }
      .compactMap { $0["bwt"].flatMap { Double($0) } }
  }

  @Test(arguments: [(1, 1), (3, 7), (40, 25)])
  func `differences of values that repeat are those of a list`(sizes: (Int, Int)) {
    var random = RandomStream(seed: 12, stream: UInt64(sizes.0))
    func sample(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double(random.next() % 6) / 7 }.sorted()
    }
    let (first, second) = (sample(sizes.0), sample(sizes.1))
    let listed = first.flatMap { x in second.map { x - $0 } }.sorted()
    let differences = SortedDifferences(first, second)
    for (rank, value) in listed.enumerated() {
      #expect(abs(differences.value(atRank: rank + 1) - value) < 1e-15)
    }
  }

  func samples(_ name: String) -> ([Double], [Double]) {
    name == "small" ? small : (birthWeights("smoke", "1"), birthWeights("smoke", "0"))
  }

  func value(_ model: String, _ quantity: String, _ term: String) -> Double {
    golden.values(model, quantity).first { $0.term == term }?.value ?? .nan
  }

  @Test(arguments: ["birthwt", "small"])
  func `Welch's test is that of R`(name: String) throws {
    let (first, second) = samples(name)
    let test = try #require(WelchTest(first, second))
    let found = [
      ("estimate", test.difference), ("se", test.standardError), ("t", test.statistic),
      ("df", test.degreesOfFreedom), ("p", test.pValue), ("low", test.interval().lower),
      ("high", test.interval().upper),
    ]
    for (term, number) in found {
      let expected = value(name, "welch", term)
      #expect(abs((number ?? .nan) - expected) < 1e-11 * max(1, abs(expected)), "\(term)")
    }
    #expect(abs((test.cohensD ?? .nan) - value(name, "cohen", "estimate")) < 1e-12)
  }

  @Test(arguments: ["birthwt", "small"])
  func `ranks are tested as by wilcox test`(name: String) throws {
    let (first, second) = samples(name)
    let test = try #require(MannWhitneyTest(first, second))
    #expect(test.isExact == (name == "small"))
    #expect(test.statistic == value(name, "wilcoxon", "w"))
    #expect(abs((test.pValue ?? .nan) - value(name, "wilcoxon", "p")) < 1e-12)
    #expect(abs(test.shift - value(name, "hodges", "estimate")) < 1e-12)
    #expect(abs(test.cliffsDelta - value(name, "cliff", "estimate")) < 1e-12)
    if test.isExact {
      #expect(abs((test.shiftInterval().lower ?? .nan) - value(name, "hodges", "low")) < 1e-12)
      #expect(abs((test.shiftInterval().upper ?? .nan) - value(name, "hodges", "high")) < 1e-12)
    }
  }

  @Test func `several groups are compared as by kruskal test and chisq test`() throws {
    let groups = ["white", "black", "other"].map { birthWeights("race", $0) }
    let ranks = try #require(GroupHomogeneity(scores: groups))
    #expect(abs((ranks.statistic ?? .nan) - value("birthwt", "kruskal", "statistic")) < 1e-10)
    #expect(abs(ranks.pValue - value("birthwt", "kruskal", "p")) < 1e-12)
    let rows = RegressionGolden.rows("logistic", "birthwt")
    let races = ["white", "black", "other"].map { race in rows.filter { $0["race"] == race } }
    let rates = try #require(
      GroupHomogeneity(
        counts: races.map(\.count), yes: races.map { $0.count { $0["low"] == "1" } }))
    #expect(abs((rates.statistic ?? .nan) - value("birthwt", "chi_groups", "statistic")) < 1e-11)
    #expect(abs(rates.pValue - value("birthwt", "chi_groups", "p")) < 1e-12)
  }

  @Test func `all arrangements of few papers are enumerated`() throws {
    let values = small.0 + small.1
    let test = try #require(
      PermutationTest(values: values, isFirst: values.indices.map { $0 < 5 }))
    #expect(test.isExact)
    #expect(test.arrangements == 792)
    var extreme = 0
    for mask in 0..<1 << 12 where mask.nonzeroBitCount == 5 {
      let chosen = (0..<12).filter { mask >> $0 & 1 == 1 }.reduce(0) { $0 + values[$1] }
      let rest = values.reduce(0, +) - chosen
      if abs(chosen / 5 - rest / 7) >= abs(test.difference) - 1e-12 { extreme += 1 }
    }
    #expect(abs(test.pValue - Double(extreme) / 792) < 1e-15)
  }

  @Test func `random arrangements are the same for a seed and never give zero`() throws {
    let values = (0..<200).map { Double($0) }
    let labels = values.map { $0 < 100 }
    let one = try #require(
      PermutationTest(values: values, isFirst: labels, replicates: 99, seed: 3))
    let other = try #require(
      PermutationTest(values: values, isFirst: labels, replicates: 99, seed: 3))
    #expect(one == other)
    #expect(!one.isExact)
    #expect(one.pValue == 0.01)
  }

  @Test func `clusters are exchanged whole`() throws {
    let values = [1.0, 1, 1, 0, 0, 0, 1, 0]
    let isFirst = [true, true, true, true, false, false, false, false]
    let clusters: [String?] = ["a", "a", "b", "b", "c", "c", "d", "d"]
    let test = try #require(
      PermutationTest(values: values, isFirst: isFirst, clusters: clusters))
    #expect(test.arrangements == 6)
    let mixed: [String?] = ["a", "a", "b", "b", "b", "c", "d", "d"]
    #expect(PermutationTest(values: values, isFirst: isFirst, clusters: mixed) == nil)
  }

  @Test func `equal and missing samples are undefined, not errors`() throws {
    #expect(WelchTest([], [1]) == nil)
    #expect(MannWhitneyTest([1], []) == nil)
    let flat = try #require(WelchTest([2, 2], [2, 2]))
    #expect(flat.pValue == nil)
    #expect(flat.interval().lower == nil)
    let equal = try #require(MannWhitneyTest([2, 2, 2], [2, 2]))
    #expect(equal.pValue == nil)
    #expect(equal.cliffsDelta == 0)
    #expect(equal.shift == 0)
    #expect(GroupHomogeneity(scores: [[1, 1], [1]]) == nil)
    #expect(GroupHomogeneity(counts: [3, 4], yes: [0, 0]) == nil)
  }
}

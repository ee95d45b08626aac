import Testing

@testable import SurveyStats

@Suite struct PermutedItemsTests {
  /// A matrix of one item that applies to some papers, with yes as the first answers.
  private func matrix(papers: Int, applicable: [Int], yes: Int) -> BinaryMatrix {
    var asked = BitColumns(rowCount: papers, columnCount: 1)
    var (applies, answers) = (asked, asked)
    for paper in 0..<papers { asked[paper, 0] = true }
    for (index, paper) in applicable.enumerated() {
      applies[paper, 0] = true
      answers[paper, 0] = index < yes
    }
    return BinaryMatrix(
      papers: (0..<papers).map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("item"))],
      yes: answers, applies: applies, asked: asked)
  }

  /// Cases: dense, sparse, and beyond the middle; some have the first step, some the second only.
  @Test(arguments: [(70, 12, 6), (70, 12, 2), (70, 12, 10), (300, 9, 4)])
  func `every set of papers is equally likely`(papers: Int, count: Int, yes: Int) {
    let applicable = (0..<count).map { $0 * (papers - 1) / (count - 1) }
    let items = PermutedItems(matrix(papers: papers, applicable: applicable, yes: yes))
    var random = RandomStream(seed: 3)
    var found: [Int: Int] = [:]
    let draws = 40_000
    for _ in 0..<draws {
      let plane = items.drawn(from: &random)
      var set = 0
      for (index, paper) in applicable.enumerated() where plane[paper, 0] { set |= 1 << index }
      #expect(plane.count(column: 0) == yes && set.nonzeroBitCount == yes)
      found[set, default: 0] += 1
    }
    let sets = (0..<1 << count).filter { $0.nonzeroBitCount == yes }
    let score = chiSquareScore(
      observed: sets.map { found[$0] ?? 0 },
      expected: sets.map { _ in Double(draws) / Double(sets.count) })
    #expect(abs(score) < 5)
  }

  @Test func `pairs of papers of large sets are equally likely`() {
    let (count, yes, draws) = (128, 60, 6_000)
    let items = PermutedItems(matrix(papers: 128, applicable: Array(0..<count), yes: yes))
    var random = RandomStream(seed: 4)
    var pairs = [Int](repeating: 0, count: count)
    for _ in 0..<draws {
      let plane = items.drawn(from: &random)
      #expect(plane.count(column: 0) == yes)
      for paper in 0..<count where plane[paper, 0] && plane[(paper + 37) % count, 0] {
        pairs[paper] += 1
      }
    }
    let expected = Double(draws) * Double(yes * (yes - 1)) / Double(count * (count - 1))
    let spread = (expected * (1 - expected / Double(draws))).squareRoot()
    for pair in pairs { #expect(abs(Double(pair) - expected) < 5 * spread) }
  }

  @Test(arguments: [0, 1, 63, 64, 65, 513])
  func `items with equal answers and no papers stay as they are`(papers: Int) {
    var random = RandomStream(seed: 5)
    let all = Array(0..<papers)
    for matrix in [
      matrix(papers: papers, applicable: all, yes: 0),
      matrix(papers: papers, applicable: all, yes: papers),
      matrix(papers: papers, applicable: [], yes: 0),
    ] {
      #expect(PermutedItems(matrix).drawn(from: &random) == matrix.yes)
    }
  }
}

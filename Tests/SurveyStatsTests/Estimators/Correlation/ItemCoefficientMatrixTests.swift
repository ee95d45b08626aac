import Testing

@testable import SurveyStats

@Suite struct ItemCoefficientMatrixTests {
  /// More items than are worked on at a time.
  private let matrix: BinaryMatrix = {
    var random = RandomStream(seed: 7)
    let items = (0..<150).map { Item(id: ItemID(category: "c", name: "i\($0)")) }
    let papers = (0..<40).map { Paper(slug: "p\($0)") }
    return BinaryMatrix(papers: papers, items: items) { _, _ in
      [.no, .yes, .notApplicable][random.index(below: 3)]
    }
  }()

  @Test(arguments: [ItemCoefficient.phi, .tetrachoric, .jaccard, .conditional])
  func `every pair has the coefficient of its table`(coefficient: ItemCoefficient) {
    let found = matrix.coefficients(coefficient)
    let tables = PairTables(matrix)
    for first in matrix.items.indices {
      for second in matrix.items.indices where first != second {
        let pair =
          coefficient.isSymmetric
          ? (first: min(first, second), second: max(first, second)) : (first, second)
        let alone = tables.estimates(coefficient, of: [pair], zeroCells: .halfKeepingMargins)[0]
        #expect(found[first, second].bitPattern == alone.bitPattern)
      }
      #expect(found[first, first].isNaN == (coefficient.ofItself == nil))
    }
  }
}

import SurveyStats
import Testing

@Suite struct HierarchicalClusteringTests {
  typealias Linkage = HierarchicalClustering.Linkage

  private func abilityMatrix() throws -> CorrelationMatrix {
    let matrix = try CorrelationGolden("ability").binaryMatrix
    return try PairwiseAssociations(items: matrix).correlationMatrix()
  }

  private func pathLength(_ order: [Int], _ distance: (Int, Int) -> Double) -> Double {
    zip(order, order.dropFirst()).reduce(0) { $0 + distance($1.0, $1.1) }
  }

  @Test(arguments: Linkage.allCases) func `trees agree with R`(linkage: Linkage) throws {
    let matrix = try abilityMatrix()
    let tree = HierarchicalClustering(matrix, linkage: linkage)
    let heights = try CorrelationGolden("clustering_heights")
      .rows(where: "linkage", is: linkage.rawValue).values("height")
    for (merge, height) in zip(tree.merges, heights) {
      #expect(abs(merge.height - height) < Tolerance.closedForm)
    }
    let members = try CorrelationGolden("clustering_members")
      .rows(where: "linkage", is: linkage.rawValue)
    #expect(members["term"] == matrix.names)
    for (count, column) in [(2, "two"), (4, "four")] {
      let expected = members.values(column)
      let found = tree.clusters(count: count)
      for i in found.indices {
        for j in found.indices {
          #expect((found[i] == found[j]) == (expected[i] == expected[j]))
        }
      }
      #expect(tree.clusters(height: heights[15 - count]) == found)
    }
    let length = try CorrelationGolden("clustering_path")
      .rows(where: "linkage", is: linkage.rawValue).values("length")[0]
    let found = pathLength(tree.leafOrder) { 1 - matrix.values[$0, $1] }
    #expect(abs(found - length) < Tolerance.closedForm)
  }

  /// All orders that flipping the subtrees of a node can give.
  private func orders(_ tree: HierarchicalClustering, node: Int) -> [[Int]] {
    guard node >= tree.names.count else { return [[node]] }
    let merge = tree.merges[node - tree.names.count]
    let (first, second) = (orders(tree, node: merge.first), orders(tree, node: merge.second))
    return first.flatMap { a in second.flatMap { b in [a + b, b + a] } }
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func `no order of the tree is shorter`(seed: UInt64) {
    var random = RandomStream(seed: seed)
    let count = 2 + random.index(below: 7)
    var distances = DenseMatrix(rows: count, columns: count)
    for i in 0..<count {
      for j in 0..<i {
        // A coarse grid makes ties.
        distances[i, j] = Double(1 + random.index(below: 8)) / 8
        distances[j, i] = distances[i, j]
      }
    }
    let names = (0..<count).map { "i\($0)" }
    let tree = HierarchicalClustering(
      names: names, distances: distances, linkage: Linkage.allCases[Int(seed % 4)])
    let lengths = orders(tree, node: 2 * count - 2).map { pathLength($0) { distances[$0, $1] } }
    let found = pathLength(tree.leafOrder) { distances[$0, $1] }
    #expect(abs(found - (lengths.min() ?? .nan)) < 1e-12)
    #expect(tree.leafOrder.sorted() == Array(0..<count))
    #expect((tree.leafOrder.first ?? 0) < (tree.leafOrder.last ?? 0))
  }

  @Test func `tied distances merge the first items first`() {
    let distances = DenseMatrix(rows: 4, columns: 4, repeating: 1)
    let tree = HierarchicalClustering(
      names: ["a", "b", "c", "d"], distances: distances, linkage: .average)
    #expect(tree.merges.map(\.first) == [0, 4, 5])
    #expect(tree.merges.map(\.second) == [1, 2, 3])
    #expect(tree.clusters(count: 1) == [1, 1, 1, 1])
    #expect(tree.clusters(count: 9).count == 4)
  }

  @Test func `complementary items are close by absolute correlation only`() {
    let matrix = CorrelationMatrix(
      names: ["a", "b", "c"],
      values: DenseMatrix([[1, -1, 0.2], [-1, 1, -0.2], [0.2, -0.2, 1]]), count: 10)
    #expect(HierarchicalClustering(matrix, distance: .absolute).merges[0].height == 0)
    #expect(HierarchicalClustering(matrix).merges[0].height == 0.8)
  }

  @Test(arguments: [0, 1]) func `fewer than two items make no tree`(count: Int) {
    let tree = HierarchicalClustering(
      names: [String](repeating: "a", count: count),
      distances: DenseMatrix(rows: count, columns: count))
    #expect(tree.merges.isEmpty)
    #expect(tree.leafOrder == Array(0..<count))
    #expect(tree.clusterTable(count: 1).rowCount == count)
  }

  @Test func `items that cannot be clustered come last`() {
    let matrix = answers("1101", "1010", "1111", "1000", "1110", "1001")
    let pairs = PairwiseAssociations(items: matrix, minimumCount: 2)
    let order = pairs.clusterOrder()
    #expect(order.sorted() == [0, 1, 2, 3])
    #expect(order.last == 0)
    let few = PairwiseAssociations(items: answers("11", "10"), minimumCount: 2)
    #expect(few.clusterOrder() == [0, 1])
  }

  @Test func `tables name items and steps`() throws {
    let tree = HierarchicalClustering(try abilityMatrix())
    #expect(tree.mergeTable().rowCount == 15)
    #expect(tree.clusterTable(count: 4)["cluster"]?.values != nil)
  }

  @Test func `a chain is as deep as it has items`() {
    let count = 300
    var distances = DenseMatrix(rows: count, columns: count)
    for row in 0..<count {
      // Distances to the first items grow, so that every item joins the one cluster that there is.
      for column in 0..<count where row != column {
        distances[row, column] = Double(max(row, column)) + Double(abs(row - column)) / 1e6
      }
    }
    let tree = HierarchicalClustering(
      names: (0..<count).map(String.init), distances: distances, linkage: .single)
    #expect(tree.merges.last?.size == count && tree.leafOrder.sorted() == Array(0..<count))
  }
}

/// An agglomerative clustering: which items join first, and at what distance.
///
/// The two closest clusters are merged until one is left; distances to the new cluster follow
/// Lance & Williams (1967). Of equally close pairs the one with the smallest first, then smallest
/// second member (by the item of lowest index in each cluster) is merged, so the result is a
/// function of the distances alone.
///
/// Items are usually compared by `1 − r` (items that go together are close) or `1 − |r|` (items
/// that go together or exclude each other are close).
///
/// Cost: of the order of n² for usual distances, n³ at worst; `leafOrder` n³.
public struct HierarchicalClustering: Sendable, Equatable {
  /// How the distance of two clusters follows from the distances of their members.
  public enum Linkage: String, Sendable, CaseIterable {
    /// The mean distance between members.
    case average
    /// The largest distance between members.
    case complete
    /// The smallest distance between members.
    case single
    /// Ward's (1963) criterion on squared distances; heights are on the scale of the distances
    /// (R's `ward.D2`).
    case ward
  }

  /// The distance of two items with correlation r.
  public enum Distance: String, Sendable, CaseIterable {
    /// `1 − r`.
    case signed
    /// `1 − |r|`.
    case absolute
  }

  /// One merge; nodes `0 ..< n` are the items, node `n + k` is the k-th merge.
  public struct Merge: Sendable, Equatable {
    /// The merged node that holds the item of lowest index.
    public let first: Int
    /// The other merged node.
    public let second: Int
    /// The distance of the two.
    public let height: Double
    /// The number of items in the new cluster.
    public let size: Int
  }

  /// The names of the items.
  public let names: [String]
  /// The linkage.
  public let linkage: Linkage
  /// The merges, from the first to the last.
  public let merges: [Merge]
  /// The items in an order that respects the tree and makes neighbours as close as possible.
  ///
  /// Among the 2ⁿ⁻¹ orders of the tree this one has the smallest sum of distances between
  /// neighbours (Bar-Joseph, Gifford & Jaakkola 2001); of its two directions the one whose first
  /// item has the lower index than its last.
  public let leafOrder: [Int]

  /// Clusters the items of a correlation matrix.
  public init(
    _ matrix: CorrelationMatrix, distance: Distance = .signed, linkage: Linkage = .average
  ) {
    var distances = matrix.values
    for index in distances.elements.indices {
      let correlation = distances.elements[index]
      distances.elements[index] = 1 - (distance == .signed ? correlation : abs(correlation))
    }
    self.init(names: matrix.names, distances: distances, linkage: linkage)
  }

  /// Clusters by a symmetric matrix of distances; its diagonal is not read.
  public init(names: [String], distances: DenseMatrix, linkage: Linkage = .average) {
    precondition(distances.rows == names.count && distances.columns == names.count)
    self.names = names
    self.linkage = linkage
    merges = Agglomeration(of: distances, linkage: linkage).merges
    leafOrder = OptimalLeafOrder(merges: merges, distances: distances).order
  }

  /// The cluster of each item when the tree is cut into `count` clusters, or into as many as
  /// there are items if these are fewer.
  ///
  /// Clusters are numbered from 1 in leaf order.
  public func clusters(count: Int) -> [Int] { clusters(afterMerges: names.count - max(1, count)) }

  /// The cluster of each item when no merge above `height` is made, numbered in leaf order.
  public func clusters(height: Double) -> [Int] {
    clusters(afterMerges: merges.prefix { $0.height <= height }.count)
  }

  /// The tree as a table: `step`, `first`, `second`, `height`, `size`.
  ///
  /// A single item is named, a cluster is `#` and the step that made it.
  public func mergeTable() -> Table {
    let label = { (node: Int) -> String? in
      node < names.count ? names[node] : "#\(node - names.count + 1)"
    }
    return Table(
      name: "merges",
      caption: "Merges of the hierarchical clustering (\(linkage.rawValue) linkage).",
      columns: [
        Column("step", .integer(merges.indices.map { $0 + 1 })),
        Column("first", .text(merges.map { label($0.first) })),
        Column("second", .text(merges.map { label($0.second) })),
        Column("height", .real(merges.map { $0.height })),
        Column("size", .integer(merges.map { $0.size })),
      ])
  }

  /// The items in leaf order, with their clusters: `position`, `term`, `cluster`.
  public func clusterTable(count: Int) -> Table {
    let clusters = clusters(count: count)
    return Table(
      name: "clusters",
      caption: "Variables in the optimal leaf order of the tree (\(linkage.rawValue) linkage).",
      columns: [
        Column("position", .integer(leafOrder.indices.map { $0 + 1 })),
        Column("term", .text(leafOrder.map { names[$0] })),
        Column("cluster", .integer(leafOrder.map { clusters[$0] })),
      ])
  }

  private func clusters(afterMerges made: Int) -> [Int] {
    var representative = Array(names.indices)
    var members = names.indices.map { [$0] }
    for merge in merges.prefix(max(0, made)) {
      let joined = members[merge.first] + members[merge.second]
      for item in joined { representative[item] = joined[0] }
      members.append(joined)
    }
    var numbers: [Int: Int] = [:]
    var result = representative
    for item in leafOrder {
      let number = numbers[representative[item]] ?? numbers.count + 1
      numbers[representative[item]] = number
      result[item] = number
    }
    return result
  }
}

extension PairwiseAssociations {
  /// The order of all variables for a heat map: the leaf order of those that can be clustered, then
  /// the others in their own order.
  public func clusterOrder(
    distance: HierarchicalClustering.Distance = .signed,
    linkage: HierarchicalClustering.Linkage = .average
  ) -> [Int] {
    guard let matrix = try? correlationMatrix(minimumRate: 0, boundary: .keep) else {
      return Array(names.indices)
    }
    let tree = HierarchicalClustering(matrix, distance: distance, linkage: linkage)
    let clustered = tree.leafOrder.compactMap { names.firstIndex(of: matrix.names[$0]) }
    return clustered + names.indices.filter { !clustered.contains($0) }
  }
}

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
    merges = Self.merges(of: distances, linkage: linkage)
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

  private static func merges(of distances: DenseMatrix, linkage: Linkage) -> [Merge] {
    let count = distances.rows
    guard count > 1 else { return [] }
    var distance = distances
    if linkage == .ward {
      for index in distance.elements.indices {
        distance.elements[index] *= distance.elements[index]
      }
    }
    var active = Array(0..<count)
    var node = Array(0..<count)
    var size = [Int](repeating: 1, count: count)
    // The closest later cluster of each cluster; a cluster lives in the slot of its first item.
    var nearest = [Int](repeating: 0, count: count)
    func closest(to slot: Int) -> Int {
      var best = slot
      for other in active where other > slot {
        if best == slot || distance[other, slot] < distance[best, slot] { best = other }
      }
      return best
    }
    for slot in active { nearest[slot] = closest(to: slot) }
    var merges: [Merge] = []
    while active.count > 1 {
      var first = active[0]
      for slot in active.dropLast()
      where distance[nearest[slot], slot] < distance[nearest[first], first] { first = slot }
      let second = nearest[first]
      let height = distance[second, first]
      let merged = size[first] + size[second]
      merges.append(
        Merge(
          first: node[first], second: node[second],
          height: linkage == .ward ? height.squareRoot() : height, size: merged))
      active.removeAll { $0 == second }
      for other in active where other != first {
        let a = distance[other, first]
        let b = distance[other, second]
        let value: Double
        switch linkage {
        case .single: value = min(a, b)
        case .complete: value = max(a, b)
        case .average:
          value = (Double(size[first]) * a + Double(size[second]) * b) / Double(merged)
        case .ward:
          let rest = Double(size[other])
          value =
            ((Double(size[first]) + rest) * a + (Double(size[second]) + rest) * b - rest * height)
            / (Double(merged) + rest)
        }
        distance[other, first] = value
        distance[first, other] = value
      }
      size[first] = merged
      node[first] = count + merges.count - 1
      nearest[first] = closest(to: first)
      for slot in active where slot < second && slot != first {
        if nearest[slot] == first || nearest[slot] == second {
          nearest[slot] = closest(to: slot)
        } else if slot < first {
          let candidate = distance[first, slot]
          let current = distance[nearest[slot], slot]
          if candidate < current || candidate == current && first < nearest[slot] {
            nearest[slot] = first
          }
        }
      }
    }
    return merges
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

/// The order of the leaves of a tree with the smallest sum of distances between neighbours.
///
/// Dynamic programming over pairs of end leaves (Bar-Joseph, Gifford & Jaakkola 2001), in the
/// version that fixes one inner leaf at a time: time of the order of n³, memory n².
private struct OptimalLeafOrder {
  /// A node of the tree: its leaves are at positions `lower ..< upper`, its first child's below
  /// `middle`; a leaf has `middle == upper`.
  private struct Span {
    let lower: Int
    let middle: Int
    let upper: Int
  }

  private(set) var order: [Int] = []
  private let distance: DenseMatrix
  private var spans: [Span]
  private let merges: [HierarchicalClustering.Merge]
  /// The cost of the best order of the node that separates two positions, with these at its ends.
  private var cost: DenseMatrix

  init(merges: [HierarchicalClustering.Merge], distances: DenseMatrix) {
    self.merges = merges
    let count = distances.rows
    spans = [Span](repeating: Span(lower: 0, middle: 1, upper: 1), count: count + merges.count)
    cost = DenseMatrix(rows: count, columns: count)
    var leaves = [Int](repeating: 0, count: count)
    // Lay the leaves out so that every node's leaves are neighbours.
    var pending = spans.isEmpty ? [] : [(node: spans.count - 1, lower: 0)]
    while let (node, lower) = pending.popLast() {
      guard node >= count else {
        spans[node] = Span(lower: lower, middle: lower + 1, upper: lower + 1)
        leaves[lower] = node
        continue
      }
      let merge = merges[node - count]
      let firstSize = merge.first < count ? 1 : merges[merge.first - count].size
      spans[node] = Span(lower: lower, middle: lower + firstSize, upper: lower + merge.size)
      pending.append((merge.first, lower))
      pending.append((merge.second, lower + firstSize))
    }
    distance = distances.selecting(rows: leaves, columns: leaves)
    for step in merges.indices { fill(step) }
    guard count > 0 else { return }
    let root = spans[spans.count - 1]
    var ends = (0, 0)
    var best = Double.infinity
    for left in root.lower..<root.middle {
      for right in root.middle..<root.upper where cost[left, right] < best {
        best = cost[left, right]
        ends = (left, right)
      }
    }
    append(node: spans.count - 1, from: ends.0, to: ends.1)
    order = order.map { leaves[$0] }
    if let first = order.first, let last = order.last, first > last { order.reverse() }
  }

  /// The positions at which an order of `span` can end when it begins at `position`.
  private func opposite(of position: Int, in span: Span) -> Range<Int> {
    guard span.middle < span.upper else { return span.lower..<span.upper }
    return position < span.middle ? span.middle..<span.upper : span.lower..<span.middle
  }

  private mutating func fill(_ step: Int) {
    let left = spans[merges[step].first]
    let right = spans[merges[step].second]
    var bridge = [Double](repeating: 0, count: right.upper - right.lower)
    for begin in left.lower..<left.upper {
      for inner in right.lower..<right.upper {
        var best = Double.infinity
        for end in opposite(of: begin, in: left) {
          best = min(best, cost[end, begin] + distance[end, inner])
        }
        bridge[inner - right.lower] = best
      }
      for end in right.lower..<right.upper {
        var best = Double.infinity
        for inner in opposite(of: end, in: right) {
          best = min(best, bridge[inner - right.lower] + cost[inner, end])
        }
        cost[begin, end] = best
        cost[end, begin] = best
      }
    }
  }

  /// Appends the best order of a node that begins and ends at the given positions.
  private mutating func append(node: Int, from begin: Int, to end: Int) {
    guard node >= distance.rows else {
      order.append(begin)
      return
    }
    let merge = merges[node - distance.rows]
    let startsFirst = begin < spans[node].middle
    let head = startsFirst ? merge.first : merge.second
    let tail = startsFirst ? merge.second : merge.first
    var joint = (begin, end)
    var best = Double.infinity
    for last in opposite(of: begin, in: spans[head]) {
      for first in opposite(of: end, in: spans[tail]) {
        let total = cost[last, begin] + distance[last, first] + cost[first, end]
        if total < best {
          best = total
          joint = (last, first)
        }
      }
    }
    append(node: head, from: begin, to: joint.0)
    append(node: tail, from: joint.1, to: end)
  }
}

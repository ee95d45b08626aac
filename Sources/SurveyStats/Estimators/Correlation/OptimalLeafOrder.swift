/// The order of the leaves of a tree with the smallest sum of distances between neighbours.
///
/// Dynamic programming over pairs of end leaves (Bar-Joseph, Gifford & Jaakkola 2001), in the
/// version that fixes one inner leaf at a time: time of the order of n³, memory n².
struct OptimalLeafOrder {
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
  ///
  /// Without recursion, since a tree can be as deep as it has leaves.
  private mutating func append(node: Int, from begin: Int, to end: Int) {
    var pending = [(node: node, begin: begin, end: end)]
    while let (node, begin, end) = pending.popLast() {
      guard node >= distance.rows else {
        order.append(begin)
        continue
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
      pending.append((tail, joint.1, end))
      pending.append((head, begin, joint.0))
    }
  }
}

/// The merging of the two closest clusters until one is left.
///
/// A cluster lives in the slot of its first item. Every cluster knows the closest later one, so that
/// a merge costs of the order of n for usual distances and n² at worst.
struct Agglomeration {
  /// The merges made, first to last.
  private(set) var merges: [HierarchicalClustering.Merge] = []

  private let linkage: HierarchicalClustering.Linkage
  /// Distances between the clusters of two slots; squared for Ward's linkage.
  private var distance: DenseMatrix
  private var active: [Int]
  private var node: [Int]
  private var size: [Int]
  /// The slot of the closest later cluster.
  private var nearest: [Int]

  init(of distances: DenseMatrix, linkage: HierarchicalClustering.Linkage) {
    let count = distances.rows
    self.linkage = linkage
    distance = distances
    active = Array(0..<count)
    node = active
    size = [Int](repeating: 1, count: count)
    nearest = [Int](repeating: 0, count: count)
    if linkage == .ward {
      for index in distance.elements.indices {
        distance.elements[index] *= distance.elements[index]
      }
    }
    for slot in active { nearest[slot] = closest(to: slot) }
    while active.count > 1 { mergeClosest() }
  }

  private func closest(to slot: Int) -> Int {
    var best = slot
    for other in active where other > slot {
      if best == slot || distance[other, slot] < distance[best, slot] { best = other }
    }
    return best
  }

  private mutating func mergeClosest() {
    var first = active[0]
    for slot in active.dropLast()
    where distance[nearest[slot], slot] < distance[nearest[first], first] { first = slot }
    let second = nearest[first]
    let height = distance[second, first]
    merges.append(
      HierarchicalClustering.Merge(
        first: node[first], second: node[second],
        height: linkage == .ward ? height.squareRoot() : height,
        size: size[first] + size[second]))
    active.removeAll { $0 == second }
    for other in active where other != first {
      let value = updatedDistance(to: other, from: first, and: second)
      distance[other, first] = value
      distance[first, other] = value
    }
    size[first] += size[second]
    node[first] = node.count + merges.count - 1
    updateNearest(first, second)
  }

  /// The distance of a cluster to the one that two others become (Lance & Williams 1967).
  private func updatedDistance(to other: Int, from first: Int, and second: Int) -> Double {
    let (a, b) = (distance[other, first], distance[other, second])
    let merged = Double(size[first] + size[second])
    switch linkage {
    case .single: return min(a, b)
    case .complete: return max(a, b)
    case .average: return (Double(size[first]) * a + Double(size[second]) * b) / merged
    case .ward:
      let rest = Double(size[other])
      return
        ((Double(size[first]) + rest) * a + (Double(size[second]) + rest) * b
        - rest * distance[second, first]) / (merged + rest)
    }
  }

  /// Finds the closest clusters anew where the merge of two slots may have changed them.
  private mutating func updateNearest(_ first: Int, _ second: Int) {
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
}

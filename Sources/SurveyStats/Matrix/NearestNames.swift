/// The names most like a mistyped one.
public struct NearestNames: Sendable {
  private let names: [String]

  /// Creates an index of the names that exist; empty names are no suggestion.
  public init(_ names: some Sequence<String>) {
    self.names = Set(names).filter { !$0.isEmpty }.sorted()
  }

  /// Up to `count` names, the most similar first; ties in alphabetical order.
  ///
  /// Names are compared without regard to case, whole or by what follows their last dot. First come
  /// names that contain the text or are half of it, then names within an edit distance of a third
  /// of the text (at least two), all by their distance.
  public func nearest(to text: String, count: Int = 3) -> [String] {
    let wanted = text.lowercased()
    guard !wanted.isEmpty else { return [] }
    let scored: [Match] = names.compactMap { name in
      let candidate = name.lowercased()
      let last = candidate.split(separator: ".").last.map(String.init) ?? candidate
      let distance = min(
        Self.editDistance(wanted, candidate), Self.editDistance(wanted, last))
      let isContained =
        candidate.contains(wanted) || wanted.contains(last) && 2 * last.count >= wanted.count
      guard isContained || distance <= max(2, wanted.count / 3),
        distance < wanted.count
          || isContained
      else { return nil }
      return Match(group: isContained ? 0 : 1, distance: distance, name: name)
    }
    return scored.sorted { a, b in
      (a.group, a.distance, a.name) < (b.group, b.distance, b.name)
    }.prefix(count).map(\.name)
  }

  /// The end of a message that a name does not exist, with the names nearest to it; empty for none.
  public static func suggestion(of nearest: [String]) -> String {
    guard !nearest.isEmpty else { return "" }
    return "; the nearest \(nearest.count == 1 ? "is" : "are") " + nearest.joined(separator: ", ")
  }

  private struct Match {
    var group: Int
    var distance: Int
    var name: String
  }

  /// The number of insertions, deletions and replacements of single characters, and exchanges of
  /// neighbours, between two texts.
  static func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for i in left.indices {
      var current = [i + 1]
      for j in right.indices {
        var least = min(
          previous[j] + (left[i] == right[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          least = min(least, beforePrevious[j - 1] + 1)
        }
        current.append(least)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}

/// The names most like a mistyped one.
public struct NearestNames: Sendable {
  private let names: [String]

  /// Creates an index of the names that exist.
  public init(_ names: some Sequence<String>) {
    self.names = Array(Set(names)).sorted()
  }

  /// Up to `count` names, the most similar first; ties in alphabetical order.
  ///
  /// A name that contains the text, or is contained in it, comes before names at the same edit
  /// distance. Names that share nothing with the text are left out.
  public func nearest(to text: String, count: Int = 3) -> [String] {
    let wanted = text.lowercased()
    let scored: [(distance: Int, name: String)] = names.compactMap { name in
      let candidate = name.lowercased()
      let last = candidate.split(separator: ".").last.map(String.init) ?? candidate
      let distance = min(
        Self.editDistance(wanted, candidate), Self.editDistance(wanted, last))
      let contained = !wanted.isEmpty && (candidate.contains(wanted) || wanted.contains(last))
      let limit = max(3, wanted.count / 2)
      guard contained || distance <= limit else { return nil }
      return (contained ? distance - candidate.count : distance, name)
    }
    return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(count).map(\.name)
  }

  /// The number of single-character insertions, deletions and replacements between two texts.
  static func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var previous = Array(0...right.count)
    for (i, character) in left.enumerated() {
      var current = [i + 1]
      for (j, other) in right.enumerated() {
        current.append(
          min(previous[j] + (character == other ? 0 : 1), previous[j + 1] + 1, current[j] + 1))
      }
      previous = current
    }
    return previous[right.count]
  }
}

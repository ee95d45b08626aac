extension BinaryMatrix {
  /// The versions of the instrument, with the number of papers that have a row of each, and of the items
  /// that some of these were asked; papers without a version last.
  public var versions: [(version: Int?, papers: Int, items: Int)] {
    let rows = rowsOfVersions
    let slugs = slugNumbers
    return rows.keys.sorted().map { version in
      let members = rows[version] ?? []
      let known = items.indices.count { item in members.contains { asked[$0, item] } }
      return (
        version == .max ? nil : version,
        slugs.count == papers.count ? members.count : Set(members.map { slugs.ofRow[$0] }).count,
        known
      )
    }
  }

  /// The rows of each version; of none, those of the greatest number.
  private var rowsOfVersions: [Int: [Int]] {
    // Versions are few: comparing them with those before is quicker than hashing them.
    var known: [Int] = []
    var members: [[Int]] = []
    var others: [Int: [Int]] = [:]
    for (row, paper) in papers.enumerated() {
      let version = paper.version ?? .max
      if let place = known.firstIndex(of: version) {
        members[place].append(row)
      } else if known.count < 8 {
        known.append(version)
        members.append([row])
      } else {
        others[version, default: []].append(row)
      }
    }
    for (version, rows) in zip(known, members) { others[version] = rows }
    return others
  }

  /// One sentence that says which versions of the instrument papers answered, and how many papers
  /// each; `nil` when it is one.
  ///
  /// It belongs under every table of mixed versions.
  public var versionSentence: String? {
    let first = papers.first?.version
    guard papers.contains(where: { $0.version != first }) else { return nil }
    let versions = versions
    let parts = versions.map { part in
      "\(part.papers) paper\(part.papers == 1 ? "" : "s") of "
        + (part.version.map { "version \($0)" } ?? "no stated version")
        + " (\(part.items) of \(items.count) items asked)"
    }
    return "Mixed versions of the instrument: " + parts.joined(separator: ", ") + "."
  }
}

extension BinaryMatrix {
  /// The versions of the instrument, with the number of papers that have a row of each, and of the items
  /// that some of these were asked; papers without a version last.
  public var versions: [(version: Int?, papers: Int, items: Int)] {
    var rows: [Int: [Int]] = [:]
    for (row, paper) in papers.enumerated() { rows[paper.version ?? .max, default: []].append(row) }
    return rows.keys.sorted().map { version in
      let members = rows[version] ?? []
      let known = items.indices.count { item in members.contains { asked[$0, item] } }
      return (
        version == .max ? nil : version, Set(members.map { papers[$0].slug }).count, known
      )
    }
  }

  /// One sentence that says which versions of the instrument papers answered, and how many papers
  /// each; `nil` when it is one.
  ///
  /// It belongs under every table of mixed versions.
  public var versionSentence: String? {
    let versions = versions
    guard versions.count > 1 else { return nil }
    let parts = versions.map { part in
      "\(part.papers) paper\(part.papers == 1 ? "" : "s") of "
        + (part.version.map { "version \($0)" } ?? "no stated version")
        + " (\(part.items) of \(items.count) items asked)"
    }
    return "Mixed versions of the instrument: " + parts.joined(separator: ", ") + "."
  }
}

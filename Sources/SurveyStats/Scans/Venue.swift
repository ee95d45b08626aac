/// The name of a venue with its spelling variants merged.
enum Venue {
  /// The merged name; `nil` when the text names no venue.
  ///
  /// Spellings of arXiv (`arXiv.org`, `arXiv preprint`, `arXiv (cs.CL)`, `arXiv:2502.17356`, in
  /// any case) become `arXiv`; `Unknown`, `N/A` and the like become `nil`; other names keep their
  /// spelling and lose superfluous white space.
  static func normalized(_ text: String) -> String? {
    let name = text.collapsingWhiteSpace
    let lowercased = name.lowercased()
    if unknown.contains(lowercased) || lowercased.hasPrefix("unknown (") { return nil }
    return isArXiv(lowercased) ? "arXiv" : name
  }

  private static let unknown: Set<String> = [
    "", "-", "n/a", "na", "none", "null", "not specified", "unknown", "unknown venue",
    "unspecified",
  ]

  private static func isArXiv(_ name: String) -> Bool {
    guard name.hasPrefix("arxiv") else { return name == "preprint (arxiv)" }
    var rest = name.dropFirst("arxiv".count)
    if rest.hasPrefix(".org") { rest = rest.dropFirst(4) }
    while rest.first == " " { rest = rest.dropFirst() }
    for word in ["preprints", "preprint", "e-prints", "e-print", "eprints", "eprint"]
    where rest.hasPrefix(word) {
      rest = rest.dropFirst(word.count)
      break
    }
    while rest.first == " " { rest = rest.dropFirst() }
    switch rest.first {
    case nil: return true
    case "(": return rest.last == ")"
    case "[": return rest.last == "]"
    case ":": return ArXivIdentifier.normalized(String(rest.dropFirst())) != nil
    default: return ArXivIdentifier.normalized(String(rest)) != nil
    }
  }
}

import SurveyStats

/// The papers that `--exclude` leaves out.
struct ExclusionList {
  /// The slugs as given.
  let slugs: Set<String>

  /// Reads slugs, and files of slugs with an `@` in front.
  ///
  /// In a file, slugs stand on lines of their own or are divided by white space; `#` starts a remark at
  /// the start of a line or after white space. A line that is the slug of a known paper is one slug.
  init(_ entries: [String], known: Set<String>) throws(CommandFailure) {
    var slugs: Set<String> = []
    for entry in entries {
      guard entry.hasPrefix("@") else {
        slugs.insert(entry)
        continue
      }
      let bytes = try InputBytes.read(String(entry.dropFirst()))
      for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
        let words = line.split(whereSeparator: \.isWhitespace).prefix { !$0.hasPrefix("#") }
        let whole = words.joined(separator: " ")
        if known.contains(whole) {
          slugs.insert(whole)
        } else {
          slugs.formUnion(words.map(String.init))
        }
      }
    }
    self.slugs = slugs
  }

  /// What to say of slugs that no paper has; `nil` when all were found.
  func remark(known: Set<String>) -> String? {
    let unknown = slugs.subtracting(known).sorted()
    guard let first = unknown.first else { return nil }
    let suggestion = NearestNames.suggestion(of: NearestNames(known).nearest(to: first))
    if slugs.count == 1 { return "--exclude: no paper is called '\(first)'\(suggestion)" }
    return "--exclude: \(unknown.count) of \(slugs.count) slugs are no papers here, the first "
      + "'\(first)'\(suggestion)"
  }
}

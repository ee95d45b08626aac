/// The distinct names in the texts of a list, such as methodology tags.
///
/// A `;` separates names as it does in a matrix CSV.
struct NameList {
  let names: [String]
  /// The names with `;` between them.
  let joined: String

  /// Reads the names in some texts.
  init(_ texts: [String]) {
    var names: [String] = []
    for text in texts {
      for part in text.utf8.contains(UInt8(ascii: ";")) ? text.split(separator: ";") : [text[...]] {
        let name = String(part).trimmed
        if !name.isEmpty, !names.contains(name) { names.append(name) }
      }
    }
    self.names = names
    joined = names.joined(separator: ";")
  }
}

/// A shell-like pattern: `*` stands for any text, `?` for one character; letters match exactly.
public struct GlobPattern: Sendable, Hashable, CustomStringConvertible {
  /// The pattern as written.
  public let description: String
  private let characters: [Character]

  /// Creates a pattern from its text.
  public init(_ text: String) {
    description = text
    characters = Array(text)
  }

  /// Whether the whole text fits the pattern; linear in the text for each star.
  public func matches(_ text: String) -> Bool {
    let text = Array(text)
    var (position, index) = (0, 0)
    var retry: (position: Int, index: Int)?
    while index < text.count {
      if position < characters.count, characters[position] == "*" {
        retry = (position, index)
        position += 1
      } else if position < characters.count,
        characters[position] == "?" || characters[position] == text[index]
      {
        position += 1
        index += 1
      } else if let last = retry {
        retry = (last.position, last.index + 1)
        position = last.position + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return characters[position...].allSatisfy { $0 == "*" }
  }
}

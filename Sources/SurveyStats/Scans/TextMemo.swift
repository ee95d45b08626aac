/// Remembers what was made of the latest texts, since scans repeat most of theirs.
///
/// A text whose place in the memory is taken replaces what is there, so that the memory stays
/// small. What is made of a text must depend on nothing else.
struct TextMemo<Value> {
  private static var size: Int { 256 }

  private var entries: [(text: [UInt8], value: Value)?]

  init() { entries = Array(repeating: nil, count: TextMemo.size) }

  /// What was made of a text, or is made of it now.
  mutating func value(of text: JSONText, _ make: (JSONText) -> Value) -> Value {
    let place = Int(truncatingIfNeeded: text.signature >> 56)
    if let entry = entries[place], text == entry.text { return entry.value }
    let value = make(text)
    entries[place] = (text.bytes, value)
    return value
  }
}

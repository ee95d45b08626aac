/// What the writers append to their one buffer of bytes.
extension [UInt8] {
  mutating func append(_ text: String) {
    append(contentsOf: text.utf8)
  }

  mutating func append(decimal value: Int) {
    append(contentsOf: value.description.utf8)
  }

  /// Appends the fewest digits that read back as exactly this number.
  mutating func append(shortest value: Double) {
    if value.isFinite {
      append(contentsOf: value.description.utf8)
      if self[count - 1] == UInt8(ascii: "0") && self[count - 2] == UInt8(ascii: ".") {
        removeLast(2)
      }
    } else if value.isNaN {
      append(NumberFormat.undefined)
    } else {
      append(value < 0 ? "-Inf" : "Inf")
    }
  }
}

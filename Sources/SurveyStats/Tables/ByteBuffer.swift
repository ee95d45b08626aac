import CKernels

/// What the writers append to their one buffer of bytes.
extension [UInt8] {
  package mutating func append(_ text: String) {
    append(contentsOf: text.utf8)
  }

  package mutating func append(decimal value: Int) {
    append(contentsOf: value.description.utf8)
  }

  /// Appends the fewest digits that read back as exactly this number.
  package mutating func append(shortest value: Double) {
    if value.isFinite {
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { text in
        let count = ck_decimal_text(value, text.baseAddress)
        append(contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[..<count]))
      }
    } else if value.isNaN {
      append(NumberFormat.undefined)
    } else {
      append(value < 0 ? "-Inf" : "Inf")
    }
  }
}

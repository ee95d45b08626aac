extension BitColumns {
  /// Calls with every row whose bit is set in a column.
  @inline(__always)
  func forEachRow(of column: Int, _ body: (Int) -> Void) {
    unsafe words.withUnsafeBufferPointer { words in
      let start = column * wordsPerColumn
      for word in 0..<(rowCount + 63) / 64 {
        var bits = unsafe words[start + word]
        while bits != 0 {
          body(word * 64 + bits.trailingZeroBitCount)
          bits &= bits - 1
        }
      }
    }
  }
}

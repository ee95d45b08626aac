extension BitColumns {
  /// Creates the binary digits of counts: row i has a bit in column d when 2^d is in `counts[i]`.
  ///
  /// A weighted sum of counts is then the sum over columns of 2^d times the weighted sum of their
  /// bits, exact in integers. Counts must not be negative.
  init(digitsOf counts: [Int]) {
    let largest = counts.max() ?? 0
    self.init(rowCount: counts.count, columnCount: Int.bitWidth - largest.leadingZeroBitCount)
    for (row, count) in counts.enumerated() {
      var rest = count
      while rest != 0 {
        self[row, rest.trailingZeroBitCount] = true
        rest &= rest - 1
      }
    }
  }
}

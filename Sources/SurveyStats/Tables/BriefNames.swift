extension [String] {
  /// The first few names and the number of the others: `a, b, c and 27 more`.
  func briefly(_ count: Int = 4) -> String {
    guard self.count > count + 1 else { return joined(separator: ", ") }
    return prefix(count).joined(separator: ", ") + " and \(self.count - count) more"
  }
}

extension Estimate {
  /// A fraction and its limits in percentage points: `3.2 (-2.0 to 8.4)`.
  var points: String {
    func spelled(_ value: Double) -> String { NumberFormat.fixed(100 * value, digits: 1) }
    let text = value.map(spelled) ?? ""
    guard let (lower, upper) = limits else { return text }
    return "\(text) \(NumberFormat.interval(spelled(lower), spelled(upper)))"
  }

  /// The end of a sentence about a test: `, p = 0.189`, or `, p <0.001`.
  static func clause(pValue: Double?) -> String {
    guard let pValue else { return "" }
    let text = NumberFormat.pValue(pValue)
    return text.hasPrefix("<") ? ", p \(text)" : ", p = \(text)"
  }
}

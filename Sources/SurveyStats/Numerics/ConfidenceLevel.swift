/// What follows from a confidence level, such as 0.95, without losing its distance from one.
///
/// A level close to one has few digits left: half of one plus 0.999999999999999 has lost two of
/// them, and is one soon after. What limits need is the probability beyond them, so everything is
/// computed from ``tail(_:)`` and upper quantiles.
public enum ConfidenceLevel {
  /// The greatest level that commands take; one error in a thousand million.
  public static let greatest = 0.999_999_999

  /// Whether commands take a level: above 0, and at most ``greatest``.
  public static func isTaken(_ level: Double) -> Bool { level > 0 && level <= greatest }

  /// The probability beyond each of two limits, `(1 − level) / 2`.
  public static func tail(_ level: Double) -> Double { (1 - level) / 2 }

  /// The level of each of several intervals that hold all at once with a level (Bonferroni):
  /// `1 − (1 − level) / count`, and never one.
  public static func shared(_ level: Double, among count: Int) -> Double {
    min(1 - (1 - level) / Double(max(count, 1)), 1 - .ulpOfOne)
  }
}

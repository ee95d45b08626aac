/// Two items in the same papers with the interval of their difference: a row of `compare --pair`.
public struct PairDifference: ResampledDifference, Sendable, Equatable {
  /// The first item.
  public let first: String
  /// The second item.
  public let second: String
  /// The papers by their two answers.
  public let counts: PairedProportions
  /// The standard error of the difference.
  public internal(set) var standardError: Double?
  /// The interval of the difference.
  public internal(set) var limits: CoefficientInterval
  /// The kind of interval.
  public internal(set) var interval: String
  /// Why something is missing.
  public internal(set) var note: String?

  /// A pair with Newcombe's interval.
  public init(
    first: String, second: String, counts: PairedProportions, level: Double = 0.95
  ) {
    self.first = first
    self.second = second
    self.counts = counts
    standardError = counts.differenceError
    limits = counts.newcombeInterval(level: level)
    interval = "newcombe"
    note = counts.count > 0 ? nil : "never-jointly-applicable"
  }

  /// Replaces interval and standard error by those of a bootstrap of a ``DifferenceStatistic``.
  public mutating func replaceInterval(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: String
  ) {
    guard counts.count > 0 else { return }
    interval = name
    sample.replace(&standardError, &limits, &note, of: quantity, by: method, level: level)
  }
}

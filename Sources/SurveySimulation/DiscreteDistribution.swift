import SurveyStats

/// A finite set of values with the chance of each.
///
/// Weights need not sum to one; they are divided by their total.
public struct DiscreteDistribution<Value: Sendable & Equatable>: Sendable, Equatable {
  /// The values, in the order given.
  public let values: [Value]
  /// The chance of each value; sums to one.
  public let probabilities: [Double]
  private let cumulative: [Double]

  /// Creates a distribution; `nil` unless there is a value, every weight is finite and not
  /// negative, and their total is positive.
  public init?(_ weighted: [(value: Value, weight: Double)]) {
    let total = weighted.reduce(0) { $0 + $1.weight }
    guard total > 0, weighted.allSatisfy({ $0.weight >= 0 && $0.weight.isFinite }) else {
      return nil
    }
    values = weighted.map(\.value)
    probabilities = weighted.map { $0.weight / total }
    var sum = 0.0
    cumulative = probabilities.map { probability in
      sum += probability
      return sum
    }
  }

  /// Creates a distribution with one value.
  init(always value: Value) {
    values = [value]
    probabilities = [1]
    cumulative = [1]
  }

  /// The position of the value that a uniform number in [0, 1) stands for.
  func index(of uniform: Double) -> Int {
    for (index, bound) in cumulative.enumerated() where uniform < bound { return index }
    return probabilities.lastIndex { $0 > 0 } ?? 0
  }

  /// The value that a uniform number in [0, 1) stands for.
  func value(of uniform: Double) -> Value { values[index(of: uniform)] }
}

extension DiscreteDistribution: ExpressibleByDictionaryLiteral {
  /// Creates a distribution from values and weights: `[2: 0.6, 3: 0.4]`.
  ///
  /// The literal must have a positive weight and no negative one.
  public init(dictionaryLiteral elements: (Value, Double)...) {
    guard let distribution = Self(elements.map { (value: $0.0, weight: $0.1) }) else {
      preconditionFailure("weights must not be negative, and one must be positive")
    }
    self = distribution
  }
}

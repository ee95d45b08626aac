/// Bands of a score, from the highest to the lowest.
///
/// With the default bounds 70, 60, 50, 40, 30 the tiers are `>=70`, `60-70`, …, `30-40` and `<30`.
/// Tiers are half-open: a score of exactly 60 belongs to `60-70`. Scores that miss a bound by less than
/// 1e-9 count as reaching it, because a weighted composite of exactly 60 may come out as 59.99….
public struct Tiers: Sendable, Hashable {
  /// The lower bounds of all tiers but the last, in descending order.
  public let bounds: [Double]

  /// The bands of the original survey.
  public static let standard = Tiers(validated: [70, 60, 50, 40, 30])

  /// Creates tiers from bounds in descending order; `nil` when there are none or they do not
  /// descend.
  public init?(bounds: [Double]) {
    guard !bounds.isEmpty, bounds.allSatisfy(\.isFinite),
      zip(bounds, bounds.dropFirst()).allSatisfy({ $0 > $1 })
    else { return nil }
    self.init(validated: bounds)
  }

  private init(validated bounds: [Double]) { self.bounds = bounds }

  /// The names of the tiers, from the highest to the lowest.
  public var names: [String] {
    let texts = bounds.map { bound in Int(exactly: bound).map(String.init) ?? "\(bound)" }
    let middle = zip(texts.dropFirst(), texts).map { "\($0)-\($1)" }
    return [">=\(texts[0])"] + middle + ["<\(texts[texts.count - 1])"]
  }

  /// The position of the tier that holds a score.
  public func index(of score: Double) -> Int {
    bounds.firstIndex { score >= $0 - 1e-9 } ?? bounds.count
  }
}

extension Tiers {
  /// Reads bounds separated by commas; `nil` when they are no descending numbers.
  public init?(text: String) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { field in
      Double(field.split(separator: " ").joined(separator: " "))
    }
    guard numbers.allSatisfy({ $0 != nil }) else { return nil }
    self.init(bounds: numbers.compactMap { $0 })
  }
}

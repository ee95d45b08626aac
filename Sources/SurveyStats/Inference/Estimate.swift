/// An estimated quantity with its uncertainty, and what there is to say about it.
///
/// A row of every table of results is made of estimates: see ``Column``. A quantity that is undefined
/// has no value and a note that says why; one without limits has a note that says why, unless none
/// were asked for.
public struct Estimate: Sendable, Equatable {
  /// The estimate; `nil` where it is undefined.
  public var value: Double?
  /// Its standard error; `nil` where it has none.
  public var standardError: Double?
  /// The lower limit; `nil` where there is none, or where the interval is open to that side.
  public var lower: Double?
  /// The upper limit; `nil` where there is none, or where the interval is open to that side.
  public var upper: Double?
  /// The confidence level of the limits.
  public var level: Double?
  /// How the limits were made; `nil` without limits.
  public var method: MethodName?
  /// The degrees of freedom behind the limits, where they come from a t or F distribution.
  public var degreesOfFreedom: Double?
  /// The number of papers that the estimate rests on.
  public var count: Int?
  /// Why there is no value, why there are no limits, what is doubtful.
  public var notes: [Note]

  /// Creates an estimate; everything but the value may follow later.
  public init(
    _ value: Double?, standardError: Double? = nil, lower: Double? = nil, upper: Double? = nil,
    level: Double? = nil, method: MethodName? = nil, degreesOfFreedom: Double? = nil,
    count: Int? = nil, notes: [Note] = []
  ) {
    self.value = value
    self.standardError = standardError
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
    self.degreesOfFreedom = degreesOfFreedom
    self.count = count
    self.notes = notes
  }

  /// Nothing, known for certain.
  public static let zero = Estimate(0, lower: 0, upper: 0)

  /// The two limits; `nil` where one is missing.
  public var limits: (lower: Double, upper: Double)? {
    guard let lower, let upper else { return nil }
    return (lower, upper)
  }

  /// Whether there are two limits.
  public var hasLimits: Bool { lower != nil && upper != nil }
}

extension Estimate {
  /// The estimate times a constant.
  public func times(_ coefficient: Double) -> Estimate {
    var product = self
    product.value = value.map { coefficient * $0 }
    product.standardError = standardError.map { abs(coefficient) * $0 }
    let ends = [lower.map { coefficient * $0 }, upper.map { coefficient * $0 }]
    (product.lower, product.upper) = coefficient < 0 ? (ends[1], ends[0]) : (ends[0], ends[1])
    return product
  }

  /// The sum of this and an independent estimate.
  public func plus(_ other: Estimate) -> Estimate { minus(other.times(-1), correlation: 0) }

  /// This less another estimate, which may be correlated with it ("MOVER").
  ///
  /// The limits of each term say how far its variance lets the estimate be off to either side. The
  /// lower limit of t₁ − t₂ lies `√((t₁ − l₁)² − 2r (t₁ − l₁)(u₂ − t₂) + (u₂ − t₂)²)` below the
  /// difference, the upper one the same with l and u exchanged above it. Skewed intervals of terms,
  /// such as Wilson's of a rate of 0 or 1, so give skewed intervals of the difference, and never one
  /// without width. Without a value or limits of both terms the difference has none.
  ///
  /// Reference: Zou & Donner (2008), *Statistics in Medicine* 27:1693, equations 2 and 4; Zou, Huang &
  /// Zhang (2009), *Computational Statistics & Data Analysis* 53:1080.
  ///
  /// - Parameters:
  ///   - other: What is taken away.
  ///   - correlation: The correlation of the two estimates.
  public func minus(_ other: Estimate, correlation: Double) -> Estimate {
    func distance(_ own: Double, _ others: Double) -> Double {
      max(0, own * own - 2 * correlation * own * others + others * others).squareRoot()
    }
    var difference = Estimate(nil, notes: notes + other.notes)
    guard let value, let subtracted = other.value else { return difference }
    difference.value = value - subtracted
    if let mine = standardError, let theirs = other.standardError {
      difference.standardError = distance(mine, theirs)
    }
    guard let lower, let upper, let otherLower = other.lower, let otherUpper = other.upper else {
      return difference
    }
    difference.lower = value - subtracted - distance(value - lower, otherUpper - subtracted)
    difference.upper = value - subtracted + distance(upper - value, subtracted - otherLower)
    difference.level = level
    difference.method = .mover
    return difference
  }
}

extension MethodName {
  /// Limits of a sum or difference from those of its terms (Zou & Donner 2008).
  public static let mover = MethodName(rawValue: "mover")
}

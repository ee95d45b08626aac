/// An estimate with the limits of its interval, from which limits of sums and differences follow.
///
/// The limits of each term say how far its variance lets the estimate be off to either side, and the
/// squares of these distances add up ("MOVER"): the lower limit of `t₁ + t₂` lies
/// `√((t₁ − l₁)² + (t₂ − l₂)²)` below it, the upper one `√((u₁ − t₁)² + (u₂ − t₂)²)` above. Skewed
/// intervals of terms, such as Wilson's of a rate of 0 or 1, so give skewed intervals of the sum, and
/// never one without width.
///
/// Reference: Zou & Donner (2008), *Statistics in Medicine* 27:1693, equations 2 and 4; Zou, Huang &
/// Zhang (2009), *Computational Statistics & Data Analysis* 53:1080.
struct LimitedEstimate: Sendable, Equatable {
  var estimate: Double
  var lower: Double
  var upper: Double

  /// Nothing, known for certain.
  static let zero = LimitedEstimate(estimate: 0, lower: 0, upper: 0)

  /// The estimate times a constant.
  func times(_ coefficient: Double) -> LimitedEstimate {
    let ends = [coefficient * lower, coefficient * upper]
    return LimitedEstimate(
      estimate: coefficient * estimate, lower: min(ends[0], ends[1]), upper: max(ends[0], ends[1]))
  }

  /// The sum of this and an independent estimate.
  static func + (left: LimitedEstimate, right: LimitedEstimate) -> LimitedEstimate {
    left.less(right.times(-1), correlation: 0)
  }

  /// This less another estimate, which may be correlated with it.
  ///
  /// The lower limit lies `√((t₁ − l₁)² − 2r (t₁ − l₁)(u₂ − t₂) + (u₂ − t₂)²)` below the difference.
  func less(_ other: LimitedEstimate, correlation: Double) -> LimitedEstimate {
    func distance(_ own: Double, _ others: Double) -> Double {
      max(0, own * own - 2 * correlation * own * others + others * others).squareRoot()
    }
    let difference = estimate - other.estimate
    return LimitedEstimate(
      estimate: difference,
      lower: difference - distance(estimate - lower, other.upper - other.estimate),
      upper: difference + distance(upper - estimate, other.estimate - other.lower))
  }
}

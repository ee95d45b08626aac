import RealModule

/// Limits of a mean that hold at all times at once, however often one looks.
///
/// Of values in [0, 1] whose mean given the past is always the same μ, the sequence of intervals holds μ at
/// every time with the level. It is the empirical-Bernstein one with predictable plug-in: with
/// `μ̂_t = (½ + Σ x) / (t + 1)`, `σ̂²_t = (¼ + Σ (x_i − μ̂_i)²) / (t + 1)` and
/// `λ_t = min(½, √(2 log(2/α) / (σ̂²_{t−1} t log(1 + t))))` the limits at time t are
/// `Σ λ_i x_i / Σ λ_i ± (log(2/α) + Σ 4 (x_i − μ̂_{i−1})² ψ(λ_i)) / Σ λ_i` with
/// `ψ(λ) = (−log(1 − λ) − λ) / 4`, each within all earlier ones.
///
/// Reference: Waudby-Smith & Ramdas (2024), *JRSS B* 86:1, theorem 2. Cost: constant a value.
public struct ConfidenceSequence: Sendable, Equatable {
  /// The confidence level.
  public let level: Double
  /// The number of values.
  public private(set) var count = 0
  /// The lower limit.
  public private(set) var lower = 0.0
  /// The upper limit.
  public private(set) var upper = 1.0
  /// Whether the limits of some time are apart from those of an earlier one, so that the mean must have
  /// changed; with a constant mean this happens with at most the error of the level.
  private(set) var isContradicted = false
  private var sum = 0.0
  private var squares = 0.0
  private var weights = 0.0
  private var weighted = 0.0
  private var spread = 0.0

  /// Creates a sequence without values.
  public init(level: Double) { self.level = level }

  /// The mean; `nil` without values.
  public var mean: Double? { count > 0 ? sum / Double(count) : nil }

  /// Adds a value of [0, 1].
  public mutating func add(_ value: Double) {
    precondition(value >= 0 && value <= 1, "a value outside of 0 and 1")
    let next = Double(count + 1)
    let before = (0.5 + sum) / next
    let variance = (0.25 + squares) / next
    let bound = Double.log(2 / (2 * ConfidenceLevel.tail(level)))
    let weight = min(0.5, (2 * bound / (variance * next * .log(1 + next))).squareRoot())
    spread +=
      4 * (value - before) * (value - before) * (-Double.log(onePlus: -weight) - weight) / 4
    weights += weight
    weighted += weight * value
    sum += value
    count += 1
    let mean = (0.5 + sum) / (next + 1)
    squares += (value - mean) * (value - mean)
    let (center, margin) = (weighted / weights, (bound + spread) / weights)
    // Where the limits have crossed, the mean has changed; the last interval stays.
    let (low, high) = (max(lower, center - margin), min(upper, center + margin))
    if low <= high { (lower, upper) = (low, high) } else { isContradicted = true }
  }
}

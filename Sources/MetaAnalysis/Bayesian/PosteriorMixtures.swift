import RealModule
public import SurveyStats

/// The posterior distribution of an effect over some models: what each says, by its probability, with a
/// part that sits on zero where a model has no effect.
struct EffectMixture {
  /// The probability of no effect.
  private let atZero: Double
  /// The grid and the density there, which with the part at zero has the integral one.
  private var grid: (start: Double, step: Double)
  private var values: [Double]

  /// The points of the grid with the density.
  var points: [(Double, Double)] {
    values.indices.map { (grid.start + Double($0) * grid.step, values[$0]) }
  }

  private static let size = 1_601

  /// Mixes models.
  ///
  /// - Parameters:
  ///   - models: The models with their weights, of any sum.
  ///   - includingNone: Whether models without an effect count, as zero.
  ///   - spread: Gives the distribution of the true effect of a new study.
  init(
    _ models: [(weight: Double, evidence: ModelEvidence)], includingNone: Bool,
    spreadBy spread: TauGrid? = nil
  ) {
    var normals: [(weight: Double, mean: Double, deviation: Double)] = []
    var sampled: [(weight: Double, density: SampledDensity)] = []
    var zero = 0.0
    for (weight, evidence) in models {
      for (place, effect) in evidence.effects.enumerated() {
        let share = weight * effect.weight
        guard share > 1e-12 else { continue }
        var extra = 0.0
        if let spread, !evidence.tau.weights.isEmpty {
          extra = Self.tau(of: place, evidence, spread)
        }
        switch effect.posterior {
        case .none:
          guard includingNone else { continue }
          if extra > 0 { normals.append((share, 0, extra)) } else { zero += share }
        case .normals(let parts):
          for part in parts where share * part.weight > 1e-12 {
            normals.append(
              (
                share * part.weight, part.mean,
                (part.deviation * part.deviation + extra * extra).squareRoot()
              ))
          }
        case .sampled(let density):
          if extra > 0 {
            for (index, value) in density.values.enumerated() {
              let mass = share * value * density.step
              guard mass > 1e-12 else { continue }
              // A new study is spread by tau around each point; a point stands for a step.
              let own = density.step * 0.5
              normals.append(
                (
                  mass, density.start + Double(index) * density.step,
                  (extra * extra + own * own).squareRoot()
                ))
            }
          } else {
            sampled.append((share, density))
          }
        }
      }
    }
    let total =
      zero + normals.reduce(0) { $0 + $1.weight } + sampled.reduce(0) { $0 + $1.weight }
    atZero = total > 0 ? zero / total : 1
    grid = (0, 1)
    values = []
    guard total > zero else { return }
    let ends = Self.ends(normals, sampled, total: total - zero)
    let step = (ends.high - ends.low) / Double(Self.size - 1)
    grid = (ends.low, step)
    values = [Double](repeating: 0, count: Self.size)
    let root = (2 * Double.pi).squareRoot()
    for part in normals {
      let first = max(0, Int((part.mean - 9 * part.deviation - ends.low) / step))
      let last = min(
        Self.size - 1, Int(((part.mean + 9 * part.deviation - ends.low) / step).rounded(.up)))
      guard first <= last else { continue }
      let height = part.weight / total / (part.deviation * root)
      for index in first...last {
        let z = (ends.low + Double(index) * step - part.mean) / part.deviation
        values[index] += height * .exp(-z * z / 2)
      }
    }
    for part in sampled {
      let first = max(0, Int((part.density.start - ends.low) / step))
      let last = min(Self.size - 1, Int(((part.density.end - ends.low) / step).rounded(.up)))
      guard first <= last else { continue }
      for index in first...last {
        values[index] += part.weight / total * part.density(ends.low + Double(index) * step)
      }
    }
    let integral = (values.reduce(0, +) - (values[0] + values[Self.size - 1]) / 2) * step
    if integral > 0 { for index in values.indices { values[index] *= (1 - atZero) / integral } }
  }

  /// Tau of the part of a model.
  private static func tau(of place: Int, _ evidence: ModelEvidence, _ grid: TauGrid) -> Double {
    // Parts are the points of tau with some weight, in order.
    var seen = -1
    for (index, weight) in evidence.tau.weights.enumerated() where weight > 1e-12 {
      seen += 1
      if seen == place { return grid.tau(evidence.tau.first + index) }
    }
    return 0
  }

  /// Where the grid begins and ends: nothing beyond has a probability above about 1e-9.
  private static func ends(
    _ normals: [(weight: Double, mean: Double, deviation: Double)],
    _ sampled: [(weight: Double, density: SampledDensity)], total: Double
  ) -> (low: Double, high: Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for part in normals where part.weight > 1e-9 * total {
      let reach = (2 * Double.log(part.weight / total * 1e10)).squareRoot() * part.deviation
      low = min(low, part.mean - reach)
      high = max(high, part.mean + reach)
    }
    for part in sampled where part.weight > 1e-9 * total {
      let least = 1e-10 * total / part.weight / part.density.step
      let shown = part.density.values.indices.filter { part.density.values[$0] > least }
      guard let first = shown.first, let last = shown.last else { continue }
      low = min(low, part.density.start + Double(first - 1) * part.density.step)
      high = max(high, part.density.start + Double(last + 1) * part.density.step)
    }
    return low < high ? (low, high) : (low - 1, low + 1)
  }

  /// The probability of values below `x`, without the part at zero.
  private var cumulated: [Double] {
    var sums = [0.0]
    for index in 1..<max(values.count, 1) {
      // Simpson's rule on each interval, with the midpoint of a cubic through four points.
      let (a, b) = (values[index - 1], values[index])
      let before = index >= 2 ? values[index - 2] : a
      let after = index + 1 < values.count ? values[index + 1] : b
      sums.append(
        sums[index - 1] + grid.step * ((a + b) / 2 - (before - a - b + after) / 24))
    }
    return sums
  }

  /// Mean, deviation and central interval.
  func estimate(level: Double) -> Estimate {
    guard !values.isEmpty else {
      return Estimate(
        0, standardError: 0, lower: 0, upper: 0, level: level, method: .posterior)
    }
    var (mean, square) = (0.0, 0.0)
    for (x, density) in points {
      mean += x * density * grid.step
      square += x * x * density * grid.step
    }
    let sums = cumulated
    let tail = ConfidenceLevel.tail(level)
    func quantile(_ probability: Double) -> Double {
      let below = Self.interpolated(at: 0, sums, grid)
      if atZero > 0, probability >= below, probability <= below + atZero { return 0 }
      let target = probability > below + atZero ? probability - atZero : probability
      return Self.inverse(target, sums, grid)
    }
    return Estimate(
      mean, standardError: max(0, square - mean * mean).squareRoot(), lower: quantile(tail),
      upper: quantile(1 - tail), level: level, method: .posterior)
  }

  private static func interpolated(
    at x: Double, _ sums: [Double], _ grid: (start: Double, step: Double)
  ) -> Double {
    let place = (x - grid.start) / grid.step
    if place <= 0 { return 0 }
    if place >= Double(sums.count - 1) { return sums[sums.count - 1] }
    let index = Int(place)
    return sums[index] + (place - Double(index)) * (sums[index + 1] - sums[index])
  }

  private static func inverse(
    _ target: Double, _ sums: [Double], _ grid: (start: Double, step: Double)
  ) -> Double {
    guard let above = sums.firstIndex(where: { $0 >= target }), above > 0 else {
      return target <= 0 ? grid.start : grid.start + Double(sums.count - 1) * grid.step
    }
    let (low, high) = (sums[above - 1], sums[above])
    let part = high > low ? (target - low) / (high - low) : 0
    return grid.start + (Double(above - 1) + part) * grid.step
  }
}

/// The posterior distribution of the standard deviation between studies over some models.
struct TauMixture {
  private var atZero: Double
  private let grid: TauGrid
  private var first = 0
  private var weights: [Double] = []

  init(
    _ models: [(weight: Double, evidence: ModelEvidence)], grid: TauGrid, includingNone: Bool
  ) {
    self.grid = grid
    atZero = 0
    let parts = models.filter { !$0.evidence.tau.weights.isEmpty }
    first = parts.map(\.evidence.tau.first).min() ?? 0
    let end = parts.map { $0.evidence.tau.first + $0.evidence.tau.weights.count }.max() ?? 0
    weights = [Double](repeating: 0, count: max(0, end - first))
    for (weight, evidence) in models {
      if evidence.tau.weights.isEmpty {
        if includingNone { atZero += weight }
        continue
      }
      for (index, value) in evidence.tau.weights.enumerated() {
        weights[evidence.tau.first - first + index] += weight * value
      }
    }
    let total = atZero + weights.reduce(0, +)
    guard total > 0 else { return }
    atZero /= total
    for index in weights.indices { weights[index] /= total }
  }

  /// Mean, deviation and central interval; the interval of a density of log tau on a fine grid.
  func estimate(level: Double) -> Estimate {
    guard weights.contains(where: { $0 > 0 }) else {
      return Estimate(
        0, standardError: 0, lower: 0, upper: 0, level: level, method: .posterior)
    }
    var (mean, square) = (0.0, 0.0)
    for (index, weight) in weights.enumerated() {
      let tau = grid.tau(first + index)
      mean += tau * weight
      square += tau * tau * weight
    }
    let density = SampledDensity(
      start: grid.logTau(first), step: grid.step, values: weights.map { $0 / grid.step })
    let fine = grid.step / 16
    var sums = [0.0]
    var last = density(density.start)
    for index in 1..<((weights.count - 1) * 16 + 1) {
      let next = density(density.start + Double(index) * fine)
      let middle = density(density.start + (Double(index) - 0.5) * fine)
      sums.append(sums[index - 1] + fine * (last + 4 * middle + next) / 6)
      last = next
    }
    let whole = sums[sums.count - 1]
    func quantile(_ probability: Double) -> Double {
      guard probability > atZero, whole > 0 else { return 0 }
      let target = (probability - atZero) / (1 - atZero) * whole
      guard let above = sums.firstIndex(where: { $0 >= target }), above > 0 else {
        return grid.tau(first)
      }
      let part = (target - sums[above - 1]) / (sums[above] - sums[above - 1])
      return .exp(density.start + (Double(above - 1) + part) * fine)
    }
    let tail = ConfidenceLevel.tail(level)
    return Estimate(
      mean, standardError: max(0, square - mean * mean).squareRoot(), lower: quantile(tail),
      upper: quantile(1 - tail), level: level, method: .posterior)
  }
}

extension MethodName {
  /// A central posterior interval.
  public static let posterior = MethodName(rawValue: "posterior")
}

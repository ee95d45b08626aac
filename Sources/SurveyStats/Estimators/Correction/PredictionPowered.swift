/// Prediction-powered inference: the mean of the rater's answers in the papers that were not re-answered,
/// corrected by its mean error in those that were.
///
/// With y and a the numbers of yes and of applicable cells of a paper by the better rater, ŷ and â those by
/// the rater, the rate is `(λ ⟨ŷ⟩ᵤ + ⟨y − λ ŷ⟩ₗ) / (λ ⟨â⟩ᵤ + ⟨a − λ â⟩ₗ)`: u are the papers without, l those with
/// a second reading, weighted, l also by the inverse probabilities of being re-answered. λ = 1 is plain
/// PPI; with unequal probabilities u are all papers, as those left are no fair sample of them;
/// ``tunesPower`` takes the λ of least variance, `cov(d, d̂) / ((1 + n/N) var(d̂))` within 0 and 1 for
/// the residuals d = y − r a. In strata the four means are those of a stratum, with a λ of its own, added
/// up by the strata's shares of all papers; papers may have been re-answered at another rate in each.
/// Limits are normal ones, cut to 0 and 1, with variances by sampling units: at few re-answered papers
/// they are much too short (docs/raters.md), and have no width where these agree.
///
/// Reference: Angelopoulos et al. (2023), *Science* 382:669; Angelopoulos, Duchi & Zrnic (2023), arXiv
/// 2311.01453, section 4; with known probabilities Egami et al. (2023), *NeurIPS* 36.
struct PredictionPowered: RateCorrection {
  /// Whether λ is chosen.
  let tunesPower: Bool
  /// Whether λ is chosen by other papers than it is used for, in five parts.
  var crossFits = false

  var name: MethodName {
    MethodName(rawValue: crossFits ? "cross-ppi" : tunesPower ? "ppi++" : "ppi")
  }

  func estimate(_ sample: CorrectionSample, level: Double) -> Estimate {
    var strata = Papers.strata(sample)
    var notes: [Note] = []
    if strata.count > 1, strata.contains(where: { $0.labeled.count < 2 }) {
      strata = [Papers(sample, units: 0..<sample.design.unitCount)]
      notes = [.strataReansweredTooRarely]
    }
    guard strata.allSatisfy({ $0.labeled.count > 1 }) else {
      return Estimate(nil, count: sample.papers.count, notes: [.fewerThanTwoReanswered])
    }
    func total(_ part: (Int) -> Double) -> Double {
      strata.indices.reduce(0) { $0 + strata[$1].share * part($1) }
    }
    func ratio(_ powers: [[Double]]) -> Double? {
      let below = total { place in strata[place].denominator { powers[place][$0] } }
      guard below > 0 else { return nil }
      return total { place in strata[place].numerator { powers[place][$0] } } / below
    }
    var powers = strata.map { [Double](repeating: 0, count: $0.labeled.count) }
    var rate = ratio(powers) ?? 0
    if !tunesPower { powers = powers.map { $0.map { _ in 1 } } }
    // λ depends on the rate and the rate on λ; two rounds are enough to settle.
    for _ in 0..<(tunesPower ? 3 : 1) {
      if tunesPower { powers = strata.map { $0.powers(at: rate, folds: crossFits ? 5 : 1) } }
      guard let found = ratio(powers) else { break }
      rate = found
    }
    let denominator = total { place in strata[place].denominator { powers[place][$0] } }
    guard denominator > 0 else {
      return Estimate(nil, count: sample.papers.count, notes: [.neverApplicableToBetter])
    }
    let variance = strata.indices.reduce(0) { sum, place in
      let own = strata[place]
      return sum + own.share * own.share * own.variance(at: rate) { powers[place][$0] }
    }
    let error = variance.squareRoot() / denominator
    let z = Normal().upperQuantile(ConfidenceLevel.tail(level))
    let value = min(max(rate, 0), 1)
    return Estimate(
      value, standardError: error, lower: min(max(rate - z * error, 0), value),
      upper: max(min(rate + z * error, 1), value), level: level, method: name,
      count: sample.papers.count, notes: notes + (error > 0 ? [] : [.intervalWithoutWidth]))
  }

  /// The numbers of yes and applicable cells by unit, in a stratum.
  private struct Papers {
    struct Unit {
      var yes = 0.0
      var applies = 0.0
      var raterYes = 0.0
      var raterApplies = 0.0
      func residual(_ rate: Double) -> Double { yes - rate * applies }
      func raterResidual(_ rate: Double) -> Double { raterYes - rate * raterApplies }
    }
    var labeled: [Unit] = []
    /// The papers without a second reading, or all.
    var unlabeled: [Unit] = []
    /// Whether these are all papers, so that the labeled ones are among them.
    let overlaps: Bool

    /// The stratum's share of all papers.
    private(set) var share = 0.0

    /// The strata that have papers.
    static func strata(_ sample: CorrectionSample) -> [Papers] {
      var first = 0
      return sample.design.stratumSizes.map { size in
        defer { first += size }
        return Papers(sample, units: first..<first + size)
      }.filter { $0.share > 0 }
    }

    /// The papers of some units.
    ///
    /// Sums of a unit are divided by the papers that a unit has on average, as a cluster may have been
    /// re-answered in part.
    init(_ sample: CorrectionSample, units: Range<Int>) {
      let design = sample.design
      var places: [Int: Int] = [:]
      let reanswered = sample.isChosen ? [] : Set(sample.papers)
      overlaps = sample.isChosen
      var weights = 0.0
      for (place, paper) in sample.papers.enumerated()
      where units.contains(design.unitOfPaper[paper]) {
        let (table, weight) = (sample.tables[place], sample.tableWeights[place])
        let unit = places[design.unitOfPaper[paper]] ?? labeled.count
        if unit == labeled.count { labeled.append(Unit()) }
        places[design.unitOfPaper[paper]] = unit
        weights += weight
        labeled[unit].yes += weight * table.second(.yes)
        labeled[unit].applies += weight * (table.second(.yes) + table.second(.no))
        labeled[unit].raterYes += weight * table.first(.yes)
        labeled[unit].raterApplies += weight * (table.first(.yes) + table.first(.no))
      }
      Self.scale(&labeled, weights: weights)
      var others: [Int: Int] = [:]
      weights = 0
      var (asked, all) = (0.0, 0.0)
      for paper in 0..<design.paperCount {
        let states = sample.states[paper * 3..<paper * 3 + 3]
        let (yes, no) = (states[paper * 3], states[paper * 3 + 1])
        guard yes + no + states[paper * 3 + 2] > 0 else { continue }
        all += sample.weights[paper]
        guard units.contains(design.unitOfPaper[paper]) else { continue }
        asked += sample.weights[paper]
        if reanswered.contains(paper) { continue }
        let unit = others[design.unitOfPaper[paper]] ?? unlabeled.count
        if unit == unlabeled.count { unlabeled.append(Unit()) }
        others[design.unitOfPaper[paper]] = unit
        weights += sample.weights[paper]
        unlabeled[unit].raterYes += sample.weights[paper] * yes
        unlabeled[unit].raterApplies += sample.weights[paper] * (yes + no)
      }
      Self.scale(&unlabeled, weights: weights)
      share = all > 0 ? asked / all : 0
    }

    private static func scale(_ units: inout [Unit], weights: Double) {
      guard weights > 0 else { return }
      let factor = Double(units.count) / weights
      for place in units.indices {
        units[place].yes *= factor
        units[place].applies *= factor
        units[place].raterYes *= factor
        units[place].raterApplies *= factor
      }
    }

    private func sums(
      _ power: (Int) -> Double, _ own: KeyPath<Unit, Double>, _ raters: KeyPath<Unit, Double>
    ) -> Double {
      let count = Double(labeled.count)
      var sum = 0.0
      var mean = 0.0
      for (place, unit) in labeled.enumerated() {
        let used = unlabeled.isEmpty ? 0 : power(place)
        sum += (unit[keyPath: own] - used * unit[keyPath: raters]) / count
        mean += used / count
      }
      guard !unlabeled.isEmpty else { return sum }
      return sum + mean * unlabeled.reduce(0) { $0 + $1[keyPath: raters] }
        / Double(unlabeled.count)
    }

    func denominator(power: (Int) -> Double) -> Double { sums(power, \.applies, \.raterApplies) }

    func numerator(power: (Int) -> Double) -> Double { sums(power, \.yes, \.raterYes) }

    /// The λ of each labeled unit: of all, or of the folds that it is not in.
    func powers(at rate: Double, folds: Int) -> [Double] {
      guard !unlabeled.isEmpty else { return labeled.map { _ in 0 } }
      let residuals = (labeled + unlabeled).map { $0.raterResidual(rate) }
      let spread = Self.covariance(residuals, residuals)
      let ratio = 1 + Double(labeled.count) / Double(unlabeled.count)
      let found = (0..<folds).map { fold -> Double in
        let units = labeled.indices.filter { folds == 1 || $0 % folds != fold }.map { labeled[$0] }
        guard spread > 0, units.count > 1 else { return 0 }
        let covariance = Self.covariance(
          units.map { $0.residual(rate) }, units.map { $0.raterResidual(rate) })
        return min(max(covariance / (ratio * spread), 0), 1)
      }
      return labeled.indices.map { found[$0 % folds] }
    }

    func variance(at rate: Double, power: (Int) -> Double) -> Double {
      let own = labeled.enumerated().map { place, unit in
        unit.residual(rate) - (unlabeled.isEmpty ? 0 : power(place)) * unit.raterResidual(rate)
      }
      let mean =
        labeled.indices.reduce(0) { $0 + power($1) } / Double(max(labeled.count, 1))
      let rest = unlabeled.map { mean * $0.raterResidual(rate) }
      let shared =
        overlaps
        ? 2 * mean * Self.covariance(own, labeled.map { $0.raterResidual(rate) })
          / Double(max(unlabeled.count, 1)) : 0
      return max(0, shared) + Self.covariance(own, own) / Double(labeled.count)
        + (rest.count > 1 ? Self.covariance(rest, rest) / Double(rest.count) : 0)
    }

    static func covariance(_ x: [Double], _ y: [Double]) -> Double {
      PredictionPoweredMean.covariance(x, y, divisor: .lessOne)
    }
  }
}

/// The mean of a quantity that is known of some and predicted of all, by prediction-powered inference.
///
/// `λ ⟨f⟩ᵤ + ⟨y − λ f⟩ₗ` with the variance `λ² var(f)ᵤ / N + var(y − λ f)ₗ / n`; see `PredictionPowered`.
public struct PredictionPoweredMean: Sendable, Equatable {
  /// What sums of squares are divided by.
  public enum Divisor: Sendable {
    /// Their number, as the program ppi-python does.
    case count
    /// One less, which makes variances unbiased.
    case lessOne
  }

  /// The mean.
  public let value: Double
  /// Its standard error.
  public let standardError: Double
  /// How much predictions count.
  public let power: Double

  /// Finds the mean.
  ///
  /// - Parameters:
  ///   - labeled: What is known and what was predicted, of some; at least two.
  ///   - unlabeled: What was predicted of others; at least two.
  ///   - power: How much predictions count; `nil` for the least variance, within 0 and 1.
  ///   - divisor: What sums of squares are divided by.
  public init(
    labeled: [(value: Double, prediction: Double)], unlabeled: [Double], power: Double? = nil,
    divisor: Divisor = .lessOne
  ) {
    precondition(labeled.count > 1 && unlabeled.count > 1, "too few values")
    let (values, predictions) = (labeled.map(\.value), labeled.map(\.prediction))
    let all = predictions + unlabeled
    let spread = Self.covariance(all, all, divisor: .lessOne)
    let ratio = 1 + Double(labeled.count) / Double(unlabeled.count)
    let covariance = Self.covariance(values, predictions, divisor: divisor)
    let used = power ?? (spread > 0 ? min(max(covariance / (ratio * spread), 0), 1) : 0)
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
    let rest = labeled.map { $0.value - used * $0.prediction }
    value = used * mean(unlabeled) + mean(rest)
    let variance =
      used * used * Self.covariance(unlabeled, unlabeled, divisor: divisor)
      / Double(unlabeled.count) + Self.covariance(rest, rest, divisor: divisor)
      / Double(rest.count)
    standardError = variance.squareRoot()
    self.power = used
  }

  /// The normal limits.
  public func limits(level: Double) -> (lower: Double, upper: Double) {
    let z = Normal().upperQuantile(ConfidenceLevel.tail(level))
    return (value - z * standardError, value + z * standardError)
  }

  static func covariance(_ x: [Double], _ y: [Double], divisor: Divisor) -> Double {
    let count = Double(x.count)
    guard x.count > 1 else { return 0 }
    let (a, b) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let sum = zip(x, y).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) }
    return sum / (divisor == .count ? count : count - 1)
  }
}

extension Note {
  /// With fewer than two re-answered papers there is no variance.
  public static let fewerThanTwoReanswered = Note(
    "fewer-than-2-re-answered", effect: .noValue,
    words: "fewer than two papers were re-answered, which have no spread")
  /// A stratum has fewer than two re-answered papers, so that the strata count as one.
  static let strataReansweredTooRarely = Note(
    "strata-not-used", effect: .doubt,
    words:
      "a stratum has fewer than two re-answered papers, so that all papers count as one stratum")
  /// The limits are the estimate itself.
  static let intervalWithoutWidth = Note("interval-without-width", effect: .doubt)
}

/// One coefficient of some items with its error and limits.
struct AgreementSummary {
  private let value: Double?
  private let observed: Double
  private let error: (error: Double, units: Int)?
  private let influence: [Double]
  private let coefficient: AgreementCoefficient
  private let cellCount: Int
  private let effectiveUnits: Double
  private let expected: Double
  private let level: Double
  private var notes: [Note] = []
  private let paperCount: Int
  /// Whether the error is that of single papers and one item, whose limits need no t distribution.
  private let isSimple: Bool

  /// Sums up the values of items.
  ///
  /// - Parameters:
  ///   - influence: The influence of each unit; `nil` for the linearised one.
  ///   - isPlainKappa: Whether the error is that of Fleiss, Cohen & Everitt.
  init(
    _ statistic: AgreementStatistic, measure: AgreementStatistic.Measure,
    values: [(value: AgreementStatistic.ItemValue, items: [Int])],
    counts: AgreementStatistic.Counts, level: Double,
    influence: [Double]?, isPlainKappa: Bool
  ) {
    let defined = values.map(\.value).filter { $0.value.isFinite }
    coefficient = measure.coefficient
    cellCount = counts.cells
    paperCount = counts.papers
    isSimple = values.count == 1 && values[0].items.count == 1 && statistic.isPlain
    self.level = level
    let mean = { (numbers: [Double]) in numbers.reduce(0, +) / Double(numbers.count) }
    let value = defined.isEmpty ? nil : mean(defined.map { $0.value.clearedOfNoise() })
    let observed = mean(defined.map(\.observed))
    self.value = value
    self.observed = observed
    self.influence = value == nil ? [] : influence ?? statistic.influence(values)
    var error = value == nil ? nil : statistic.standardError(self.influence, units: counts.units)
    if isPlainKappa, let found = error {
      error?.error *= (Double(found.units - 1) / Double(found.units)).squareRoot()
    }
    if let found = error { error?.error = found.error.clearedOfNoise() }
    self.error = counts.pairedUnits > 1 ? error : nil
    // The chance that gives the mean coefficient from the mean agreement.
    let chance = value.map {
      $0 < 1 ? 1 - (1 - observed) / (1 - $0) : mean(defined.map(\.expected))
    }
    expected = chance ?? .nan
    effectiveUnits = Double(counts.pairedUnits)
    if counts.papers == 0 {
      notes.append(.neverRatedTwice)
    } else if value == nil {
      notes.append(.oneCategory)
    } else {
      if observed == 1 { notes.append(.perfectAgreement) }
      let undefined = values.count { !$0.value.value.isFinite && $0.value.observed.isFinite }
      if undefined > 0 { notes.append(.undefinedItems(undefined)) }
    }
  }

  /// The estimate, with limits unless others follow.
  func estimate(setsLimits: Bool) -> Estimate {
    var estimate = Estimate(
      value, standardError: error.flatMap { $0.error > 0 ? $0.error : nil }, count: paperCount,
      notes: notes)
    guard value != nil, setsLimits else { return estimate }
    guard coefficient != .greatestKappa else {
      estimate.notes.append(.descriptive)
      return estimate
    }
    guard let error else {
      estimate.notes.append(.oneUnit)
      return estimate
    }
    setAnalyticLimits(of: &estimate, error)
    return estimate
  }

  /// Wilson's limits of the observed agreement on the scale of the coefficient, or normal limits of an
  /// index within its range.
  private func setAnalyticLimits(
    of estimate: inout Estimate, _ error: (error: Double, units: Int)
  ) {
    guard let value else { return }
    guard coefficient.isChanceCorrected else {
      let width = Normal().upperQuantile((1 - level) / 2) * error.error
      guard width > 0 else {
        estimate.notes.append(.allReplicatesEqual)
        return
      }
      (estimate.lower, estimate.upper) = (max(-1, value - width), min(1, value + width))
      (estimate.level, estimate.method) = (level, MethodName(rawValue: "wald"))
      return
    }
    let spread = error.error * (1 - expected)
    let most = max(Double(cellCount), effectiveUnits)
    var trials =
      spread > 0 && observed > 0 && observed < 1
      ? min(observed * (1 - observed) / (spread * spread), most) : effectiveUnits
    if !isSimple {
      // The error of several items, or of clusters, is itself uncertain.
      let tail = (1 - level) / 2
      let ratio =
        Normal().upperQuantile(tail)
        / StudentT(degreesOfFreedom: Double(error.units - 1)).upperQuantile(tail)
      trials *= ratio * ratio
    }
    guard
      let limits = ProportionInterval.wilson.limits(
        successes: observed * trials, trials: trials, level: level)
    else { return }
    let lowest = coefficient == .agreement ? 0.0 : -1
    estimate.lower = max(lowest, (limits.lower - expected) / (1 - expected))
    estimate.upper = min(1, (limits.upper - expected) / (1 - expected))
    (estimate.level, estimate.method) = (level, MethodName(rawValue: "wilson"))
  }

  /// Limits from replicates.
  func setLimits(
    of estimate: inout Estimate, _ sample: BootstrapSample, _ place: Int, kind: ResampledInterval
  ) {
    guard value != nil else { return }
    if kind == .bca {
      guard let acceleration = BootstrapInterval.acceleration(influence: influence) else {
        estimate.notes.append(.allReplicatesEqual)
        return
      }
      estimate.setLimits(
        sample, place, by: .bca(acceleration: acceleration), method: kind.method, level: level)
    } else if let interval = kind.ofReplicatesAlone {
      estimate.setLimits(sample, place, by: interval, method: kind.method, level: level)
    }
  }
}

extension Note {
  /// No paper that is drawn changes the number.
  static let allReplicatesEqual = Note(
    "no-spread", effect: .noLimits, words: "every resample gives the same")
}

import RealModule

/// Changes over a covariate that a better rater would have found in all papers, having answered some.
///
/// Of an item the change is the last less the first point of a logistic curve over the observed span of the
/// covariate, by prediction-powered inference (``PredictionPoweredRegression``) with limits by the delta
/// method; of a category and everything the change of a straight line through the papers' scores as they
/// are, over the items that the better rater was asked. The rater's own changes and those of the better
/// rater's papers alone stand beside, as ``Trends`` finds them (scores as they are: ``ItemMix/Method/crude``).
public struct CorrectedTrends: Analysis {
  /// Whose answers correct, and how.
  public var correction: PoweredCorrection
  /// The numeric column.
  public var on: String
  /// Whether the natural logarithm of the column is taken.
  var isLogarithm: Bool
  /// The rows wanted.
  public var levels: Set<RateTarget.Level>

  /// One row a target.
  public typealias Result = [CorrectedTrend]

  /// Asks for the changes that a better rater would have found.
  public init(
    better: String, on: String = "year", isLogarithm: Bool = false,
    levels: Set<RateTarget.Level> = [.item, .category, .overall],
    method: PoweredMethod = .ppiPlusPlus, level: Double = 0.95, probability: String? = nil
  ) {
    correction = PoweredCorrection(
      better: better, method: method, level: level, probability: probability)
    self.on = on
    self.isLogarithm = isLogarithm
    self.levels = levels
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    correction.handling(of: feature)
  }

  /// Works out all rows; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    guard let found = try correction.readings(of: sample)
    else { return Prepared(draws: []) { _ in [] } }
    let plain = Trends(
      on: on, isLogarithm: isLogarithm, levels: levels, mix: .crude, level: correction.level)
    let covariate = try plain.covariate(of: found.own)
    try found.refuseAnswers(in: on) { try plain.covariate(of: $0) == covariate }
    let naive = try await run(plain, of: found.ownStudy).trends
    let gold = try await run(plain, of: found.goldStudy).trends
    let rows = try RateTarget.all(in: found.own, levels: levels).enumerated().map { place, target in
      try row(target, covariate, found, naive: naive[place].change, gold: gold[place].change)
    }
    return Prepared(draws: []) { _ in rows }
  }

  private func row(
    _ target: RateTarget, _ covariate: [Double?], _ found: CorrectedReadings, naive: Estimate,
    gold: Estimate
  ) throws -> CorrectedTrend {
    var notes = found.notes
    let prediction: [Double?]
    let second: [SecondReading]
    var isAsked = [Bool](repeating: true, count: covariate.count)
    if target.level == .item {
      (prediction, second, isAsked) = try found.words(
        of: .item(found.own.items[target.items[0]].id))
    } else {
      let scored = ScoredReadings(found, items: target.items)
      let words = scored.readings("score")
      // Shares, as changes are.
      prediction = words.prediction.map { $0.map { $0 / 100 } }
      second = words.outcome.map { if case .value(let x) = $0 { .value(x / 100) } else { $0 } }
      notes += scored.notes
    }
    let known = covariate.indices.filter { covariate[$0] != nil && isAsked[$0] }
    let values = known.map { covariate[$0] ?? 0 }
    let missing = covariate.count { $0 == nil }
    if missing > 0 { notes.append(.leftOut(missing)) }
    var effect = CorrectedEffect(
      term: target.term, estimate: Estimate(nil, count: known.count), naive: naive, gold: gold,
      paperCount: known.count, reansweredCount: 0)
    guard let first = values.min(), let last = values.max(), first < last else {
      effect.estimate.notes = [.constantCovariate] + notes
      return CorrectedTrend(target: target, span: nil, effect: effect)
    }
    let papers = zip(known, values).map {
      (paper: $0, x: [1.0, ($1 - first) / (last - first)])
    }
    let curve: PredictionPoweredRegression.Curve = target.level == .item ? .logistic : .line
    let level = correction.level
    var corrected = found.effect(
      curve, papers, (prediction, second), correction, place: 1,
      of: { fit in
        guard curve == .logistic else { return fit.estimate(1, level: level) }
        return Self.change(fit, level: level)
      })
    (corrected.naive, corrected.gold, corrected.term) = (naive, gold, target.term)
    corrected.estimate.lower = corrected.estimate.lower.map { max(-1, $0) }
    corrected.estimate.upper = corrected.estimate.upper.map { min(1, $0) }
    corrected.estimate.notes += notes
    return CorrectedTrend(target: target, span: first...last, effect: corrected)
  }

  /// The last less the first point of a logistic curve.
  private static func change(
    _ fit: PredictionPoweredRegression.Fit, level: Double
  ) -> Estimate {
    func mean(_ x: Double) -> Double { 1 / (1 + .exp(-x)) }
    let (a, b) = (fit.coefficients[0], fit.coefficients[1])
    let (low, high) = (mean(a), mean(a + b))
    let slopes = (low * (1 - low), high * (1 - high))
    var estimate = fit.estimate([slopes.1 - slopes.0, slopes.1], place: 1, level: level)
    let shift = high - low - (estimate.value ?? 0)
    estimate.value = high - low
    estimate.lower = estimate.lower.map { $0 + shift }
    estimate.upper = estimate.upper.map { $0 + shift }
    return estimate
  }
}

/// A corrected change beside what it was corrected from, as fractions.
public struct CorrectedTrend: Sendable, Equatable {
  /// What changes.
  public let target: RateTarget
  /// The smallest and the largest value of the covariate.
  public let span: ClosedRange<Double>?
  /// The changes.
  public let effect: CorrectedEffect
}

extension Table {
  /// Corrected changes, last less first.
  public init(
    correctedTrends groups: [GroupResult<[CorrectedTrend]>], on: String, by: String?, better: String
  ) {
    let keyed = groups.flatMap { group in group.result.map { (group: group.group, row: $0) } }
    let rows = keyed.map(\.row)
    var columns = Column.columns(ofCorrected: rows.map(\.effect), style: .share)
    let place = columns.firstIndex { $0.name == "conf_level" } ?? columns.count
    columns.insert(
      Column("p_value", .real(rows.map(\.effect.pValue)), style: .pValue), at: place)
    columns.insert(
      Column("item", .text(rows.map(\.target.itemName)), isDetail: true), at: columns.count - 1)
    self.init(
      name: "corrected-trends",
      caption:
        "Changes over '\(on)', last less first, as \(better) would have found them in all papers; "
        + "naive: by the rater alone, gold: by \(better) alone in the papers that it has answered.",
      columns: Column.columns(naming: rows.map(\.target))
        + Column.columns(by: by, groups: keyed.map(\.group)) + [
          Column("on", .text(rows.map { _ in on }), isDetail: true),
          Column("from", .real(rows.map { $0.span?.lowerBound }), isDetail: true),
          Column("to", .real(rows.map { $0.span?.upperBound }), isDetail: true),
        ] + columns)
    notes.append("\(better) is not truth: its own errors stay in the corrected changes.")
  }
}

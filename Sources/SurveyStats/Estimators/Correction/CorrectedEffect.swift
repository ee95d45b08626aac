import RealModule

/// A mean or coefficient without a rater's errors, beside what it was corrected from.
public struct CorrectedEffect: Sendable, Equatable {
  /// What is explained, where that is not the term itself.
  public var outcome: String?
  /// The score or predictor.
  public var term: String
  /// The corrected value.
  public var estimate: Estimate
  /// The rater's own, over all papers.
  public var naive: Estimate
  /// The better rater's own, over the papers that it has answered.
  public var gold: Estimate
  /// The papers that take part.
  public var paperCount: Int
  /// Those of them that were re-answered.
  public var reansweredCount: Int
  /// How much the rater's words count, 0 to 1.
  public var power: Double?

  /// How many papers answered by the better rater alone would give so short an interval.
  public var effectiveCount: Double? {
    guard let low = estimate.lower, let high = estimate.upper, high > low, let a = gold.lower,
      let b = gold.upper
    else { return nil }
    let ratio = (b - a) / (high - low)
    return Double(reansweredCount) * ratio * ratio
  }

  /// Student's two-sided p-value of zero.
  public var pValue: Double? {
    guard let value = estimate.value, let error = estimate.standardError, error > 0 else {
      return nil
    }
    let distribution = StudentT(degreesOfFreedom: estimate.degreesOfFreedom ?? .infinity)
    return min(1, 2 * distribution.survival(abs(value) / error))
  }

  init(term: String, _ found: CorrectedEffect, bounds: ClosedRange<Double>) {
    self = found
    self.term = term
    (estimate, naive, gold) = (
      estimate.within(bounds), naive.within(bounds), gold.within(bounds)
    )
  }

  init(
    outcome: String? = nil, term: String = "", estimate: Estimate, naive: Estimate, gold: Estimate,
    paperCount: Int, reansweredCount: Int, power: Double? = nil
  ) {
    self.outcome = outcome
    self.term = term
    self.estimate = estimate
    self.naive = naive
    self.gold = gold
    self.paperCount = paperCount
    self.reansweredCount = reansweredCount
    self.power = power
  }
}

extension Estimate {
  /// The same cut to what is possible.
  fileprivate func within(_ bounds: ClosedRange<Double>) -> Estimate {
    func cut(_ x: Double?) -> Double? {
      x.map { min(max($0, bounds.lowerBound), bounds.upperBound) }
    }
    var result = self
    (result.value, result.lower, result.upper) = (cut(value), cut(lower), cut(upper))
    return result
  }
}

/// What a better rater says of a paper.
enum SecondReading: Sendable, Equatable {
  /// It has not answered it.
  case unread
  /// It has, and there is nothing to say.
  case undefined
  /// What it says.
  case value(Double)
}

extension CorrectedReadings {
  /// With fewer re-answered papers a coefficient the note ``Note/fewReanswered(_:)`` stands.
  static let fewPapers = 20

  /// A coefficient of a regression: corrected, by the rater alone, by the better rater alone.
  ///
  /// - Parameters:
  ///   - papers: The papers that take part, with their predictors.
  ///   - words: What both say.
  ///   - correction: How they are put together.
  ///   - place: The coefficient.
  ///   - change: What is estimated of a fit; `nil` for the coefficient itself.
  func effect(
    _ curve: PredictionPoweredRegression.Curve, _ papers: [(paper: Int, x: [Double])],
    _ words: (prediction: [Double?], outcome: [SecondReading]), _ correction: PoweredCorrection,
    place: Int, of change: ((PredictionPoweredRegression.Fit) -> Estimate)? = nil
  ) -> CorrectedEffect {
    let all = regression(curve, papers, words)
    func value(_ fit: PredictionPoweredRegression.Fit?) -> Estimate {
      guard let fit else { return Estimate(nil, notes: [.noPoweredFit]) }
      return change?(fit) ?? fit.estimate(place, level: correction.level)
    }
    let fit = correction.method.fit(all, place)
    var estimate = value(fit)
    let used = papers.filter { words.outcome[$0.paper] != .unread }
    let width = papers.first?.x.count ?? 1
    estimate.method = estimate.value == nil ? nil : MethodName(rawValue: correction.method.rawValue)
    estimate.count = papers.count
    if used.isEmpty {
      estimate = Estimate(nil, count: papers.count, notes: [.neverReanswered])
    } else if estimate.value == nil, used.allSatisfy({ words.outcome[$0.paper] == .undefined }) {
      estimate.notes = [.neverApplicableToBetter]
    } else if estimate.value != nil, used.count < Self.fewPapers * width {
      estimate.notes.append(.fewReanswered(used.count))
    }
    let naive = regression(
      curve, papers,
      (words.prediction, words.prediction.map { $0.map(SecondReading.value) ?? .undefined }),
      ignoresProbabilities: true)
    return CorrectedEffect(
      estimate: estimate, naive: value(naive.fit(.fixed(0))), gold: value(all.fit(.fixed(0))),
      paperCount: papers.count, reansweredCount: used.count,
      power: estimate.value == nil ? nil : fit?.power)
  }
}

extension Table {
  /// Corrected means of scores, in points.
  public init(correctedScores groups: [GroupResult<[CorrectedEffect]>], by: String?, better: String)
  {
    let keyed = groups.flatMap { group in group.result.map { (group: group.group, row: $0) } }
    let rows = keyed.map(\.row)
    self.init(
      name: "corrected-scores",
      caption:
        "Mean scores as \(better) would have found them in all papers; naive: by the rater alone, "
        + "gold: by \(better) alone in the papers that it has answered.",
      columns: Column.columns(by: by, groups: keyed.map(\.group))
        + [
          Column("score", .text(rows.map(\.term))),
          Column("term", .text(rows.map { _ in "mean" })),
        ] + Column.columns(ofCorrected: rows))
    notes.append("\(better) is not truth: its own errors stay in the corrected scores.")
  }

  /// Corrected log odds ratios.
  public init(correctedLogits rows: [CorrectedEffect], better: String, notes: [String]) {
    func odds(_ values: [Double?]) -> Column.Values {
      .real(values.map { $0.map { Double.exp($0) }.flatMap { $0.isFinite ? $0 : nil } })
    }
    var columns = Column.columns(ofCorrected: rows)
    let place = columns.firstIndex { $0.name == "conf_level" } ?? columns.count
    columns.insert(
      contentsOf: [
        Column("p_value", .real(rows.map(\.pValue)), style: .pValue),
        Column("odds_ratio", odds(rows.map(\.estimate.value))),
        Column("odds_low", odds(rows.map(\.estimate.lower)), style: .lowerLimit(of: "odds_ratio")),
        Column(
          "odds_high", odds(rows.map(\.estimate.upper)), style: .upperLimit(of: "odds_ratio")),
      ], at: place)
    self.init(
      name: "corrected-logit",
      caption:
        "Log odds ratios as \(better) would have found them in all papers; naive: by the rater "
        + "alone, gold: by \(better) alone in the papers that it has answered.",
      columns: [
        Column("outcome", .text(rows.map(\.outcome))), Column("term", .text(rows.map(\.term))),
      ] + columns, notes: notes)
    self.notes.append("\(better) is not truth: its own errors stay in the corrected coefficients.")
  }
}

extension Column {
  /// The columns of corrected values.
  static func columns(ofCorrected rows: [CorrectedEffect], style: Style = .plain) -> [Column] {
    [
      Column("n_papers", .integer(rows.map(\.paperCount))),
      Column("n_gold", .integer(rows.map(\.reansweredCount))),
      Column("n_effective", .real(rows.map(\.effectiveCount))),
    ] + Column.columns(of: rows.map(\.estimate), style: style, errorStyle: style) + [
      Column("conf_level", .real(rows.map(\.estimate.level)), isDetail: true),
      Column("df", .real(rows.map(\.estimate.degreesOfFreedom)), isDetail: true),
      Column("method", .text(rows.map { $0.estimate.method?.rawValue }), isDetail: true),
      Column("power", .real(rows.map(\.power)), isDetail: true),
    ] + Column.columns("naive", of: rows.map(\.naive), style: style)
      + Column.columns("gold", of: rows.map(\.gold), style: style)
      + [Column.notes(rows.map(\.estimate.notes))]
  }
}

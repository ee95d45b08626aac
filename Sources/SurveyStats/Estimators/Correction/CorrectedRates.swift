/// The rates that a better rater would have found in all papers, having answered some of them.
///
/// The rows of the better rater stand in the matrix beside those of the rater that is corrected. Every
/// item, category and everything has the corrected rate, the rater's own and that of the better rater's
/// papers alone, each with an interval, how the rater errs, and what the correction is worth.
///
/// * Estimated is yes / (yes + no) as the better rater would say it. That is not truth: errors of the
///   better rater stay; `betterError` shows what they could do.
/// * Cells count where both raters were asked. Within what the rater says, papers must have been
///   re-answered at random, or with known probabilities (``probability``).
/// * Of several items the cells of all together are one question; papers are the units, or their
///   clusters.
/// * An item that was never re-answered has no corrected rate (`never-re-answered`); where some state of the
///   rater was never re-answered a prior says what it means (`prior-speaks`).
///
/// Cost: about 0.5 ms a row for ``CorrectionMethod/doubleSampling``.
public struct CorrectedRates: Analysis {
  /// The better rater, by the name in its rows.
  public var better: String
  /// The rows wanted.
  public var levels: Set<RateTarget.Level>
  /// The estimator.
  public var method: CorrectionMethod
  /// The confidence level.
  public var level: Double
  /// The share of yes, and of no, that the better rater may get wrong; `nil` for no band.
  var betterError: Double?
  /// The column of the probabilities with which papers were re-answered; `nil` for equal ones.
  public var probability: String?

  /// Sensitivity and specificity from elsewhere, for ``CorrectionMethod/roganGladen``.
  public var knownErrors: KnownErrors?

  /// One row a target, in the order of the matrix.
  public typealias Result = [CorrectedRate]

  /// Asks for the rates that a better rater would have found.
  public init(
    better: String, levels: Set<RateTarget.Level> = [.item, .category, .overall],
    method: CorrectionMethod = .doubleSampling, level: Double = 0.95, betterError: Double? = nil,
    probability: String? = nil
  ) {
    self.better = better
    self.levels = levels
    self.method = method
    self.level = level
    self.betterError = betterError
    self.probability = probability
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .strata, .repeatedPapers: .honoured
    }
  }

  /// Works out all rows; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    guard
      let found = try CorrectedReadings(sample, better: better, probability: probability)
    else { return Prepared(draws: []) { _ in [] } }
    let (own, readings, design, notes) = (found.own, found.readings, found.design, found.notes)
    let probabilities = found.probabilities
    let targets = RateTarget.all(in: own, levels: levels)
    let plain = Rates(levels: levels, interval: .analytic(.wilson), level: level)
    let naive = try await run(plain, of: found.ownStudy)
    let gold = try await run(plain, of: found.goldStudy)
    let estimator = method.estimator(known: knownErrors, seed: run.seed) {
      own.items.indices.map { readings.table(item: $0) }
    }
    let rows = targets.enumerated().map { place, target in
      row(
        target, estimator,
        CorrectionSample(
          readings, items: target.items, design: design, probabilities: probabilities),
        naive: naive[place], gold: gold[place], notes: notes)
    }
    return Prepared(draws: []) { _ in rows }
  }

  private func row(
    _ target: RateTarget, _ estimator: any RateCorrection, _ sample: CorrectionSample,
    naive: Rate, gold: Rate, notes: [Note]
  ) -> CorrectedRate {
    var estimate = Estimate(nil, count: sample.papers.count)
    if knownErrors != nil {
      estimate = estimator.estimate(sample, level: level)
    } else if sample.papers.isEmpty {
      estimate.notes = [.neverReanswered]
    } else if sample.table.second(.yes) + sample.table.second(.no) == 0 {
      estimate.notes = [.neverApplicableToBetter]
    } else {
      estimate = estimator.estimate(sample, level: level)
      let unseen = method.usesPrior && estimate.value != nil ? sample.unseenStates : []
      if !unseen.isEmpty { estimate.notes.append(.priorSpeaks(unseen)) }
    }
    estimate.notes += notes
    var row = CorrectedRate(
      target: target, estimate: estimate, naive: naive, gold: gold, sample: sample)
    if let betterError { row.band = row.band(betterError: betterError) }
    return row
  }
}

/// A corrected rate beside what it was corrected from.
public struct CorrectedRate: Sendable, Equatable {
  /// What it is of.
  public let target: RateTarget
  /// The corrected rate.
  public let estimate: Estimate
  /// The rate by the rater alone, over all papers.
  public let naive: Rate
  /// The rate by the better rater alone, over the papers that it has answered.
  public let gold: Rate
  /// The papers of which both were asked.
  public let reansweredCount: Int
  /// See ``CorrectionSample/sensitivity``.
  public let sensitivity: Double?
  /// See ``CorrectionSample/specificity``.
  public let specificity: Double?
  /// See `CorrectionSample.missedApplies`.
  let missedApplies: Double?
  /// See `CorrectionSample.falseApplies`.
  public let falseApplies: Double?
  /// Where the limits could lie if the better rater errs; see ``band(betterError:)``.
  public var band: ClosedRange<Double>?

  init(
    target: RateTarget, estimate: Estimate, naive: Rate, gold: Rate, sample: CorrectionSample
  ) {
    self.target = target
    self.estimate = estimate
    self.naive = naive
    self.gold = gold
    reansweredCount = sample.distinctPaperCount
    sensitivity = sample.sensitivity
    specificity = sample.specificity
    missedApplies = sample.missedApplies
    falseApplies = sample.falseApplies
  }

  /// How many papers answered by the better rater alone would give so short an interval: the applicable
  /// ones that there are times the squared ratio of the lengths.
  public var effectiveCount: Double? {
    guard let low = estimate.lower, let high = estimate.upper, high > low,
      let goldLow = gold.lower, let goldHigh = gold.upper, gold.estimate != nil
    else { return nil }
    let ratio = (goldHigh - goldLow) / (high - low)
    return Double(gold.paperCount) * ratio * ratio
  }

  /// Where the limits lie at worst if the better rater gets at most a share x of the true yes wrong, and
  /// at most x of the true no.
  ///
  /// With errors a and b the better rater's rate is `r (1 − a) + (1 − r) b`, so that the true one lies
  /// between `(r − x) / (1 − x)` and `r / (1 − x)`.
  public func band(betterError x: Double) -> ClosedRange<Double>? {
    guard let low = estimate.lower, let high = estimate.upper, x < 1 else { return nil }
    return max(0, (low - x) / (1 - x))...min(1, high / (1 - x))
  }
}

/// A probability of re-answering that is none.
public struct ReanswerProbabilityError: Error, Equatable, CustomStringConvertible {
  /// The column.
  public let column: String
  /// The paper.
  public let paper: String
  /// What it says.
  public let value: Double?

  /// One sentence with the remedy.
  public var description: String {
    "'\(column)' of \(paper) is \(value.map { "\($0)" } ?? "empty"); a paper that was re-answered needs "
      + "the probability with which it was chosen, above 0 and at most 1"
  }
}

extension PairedReadings {
  /// The better rater's answers as a matrix of the papers that it has answered, weighted by the inverse
  /// probabilities of being answered.
  func betterMatrix(probabilities: [Double]?, usesWeights: Bool) -> BinaryMatrix {
    let papers = reanswered.map { place in
      var paper = matrix.papers[place]
      if let probabilities {
        paper.weight = (usesWeights ? paper.weight ?? 1 : 1) / probabilities[place]
      }
      return paper
    }
    return BinaryMatrix(
      papers: papers, items: matrix.items, yes: better.yes.selecting(rows: reanswered),
      applies: better.applies.selecting(rows: reanswered),
      asked: better.asked.selecting(rows: reanswered))
  }
}

extension Note {
  /// The better rater was not asked the item of any paper.
  public static let neverReanswered = Note(
    "never-re-answered", effect: .noValue,
    words: "the better rater has not answered it, so that nothing corrects it")
  /// By the better rater the item applies to none of its papers.
  public static let neverApplicableToBetter = Note(
    "never-applicable-by-better", effect: .noValue,
    words: "by the better rater it applies to none of its papers")
  /// What the rater says of other papers was never re-answered, so that a prior says what it means.
  public static func priorSpeaks(_ states: [AnswerState]) -> Note {
    Note(
      "prior-speaks", detail: states.map(\.name).joined(separator: ", "), effect: .doubt,
      words: "no paper was re-answered of which the rater says "
        + states.map(\.name).joined(separator: " or ") + ", so that a prior says what that means")
  }
}

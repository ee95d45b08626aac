import RealModule

/// How an item, a category or the whole checklist changes with a numeric covariate.
///
/// The estimate is the ``change`` over the observed span of the covariate, last less first, as a
/// fraction: of an item that of a logistic curve fitted by Firth's penalised likelihood, of a category
/// or everything that of a straight line (see ``TrendEstimator``). Its limits and the p-value come from
/// one test, which ``test`` names, and so do the limits of an odds ratio beside it: whether a limit
/// leaves out no change and whether the p-value is small is the same question.
public struct Trend: Sendable {
  /// What changes.
  public let target: RateTarget
  /// The group of papers; `nil` for all.
  public let group: String?
  /// The number of papers.
  public internal(set) var count: Int
  /// The smallest and the largest value of the covariate.
  public internal(set) var span: ClosedRange<Double>?
  /// The fitted rates at both ends.
  public internal(set) var rates: Rates?
  /// The change of the rate or mean score over the span, as a fraction; what is to be said of the row.
  public internal(set) var change: Estimate
  /// The log odds ratio per unit of the covariate, where the test is about it.
  public internal(set) var logOdds: Estimate?
  /// The test behind limits and p-value.
  public internal(set) var test: MethodName?
  /// The statistic of the test, positive when the rate rises.
  public internal(set) var statistic: Double?
  /// The p-value of no change, two-sided.
  public internal(set) var pValue: Double?
  /// Kendall's tau-b.
  public internal(set) var kendall: Double?
  /// Spearman's rho.
  public internal(set) var spearman: Double?
  /// How the change was estimated.
  public internal(set) var method: TrendMethod?
  /// What else there is of an item, or of a score; `nil` where the covariate does not vary.
  var details: Details?
  /// What the bootstrap repeats.
  var refit: TrendRefit?

  /// Fitted rates at the smallest and the largest value of the covariate.
  public struct Rates: Sendable, Equatable {
    /// At the smallest.
    public var first: Double
    /// At the largest.
    public var last: Double
  }

  /// What a row has that is of answers alone, or of scores alone.
  enum Details: Sendable {
    case item(ItemTrend)
    case score(ScoreTrend)
  }

  /// What there is of an item; `nil` for scores, and where the covariate does not vary.
  public var item: ItemTrend? { if case .item(let item) = details { item } else { nil } }

  /// What there is of a category, module or everything; `nil` for items, and where the covariate does not vary.
  public var score: ScoreTrend? { if case .score(let score) = details { score } else { nil } }

  init(target: RateTarget, group: String?, count: Int) {
    self.target = target
    self.group = group
    self.count = count
    change = Estimate(nil, count: count)
  }

  /// The length of the span.
  var length: Double? { span.map { $0.upperBound - $0.lowerBound } }

  /// The change per unit of the covariate, on average over the span, with limits from the same test.
  public var changePerUnit: Estimate {
    guard let length, length > 0 else { return Estimate(nil, notes: change.notes) }
    return change.times(1 / length)
  }

  /// Whether the limits of the change leave out zero.
  public var isClear: Bool {
    guard let lower = change.lower, let upper = change.upper else { return false }
    return lower > 0 || upper < 0
  }

  /// One line for prose: `code_released: 19.2 points from 2020 to 2026 (-2.0 to 40.1), 3.2 per year, odds
  /// ratio per year 1.14 (0.92–1.41), n = 291, Firth`.
  public func sentence(on covariate: String) -> String {
    let name = group.map { "\(target.term), \($0)" } ?? target.term
    guard change.value != nil, let span, let perUnit = changePerUnit.value else {
      return "\(name): no change can be estimated\(change.notes.text.map { " (\($0))" } ?? "")"
    }
    let points = change.points
    let ends = [span.lowerBound, span.upperBound].map { NumberFormat.shortest($0) }
    let method = method.map { ", \($0.name)" } ?? ""
    let odds =
      logOdds.flatMap { odds in
        odds.value.map { _ in ", " + LogisticEstimate.oddsRatio(odds, unit: covariate) }
      } ?? ""
    let each = NumberFormat.fixed(100 * perUnit, digits: 1)
    return
      "\(name): \(points) points from \(covariate) \(ends[0]) to \(ends[1]), \(each) per "
      + "\(covariate)\(odds), n = \(count)\(method)"
  }

  /// Replaces limits, standard error and test by those of a bootstrap of a ``TrendStatistic``, whose
  /// values for this trend begin at `quantity`.
  public mutating func replaceIntervals(
    _ sample: BootstrapSample, quantity: Int, method: BootstrapInterval, level: Double,
    name: MethodName
  ) {
    guard change.value != nil else { return }
    var odds = logOdds
    let lost = change.notes.filter { $0.effect == .noLimits }
    change = change.withoutLimits
    change.setLimits(sample, quantity, by: method, method: name, level: level)
    change.lower = change.lower.map { max(-1, min(1, $0)) }
    change.upper = change.upper.map { max(-1, min(1, $0)) }
    if odds != nil {
      odds = odds?.withoutLimits
      odds?.setLimits(sample, quantity + 1, by: method, method: name, level: level)
      for note in odds?.notes ?? [] where !change.notes.contains(note) { change.notes.append(note) }
    }
    logOdds = odds
    if change.hasLimits { change.notes.removeAll { lost.contains($0) } }
    statistic = nil
    pValue =
      change.hasLimits
      ? method.pValue(estimate: sample.original[quantity], replicates: sample.values(of: quantity))
      : nil
    test = pValue.map { _ in MethodName(rawValue: "bootstrap") }
  }
}

extension Estimate {
  /// The estimate without error and limits.
  fileprivate var withoutLimits: Estimate { Estimate(value, count: count, notes: notes) }
}

/// The test that a trend is judged by.
public enum TrendTest: String, Sendable, Hashable, CaseIterable {
  /// The test that the limits come from.
  case automatic = "auto"
  /// Cochran and Armitage's, which assumes many yes and no.
  case cochranArmitage = "cochran-armitage"
  /// The exact conditional test.
  case exact
}

extension MethodName {
  /// Firth's penalised likelihood ratio.
  static let penalizedRatio = MethodName(rawValue: "penalised likelihood ratio")
  /// Student's t.
  static let studentT = MethodName(rawValue: "t")
  /// The profile of Firth's penalised likelihood.
  static let penalizedProfile = MethodName(rawValue: "penalised profile")

  /// The same with the design effect of a sandwich.
  func with(_ type: CovarianceType) -> MethodName {
    type == .model ? self : MethodName(rawValue: "\(rawValue), \(type.rawValue)")
  }
}

extension Note {
  /// All papers have the same score.
  static let constantScore = Note(
    "constant-score", effect: .noLimits, words: "all papers have the same score")
  /// All papers lie on the line.
  static let noSpread = Note(
    "no-spread", effect: .noLimits, words: "all papers lie on the line, so no error is known")
  /// The straight line leaves the range of scores within the span; its change is cut.
  static let lineLeavesRange = Note(
    "line-leaves-range", effect: .doubt, words: "the straight line leaves 0 to 100 and was cut")
  /// The whole interval of the straight line lies beyond what a score can change by.
  static let lineBeyondRange = Note(
    "line-beyond-range", effect: .noLimits,
    words: "a straight line does not describe these scores; see `mix: model`")
  /// The answers are separated by the covariate, so that maximum likelihood has no finite estimate.
  static let separatedBySpan = Note(
    "separated", effect: .remark,
    words: "the answers are separated by the covariate; the penalised estimate is finite")
  /// No common slope is finite.
  static let separatedAnswers = Note(
    "separated", effect: .noValue, words: "the answers are separated by the covariate")
  /// No item varies.
  static let noItemVaries = Note("no-item-varies", effect: .noValue)
  /// Which items apply differs over the covariate: the crude change mixes them.
  static let applicabilityDiffers = Note(
    "applicability-differs", effect: .remark,
    words: "which items apply differs over the covariate")
  /// The p-value is not that of the limits.
  static let anotherTest = Note(
    "p-of-another-test", effect: .doubt,
    words: "limits are of the penalised likelihood, the p-value of the test that was asked for")
  /// The test that was asked for cannot be had.
  static let testNotAvailable = Note(
    "test-not-available", effect: .doubt,
    words: "the test that was asked for is undefined here; the p-value is that of the limits")

  /// Some papers lack the covariate.
  static func leftOut(_ papers: Int) -> Note {
    Note(
      "left-out", detail: "\(papers) without the covariate", effect: .remark,
      words: "\(papers) papers lack the covariate and are left out")
  }

  /// The items that are compared.
  static func itemsCompared(_ compared: Int, of asked: Int) -> Note {
    Note(
      "items-compared", detail: "\(compared) of \(asked)", effect: .remark,
      words: "\(compared) of \(asked) items were asked at all values of the covariate")
  }
}

import RealModule

/// Whether papers with yes to an item have another value of a covariate than those with no: points,
/// citations, pages.
///
/// Values are compared by ranks, so that neither their scale nor a few large ones matter: Cliff's delta is
/// the probability that a paper with yes has the larger value less the probability that one with no has.
///
/// * Papers drawn alike: Mann and Whitney's test (``MannWhitneyTest``; exact below 50 papers without ties)
///   with Newcombe's limits, which know no continuity correction, so that p and limits can differ about the
///   level; and the shift of Hodges and Lehmann on the scale of the covariate.
/// * Weighted papers, clusters, strata and several rows of a paper: delta of the weighted papers, with the
///   errors of the placements added up by cluster (Obuchowski 1997), bias-reduced (``UnitVariance``), on the
///   scale of atanh δ with Student's t, for limits and test; no shift.
///
/// A paper without a value of the covariate, or to which the item does not apply, takes no part.
///
/// References: Mann & Whitney (1947), *Annals of Mathematical Statistics* 18:50; Obuchowski (1997),
/// *Biometrics* 53:567. Cost: a sort of the papers for each item.
public struct AnswerContrasts: Analysis {
  /// The covariate: a variable or an expression of numbers.
  public var covariate: String
  /// The confidence level.
  public var level: Double

  /// One row an item.
  public typealias Result = [AnswerContrast]

  /// Asks about all items.
  public init(_ covariate: String, level: Double = 0.95) {
    self.covariate = covariate
    self.level = level
  }

  /// All features of a sample are honoured.
  public func handling(of feature: SamplingFeature) -> Handling { .honoured }

  /// Compares; it draws nothing.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let values = try matrix.variables.numbers(covariate)
    let level = level
    let rows = try await concurrentMap(
      RateTarget.all(in: matrix, levels: [.item]), jobs: run.jobs
    ) { target in
      var row = AnswerContrast(
        target, matrix.outcome(item: target.items[0]).values, values, design: sample.design,
        level: level)
      row.notes += sample.notes
      return row
    }
    return Prepared(draws: []) { _ in rows }
  }
}

/// A covariate among the papers with yes and with no to an item.
public struct AnswerContrast: Sendable, Equatable {
  /// The item.
  public let target: RateTarget
  /// The papers with yes that have a value.
  public let yesCount: Int
  /// The papers with no that have a value.
  let noCount: Int
  /// The median of the papers with yes, weighted where they are.
  public let yesMedian: Double?
  /// The median of the papers with no.
  public let noMedian: Double?
  /// Cliff's delta.
  public private(set) var delta = Estimate(nil)
  /// The shift of Hodges and Lehmann; of papers drawn alike.
  public private(set) var shift = Estimate(nil)
  /// Mann and Whitney's statistic, or Student's t.
  public private(set) var statistic: Double?
  /// The p-value.
  public private(set) var pValue: Double?
  /// What the p-value is of.
  public private(set) var test: MethodName?
  /// What is missing or doubtful.
  public internal(set) var notes: [Note] = []

  /// Compares the values of papers by their answers.
  public init(
    _ target: RateTarget, _ answers: [Bool?], _ values: [Double?], design: SamplingDesign,
    level: Double
  ) {
    self.target = target
    let papers = answers.indices.filter { paper in
      answers[paper] != nil && values[paper] != nil && (design.weights?[paper] ?? 1) > 0
    }
    let yes = papers.filter { answers[$0] == true }
    let no = papers.filter { answers[$0] == false }
    (yesCount, noCount) = (yes.count, no.count)
    yesMedian = Self.median(yes, values, design)
    noMedian = Self.median(no, values, design)
    guard !yes.isEmpty, !no.isEmpty else {
      notes = [papers.isEmpty ? Note("no-values", effect: .noValue) : .constantAnswer]
      return
    }
    if design.drawsPapersAlike {
      setRanks(yes.compactMap { values[$0] }, no.compactMap { values[$0] }, level: level)
    } else {
      setPlacements(yes, no, values, design, level: level)
      notes += design.effectiveNumberNotes(Set(papers).contains)
    }
    delta.count = papers.count
  }

  private static func median(
    _ papers: [Int], _ values: [Double?], _ design: SamplingDesign
  ) -> Double? {
    let known = papers.compactMap { values[$0] }
    guard !known.isEmpty else { return nil }
    guard let weights = design.weights else {
      let sorted = known.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    let order = papers.sorted { (values[$0] ?? 0) < (values[$1] ?? 0) }
    let half = papers.reduce(0) { $0 + weights[$1] } / 2
    var sum = 0.0
    return order.first { paper in
      sum += weights[paper]
      return sum >= half
    }.flatMap { values[$0] }
  }

  private mutating func setRanks(_ yes: [Double], _ no: [Double], level: Double) {
    guard let ranks = MannWhitneyTest(yes, no) else { return }
    test = .mannWhitney
    statistic = ranks.statistic
    pValue = ranks.pValue
    guard pValue != nil else {
      notes.append(.constantCovariate)
      statistic = nil
      return
    }
    delta = ranks.cliffsDeltaLimits(level: level)
    shift = ranks.shiftInterval(level: level)
  }

  private mutating func setPlacements(
    _ yes: [Int], _ no: [Int], _ values: [Double?], _ design: SamplingDesign, level: Double
  ) {
    func weight(_ paper: Int) -> Double { design.weights?[paper] ?? 1 }
    let own = Self.placements(of: yes, among: no, values, weight)
    let others = Self.placements(of: no, among: yes, values, weight)
    let (yesTotal, noTotal) = (
      yes.reduce(0) { $0 + weight($1) }, no.reduce(0) { $0 + weight($1) }
    )
    let area = zip(yes, own).reduce(0) { $0 + weight($1.0) * $1.1 } / yesTotal
    test = .placements
    guard Set((yes + no).compactMap { values[$0] }).count > 1 else {
      notes.append(.constantCovariate)
      return
    }
    delta.value = (2 * area - 1).clearedOfNoise()
    var contributions = [Double](repeating: 0, count: design.unitCount)
    var shares = contributions
    for (side, places, total) in [(yes, own, yesTotal), (no, others.map { 1 - $0 }, noTotal)] {
      for (paper, place) in zip(side, places) {
        let unit = design.unitOfPaper[paper]
        contributions[unit] += 2 * weight(paper) / total * (place - area)
        shares[unit] += weight(paper) / total / 2
      }
    }
    guard shares.count(where: { $0 > 0 }) > 1 else {
      notes.append(.tooFewClusters)
      return
    }
    let units = UnitVariance(
      contributions: contributions, shares: shares, stratumSizes: design.stratumSizes)
    let estimate = 2 * area - 1
    let slope = (1 - estimate) * (1 + estimate)
    guard units.variance > 1e-24, slope > 1e-12 else {
      notes.append(slope > 1e-12 ? .noStandardError : .separatedValues)
      return
    }
    delta.standardError = units.standardError
    let student = StudentT(degreesOfFreedom: max(units.degreesOfFreedom, 0.1))
    let error = units.standardError / slope
    let center = Double.atanh(estimate)
    let half = student.upperQuantile(ConfidenceLevel.tail(level)) * error
    delta.lower = Double.tanh(center - half)
    delta.upper = Double.tanh(center + half)
    delta.level = level
    delta.degreesOfFreedom = units.degreesOfFreedom
    statistic = center / error
    pValue = min(1, 2 * student.survival(abs(center / error)))
  }

  /// For every paper the share of the others' weight that has a smaller value, ties one half.
  private static func placements(
    of papers: [Int], among others: [Int], _ values: [Double?], _ weight: (Int) -> Double
  ) -> [Double] {
    let sorted = others.map { (value: values[$0] ?? 0, weight: weight($0)) }
      .sorted { $0.value < $1.value }
    var below = [0.0]
    for other in sorted { below.append(below[below.count - 1] + other.weight) }
    let total = below[below.count - 1]
    func position(_ isBefore: (Double) -> Bool) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if isBefore(sorted[middle].value) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return papers.map { paper in
      let value = values[paper] ?? 0
      let (first, last) = (position { $0 < value }, position { $0 <= value })
      return (below[first] + below[last]) / 2 / total
    }
  }
}

extension Note {
  /// All papers have the same answer, so that there is nothing to compare.
  static let constantAnswer = Note(
    "constant-item", effect: .noValue, words: "all papers with a value have the same answer")
  /// All papers with one answer have larger values than those with the other.
  static let separatedValues = Note(
    "separated-values", effect: .noLimits,
    words: "all papers with one answer have larger values than those with the other")
}

extension Table {
  /// A covariate among the papers with yes and with no to each item.
  public init(
    answerContrasts rows: [AnswerContrast], on covariate: String, level: Double,
    adjustment: PValueAdjustment = .none
  ) {
    let pValues = rows.map(\.pValue)
    self.init(
      name: "compare",
      caption: "\(covariate) of the papers with yes and with no to each item, compared by ranks.",
      columns: Column.columns(naming: rows.map(\.target)) + [
        Column("on", .text(rows.map { _ in covariate })),
        Column("n", .integer(rows.map { $0.yesCount + $0.noCount })),
        Column("n_yes", .integer(rows.map(\.yesCount))),
        Column("n_no", .integer(rows.map(\.noCount))),
        Column("median_yes", .real(rows.map(\.yesMedian))),
        Column("median_no", .real(rows.map(\.noMedian))),
        Column("cliffs_delta", .real(rows.map(\.delta.value))),
        Column("std_error", .real(rows.map(\.delta.standardError)), isDetail: true),
        Column(
          "cliffs_delta_low", .real(rows.map(\.delta.lower)),
          style: .lowerLimit(of: "cliffs_delta")),
        Column(
          "cliffs_delta_high", .real(rows.map(\.delta.upper)),
          style: .upperLimit(of: "cliffs_delta")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("hodges_lehmann", .real(rows.map(\.shift.value))),
        Column(
          "hodges_lehmann_low", .real(rows.map(\.shift.lower)),
          style: .lowerLimit(of: "hodges_lehmann")),
        Column(
          "hodges_lehmann_high", .real(rows.map(\.shift.upper)),
          style: .upperLimit(of: "hodges_lehmann")),
        Column("statistic", .real(rows.map(\.statistic))),
        Column("df", .real(rows.map(\.delta.degreesOfFreedom)), isDetail: true),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
        Column("test", .text(rows.map { $0.test?.rawValue })),
        Column("item", .text(rows.map(\.target.itemName)), isDetail: true),
        Column("note", .text(rows.map(\.notes.text))),
      ])
  }
}

extension MethodName {
  /// Mann and Whitney's test.
  fileprivate static let mannWhitney = MethodName(rawValue: "mann-whitney")
  /// Student's t of the mean placements of papers in groups.
  fileprivate static let placements = MethodName(rawValue: "placements")
}

/// How groups of papers differ in the rates that a better rater would have found.
///
/// Each group is corrected by its own papers (``CorrectedRates``): the rater may err otherwise in one group
/// than in another, and only papers re-answered in each can tell. Groups share no paper, so that limits of
/// the difference follow from those of both rates (MOVER, ``Estimate/minus(_:correlation:)``), which keeps
/// the skewness of few re-answered papers. Categories and everything are over whatever the papers of a group
/// were asked.
public struct CorrectedDifferences: Analysis {
  /// The metadata column of the groups.
  public var by: String
  /// Which groups are compared with which.
  public var rule: GroupContrast.Rule
  /// Which groups are too small to stand alone.
  var folding: GroupFolding
  /// How the rates are corrected.
  public var rates: CorrectedRates

  /// The rows, and what was done to the groups.
  public struct Result: Sendable {
    /// All contrasts of the first target, then of the next.
    public let rows: [CorrectedDifference]
    /// The group of every row of the matrix.
    public let labels: GroupLabels
  }

  /// Asks how groups differ in corrected rates.
  public init(
    by: String, rule: GroupContrast.Rule = .pairs, folding: GroupFolding = GroupFolding(),
    _ rates: CorrectedRates
  ) {
    self.by = by
    self.rule = rule
    self.folding = folding
    self.rates = rates
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling { rates.handling(of: feature) }

  /// Works out all rows; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let (labels, contrasts) = try folding.contrasts(of: sample.matrix, by: by, rule: rule)
    var known: [String: [CorrectedRate]] = [:]
    func corrected(_ name: String, _ papers: [Int]) async throws -> [CorrectedRate] {
      // The rest differs from contrast to contrast.
      if name != GroupContrast.rest, let found = known[name] { return found }
      let found = try await run(rates, of: sample.study.selecting(papers: papers))
      if name != GroupContrast.rest { known[name] = found }
      return found
    }
    var byContrast: [[CorrectedDifference]] = []
    for contrast in contrasts {
      let first = try await corrected(contrast.first, contrast.firstPapers)
      let second = try await corrected(contrast.second, contrast.secondPapers)
      byContrast.append(
        zip(first, second).map { CorrectedDifference(contrast, first: $0, second: $1) })
    }
    let count = byContrast.map(\.count).min() ?? 0
    let rows = (0..<count).flatMap { row in byContrast.map { $0[row] } }
    return Prepared(draws: []) { _ in Result(rows: rows, labels: labels) }
  }
}

/// The difference of two groups' corrected rates.
public struct CorrectedDifference: Sendable, Equatable {
  /// The groups.
  public let contrast: GroupContrast
  /// The corrected rate of the first group.
  public let first: CorrectedRate
  /// That of the second.
  public let second: CorrectedRate
  /// The difference of the corrected rates.
  public let estimate: Estimate
  /// The difference of the rater's own rates.
  public let naive: Estimate
  /// The difference of the better rater's own rates.
  public let gold: Estimate

  init(_ contrast: GroupContrast, first: CorrectedRate, second: CorrectedRate) {
    self.contrast = contrast
    self.first = first
    self.second = second
    func difference(_ part: (CorrectedRate) -> Estimate) -> Estimate {
      var found = part(first).minus(part(second), correlation: 0)
      var seen: [Note] = []
      for note in found.notes where !seen.contains(note) { seen.append(note) }
      found.notes = seen
      return found
    }
    estimate = difference(\.estimate)
    naive = difference(\.naive.asEstimate)
    gold = difference(\.gold.asEstimate)
  }
}

extension Table {
  /// Differences of corrected rates.
  public init(correctedDifferences rows: [CorrectedDifference], better: String) {
    var columns = Column.columns(naming: rows.map(\.first.target))
    columns += [
      Column("group", .text(rows.map(\.contrast.first))),
      Column("reference", .text(rows.map(\.contrast.second))),
      Column("n_group", .integer(rows.map(\.first.naive.paperCount)), isDetail: true),
      Column("n_reference", .integer(rows.map(\.second.naive.paperCount)), isDetail: true),
      Column("n_gold_group", .integer(rows.map(\.first.reansweredCount))),
      Column("n_gold_reference", .integer(rows.map(\.second.reansweredCount))),
      Column("rate_group", .real(rows.map(\.first.estimate.value)), style: .share),
      Column("rate_reference", .real(rows.map(\.second.estimate.value)), style: .share),
    ]
    columns += Column.columns(of: rows.map(\.estimate), style: .share, errorStyle: .share)
    columns += [
      Column("conf_level", .real(rows.map(\.estimate.level)), isDetail: true),
      Column("interval", .text(rows.map { $0.estimate.method?.rawValue }), isDetail: true),
      Column(
        "method", .text(rows.map { $0.first.estimate.method?.rawValue }), isDetail: true),
    ]
    columns += Column.columns("naive", of: rows.map(\.naive), style: .share)
    columns += Column.columns("gold", of: rows.map(\.gold), style: .share)
    columns += [
      Column("item", .text(rows.map(\.first.target.itemName)), isDetail: true),
      Column.notes(rows.map(\.estimate.notes)),
    ]
    self.init(
      name: "corrected-differences",
      caption: "Differences of rates as \(better) would have found them in all papers, group less "
        + "reference; naive: by the rater alone, gold: by \(better) alone.",
      columns: columns)
    notes.append(
      "Each group is corrected by its own papers; categories and everything are over whatever the papers "
        + "of a group were asked.")
  }
}

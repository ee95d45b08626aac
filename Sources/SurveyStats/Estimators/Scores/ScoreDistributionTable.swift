/// A kind of interval for the distribution of scores.
public enum ScoreInterval: String, Sendable, Hashable, CaseIterable {
  /// For the mean of up to 200 effective papers limits from random weights with half a paper at the bound
  /// (`dirichlet`), which never leave 0 to 100; for the share of a tier the limits of rates; for the rest
  /// quantiles of the replicates, from ten papers or clusters on.
  ///
  /// Resamples of few papers are too much alike: with five, 95 % percentile limits hold the mean in
  /// 71 % of samples, and in 20 % where it is near a bound.
  case automatic
  /// Quantiles of the replicates.
  case percentile
  /// Quantiles of the replicates, reflected at the estimate.
  case basic
  /// Normal limits with the bias and standard error of the replicates.
  case normal
  /// Bias-corrected and accelerated quantiles.
  case bca
}

/// The distribution of a score over groups of papers and over growing parts of the corpus.
public struct ScoreDistributionTable: Sendable {
  /// A part of the corpus that is described by itself.
  public struct Part: Sendable, Equatable {
    /// The group of papers, when they are grouped.
    public let group: String?
    /// The number of papers so far, when the corpus is described as it grows.
    public let checkpoint: Int?
    /// The rows of the papers.
    public let papers: [Int]

    /// Creates a part.
    public init(group: String?, checkpoint: Int?, papers: [Int]) {
      self.group = group
      self.checkpoint = checkpoint
      self.papers = papers
    }
  }

  private struct Row {
    var part: Part
    var term: String
    var n: Int
    var count: Int?
    var estimate: Double?
    var standardError: Double?
    var limits: (lower: Double, upper: Double)?
    var interval: String?
    var notes: [String] = []
    var isShare: Bool
    var crude: Double?

    mutating func set(_ known: Known) {
      limits = known.limits
      interval = known.interval
      standardError = known.standardError
      if let note = known.note { notes.append(note) }
    }
  }

  /// The name of the score.
  public let score: String
  private let by: String?
  private let level: Double
  private let interval: ScoreInterval
  private let tiers: Tiers
  private var rows: [Row] = []

  /// Starts an empty table.
  public init(score: String, by: String?, level: Double, interval: ScoreInterval, tiers: Tiers) {
    self.score = score
    self.by = by
    self.level = level
    self.interval = interval
    self.tiers = tiers
  }

  /// Adds the distribution of a part with its bootstrap sample, and the quantities over whatever items
  /// its papers were asked, if the mix of items is held fixed.
  ///
  /// Automatic intervals are explained at ``ScoreInterval/automatic``.
  ///
  /// The acceleration of BCa limits comes from the delete-one-unit jackknife. A quantity without a
  /// spread over the replicates, or that is undefined in more than 5 % of them, keeps its estimate and
  /// says why it has no limits; the share of a tier then gets Wilson limits on its effective number
  /// of papers, which for papers drawn one by one is their number. Limits beyond what is possible, as
  /// basic and normal ones may be, are cut, with a note. The least and the greatest score are
  /// marked `inconsistent-bootstrap`: resamples never go beyond them, so their limits are too narrow at
  /// any number of papers (Bickel & Freedman 1981, *Annals of Statistics* 9:1196, section 6).
  public mutating func add(
    _ part: Part, _ distribution: ScoreDistribution, _ sample: BootstrapSample,
    crude: [Double]? = nil
  ) {
    let jackknife = interval == .bca ? distribution.jackknife() : nil
    let counts = distribution.tierCounts
    for (index, term) in distribution.terms.enumerated() {
      let tier = index - ScoreDistribution.summaryTerms.count
      let original = sample.original[index]
      var row = Row(
        part: part, term: tier >= 0 ? "share \(term)" : term, n: distribution.definedCount,
        count: tier >= 0 ? counts[tier] : nil, isShare: tier >= 0,
        crude: crude.flatMap { $0[index].isNaN ? nil : $0[index] })
      if original.isNaN {
        let isWeightless = sample.original[0].isNaN
        row.notes.append(
          distribution.definedCount == 0
            ? row.crude == nil ? "no-scores" : ItemMix.Note.noCommonItem.description
            : isWeightless ? "zero-weight" : "fewer-than-2-papers")
        rows.append(row)
        continue
      }
      row.estimate = original
      if let few = distribution.effectiveNumberNote { row.notes.append(few) }
      if interval == .automatic, let known = automatic(index, distribution, sample) {
        row.set(known)
      } else {
        setResampled(&row, index, distribution, sample, jackknife)
      }
      rows.append(row)
    }
  }

  /// With fewer papers no quantity has bootstrap limits.
  public static let fewestPapers = 10

  /// Limits that need no replicates: of shares, and of a few papers; `nil` where replicates give them.
  private func automatic(
    _ quantity: Int, _ distribution: ScoreDistribution, _ sample: BootstrapSample
  ) -> Known? {
    let tier = quantity - ScoreDistribution.summaryTerms.count
    if tier >= 0 {
      let share = distribution.share(ofTier: tier)
      let interval = share.units.areClusters ? ProportionInterval.clopperPearson : .wilson
      return Known(
        limits: distribution.shareLimits(ofTier: tier, interval, level: level),
        interval: interval.name, standardError: share.standardError)
    }
    let isFew = distribution.definedUnitCount < Self.fewestPapers
    let mean = distribution.boundedMean
    if quantity == 0, isFew || mean.effectiveUnitCount <= BoundedMean.mostEffectiveUnits {
      return Known(
        limits: mean.limits(level: level), interval: "dirichlet",
        standardError: mean.standardError,
        note: distribution.definedCount < 2 ? "fewer-than-2-papers" : nil)
    }
    guard isFew else { return nil }
    let least = distribution.definedCount < 2 ? 2 : Self.fewestPapers
    let units = distribution.unitsArePapers || least == 2 ? "papers" : "clusters"
    return Known(note: "fewer-than-\(least)-\(units)")
  }

  /// Limits that need no replicates, or why there are none.
  private struct Known {
    var limits: (lower: Double, upper: Double)?
    var interval: String?
    var standardError: Double?
    var note: String?
  }

  /// Gives a quantity the limits of its replicates.
  private func setResampled(
    _ row: inout Row, _ quantity: Int, _ distribution: ScoreDistribution, _ sample: BootstrapSample,
    _ jackknife: DenseMatrix?
  ) {
    let original = sample.original[quantity]
    do throws(IntervalFailure) {
      let acceleration = jackknife.flatMap {
        BootstrapInterval.acceleration(
          jackknife: Array($0.column(quantity)), stratumSizes: distribution.stratumSizes)
      }
      let limits = try method(acceleration).limits(
        estimate: original, replicates: sample.values(of: quantity), level: level)
      row.standardError = sample.standardError(of: quantity)
      let most = row.isShare ? 1.0 : 100
      row.limits = (max(limits.lower, 0), min(limits.upper, most))
      if limits.lower < 0 || limits.upper > most {
        row.notes.append("limit-outside-0-\(Int(most))")
      }
      row.interval = interval == .automatic ? "percentile" : interval.rawValue
      row.notes += limits.notes
      if row.term == "min" || row.term == "max" { row.notes.append("inconsistent-bootstrap") }
    } catch {
      row.notes.append(distribution.definedCount < 2 ? "fewer-than-2-papers" : error.note)
      if row.isShare {
        row.limits = distribution.shareLimits(
          ofTier: quantity - ScoreDistribution.summaryTerms.count, .wilson, level: level)
        row.interval = ProportionInterval.wilson.name
      }
    }
  }

  /// Whether any paper had a score.
  public var hasEstimate: Bool { rows.contains { $0.estimate != nil } }

  /// The distribution, one row a quantity.
  public var table: Table {
    var columns: [Column] = []
    if let by {
      columns.append(Column("by", .text(rows.map { _ in by })))
      columns.append(Column("group", .text(rows.map(\.part.group))))
    }
    if rows.contains(where: { $0.part.checkpoint != nil }) {
      columns.append(Column("checkpoint", .integer(rows.map(\.part.checkpoint))))
    }
    columns += [
      // The caption says it, unless tables of several scores are joined.
      Column("score", .text(rows.map { _ in score }), isDetail: true),
      Column("term", .text(rows.map(\.term))),
      Column("n", .integer(rows.map(\.n))),
      Column("count", .integer(rows.map(\.count))),
      Column("estimate", .real(rows.map(\.estimate))),
      Column("std_error", .real(rows.map(\.standardError)), isDetail: true),
      Column(
        "conf_low", .real(rows.map { $0.limits?.lower }), style: .lowerLimit(of: "estimate")),
      Column(
        "conf_high", .real(rows.map { $0.limits?.upper }), style: .upperLimit(of: "estimate")),
      Column("conf_level", .real(rows.map { _ in level })),
      Column("interval", .text(rows.map(\.interval))),
    ]
    if rows.contains(where: { $0.crude != nil }) {
      columns.append(Column("crude", .real(rows.map(\.crude))))
    }
    columns += [
      Column(
        "note", .text(rows.map { $0.notes.isEmpty ? nil : $0.notes.joined(separator: "; ") }))
    ]
    return Table(
      name: "distribution",
      caption: "Distribution of '\(score)' in percent of "
        + (score == "composite_irt" ? "all" : "applicable") + " items; shares of tiers are "
        + "fractions of the papers with a score.",
      columns: columns)
  }

  /// The interval, which names replicates that are all equal before an undefined acceleration.
  private func method(_ acceleration: Double?) -> BootstrapInterval {
    switch interval {
    case .automatic, .percentile: .percentile
    case .basic: .basic
    case .normal: .normal
    case .bca: .bca(acceleration: acceleration ?? .nan)
    }
  }
}

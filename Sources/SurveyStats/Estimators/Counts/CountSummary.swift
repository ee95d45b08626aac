import RealModule

/// How many claims, flags or other things papers have: the mean for a paper, and the share of a kind.
///
/// The mean is a ratio of sums over the papers for which the count is known, `Σ y / Σ 1`, weights
/// included; with counts of kinds (`claims_strong` of `claims`) also `Σ y_kind / Σ y_all`, the share of
/// all claims that are strong. Papers, or clusters, are the units, so that a paper with many claims is
/// not many papers.
///
/// * Standard errors are linearised (``RatioOfSums``). Limits of a mean are `m exp(± t se/m)` with
///   Student's t of units − 1 degrees of freedom, so that they stay positive; a mean of zero has none,
///   nor has one that all papers share (`no-variance`).
///   Limits of a share are Wilson's on the effective number of claims, `p (1 − p) / se² · (z/t)²`, for a
///   share of 0 or 1 on Kish's effective number of units.
/// * Fewer than two units give no limits (`fewer-than-2-papers`), and fewer than 20 a note.
public struct CountSummary: Analysis {
  /// The names of the counts; numbers of any variable or expression.
  public var names: [String]
  /// The count that others named after it, with an underscore, are kinds of.
  public var whole: String?
  /// The variable or expression of the groups; `nil` for all papers as one.
  public var by: String?
  /// The confidence level.
  public var level: Double

  /// One answer a group, with a row a count.
  public typealias Result = [GroupResult<[CountRow]>]

  /// Asks for the means of counts.
  public init(
    _ names: [String], whole: String? = "claims", by: String? = nil, level: Double = 0.95
  ) {
    self.names = names
    self.whole = whole
    self.by = by
    self.level = level
  }

  /// Weights, clusters, strata and rows of one paper count.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .strata, .repeatedPapers: .honoured
    }
  }

  /// Estimates, and says what is to be drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let variables = matrix.variables
    let all = whole.flatMap { try? variables.numbers($0) }
    var counts: [(name: String, values: [Double?], isKind: Bool)] = []
    for name in names {
      let isKind = whole.map { name.hasPrefix($0 + "_") } ?? false
      counts.append((name, try variables.numbers(name), isKind))
    }
    var groups: [(name: String?, papers: [Int])] = [(nil, Array(matrix.papers.indices))]
    if let by { groups = try variables.groups(by).map { ($0.name, $0.papers) } }
    var results: Result = []
    for (group, papers) in groups {
      let part =
        group == nil ? sample : try run.sample(self, of: sample.study.selecting(papers: papers))
      let rows = counts.map { count in
        CountRow(
          count.name, papers.map { count.values[$0] },
          whole: count.isKind ? all.map { all in papers.map { all[$0] } } : nil,
          design: part.design, level: level, notes: sample.notes)
      }
      results.append(GroupResult(group: group, result: rows))
    }
    return Prepared(draws: []) { [results] _ in results }
  }
}

/// The mean of a count, and its share of all.
public struct CountRow: Sendable, Equatable {
  /// The name of the count.
  public let name: String
  /// The papers for which it is known.
  public let paperCount: Int
  /// The papers for which it is above zero.
  public let positiveCount: Int
  /// The sum over the papers.
  public let total: Double
  /// The mean for a paper.
  public let mean: Estimate
  /// The share of all; no value where it is no kind of anything.
  public let share: Estimate

  init(
    _ name: String, _ values: [Double?], whole: [Double?]?, design: SamplingDesign, level: Double,
    notes: [Note]
  ) {
    self.name = name
    let known = values.compactMap { $0 }
    paperCount = known.count
    positiveCount = known.count { $0 > 0 }
    total = known.reduce(0, +)
    let mean = RatioOfSums(
      numerators: design.unitTotals { values[$0] ?? 0 },
      denominators: design.unitTotals { values[$0] == nil ? 0 : 1 },
      stratumSizes: design.stratumSizes)
    self.mean = Self.estimate(mean, design, level, known.count, notes) { value, error, t in
      value > 0 && error > 1e-12 * value
        ? (value * .exp(-t * error / value), value * .exp(t * error / value)) : nil
    }
    guard let whole else {
      share = Estimate(nil)
      return
    }
    let both = zip(values, whole).map { $0 == nil || $1 == nil ? nil : ($0 ?? 0, $1 ?? 0) }
    let ratio = RatioOfSums(
      numerators: design.unitTotals { both[$0]?.0 ?? 0 },
      denominators: design.unitTotals { both[$0]?.1 ?? 0 }, stratumSizes: design.stratumSizes)
    let z = Normal().upperQuantile((1 - level) / 2)
    share = Self.estimate(ratio, design, level, ratio.unitCount, []) { value, error, t in
      let trials =
        error > 0
        ? value * (1 - value) / (error * error) * (z / t) * (z / t)
        : ratio.effectiveUnitCount
      let limits = ProportionInterval.wilson.limits(
        successes: value * trials, trials: trials, level: level)
      return limits.map { ($0.lower, $0.upper) }
    }
  }

  private static func estimate(
    _ ratio: RatioOfSums, _ design: SamplingDesign, _ level: Double, _ count: Int, _ notes: [Note],
    limits: (_ value: Double, _ error: Double, _ t: Double) -> (Double, Double)?
  ) -> Estimate {
    guard let value = ratio.estimate else {
      return Estimate(nil, count: count, notes: notes + [.noCounts])
    }
    var result = Estimate(value, count: count, notes: notes)
    guard let error = ratio.standardError else {
      result.notes.append(.singleUnit)
      return result
    }
    let degrees = Double(ratio.unitCount - ratio.unitCounts.count { $0 > 0 })
    result.standardError = error > 0 ? error : nil
    result.degreesOfFreedom = degrees
    guard degrees > 0 else {
      result.notes.append(.singleUnit)
      return result
    }
    let t = StudentT(degreesOfFreedom: degrees).upperQuantile((1 - level) / 2)
    if let (lower, upper) = limits(value, error, t) {
      result.lower = lower
      result.upper = upper
      result.level = level
    } else {
      result.notes.append(value > 0 ? .noVariance : .allZero)
    }
    if !design.unitsArePapers, ratio.unitCount < 20 {
      result.notes.append(.fewUnits(ratio.unitCount))
    }
    return result
  }
}

extension Note {
  /// The count is known for no paper, or there is nothing of which it could be a share.
  static let noCounts = Note("no-counts", effect: .noValue, words: "nothing was counted")
  /// All counts are zero: there is no interval.
  static let allZero = Note("all-zero", effect: .noLimits, words: "no paper has any")
  /// All papers have the same value: there is no interval.
  static let noVariance = Note("no-variance", effect: .noLimits, words: "all papers are alike")
  /// With few clusters errors are too small.
  static func fewUnits(_ count: Int) -> Note {
    Note("few-clusters", detail: "\(count)", effect: .doubt)
  }
}

extension Table {
  /// Counts by group: `term`, [`by`, `group`], `n` (papers), `n_papers` (with any), `total`, `estimate`
  /// (mean for a paper) with its error and limits, `share` of all of the kind with its limits, `note`.
  public init(counts groups: [(group: String?, rows: [CountRow])], by: String?, level: Double) {
    let rows = groups.flatMap { group in group.rows.map { (group: group.group, row: $0) } }
    let counts = rows.map(\.row)
    var columns = [Column("term", .text(counts.map(\.name)))]
    columns += Column.columns(by: by, groups: rows.map(\.group))
    columns +=
      [
        Column("n", .integer(counts.map(\.paperCount))),
        Column("n_papers", .integer(counts.map(\.positiveCount))),
        Column("total", .real(counts.map { $0.paperCount > 0 ? $0.total : nil })),
      ] + Column.columns(of: counts.map(\.mean)) + [
        Column("share", .real(counts.map(\.share.value)), style: .share),
        Column("share_low", .real(counts.map(\.share.lower)), style: .lowerLimit(of: "share")),
        Column("share_high", .real(counts.map(\.share.upper)), style: .upperLimit(of: "share")),
        Column("conf_level", .real(counts.map { _ in level })),
        Column(
          "note",
          .text(
            counts.map { row in
              let notes = (row.mean.notes + row.share.notes).map(\.description)
              return notes.isEmpty ? nil : notes.joined(separator: "; ")
            })),
      ]
    self.init(
      name: "counts",
      caption: "Counts of papers: the mean for a paper, and the share of all of the kind.",
      columns: columns)
  }
}

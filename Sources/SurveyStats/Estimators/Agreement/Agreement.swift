/// How far the raters of the same papers agree.
///
/// Only papers count of which at least two raters were asked the same item. They are the sampling units,
/// or clusters of them: the answers of one paper hang together. Agreement is asked for in three parts
/// (``AgreementPart``): over yes, no and does not apply; on whether an item applies; and on the answer
/// where it does. Coefficients of categories and of everything are means over items
/// (``AgreementTarget``).
///
/// * `automatic` limits are Wilson's for the observed agreement with the effective number of papers
///   `nₑ = o (1 − o) / (s (1 − e))²` of the linearised error s, carried over to the coefficient
///   `c = (o − e) / (1 − e)` with the chance e held fixed. With full agreement nₑ is the number of units.
///   So they have a width there, and cover with 10 papers. Of several items, and of clusters, nₑ is
///   smaller by (z / t)² with G − 1 degrees of freedom for G units.
/// * Bootstrap limits draw papers. They have no width where no replicate differs, which is said.
/// * A coefficient that compares with chance is undefined where one category is chosen throughout
///   (`one-category`).
/// * The error of κ of two raters is that of Fleiss, Cohen & Everitt (1969) for one item and papers
///   drawn one by one; every other of one item is linearised with the factor G / (G − 1) for G units, which
///   for several raters are the errors of Gwet (2014). Errors of means over items are the jackknife's by
///   units, with more than 500 units the linearised ones, which are then the same.
public struct Agreement: Analysis {
  /// The kind of interval.
  public enum Interval: Sendable, Hashable {
    /// Wilson's with the effective number of papers.
    case automatic
    /// From replicates.
    case resampled(ResampledInterval)
  }

  /// What makes two rows two readings of a paper.
  var arrangement: Ratings.Arrangement
  /// The rows wanted.
  public var levels: Set<AgreementTarget.Level>
  /// The parts of the question.
  public var parts: [AgreementPart]
  /// The coefficients wanted.
  public var coefficients: [AgreementCoefficient]
  /// The kind of interval.
  public var interval: Interval
  /// The confidence level.
  public var level: Double
  /// Raters that stand before the others, in this order.
  public var raterOrder: [String] = []

  /// The ratings and the rows about them.
  public struct Result: Sendable {
    /// The readings of papers that at least two raters have read.
    public let ratings: Ratings
    /// The papers that one rater has read alone, and that play no part.
    public let singlePaperCount: Int
    /// The rows, level by level.
    public let rows: [AgreementRow]
  }

  /// Asks for all coefficients of all parts.
  public init(
    by arrangement: Ratings.Arrangement = .rater,
    levels: Set<AgreementTarget.Level> = Set(AgreementTarget.Level.allCases),
    parts: [AgreementPart] = AgreementPart.allCases,
    coefficients: [AgreementCoefficient] = AgreementCoefficient.allCases,
    interval: Interval = .automatic, level: Double = 0.95
  ) {
    self.arrangement = arrangement
    self.levels = levels
    self.parts = parts
    self.coefficients = coefficients
    self.interval = interval
    self.level = level
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .strata, .repeatedPapers: .honoured
    }
  }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let all = Ratings(sample.matrix, by: arrangement)
    let twice = all.papersReadTwice
    guard !twice.isEmpty else { throw AgreementError(all) }
    let slugs = Set(twice.map { all.papers[$0].slug })
    let study = sample.study.selecting(
      papers: sample.matrix.papers.indices.filter { slugs.contains(sample.matrix.papers[$0].slug) })
    let design = try study.plan.design(of: study.matrix)
    let ratings = Ratings(study.matrix, by: arrangement, order: raterOrder)
    let units = ratings.rows.map { design.unitOfPaper[$0] }
    let weights = study.plan.usesWeights ? ratings.papers.map { $0.weight ?? 1 } : []
    let isWeighted = weights.contains { $0 != weights[0] }
    func statistic(_ ratings: Ratings, _ levels: Set<AgreementTarget.Level>) -> AgreementStatistic {
      AgreementStatistic(
        ratings, targets: AgreementTarget.all(of: ratings.items, levels: levels), parts: parts,
        coefficients: coefficients, unitOfPaper: units, weights: isWeighted ? weights : nil,
        stratumSizes: design.stratumSizes)
    }
    var asked: [(raters: [Int]?, statistic: AgreementStatistic)] = [
      (nil, statistic(ratings, levels))
    ]
    if levels.contains(.pair), ratings.raters.count > 2 {
      for pair in ratings.pairs {
        asked.append((pair, statistic(ratings.selecting(raters: pair), [.overall])))
      }
    }
    var draws: [Draw] = []
    if interval != .automatic || run.wantsReplicates {
      draws = asked.map { raters, statistic in
        let names = raters.map { $0.map { ratings.raters[$0] }.joined(separator: "/") } ?? ""
        return Draw(names, terms: statistic.terms, statistic, design)
      }
    }
    return Prepared(draws: draws) { [asked] samples in
      var rows: [AgreementRow] = []
      for (index, (raters, statistic)) in asked.enumerated() {
        rows += self.rows(
          statistic, of: ratings, raters: raters,
          sample: samples.isEmpty || interval == .automatic ? nil : samples[index])
      }
      if levels.contains(.paper) { rows += paperRows(ratings) }
      return Result(
        ratings: ratings, singlePaperCount: all.papers.count - twice.count, rows: rows)
    }
  }

  /// The rows of a statistic.
  private func rows(
    _ statistic: AgreementStatistic, of ratings: Ratings, raters: [Int]?, sample: BootstrapSample?
  ) -> [AgreementRow] {
    let (items, pooled) = statistic.itemValues()
    let names = raters.map { $0.map { ratings.raters[$0] } }
    let leftOut =
      statistic.unitCount <= AgreementStatistic.mostJackknifed
        && statistic.targets.contains { $0.items.count > 1 } ? statistic.jackknife() : nil
    var rows: [AgreementRow] = []
    for (place, target) in statistic.targets.enumerated() {
      for part in parts {
        let counts = statistic.counts(items: target.items, part: part)
        for (index, measure) in statistic.measures.enumerated() where measure.part == part {
          let isPooled = measure.coefficient == .pooledKappa
          if isPooled, target.level != .overall { continue }
          let values: [(value: AgreementStatistic.ItemValue, items: [Int])] =
            isPooled
            ? pooled[index].map { [(value: $0, items: target.items)] } ?? []
            : target.items.map { (value: items[$0][index], items: [$0]) }
          let quantity = statistic.place(target: place, measure: index)
          let summary = AgreementSummary(
            statistic, measure: measure, values: values, counts: counts, level: level,
            influence: values.count < 2
              ? nil
              : leftOut.map {
                statistic.influence(leavingOut: $0, place: quantity, units: counts.units)
              },
            isPlainKappa: target.level == .item && measure.coefficient == .kappa
              && ratings.raters.count == 2 && statistic.isPlain)
          var estimate = summary.estimate(setsLimits: sample == nil)
          if let sample, case .resampled(let kind) = interval {
            summary.setLimits(of: &estimate, sample, quantity, kind: kind)
          }
          rows.append(
            AgreementRow(
              level: names == nil ? target.level : .pair, category: target.category,
              term: names?.joined(separator: "/") ?? target.term,
              item: target.level == .item ? ratings.items[target.items[0]].id : nil,
              raters: names ?? [], part: part, coefficient: measure.coefficient,
              paperCount: counts.papers, cellCount: counts.cells, estimate: estimate))
        }
      }
    }
    return rows
  }

  /// The agreement over the items of each paper, which has no error: it is one paper.
  private func paperRows(_ ratings: Ratings) -> [AgreementRow] {
    guard coefficients.contains(.agreement) else { return [] }
    return ratings.papers.indices.flatMap { paper in
      parts.map { part in
        var (cells, sum) = (0, 0.0)
        for item in ratings.items.indices {
          let categories = ratings.raters.indices.compactMap {
            part.category(of: ratings[$0, paper, item])
          }
          guard categories.count >= 2 else { continue }
          cells += 1
          let pairs = Double(categories.count * (categories.count - 1))
          for category in Set(categories) {
            let count = Double(categories.count { $0 == category })
            sum += count * (count - 1) / pairs
          }
        }
        let estimate =
          cells == 0
          ? Estimate(nil, count: 1, notes: [.neverRatedTwice])
          : Estimate(sum / Double(cells), count: 1, notes: [.onePaperHasNoLimits])
        return AgreementRow(
          level: .paper, category: nil, term: ratings.papers[paper].slug, item: nil, raters: [],
          part: part, coefficient: .agreement, paperCount: cells == 0 ? 0 : 1, cellCount: cells,
          estimate: estimate)
      }
    }
  }
}

/// One coefficient of a part of an item, a category, a pair of raters, a paper, or everything.
public struct AgreementRow: Sendable, Equatable {
  /// What it is of.
  public let level: AgreementTarget.Level
  /// The category; `nil` where there is none.
  public let category: String?
  /// The name.
  public let term: String
  /// The item; `nil` where it is of several.
  public let item: ItemID?
  /// The two raters, in a row about two of several; else empty.
  public let raters: [String]
  /// The part of the question.
  public let part: AgreementPart
  /// The coefficient.
  public let coefficient: AgreementCoefficient
  /// The papers that two raters have put into categories of the part.
  public let paperCount: Int
  /// The cells, of one paper and item, that two raters have put into categories of the part.
  public let cellCount: Int
  /// The coefficient with its limits.
  public let estimate: Estimate
}

/// Nothing was read twice.
public struct AgreementError: Error, Equatable, CustomStringConvertible {
  /// The names of the raters.
  public let raters: [String]

  /// The raters of ratings without two readings.
  public init(_ ratings: Ratings) { raters = ratings.raters }

  /// One sentence with the remedy.
  public var description: String {
    raters.count < 2
      ? "everything was answered by one rater\(raters.first.map { " ('\($0)')" } ?? ""); agreement needs "
        + "two readings of the same papers: a column rater, several files, or versions"
      : "there are \(raters.count) raters, but no paper of which two were asked the same item"
  }
}

extension Ratings {
  /// All pairs of raters.
  public var pairs: [[Int]] {
    raters.indices.flatMap { first in (first + 1..<raters.count).map { [first, $0] } }
  }
}

extension AgreementStatistic {
  /// The names of the quantities.
  var terms: [String] {
    targets.flatMap { target in
      measures.map { measure in
        let name = target.level == .item ? [target.category, target.term] : [target.term]
        return name.compactMap { $0 }.joined(separator: ".")
          + " \(measure.part.rawValue) \(measure.coefficient.rawValue)"
      }
    }
  }
}

extension Note {
  /// No paper was put into categories by two raters.
  public static let neverRatedTwice = Note(
    "never-rated-twice", effect: .noValue, words: "no paper was rated by two")
  /// All ratings are in one category, so that chance alone gives full agreement.
  public static let oneCategory = Note(
    "one-category", effect: .noValue,
    words: "all ratings are the same, which leaves nothing to agree on beyond chance")
  /// All raters agree on everything.
  public static let perfectAgreement = Note(
    "perfect-agreement", effect: .remark, words: "all raters agree on everything")
  /// The row is about one paper.
  static let onePaperHasNoLimits = Note(
    "one-paper", effect: .noLimits, words: "one paper has no sampling error")
  /// The number describes the raters' shares and has no limits.
  public static let descriptive = Note(
    "descriptive", effect: .noLimits, words: "a number without limits")
  /// The items of which the coefficient is undefined; the mean is over the others.
  static func undefinedItems(_ count: Int) -> Note {
    Note(
      "undefined-items", detail: "\(count)", effect: .remark,
      words: "undefined for \(count) items, and the mean of the others")
  }
  /// Fewer than two units.
  public static let oneUnit = Note(
    "fewer-than-2-papers", effect: .noLimits, words: "one paper has no sampling error")
}

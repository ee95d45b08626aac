import RealModule

/// What several raters say about the truth when none of them is known to be right.
///
/// Every cell has a hidden state, yes, no or does not apply, with shares q of its item; given it, raters
/// answer independently of each other, rater r with state f in place of t with probability E_rtf. Both
/// are estimated by maximum likelihood (EM from the shares of votes and from raters that are right in four
/// of five, so that the start, and which state is called which, is the same always).
///
/// * With three raters of the same cells, every item has errors of its own; with two, items share those of
///   each rater (`errors-shared-over-items`), or nothing is identified: two raters of one item have 8 free
///   cells for 14 parameters (`not-identified`). `sharesErrors` shares them always.
/// * That raters err independently given the truth cannot be checked by them alone, and fails where
///   papers are hard for all: then rates are wrong and limits too short. With a better rater, correct by
///   it (``CorrectedRates``).
/// * Limits are percentiles over papers resampled whole. Cost of a replicate: items × patterns × iterations.
///
/// Reference: Dawid & Skene (1979), *JRSS C* 28:20.
public struct DawidSkene: Analysis {
  /// What makes two rows two readings of a paper.
  var arrangement: Ratings.Arrangement
  /// The rows wanted.
  public var levels: Set<AgreementTarget.Level>
  /// Whether items share the errors of each rater even where they need not.
  var sharesErrors: Bool
  /// The confidence level.
  public var level: Double

  /// One row a rate, and one an error of a rater.
  public typealias Result = [DawidSkeneRow]

  /// 199: a replicate is a fit.
  public static var usualReplicates: Int { 199 }

  /// Asks for the rates that several raters together make likely.
  public init(
    by arrangement: Ratings.Arrangement = .rater,
    levels: Set<AgreementTarget.Level> = [.overall, .category, .item], sharesErrors: Bool = false,
    level: Double = 0.95
  ) {
    self.arrangement = arrangement
    self.levels = levels
    self.sharesErrors = sharesErrors
    self.level = level
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .strata, .repeatedPapers: .honoured
    }
  }

  /// Fits, and says which replicates are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let ratings = Ratings(sample.matrix, by: arrangement)
    guard !ratings.papersReadTwice.isEmpty else { throw AgreementError(ratings) }
    let design = try sample.study.plan.design(of: sample.matrix)
    let weights = sample.study.plan.usesWeights ? ratings.papers.map { $0.weight ?? 1 } : nil
    let statistic = DawidSkeneStatistic(
      ratings,
      targets: AgreementTarget.all(
        of: ratings.items, levels: levels.intersection([.overall, .category, .item])),
      unitOfPaper: ratings.rows.map { design.unitOfPaper[$0] }, unitCount: design.unitCount,
      weights: weights, sharesErrors: sharesErrors)
    let draws =
      statistic.isIdentified ? [Draw(terms: statistic.terms, statistic, design)] : []
    return Prepared(draws: draws) { samples in
      let values = samples.first?.original ?? statistic.original()
      return statistic.labels.enumerated().map { place, label in
        var estimate = Estimate(nil, count: label.paperCount)
        let value = values[place]
        if !statistic.isIdentified {
          estimate.notes = [.notIdentified]
        } else if value.isFinite {
          estimate.value = value
          if statistic.isShared { estimate.notes = [.errorsShared] }
          if let sample = samples.first {
            estimate.setLimits(
              sample, place, by: .percentile, method: MethodName(rawValue: "percentile"),
              level: level)
          }
        } else {
          estimate.notes = [label.rater == nil ? .neverRatedTwice : .noSuchCells]
        }
        return DawidSkeneRow(
          target: label.target, item: label.item, rater: label.rater, parameter: label.parameter,
          estimate: estimate)
      }
    }
  }
}

/// A rate, or how a rater errs, without a rater known to be right.
public struct DawidSkeneRow: Sendable, Equatable {
  /// What it is of.
  public let target: AgreementTarget
  /// The item; `nil` where it is of several.
  public let item: ItemID?
  /// The rater whose errors they are; `nil` for a rate.
  public let rater: String?
  /// `rate`, `sensitivity`, `specificity`, `missed_applies` or `false_applies`.
  public let parameter: String
  /// The estimate.
  public let estimate: Estimate
}

extension Note {
  /// Items share the errors of each rater.
  static let errorsShared = Note(
    "errors-shared-over-items", effect: .remark,
    words: "items share how each rater errs, as two raters of an item tell too little")
  /// No cell has the state that the error is about.
  static let noSuchCells = Note(
    "no-such-cells", effect: .noValue,
    words: "no cell is likely to be what the error is about")
  /// Too few raters or items for the model.
  static let notIdentified = Note(
    "not-identified", effect: .noValue,
    words: "two raters of fewer than three items cannot tell rates from errors; three raters can")
}

/// The fit as a function of how often papers count.
struct DawidSkeneStatistic: Statistic {
  struct Label: Sendable {
    let target: AgreementTarget
    let item: ItemID?
    let rater: String?
    let parameter: String
    let paperCount: Int
  }

  let unitCount: Int
  let isShared: Bool
  let isIdentified: Bool
  let labels: [Label]
  private let raterCount: Int
  private let targets: [AgreementTarget]
  /// The items' patterns, states by rater; −1 where a rater was not asked.
  private let patterns: [[[Int]]]
  private let ofPaper: [[Int32]]
  private let unitOfPaper: [Int]
  private let weights: [Double]?

  var valueCount: Int { labels.count }
  var terms: [String] {
    labels.map { label in
      [label.item?.description ?? label.target.term, label.rater, label.parameter]
        .compactMap { $0 }.joined(separator: " ")
    }
  }

  init(
    _ ratings: Ratings, targets: [AgreementTarget], unitOfPaper: [Int], unitCount: Int,
    weights: [Double]?, sharesErrors: Bool
  ) {
    let found = RatingPatterns(ratings)
    patterns = found.cells.map { $0.map { $0.map { AnswerState($0)?.rawValue ?? -1 } } }
    ofPaper = found.ofPaper
    self.unitOfPaper = unitOfPaper
    self.unitCount = unitCount
    self.weights = weights
    self.targets = targets
    raterCount = ratings.raters.count
    let most = patterns.joined().reduce(0) { max($0, $1.count { $0 >= 0 }) }
    isShared = sharesErrors || most < 3
    isIdentified = !isShared || patterns.count >= 3 || most >= 3
    labels = targets.flatMap { target -> [Label] in
      let papers = ratings.papers.indices.count { paper in
        target.items.contains { found.ofPaper[$0][paper] >= 0 }
      }
      let item = target.level == .item ? ratings.items[target.items[0]].id : nil
      let rate = Label(
        target: target, item: item, rater: nil, parameter: "rate", paperCount: papers)
      guard target.level == .overall else { return [rate] }
      return [rate]
        + ratings.raters.flatMap { rater in
          Self.errorNames.map {
            Label(target: target, item: nil, rater: rater, parameter: $0, paperCount: papers)
          }
        }
    }
  }

  /// The expected cells of a state that tell something of errors about it.
  private static let fewestCells = 0.01

  private static let errorNames = ["sensitivity", "specificity", "missed_applies", "false_applies"]

  func estimate(weights own: Span<Double>, into values: inout MutableSpan<Double>) {
    var counts = patterns.map { [Double](repeating: 0, count: $0.count) }
    for item in ofPaper.indices {
      for (paper, pattern) in ofPaper[item].enumerated() where pattern >= 0 {
        counts[item][Int(pattern)] += own[unitOfPaper[paper]] * (weights?[paper] ?? 1)
      }
    }
    let fit = isIdentified ? fit(counts) : nil
    var place = 0
    for target in targets {
      guard let fit else { break }
      var (yes, applies) = (0.0, 0.0)
      for item in target.items {
        let size = counts[item].reduce(0, +)
        yes += size * fit.shares[item][0]
        applies += size * (fit.shares[item][0] + fit.shares[item][1])
      }
      values[place] = applies > 0 ? yes / applies : .nan
      place += 1
      guard target.level == .overall else { continue }
      for rater in 0..<raterCount {
        let e = fit.expected[rater]
        // States that (nearly) no cell has leave errors about them unknown.
        func share(_ part: Double, _ whole: Double) -> Double {
          whole > Self.fewestCells ? part / whole : .nan
        }
        values[place] = share(e[0][0], e[0][0] + e[0][1])
        values[place + 1] = share(e[1][1], e[1][1] + e[1][0])
        values[place + 2] = share(e[0][2] + e[1][2], e[0].reduce(0, +) + e[1].reduce(0, +))
        values[place + 3] = share(e[2][0] + e[2][1], e[2].reduce(0, +))
        place += 4
      }
    }
    while place < valueCount {
      values[place] = .nan
      place += 1
    }
  }

  private struct Fit {
    /// The shares of the hidden states of each item.
    var shares: [[Double]]
    /// The expected cells by rater, hidden state and answer.
    var expected: [[[Double]]]
  }

  /// EM; errors by group of items, by one rater and one hidden state after another.
  private func fit(_ counts: [[Double]]) -> Fit {
    let itemCount = patterns.count
    let groupOf = (0..<itemCount).map { isShared ? 0 : $0 }
    let groupCount = isShared ? 1 : itemCount
    let empty = [[[Double]]](
      repeating: [[Double]](repeating: [0, 0, 0], count: 3), count: raterCount)
    let start = (0..<3).map { truth in (0..<3).map { $0 == truth ? 0.8 : 0.1 } }
    var errors = [[[[Double]]]](
      repeating: [[[Double]]](repeating: start, count: raterCount), count: groupCount)
    var shares = (0..<itemCount).map { item -> [Double] in
      var votes = [0.1, 0.1, 0.1]
      for (pattern, count) in zip(patterns[item], counts[item]) {
        for state in pattern where state >= 0 { votes[state] += count }
      }
      let sum = votes.reduce(0, +)
      return votes.map { $0 / sum }
    }
    var last = -Double.infinity
    var expected = empty
    for _ in 0..<Self.mostIterations {
      var likelihood = 0.0
      var totals = [[[[Double]]]](repeating: empty, count: groupCount)
      expected = empty
      for item in 0..<itemCount {
        var classes = [0.0, 0.0, 0.0]
        for (pattern, count) in zip(patterns[item], counts[item]) where count > 0 {
          var joint = shares[item]
          for (rater, state) in pattern.enumerated() where state >= 0 {
            for truth in 0..<3 { joint[truth] *= errors[groupOf[item]][rater][truth][state] }
          }
          let sum = max(joint[0] + joint[1] + joint[2], .leastNormalMagnitude)
          likelihood += count * .log(sum)
          for truth in 0..<3 {
            let part = count * joint[truth] / sum
            classes[truth] += part
            for (rater, state) in pattern.enumerated() where state >= 0 {
              totals[groupOf[item]][rater][truth][state] += part
              expected[rater][truth][state] += part
            }
          }
        }
        let size = classes.reduce(0, +)
        if size > 0 { shares[item] = classes.map { $0 / size } }
      }
      for group in 0..<groupCount {
        for rater in 0..<raterCount {
          for truth in 0..<3 {
            let row = totals[group][rater][truth]
            let sum = row.reduce(0, +)
            // Without a cell the errors stay what they were.
            if sum > 1e-12 { errors[group][rater][truth] = row.map { $0 / sum } }
          }
        }
      }
      if likelihood - last < 1e-9 * max(1, abs(likelihood)) { break }
      last = likelihood
    }
    return Fit(shares: shares, expected: expected)
  }

  private static let mostIterations = 1_000
}

extension Table {
  /// Rates and errors without a rater known to be right, one a row.
  public init(_ rows: [DawidSkeneRow]) {
    let estimates = rows.map(\.estimate)
    self.init(
      name: "dawid-skene",
      caption:
        "Rates that the raters together make likely, if they err independently of each other.",
      columns: [
        Column("level", .text(rows.map(\.target.level.rawValue))),
        Column("category", .text(rows.map(\.target.category))),
        Column("term", .text(rows.map(\.target.term))),
        Column("item", .text(rows.map { $0.item?.description }), isDetail: true),
        Column("rater", .text(rows.map(\.rater))),
        Column("parameter", .text(rows.map(\.parameter))),
        Column("n_papers", .integer(estimates.map(\.count))),
      ] + Column.columns(of: estimates, style: .share, errorStyle: .share) + [
        Column("conf_level", .real(estimates.map(\.level)), isDetail: true),
        Column("interval", .text(estimates.map { $0.method?.rawValue }), isDetail: true),
        Column("note", .text(estimates.map(\.notes.text))),
      ])
    notes.append(
      "That raters err independently cannot be checked by them alone; where papers are hard for all, rates are "
        + "wrong and limits too short.")
  }
}

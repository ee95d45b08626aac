/// Weights of categories or items by which papers that are known to be good, or bad, score so.
///
/// The score of a paper is `s = Σ w N / Σ w D`: by categories N is the score of a category and D is 1 where it is
/// defined; by cells N is 100 times its passed items and D its applicable ones, both as a weighted score counts them; by
/// items each item is a group of its own. Weights lie in [0, 5] and minimise
///
///     mean over anchors (distance of s to its band / 10)² + mean over pairs max(0, margin − (s better − s worse))² / 100
///       + pull · mean (w − 1)²
///
/// where bands are drawn in by a point, a quarter of narrow ones, as the pull would leave scores just outside them. The
/// pull to equal weights decides what anchors leave open, and the scale, which scores do not have. The minimum is
/// sought by a projected Newton method from equal weights and from 24 points drawn from a fixed seed, the best is taken;
/// so the result is the same everywhere.
///
/// * `data share` of a weight is what anchors and pairs have in its curvature at the minimum, `1 − pull/p · 2 (H⁻¹)ₖₖ`;
///   below .1 the note `not-identified` says that the pull made it. A weight at a bound has the note.
/// * Every anchor is left out once, with the pairs that name it: its score under the weights of the others, and the
///   range of each weight.
///
/// A paper that scores under no weight (nothing applies) counts as ten bands away. Cost: some hundred evaluations of the
/// anchors and pairs, times anchors.
///
/// References: Bertsekas (1982), *SIAM Journal on Control and Optimization* 20:221.
public struct WeightFit: Sendable, Equatable {
  /// What has a weight, and how they make a score.
  public enum Basis: String, Sendable, Hashable, CaseIterable {
    /// Category scores, weighted.
    case categories
    /// Cells, with the weight of their category.
    case cells
    /// Cells, each item with a weight of its own.
    case items
  }

  /// The most that something weighs.
  public static let greatest = 5.0

  /// What has a weight, in the order of the matrix.
  public let names: [String]
  /// What they have in a composite: category and item names.
  public let basis: Basis
  /// The weights.
  public let weights: [Double]
  /// How much of each weight anchors and pairs decide, from 0 to 1.
  public let dataShares: [Double]
  /// The least and greatest of each weight over fits that leave an anchor out; `nil` with fewer than two anchors.
  public let ranges: [(low: Double, high: Double)]?
  /// The scores of all papers under the weights.
  public let scores: [Double?]
  /// The scores of all papers under equal weights.
  let equalScores: [Double?]
  /// The unweighted score of the corpus's papers.
  let plainScores: [Double?]
  /// The anchors with their scores.
  public let anchors: [AnchorRow]
  /// The pairs with their lead.
  public let pairs: [PairRow]
  /// Whether the minimum was found.
  public let converged: Bool

  /// An anchor with its score.
  public struct AnchorRow: Sendable, Equatable {
    /// The anchor.
    public let anchor: WeightAnchors.Anchor
    /// Its unweighted score.
    let plainScore: Double?
    /// Its score under equal weights.
    public let equalScore: Double?
    /// Its score under the weights.
    public let score: Double?
    /// Its score under weights learned without it.
    public let leftOutScore: Double?

    /// Whether a score lies in the band; a rounding error beside it does.
    public func holds(_ score: Double?) -> Bool? {
      score.map { $0 >= anchor.low - 1e-6 && $0 <= anchor.high + 1e-6 }
    }
  }

  /// A pair with the lead of its better paper.
  public struct PairRow: Sendable, Equatable {
    /// The pair.
    public let pair: WeightAnchors.Pair
    /// The lead in the unweighted score.
    let plainLead: Double?
    /// The lead under equal weights.
    let equalLead: Double?
    /// The lead under the weights.
    public let lead: Double?
  }

  /// Why nothing can be learned.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// A paper that is named is not there.
    case unknownPaper(String, nearest: [String])
    /// Nothing to weigh.
    case nothingToWeigh

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .unknownPaper(let name, let nearest):
        "no paper is called '\(DisplayText.visible(name))'\(NearestNames.suggestion(of: nearest))"
      case .nothingToWeigh:
        "fewer than two categories or items have answers, so that there is nothing to weigh"
      }
    }
  }

  /// Whether two fits have the same weights.
  public static func == (left: WeightFit, right: WeightFit) -> Bool {
    left.names == right.names && left.weights == right.weights && left.anchors == right.anchors
  }

  /// Learns weights.
  ///
  /// - Parameters:
  ///   - anchors: What is known of papers, all of which must be in the matrix.
  ///   - matrix: The papers.
  ///   - basis: What has a weight.
  ///   - pull: How strongly weights are drawn to one.
  public init(
    _ anchors: WeightAnchors, _ matrix: BinaryMatrix, basis: Basis = .categories,
    pull: Double = 0.05
  ) throws(Failure) {
    let known = Dictionary(
      matrix.papers.enumerated().map { ($1.slug, $0) }, uniquingKeysWith: { first, _ in first })
    for name in anchors.papers where known[name] == nil {
      throw .unknownPaper(name, nearest: NearestNames(known.keys.sorted()).nearest(to: name))
    }
    let parts = WeightedParts(matrix, basis: basis)
    guard parts.names.count > 1 else { throw .nothingToWeigh }
    let objective = WeightObjective(parts, anchors, known, pull: pull)
    let found = objective.minimum()
    self.basis = basis
    names = parts.names
    weights = found.point
    converged = found.converged
    dataShares = objective.dataShares(at: found.point)
    let ones = [Double](repeating: 1, count: parts.names.count)
    scores = parts.scores(found.point)
    equalScores = parts.scores(ones)
    plainScores = PaperScores(matrix).overall.values
    var leftOut: [Double?] = []
    var ranges = found.point.map { (low: $0, high: $0) }
    for anchor in anchors.anchors {
      guard anchors.anchors.count > 1 else {
        leftOut.append(nil)
        continue
      }
      let others = WeightAnchors(
        anchors: anchors.anchors.filter { $0 != anchor },
        pairs: anchors.pairs.filter { $0.better != anchor.paper && $0.worse != anchor.paper },
        margin: anchors.margin)
      let point = WeightObjective(parts, others, known, pull: pull).minimum().point
      leftOut.append(known[anchor.paper].flatMap { parts.score($0, point)?.value })
      for index in point.indices {
        ranges[index].low = min(ranges[index].low, point[index])
        ranges[index].high = max(ranges[index].high, point[index])
      }
    }
    self.ranges = anchors.anchors.count > 1 ? ranges : nil
    let (equal, own, plain) = (equalScores, scores, plainScores)
    self.anchors = zip(anchors.anchors, leftOut).map { anchor, left in
      let paper = known[anchor.paper] ?? 0
      return AnchorRow(
        anchor: anchor, plainScore: plain[paper], equalScore: equal[paper], score: own[paper],
        leftOutScore: left)
    }
    pairs = anchors.pairs.map { pair in
      let (a, b) = (known[pair.better] ?? 0, known[pair.worse] ?? 0)
      func lead(_ scores: [Double?]) -> Double? {
        guard let first = scores[a], let second = scores[b] else { return nil }
        return first - second
      }
      return PairRow(
        pair: pair, plainLead: lead(plain), equalLead: lead(equal), lead: lead(own))
    }
  }

  /// The weights as a file that ``CompositeWeights`` reads.
  public var json: String {
    let lines = zip(names, weights).map { name, weight in
      var text = ""
      for character in name {
        if character == "\"" || character == "\\" { text.append("\\") }
        text.append(character)
      }
      return "    \"\(text)\": \(weight)"
    }
    return "{\n  \"name\": \"learned\",\n  \"\(basis == .items ? "items" : "categories")\": {\n"
      + lines.joined(separator: ",\n") + "\n  }\n}\n"
  }
}

/// The numerators and denominators of scores, for each paper and group of items.
private struct WeightedParts {
  let names: [String]
  /// Papers after one another, groups within.
  let numerators: [Double]
  let denominators: [Double]
  let paperCount: Int

  init(_ matrix: BinaryMatrix, basis: WeightFit.Basis) {
    let targets = RateTarget.all(in: matrix, levels: [basis == .items ? .item : .category])
      .filter { matrix.applies.anyCount(columns: $0.items) > 0 }
    names = targets.map { target in
      basis == .items ? matrix.items[target.items[0]].id.description : target.term
    }
    paperCount = matrix.papers.count
    var numerators = [Double](repeating: 0, count: paperCount * targets.count)
    var denominators = numerators
    for (group, target) in targets.enumerated() {
      let passed = matrix.yes.rowCounts(columns: target.items)
      let applicable = matrix.applies.rowCounts(columns: target.items)
      for paper in 0..<paperCount where applicable[paper] > 0 {
        let place = paper * targets.count + group
        let isShare = basis == .categories
        numerators[place] =
          100 * Double(passed[paper]) / (isShare ? Double(applicable[paper]) : 1)
        denominators[place] = isShare ? 1 : Double(applicable[paper])
      }
    }
    self.numerators = numerators
    self.denominators = denominators
  }

  /// The score of a paper and its derivatives by the weights; `nil` where nothing that weighs applies.
  func score(_ paper: Int, _ weights: [Double]) -> (value: Double, gradient: [Double])? {
    let start = paper * names.count
    var (sum, whole) = (0.0, 0.0)
    for group in names.indices {
      sum += weights[group] * numerators[start + group]
      whole += weights[group] * denominators[start + group]
    }
    guard whole > 1e-9 else { return nil }
    let value = sum / whole
    return (
      value,
      names.indices.map { (numerators[start + $0] - value * denominators[start + $0]) / whole }
    )
  }

  func scores(_ weights: [Double]) -> [Double?] {
    (0..<paperCount).map { score($0, weights)?.value }
  }
}

/// What weights minimise.
private struct WeightObjective {
  let parts: WeightedParts
  let anchors: [(paper: Int, low: Double, high: Double)]
  let pairs: [(better: Int, worse: Int)]
  let margin: Double
  let pull: Double

  init(
    _ parts: WeightedParts, _ anchors: WeightAnchors, _ known: [String: Int], pull: Double
  ) {
    self.parts = parts
    // A point inside the band, as the pull would leave scores just outside.
    self.anchors = anchors.anchors.map { anchor in
      let inset = min(1, (anchor.high - anchor.low) / 4)
      return (
        known[anchor.paper] ?? 0, anchor.low > 0 ? anchor.low + inset : 0,
        anchor.high < 100 ? anchor.high - inset : 100
      )
    }
    pairs = anchors.pairs.map { (known[$0.better] ?? 0, known[$0.worse] ?? 0) }
    margin = anchors.margin
    self.pull = pull
  }

  func minimum() -> Minimum {
    let count = parts.names.count
    let minimizer = BoundedMinimizer(
      lower: [Double](repeating: 0, count: count),
      upper: [Double](repeating: WeightFit.greatest, count: count), gradientTolerance: 1e-7)
    var best = minimizer.minimum(from: [Double](repeating: 1, count: count), of: evaluation)
    for start in 0..<24 {
      var stream = RandomStream(seed: 19, stream: UInt64(start))
      let found = minimizer.minimum(
        from: (0..<count).map { _ in 2 * stream.uniform() }, of: evaluation)
      if found.value < best.value - 1e-9 { best = found }
    }
    return best
  }

  /// The value with its gradient, and the Gauss–Newton matrix for second derivatives.
  func evaluation(_ weights: [Double]) -> Evaluation {
    let (value, gradient, hessian) = loss(weights)
    let count = Double(weights.count)
    var result = Evaluation(value: value, gradient: gradient, hessian: hessian)
    for index in weights.indices {
      let gap = weights[index] - 1
      result.value += pull * gap * gap / count
      result.gradient[index] += 2 * pull * gap / count
      result.hessian?[index, index] += 2 * pull / count
    }
    return result
  }

  private func loss(_ weights: [Double]) -> (Double, [Double], DenseMatrix) {
    let count = weights.count
    var value = 0.0
    var gradient = [Double](repeating: 0, count: count)
    var hessian = DenseMatrix(rows: count, columns: count)
    /// Adds the square of a residual.
    func add(_ residual: Double, _ slope: [Double], share: Double) {
      value += share * residual * residual
      for i in 0..<count {
        gradient[i] += 2 * share * residual * slope[i]
        for j in 0..<count { hessian[i, j] += 2 * share * slope[i] * slope[j] }
      }
    }
    for anchor in anchors {
      let share = 1 / Double(anchors.count)
      guard let score = parts.score(anchor.paper, weights) else {
        value += share * 100
        continue
      }
      if score.value < anchor.low {
        add((score.value - anchor.low) / 10, score.gradient.map { $0 / 10 }, share: share)
      } else if score.value > anchor.high {
        add((score.value - anchor.high) / 10, score.gradient.map { $0 / 10 }, share: share)
      }
    }
    for pair in pairs {
      let share = 1 / Double(pairs.count)
      guard let better = parts.score(pair.better, weights),
        let worse = parts.score(pair.worse, weights)
      else {
        value += share * 100
        continue
      }
      let short = margin - (better.value - worse.value)
      if short > 0 {
        add(
          short / 10, zip(better.gradient, worse.gradient).map { ($1 - $0) / 10 }, share: share)
      }
    }
    return (value, gradient, hessian)
  }

  /// How much of each weight anchors and pairs decide.
  func dataShares(at weights: [Double]) -> [Double] {
    let count = weights.count
    var (_, _, hessian) = loss(weights)
    let own = 2 * pull / Double(count)
    for index in 0..<count { hessian[index, index] += own }
    guard let inverse = try? hessian.positiveDefiniteInverse() else {
      return [Double](repeating: 0, count: count)
    }
    return (0..<count).map { min(1, max(0, 1 - own * inverse[$0, $0])) }
  }
}

/// The medians of two scores of the same papers, and of resamples of these.
private struct PairedMedians {
  private let sides: [(values: [Double], order: [Int])]
  private let count: Int

  init(_ before: [Double], _ after: [Double]) {
    count = before.count
    sides = [before, after].map { values in
      (values, values.indices.sorted { (values[$0], $0) < (values[$1], $1) })
    }
  }

  /// Percentile limits of the second median less the first; `nil` below ten papers.
  func limits(level: Double) -> (lower: Double, upper: Double)? {
    guard count >= 10 else { return nil }
    let changes = (0..<999).map { replicate -> Double in
      var stream = RandomStream(seed: 19, stream: UInt64(replicate), substream: 4)
      var drawn = [Int](repeating: 0, count: count)
      for _ in 0..<count { drawn[stream.index(below: count)] += 1 }
      let medians = sides.map { side -> Double in
        func value(_ rank: Int) -> Double {
          var seen = 0
          for paper in side.order {
            seen += drawn[paper]
            if seen > rank { return side.values[paper] }
          }
          return side.values[side.order[count - 1]]
        }
        return (value((count - 1) / 2) + value(count / 2)) / 2
      }
      return medians[1] - medians[0]
    }.sorted()
    let tail = max(1, Int((Double(changes.count + 1) * (1 - level) / 2).rounded()))
    return (changes[tail - 1], changes[changes.count - tail])
  }
}

extension Table {
  /// Weights: `term`, `n_papers` (in which something of it applies), `estimate`, `low`, `high` (over fits that leave an
  /// anchor out), `data_share`, `note`.
  public init(weights fit: WeightFit, of matrix: BinaryMatrix) {
    let level: RateTarget.Level = fit.basis == .items ? .item : .category
    let targets = RateTarget.all(in: matrix, levels: [level]).filter {
      matrix.applies.anyCount(columns: $0.items) > 0
    }
    let notes = fit.names.indices.map { index -> [Note] in
      var notes: [Note] = []
      if fit.dataShares[index] < 0.1 { notes.append(Note("not-identified", effect: .doubt)) }
      if fit.weights[index] <= 1e-9 { notes.append(Note("at-zero", effect: .remark)) }
      if fit.weights[index] >= WeightFit.greatest - 1e-9 {
        notes.append(Note("at-the-upper-bound", effect: .doubt))
      }
      if !fit.converged { notes.append(Note("not-converged", effect: .doubt)) }
      return notes
    }
    self.init(
      name: "weights",
      caption: """
        Weights learned from anchors, the range of each over fits that leave an anchor out, and how much \
        of it anchors decide.
        """,
      columns: [
        Column("term", .text(fit.names)),
        Column("n_papers", .integer(targets.map { matrix.applies.anyCount(columns: $0.items) })),
        Column("estimate", .real(fit.weights)),
        Column("range_low", .real(fit.names.indices.map { fit.ranges?[$0].low })),
        Column("range_high", .real(fit.names.indices.map { fit.ranges?[$0].high })),
        Column("data_share", .real(fit.dataShares), style: .share),
        Column.notes(notes),
      ])
  }

  /// Anchors: `paper`, `band`, `band_low`, `band_high`, `equal_weights`, `estimate` (the score), `in_band`, `left_out`
  /// (the score under weights learned without it), `left_out_in_band`.
  public init(anchors fit: WeightFit) {
    func word(_ holds: Bool?) -> String? { holds.map { $0 ? "yes" : "no" } }
    let rows = fit.anchors
    let inside = rows.count { $0.holds($0.score) == true }
    let outside = rows.count { $0.holds($0.leftOutScore) == true }
    let before = rows.count { $0.holds($0.equalScore) == true }
    self.init(
      name: "anchors", caption: "Anchors with their bands and scores.",
      columns: [
        Column("paper", .text(rows.map(\.anchor.paper))),
        Column("band", .text(rows.map(\.anchor.band))),
        Column("band_low", .real(rows.map(\.anchor.low))),
        Column("band_high", .real(rows.map(\.anchor.high))),
        Column("equal_weights", .real(rows.map(\.equalScore))),
        Column("estimate", .real(rows.map(\.score))),
        Column("in_band", .text(rows.map { word($0.holds($0.score)) })),
        Column("left_out", .real(rows.map(\.leftOutScore))),
        Column("left_out_in_band", .text(rows.map { word($0.holds($0.leftOutScore)) })),
      ],
      notes: [
        "\(inside) of \(rows.count) anchors are in their band, \(before) under equal weights; of anchors that "
          + "weights were learned without, \(outside)."
      ])
  }

  /// Pairs: `better`, `worse`, `equal_weights`, `estimate` (the lead), `satisfied`.
  public init(anchorPairs fit: WeightFit) {
    let rows = fit.pairs
    let satisfied = rows.count { ($0.lead ?? -1) > 0 }
    self.init(
      name: "anchor_pairs", caption: "Ordered pairs and the lead of the better paper, in points.",
      columns: [
        Column("better", .text(rows.map(\.pair.better))),
        Column("worse", .text(rows.map(\.pair.worse))),
        Column("equal_weights", .real(rows.map(\.equalLead))),
        Column("estimate", .real(rows.map(\.lead))),
        Column("satisfied", .text(rows.map { $0.lead.map { $0 > 0 ? "yes" : "no" } })),
      ], notes: ["\(satisfied) of \(rows.count) pairs are in order."])
  }

  /// What weights do: `term`, `n`, `old` (the unweighted score), `equal_weights`, `new`, `estimate` (new less old) with
  /// its error and limits.
  ///
  /// The mean and median of the corpus, then in percent the anchors in their band, those in their band under weights
  /// learned without them, and the pairs in order. Limits of the mean are Student's, of the median percentiles of 999
  /// resamples of papers, of anchors Newcombe's of pairs; those that weights were fitted to have none.
  ///
  /// - Parameters:
  ///   - fit: The weights.
  ///   - leavingOut: Papers that are not of the corpus, such as anchors.
  ///   - level: The confidence level.
  public init(shift fit: WeightFit, leavingOut: Set<Int> = [], level: Double) {
    let rows =
      WeightShift.ofCorpus(fit, leavingOut: leavingOut, level: level)
      + WeightShift.ofAnchors(fit, level: level)
    self.init(
      name: "weight_shift",
      caption: """
        The scores of the corpus before and after, and of 100 anchors and pairs those that are where they \
        should be; limits are of the change.
        """,
      columns: [
        Column("term", .text(rows.map(\.term))),
        Column("n", .integer(rows.map { $0.change.count })),
        Column("old", .real(rows.map(\.old))),
        Column("equal_weights", .real(rows.map(\.equal))),
        Column("new", .real(rows.map(\.new))),
      ] + Column.columns(of: rows.map(\.change)) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column.notes(rows.map(\.change.notes)),
      ])
  }
}

/// A number before and after weighting.
private struct WeightShift {
  let term: String
  let old: Double?
  let equal: Double?
  let new: Double?
  /// New less old.
  let change: Estimate

  static func ofCorpus(_ fit: WeightFit, leavingOut: Set<Int>, level: Double) -> [WeightShift] {
    let papers = fit.scores.indices.filter {
      fit.scores[$0] != nil && fit.plainScores[$0] != nil && !leavingOut.contains($0)
    }
    let before = papers.map { fit.plainScores[$0] ?? 0 }
    let equal = papers.map { fit.equalScores[$0] ?? 0 }
    let after = papers.map { fit.scores[$0] ?? 0 }
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    func median(_ values: [Double]) -> Double? {
      let sorted = values.sorted()
      guard !sorted.isEmpty else { return nil }
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    func row(
      _ term: String, _ error: Double?, _ limits: (lower: Double, upper: Double)?, fewest: Int,
      _ number: ([Double]) -> Double?
    ) -> WeightShift {
      let (old, new) = (number(before), number(after))
      let change = old.flatMap { old in new.map { $0 - old } }
      return WeightShift(
        term: term, old: old, equal: number(equal), new: new,
        change: Estimate(
          change, standardError: error, lower: limits?.lower, upper: limits?.upper, level: level,
          count: papers.count,
          notes: limits == nil ? [Note("fewer-than-\(fewest)-papers", effect: .noLimits)] : []))
    }
    let change = SampleMean(zip(after, before).map { $0 - $1 })
    return [
      row("mean", change.error, change.interval(level: level), fewest: 2, mean),
      row("median", nil, PairedMedians(before, after).limits(level: level), fewest: 10, median),
    ]
  }

  static func ofAnchors(_ fit: WeightFit, level: Double) -> [WeightShift] {
    func row(
      _ term: String, old: [Bool?], equal: [Bool?], new: [Bool?], isFitted: Bool
    ) -> WeightShift? {
      guard !new.isEmpty, !new.allSatisfy({ $0 == nil }) else { return nil }
      let both = zip(new, old).map { ($0 == true, $1 == true) }
      let pairs = PairedProportions(
        both: both.count { $0.0 && $0.1 }, firstOnly: both.count { $0.0 && !$0.1 },
        secondOnly: both.count { !$0.0 && $0.1 }, neither: both.count { !$0.0 && !$0.1 })
      let limits = isFitted ? Estimate(nil) : pairs.newcombeInterval(level: level)
      func share(_ found: [Bool?]) -> Double {
        100 * Double(found.count { $0 == true }) / Double(found.count)
      }
      return WeightShift(
        term: term, old: share(old), equal: share(equal), new: share(new),
        change: Estimate(
          pairs.difference.map { 100 * $0 }, lower: limits.lower.map { 100 * $0 },
          upper: limits.upper.map { 100 * $0 }, level: level, count: new.count,
          notes: isFitted ? [Note("fitted-to-them", effect: .noLimits)] : []))
    }
    let anchors = fit.anchors
    let (old, equal) = (
      anchors.map { $0.holds($0.plainScore) }, anchors.map { $0.holds($0.equalScore) }
    )
    return [
      row(
        "anchors in band", old: old, equal: equal, new: anchors.map { $0.holds($0.score) },
        isFitted: true),
      row(
        "anchors in band, left out", old: old, equal: equal,
        new: anchors.map { $0.holds($0.leftOutScore) }, isFitted: false),
      row(
        "pairs in order", old: fit.pairs.map { $0.plainLead.map { $0 > 0 } },
        equal: fit.pairs.map { $0.equalLead.map { $0 > 0 } },
        new: fit.pairs.map { $0.lead.map { $0 > 0 } }, isFitted: true),
    ].compactMap { $0 }
  }
}

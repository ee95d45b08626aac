/// How many papers a better rater should answer, and which first.
///
/// By double sampling the variance of an item's rate is `A / n + B / N` with n re-answered of N papers:
/// `A = Σ_f W_f Σ_t G_ft (g_t − h_f)²` is what is not known of the better answer once the rater's is, and B
/// what the rater's answers vary (notation of `DoubleSampling`). W and G come from what was re-answered so
/// far, G towards how the rater errs in all items, as a pilot of eight papers says little of one.
///
/// * **How many**: the least n with `z √(A/n + B/N)` at most the half length wanted.
/// * **Which papers**: a paper of which the rater says f₁, f₂, … leaves `s² = Σ_j A_j(f_j)` unknown over all
///   items j. The sum of all items' variances is least where the probability of re-answering is
///   proportional to s (Neyman 1934, *JRSS* 97:558), at most 1. Papers are chosen with these probabilities
///   by systematic sampling from a random start in a random order.
/// * The **probability** to be stated when rates are corrected counts both chances: that of the papers
///   re-answered so far, taken as drawn at random, and that of the new ones.
///
/// Cost: papers × items.
public struct ReanswerPlan: Sendable {
  /// What re-answering more papers buys for an item, a category or everything.
  public struct Row: Sendable, Equatable {
    /// What it is of.
    public let target: RateTarget
    /// The number of papers of the rater.
    public let paperCount: Int
    /// The number of those re-answered so far.
    public let reansweredCount: Int
    /// Half the length of the interval with these; `nil` without any.
    public let halfLength: Double?
    /// The same with ten more papers, chosen at random.
    public let halfLengthWithTen: Double?
    /// How many papers have to be re-answered in all; `nil` where no number suffices.
    public let needed: Int?
    /// The same if papers are chosen as proposed.
    public let neededChosen: Int?
    /// The share of what is unknown of all items.
    public let share: Double?
    /// Why there is no number.
    public let notes: [Note]
  }

  /// A paper that could be re-answered.
  public struct Choice: Sendable, Equatable {
    /// The paper.
    public let paper: String
    /// Whether it was re-answered already.
    public let isReanswered: Bool
    /// The root of what is unknown of it over all items.
    public let unknown: Double
    /// The probability of being chosen now; 0 for one that was re-answered.
    public let chance: Double
    /// The probability of being re-answered by then, for the correction.
    public let probability: Double
    /// Whether it was drawn.
    public let isChosen: Bool
  }

  /// Items, categories, everything.
  public let rows: [Row]
  /// Papers, those first that leave most unknown.
  public let choices: [Choice]

  /// Plans.
  ///
  /// - Parameters:
  ///   - readings: The pilot.
  ///   - levels: The rows wanted.
  ///   - halfLength: The half length wanted.
  ///   - further: How many papers to choose; `nil` for as many as everything, or else the median item,
  ///     needs.
  ///   - level: The confidence level.
  ///   - seed: The seed of the choice.
  public init(
    _ readings: PairedReadings, levels: Set<RateTarget.Level> = [.item, .category, .overall],
    halfLength: Double, further: Int? = nil, level: Double, seed: UInt64
  ) {
    let matrix = readings.matrix
    let tables = matrix.items.indices.map { readings.table(item: $0) }
    let pooled = tables.reduce(StateTable(), +)
    let items = tables.indices.map { item in
      let totals = readings.totals(item: item)
      return UnknownShare(
        rater: [totals.yes, totals.no, totals.notApplicable].map(Double.init),
        table: tables[item], pooled: pooled)
    }
    let reanswered = Set(readings.reanswered)
    let own = Ratings.Reading(matrix)
    let squares = matrix.papers.indices.map { paper in
      items.indices.reduce(0) { sum, item in
        guard let state = AnswerState(own[paper, item]) else { return sum }
        return sum + items[item].unknown[state.rawValue]
      }
    }
    let z = Normal().upperQuantile(ConfidenceLevel.tail(level))
    let total = items.reduce(0) { $0 + $1.between }
    let count = matrix.papers.count
    // How much less the variance over all items is by choosing papers: (Σ s)² / (N Σ s²).
    let sum = squares.reduce(0) { $0 + $1.squareRoot() }
    let mass = squares.reduce(0, +)
    let gain = mass > 0 ? sum * sum / (Double(count) * mass) : 1
    rows = RateTarget.all(in: matrix, levels: levels).map { target in
      let parts = target.items.map { items[$0] }
      let pilot = target.items.reduce(0) { max($0, Int(tables[$1].total)) }
      let (spread, within) =
        parts.count == 1
        ? (parts[0].between, parts[0].within)
        : Self.parts(readings, target, parts, pilot: pilot, level: level)
      func half(_ papers: Int) -> Double? {
        guard papers > 0 else { return nil }
        return z * (spread / Double(min(papers, count)) + within / Double(count)).squareRoot()
      }
      func needed(_ spread: Double) -> Int? {
        let left = halfLength * halfLength / (z * z) - within / Double(count)
        guard left > 0 else { return nil }
        let papers = (spread / left).rounded(.up)
        return papers <= Double(count) ? max(1, Int(papers)) : nil
      }
      let all = needed(spread)
      return Row(
        target: target, paperCount: count, reansweredCount: pilot, halfLength: half(pilot),
        halfLengthWithTen: half(pilot + 10), needed: all, neededChosen: needed(spread * gain),
        share: total > 0 ? parts.reduce(0) { $0 + $1.between } / total : nil,
        notes: [pilot == 0 ? Note.noPilot : nil, all == nil ? .notReachable : nil].compactMap { $0 }
      )
    }
    let wanted =
      further
      ?? max(
        0,
        (rows.first { $0.target.level == .overall }?.needed
          ?? Self.median(rows.compactMap(\.needed)))
          - reanswered.count)
    choices = Self.choices(
      matrix, unknown: squares.map { $0.squareRoot() }, reanswered: reanswered, wanted: wanted,
      seed: seed)
  }

  /// A and B of several items together, from the error of their rate as it is now; without a pilot as if
  /// cells were independent.
  private static func parts(
    _ readings: PairedReadings, _ target: RateTarget, _ items: [UnknownShare], pilot: Int,
    level: Double
  ) -> (spread: Double, within: Double) {
    let size = Double(max(items.count, 1))
    let within = items.reduce(0) { $0 + $1.within } / (size * size)
    let sample = CorrectionSample(
      readings, items: target.items,
      design: SamplingDesign(paperCount: readings.matrix.papers.count))
    guard pilot > 1, let error = DoubleSampling().estimate(sample, level: level).standardError
    else { return (items.reduce(0) { $0 + $1.between } / (size * size), within) }
    let rest = error * error - within / Double(max(readings.matrix.papers.count, 1))
    return (max(0, rest) * Double(pilot), within)
  }

  private static func median(_ numbers: [Int]) -> Int {
    numbers.isEmpty ? 0 : numbers.sorted()[numbers.count / 2]
  }

  private static func choices(
    _ matrix: BinaryMatrix, unknown: [Double], reanswered: Set<Int>, wanted: Int, seed: UInt64
  ) -> [Choice] {
    let open = matrix.papers.indices.filter { !reanswered.contains($0) }
    let wanted = min(wanted, open.count)
    // A floor, so that every paper has a chance; then chances of at most 1 (water filling).
    let mean = open.reduce(0) { $0 + unknown[$1] } / Double(max(open.count, 1))
    let sizes = open.map { max(unknown[$0], 0.1 * mean, 1e-12) }
    var chances = [Double](repeating: 0, count: open.count)
    var isSure = [Bool](repeating: false, count: open.count)
    while true {
      let left = Double(wanted - isSure.count { $0 })
      let sum = sizes.indices.reduce(0) { $0 + (isSure[$1] ? 0 : sizes[$1]) }
      var changed = false
      for place in sizes.indices where !isSure[place] {
        chances[place] = sum > 0 ? left * sizes[place] / sum : 0
        if chances[place] >= 1 {
          isSure[place] = true
          chances[place] = 1
          changed = true
        }
      }
      guard changed else { break }
    }
    var random = RandomStream(seed: seed, stream: 17, substream: 1)
    var order = Array(sizes.indices)
    random.draw(order.count, toFrontOf: &order)
    let start = random.uniform()
    var drawn: Set<Int> = []
    var sum = 0.0
    for place in order {
      let before = (sum - start).rounded(.up)
      sum += chances[place]
      // A point start + k lies in the part of the line that is the paper's.
      if (sum - start).rounded(.up) > before { drawn.insert(place) }
    }
    let pilot = Double(reanswered.count) / Double(max(matrix.papers.count, 1))
    var result = open.enumerated().map { place, paper in
      Choice(
        paper: matrix.papers[paper].slug, isReanswered: false, unknown: unknown[paper],
        chance: chances[place], probability: 1 - (1 - pilot) * (1 - chances[place]),
        isChosen: drawn.contains(place))
    }
    // A paper of the pilot would have had the same chance had it not been drawn then.
    let scale = open.isEmpty ? 0 : Double(wanted) / max(sizes.reduce(0, +), 1e-300)
    result += reanswered.map { paper in
      let chance = min(1, max(unknown[paper], 0.1 * mean, 1e-12) * scale)
      return Choice(
        paper: matrix.papers[paper].slug, isReanswered: true, unknown: unknown[paper], chance: 0,
        probability: 1 - (1 - pilot) * (1 - chance), isChosen: false)
    }
    return result.sorted {
      $0.isReanswered == $1.isReanswered
        ? $0.unknown == $1.unknown ? $0.paper < $1.paper : $0.unknown > $1.unknown
        : !$0.isReanswered
    }
  }
}

/// What is unknown of an item.
private struct UnknownShare {
  /// By what the rater says, the variance of what the better rater would say.
  let unknown: [Double]
  /// A: the mean of it.
  let between: Double
  /// B: the variance of what the rater says is worth.
  let within: Double

  init(rater: [Double], table: StateTable, pooled: StateTable) {
    let states = AnswerState.allCases
    let cells = rater.reduce(0, +)
    let shares = rater.map { cells > 0 ? $0 / cells : 0 }
    // Three papers' worth of how the rater errs in all items, and a fifth a cell as in the posterior.
    let rows = states.map { first -> [Double] in
      let all = pooled.first(first) + 3 * DoubleSamplingPosterior.cellPrior
      let prior = states.map { (pooled[first, $0] + DoubleSamplingPosterior.cellPrior) / all }
      let own = states.map { table[first, $0] + 3 * prior[$0.rawValue] }
      let sum = own.reduce(0, +)
      return own.map { $0 / sum }
    }
    var totals = [0.0, 0.0, 0.0]
    for first in 0..<3 {
      for truth in 0..<3 { totals[truth] += shares[first] * rows[first][truth] }
    }
    let applies = totals[0] + totals[1]
    guard cells > 0, applies > 0 else {
      (unknown, between, within) = ([0, 0, 0], 0, 0)
      return
    }
    let rate = totals[0] / applies
    let gain: [Double] = [(1 - rate) / applies, -rate / applies, 0]
    var means = [0.0, 0.0, 0.0]
    var spreads = [0.0, 0.0, 0.0]
    for first in 0..<3 {
      for truth in 0..<3 { means[first] += rows[first][truth] * gain[truth] }
      for truth in 0..<3 {
        let distance = gain[truth] - means[first]
        spreads[first] += rows[first][truth] * distance * distance
      }
    }
    unknown = spreads
    between = zip(shares, spreads).reduce(0) { $0 + $1.0 * $1.1 }
    within = zip(shares, means).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
  }
}

extension Note {
  /// Nothing was re-answered yet; the plan takes the rater to err as in the other items.
  public static let noPilot = Note(
    "no-pilot", effect: .doubt, words: "nothing was re-answered yet")
  /// Re-answering all papers would not make the interval so short.
  public static let notReachable = Note(
    "not-reachable", effect: .noValue,
    words: "re-answering all papers would not make the interval so short; more papers would")
}

extension Table {
  /// What re-answering more papers buys.
  public init(plan: ReanswerPlan, halfLength: Double, better: String) {
    let rows = plan.rows
    self.init(
      name: "plan",
      caption: "How many papers \(better) has to answer for limits of at most ± "
        + "\(NumberFormat.percent(halfLength)) around corrected rates.",
      columns: Column.columns(naming: rows.map(\.target)) + [
        Column("n_papers", .integer(rows.map(\.paperCount))),
        Column("n_gold", .integer(rows.map(\.reansweredCount))),
        Column("half_length", .real(rows.map(\.halfLength)), style: .share),
        Column("half_length_10_more", .real(rows.map(\.halfLengthWithTen)), style: .share),
        Column("n_needed", .integer(rows.map(\.needed))),
        Column("n_needed_chosen", .integer(rows.map(\.neededChosen))),
        Column("share_unknown", .real(rows.map(\.share)), style: .share),
        Column("item", .text(rows.map(\.target.itemName)), isDetail: true),
        Column("note", .text(rows.map(\.notes.text))),
      ])
    notes.append(
      "n_needed counts papers re-answered at random, n_needed_chosen papers chosen by `table: plan-papers`; "
        + "half_length_10_more is what ten more random papers would buy.")
  }

  /// Which papers to re-answer, those first that leave most unknown.
  public init(choices plan: ReanswerPlan, better: String) {
    let choices = plan.choices
    self.init(
      name: "plan-papers",
      caption: "Which papers \(better) should answer: \(choices.count { $0.isChosen }) chosen.",
      columns: [
        Column("paper", .text(choices.map(\.paper))),
        Column("chosen", .text(choices.map { $0.isChosen ? "yes" : "no" })),
        Column("re_answered", .text(choices.map { $0.isReanswered ? "yes" : "no" })),
        Column("unknown", .real(choices.map(\.unknown))),
        Column("chance", .real(choices.map(\.chance)), style: .share),
        Column("probability", .real(choices.map(\.probability)), style: .share),
      ])
  }
}

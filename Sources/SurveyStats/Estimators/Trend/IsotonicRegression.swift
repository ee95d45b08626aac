/// The means of groups in an order that only rise, or only fall: those nearest to the observed in weighted
/// least squares.
///
/// Neighbours that violate the order are pooled until none is left (pool adjacent violators). For shares of
/// yes the fit is that of greatest likelihood as well.
///
/// Reference: Barlow, Bartholomew, Bremner & Brunk (1972), *Statistical Inference under Order Restrictions*.
/// Cost: linear in the groups.
public struct IsotonicRegression: Sendable, Equatable {
  /// The fitted means, in order.
  public let means: [Double]
  /// Whether they rise; else they fall.
  let isRising: Bool
  /// The weighted sum of squares of the fitted means about the overall mean.
  let explained: Double

  /// Fits means that rise, or fall.
  ///
  /// - Parameters:
  ///   - values: The observed mean of each group, in order.
  ///   - weights: The positive weight of each.
  ///   - isRising: Whether the means are to rise.
  public init(_ values: [Double], weights: [Double], isRising: Bool) {
    precondition(values.count == weights.count)
    let sign = isRising ? 1.0 : -1
    var blocks: [(sum: Double, weight: Double, count: Int)] = []
    for (value, weight) in zip(values, weights) {
      var block = (sum: sign * value * weight, weight: weight, count: 1)
      while let last = blocks.last, last.sum * block.weight >= block.sum * last.weight {
        block = (last.sum + block.sum, last.weight + block.weight, last.count + block.count)
        blocks.removeLast()
      }
      blocks.append(block)
    }
    let total = weights.reduce(0, +)
    let mean = total > 0 ? zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total : 0
    self.isRising = isRising
    means = blocks.flatMap { block in
      [Double](repeating: sign * block.sum / block.weight, count: block.count)
    }
    explained = blocks.reduce(0) { sum, block in
      let gap = sign * block.sum / block.weight - mean
      return sum + block.weight * gap * gap
    }
  }

  /// The better of the two directions; rising, if they are equally good.
  init(_ values: [Double], weights: [Double]) {
    let rising = IsotonicRegression(values, weights: weights, isRising: true)
    let falling = IsotonicRegression(values, weights: weights, isRising: false)
    self = falling.explained > rising.explained ? falling : rising
  }
}

/// Whether the rate of an item only rises, or only falls, with a covariate, without a curve to follow.
///
/// The fit is ``IsotonicRegression`` of the rates at the values of the covariate, of papers to which the item
/// applies, in the direction that explains more. The statistic is Ē², the share of the answers' sum of squares
/// that it explains; its p-value, for both directions together, is from permutations of the answers among
/// papers (the observed arrangement counts along), and of whole clusters where all papers of each have one
/// value; clusters that lie at several values have no p-value.
///
/// The rates at the ends of the span are pooled little and are often extreme; the fit is for display, and has no
/// limits.
///
/// Reference: Robertson, Wright & Dykstra (1988), *Order Restricted Statistical Inference*, section 2.3. Cost:
/// permutations × papers for each item.
public struct IsotonicTrends: Analysis {
  /// The numeric variable.
  public var on: String

  /// An item with its fit.
  public struct Row: Sendable, Equatable {
    /// The item.
    public let target: RateTarget
    /// The values of the covariate, ascending.
    public internal(set) var points: [Point] = []
    /// Whether the fit rises; `nil` without one.
    public internal(set) var isRising: Bool?
    /// The share of the sum of squares that it explains.
    public internal(set) var statistic: Double?
    /// The p-value of no trend in either direction.
    public internal(set) var pValue: Double?
    /// What is missing or doubtful.
    public internal(set) var notes: [Note]
  }

  /// A value of the covariate.
  public struct Point: Sendable, Equatable {
    /// The value.
    public let value: Double
    /// The papers.
    public let count: Int
    /// Those with yes.
    public let yesCount: Int
    /// The fitted rate.
    public let estimate: Double
  }

  /// One row an item.
  public typealias Result = [Row]

  /// Asks for the trends of all items.
  public init(on: String = "year") { self.on = on }

  /// Clusters and rows of one paper are permuted whole; weights and strata play no part.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .clusters, .repeatedPapers: .honoured
    case .weights, .strata: .ignored(feature)
    }
  }

  /// Fits; it draws nothing for others.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let values: [Double?]
    do throws(VariableError) {
      values = try matrix.variables.numbers(on)
    } catch { throw Trends.Failure.covariate(error) }
    let count = run.replicateCount(self)
    let targets = RateTarget.all(in: matrix, levels: [.item])
    let rows = try await concurrentMap(Array(targets.enumerated()), jobs: run.jobs) {
      number, target in
      try Task.checkCancellation()
      return Self.row(
        target, matrix, values, sample, permutations: count,
        stream: RandomStream(seed: run.seed, stream: UInt64(number), substream: 0x150))
    }
    return Prepared(draws: []) { _ in rows }
  }

  private static func row(
    _ target: RateTarget, _ matrix: BinaryMatrix, _ values: [Double?], _ sample: Sample,
    permutations: Int, stream: RandomStream
  ) -> Row {
    var row = Row(target: target, notes: sample.notes)
    let answers = matrix.outcome(item: target.items[0]).values
    let papers = answers.indices.filter { answers[$0] != nil && values[$0] != nil }
    let levels = Set(papers.compactMap { values[$0] }).sorted()
    guard papers.count >= 3, levels.count > 1 else {
      row.notes.append(papers.count < 3 ? .fewerThanThreePapers : .constantCovariate)
      return row
    }
    let place = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
    let level = papers.map { values[$0].flatMap { place[$0] } ?? 0 }
    var sizes = [Double](repeating: 0, count: levels.count)
    var yes = sizes
    for (position, paper) in papers.enumerated() {
      sizes[level[position]] += 1
      if answers[paper] == true { yes[level[position]] += 1 }
    }
    let fit = IsotonicRegression(zip(yes, sizes).map { $0 / $1 }, weights: sizes)
    row.points = levels.indices.map { index in
      Point(
        value: levels[index], count: Int(sizes[index]), yesCount: Int(yes[index]),
        estimate: fit.means[index])
    }
    let total = Double(papers.count)
    let rate = yes.reduce(0, +) / total
    let spread = total * rate * (1 - rate)
    guard spread > 0 else {
      row.notes.append(.constantItem)
      return row
    }
    row.isRising = fit.isRising
    row.statistic = fit.explained / spread
    let units = Units(
      papers.map { sample.design.unitsArePapers ? $0 : sample.design.unitOfPaper[$0] }, level,
      papers.map { answers[$0] == true })
    guard let units else {
      row.notes.append(.clustersAtSeveralValues)
      return row
    }
    guard units.levels.count > 1 else {
      row.notes.append(.tooFewClusters)
      return row
    }
    row.pValue = units.pValue(
      levelCount: levels.count, permutations: permutations, stream: stream)
    return row
  }

  /// What is permuted: papers, or clusters of one value of the covariate each.
  private struct Units {
    var levels: [Int] = []
    var sizes: [Double] = []
    var yes: [Double] = []

    /// `nil` when a cluster lies at several values.
    init?(_ clusters: [Int], _ level: [Int], _ answers: [Bool]) {
      var place: [Int: Int] = [:]
      for position in clusters.indices {
        let unit = place[clusters[position]] ?? levels.count
        if unit == levels.count {
          place[clusters[position]] = unit
          levels.append(level[position])
          sizes.append(0)
          yes.append(0)
        }
        guard levels[unit] == level[position] else { return nil }
        sizes[unit] += 1
        if answers[position] { yes[unit] += 1 }
      }
    }

    func pValue(levelCount: Int, permutations: Int, stream: RandomStream) -> Double {
      var stream = stream
      var order = Array(levels.indices)
      func share() -> Double {
        var counts = [Double](repeating: 0, count: levelCount)
        var passed = counts
        for (position, unit) in order.enumerated() {
          counts[levels[position]] += sizes[unit]
          passed[levels[position]] += yes[unit]
        }
        return IsotonicRegression(zip(passed, counts).map { $0 / $1 }, weights: counts).explained
      }
      let observed = share() * (1 - 1e-10)
      var extreme = 1
      for _ in 0..<permutations {
        stream.shuffle(&order)
        if share() >= observed { extreme += 1 }
      }
      return Double(extreme) / Double(permutations + 1)
    }
  }
}

extension Note {
  /// Papers of one cluster have several values of the covariate, so that clusters cannot be permuted.
  public static let clustersAtSeveralValues = Note(
    "clusters-at-several-values", effect: .noLimits,
    words: "papers of one cluster have several values of the covariate, so that there is no test")
}

extension Table {
  /// Isotonic fits of items (table `isotonic` of `trend`), one row a value of the covariate; p-values adjusted
  /// over the items.
  public init(
    isotonic rows: [IsotonicTrends.Row], on covariate: String, adjustment: PValueAdjustment = .none
  ) {
    let adjusted = adjustment(rows.map(\.pValue))
    typealias Cell = (row: Int, point: IsotonicTrends.Point?)
    let cells = rows.indices.flatMap { index -> [Cell] in
      rows[index].points.isEmpty
        ? [(row: index, point: nil)] : rows[index].points.map { (row: index, point: $0) }
    }
    func ofRow<Value>(_ value: (IsotonicTrends.Row) -> Value) -> [Value] {
      cells.map { value(rows[$0.row]) }
    }
    self.init(
      name: "isotonic",
      caption:
        "Rates of items at the values of \(covariate), and those nearest to them that only rise "
        + "or only fall.",
      columns: Column.columns(naming: ofRow(\.target)) + [
        Column("on", .text(cells.map { _ in covariate })),
        Column("value", .real(cells.map { $0.point?.value })),
        Column("n", .integer(cells.map { $0.point?.count })),
        Column("n_yes", .integer(cells.map { $0.point?.yesCount })),
        Column(
          "rate",
          .real(cells.map { $0.point.map { Double($0.yesCount) / Double($0.count) } }),
          style: .share),
        Column("estimate", .real(cells.map { $0.point?.estimate }), style: .share),
        Column("trend", .text(ofRow { $0.isRising.map { $0 ? "rising" : "falling" } })),
        Column("statistic", .real(ofRow(\.statistic))),
        Column("p_value", .real(ofRow(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(cells.map { adjusted[$0.row] }), style: .pValue),
        Column("item", .text(ofRow(\.target.itemName)), isDetail: true),
        Column("note", .text(ofRow(\.notes.text))),
      ])
  }
}

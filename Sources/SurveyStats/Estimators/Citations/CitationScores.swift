import RealModule

/// How citations within a corpus go with the scores of the papers.
///
/// * `spearman`: how often a paper is cited with its score, over papers with a score, Fisher limits.
/// * `rate ratio for 10 points`: the negative binomial regression of how often on score, the papers that could cite it
///   being its exposure (``CitationGraph/exposures``), Wald limits on the logarithm. Only papers with a year and an
///   exposure count, so that old papers are not held to be better cited because they are old.
/// * `assortativity`: the correlation of the scores of citing and cited papers over citations, as networkx's
///   `numeric_assortativity_coefficient` of a directed graph. Its limits, on Fisher's scale, come from the influences
///   of citations, those that share a paper being dependent; its p-value from permutations of the scores among the
///   papers of the graph, `(b + 1)/(B + 1)`, two-sided.
///
/// Fewer than 10 citations, or papers, have the note `too-few`. Weights play no part.
///
/// References: Newman (2003), *Physical Review E* 67:026126; Fafchamps & Gubert (2007), *Journal of Development
/// Economics* 83:326; Phipson & Smyth (2010), *SAGMB* 9:39.
public struct CitationScores: Analysis {
  /// A citation.
  public struct Citation: Sendable, Hashable {
    let from: Int
    let to: Int
  }

  private let citations: [Citation]
  private let timesCited: [Int]
  private let exposures: [Int?]
  private let scores: [Double?]
  private let level: Double

  /// The rows.
  public typealias Result = [CitationScoreRow]

  /// Asks how citations go with scores, one a paper.
  public init(_ graph: CitationGraph, scores: [Double?], level: Double = 0.95) {
    precondition(graph.papers.count == scores.count)
    citations = graph.edges.map { Citation(from: $0.from, to: $0.to) }
    timesCited = graph.timesCited
    exposures = graph.exposures
    self.scores = scores
    self.level = level
  }

  /// Papers count one by one: features of the sample play no part, and several scans of a paper are refused.
  public func handling(of feature: SamplingFeature) -> Handling {
    feature == .repeatedPapers
      ? .refused(
        "citations take one scan of each paper; leave out `instrument: all`, or choose a rater")
      : .ignored(feature)
  }

  private static let fewest = 10

  /// Works out the coefficients, and asks for permutations.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    var rows = [rankRow, rateRow]
    let used = citations.filter { scores[$0.from] != nil && scores[$0.to] != nil }
    let nodes = Set(used.flatMap { [$0.from, $0.to] }).sorted()
    let place = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    let ends = used.map { (from: place[$0.from] ?? 0, to: place[$0.to] ?? 0) }
    let values = nodes.map { scores[$0] ?? 0 }
    let observed = Self.correlation(ends, values)
    rows.append(assortativity(ends, values, observed))
    for index in rows.indices { rows[index].estimate.notes += sample.notes }
    guard used.count >= Self.fewest, let observed else {
      return Prepared(draws: []) { [rows] _ in rows }
    }
    let draw = Draw("assortativity", terms: ["assortativity"]) { run, range, progress in
      let chunks = stride(from: range.lowerBound, to: range.upperBound, by: 100).map {
        $0..<min($0 + 100, range.upperBound)
      }
      let drawn = try await concurrentMap(chunks, jobs: run.jobs) { chunk -> [Double] in
        try Task.checkCancellation()
        let found = chunk.map { number -> Double in
          var stream = RandomStream(seed: run.seed, stream: UInt64(number), substream: 19)
          var shuffled = values
          stream.shuffle(&shuffled)
          return Self.correlation(ends, shuffled) ?? .nan
        }
        progress?(chunk.count)
        return found
      }
      return BootstrapSample(
        original: [observed],
        replicates: DenseMatrix(rows: range.count, columns: 1, elements: drawn.flatMap { $0 }))
    }
    return Prepared(draws: [draw]) { [rows] samples in
      var rows = rows
      let drawn = samples[0].values(of: 0).filter { !$0.isNaN }
      let extreme = drawn.count { abs($0) >= abs(observed) - 1e-12 }
      rows[2].pValue = Double(extreme + 1) / Double(drawn.count + 1)
      return rows
    }
  }

  private static let noCitations = Note("no-citations", effect: .noValue)
  private static let tooFew = Note("too-few", effect: .noValue, words: "fewer than 10")

  private var rankRow: CitationScoreRow {
    let papers = scores.indices.filter { scores[$0] != nil }
    guard papers.count >= Self.fewest else {
      return CitationScoreRow(
        "spearman", Estimate(nil, count: papers.count, notes: [Self.tooFew]), nil, "Spearman")
    }
    guard papers.contains(where: { timesCited[$0] > 0 }) else {
      return CitationScoreRow(
        "spearman", Estimate(nil, count: papers.count, notes: [Self.noCitations]), nil, "Spearman")
    }
    let pair = ScorePair(papers.map { Double(timesCited[$0]) }, papers.map { scores[$0] ?? 0 })
    let found = pair.association(.spearman, level: level)
    return CitationScoreRow(
      "spearman",
      Estimate(
        found.estimate, standardError: found.standardError, lower: found.lower,
        upper: found.upper, level: level, count: papers.count,
        notes: found.note.map { [Note($0.description, effect: .noLimits)] } ?? []),
      found.pValue, "Spearman, Fisher z\(found.test.map { ", \($0.rawValue)" } ?? "")")
  }

  private var rateRow: CitationScoreRow {
    let papers = scores.indices.filter { scores[$0] != nil && (exposures[$0] ?? 0) > 0 }
    let term = "rate ratio for 10 points"
    func none(_ note: Note) -> CitationScoreRow {
      CitationScoreRow(
        term, Estimate(nil, count: papers.count, notes: [note]), nil, "negative binomial",
        isLogRatio: true)
    }
    guard papers.count >= Self.fewest else { return none(Self.tooFew) }
    let ones = papers.map { _ in 1.0 }
    let slope = papers.map { ((scores[$0] ?? 0) - 50) / 10 }
    guard slope.contains(where: { $0 != slope[0] }) else { return none(.constantScore) }
    guard
      let fit = NegativeBinomial(
        columns: [ones, slope], counts: papers.map { Double(timesCited[$0]) },
        logExposure: papers.map { Double.log(Double(exposures[$0] ?? 1)) })
    else { return none(Self.noCitations) }
    let error = fit.covariance[1, 1].squareRoot()
    let distance = Normal().upperQuantile((1 - level) / 2) * error
    let value = fit.coefficients[1]
    return CitationScoreRow(
      term,
      Estimate(
        value, standardError: error, lower: value - distance, upper: value + distance,
        level: level, count: papers.count,
        notes: fit.isPoisson ? [Note("no-overdispersion", effect: .remark)] : []),
      min(1, 2 * Normal().survival(abs(value / error))), "negative binomial", isLogRatio: true)
  }

  private func assortativity(
    _ ends: [(from: Int, to: Int)], _ values: [Double], _ observed: Double?
  ) -> CitationScoreRow {
    var estimate = Estimate(observed, level: level, count: ends.count)
    guard ends.count >= Self.fewest else {
      return CitationScoreRow(
        "assortativity", Estimate(nil, count: ends.count, notes: [Self.tooFew]), nil,
        "permutations")
    }
    guard let observed else {
      estimate.notes.append(.constantScore)
      return CitationScoreRow("assortativity", estimate, nil, "permutations")
    }
    let pair = ScorePair(ends.map { values[$0.from] }, ends.map { values[$0.to] })
    let influences = pair.influences(.pearson)
    var ofNode = [Double](repeating: 0, count: values.count)
    var squares = 0.0
    for (edge, influence) in zip(ends, influences) {
      ofNode[edge.from] += influence
      ofNode[edge.to] += influence
      squares += influence * influence
    }
    // Two citations are dependent when they share a paper; the sum over papers has each with itself twice.
    let sum = ofNode.reduce(0) { $0 + $1 * $1 } - squares
    let count = Double(ends.count)
    let variance = max(sum, squares) / (count * count)
    let rest = (1 - observed) * (1 + observed)
    if variance > 0, rest > 1e-12 {
      let half = Normal().upperQuantile((1 - level) / 2) * variance.squareRoot() / rest
      estimate.standardError = variance.squareRoot()
      estimate.lower = Double.tanh(Double.atanh(observed) - half)
      estimate.upper = Double.tanh(Double.atanh(observed) + half)
    } else {
      estimate.notes.append(Note("boundary-correlation", effect: .noLimits))
    }
    return CitationScoreRow("assortativity", estimate, nil, "permutations")
  }

  /// The correlation over citations; `nil` where a side does not vary.
  private static func correlation(
    _ ends: [(from: Int, to: Int)], _ values: [Double]
  ) -> Double? {
    var (x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    // About a value in their midst, so that little is lost.
    let center = values.first ?? 0
    for edge in ends {
      let (a, b) = (values[edge.from] - center, values[edge.to] - center)
      x += a
      y += b
      xx += a * a
      yy += b * b
      xy += a * b
    }
    let n = Double(ends.count)
    let (varianceX, varianceY) = (xx - x * x / n, yy - y * y / n)
    guard n > 1, varianceX > 1e-12 * max(1, xx), varianceY > 1e-12 * max(1, yy) else { return nil }
    return max(-1, min(1, (xy - x * y / n) / (varianceX * varianceY).squareRoot()))
  }
}

/// One quantity of how citations go with scores.
public struct CitationScoreRow: Sendable, Equatable {
  /// What it is.
  public let term: String
  /// The quantity; of a rate ratio its logarithm.
  public internal(set) var estimate: Estimate
  /// The p-value of nothing.
  public internal(set) var pValue: Double?
  /// How it was made.
  public let method: MethodName
  /// Whether the estimate is the logarithm of a ratio.
  let isLogRatio: Bool

  init(
    _ term: String, _ estimate: Estimate, _ pValue: Double?, _ method: MethodName,
    isLogRatio: Bool = false
  ) {
    self.term = term
    self.estimate = estimate
    self.pValue = pValue
    self.method = method
    self.isLogRatio = isLogRatio
  }
}

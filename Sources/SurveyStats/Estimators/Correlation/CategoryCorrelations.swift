extension PairwiseAssociations {
  /// Estimates a coefficient for all pairs of scores, such as the category scores of papers.
  ///
  /// Notes are those of items; in addition `too-few-for-interval` where a coefficient has no
  /// interval.
  ///
  /// Under a design other than of papers drawn alike errors are those of the influences of the papers
  /// (`influences(_:)`), on Fisher's scale.
  public init(
    scores columns: ScoreColumns, coefficient: ScoreCoefficient = .pearson, minimumCount: Int = 10,
    level: Double = 0.95, design: SamplingDesign? = nil
  ) {
    if let papers = DesignedPapers(design) {
      self.init(
        scores: columns, of: papers, coefficient: coefficient, minimumCount: minimumCount,
        level: level)
      return
    }
    var pairs: [AssociatedPair] = []
    for (first, second) in Self.indices(count: columns.names.count, isSymmetric: true) {
      let (x, y) = columns.shared(first, second)
      let reason = Self.shortage(x.count, minimumCount: minimumCount)
      pairs.append(
        AssociatedPair(
          first: first, second: second, count: x.count, cells: nil,
          association: reason.map { Association(note: $0) }
            ?? ScorePair(x, y).association(coefficient, level: level)))
    }
    let present = columns.values.map { $0.compactMap { $0 } }
    self.init(
      names: columns.names, coefficient: coefficient.rawValue, ofItself: 1, level: level,
      pairs: pairs, counts: present.map(\.count), rates: present.map { _ in nil },
      isConstant: present.map { values in values.allSatisfy { $0 == values.first } })
  }
}

extension PairwiseAssociations {
  /// Estimates under a design other than of papers drawn alike.
  private init(
    scores columns: ScoreColumns, of papers: DesignedPapers, coefficient: ScoreCoefficient,
    minimumCount: Int, level: Double
  ) {
    let rows = (0..<columns.paperCount).filter { papers.weights[$0] > 0 }
    var pairs: [AssociatedPair] = []
    for (first, second) in Self.indices(count: columns.names.count, isSymmetric: true) {
      let (x, y) = (columns.values[first], columns.values[second])
      let members = rows.filter { x[$0] != nil && y[$0] != nil }
      if let reason = Self.shortage(members.count, minimumCount: minimumCount) {
        pairs.append(
          AssociatedPair(
            first: first, second: second, count: members.count, cells: nil,
            association: Association(note: reason)))
        continue
      }
      let pair = ScorePair(
        members.compactMap { x[$0] }, members.compactMap { y[$0] },
        weights: members.map { papers.weights[$0] })
      let found = pair.association(coefficient, level: level) {
        papers.errors(papers: members, influences: [$0])
      }
      pairs.append(
        AssociatedPair(
          first: first, second: second, count: members.count, cells: nil,
          association: found.association,
          effectiveCount: papers.isWeighted
            ? EffectiveNumber.kish(members.lazy.map { papers.weights[$0] }) : nil,
          designNotes: found.notes))
    }
    let present = columns.values.map { values in rows.compactMap { values[$0] } }
    self.init(
      names: columns.names, coefficient: coefficient.rawValue, ofItself: 1, level: level,
      pairs: pairs, counts: present.map(\.count), rates: present.map { _ in nil },
      isConstant: present.map { values in values.allSatisfy { $0 == values.first } },
      sampling: papers.design.sampling)
  }
}

extension ScoreColumns {
  /// The values of two columns in the papers that have both.
  func shared(_ first: Int, _ second: Int) -> (x: [Double], y: [Double]) {
    var (x, y): ([Double], [Double]) = ([], [])
    for paper in 0..<paperCount {
      guard let a = values[first][paper], let b = values[second][paper] else { continue }
      x.append(a)
      y.append(b)
    }
    return (x, y)
  }
}

/// The coefficients of pairs of scores as a function of unit weights, for the bootstrap.
///
/// The weight of a paper is that of its unit, times its own if papers are weighted (scaled to a mean of
/// one).
/// Undefined pairs are NaN.
public struct ScoreCorrelationStatistic: Statistic {
  /// The pairs, by position of the scores.
  public let pairs: [(first: Int, second: Int)]

  private struct SharedScores {
    var papers: [Int] = []
    var x: [Double] = []
    var y: [Double] = []
  }

  private let shared: [SharedScores]
  private let coefficient: ScoreCoefficient
  private let design: PaperWeights

  /// Creates the statistic of all pairs, in the order of ``PairwiseAssociations``.
  public init(_ columns: ScoreColumns, coefficient: ScoreCoefficient, design: SamplingDesign) {
    precondition(design.paperCount == columns.paperCount)
    self.coefficient = coefficient
    self.design = PaperWeights(design)
    let indices = PairwiseAssociations.indices(count: columns.names.count, isSymmetric: true)
    pairs = indices
    shared = indices.map { first, second in
      var result = SharedScores()
      for paper in 0..<columns.paperCount {
        guard let a = columns.values[first][paper], let b = columns.values[second][paper] else {
          continue
        }
        result.papers.append(paper)
        result.x.append(a)
        result.y.append(b)
      }
      return result
    }
  }

  /// The number of units of the design.
  public var unitCount: Int { design.unitCount }

  /// The number of pairs.
  public var valueCount: Int { pairs.count }

  /// Estimates all pairs.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let paperWeights = design.paperWeights(unitWeights: weights)
    for (index, scores) in shared.enumerated() {
      let pair = ScorePair(scores.x, scores.y, weights: scores.papers.map { paperWeights[$0] })
      values[index] = pair.total >= 2 ? pair.estimate(coefficient) : .nan
    }
  }
}

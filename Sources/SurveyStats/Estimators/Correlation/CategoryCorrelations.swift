extension PairwiseAssociations {
  /// Estimates a coefficient for all pairs of scores, such as the category scores of papers.
  ///
  /// Notes are those of items; in addition `too-few-for-interval` where a coefficient has no
  /// interval.
  public init(
    scores columns: ScoreColumns, coefficient: ScoreCoefficient = .pearson, minimumCount: Int = 10,
    level: Double = 0.95
  ) {
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
/// The weight of a paper is that of its unit, times its sampling weight if the design has any.
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
  private let design: SamplingDesign

  /// Creates the statistic of all pairs, in the order of ``PairwiseAssociations``.
  public init(_ columns: ScoreColumns, coefficient: ScoreCoefficient, design: SamplingDesign) {
    precondition(design.paperCount == columns.paperCount)
    self.coefficient = coefficient
    self.design = design
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

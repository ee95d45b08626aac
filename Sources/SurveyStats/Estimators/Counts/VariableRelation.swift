/// How numbers of papers go together with their score: engagement, attention, flags.
///
/// Pearson's and Spearman's or Kendall's coefficient of each variable with one other, over the papers
/// that have both, with the intervals and tests of ``ScorePair``. Attention is skewed, so that its
/// logarithm, `log1p(hn_points)`, which keeps zeros, says more by Pearson's coefficient; ranks need
/// none.
public struct VariableRelations: Analysis {
  /// The variables; names or expressions.
  public var names: [String]
  /// What they are related to.
  public var other: String
  /// The coefficients.
  public var coefficients: [ScoreCoefficient]
  /// The confidence level.
  public var level: Double

  /// One row a variable and coefficient.
  public typealias Result = [VariableRelation]

  /// Asks how variables go together with another.
  public init(
    _ names: [String], with other: String = "score",
    coefficients: [ScoreCoefficient] = [.pearson, .spearman], level: Double = 0.95
  ) {
    self.names = names
    self.other = other
    self.coefficients = coefficients
    self.level = level
  }

  /// Weights and strata play no part, clusters are refused.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .strata: .ignored(feature)
    case .clusters, .repeatedPapers:
      .refused(
        "relations take papers as drawn one by one; use `table: effects`, which knows clusters, or "
          + "leave out `cluster:` and choose one scan of each paper")
    }
  }

  /// Estimates, and says what is to be drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let variables = sample.matrix.variables
    let right = try variables.numbers(other)
    var rows: [VariableRelation] = []
    for name in names {
      let left = try variables.numbers(name)
      let papers = left.indices.filter { left[$0] != nil && right[$0] != nil }
      let x = papers.map { left[$0] ?? 0 }
      let pair = ScorePair(x, papers.map { right[$0] ?? 0 })
      for coefficient in coefficients {
        rows.append(
          VariableRelation(
            name: name, other: other, coefficient: coefficient,
            mean: x.isEmpty ? nil : x.reduce(0, +) / Double(x.count), least: x.min(),
            greatest: x.max(), count: papers.count,
            association: pair.association(coefficient, level: level), notes: sample.notes))
      }
    }
    return Prepared(draws: []) { [rows] _ in rows }
  }
}

/// One coefficient of a variable with another.
public struct VariableRelation: Sendable, Equatable {
  /// The variable.
  public let name: String
  /// What it is related to.
  public let other: String
  /// The coefficient.
  public let coefficient: ScoreCoefficient
  /// The mean of the variable over the papers that have both.
  public let mean: Double?
  /// Its least value.
  public let least: Double?
  /// Its greatest value.
  public let greatest: Double?
  /// The papers that have both.
  public let count: Int
  /// The coefficient with its interval.
  public let association: Association
  /// What the sample has that plays no part.
  public let notes: [Note]
}

extension Table {
  /// Relations: `a`, `b`, `coefficient`, `n`, `mean`, `min`, `max` of a, `estimate` with its error,
  /// limits, `p_value`, `p_adjusted` over the rows, `test` (``AssociationTest``), `note`.
  public init(relations rows: [VariableRelation], level: Double, adjustment: PValueAdjustment) {
    let associations = rows.map(\.association)
    self.init(
      name: "relations",
      caption: "How variables of papers go together, over the papers that have both.",
      columns: [
        Column("a", .text(rows.map(\.name))), Column("b", .text(rows.map(\.other))),
        Column("coefficient", .text(rows.map(\.coefficient.rawValue))),
        Column("n", .integer(rows.map(\.count))), Column("mean", .real(rows.map(\.mean))),
        Column("min", .real(rows.map(\.least)), isDetail: true),
        Column("max", .real(rows.map(\.greatest)), isDetail: true),
        Column("estimate", .real(associations.map(\.estimate))),
        Column("std_error", .real(associations.map(\.standardError)), isDetail: true),
        Column("conf_low", .real(associations.map(\.lower)), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(associations.map(\.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_value", .real(associations.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjustment(associations.map(\.pValue))), style: .pValue),
        Column("test", .text(associations.map { $0.test?.rawValue }), isDetail: true),
        Column(
          "note",
          .text(
            rows.map { row in
              let notes =
                row.notes.map(\.description) + [row.association.note?.description].compactMap { $0 }
              return notes.isEmpty ? nil : notes.joined(separator: "; ")
            })),
      ])
  }
}

/// Topics on which claims pull in two directions, such as that tools speed developers up and that
/// they do not.
///
/// The JSON shape is `{"tensions": [{"name": "productivity", "label": "Productivity paradox",
/// "positive": "contains(claim_text, 'faster')", "nuanced": "contains(claim_text, 'slower')"}]}`; both
/// sides are conditions on papers (``Expression``), in which `claim_text` holds the claims of a paper
/// and `flag_text` its red flags.
public struct Tensions: Sendable, Hashable, Decodable {
  /// One topic.
  public struct Topic: Sendable, Hashable, Decodable {
    /// The name in tables.
    public let name: String
    /// The name for people; the name without one.
    public let label: String?
    /// When a paper is on the positive side.
    public let positive: String
    /// When a paper is on the nuanced side.
    public let nuanced: String
  }

  /// The topics, in order.
  public let tensions: [Topic]
}

/// The papers on the sides of a tension and their scores.
///
/// Papers on both sides are counted and in neither mean, so that the two sets share none; the
/// difference of the means, positive less nuanced, is Welch's.
public struct TensionRow: Sendable, Equatable {
  /// The topic.
  public let topic: Tensions.Topic
  /// The papers on both sides.
  public let bothCount: Int
  /// The papers on the positive side alone.
  public let positivePapers: [Int]
  /// The papers on the nuanced side alone.
  public let nuancedPapers: [Int]
  /// The mean scores.
  let scores: MeanScores

  /// Puts the papers of a corpus on the sides of a topic.
  public init(
    _ topic: Tensions.Topic, of variables: Variables, scores: [Double?], level: Double = 0.95
  ) throws(VariableError) {
    self.topic = topic
    let positive = try variables.truths(try Expression(topic.positive))
    let nuanced = try variables.truths(try Expression(topic.nuanced))
    let papers = Array(variables.matrix.papers.indices)
    bothCount = papers.count { positive[$0] == true && nuanced[$0] == true }
    positivePapers = papers.filter { positive[$0] == true && nuanced[$0] != true }
    nuancedPapers = papers.filter { nuanced[$0] == true && positive[$0] != true }
    self.scores = MeanScores(scores, first: positivePapers, second: nuancedPapers, level: level)
  }
}

extension Table {
  /// Tensions, one a row: `term`, `label`, `n_positive`, `n_nuanced`, `n_both`, `positive`, `nuanced`
  /// (mean scores), `estimate` (their difference) with error, limits and test, `note`.
  public init(tensions rows: [TensionRow], level: Double, adjustment: PValueAdjustment) {
    let differences = rows.map(\.scores.difference)
    let pValues = rows.map(\.scores.pValue)
    self.init(
      name: "tensions", caption: "Papers on the two sides of a topic, and their mean scores.",
      columns: [
        Column("term", .text(rows.map(\.topic.name))),
        Column("label", .text(rows.map { $0.topic.label ?? $0.topic.name }), isDetail: true),
        Column("n_positive", .integer(rows.map(\.positivePapers.count))),
        Column("n_nuanced", .integer(rows.map(\.nuancedPapers.count))),
        Column("n_both", .integer(rows.map(\.bothCount))),
        Column("positive", .real(rows.map(\.scores.first))),
        Column("nuanced", .real(rows.map(\.scores.second))),
      ] + Column.columns(of: differences) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
        Column("note", .text(differences.map { $0.notes.first?.description })),
      ])
  }
}

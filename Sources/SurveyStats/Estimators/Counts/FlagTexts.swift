/// Which red flags were raised most often, and how the papers that have them score.
///
/// Flags are texts of a rater. Wordings that have the same words, in whatever case and with whatever
/// signs between, are one flag; it goes by its most frequent wording. A paper counts once for a flag.
/// The difference of mean scores, papers with it less papers without, is Welch's.
///
/// Cost: linear in the letters of all flags.
public struct FlagTexts: Sendable, Equatable {
  /// One flag.
  public struct Row: Sendable, Equatable {
    /// The most frequent wording; of equally frequent ones the first in alphabetical order.
    public let text: String
    /// How many wordings there are.
    public let wordingCount: Int
    /// The papers that have it.
    public let papers: [Int]
    /// The limits of the share of papers that have it, Wilson's.
    public let share: Estimate
    /// Mean scores with and without it.
    let scores: MeanScores
  }

  /// The flags, those of most papers first.
  public let rows: [Row]
  /// The number of papers.
  public let paperCount: Int

  /// Groups the flags of papers.
  ///
  /// - Parameters:
  ///   - texts: The flags of each paper.
  ///   - scores: The score of each paper.
  ///   - level: The confidence level.
  public init(_ texts: [[String]], scores: [Double?], level: Double = 0.95) {
    var papersOfKey: [String: [Int]] = [:]
    var wordings: [String: [String: Int]] = [:]
    for (paper, flags) in texts.enumerated() {
      for flag in flags {
        let key = Self.words(of: flag)
        guard !key.isEmpty else { continue }
        if papersOfKey[key]?.last != paper { papersOfKey[key, default: []].append(paper) }
        wordings[key, default: [:]][flag, default: 0] += 1
      }
    }
    paperCount = texts.count
    let all = Moments(scores.compactMap { $0 })
    let rows = papersOfKey.map { key, papers -> Row in
      let own = wordings[key] ?? [:]
      let text = own.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? key
      let limits = ProportionInterval.wilson.limits(
        successes: Double(papers.count), trials: Double(texts.count), level: level)
      let ownScores = papers.compactMap { scores[$0] }
      return Row(
        text: text, wordingCount: own.count, papers: papers,
        share: Estimate(
          Double(papers.count) / Double(texts.count), lower: limits?.lower, upper: limits?.upper,
          level: level, count: texts.count),
        scores: MeanScores(Moments(ownScores), all.without(ownScores), level: level))
    }
    self.rows = rows.sorted { ($1.papers.count, $0.text) < ($0.papers.count, $1.text) }
  }

  /// The words of a text in lower case, with single blanks.
  static func words(of text: String) -> String {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.joined(separator: " ")
  }
}

extension Table {
  /// Flags, one a row: `flag`, `wordings`, `n_papers`, `n`, `share` with limits, `with`, `without` (mean
  /// scores), `estimate` (their difference) with error, limits and test, `note`.
  public init(flags: FlagTexts, level: Double, adjustment: PValueAdjustment) {
    let rows = flags.rows
    let differences = rows.map(\.scores.difference)
    let pValues = rows.map(\.scores.pValue)
    self.init(
      name: "flags", caption: "Red flags by wording, and the scores of the papers that have them.",
      columns: [
        Column("flag", .text(rows.map(\.text))),
        Column("wordings", .integer(rows.map(\.wordingCount)), isDetail: true),
        Column("n_papers", .integer(rows.map(\.papers.count))),
        Column("n", .integer(rows.map { _ in flags.paperCount })),
        Column("share", .real(rows.map(\.share.value)), style: .share),
        Column("share_low", .real(rows.map(\.share.lower)), style: .lowerLimit(of: "share")),
        Column("share_high", .real(rows.map(\.share.upper)), style: .upperLimit(of: "share")),
        Column("with", .real(rows.map(\.scores.first))),
        Column("without", .real(rows.map(\.scores.second))),
      ] + Column.columns(of: differences) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
        Column("note", .text(differences.map { $0.notes.first?.description })),
      ])
  }
}

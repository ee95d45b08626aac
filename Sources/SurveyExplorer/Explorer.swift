public import SurveyReport
public import SurveyStats

/// What an explorer shows of a corpus: its papers and answers, and the estimates of the library.
///
/// The page counts for a reader's own selection; everything else on it stands here, as it was
/// estimated. Tables are those of the commands, with the same columns.
public struct Explorer: Sendable {
  /// How a page describes itself.
  public struct Settings: Sendable {
    /// The title.
    public var title: String
    /// The confidence level.
    public var level: Double
    /// The variables whose groups are compared.
    public var groupColumns: [String] = []
    /// What made the page, such as `metastat 1.0`.
    public var generator = "metastat"
    /// What selected papers and items, a phrase each.
    public var selection: [String] = []
    /// Whether texts of scans are shown.
    public var showsTexts = true
    /// Why there are no texts, if there are none.
    public var textRemark: String?
    /// The most bytes of a page, for which long texts are cut; `nil` where they are kept whole.
    public var mostBytes: Int?
    /// Further remarks that readers should know.
    public var remarks: [String] = []

    /// Creates settings.
    public init(title: String, level: Double = 0.95) {
      self.title = title
      self.level = level
    }
  }

  /// The estimates for the groups of a variable.
  public struct GroupTables: Sendable {
    /// The variable.
    public let column: String
    /// The rates of each group, as the command `rates` has them.
    public let rates: Table
    /// The differences between groups, as the command `compare` has them, without ratios and effect sizes; `nil` with
    /// fewer than two groups.
    public let differences: Table?
  }

  /// The papers and answers.
  public let matrix: BinaryMatrix
  /// How the page describes itself.
  public internal(set) var settings: Settings
  /// The rates of items, categories and everything.
  public let rates: Table
  /// The distribution of scores; `nil` when no paper has one.
  public let distribution: Table?
  /// The trends over the years; `nil` where there are no two years.
  public let trends: Table?
  /// The estimates by group.
  public let groups: [GroupTables]
  /// The heading and sentences of the report's post.
  public let headline: String?
  /// The sentences of the report's post.
  public let opening: [String]
  /// The numbers of these sentences.
  public let facts: Table?
  /// The scores of papers, with partial answers.
  public let scores: [Double?]
  /// The texts of the papers, in their order; empty without any.
  public var papers: [PaperTexts] = []
  /// The answers of other versions and raters.
  public var readings: [OtherReading] = []
  /// Which papers of the corpus cite which.
  public var citations: [CitationGraph.Edge] = []
  /// Who gave each answer, if that is known and shown.
  public var sources: CellSources?
  /// Further tables by name, such as `tensions` and `changes`.
  public var furtherTables: [Table] = []
  /// What has changed since an earlier date, if there is one.
  public let changes: [String]
  /// The papers on the sides of the tensions, in the order of their table.
  public var tensions: [TensionRow] = []

  /// Estimates everything.
  ///
  /// - Parameters:
  ///   - analysis: The estimates that a report shares.
  ///   - settings: How the page describes itself.
  /// - Throws: What the analyses throw, or `CancellationError`.
  public init(_ analysis: ReportAnalysis, settings: Settings) async throws {
    matrix = analysis.matrix
    self.settings = settings
    let items = matrix.items
    let level = settings.level
    func stated(_ table: Table) -> Table { table.stating(level: level).naming(items) }
    rates = stated(Table(rates: [(nil, analysis.rates)], by: nil, level: level))
    distribution = analysis.distribution.map(stated)
    scores = analysis.scores.overall.values
    if Set(matrix.papers.compactMap(\.year)).count > 1 {
      let found = try await analysis.findings(Trends(level: level))
      trends = stated(
        Table(trends: found.trends, on: "year", level: level, adjustment: .holm))
    } else {
      trends = nil
    }
    var groups: [GroupTables] = []
    for column in settings.groupColumns {
      let rates = try await analysis.findings(RatesByGroup(Rates(level: level), by: column))
      var differences: Table?
      do {
        let found = try await analysis.findings(Groups(by: column, level: level))
        differences = stated(
          Table(differences: found.rows, level: level, adjustment: .holm))
        differences?.columns.removeAll { Self.detailsOfDifferences.contains($0.name) }
      } catch is Groups.GroupError {
        differences = nil
      }
      groups.append(
        GroupTables(
          column: column,
          rates: stated(
            Table(rates: rates.map { ($0.group, $0.result) }, by: column, level: level)),
          differences: differences))
    }
    self.groups = groups
    furtherTables = try await Self.relations(analysis, level: level)
    let report = try await Report(analysis, choices: [Report.Choice(id: "post")])
    headline = report.post?.title
    opening = report.post?.sentences.map(\.text) ?? []
    facts = report.furtherTables.first { $0.name == "facts" }
    var changes: [String] = []
    if analysis.input.earlier != nil,
      let recipe = ReportSection.all.first(where: { $0.id == "changes" })
    {
      let section = try await recipe(analysis)
      changes = section.sentences.map(\.text)
      furtherTables += section.tables.map(\.table)
    }
    self.changes = changes
  }

  /// What `compare` says of a difference besides itself, which is half of its table.
  private static let detailsOfDifferences: Set<String> = [
    "risk_ratio", "risk_low", "risk_high", "odds_ratio", "odds_low", "odds_high", "shift",
    "shift_low", "shift_high", "rank_p_value", "cohens_d", "cohens_d_low", "cohens_d_high",
    "cliffs_delta", "cliffs_delta_low", "cliffs_delta_high", "df", "share_answers",
  ]

  /// The most numbers of papers of which every pair is related.
  static let mostNumbers = 10

  /// How numbers of papers go together: a table for each, with what all others do to it.
  private static func relations(
    _ analysis: ReportAnalysis, level: Double
  ) async throws -> [Table] {
    let variables = analysis.matrix.variables
    guard analysis.scores.overall.values.contains(where: { $0 != nil }) else { return [] }
    var names = analysis.matrix.papers.covariateNames.sorted()
    names.sort { $0.hasPrefix("hn_") && !$1.hasPrefix("hn_") }
    let numbers = (["year"] + names).filter { name in
      guard let kind = try? variables(name).kind, [.number, .count, .date].contains(kind),
        let values = try? variables.numbers("`\(name.replacing("`", with: "``"))`")
      else { return false }
      return Set(values.compactMap { $0 }).count > 2
    }.prefix(mostNumbers)
    var tables: [Table] = []
    for outcome in ["score"] + numbers {
      let others = (["score"] + numbers).filter { $0 != outcome }
      guard !others.isEmpty else { continue }
      let rows = try await analysis.findings(
        ScoresAgainst(others, score: outcome, level: level))
      var table = Table(against: rows, level: level, adjustment: .none)
      table.name = "against \(outcome)"
      tables.append(table)
    }
    return tables
  }
}

import SurveyStats

/// The recipe of a section: its name and how it is made.
///
/// A new analysis joins the report with a file of its own that adds a recipe, and with its place in
/// ``all``.
public struct ReportSection: Sendable {
  /// The name in anchors and on the command line.
  public let id: String
  /// The heading.
  public let title: String
  private let make: @Sendable (ReportAnalysis) async throws -> Section

  /// Creates a recipe; making the section throws ``SectionSkipped`` when the data do not allow it.
  public init(
    id: String, title: String, make: @escaping @Sendable (ReportAnalysis) async throws -> Section
  ) {
    self.id = id
    self.title = title
    self.make = make
  }

  /// All sections in the order of the report.
  public static let all: [ReportSection] = [
    .post, .headline, .changes, .corpus, .scores, .items, .categories, .pairs, .patterns, .groups,
    .trends, .attention, .claims, .citations, .map, .correlations, .components, .factors,
    .logistic, .raters, .corrected, .instrument, .growth, .problems, .methods, .reproduction,
  ]

  /// Makes the section, once for an analysis.
  func made(for analysis: ReportAnalysis) async throws -> Section {
    try await analysis.sections.section(id) { try await self(analysis) }
  }

  /// Makes the section, its tables with the columns that commands write, or one that says why it is skipped.
  public func callAsFunction(_ analysis: ReportAnalysis) async throws -> Section {
    do {
      var section = try await make(analysis)
      for index in section.tables.indices {
        section.tables[index].table = section.tables[index].table
          .stating(level: analysis.level).naming(analysis.matrix.items)
      }
      return section
    } catch let reason as SectionSkipped {
      return Section(id: id, title: title, skipped: reason.reason)
    }
  }
}

/// The sections of an analysis, each made once: the post draws on what others found.
actor MadeSections {
  private var tasks: [String: Task<Section, any Error>] = [:]

  /// The section of a name, made now unless it was before.
  func section(
    _ id: String, make: @escaping @Sendable () async throws -> Section
  ) async throws -> Section {
    let task = tasks[id] ?? Task { try await make() }
    tasks[id] = task
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }
}

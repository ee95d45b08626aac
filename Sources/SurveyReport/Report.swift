public import SurveyFigures
public import SurveyStats

/// A finished report, ready to be written as a folder.
public struct Report: Sendable {
  /// The title.
  public let title: String
  /// The sections, in order; skipped ones say why.
  public var sections: [Section]
  /// The section that is read first, if it was made; all others are then an appendix to it.
  public var post: Section? {
    sections.first { $0.id == ReportSection.post.id && $0.skipped == nil }
  }
  /// The card for social media; `nil` when nothing applies.
  public let card: SocialCard?
  /// All tables that are not shown in a section: the rates, and the facts.
  public let furtherTables: [Table]

  /// What an author chose about a section.
  public struct Choice: Sendable, Equatable {
    /// The section.
    public var id: String
    /// Another heading than the section's own.
    public var title: String?
    /// Words of the author before the computed ones.
    public var text: String?

    /// Creates a choice.
    public init(id: String, title: String? = nil, text: String? = nil) {
      self.id = id
      self.title = title
      self.text = text
    }
  }

  /// Makes the chosen sections, in the order of the choices.
  ///
  /// - Parameters:
  ///   - analysis: What the sections share.
  ///   - choices: The sections, by their names.
  ///   - recipes: How sections are made; those of other libraries can be among them.
  ///   - progress: Is told of replicates as they are drawn.
  public init(
    _ analysis: ReportAnalysis, choices: [Choice], recipes: [ReportSection] = ReportSection.all,
    progress: (@Sendable (Int) -> Void)? = nil
  ) async throws {
    var sections: [Section] = []
    for choice in choices {
      guard let recipe = recipes.first(where: { $0.id == choice.id }) else { continue }
      var section = try await recipe.made(for: analysis)
      section.title = choice.title ?? section.title
      let prose = Sentence.sayingLevelOnce(section.sentences + section.paragraphs)
        .map(\.inOnePrecision)
      section.sentences = Array(prose.prefix(section.sentences.count))
      section.paragraphs = Array(prose.dropFirst(section.sentences.count))
      if let text = choice.text { section.sentences.insert("\(name: text)", at: 0) }
      sections.append(section)
    }
    Self.gatherMethods(in: &sections)
    title = analysis.input.settings.title
    self.sections = sections
    var rates = Table(rates: [(nil, analysis.rates)], by: nil, level: analysis.level)
      .naming(analysis.matrix.items)
    rates.name = "rates"
    var further = [rates, Self.facts(of: sections)]
    if sections.contains(where: { $0.id == ReportSection.post.id }) {
      // What the post draws on, where the section that has it is not in the report.
      for recipe in ReportSection.postSources
      where !sections.contains(where: { $0.id == recipe.id }) {
        further += try await recipe.made(for: analysis).tables.map(\.table)
      }
    }
    furtherTables = further
    if let finding = sections.first(where: { $0.id == ReportSection.post.id })?.findings.first {
      card = SocialCard(
        number: finding.number.text, statement: finding.statement.text,
        title: analysis.input.settings.title)
      return
    }
    card = analysis.overall.map { overall in
      let rate = Sentence.rate("overall", overall, level: analysis.level).text
      let number = rate.split(separator: " ").first.map(String.init) ?? ""
      let papers = Fact.count("papers", analysis.matrix.distinctPaperCount).text
      let items = Fact.count("items", analysis.matrix.items.count).text
      return SocialCard(
        number: number,
        statement: "of the answers that apply are yes, over \(papers) papers and \(items) items "
          + rate.dropFirst(number.count + 1),
        title: analysis.input.settings.title)
    }
  }

  /// Moves the methods and references of all sections to the section on methods, if there is one.
  private static func gatherMethods(in sections: inout [Section]) {
    let methods = sections.flatMap(\.methods)
    let references = Set(sections.flatMap(\.references)).sorted()
    for index in sections.indices {
      sections[index].methods = []
      sections[index].references = []
    }
    guard let place = sections.firstIndex(where: { $0.id == ReportSection.methods.id }) else {
      return
    }
    sections[place].paragraphs += methods
    sections[place].references = references
  }

  /// Every number that the prose states, one row each.
  private static func facts(of sections: [Section]) -> Table {
    let rows = sections.flatMap { section in section.facts.map { (section.id, $0) } }
    return Table(
      name: "facts", caption: "Every number that the report states in prose.",
      columns: [
        Column("section", .text(rows.map(\.0))), Column("term", .text(rows.map(\.1.term))),
        Column("estimate", .real(rows.map(\.1.value))), Column("text", .text(rows.map(\.1.text))),
      ])
  }

  /// All facts by section and name, for a website.
  public var headlineJSON: [UInt8] {
    var object: VegaLiteValue = [:]
    for section in sections where section.skipped == nil {
      var facts: VegaLiteValue = [:]
      for fact in section.facts where facts[fact.term] == nil {
        facts[fact.term] = ["value": VegaLiteValue(fact.value), "text": .text(fact.text)]
      }
      object[section.id] = facts
    }
    return VegaLiteValue.object(["title": .text(title), "facts": object]).json
  }

  /// All pictures, in the order of the sections.
  public var figures: [Figure] { sections.flatMap(\.figures) }
}

import FoundationEssentials
import MetaAnalysis
import SurveyReport
import SurveyStats

/// Which sections a report has, in which order, under which headings.
///
/// The file is `{"title": …, "sections": ["headline", {"id": "items", "title": …, "text": …}]}`.
struct SectionChoices: Decodable {
  /// The title of the report, if the file gives one.
  var title: String?
  /// The sections, in order.
  var sections: [Report.Choice]

  private enum CodingKeys: String, CodingKey { case title, sections }
  private enum EntryKeys: String, CodingKey { case id, title, text }

  /// All sections as they come.
  static let all = SectionChoices(
    title: nil, sections: recipes.map { Report.Choice(id: $0.id) })

  /// All sections in the order of the report: those of the statistics, and how much rates vary, which
  /// meta-analysis says, after the groups.
  static let recipes: [ReportSection] = ReportSection.all.flatMap {
    $0.id == "groups" ? [$0, .variation] : [$0]
  }

  private init(title: String?, sections: [Report.Choice]) {
    self.title = title
    self.sections = sections
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    title = try container.decodeIfPresent(String.self, forKey: .title)
    var list = try container.nestedUnkeyedContainer(forKey: .sections)
    sections = []
    while !list.isAtEnd {
      if let id = try? list.decode(String.self) {
        sections.append(Report.Choice(id: id))
      } else {
        let entry = try list.nestedContainer(keyedBy: EntryKeys.self)
        sections.append(
          Report.Choice(
            id: try entry.decode(String.self, forKey: .id),
            title: try entry.decodeIfPresent(String.self, forKey: .title),
            text: try entry.decodeIfPresent(String.self, forKey: .text)))
      }
    }
  }

  /// Keeps some sections and leaves out others; an unknown name is an error that names the nearest.
  mutating func select(only: [String], skip: [String]) throws(CommandFailure) {
    let known = Self.recipes.map(\.id)
    for id in sections.map(\.id) + only + skip where !known.contains(id) {
      let near = NearestNames(known).nearest(to: id)
      throw CommandFailure(
        .usage,
        "there is no section '\(id)'"
          + (near.isEmpty
            ? "; there are \(known.joined(separator: ", "))" : NearestNames.suggestion(of: near)))
    }
    if !only.isEmpty { sections.removeAll { !only.contains($0.id) } }
    sections.removeAll { skip.contains($0.id) }
    guard !sections.isEmpty else {
      throw CommandFailure(.usage, "no section is left after --only and --skip")
    }
  }
}

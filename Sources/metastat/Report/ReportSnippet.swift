import SurveyReport
import SurveyStats

/// One section's words, or one figure, of a report, as Markdown to be pasted.
struct ReportSnippet {
  /// The Markdown.
  let markdown: String
  /// The figure that it shows, if it is one.
  let figure: Figure?

  /// Finds a section by its name, or a figure by `figure:NAME`.
  init(_ name: String, of report: Report) throws(CommandFailure) {
    let section = report.sections.first { $0.id == name }
    if let section, section.skipped == nil {
      let words = section.sentences + section.paragraphs
      if !words.isEmpty {
        markdown = words.map { MarkdownWriter.escaped($0.text) }.joined(separator: " ") + "\n"
        figure = nil
        return
      }
    }
    let figureName = name.hasPrefix("figure:") ? String(name.dropFirst(7)) : name
    if let figure = report.figures.first(where: { $0.id == figureName }) {
      markdown = MarkdownPage(report: report, hasPictures: true).markdown(figure)
      self.figure = figure
      return
    }
    if let reason = section?.skipped {
      throw CommandFailure(.estimation, "--snippet \(name): the section is left out: \(reason)")
    }
    let names =
      report.sections.filter { $0.skipped == nil }.map(\.id)
      + report.figures.map { "figure:\($0.id)" }
    let leftOut = report.sections.filter { $0.skipped != nil }.map(\.id)
    let near = NearestNames(names + leftOut).nearest(to: name)
    throw CommandFailure(
      .usage,
      "--snippet: there is no '\(name)'"
        + (near.isEmpty
          ? "; there are \(names.joined(separator: ", "))" : NearestNames.suggestion(of: near)))
  }
}

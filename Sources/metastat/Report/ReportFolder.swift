import Glibc
import SurveyStats

/// Writes a report as a folder: pages, tables, figures, the headline numbers.
struct ReportFolder {
  /// What to do about pictures.
  enum Pictures: String, CaseIterable {
    /// Draw them if that is possible, else warn.
    case auto
    /// Fail if they cannot be drawn.
    case require
    /// Write the specifications only.
    case none
  }

  let report: Report
  let matrix: BinaryMatrix
  let pictures: Pictures
  let appearance: HTMLPage.Appearance
  let guardsFormulas: Bool
  let console: Console
  /// How many tasks may work at a time.
  let jobs: Int

  /// Writes everything but the manifest.
  func write(to folder: OutputFolder) throws {
    var files: [String: [UInt8]] = [:]
    for table in tables { files[table.name] = csv(table) }
    files["matrix"] = try matrixCSV()
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      try folder.write(bytes, to: "tables/\(name).csv")
    }
    for figure in report.figures {
      try folder.write(figure.specification.root.json, to: "figures/\(figure.id).vl.json")
    }
    var names = report.figures.map(\.id)
    if let card = report.card {
      try folder.write(card.specification.root.json, to: "figures/card.vl.json")
      names.append("card:png")
    }
    let drawn = try draw(names, in: folder)
    try folder.write(
      HTMLPage(report: report, pictures: drawn, appearance: appearance, files: files).bytes,
      to: "report.html")
    try folder.write(
      MarkdownPage(report: report, hasPictures: !drawn.isEmpty).bytes, to: "report.md")
    try folder.write(report.headlineJSON, to: "headline.json")
  }

  /// Writes a snippet, and when it is a figure its picture, specification and table.
  func write(_ snippet: ReportSnippet, to folder: OutputFolder) throws {
    try folder.write(Array(snippet.markdown.utf8), to: "snippet.md")
    guard let figure = snippet.figure else { return }
    try folder.write(figure.specification.root.json, to: "figures/\(figure.id).vl.json")
    if figure.source == "matrix" {
      try folder.write(try matrixCSV(), to: "tables/matrix.csv")
    } else if let table = tables.first(where: { $0.name == figure.source }) {
      try folder.write(csv(table), to: "tables/\(figure.source).csv")
    }
    _ = try draw([figure.id], in: folder)
  }

  private var tables: [Table] {
    report.sections.flatMap(\.tables).map(\.table) + report.furtherTables
  }

  /// A table as CSV; guarded, its invisible characters are shown as `\u{202E}`, as on the pages.
  private func csv(_ table: Table) -> [UInt8] {
    CSVWriter(guardsFormulas: guardsFormulas).write(guardsFormulas ? table.showingInvisible : table)
  }

  /// Draws the figures and gives their SVG by name; nothing when they cannot be drawn.
  private func draw(_ names: [String], in folder: OutputFolder) throws -> [String: String] {
    guard pictures != .none else { return [:] }
    do throws(FigureRenderer.Failure) {
      try FigureRenderer().render(names, in: folder.workingPath + "/figures", jobs: jobs)
    } catch {
      if pictures == .require { throw CommandFailure(.output, error.message) }
      console.warning(
        error.message + "; the report is whole without them, and 'figures/' has their "
          + "specifications")
      return [:]
    }
    var drawn: [String: String] = [:]
    for figure in report.figures where names.contains(figure.id) {
      let path = "\(folder.workingPath)/figures/\(figure.id).svg"
      drawn[figure.id] = String(decoding: try InputBytes.read(path), as: UTF8.self)
    }
    return drawn
  }

  /// The matrix, with metadata that no spreadsheet runs as a formula when that is asked for.
  private func matrixCSV() throws -> [UInt8] {
    let papers = guardsFormulas ? matrix.papers.map(Self.guarded) : matrix.papers
    do throws(MatrixCSVError) {
      return try MatrixCSV().write(matrix.replacing(papers: papers))
    } catch {
      throw CommandFailure(.invalidInput, "\(error)")
    }
  }

  private static func guarded(_ paper: Paper) -> Paper {
    func guarded(_ text: String) -> String {
      "=+-@\t\r".unicodeScalars.contains { text.unicodeScalars.first == $0 } ? "'" + text : text
    }
    var paper = paper
    paper.slug = guarded(paper.slug)
    paper.title = paper.title.map(guarded)
    paper.venue = paper.venue.map(guarded)
    paper.type = paper.type.map(guarded)
    paper.tags = paper.tags.map(guarded)
    paper.rater = paper.rater.map(guarded)
    paper.group = paper.group.map(guarded)
    paper.cluster = paper.cluster.map(guarded)
    paper.doi = paper.doi.map(guarded)
    paper.arxivID = paper.arxivID.map(guarded)
    return paper
  }
}

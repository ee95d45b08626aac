import Glibc
import SurveyFigures
import SurveyReport
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
  /// Whether the sections after the post are open.
  let isFull: Bool
  /// Who publishes it, and when.
  let author: String?
  let date: String?
  let console: Console
  /// How many tasks may work at a time.
  let jobs: Int

  /// The file of the explorer, if there is one.
  var explorer: String?

  /// The number of pictures that were drawn.
  private(set) var drawnCount = 0

  /// Which files of a folder to open, for the end of a run.
  func summary(of folder: String) -> String {
    let pictures = drawnCount == 0 ? "" : ", \(drawnCount) pictures in figures/"
    let first = report.post.map { ": \($0.title)" } ?? ""
    return
      "\(folder)/report.html to read, report.md to publish, \(Set(tables.map(\.name)).count + 1) tables in "
      + "tables/\(pictures)\(first)"
  }

  /// Writes everything but the manifest.
  mutating func write(to folder: OutputFolder) throws {
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
    drawnCount = drawn.count
    try folder.write(
      HTMLPage(
        report: report, pictures: drawn, appearance: appearance, files: files, isFull: isFull,
        author: author, date: date, explorer: explorer
      ).bytes, to: "report.html")
    try folder.write(
      MarkdownPage(
        report: report, hasPictures: !drawn.isEmpty, isFull: isFull, author: author, date: date,
        explorer: explorer
      ).bytes,
      to: "report.md")
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
    let figures = folder.workingPath + "/figures"
    var drawn: [String: String] = [:]
    do throws(FigureRenderer.Failure) {
      try FigureRenderer().render(names, in: figures, jobs: jobs)
      for figure in report.figures where names.contains(figure.id) {
        guard let svg = try? InputBytes.contents("\(figures)/\(figure.id).svg") else {
          throw .failed("it did not draw \(figure.id)")
        }
        drawn[figure.id] = String(decoding: svg, as: UTF8.self)
      }
    } catch {
      // Some may have been drawn; the page has all of them or none.
      for name in names.map({ $0.prefix { $0 != ":" } }) {
        for kind in ["svg", "png"] { unlink("\(figures)/\(name).\(kind)") }
      }
      try Task.checkCancellation()
      if pictures == .require { throw CommandFailure(.output, error.message) }
      console.warning(
        "\(error.message); the report is whole without them, and 'figures/' has their specifications"
      )
      return [:]
    }
    return drawn
  }

  /// The matrix, with metadata and item names that no spreadsheet runs as a formula when that is asked
  /// for.
  private func matrixCSV() throws -> [UInt8] {
    do throws(MatrixCSVError) {
      return try MatrixCSV().write(guardsFormulas ? Self.guarded(matrix) : matrix)
    } catch {
      throw CommandFailure(.invalidInput, "\(error)")
    }
  }

  private static func guarded(_ matrix: BinaryMatrix) -> BinaryMatrix {
    var taken = Set(matrix.items.map(\.id))
    let items = matrix.items.map { item in
      guard CSVWriter.guarded(item.id.description) != item.id.description else { return item }
      let isPlain = item.id.category.isEmpty
      var id =
        isPlain
        ? ItemID(category: "", name: "'" + item.id.name)
        : ItemID(category: "'" + item.id.category, name: item.id.name)
      // Another item may be called like this one with a quote in front.
      while !taken.insert(id).inserted { id = ItemID(category: id.category, name: id.name + "'") }
      return Item(id: id, label: item.label, module: item.module)
    }
    return matrix.replacing(papers: matrix.papers.map(guarded)).replacing(items: items)
  }

  private static func guarded(_ paper: Paper) -> Paper {
    var paper = paper
    paper.slug = CSVWriter.guarded(paper.slug)
    paper.title = paper.title.map(CSVWriter.guarded)
    paper.venue = paper.venue.map(CSVWriter.guarded)
    paper.type = paper.type.map(CSVWriter.guarded)
    paper.tags = paper.tags.map(CSVWriter.guarded)
    paper.rater = paper.rater.map(CSVWriter.guarded)
    paper.group = paper.group.map(CSVWriter.guarded)
    paper.cluster = paper.cluster.map(CSVWriter.guarded)
    paper.doi = paper.doi.map(CSVWriter.guarded)
    paper.arxivID = paper.arxivID.map(CSVWriter.guarded)
    return paper
  }
}

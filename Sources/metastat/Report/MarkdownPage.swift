import SurveyFigures
import SurveyReport
import SurveyStats

/// A report as Markdown for a blog or for Quarto: front matter, pictures and CSVs by relative path.
struct MarkdownPage {
  let report: Report
  /// Whether the pictures were drawn.
  let hasPictures: Bool
  /// Whether the sections after the post are open.
  var isFull = false
  /// Who publishes it, and when.
  var author: String?
  var date: String?
  /// The file on which every paper and answer can be looked at, if there is one.
  var explorer: String?

  /// The page.
  var bytes: [UInt8] {
    var page = "---\ntitle: \(Self.yaml(report.title))\n"
    if let author { page += "author: \(Self.yaml(author))\n" }
    if let date { page += "date: \(Self.yaml(date))\n" }
    if let card = report.card {
      page += "description: \(Self.yaml("\(card.number) \(card.statement)"))\n"
      if hasPictures { page += "image: figures/card.png\n" }
    }
    page += "generator: metastat\n---\n\n"
    if let explorer {
      page += "[Every paper and every answer](\(explorer)): filter, compare, check.\n\n"
    }
    for section in report.sections where section.skipped == nil {
      page += folded(markdown(section), title: section.title, isPost: section.id == report.post?.id)
    }
    let skipped = report.sections.filter { $0.skipped != nil }
    if !skipped.isEmpty {
      let lines = skipped.map {
        "- \(Self.escaped($0.title))" + ($0.title.hasSuffix("?") ? " " : ": ")
          + "\(Self.escaped($0.skipped ?? "")).\n"
      }
      page += folded(
        "## Left out\n\n\(lines.joined())\n", title: "Left out", isPost: false)
    }
    return Array(page.utf8)
  }

  /// A section as it stands, or after a post folded: HTML that Markdown passes on, with the text between as Markdown.
  private func folded(_ section: String, title: String, isPost: Bool) -> String {
    guard report.post != nil, !isPost else { return section + "\n" }
    return """
      <details\(isFull ? " open" : "")>
      <summary>\(HTMLWriter.escaped(title))</summary>

      \(section)</details>


      """
  }

  /// One section, as it stands in the page.
  func markdown(_ section: Section) -> String {
    var page = "## \(Self.escaped(section.title)) {#\(section.id)}\n\n"
    if !section.sentences.isEmpty {
      page += section.sentences.map { Self.escaped($0.text) }.joined(separator: " ") + "\n\n"
    }
    for figure in section.figures { page += markdown(figure) }
    for shown in section.tables where !shown.isLinked {
      let table = shown.table
      let (rows, columns) = Self.cut(shown)
      page += String(
        decoding: MarkdownWriter(options: SectionTable.options).write(rows), as: UTF8.self)
      let isCut = rows.rowCount < table.rowCount || columns > 0
      let cut =
        (rows.rowCount < table.rowCount
          ? "The first \(rows.rowCount) of \(table.rowCount) rows. " : "")
        + (columns > 0 ? "\(columns) more column\(columns == 1 ? "" : "s"). " : "")
      page +=
        "\n\(cut)\(isCut ? "All of it: " : "")[\(table.name).csv](tables/\(table.name).csv)\n\n"
    }
    for paragraph in section.paragraphs { page += Self.escaped(paragraph.text) + "\n\n" }
    if let code = section.code {
      page += "```sh\n\(DisplayText.visible(code, foldingSpace: true))\n```\n\n"
    }
    let links = section.tables.filter(\.isLinked).map {
      "[\($0.table.name).csv](tables/\($0.table.name).csv)"
    }
    if !links.isEmpty { page += "Further tables: \(links.joined(separator: ", "))\n\n" }
    for reference in section.references { page += "- \(Self.escaped(reference))\n" }
    if !section.references.isEmpty { page += "\n" }
    return page
  }

  /// The most rows of a table in a post; the CSV and the page have more.
  private static let mostRows = 25
  /// The most columns of a table in a post.
  private static let mostColumns = 10

  /// The first rows and columns of a table, and how many columns that leaves out.
  private static func cut(_ shown: SectionTable) -> (rows: Table, columnsLeftOut: Int) {
    var rows = shown.rows(atMost: mostRows)
    func isLimit(_ column: Column) -> Bool {
      switch column.style {
      case .lowerLimit, .upperLimit: true
      default: false
      }
    }
    let visible = rows.columns.indices.filter {
      !rows.columns[$0].isDetail && !isLimit(rows.columns[$0])
    }
    guard visible.count > mostColumns else { return (rows, 0) }
    let left = Set(visible.dropFirst(mostColumns))
    rows.columns = rows.columns.indices.filter { !left.contains($0) }.map { rows.columns[$0] }
    return (rows, left.count)
  }

  /// One figure with its caption and sources, as it stands in the page.
  func markdown(_ figure: Figure) -> String {
    let words = Self.escaped(figure.alternativeText.text)
    let picture =
      hasPictures
      ? "![\(words)](figures/\(figure.id).svg)"
      : "\(words) (Not drawn; the specification is [\(figure.id).vl.json]"
        + "(figures/\(figure.id).vl.json).)"
    return """
      \(picture)

      *\(Self.escaped(figure.title)).* \(Self.escaped(figure.caption.text)) Source: \
      [\(figure.source).csv](tables/\(figure.source).csv), \
      [\(figure.id).vl.json](figures/\(figure.id).vl.json).


      """
  }

  /// The text as a quoted scalar of YAML.
  private static func yaml(_ text: String) -> String {
    let visible = DisplayText.visible(text, foldingSpace: true)
    return "\"\(visible.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  private static func escaped(_ text: String) -> String { MarkdownWriter.escaped(text) }
}

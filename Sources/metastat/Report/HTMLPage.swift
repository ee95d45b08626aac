import FoundationEssentials
import SurveyFigures
import SurveyReport
import SurveyStats

/// A report as one self-contained HTML page: no network, and nothing in it that needs a script to
/// be read.
struct HTMLPage {
  /// The looks of the page.
  enum Appearance: String, CaseIterable {
    case auto, light, dark
  }

  let report: Report
  /// The pictures by the name of their figure, as SVG; empty when there is no renderer.
  let pictures: [String: String]
  let appearance: Appearance
  /// The CSV files by table name.
  let files: [String: [UInt8]]
  /// Whether the sections after the post are open.
  var isFull = false
  /// Who publishes it, and when.
  var author: String?
  var date: String?
  /// The file on which every paper and answer can be looked at, if there is one.
  var explorer: String?

  /// The largest CSV that the page carries itself; of larger ones it has a link to the folder.
  static let embeddedLimit = 60_000

  /// The page.
  var bytes: [UInt8] {
    let escaped = HTMLWriter.escaped
    let theme = appearance == .auto ? "" : " data-theme=\"\(appearance.rawValue)\""
    var page = """
      <!DOCTYPE html>
      <html lang="en"\(theme)>
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
      style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <meta name="generator" content="metastat">
      \(cardReference)<title>\(escaped(report.title))</title>
      <style>
      \(text(PackageResources.report_css))</style>
      </head>
      <body>
      <a class="skip" href="#content">Skip to the content</a>
      <header>
      <h1>\(escaped(report.title))</h1>
      \(byline)</header>

      """
    if report.post == nil { page += contents(shown) }
    page += "<main id=\"content\" tabindex=\"-1\">\n"
    if let explorer {
      page += """
        <p class="byline"><a href="\(escaped(explorer))">Every paper and every answer</a>: \
        filter, compare, check.</p>

        """
    }
    for section in shown {
      page += html(section)
      if section.id == report.post?.id {
        page += contents(shown.filter { $0.id != section.id })
      }
    }
    page += leftOut
    page += """
      </main>
      <footer>
      <p>Made by metastat. Every number in the text is in <a href="\(link(to: "facts"))" \
      download="facts.csv">facts.csv</a>, all rates are in <a href="\(link(to: "rates"))" \
      download="rates.csv">rates.csv</a>.</p>
      </footer>
      <script>
      \(text(PackageResources.report_js))</script>
      </body>
      </html>

      """
    return Array(page.utf8)
  }

  /// What a site that links to the page shows: its title, its first words, the card beside it.
  private var cardReference: String {
    guard let card = report.card else { return "" }
    let description = HTMLWriter.escaped("\(card.number) \(card.statement)")
    return """
      <meta name="description" content="\(description)">
      <meta property="og:type" content="article">
      <meta property="og:title" content="\(HTMLWriter.escaped(report.title))">
      <meta property="og:description" content="\(description)">
      <meta property="og:image" content="figures/card.png">
      <meta property="og:image:width" content="1200">
      <meta property="og:image:height" content="630">
      <meta name="twitter:card" content="summary_large_image">

      """
  }

  /// Author and date.
  private var byline: String {
    let parts = [author, date].compactMap { $0.map(HTMLWriter.escaped) }
    return parts.isEmpty ? "" : "<p class=\"byline\">\(parts.joined(separator: ", "))</p>\n"
  }

  /// The contents: before everything, or between the post and its appendix.
  private func contents(_ sections: [Section]) -> String {
    guard !sections.isEmpty else { return "" }
    let items = sections.map {
      "<li><a href=\"#\($0.id)\">\(HTMLWriter.escaped($0.title))</a></li>\n"
    }
    return """
      <nav aria-label="Contents">
      <details class="contents"\(report.post == nil ? " open" : "")>
      <summary>\(report.post == nil ? "Contents" : "Appendix: \(sections.count) sections")</summary>
      <ul>
      \(items.joined())</ul>
      </details>
      </nav>

      """
  }

  /// The sections that the data do not allow.
  private var leftOut: String {
    let skipped = report.sections.filter { $0.skipped != nil }
    guard !skipped.isEmpty else { return "" }
    let items = skipped.map { section in
      "<li class=\"skipped\">\(HTMLWriter.escaped(section.title))"
        + (section.title.hasSuffix("?") ? " " : ": ")
        + "\(HTMLWriter.escaped(section.skipped ?? "")).</li>\n"
    }
    return folded(
      id: "skipped", title: "Left out", content: "<ul>\n\(items.joined())</ul>\n",
      folds: report.post != nil)
  }

  /// A section with its heading, as it stands or folded.
  private func folded(id: String, title: String, content: String, folds: Bool) -> String {
    let heading = "<h2 id=\"\(id)\">\(HTMLWriter.escaped(title))</h2>"
    guard folds else {
      return "<section aria-labelledby=\"\(id)\">\n\(heading)\n\(content)</section>\n"
    }
    return """
      <section aria-labelledby="\(id)">
      <details class="appendix"\(isFull ? " open" : "")>
      <summary>\(heading)</summary>
      \(content)</details>
      </section>

      """
  }

  private var shown: [Section] { report.sections.filter { $0.skipped == nil } }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func html(_ section: Section) -> String {
    let escaped = HTMLWriter.escaped
    let isPost = section.id == report.post?.id
    var html = ""
    if !section.sentences.isEmpty {
      html += "<p class=\"lead\">\(section.sentences.map(prose).joined(separator: " "))</p>\n"
    }
    let figures = section.figures.map { self.html($0) }.joined()
    html += isPost && !figures.isEmpty ? "<div class=\"pictures\">\n\(figures)</div>\n" : figures
    for table in section.tables where !table.isLinked { html += self.html(table) }
    for paragraph in section.paragraphs { html += "<p>\(prose(paragraph))</p>\n" }
    html += links(section.tables.filter(\.isLinked))
    if let code = section.code { html += "<pre><code>\(escaped(code))</code></pre>\n" }
    if !section.references.isEmpty {
      html += "<ol class=\"references\">\n"
      for reference in section.references { html += "<li>\(escaped(reference))</li>\n" }
      html += "</ol>\n"
    }
    return folded(
      id: section.id, title: section.title, content: html,
      folds: report.post != nil && !isPost)
  }

  /// The tables that are linked instead of shown.
  private func links(_ tables: [SectionTable]) -> String {
    guard !tables.isEmpty else { return "" }
    let items = tables.map { table in
      let name = HTMLWriter.escaped(table.table.name)
      return "<a href=\"\(link(to: table.table.name))\" download=\"\(name).csv\" "
        + "title=\"\(HTMLWriter.escaped(table.caption.text))\">\(name).csv</a>"
    }
    return "<p class=\"tools\">Further tables: \(items.joined(separator: " "))</p>\n"
  }

  /// A sentence whose numbers carry their unrounded values.
  private func prose(_ sentence: Sentence) -> String {
    sentence.fragments.reduce(into: "") { html, fragment in
      switch fragment {
      case .words(let words): html += HTMLWriter.escaped(words)
      case .name(let name): html += "<bdi>\(HTMLWriter.escaped(name))</bdi>"
      case .fact(let fact):
        html +=
          "<data value=\"\(NumberFormat.shortest(fact.value))\">"
          + "\(HTMLWriter.escaped(fact.text))</data>"
      }
    }
  }

  private func html(_ figure: Figure) -> String {
    let picture =
      pictures[figure.id].map { Self.inline($0) }
      ?? "<p class=\"note\"><strong>\(HTMLWriter.escaped(figure.title)).</strong> "
      + "\(HTMLWriter.escaped(figure.alternativeText.text)) The picture was not drawn; its "
      + "specification is figures/\(figure.id).vl.json.</p>\n"
    return """
      <figure>
      \(picture)<figcaption>\(prose(figure.caption)) Source: \
      <a href="\(link(to: figure.source))" download="\(figure.source).csv">\(figure.source).csv</a>.\
      </figcaption>
      </figure>

      """
  }

  /// The SVG without the colours it has when it stands alone: within the page it takes the page's.
  private static func inline(_ svg: String) -> String {
    guard let start = svg.firstRange(of: "<style>"), let end = svg.firstRange(of: "</style>")
    else { return svg }
    return String(svg[..<start.lowerBound] + svg[end.upperBound...])
  }

  private func html(_ shown: SectionTable) -> String {
    let table = shown.table
    let rows = shown.rows()
    let writer = HTMLWriter(
      options: SectionTable.options, printedWidth: Self.printedWidth, drawsLimits: true)
    let fragment = String(decoding: writer.write(rows), as: UTF8.self)
    let isCut = rows.rowCount < table.rowCount
    let name = HTMLWriter.escaped(table.caption)
    let size = rows.rowCount <= 12 ? " short" : rows.rowCount > Self.printedRows + 5 ? " long" : ""
    return """
      <div class="tablebox\(size)">
      <div class="scroll" role="region" tabindex="0" aria-label="\(name)">
      \(fragment)</div>
      <p class="tools"><a href="\(link(to: table.name))" download="\(table.name).csv">\
      Download \(table.name).csv</a>\
      \(isCut ? " <span>The first \(rows.rowCount) of \(table.rowCount) rows are shown.</span>" : "")</p>
      \(printedNote(rows, of: table, isWide: fragment.contains("unprinted\"")))</div>

      """
  }

  /// The characters that a printed page takes beside one another.
  private static let printedWidth = 120
  /// The rows of a longer table that are printed; the style sheet hides the others.
  private static let printedRows = 25

  /// What is said below a printed table of which rows or columns are left out.
  private func printedNote(_ rows: Table, of table: Table, isWide: Bool) -> String {
    let isLong = rows.rowCount > Self.printedRows + 5
    let shown = isLong ? Self.printedRows : rows.rowCount
    var parts: [String] = []
    if shown < table.rowCount {
      parts.append("The first \(shown) of \(table.rowCount) rows are printed.")
    }
    if isWide { parts.append("Further columns are not printed.") }
    guard !parts.isEmpty else { return "" }
    return "<p class=\"printed note\">\(parts.joined(separator: " ")) "
      + "Everything is in tables/\(table.name).csv.</p>\n"
  }

  /// Where the CSV of a table is: in the page itself when it is small, else in the folder.
  private func link(to table: String) -> String {
    guard let bytes = files[table], bytes.count <= Self.embeddedLimit else {
      return "tables/\(table).csv"
    }
    return "data:text/csv;charset=utf-8;base64,\(Data(bytes).base64EncodedString())"
  }
}

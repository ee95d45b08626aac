import FoundationEssentials
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
      </header>
      <nav aria-label="Contents">
      <ul>

      """
    for section in shown {
      page += "<li><a href=\"#\(section.id)\">\(escaped(section.title))</a></li>\n"
    }
    page += "</ul>\n</nav>\n<main id=\"content\" tabindex=\"-1\">\n"
    for section in shown { page += html(section) }
    let skipped = report.sections.filter { $0.skipped != nil }
    if !skipped.isEmpty {
      page += "<section aria-labelledby=\"skipped\">\n<h2 id=\"skipped\">Left out</h2>\n<ul>\n"
      for section in skipped {
        page +=
          "<li class=\"skipped\">\(escaped(section.title)): \(escaped(section.skipped ?? "")).</li>\n"
      }
      page += "</ul>\n</section>\n"
    }
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

  private var shown: [Section] { report.sections.filter { $0.skipped == nil } }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func html(_ section: Section) -> String {
    let escaped = HTMLWriter.escaped
    var html =
      "<section aria-labelledby=\"\(section.id)\">\n<h2 id=\"\(section.id)\">"
      + "\(escaped(section.title))</h2>\n"
    if !section.sentences.isEmpty {
      html += "<p class=\"lead\">\(section.sentences.map(prose).joined(separator: " "))</p>\n"
    }
    for figure in section.figures { html += self.html(figure) }
    for table in section.tables { html += self.html(table) }
    for paragraph in section.paragraphs { html += "<p>\(prose(paragraph))</p>\n" }
    if let code = section.code { html += "<pre><code>\(escaped(code))</code></pre>\n" }
    if !section.references.isEmpty {
      html += "<ol class=\"references\">\n"
      for reference in section.references { html += "<li>\(escaped(reference))</li>\n" }
      html += "</ol>\n"
    }
    return html + "</section>\n"
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
    let writer = HTMLWriter(options: SectionTable.options, printedWidth: Self.printedWidth)
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

import SurveyReport
import SurveyStats
import Testing

@testable import metastat

@Suite struct ReportPageTests {
  private static let foreign =
    "=cmd()|\"'<script>alert(1)</script>\n|pipe| \u{202E}rtl `code` [a](b) & $x$"

  private func report(papers: Int = 30) async throws -> (report: Report, matrix: BinaryMatrix) {
    let matrix = BinaryMatrix(
      papers: (0..<papers).map { index in
        Paper(
          slug: "\(Self.foreign) \(index)", title: Self.foreign, year: 2023 + index % 2,
          venue: Self.foreign, type: Self.foreign, tags: [Self.foreign])
      },
      items: (0..<8).map { index in
        Item(id: ItemID(category: "c|<\(index % 2)>", name: "\(Self.foreign)\(index)"))
      }
    ) { paper, item in
      Cell(rawValue: UInt8((paper * 5 + item * 3 + paper / 4) % 4)) ?? .absent
    }
    let input = ReportInput(
      matrix: matrix,
      settings: ReportSettings(
        title: Self.foreign, replicates: 99, command: ["metastat", "report", Self.foreign],
        version: "0"),
      design: { SamplingDesign(paperCount: $0.papers.count) })
    let report = try await Report(
      try await ReportAnalysis(input), choices: SectionChoices.all.sections)
    return (report, matrix)
  }

  private func html(_ report: Report) -> String {
    var files: [String: [UInt8]] = [:]
    for table in report.sections.flatMap(\.tables).map(\.table) + report.furtherTables {
      files[table.name] = CSVWriter().write(table)
    }
    return String(
      decoding: HTMLPage(report: report, pictures: [:], appearance: .auto, files: files).bytes,
      as: UTF8.self)
  }

  @Test func `nothing from a scan becomes markup in HTML`() async throws {
    let page = html(try await report().report)
    #expect(!page.contains("<script>alert"))
    #expect(!page.contains("\u{202E}"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.ranges(of: "<script>").count == 1)
  }

  @Test func `nothing from a scan becomes markup in Markdown`() async throws {
    let page = String(
      decoding: MarkdownPage(report: try await report().report, hasPictures: true).bytes,
      as: UTF8.self)
    let words = page.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("title: ") && !$0.hasPrefix("metastat ") }.joined(separator: "\n")
    #expect(!words.contains("<script>"))
    #expect(!words.contains("\u{202E}"))
    #expect(!words.contains("[a](b)"))
    let widths = Set(
      page.split(separator: "\n").filter { $0.hasPrefix("| ") }.map {
        $0.replacing("\\|", with: "").filter { $0 == "|" }.count
      })
    #expect(widths.allSatisfy { $0 > 2 })
  }

  @Test func `a post has the first rows and columns of long tables, and no stray remarks`()
    async throws
  {
    let page = String(
      decoding: MarkdownPage(report: try await report(papers: 60).report, hasPictures: true).bytes,
      as: UTF8.self)
    var rows = 0
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      rows = line.hasPrefix("| ") ? rows + 1 : 0
      #expect(rows <= 27, "\(line)")
    }
    #expect(page.contains("The first 25 of 60 rows."))
    #expect(!page.contains("- Score: ") && !page.contains("- Interval: "))
  }

  @Test func `every anchor of the page leads somewhere`() async throws {
    let page = html(try await report().report)
    for match in page.matches(of: /href="#([^"]*)"/) {
      #expect(page.contains("id=\"\(match.1)\""), "\(match.1)")
    }
  }

  @Test func `the page asks no network`() async throws {
    let page = html(try await report().report)
    #expect(!page.contains("src=\"http") && !page.contains("url(http"))
    #expect(!page.contains("href=\"http"))
  }

  @Test func `every number of a table on the page is one of its CSV, rounded`() async throws {
    for shown in try await report().report.sections.flatMap(\.tables) {
      let csv = try CSVDocument(CSVWriter().write(shown.table))
      let html = String(decoding: HTMLWriter().write(shown.table), as: UTF8.self)
      let rows = html.split(separator: "<tbody>")[1].split(separator: "<tr>").dropFirst()
      for (row, record) in zip(rows, csv.rows) {
        let known = record.compactMap { $0.flatMap { Double($0) } }
        for cell in row.matches(of: /class="(?:number|interval)">([^<]*)</) {
          for number in cell.1.replacing("&lt;0.001", with: "").matches(of: /-?\d+(?:\.\d+)?/) {
            let text = String(number.0)
            #expect(
              known.contains { spells(text, $0) || spells(text, -$0) },
              "\(shown.table.name): \(text)")
          }
        }
      }
    }
  }

  @Test func `a long table is printed in part, and says where the rest is`() async throws {
    let page = html(try await report(papers: 40).report)
    let box = try #require(
      page.split(separator: "<div class=\"tablebox").first { $0.contains("tables/papers.csv.") })
    // The page shows 25 papers, and paper takes fewer columns than the screen.
    #expect(box.contains("The first 25 of 40 rows are printed. Further columns are not printed."))
    #expect(box.contains("Everything is in tables/papers.csv."))
    #expect(page.contains("class=\"tablebox short\""))
  }

  @Test func `pictures take the colours of the page`() async throws {
    let report = try await report().report
    let figure = try #require(report.figures.first)
    let svg = "<svg id=\"x\"><style>#x{color:red}</style><text>1</text></svg>\n"
    let page = String(
      decoding: HTMLPage(
        report: report, pictures: [figure.id: svg], appearance: .dark, files: [:]
      ).bytes, as: UTF8.self)
    #expect(page.contains("<svg id=\"x\"><text>1</text></svg>"))
    #expect(page.contains("data-theme=\"dark\""))
  }

  private func spells(_ text: String, _ value: Double) -> Bool {
    let decimals = text.split(separator: ".").dropFirst().first?.count ?? 0
    return [value, 100 * value].contains {
      abs((Double(text) ?? .nan) - $0) <= 0.5 * [1, 0.1, 0.01, 0.001][min(decimals, 3)] + 1e-9
    }
  }
}

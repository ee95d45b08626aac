import Foundation
import SurveyStats
import Testing

/// Rates of three items, the last never applicable.
private let rates = Table(
  name: "rates", caption: "Share of papers that pass.",
  columns: [
    Column("term", .text(["artifacts.code", "a|b<c>", "x"])),
    Column("n_applicable", .integer([1004, 9, 0])),
    Column("estimate", .real([0.586, 0.5, nil]), style: .share),
    Column("conf_low", .real([0.541, 0.2, nil]), style: .lowerLimit(of: "estimate")),
    Column("conf_high", .real([0.63, 0.8, nil]), style: .upperLimit(of: "estimate")),
    Column("conf_level", .real([0.95, 0.95, 0.95])),
    Column("interval", .text(["wilson", "wilson", "wilson"])),
    Column("p_value", .real([0.0000004, 0.25, nil]), style: .pValue),
    Column("note", .text([nil, nil, nil])),
  ], notes: ["Papers are the unit."])

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

@Suite struct CSVWriterTests {
  @Test func `all columns and digits are kept`() {
    #expect(
      text(CSVWriter().write(rates)) == """
        term,n_applicable,estimate,conf_low,conf_high,conf_level,interval,p_value,note
        artifacts.code,1004,0.586,0.541,0.63,0.95,wilson,4e-07,NA
        a|b<c>,9,0.5,0.2,0.8,0.95,wilson,0.25,NA
        x,0,NA,NA,NA,0.95,wilson,NA,NA

        """)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a b", "a b"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
    ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), ("NA", "\"NA\""), ("", "\"\""), ("=1", "=1"),
    ("\u{FEFF}a", "\"\u{FEFF}a\""), ("\u{0}", "\u{0}"),
  ]) func `quotes stand where they are needed`(cell: String, field: String) {
    let table = Table(name: "t", columns: [Column("a", .text([cell]))])
    #expect(text(CSVWriter().write(table)) == "a\n\(field)\n")
  }

  @Test(arguments: ["=cmd()", "+1", "-1", "@x", "\tx"]) func `formulas are disarmed on demand`(
    cell: String
  ) {
    let table = Table(
      name: "t", columns: [Column("a", .text([cell])), Column("b", .real([-1]))])
    #expect(text(CSVWriter(guardsFormulas: true).write(table)) == "a,b\n'\(cell),-1\n")
    #expect(text(CSVWriter().write(table)) == "a,b\n\(cell),-1\n")
  }

  @Test func `infinities are written and a stray NaN is undefined`() {
    let table = Table(name: "t", columns: [Column("a", .real([.infinity, -.infinity, .nan]))])
    #expect(text(CSVWriter().write(table)) == "a\nInf\n-Inf\nNA\n")
  }

  @Test func `a table without columns is nothing`() {
    #expect(CSVWriter().write(Table(name: "t", columns: [])).isEmpty)
  }

  @Test func `rows may be written in pieces`() {
    var bytes: [UInt8] = []
    CSVWriter().appendHeader(of: rates, to: &bytes)
    for row in 0..<rates.rowCount { CSVWriter().appendRows(row..<row + 1, of: rates, to: &bytes) }
    #expect(bytes == CSVWriter().write(rates))
  }

  @Test(arguments: 0..<100) func `reading back gives the same table`(seed: Int) throws {
    var random = NastyText(seed: seed)
    let columnCount = 1 + random.below(4)
    let rowCount = random.below(8)
    var cells: [[String?]] = []
    for _ in 0..<columnCount {
      cells.append((0..<rowCount).map { _ in random.below(6) == 0 ? nil : random.text() })
    }
    let reals = (0..<rowCount).map { _ in random.below(6) == 0 ? nil : random.real() }
    var columns: [Column] = []
    for (index, values) in cells.enumerated() {
      columns.append(Column("\(random.text())\(index)", .text(values)))
    }
    columns.append(Column("real", .real(reals)))
    if seed % 3 == 0 { columns.removeLast() }
    let document = try CSVDocument(CSVWriter().write(Table(name: "t", columns: columns)))
    #expect(document.header == columns.map(\.name))
    #expect(document.rows.count == rowCount)
    for (row, fields) in document.rows.enumerated() {
      for column in cells.indices { #expect(fields[column] == cells[column][row]) }
      guard seed % 3 != 0 else { continue }
      #expect(fields[columnCount].flatMap(Double.init) == reals[row])
    }
  }
}

@Suite struct JSONWriterTests {
  @Test func `a table is an array of records`() {
    let table = Table(
      name: "t",
      columns: [
        Column("a", .text(["x", nil])), Column("b", .real([0.5, .infinity])),
        Column("c", .integer([1, nil])),
      ])
    #expect(
      text(JSONWriter().write(table)) == """
        [
        {"a": "x", "b": 0.5, "c": 1},
        {"a": null, "b": null, "c": null}
        ]

        """)
  }

  @Test func `several tables are an object`() {
    let one = Table(name: "one", columns: [Column("a", .integer([1]))])
    let two = Table(name: "two", columns: [])
    #expect(
      text(JSONWriter().write([one, two])) == """
        {
        "one": [
        {"a": 1}
        ],
        "two": []
        }

        """)
    #expect(text(JSONWriter().write([])) == "{}\n")
  }

  @Test func `text is escaped`() {
    let nasty = "\"\\\n\r\t\u{0}\u{1B}\u{7F}\u{2028}\u{2029}é👩‍👩‍👧</script>"
    let table = Table(name: "t", columns: [Column("a", .text([nasty]))])
    let escaped = #"\"\\\n\r\t\u0000\u001b\u007f\u2028\u2029é👩‍👩‍👧</script>"#
    #expect(text(JSONWriter().write(table)) == "[\n{\"a\": \"\(escaped)\"}\n]\n")
  }
}

@Suite struct MarkdownWriterTests {
  @Test func `estimates and intervals share an aligned column`() {
    #expect(
      text(MarkdownWriter().write(rates)) == """
        | Term           | Applicable | Estimate (95% interval) |       p |
        | -------------- | ---------: | ----------------------: | ------: |
        | artifacts.code |       1004 |       58.6% (54.1–63.0) | \\<0.001 |
        | a\\|b\\<c\\>      |          9 |             50% (20–80) |   0.250 |
        | x              |          0 |                      NA |      NA |

        *Share of papers that pass.*

        - Papers are the unit.
        - Interval: wilson

        """)
  }

  @Test func `nothing in a cell is interpreted`() {
    let table = Table(
      name: "t", columns: [Column("a", .text(["*_`[x](y)|<b>&\\\na\u{202E}$~#", "="]))])
    let output = text(MarkdownWriter().write(table))
    #expect(
      output.contains(##"| \*\_\`\[x\](y)\|\<b\>\&\\ a\\u{202E}\$\~\# |"##), "\(output)")
    #expect(output.split(separator: "\n").count == 4)
  }
}

@Suite struct HTMLWriterTests {
  @Test func `the fragment is a table with scopes and classes`() {
    #expect(
      text(HTMLWriter().write(rates)) == """
        <table>
        <caption>Share of papers that pass.</caption>
        <thead>
        <tr><th scope="col">Term</th><th scope="col" class="number">Applicable</th>\
        <th scope="col" class="number">Estimate (95% interval)</th>\
        <th scope="col" class="number">p</th></tr>
        </thead>
        <tbody>
        <tr><th scope="row">artifacts.code</th><td class="number">1004</td>\
        <td class="number">58.6% <span class="interval">(54.1–63.0)</span></td>\
        <td class="number">&lt;0.001</td></tr>
        <tr><th scope="row">a|b&lt;c&gt;</th><td class="number">9</td>\
        <td class="number">50% <span class="interval">(20–80)</span></td>\
        <td class="number">0.250</td></tr>
        <tr><th scope="row">x</th><td class="number">0</td><td class="number">NA</td>\
        <td class="number">NA</td></tr>
        </tbody>
        <tfoot>
        <tr><td colspan="4">Papers are the unit.</td></tr>
        <tr><td colspan="4">Interval: wilson</td></tr>
        </tfoot>
        </table>

        """)
  }

  @Test func `the term is the header of its row`() {
    let table = Table(
      name: "t", columns: [Column("kind", .text(["item"])), Column("term", .text(["a"]))])
    #expect(
      text(HTMLWriter().write(table)).contains("<tr><td>item</td><th scope=\"row\">a</th></tr>"))
  }

  @Test func `columns beyond a printed page are marked`() {
    let table = Table(
      name: "t",
      columns: [
        Column("a", .text([String(repeating: "word ", count: 20)])),
        Column("b", .integer([12_345])),
        Column("c", .integer([1])),
      ])
    // 18 characters of text, 7 of a number, 3 of another.
    let marked = { (width: Int) in
      text(HTMLWriter(printedWidth: width).write(table)).ranges(of: "unprinted\"").count
    }
    #expect([28, 27, 24, 10].map(marked) == [0, 2, 4, 4])
  }

  @Test(arguments: [
    ("<script>alert(\"1\")</script>", "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"),
    ("a'b&amp;", "a&#39;b&amp;amp;"), ("a\nb", "a b"), ("\u{0}", "\\u{0}"),
    ("x\u{202E}y", "x\\u{202E}y"), ("👩‍👩‍👧 é 漢", "👩‍👩‍👧 é 漢"),
  ]) func `text is escaped`(cell: String, html: String) {
    #expect(HTMLWriter.escaped(cell) == html)
  }
}

@Suite struct LimitBarTests {
  @Test func `limits of shares are bars on demand, of nothing else`() {
    #expect(!text(HTMLWriter().write(rates)).contains("<svg"))
    let page = text(HTMLWriter(drawsLimits: true).write(rates))
    #expect(
      page.components(separatedBy: "<svg class=\"limits\"").count == 3, "two rows have limits")
    #expect(page.contains("<path d=\"M54.1 4H63\"/><circle cx=\"58.6\" cy=\"4\" r=\"3\"/>"))
  }
}

@Suite struct TextWriterTests {
  @Test func `columns are aligned and the interval stands by its estimate`() {
    #expect(
      text(TextWriter().write(rates)) == """
        Share of papers that pass.

        term            n_applicable  estimate (95% interval)  p_value
        --------------  ------------  -----------------------  -------
        artifacts.code          1004        58.6% (54.1–63.0)   <0.001
        a|b<c>                     9          50%     (20–80)    0.250
        x                          0           NA                   NA

        Papers are the unit.
        interval: wilson

        """)
  }

  @Test func `digits may be chosen`() {
    let output = text(TextWriter(options: TableOptions(digits: 2)).write(rates))
    #expect(output.contains("58.60% (54.10–63.00)"))
    #expect(output.contains("50.00% (20.00–80.00)"))
  }

  @Test func `colour only when told`() {
    #expect(!TextWriter().write(rates).contains(0x1B))
    let output = text(TextWriter(options: TableOptions(isColored: true)).write(rates))
    #expect(output.contains("\u{1B}[1mterm "))
    #expect(output.contains("p_value\u{1B}[0m\n"))
  }

  /// Rates of groups, wider than a terminal.
  private static let wide = Table(
    name: "rates",
    columns: [
      Column("category", .text(["artifacts", "artifacts", "artifacts"])),
      Column("term", .text(["code_released", "code_released", "artifacts"])),
      Column("group", .text(["2024", "2025", "2025"])),
      Column("n_applicable", .integer([100, 9, 109])), Column("n_yes", .integer([58, 4, 62])),
      Column("estimate", .real([0.58, 0.5, 0.57]), style: .share),
      Column("conf_low", .real([0.54, 0.2, 0.5]), style: .lowerLimit(of: "estimate")),
      Column("conf_high", .real([0.63, 0.8, 0.6]), style: .upperLimit(of: "estimate")),
      Column("venue", .text(["Transactions on Machine Learning Research", "B", "C"])),
      Column("note", .text([nil, "fewer-than-10", nil])),
    ])

  @Test func `columns are left out and named before text is cut`() {
    let options = TableOptions(width: 60, widthRemedy: "--wide shows all")
    #expect(
      text(TextWriter(options: options).write(Self.wide)) == """
        term           group  n_applicable  estimate (interval)
        -------------  -----  ------------  -------------------
        code_released  2024            100    58.0% (54.0–63.0)
        code_released  2025              9      50%     (20–80)
        artifacts      2025            109    57.0% (50.0–60.0)

        note: fewer-than-10 (1 row)
        Not shown at this width: category, n_yes, venue; --wide
        shows all

        """)
  }

  @Test func `a key and an estimate that do not fit stand on two lines`() {
    let output = text(TextWriter(options: TableOptions(width: 36)).write(Self.wide))
    let lines = output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "term           group")
    #expect(lines[1] == "    category   estimate (interval)")
    #expect(lines[3] == "code_released  2024")
    #expect(lines[4] == "    artifacts    58.0% (54.0–63.0)")
    #expect(lines.prefix(9).allSatisfy { $0.count <= 36 })
  }

  @Test func `a long key is never cut`() {
    let table = Table(
      name: "t",
      columns: [
        Column("title", .text([String(repeating: "x", count: 100), "漢字漢字漢字漢字漢字"])),
        Column("n", .integer([123_456_789, 1])),
      ])
    let output = text(TextWriter(options: TableOptions(width: 24)).write(table))
    #expect(output.contains(String(repeating: "x", count: 100)))
    #expect(output.contains("漢字漢字漢字漢字漢字") && !output.contains("…"))
  }

  @Test func `a row about a category names it once, and a note of all rows stands below`() {
    let table = Table(
      name: "rates",
      columns: [
        Column("category", .text(["a", "b"])), Column("term", .text(["a", "b"])),
        Column("n", .integer([1, 2])), Column("note", .text(["all-no", "all-no"])),
      ])
    #expect(
      text(TextWriter().write(table)) == """
        term  n
        ----  -
        a     1
        b     2

        note: all-no

        """)
  }

  @Test func `text cannot forge terminal output`() {
    let table = Table(
      name: "t", caption: "c\u{1B}[2J", columns: [Column("a", .text(NastyText.pieces))],
      notes: ["n\u{202E}\n"])
    let output = text(TextWriter().write(table))
    for scalar in output.unicodeScalars where scalar != "\n" && scalar != "\u{200D}" {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        Issue.record("U+\(String(scalar.value, radix: 16))")
      default: break
      }
    }
    #expect(output.contains("c\\u{1B}[2J\n"))
    #expect(output.hasSuffix("\nn\\u{202E}\\n\n"))
    #expect(output.split(separator: "\n").count == NastyText.pieces.count + 4 - 2)
  }

  @Test func `wide characters keep the columns aligned`() {
    let table = Table(
      name: "t",
      columns: [
        Column("a", .text(["漢字", "e\u{301}", "👩‍👩‍👧", "🇩🇪", "abcd"])),
        Column("n", .integer([1, 2, 3, 4, 5])),
      ])
    #expect(
      text(TextWriter().write(table)) == """
        a     n
        ----  -
        漢字  1
        e\u{301}     2
        👩‍👩‍👧    3
        🇩🇪    4
        abcd  5

        """)
  }

  @Test func `whole numbers have no decimals and tiny ones are not zero`() {
    let table = Table(
      name: "t",
      columns: [
        Column("weight", .real([1, 20, nil])), Column("std_error", .real([0.25, 0.00001, nil])),
        Column("slope", .real([-0.2, 0.1, nil])),
        Column("conf_low", .real([-0.3, nil, nil]), style: .lowerLimit(of: "slope")),
        Column("conf_high", .real([-0.1, 0.4, nil]), style: .upperLimit(of: "slope")),
      ])
    #expect(
      text(TextWriter().write(table)) == """
        weight  std_error           slope (interval)
        ------  ---------  -------------------------
             1      0.250  -0.200 (-0.300 to -0.100)
            20   1.00e-05   0.100         (NA–0.400)
            NA         NA      NA

        """)
  }
}

@Suite struct TableFormatTests {
  @Test(arguments: [
    ("csv", TableFormat.csv), ("JSON", .json), ("md", .markdown), ("markdown", .markdown),
    ("html", .html), ("htm", .html), ("txt", .text),
  ]) func `the extension chooses the format`(fileExtension: String, format: TableFormat) {
    #expect(TableFormat(fileExtension: fileExtension) == format)
  }

  @Test func `an unknown extension is no format`() {
    #expect(TableFormat(fileExtension: "xlsx") == nil)
    #expect(TableFormat(fileExtension: "") == nil)
  }

  @Test(arguments: TableFormat.allCases) func `several tables are divided`(format: TableFormat) {
    let output = text(format.render([rates, rates]))
    let single = text(format.render([rates]))
    if format == .json {
      #expect(output.hasPrefix("{\n\"rates\": ["))
    } else {
      #expect(output == single + "\n" + single)
    }
    #expect(format.render([rates]) == format.render([rates]))
  }

  @Test(arguments: TableFormat.allCases) func `an empty table is no problem`(format: TableFormat) {
    _ = format.render([])
    _ = format.render([Table(name: "t", columns: [])])
    _ = format.render([Table(name: "t", columns: [Column("a", .text([]))])])
  }
}

/// The formats in which tables are written.
public enum TableFormat: String, Sendable, CaseIterable {
  /// Aligned columns for a terminal.
  case text
  /// The contract for programs: RFC 4180.
  case csv
  /// An array of records.
  case json
  /// A pipe table.
  case markdown
  /// A fragment of HTML.
  case html

  /// The format that a file name's extension asks for, in any case and without its dot.
  public init?(fileExtension: String) {
    switch fileExtension.lowercased() {
    case "txt", "text": self = .text
    case "csv": self = .csv
    case "json": self = .json
    case "md", "markdown": self = .markdown
    case "html", "htm": self = .html
    default: return nil
    }
  }

  /// Whether the format is made to be read by people, with rounded numbers.
  public var isForPeople: Bool {
    switch self {
    case .text, .markdown, .html: true
    case .csv, .json: false
    }
  }

  /// The tables in this format, encoded in UTF-8.
  ///
  /// Several tables are divided by an empty line, except in JSON: there one table is an array of
  /// records, and several are an object of such arrays by table name.
  public func render(_ tables: [Table], options: TableOptions = TableOptions()) -> [UInt8] {
    switch self {
    case .text: joined(tables, TextWriter(options: options).write)
    case .csv:
      joined(
        tables,
        CSVWriter(
          guardsFormulas: options.guardsFormulas, showsInvisible: options.showsInvisible
        ).write)
    case .json:
      tables.count == 1 ? JSONWriter().write(tables[0]) : JSONWriter().write(tables)
    case .markdown: joined(tables, MarkdownWriter(options: options).write)
    case .html: joined(tables, HTMLWriter(options: options).write)
    }
  }

  private func joined(_ tables: [Table], _ write: (Table) -> [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, table) in tables.enumerated() {
      if index > 0 { bytes.append("\n") }
      bytes.append(contentsOf: write(table))
    }
    return bytes
  }
}

/// What a reader may choose about the looks of a table.
public struct TableOptions: Sendable, Equatable {
  /// The decimals of percentages and real numbers in the formats for people.
  ///
  /// `nil` chooses: percentages have one decimal, or none where the interval is 20 points wide or
  /// more; other numbers have three, or none in a column of whole numbers. P-values have at least
  /// three. CSV and JSON always have all digits.
  public var digits: Int?
  /// The number of terminal cells in a line of text; columns for which there is no room are left out.
  public var width: Int?
  /// What shows the columns that were left out, said where they are named.
  public var widthRemedy: String?
  /// Whether text has a bold header, by an ANSI escape sequence.
  public var isColored: Bool
  /// Whether CSV text cells that a spreadsheet would run as a formula are disarmed.
  var guardsFormulas: Bool
  /// Whether CSV shows invisible characters; all formats for people do.
  var showsInvisible: Bool
  /// Whether formats for people show the columns that are meant for machines too.
  var showsDetails: Bool
  /// Columns that formats for people leave out when all rows agree; the value is stated once.
  var constantColumns: [String]

  /// Creates options; the default chooses everything by the data.
  public init(
    digits: Int? = nil, width: Int? = nil, widthRemedy: String? = nil, isColored: Bool = false,
    guardsFormulas: Bool = false,
    showsInvisible: Bool = false, showsDetails: Bool = false,
    constantColumns: [String] = ["level", "by", "score", "conf_level", "interval"]
  ) {
    self.digits = digits
    self.width = width
    self.widthRemedy = widthRemedy
    self.isColored = isColored
    self.guardsFormulas = guardsFormulas
    self.showsInvisible = showsInvisible
    self.showsDetails = showsDetails
    self.constantColumns = constantColumns
  }
}

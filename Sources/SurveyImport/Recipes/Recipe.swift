/// How a table becomes a matrix: its format, its layout, the role of every column, and its words.
///
/// A recipe is a JSON file that people read and edit; `docs/recipe.schema.json` describes it. A
/// proposed recipe gives the reason for each role, and leaves to a person what a program cannot know:
/// columns of the role `undecided`, and words under `undecided`. It runs once there are none.
public struct Recipe: Sendable, Equatable, Codable {
  /// The version of the form of recipes.
  public var version = 1
  /// The file that the recipe was made for.
  public var source: Source
  /// How the table is laid out.
  public var layout = Layout()
  /// The role of each column, in the order of the file.
  public var columns: [ColumnRule]
  /// The rows of a long or transposed table that are no items, by the text that names them.
  public var rows: [RowRule] = []
  /// What the words of items mean.
  public var words = Words()
  /// The matrix that came out, once there is one.
  public var matrix: Output?

  /// Creates a recipe.
  init(source: Source, columns: [ColumnRule] = []) {
    self.source = source
    self.columns = columns
  }

  /// What is read.
  public struct Source: Sendable, Equatable, Codable {
    /// The name of the file, without folders.
    public var file: String?
    /// Its SHA-256.
    public var sha256: String?
    /// The format; by the file when there is none.
    public var format: TableFormatName?
    /// The delimiter of a text file.
    public var delimiter: String?
    /// The encoding of a text file.
    public var encoding: TextEncoding?
    /// The decimal sign.
    public var decimal: DecimalSign?
    /// The sheet of a spreadsheet.
    public var sheet: String?

    /// Creates a source about which nothing is known.
    init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
      case file, sha256, format, delimiter, encoding, decimal, sheet
    }
  }

  /// How rows and columns lie.
  public struct Layout: Sendable, Equatable, Codable {
    /// What a row is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// A paper, or a rater's answers about one.
      case wide
      /// One answer.
      case long
      /// An item; the papers are columns.
      case transposed
    }

    /// What a header row holds.
    public enum HeaderRow: String, Sendable, Codable, CaseIterable {
      /// The names of columns.
      case name
      /// The categories of columns; an empty cell continues the one to its left.
      case category
      /// The questions, or other labels of columns.
      case label
      /// Nothing of interest.
      case skip
    }

    /// What a row is.
    public var kind = Kind.wide
    /// What each header row holds.
    public var header: [HeaderRow] = [.name]

    /// Creates the usual layout: a paper a row, one row of names.
    init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case kind, header }
  }

  /// What a column is for.
  public enum Role: String, Sendable, Codable, CaseIterable {
    /// The name of the paper.
    case paper
    /// Who answered.
    case rater
    /// The answers of an item.
    case item
    /// Several answers in a cell, each of which becomes an item.
    case choices
    /// What is known of the paper besides.
    case metadata
    /// Left out.
    case ignore
    /// The item that a row of a long table answers.
    case question
    /// The category of that item.
    case category
    /// The answer of a row of a long table.
    case answer
    /// A person must say.
    case undecided
  }

  /// The role of one column.
  public struct ColumnRule: Sendable, Equatable, Codable {
    /// The column's name in the file.
    public var column: String
    /// Which of several columns of that name, from 1.
    var occurrence: Int?
    /// What it is for.
    public var role: Role
    /// The name of the item or of the metadata; the column's own without one.
    public var name: String?
    /// The category of the item.
    public var category: String?
    /// The item's label.
    public var label: String?
    /// The item's module.
    public var module: String?
    /// Who answered the item in this column, where raters stand side by side.
    public var rater: String?
    /// What codes stand for, as far as the file or a codebook says.
    public var labels: [String: String]?
    /// What divides several answers in a cell.
    public var separator: String?
    /// The words of this column, where they differ from those of all.
    public var words: Words?
    /// Why the role was proposed.
    public var reason: String?

    /// Creates a rule.
    init(column: String, role: Role) {
      self.column = column
      self.role = role
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case column, occurrence, role, name, category, label, module, rater, labels, separator, words,
        reason
    }
  }

  /// What the rows of one name are in a table whose rows are items or answers.
  public struct RowRule: Sendable, Equatable, Codable {
    /// What they are for.
    public enum Role: String, Sendable, Codable, CaseIterable {
      /// What is known of the papers.
      case metadata
      /// A heading: the category of the rows below.
      case category
      /// Left out.
      case ignore
    }

    /// The text that names the row: that of the column of items.
    public var row: String
    /// What it is for.
    public var role: Role
    /// The name of the metadata; the row's own without one.
    public var name: String?
    /// Why the role was proposed.
    public var reason: String?

    /// Creates a rule.
    init(row: String, role: Role, name: String? = nil, reason: String? = nil) {
      self.row = row
      self.role = role
      self.name = name
      self.reason = reason
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case row, role, name, reason }
  }

  /// What words mean; `>= 0.5` and the like stand for all numbers of that size.
  public struct Words: Sendable, Equatable, Codable {
    /// Answers of yes.
    public var yes: [String] = []
    /// Answers of no.
    public var no: [String] = []
    /// The item does not apply.
    public var na: [String] = []
    /// The item was not asked or not answered.
    public var absent: [String] = []
    /// Partial answers, with the share of a point that each earns in scores.
    public var credit: [String: Double] = [:]
    /// A scale whose numbers earn a share of a point.
    public var scale: Scale?
    /// A person must say.
    public var undecided: [String] = []

    /// Creates empty lists.
    public init() {}

    /// Whether no word is listed.
    public var isEmpty: Bool { self == Words() }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case yes, no, na, absent, credit, scale, undecided
    }
  }

  /// The matrix that a recipe made.
  public struct Output: Sendable, Equatable, Codable {
    /// The SHA-256 of the file.
    public var sha256: String
    /// The names of its metadata columns that are not built in.
    public var metadata: [String]

    /// Creates an output.
    public init(sha256: String, metadata: [String]) {
      self.sha256 = sha256
      self.metadata = metadata
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case sha256, metadata }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case version = "metastat_recipe"
    case source, layout, columns, rows, words, matrix
  }

  /// The number of lines that a person must decide.
  public var undecidedCount: Int {
    columns.count { $0.role == .undecided } + words.undecided.count
      + columns.reduce(0) { $0 + ($1.words?.undecided.count ?? 0) }
  }

  /// The raters that stand side by side, in the order of their columns.
  public var ratersOfColumns: [String] {
    var raters: [String] = []
    for case let rater? in columns.lazy.filter({ $0.role == .item }).map(\.rater)
    where !raters.contains(rater) {
      raters.append(rater)
    }
    return raters
  }

  /// Whether partial answers earn a share of a point anywhere.
  public var givesCredit: Bool {
    ([words] + columns.compactMap(\.words)).contains { !$0.credit.isEmpty || $0.scale != nil }
  }
}

/// The formats that tables come in.
public enum TableFormatName: String, Sendable, Codable, CaseIterable {
  /// Text with a delimiter.
  case csv
  /// An array of JSON records, or one a line.
  case json
  /// A sheet of Excel's XML format.
  case xlsx
  /// A sheet of the OpenDocument format.
  case ods
  /// SPSS.
  case sav
  /// SPSS, portable.
  case por
  /// Stata.
  case dta
  /// SAS.
  case sas7bdat
  /// SAS, transport.
  case xport
}

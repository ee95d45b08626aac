/// What a person has said on the command line about a table.
public struct ImportChoices: Sendable, Equatable {
  /// The column with the names of papers.
  public var paper: String?
  /// The column that says who answered.
  public var rater: String?
  /// What tells raters apart in the names of items whose columns stand side by side.
  public var raterMarks: [String] = []
  /// Patterns of columns that are items; no other is.
  public var items: [String] = []
  /// Patterns of columns to leave out.
  public var ignore: [String] = []
  /// Columns that are metadata.
  public var metadata: [String] = []
  /// Words that say yes.
  public var yes: [String] = []
  /// Words that say no.
  public var no: [String] = []
  /// Words that say that an item does not apply.
  public var na: [String] = []
  /// Words that say that an item was not asked.
  public var absent: [String] = []
  /// What partial answers are worth.
  public var credit: [CreditRule] = []
  /// The delimiter of a text file.
  public var delimiter: UInt8?
  /// The name of the encoding of a text file.
  public var encoding: String?
  /// The decimal sign.
  public var decimal: DecimalSign?
  /// The sheet of a spreadsheet.
  public var sheet: String?
  /// Whether papers are columns.
  public var transposes = false
  /// Labels, categories and codes of items.
  public var codebook: Codebook?

  /// Creates choices that leave all to the program.
  public init() {}

  /// Whether nothing was said.
  public var isEmpty: Bool { self == ImportChoices() }
}

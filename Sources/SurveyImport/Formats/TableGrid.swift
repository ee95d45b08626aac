/// The cells of a table as texts, before anything is said about what its rows and columns are.
///
/// Every column keeps each of its texts once and a number a row, so that a large table of few words is
/// small, and so that words are looked up once and not once a cell.
public struct TableGrid: Sendable {
  /// One column of texts.
  public struct Column: Sendable {
    /// The different texts, in order of first appearance.
    public internal(set) var texts: [String] = []
    /// The number of each row's text.
    public internal(set) var codes: [Int32] = []
    var numbers: [String: Int32] = [:]

    mutating func append(_ text: String) {
      if let number = numbers[text] { return codes.append(number) }
      let number = Int32(texts.count)
      numbers[text] = number
      texts.append(text)
      codes.append(number)
    }

    mutating func pad(to count: Int) {
      while codes.count < count { append("") }
    }

    /// The text of a row.
    public subscript(row: Int) -> String { texts[Int(codes[row])] }
  }

  /// What the places of rows count.
  public enum PlaceUnit: String, Sendable {
    /// Lines of a text file.
    case line
    /// Rows of a sheet.
    case row
    /// Records of a file that has no lines.
    case record
  }

  /// What a format says of a column besides its cells.
  public struct Notes: Sendable, Equatable {
    /// The question or other long name.
    public var label: String?
    /// What codes stand for.
    var valueLabels: [String: String] = [:]
    /// Codes that the file declares to be no values.
    var missingCodes: Set<String> = []

    /// Creates notes.
    init(
      label: String? = nil, valueLabels: [String: String] = [:], missingCodes: Set<String> = []
    ) {
      self.label = label
      self.valueLabels = valueLabels
      self.missingCodes = missingCodes
    }
  }

  /// The columns, all of as many rows.
  public internal(set) var columns: [Column] = []
  /// Where each row stands in its file.
  public internal(set) var places: [Int] = []
  /// What the places count.
  var placeUnit = PlaceUnit.line
  /// What the format says of each column, by number; empty when it says nothing.
  public var notes: [Int: Notes] = [:]
  /// Whether the first row names the columns by the rules of the format.
  var hasNames = false

  /// Creates an empty table.
  init() {}

  /// Creates a table from rows of texts, for small ones.
  init(rows: [[String]], placeUnit: PlaceUnit = .row) {
    self.placeUnit = placeUnit
    for (number, row) in rows.enumerated() { append(row, at: number + 1) }
  }

  /// The number of rows.
  public var rowCount: Int { places.count }

  /// The text of a cell.
  subscript(row: Int, column: Int) -> String { columns[column][row] }

  /// Appends a row; a shorter one is filled up with empty cells, a longer one makes new columns.
  public mutating func append(_ row: [String], at place: Int) {
    while columns.count < row.count {
      var column = Column()
      column.pad(to: rowCount)
      columns.append(column)
    }
    for (column, text) in row.enumerated() { columns[column].append(text) }
    for column in row.count..<max(row.count, columns.count) { columns[column].append("") }
    places.append(place)
  }

  /// The texts of a row.
  public func row(_ row: Int) -> [String] { columns.map { $0[row] } }
}

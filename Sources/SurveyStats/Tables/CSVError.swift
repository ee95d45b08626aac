/// What is wrong with a CSV, and where.
///
/// Lines are those of the file, from 1; columns are fields of a record, from 1.
public enum CSVError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is not even a header.
  case empty
  /// A record has another number of fields than the header.
  case raggedRow(line: Int, found: Int, expected: Int)
  /// A quoted field never ends.
  case unterminatedQuote(line: Int, column: Int)
  /// A quote stands within an unquoted field, or text follows a closing quote.
  case strayQuote(line: Int, column: Int)
  /// The bytes are not UTF-8.
  case notUTF8(line: Int, column: Int)
  /// Two columns have the same name.
  case duplicateHeader(name: String, column: Int, firstColumn: Int)

  /// One sentence with the place and the remedy.
  public var description: String {
    switch self {
    case .empty:
      "the file is empty; a CSV starts with a header line"
    case .raggedRow(let line, let found, let expected):
      "line \(line): \(found) fields where the header has \(expected);"
        + " quote fields that hold a comma, and write empty cells"
    case .unterminatedQuote(let line, let column):
      "line \(line), column \(column): the quote is never closed; double a quote that is meant"
    case .strayQuote(let line, let column):
      "line \(line), column \(column): a quote within a field;"
        + " quote the whole field and double the quotes in it"
    case .notUTF8(let line, let column):
      "line \(line), column \(column): not UTF-8; save the file with that encoding"
    case .duplicateHeader(let name, let column, let firstColumn):
      "column \(column): the name '\(DisplayText.visible(name))' is already that of column"
        + " \(firstColumn); rename one"
    }
  }
}

/// What is wrong with a matrix CSV, and where.
///
/// Lines are those of the file, from 1; columns are fields of a record, from 1.
public enum MatrixCSVError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is not a CSV.
  case csv(CSVError)
  /// The first column is not `paper`.
  case firstColumn(name: String)
  /// A column has no name.
  case unnamedColumn(column: Int)
  /// A metadata column that was asked for is not there.
  case unknownColumn(name: String)
  /// A cell of an item is none of the allowed values.
  case cell(line: Int, column: Int, name: String, value: String)
  /// A year or version is not a whole number.
  case notInteger(line: Int, column: Int, name: String, value: String)
  /// A weight is not a finite number of at least 0.
  case notWeight(line: Int, column: Int, value: String)
  /// A record has no paper name.
  case unnamedPaper(line: Int)
  /// A paper occurs twice with the same version and rater.
  case duplicateRow(RowID, line: Int, firstLine: Int)
  /// Two columns to be written would have the same name.
  case nameClash(name: String)

  /// One sentence with the place and the remedy.
  public var description: String {
    let (place, message, remedy) = parts
    return (place.isEmpty ? "" : place + ": ") + message + (remedy.isEmpty ? "" : "; " + remedy)
  }

  /// The same as a problem of a file.
  public func problem(
    in file: String, severity: ScanProblem.Severity = .leftOut
  ) -> ScanProblem {
    let (place, message, remedy) = parts
    let kind: ScanProblem.Kind =
      switch self {
      case .csv: .malformedCSV
      case .firstColumn, .unnamedColumn, .unknownColumn, .unnamedPaper, .nameClash: .missingPart
      case .cell, .notInteger, .notWeight: .invalidValue
      case .duplicateRow: .repeatedScan
      }
    return ScanProblem(
      file: file, place: place, kind: kind, message: message, remedy: remedy, severity: severity)
  }

  /// The line, for the order of several; that of a file without lines comes last.
  var line: Int {
    switch self {
    case .csv, .nameClash: .max
    case .firstColumn, .unnamedColumn, .unknownColumn: 1
    case .cell(let line, _, _, _), .notInteger(let line, _, _, _), .notWeight(let line, _, _),
      .unnamedPaper(let line), .duplicateRow(_, let line, _):
      line
    }
  }

  private var parts: (place: String, message: String, remedy: String) {
    switch self {
    case .csv(let error): ("", error.description, "")
    case .firstColumn(let name):
      (
        "line 1, column 1", "the first column is '\(DisplayText.visible(name))'",
        Self.separator(in: name).map { "divide the columns by commas, not by \($0)" }
          ?? "name it 'paper'"
      )
    case .unnamedColumn(let column):
      (
        "line 1, column \(column)", "the column has no name", "name it category.item or remove it"
      )
    case .unknownColumn(let name):
      ("line 1", "there is no column '\(DisplayText.visible(name))' to take as metadata", "")
    case .cell(let line, let column, let name, let value):
      (
        "line \(line), column \(column) (\(DisplayText.visible(name)))",
        "\(Self.quoted(value)) is not an answer", Self.remedy(for: value, in: name)
      )
    case .notInteger(let line, let column, let name, let value):
      (
        "line \(line), column \(column) (\(name))", "\(Self.quoted(value)) is not a whole number",
        "write NA if it is unknown"
      )
    case .notWeight(let line, let column, let value):
      (
        "line \(line), column \(column) (weight)",
        value.isEmpty ? "the weight is missing" : "\(Self.quoted(value)) is not a weight",
        "write a finite number of at least 0, or NA to count as 1"
      )
    case .unnamedPaper(let line):
      ("line \(line), column 1 (paper)", "the paper has no name", "give each a unique one")
    case .duplicateRow(let row, let line, let firstLine):
      (
        "line \(line), column 1 (paper)",
        "'\(DisplayText.visible(row.paper))'" + (row.version.map { " with version \($0)" } ?? "")
          + (row.rater.map { " of rater '\(DisplayText.visible($0))'" } ?? "")
          + " is already on line \(firstLine)",
        "remove one, or tell them apart in a version or rater column"
      )
    case .nameClash(let name):
      (
        "", "two columns would be named '\(DisplayText.visible(name))'",
        "rename the item or the metadata"
      )
    }
  }

  private static func quoted(_ value: String) -> String {
    "'\(DisplayText.truncated(DisplayText.visible(value), to: 40))'"
  }

  /// What divides the columns of a header that has no commas.
  private static func separator(in header: String) -> String? {
    header.contains(";") ? "semicolons" : header.contains("\t") ? "tabs" : nil
  }

  /// What to write instead of a value that is no answer.
  private static func remedy(for value: String, in column: String) -> String {
    switch value.lowercased() {
    case "t", "y": return "write 1 (yes)"
    case "f", "n": return "write 0 (no)"
    case "n/a", "nan", "none", "null", "-":
      return "write NA (does not apply) or nothing (never asked)"
    default: break
    }
    let lowercased = column.lowercased()
    if lowercased == "paper" || MetadataColumn(rawValue: lowercased) != nil {
      return "if the column is the paper's \(lowercased), name it '\(lowercased)'"
    }
    return "write 1, 0, NA (does not apply) or nothing (never asked), or declare the column with "
      + "`metadata:`"
  }
}

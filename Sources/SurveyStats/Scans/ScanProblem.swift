/// Something wrong with the input: where it is, what it is, and what to do about it.
///
/// A problem never stops a run. Its description is one line whatever the input contains.
public struct ScanProblem: Sendable, Equatable, CustomStringConvertible {
  /// What sort of problem it is; the raw values are stable names for programs.
  public enum Kind: String, Sendable, CaseIterable {
    /// The file or folder cannot be opened or read.
    case unreadable
    /// A folder, pipe or device stands where a scan file should.
    case notAFile = "not_a_file"
    /// The file is larger than the limit.
    case tooLarge = "too_large"
    /// A symbolic link leads back to a folder that it is in.
    case symlinkLoop = "symlink_loop"
    /// The same file or folder is reached twice.
    case repeatedInput = "repeated_input"
    /// A scan file that is not directly in a paper folder.
    case outsidePaperFolder = "outside_paper_folder"
    /// A file or folder that is named almost like one with a scan.
    case nearScanName = "near_scan_name"
    /// Folders among those of papers that have no scan.
    case noScan = "no_scan"
    /// The file is empty.
    case emptyFile = "empty_file"
    /// The bytes are not UTF-8.
    case notUTF8 = "not_utf8"
    /// The text is not JSON, or ends too early.
    case malformedJSON = "malformed_json"
    /// A matrix is not CSV, or its records have different lengths.
    case malformedCSV = "malformed_csv"
    /// Objects and arrays are nested too deeply.
    case nestedTooDeep = "nested_too_deep"
    /// A number that no 64-bit number can hold.
    case numberOutOfRange = "number_out_of_range"
    /// Half of a surrogate pair in a string.
    case loneSurrogate = "lone_surrogate"
    /// An object with the same key twice.
    case duplicateKey = "duplicate_key"
    /// A value of the wrong type.
    case wrongType = "wrong_type"
    /// A value of the right type that cannot be right.
    case invalidValue = "invalid_value"
    /// A part without which there is no scan.
    case missingPart = "missing_part"
    /// An item without a usable `applies` and `answer`.
    case incompleteItem = "incomplete_item"
    /// Two items of one scan with the same identity.
    case repeatedItem = "repeated_item"
    /// A category that was answered as a whole.
    case answeredCategory = "answered_category"
    /// An item that does not apply but is answered yes.
    case contradictoryAnswer = "contradictory_answer"
    /// The version is not stated or not the one of the file name.
    case versionMismatch = "version_mismatch"
    /// A DOI or arXiv identifier that identifies nothing.
    case invalidIdentifier = "invalid_identifier"
    /// One paper under several slugs.
    case duplicatePaper = "duplicate_paper"
    /// The same paper, version and rater twice.
    case repeatedScan = "repeated_scan"
    /// A record with another number of fields than the header.
    case raggedRow = "ragged_row"
    /// A quote within a field.
    case strayQuote = "stray_quote"
    /// A quote that is never closed.
    case unterminatedQuote = "unterminated_quote"
    /// A field longer than any answer.
    case fieldTooLong = "field_too_long"
    /// Rows without any value.
    case emptyRows = "empty_rows"
    /// A cell of an item that is no known answer.
    case notAnAnswer = "not_an_answer"
    /// A word whose meaning nobody has said.
    case undecidedWord = "undecided_word"
    /// A column whose role nobody has said.
    case undecidedColumn = "undecided_column"
    /// A column that the recipe or the file does not have.
    case unknownColumn = "unknown_column"
    /// A row that names no paper.
    case unnamedPaper = "unnamed_paper"
    /// A row whose paper and rater an earlier one has.
    case repeatedRow = "repeated_row"
    /// Two items or metadata of one name.
    case nameClash = "name_clash"
    /// A recipe that does not say what it must.
    case recipe
    /// A format that cannot be read.
    case unreadableFormat = "unreadable_format"
    /// Problems of one file beyond those that are listed.
    case furtherProblems = "further_problems"
  }

  /// What the problem cost.
  public enum Severity: String, Sendable, CaseIterable {
    /// The file, or the unit at the place, is not in the corpus.
    case leftOut = "left_out"
    /// The whole table is not read until this is decided.
    case refused
    /// Everything that could be used is in the corpus.
    case note
  }

  /// The path of the file or folder, as it was opened.
  public let file: String
  /// The JSON path, or line and column; empty when the whole file is meant.
  public let place: String
  /// What sort of problem it is.
  public let kind: Kind
  /// What is wrong.
  public let message: String
  /// What can be done about it.
  public let remedy: String
  /// What the problem cost.
  public let severity: Severity

  /// Creates a problem; control characters in the texts are escaped.
  public init(
    file: String, place: String = "", kind: Kind, message: String, remedy: String,
    severity: Severity
  ) {
    self.file = file
    self.place = ScanProblem.escaped(place)
    self.kind = kind
    self.message = ScanProblem.escaped(message)
    self.remedy = ScanProblem.escaped(remedy)
    self.severity = severity
  }

  /// One line: `path: place: what is wrong; remedy`.
  public var description: String {
    let location = place.isEmpty ? "" : "\(place): "
    let end = remedy.isEmpty ? "" : "; \(remedy)"
    return "\(ScanProblem.escaped(file)): \(location)\(message)\(end)"
  }

  /// The text in quotes, shortened when it is long.
  package static func quoted(_ text: String) -> String {
    let start = text.unicodeScalars.prefix(41)
    return start.count < 41 ? "\"\(text)\"" : "\"\(String(start.dropLast()))…\""
  }

  /// The text without characters that break or hide parts of a line.
  static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isUnprintable(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }
}

/// The problems of one file, at most a hundred of them listed.
struct ScanProblemLog {
  static let limit = 100

  let file: String
  private var listed: [ScanProblem] = []
  private var unlistedCount = 0
  private var unlistedSeverity = ScanProblem.Severity.note

  init(file: String) { self.file = file }

  /// Adds a problem; one that costs the whole file is always listed.
  mutating func report(
    _ kind: ScanProblem.Kind, at place: String = "", _ message: String, remedy: String,
    _ severity: ScanProblem.Severity, wholeFile: Bool = false
  ) {
    guard listed.count < ScanProblemLog.limit || wholeFile else {
      unlistedCount += 1
      if severity == .leftOut { unlistedSeverity = .leftOut }
      return
    }
    listed.append(
      ScanProblem(
        file: file, place: place, kind: kind, message: message, remedy: remedy,
        severity: severity))
  }

  /// All problems, with a last one for those that are not listed.
  var problems: [ScanProblem] {
    guard unlistedCount > 0 else { return listed }
    return listed + [
      ScanProblem(
        file: file, kind: .furtherProblems,
        message: unlistedCount == 1 ? "1 further problem" : "\(unlistedCount) further problems",
        remedy: "repair those listed and check again", severity: unlistedSeverity)
    ]
  }
}

public import SurveyStats

/// A table as text: fields divided by one character, with or without quotes.
///
/// It reads what spreadsheets, survey tools and statistics programs write: any delimiter of one byte,
/// `sep=` and comment lines before the header, line breaks of any kind, quotes that hold delimiters
/// and line breaks. Nothing is guessed about what does not fit: every fault is collected with its
/// place, and the table is refused as a whole. ``CSVReader`` is the faster reader of what metastat
/// itself writes.
public struct DelimitedText: Sendable {
  /// The most bytes of one field; a longer one is a quote that was never closed.
  public static let fieldLimit = 1 << 20

  /// The delimiter.
  public var delimiter: UInt8
  /// The name of the file, for problems.
  public var file: String

  /// Creates a reader.
  public init(delimiter: UInt8, file: String = "") {
    self.delimiter = delimiter
    self.file = file
  }

  /// What a `sep=` line at the start says, and where the text after it begins.
  static func declaredDelimiter(_ bytes: [UInt8]) -> (delimiter: UInt8, end: Int)? {
    let line = bytes.prefix(8).prefix { $0 != lineFeed && $0 != carriageReturn }
    guard line.count == 5, String(decoding: line.prefix(4), as: UTF8.self).lowercased() == "sep="
    else { return nil }
    return (line[4], 5)
  }

  /// The delimiter that divides the first lines into equally many fields.
  ///
  /// Of comma, semicolon, tab and vertical bar the one whose lines agree best, then the one that makes
  /// more fields; a comma when there is only one column.
  public static func sniffed(_ bytes: [UInt8]) -> UInt8 {
    if let declared = declaredDelimiter(bytes) { return declared.delimiter }
    let start = bytes.count > 1 << 16 ? Array(bytes.prefix(1 << 16)) : bytes
    var best = (delimiter: comma, agreement: 0.0, fields: 1)
    for delimiter in [comma, UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")] {
      var counts: [Int: Int] = [:]
      var records = 0
      var reader = Tokens(start, from: firstLine(of: start), delimiter: delimiter)
      while records < 200, reader.next() {
        // A record that the end of the sample cuts says nothing.
        if start.count < bytes.count, reader.isAtEnd { break }
        records += 1
        counts[reader.fields.count, default: 0] += 1
      }
      guard let usual = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), usual.key > 1
      else { continue }
      let agreement = Double(usual.value) / Double(records)
      if (agreement, usual.key) > (best.agreement, best.fields) || best.fields == 1 {
        best = (delimiter, agreement, usual.key)
      }
    }
    return best.delimiter
  }

  /// The place after comment and `sep=` lines before the header.
  private static func firstLine(of bytes: [UInt8]) -> Int {
    var here = declaredDelimiter(bytes)?.end ?? 0
    while here < bytes.count {
      if bytes[here] == lineFeed || bytes[here] == carriageReturn {
        here += 1
      } else if bytes[here] == UInt8(ascii: "#"), !isHeader(bytes, at: here) {
        while here < bytes.count, bytes[here] != lineFeed, bytes[here] != carriageReturn {
          here += 1
        }
      } else {
        break
      }
    }
    return here
  }

  /// Whether a line that starts with `#` is a header whose first column is called `#`.
  private static func isHeader(_ bytes: [UInt8], at here: Int) -> Bool {
    guard here + 1 < bytes.count else { return false }
    return [comma, UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
      .contains(bytes[here + 1])
  }

  /// Reads a text of UTF-8 into a table, with everything that is wrong with it.
  public func read(_ bytes: [UInt8]) -> (grid: TableGrid, problems: [ScanProblem]) {
    var grid = TableGrid()
    var log = ImportLog(file: file)
    let start = Self.firstLine(of: bytes)
    var reader = Tokens(bytes, from: start, delimiter: delimiter)
    reader.line = 1 + Self.lineBreaks(bytes, before: start)
    var width = 0
    var fullWidth = 0
    var blank: [Int] = []
    while reader.next() {
      let line = reader.recordLine
      for fault in reader.faults { log.report(fault, delimiter: delimiter) }
      var count = reader.fields.count
      if grid.rowCount == 0 {
        fullWidth = count
        // Names that are missing at the end of the header are delimiters too many.
        while count > 1, reader.isEmpty(count - 1) { count -= 1 }
        width = count
        grid.columns = (0..<width).map { _ in TableGrid.Column() }
      }
      if (0..<count).allSatisfy({ reader.isEmpty($0) }) {
        blank.append(line)
        continue
      }
      // Below merged cells, as of groups of columns, there are names.
      if grid.rowCount == 1, count == fullWidth, width < fullWidth, !reader.isEmpty(count - 1),
        grid.columns.contains(where: { $0[0].isEmpty })
      {
        while grid.columns.count < fullWidth {
          var column = TableGrid.Column()
          column.append("")
          grid.columns.append(column)
        }
        width = fullWidth
      }
      while count > width, reader.isEmpty(count - 1) { count -= 1 }
      if count != width {
        log.report(
          .raggedRow, at: "line \(line)",
          "\(count) field\(count == 1 ? "" : "s") where the header has \(width)",
          remedy: "quote fields that hold a delimiter, and write empty cells")
      }
      for column in 0..<width {
        grid.columns[column].append(column < count ? reader.text(column) : "")
      }
      grid.places.append(line)
    }
    if !blank.isEmpty {
      log.report(
        .emptyRows, at: Places.lines(blank, unit: .line),
        "\(blank.count) row\(blank.count == 1 ? "" : "s") without any value",
        remedy: "nothing is lost; remove them if they are not meant", .note)
    }
    return (grid, log.problems)
  }

  private static func lineBreaks(_ bytes: [UInt8], before end: Int) -> Int {
    var count = 0
    for index in 0..<end
    where bytes[index] == lineFeed
      || bytes[index] == carriageReturn
        && !(index + 1 < bytes.count && bytes[index + 1] == lineFeed)
    {
      count += 1
    }
    return count
  }

  static let quote = UInt8(ascii: "\"")
  static let comma = UInt8(ascii: ",")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
}

extension DelimitedText {
  /// What is wrong within a field.
  struct Fault {
    enum Kind { case stray, unterminated, tooLong(Int) }
    let kind: Kind
    let line: Int
    let column: Int
  }

  /// Goes through a text record by record.
  struct Tokens {
    struct Field {
      var start: Int
      var end: Int
      var isQuoted = false
      /// Whether the text is not the bytes as they stand.
      var needsCopy = false
    }

    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var here: Int
    private(set) var fields: [Field] = []
    private(set) var faults: [Fault] = []
    private(set) var recordLine = 1
    var line = 1
    var isAtEnd: Bool { here >= bytes.count }

    init(_ bytes: [UInt8], from start: Int, delimiter: UInt8) {
      self.bytes = bytes
      self.delimiter = delimiter
      here = start
    }

    func isEmpty(_ column: Int) -> Bool {
      (fields[column].start..<fields[column].end).allSatisfy {
        bytes[$0] == UInt8(ascii: " ") || bytes[$0] == UInt8(ascii: "\t")
      }
    }

    /// The text of a field, without its quotes; of a field beyond the limit only the start.
    func text(_ column: Int) -> String {
      let field = fields[column]
      let end = min(field.end, field.start + DelimitedText.fieldLimit)
      guard field.needsCopy else {
        return String(decoding: bytes[field.start..<end], as: UTF8.self)
      }
      var text: [UInt8] = []
      text.reserveCapacity(end - field.start)
      var index = field.start
      var isInside = field.isQuoted
      while index < end {
        let byte = bytes[index]
        if byte == DelimitedText.quote, isInside {
          if index + 1 < end, bytes[index + 1] == DelimitedText.quote {
            text.append(byte)
            index += 1
          } else {
            // The quote closes here and text follows, which is a fault already told.
            isInside = false
          }
        } else {
          text.append(byte)
        }
        index += 1
      }
      return String(decoding: text, as: UTF8.self)
    }

    /// Reads the next record that is not an empty line.
    mutating func next() -> Bool {
      let bytes = self.bytes
      let input = bytes.span
      let count = input.count
      fields.removeAll(keepingCapacity: true)
      faults.removeAll(keepingCapacity: true)
      while here < count, input[here] == lineFeed || input[here] == carriageReturn {
        here = afterBreak(here, input)
        line += 1
      }
      recordLine = line
      guard here < count else { return false }
      while true {
        var field = Field(start: here, end: here)
        let start = here
        if here < count, input[here] == quote {
          readQuoted(&field, input)
        } else {
          while here < count {
            let byte = input[here]
            if byte == delimiter || byte == lineFeed || byte == carriageReturn { break }
            // Tools that write tabs do not quote, so that a quote there is a character.
            if byte == quote, delimiter != UInt8(ascii: "\t"),
              faults.last?.column != fields.count + 1
            {
              faults.append(Fault(kind: .stray, line: line, column: fields.count + 1))
            }
            here += 1
          }
          field.end = here
        }
        if here - start > DelimitedText.fieldLimit {
          faults.append(
            Fault(kind: .tooLong(here - start), line: recordLine, column: fields.count + 1))
        }
        fields.append(field)
        guard here < count, input[here] == delimiter else { break }
        here += 1
      }
      if here < count { here = afterBreak(here, input) }
      line += 1
      return true
    }

    private mutating func readQuoted(_ field: inout Field, _ input: Span<UInt8>) {
      let firstLine = line
      field.isQuoted = true
      here += 1
      field.start = here
      while here < input.count {
        let byte = input[here]
        if byte == quote {
          guard here + 1 < input.count, input[here + 1] == quote else { break }
          field.needsCopy = true
          here += 1
        } else if byte == lineFeed
          || byte == carriageReturn && afterBreak(here, input) == here + 1
        {
          line += 1
        }
        here += 1
      }
      guard here < input.count else {
        field.end = min(here, input.count)
        faults.append(Fault(kind: .unterminated, line: firstLine, column: fields.count + 1))
        return
      }
      field.end = here
      here += 1
      guard here < input.count else { return }
      let byte = input[here]
      guard byte != delimiter, byte != lineFeed, byte != carriageReturn else { return }
      faults.append(Fault(kind: .stray, line: line, column: fields.count + 1))
      while here < input.count {
        let byte = input[here]
        if byte == delimiter || byte == lineFeed || byte == carriageReturn { break }
        here += 1
      }
      field.end = here
      field.needsCopy = true
    }

    private func afterBreak(_ here: Int, _ input: Span<UInt8>) -> Int {
      let isPair =
        input[here] == carriageReturn && here + 1 < input.count && input[here + 1] == lineFeed
      return here + (isPair ? 2 : 1)
    }
  }
}

extension ImportLog {
  fileprivate mutating func report(_ fault: DelimitedText.Fault, delimiter: UInt8) {
    let place = "line \(fault.line), column \(fault.column)"
    switch fault.kind {
    case .stray:
      report(
        .strayQuote, at: place, "a quote within a field",
        remedy: "quote the whole field and double the quotes in it")
    case .unterminated:
      report(
        .unterminatedQuote, at: place, "the quote is never closed",
        remedy: "close it, or double a quote that is meant")
    case .tooLong(let count):
      report(
        .fieldTooLong, at: place, "a field of \(count) bytes",
        remedy: "a field holds at most \(DelimitedText.fieldLimit) bytes; look for a quote that is "
          + "not closed before it")
    }
  }
}

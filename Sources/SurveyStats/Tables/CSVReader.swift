/// Reads a CSV record by record, without a string a cell.
///
/// RFC 4180 with line feeds or carriage returns or both, with or without a byte order mark and a
/// final line break. Empty lines are skipped. Nothing is trimmed, padded or guessed: what does not
/// fit is an error with its line and column.
///
/// ```swift
/// var reader = try CSVReader(bytes)
/// while try reader.next() {
///   print(reader.line, reader.text(0))
/// }
/// ```
///
/// Cost: one pass, about 1.6 ns a byte; the memory of one record.
public struct CSVReader: Sendable {
  /// The column names.
  public private(set) var header: [String] = []
  /// The line on which the current record starts, from 1.
  public private(set) var line = 0
  /// The number of fields in a record.
  var fieldCount: Int { header.count }

  /// Where a field is; the range excludes the quotes.
  struct Field {
    var start: Int
    var end: Int
    var isQuoted: Bool
    var hasDoubledQuotes: Bool
  }

  let bytes: [UInt8]
  private var fields: [Field] = []
  private var position = 0
  private var recordStart = 0
  private var nextLine = 1
  /// The first byte that is not UTF-8, or the end.
  private let validEnd: Int

  /// Starts reading: checks the encoding and reads the header.
  public init(_ bytes: [UInt8]) throws(CSVError) {
    self.bytes = bytes
    validEnd = Self.validEnd(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    guard try readRecord() > 0 else { throw .empty }
    header = fields.indices.map { text($0) }
    var columns: [String: Int] = [:]
    for (index, name) in header.enumerated() {
      if let first = columns.updateValue(index, forKey: name) {
        throw .duplicateHeader(name: name, column: index + 1, firstColumn: first + 1)
      }
    }
  }

  /// Goes to the next record; false at the end.
  public mutating func next() throws(CSVError) -> Bool {
    let found = try readRecord()
    guard found == header.count || found == 0 else {
      throw .raggedRow(line: line, found: found, expected: header.count)
    }
    return found > 0
  }

  /// Whether a field of the current record stands in quotes.
  public func isQuoted(_ column: Int) -> Bool { fields[column].isQuoted }

  /// Whether a field of the current record is an unquoted `NA`.
  public func isUndefined(_ column: Int) -> Bool {
    let field = fields[column]
    return field.end - field.start == 2 && !field.isQuoted
      && bytes[field.start] == UInt8(ascii: "N") && bytes[field.start + 1] == UInt8(ascii: "A")
  }

  /// Whether a field of the current record has no text.
  public func isEmpty(_ column: Int) -> Bool { fields[column].start == fields[column].end }

  /// The only byte of a field of the current record; `nil` for a shorter or longer one.
  public func byte(_ column: Int) -> UInt8? {
    let field = fields[column]
    return field.end - field.start == 1 ? bytes[field.start] : nil
  }

  /// The first byte of a field of the current record that has several; `nil` for any other.
  func firstByte(_ column: Int) -> UInt8? {
    let field = fields[column]
    return field.end - field.start > 1 ? bytes[field.start] : nil
  }

  /// The text of a field of the current record, without its quotes.
  public func text(_ column: Int) -> String {
    let field = fields[column]
    let slice = bytes[field.start..<field.end]
    guard field.hasDoubledQuotes else { return String(decoding: slice, as: UTF8.self) }
    var unescaped: [UInt8] = []
    unescaped.reserveCapacity(slice.count)
    var index = slice.startIndex
    while index < slice.endIndex {
      unescaped.append(slice[index])
      index += slice[index] == Self.quote ? 2 : 1
    }
    return String(decoding: unescaped, as: UTF8.self)
  }

  /// The number of records after the header, exactly so in a CSV without errors.
  ///
  /// It is a quick look ahead that parses nothing.
  func countRecords() -> Int {
    let input = bytes.span
    var isQuoted = false
    var isBlank = true
    var count = 0
    for index in position..<input.count {
      let byte = input[index]
      guard byte <= Self.quote else {
        isBlank = false
        continue
      }
      if byte == Self.quote {
        isQuoted.toggle()
        isBlank = false
      } else if (byte == Self.lineFeed || byte == Self.carriageReturn) && !isQuoted {
        if !isBlank { count += 1 }
        isBlank = true
      } else {
        isBlank = false
      }
    }
    return isBlank ? count : count + 1
  }

  /// Reads one record into `fields` and gives their number; 0 at the end.
  private mutating func readRecord() throws(CSVError) -> Int {
    let bytes = bytes
    let input = bytes.span
    var here = position
    while here < input.count, input[here] == Self.lineFeed || input[here] == Self.carriageReturn {
      here = Self.afterLineBreak(here, in: input)
      nextLine += 1
    }
    line = nextLine
    recordStart = here
    guard here < input.count else {
      position = here
      return 0
    }
    var count = 0
    while true {
      var field = Field(start: here, end: here, isQuoted: false, hasDoubledQuotes: false)
      if here < input.count, input[here] == Self.quote {
        here = try readQuoted(&field, column: count + 1, in: input)
      } else {
        while here < input.count {
          let byte = input[here]
          if byte <= Self.comma {
            if byte == Self.comma || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            if byte == Self.quote {
              try checkEncoding(before: here, column: count + 1, in: input)
              throw .strayQuote(line: nextLine, column: count + 1)
            }
          }
          here += 1
        }
        field.end = here
      }
      try checkEncoding(before: here, column: count + 1, in: input)
      if count < fields.count { fields[count] = field } else { fields.append(field) }
      count += 1
      guard here < input.count, input[here] == Self.comma else { break }
      here += 1
    }
    if here < input.count { here = Self.afterLineBreak(here, in: input) }
    position = here
    nextLine += 1
    return count
  }

  /// Reads a field that starts with a quote and gives the place after its closing quote.
  private mutating func readQuoted(
    _ field: inout Field, column: Int, in input: Span<UInt8>
  ) throws(CSVError) -> Int {
    let firstLine = nextLine
    field.isQuoted = true
    field.start += 1
    var here = field.start
    while true {
      guard here < input.count else {
        try checkEncoding(before: here, column: column, in: input)
        throw .unterminatedQuote(line: firstLine, column: column)
      }
      let byte = input[here]
      if byte == Self.quote {
        guard here + 1 < input.count, input[here + 1] == Self.quote else { break }
        field.hasDoubledQuotes = true
        here += 1
      } else if byte == Self.lineFeed
        || byte == Self.carriageReturn && Self.afterLineBreak(here, in: input) == here + 1
      {
        nextLine += 1
      }
      here += 1
    }
    field.end = here
    here += 1
    if here < input.count {
      let byte = input[here]
      guard byte == Self.comma || byte == Self.lineFeed || byte == Self.carriageReturn else {
        try checkEncoding(before: here + 1, column: column, in: input)
        throw .strayQuote(line: nextLine, column: column)
      }
    }
    return here
  }

  /// Throws when a byte of the current record before this place is not UTF-8.
  private func checkEncoding(
    before end: Int, column: Int, in input: Span<UInt8>
  ) throws(CSVError) {
    guard end > validEnd else { return }
    let lineBreaks = Self.lineBreaks(recordStart..<validEnd, in: input)
    throw .notUTF8(line: line + lineBreaks, column: column)
  }

  /// The place after the line break here, which may be of two bytes.
  private static func afterLineBreak(_ here: Int, in input: Span<UInt8>) -> Int {
    let isPair =
      input[here] == carriageReturn && here + 1 < input.count && input[here + 1] == lineFeed
    return here + (isPair ? 2 : 1)
  }

  private static func lineBreaks(_ range: Range<Int>, in input: Span<UInt8>) -> Int {
    var here = range.lowerBound
    var count = 0
    while here < range.upperBound {
      if input[here] == lineFeed || input[here] == carriageReturn {
        count += 1
        here = afterLineBreak(here, in: input)
      } else {
        here += 1
      }
    }
    return count
  }

  private static func validEnd(_ bytes: [UInt8]) -> Int {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return bytes.count
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}

public import SurveyStats

/// A table as its file has it: the texts, what was found out of its format, and what is wrong with it.
public struct TableFile: Sendable {
  /// The cells.
  public private(set) var grid = TableGrid()
  /// The format, delimiter, encoding and sheet.
  public private(set) var source = Recipe.Source()
  /// What is wrong with the file as such.
  public private(set) var problems: [ScanProblem] = []
  /// What a person should know of how it was read.
  public private(set) var remarks: [String] = []
  /// Whether it was packed.
  private(set) var isPacked = false

  /// What bytes are, by how they start.
  public enum Kind: Sendable, Equatable {
    /// Packed by a program that packs one file.
    case packed(String)
    /// A table in this format.
    case table(TableFormatName)
    /// A format that is read another way.
    case refused(String, remedy: String)

    /// The kind of a file.
    public init(_ bytes: [UInt8]) {
      func starts(_ text: String, at place: Int = 0) -> Bool {
        bytes.dropFirst(place).starts(with: Array(text.utf8))
      }
      if bytes.starts(with: [0x1F, 0x8B]) {
        self = .packed("gzip")
      } else if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
        self = .packed("zstd")
      } else if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
        self = .table(Self.isOpenDocument(bytes) ? .ods : .xlsx)
      } else if starts("$FL2@(#)") || starts("$FL3@(#)") {
        self = .table(.sav)
      } else if starts("<stata_dta>") {
        self = .table(.dta)
      } else if bytes.count > 32, bytes[12...31].elementsEqual(Self.sas) {
        self = .table(.sas7bdat)
      } else if bytes.count > 10, (104...115).contains(bytes[0]), bytes[1] == 1 || bytes[1] == 2,
        bytes[2] == 1, bytes[3] == 0
      {
        self = .table(.dta)
      } else if starts("HEADER RECORD*******LIB") {
        self = .table(.xport)
      } else if starts("ASCII SPSS PORT FILE", at: 40) || starts("ASCII SPSS PORT FILE", at: 0) {
        self = .table(.por)
      } else if starts("PAR1") {
        self = .refused("a Parquet file", remedy: Self.pipe("read_parquet"))
      } else if starts("ARROW1") || starts("FEA1") {
        self = .refused(
          "an Arrow file",
          remedy: "pipe it: python3 -c \"import sys, pyarrow.feather as f; "
            + "f.read_table(sys.argv[1]).to_pandas().to_csv(sys.stdout, index=False)\" FILE | "
            + "metastat rates -")
      } else if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
        self = .refused(
          "a file of Excel before 2007, or one with a password",
          remedy: "save it as .xlsx or as a CSV, without a password")
      } else if bytes.starts(with: Array("BZh".utf8))
        || bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A])
      {
        self = .refused(
          "packed by bzip2 or xz", remedy: "unpack it in a pipe: xzcat FILE | metastat rates -")
      } else if bytes.starts(with: Array("%PDF".utf8)) {
        self = .refused("a PDF", remedy: "name a table")
      } else if let first = bytes.first(where: {
        ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0)
      }),
        first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
      {
        self = .table(.json)
      } else {
        self = .table(.csv)
      }
    }

    private static let sas: [UInt8] = [
      0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF, 0xBD, 0x92, 0x08, 0x00, 0x09, 0xC7, 0x31,
      0x8C, 0x18, 0x1F, 0x10, 0x11,
    ]

    private static func pipe(_ function: String) -> String {
      "pipe it: duckdb -csv -c \"from \(function)('FILE')\" | metastat rates -"
    }

    /// The first part of an OpenDocument file is its type.
    private static func isOpenDocument(_ bytes: [UInt8]) -> Bool {
      bytes.count > 80
        && String(decoding: bytes[30..<80], as: UTF8.self)
          .hasPrefix("mimetypeapplication/vnd.oasis.opendocument")
    }
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - name: Its name, for problems.
  ///   - choices: What a person has said of the format.
  ///   - recipe: What a recipe says of it, after them.
  ///   - reader: Reads what needs libraries.
  public init(
    _ bytes: [UInt8], name: String, choices: ImportChoices = ImportChoices(),
    recipe: Recipe.Source? = nil, reader: FormatReader = FormatReader()
  ) {
    var log = ImportLog(file: name)
    defer { problems = log.problems + problems }
    func fail(_ failure: FormatReader.Failure) {
      log.report(.unreadableFormat, failure.message, remedy: failure.remedy)
    }
    var bytes = bytes
    do throws(FormatReader.Failure) {
      for _ in 0..<2 {
        guard case .packed(let packing) = Kind(bytes) else { break }
        bytes = try reader.run(packing, bytes)
        isPacked = true
      }
    } catch {
      fail(error)
      return
    }
    guard !bytes.isEmpty else {
      log.report(
        .emptyFile, "the file is empty", remedy: "a table starts with the names of its columns")
      return
    }
    switch Kind(bytes) {
    case .packed: log.report(.unreadableFormat, "it is packed too often", remedy: "unpack it first")
    case .refused(let what, let remedy):
      log.report(.unreadableFormat, "it is \(what)", remedy: remedy)
    case .table(.csv): readText(bytes, name, choices, recipe, &log)
    case .table(.json):
      source.format = .json
      readRecords(bytes, &log)
    case .table(let format):
      source.format = format
      let sheet = choices.sheet ?? recipe?.sheet
      do throws(FormatReader.Failure) {
        let output = try reader.run(format.rawValue, bytes, sheet: sheet ?? "")
        try readStream(output, sheet: sheet, &log)
      } catch { fail(error) }
    }
    if grid.rowCount == 0, log.problems.isEmpty, problems.isEmpty {
      log.report(
        .emptyFile, "the table is empty", remedy: "a table starts with the names of its columns")
    }
  }

  private mutating func readText(
    _ bytes: [UInt8], _ name: String, _ choices: ImportChoices, _ recipe: Recipe.Source?,
    _ log: inout ImportLog
  ) {
    source.format = .csv
    var encoding = recipe?.encoding ?? TextEncoding.sniffed(bytes)
    if let said = choices.encoding {
      guard let known = TextEncoding(name: said, of: bytes) else {
        log.report(
          .unreadableFormat, "the encoding '\(said)' is not known",
          remedy: "use \(TextEncoding.allCases.map(\.rawValue).joined(separator: ", "))")
        return
      }
      encoding = known
    }
    source.encoding = encoding
    if choices.encoding == nil, recipe == nil, encoding != .utf8 {
      remarks.append("read as \(encoding.rawValue); `encoding:` names another encoding")
    }
    let (text, faults) = encoding.decode(bytes)
    if let first = faults.first {
      let lines = 1 + text[..<first].count { $0 == UInt8(ascii: "\n") }
      log.report(
        .notUTF8, at: "line \(lines)",
        "\(faults.count > 100 ? "many" : "\(faults.count)") byte\(faults.count == 1 ? "" : "s") that "
          + "\(encoding.rawValue) does not have",
        remedy: "name the encoding with `encoding:`, such as windows-1252 or utf-16")
    }
    if text.contains(0) {
      log.report(
        .unreadableFormat, "it holds zero bytes, as no text does",
        remedy: "name the encoding with `encoding: utf-16`, or save it as a CSV")
      return
    }
    let delimiter =
      choices.delimiter ?? recipe?.delimiter?.utf8.first ?? DelimitedText.sniffed(text)
    source.delimiter = String(UnicodeScalar(delimiter))
    if choices.delimiter == nil, recipe == nil, delimiter != DelimitedText.comma {
      remarks.append("columns divided by \(Self.word(for: delimiter))")
    }
    let read = DelimitedText(delimiter: delimiter, file: name).read(text)
    grid = read.grid
    problems += read.problems
  }

  private mutating func readRecords(_ bytes: [UInt8], _ log: inout ImportLog) {
    do throws(JSONRecords.Fault) {
      let records = try JSONRecords(bytes)
      grid.placeUnit = records.isLines ? .line : .record
      grid.hasNames = true
      guard records.names.count * records.rows.count <= 1 << 28 else {
        log.report(
          .unreadableFormat,
          "\(records.rows.count) records have \(records.names.count) different names",
          remedy: "write records of the same names")
        return
      }
      grid.append(records.names, at: 0)
      for (row, place) in zip(records.rows, records.places) {
        grid.append(records.names.indices.map { row[$0] ?? "" }, at: place)
      }
    } catch {
      log.report(.malformedJSON, at: error.place, error.message, remedy: "repair it")
    }
  }

  private mutating func readStream(
    _ bytes: [UInt8], sheet: String?, _ log: inout ImportLog
  ) throws(FormatReader.Failure) {
    let stream: TableStream
    do { stream = try TableStream(bytes) } catch {
      throw FormatReader.Failure(
        message: "it was not read to its end", remedy: "the file is damaged, or save it as a CSV")
    }
    grid = stream.grid
    if let chosen = stream.sheet {
      source.sheet = chosen
      if sheet == nil, !stream.otherSheets.isEmpty {
        let others = stream.otherSheets.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
        remarks.append(
          "the sheet '\(chosen)', which has the most cells; `sheet:` names another: \(others)")
      }
    } else if let sheet {
      let sheets = stream.otherSheets.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
      log.report(
        .unreadableFormat, "there is no sheet '\(sheet)'",
        remedy: "name one of \(sheets) with `sheet:`")
    }
  }

  /// A delimiter in words.
  static func word(for delimiter: UInt8) -> String {
    switch delimiter {
    case UInt8(ascii: ","): "commas"
    case UInt8(ascii: ";"): "semicolons"
    case UInt8(ascii: "\t"): "tabs"
    case UInt8(ascii: "|"): "vertical bars"
    default: "'\(String(UnicodeScalar(delimiter)))'"
    }
  }
}

import Glibc
import SurveyStats

/// What an input of the command line is, by its name.
enum InputKind {
  /// A table: a matrix CSV, another file of rows and columns, standard input, or a pipe.
  case matrix
  /// A folder of scans, a scan, or a `.jsonl` of scans.
  case scans
  /// A file that is none of them.
  case unknown

  init(_ path: String) {
    if Self.isReadOnce(path) {
      self = .matrix
      return
    }
    let name = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    let dot = name.lastIndex(of: ".")
    switch dot.map({ name[name.index(after: $0)...].lowercased() }) {
    case "csv", "tsv", "tab", "psv", "xlsx", "xlsm", "ods", "sav", "zsav", "por", "dta", "sas7bdat",
      "xpt",
      "gz", "zst", "parquet", "arrow", "feather", "xls":
      self = .matrix
    case "json", "jsonl", "ndjson": self = Self.holdsRecords(path) ? .matrix : .scans
    case nil: self = .scans
    case _: self = Self.isFile(path) ? .unknown : .scans
    }
  }

  /// Whether the input cannot be opened twice: standard input, a pipe, or a device.
  static func isReadOnce(_ path: String) -> Bool {
    if path == "-" || path.hasPrefix("/dev/") || path.hasPrefix("/proc/self/fd/") { return true }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFIFO || status.st_mode & S_IFMT == S_IFCHR
  }

  /// Whether a JSON file holds records of a table rather than scans, by its first line.
  private static func holdsRecords(_ path: String) -> Bool {
    guard isFile(path) else { return false }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var start = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &start, start.count)
    return count > 0 && JSONRecords.areRecords(start[..<count])
  }

  /// Why a file of an unknown kind is not read, and what to do.
  static func refusal(of path: String) -> CommandFailure {
    let remedy =
      switch path.split(separator: ".").last?.lowercased() {
      case "bz2", "xz", "zip", "tar", "tgz": "unpack it first"
      default: "rename it if it is one of these"
      }
    return CommandFailure(
      .invalidInput,
      "\(path): an input is a folder of scans, a scan (.json), a scan a line (.jsonl), a matrix "
        + "(.csv) or another table (.tsv, .xlsx, .ods, .sav, .dta, .gz); \(remedy)")
  }

  /// Whether a folder is that of a report.
  static func isReport(_ path: String) -> Bool { isFile("\(path)/tables/matrix.csv") }

  /// Whether there is a file of that name.
  static func exists(_ path: String) -> Bool { isFile(path) }

  /// Whether there is a file or folder of that name.
  static func isThere(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

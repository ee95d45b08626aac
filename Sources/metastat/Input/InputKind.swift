import Glibc

/// What an input of the command line is, by its name.
enum InputKind {
  /// A matrix CSV, or standard input.
  case matrix
  /// A folder of scans, a scan, or a `.jsonl` of scans.
  case scans
  /// A file that is none of them.
  case unknown

  init(_ path: String) {
    if path == "-" {
      self = .matrix
      return
    }
    let name = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    let dot = name.lastIndex(of: ".")
    switch dot.map({ name[name.index(after: $0)...].lowercased() }) {
    case "csv": self = .matrix
    case nil, "json", "jsonl": self = .scans
    case _: self = Self.isFile(path) ? .unknown : .scans
    }
  }

  /// Why a file of an unknown kind is not read, and what to do.
  static func refusal(of path: String) -> CommandFailure {
    let remedy =
      switch path.split(separator: ".").last?.lowercased() {
      case "gz", "bz2", "xz", "zst", "zip", "tar", "tgz": "unpack it first"
      case "tsv", "tab": "write it as a CSV, with commas"
      case "xlsx", "xls", "ods": "save it as a CSV"
      default: "rename it if it is one of these"
      }
    return CommandFailure(
      .invalidInput,
      "\(path): an input is a folder of scans, a scan (.json), a scan a line (.jsonl) or a matrix "
        + "(.csv); \(remedy)")
  }

  /// Whether there is a file of that name.
  static func exists(_ path: String) -> Bool { isFile(path) }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

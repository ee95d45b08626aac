/// Something that the reader has to deal with, in the order of the corpus.
enum ScanSource: Sendable, Equatable {
  /// A file with one scan.
  case file(path: String, origin: ScanOrigin)
  /// A file with a scan on each line.
  case lines(path: String)
  /// Something that stands where a scan should but cannot be one.
  case unusable(ScanProblem)
  /// Something else worth saying.
  case remark(ScanProblem)
}

/// The name of a scan file: `scan.json`, or `scan-v<N>.json` for the scan of version N.
struct ScanFileName: Equatable {
  /// The version that the name states.
  let version: Int?

  /// Whether a name that is not a scan's looks like one: `Scan.json`, `scan_v4.json`, `scan.json.gz`.
  static func isNear(_ name: String) -> Bool {
    guard name.utf8.count < 64, name.utf8.first.map({ $0 | 0x20 }) == UInt8(ascii: "s") else {
      return false
    }
    let lowercased = name.lowercased()
    return lowercased.hasPrefix("scan") && lowercased.contains("json")
      && ScanFileName(name) == nil
  }

  /// Reads a file name; `nil` when it is not a scan's.
  init?(_ name: String) {
    if name == "scan.json" {
      version = nil
      return
    }
    guard name.hasPrefix("scan"), name.hasSuffix(".json") else { return nil }
    let middle = name.dropFirst(4).dropLast(5)
    if middle.isEmpty {
      version = nil
    } else {
      guard middle.hasPrefix("-v"), middle.dropFirst(2).utf8.allSatisfy(\.isASCIIDigit),
        let number = Int(middle.dropFirst(2)), (1...999).contains(number)
      else { return nil }
      version = number
    }
  }
}

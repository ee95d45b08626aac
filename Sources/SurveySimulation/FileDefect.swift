import SurveyStats

/// A way in which a scan file can be damaged.
public enum FileDefect: String, Sendable, CaseIterable {
  /// The file ends in the middle.
  case truncated
  /// A colon is missing, so that the text is not JSON.
  case notJSON = "not_json"
  /// An answer is text, not true or false.
  case wrongType = "wrong_type"
  /// The text has bytes that are not UTF-8.
  case notUTF8 = "not_utf8"
  /// The file has no bytes.
  case empty
  /// A value is nested 10,000 deep.
  case deepNesting = "deep_nesting"
  /// The checklist is there twice, the second time empty.
  case duplicateKey = "duplicate_key"

  /// The bytes of a valid scan, damaged.
  ///
  /// - Parameter uniform: a number in [0, 1) that places the cut of a truncated file.
  func damaging(_ scan: [UInt8], at uniform: Double) -> [UInt8] {
    let open = UInt8(ascii: "{")
    let close = UInt8(ascii: "}")
    guard let start = scan.firstIndex(of: open), let end = scan.lastIndex(of: close) else {
      return []
    }
    var bytes = scan
    switch self {
    case .empty:
      return []
    case .truncated:
      return Array(scan[..<(start + 1 + Int(uniform * Double(end - start)))])
    case .notJSON:
      bytes.insert(contentsOf: Array(#""note" "no colon","#.utf8), at: start + 1)
    case .wrongType:
      let key = Array(#""answer":"#.utf8)
      guard let answer = scan.firstRange(of: key) else { return Array(#""scan""#.utf8) }
      bytes.insert(contentsOf: Array(#" "yes", "was":"#.utf8), at: answer.upperBound)
    case .notUTF8:
      bytes.insert(
        contentsOf: Array(#""note":"#.utf8) + [0x22, 0xFF, 0xC0, 0x22, 0x2C], at: start + 1)
    case .deepNesting:
      let depth = 10_000
      let nested =
        [UInt8](repeating: UInt8(ascii: "["), count: depth)
        + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
      bytes.insert(contentsOf: Array(#""note":"#.utf8) + nested + [0x2C], at: start + 1)
    case .duplicateKey:
      bytes.insert(contentsOf: Array(#","checklist":{}"#.utf8), at: end)
    }
    return bytes
  }
}

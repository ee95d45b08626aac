import SurveyStats

/// The texts of scans to test with.
enum ScanText {
  static let yes = #"{"applies": true, "answer": true, "justification": "seen"}"#
  static let no = #"{"applies": true, "answer": false, "justification": "missing"}"#
  static let notApplicable = #"{"applies": false, "answer": false, "justification": "theory"}"#

  /// A scan of some parts; each replaces the usual one, and an empty text leaves it out.
  static func make(
    paper: String = #"{"title": "A study of studies", "year": 2025}"#,
    checklist: String = #"{"artifacts": {"code_released": \#(yes)}}"#, rest: String = ""
  ) -> String {
    var parts: [String] = []
    if !paper.isEmpty { parts.append("\"paper\": \(paper)") }
    if !checklist.isEmpty { parts.append("\"checklist\": \(checklist)") }
    if !rest.isEmpty { parts.append(rest) }
    return "{\(parts.joined(separator: ", "))}"
  }

  /// The corpus of one scan.
  static func read(
    _ text: String, file: String = "papers/study-2025/scan.json",
    details: ScanReader.Details = []
  ) -> Corpus {
    ScanReader(details: details).parse(bytes: Array(text.utf8), file: file)
  }
}

extension Corpus {
  /// The cells of a scan by item.
  func cells(_ scan: Int = 0) -> [String: Cell] {
    guard scans.indices.contains(scan) else { return [:] }
    return Dictionary(
      scans[scan].answers.map { (items[$0.item].description, $0.cell) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The kinds of the problems, in order.
  var kinds: [ScanProblem.Kind] { problems.map(\.kind) }

  /// The places of the problems, in order.
  var places: [String] { problems.map(\.place) }
}

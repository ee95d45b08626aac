import SurveyStats

/// The problems of one import, at most so many of a kind listed.
struct ImportLog {
  private static let limit = 200

  let file: String
  private(set) var problems: [ScanProblem] = []
  private var counts: [ScanProblem.Kind: Int] = [:]

  init(file: String) { self.file = file }

  /// Adds a problem.
  mutating func report(
    _ kind: ScanProblem.Kind, at place: String = "", _ message: String, remedy: String,
    _ severity: ScanProblem.Severity = .refused
  ) {
    let count = counts[kind, default: 0]
    counts[kind] = count + 1
    guard count <= Self.limit else { return }
    let isLast = count == Self.limit
    problems.append(
      ScanProblem(
        file: file, place: isLast ? "" : place, kind: isLast ? .furtherProblems : kind,
        message: isLast ? "more problems of the kind \(kind.rawValue)" : message,
        remedy: isLast ? "repair those listed and check again" : remedy, severity: severity))
  }
}

/// Places of rows in words.
enum Places {
  /// `line 5`, or `lines 5, 9 and 12`; of many the first twenty and how many more.
  static func lines(_ places: [Int], unit: TableGrid.PlaceUnit) -> String {
    let unit = unit.rawValue
    guard places.count > 1 else { return places.first.map { "\(unit) \($0)" } ?? "" }
    let listed = places.prefix(20).map(String.init)
    if places.count > listed.count {
      return "\(unit)s \(listed.joined(separator: ", ")) and \(places.count - listed.count) more"
    }
    return "\(unit)s \(listed.dropLast().joined(separator: ", ")) and \(listed[listed.count - 1])"
  }

  /// `column 4`, or `column D` of a sheet.
  static func column(_ index: Int, unit: TableGrid.PlaceUnit) -> String {
    guard unit == .row else { return "column \(index + 1)" }
    var (rest, letters) = (index, "")
    repeat {
      letters = String(UnicodeScalar(UInt8(65 + rest % 26))) + letters
      rest = rest / 26 - 1
    } while rest >= 0
    return "column \(letters)"
  }
}

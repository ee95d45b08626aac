/// Which rows of each paper are analysed: of which versions, and whose answers.
///
/// Versions that are named and raters that are named come first; then the order of raters decides, then
/// the newest version. So with an order of raters a newer scan of another rater never replaces the
/// older one of a better rater. Cost: a few look-ups a row.
public struct RowChoice: Sendable, Equatable {
  /// The versions of the instrument.
  public var versions: VersionChoice
  /// The raters whose answers count; empty for all.
  public var raters: [String]
  /// The raters of whom, paper by paper, the first that answered counts alone; raters that it does
  /// not name come last, together.
  ///
  /// Empty when no rater goes before another.
  public var raterOrder: [String]

  /// Chooses versions and raters; of several raters all count unless one is preferred.
  public init(
    versions: VersionChoice = .newest, raters: [String] = [], raterOrder: [String] = []
  ) {
    self.versions = versions
    self.raters = raters
    self.raterOrder = raterOrder
  }

  /// The names in a list with commas between them.
  public static func raters(in list: String) -> [String] {
    list.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
  }

  /// The rows that were chosen, and what else there is of their papers.
  public struct Rows: Sendable, Equatable {
    /// The rows, in order.
    public let kept: [Int]
    /// The number of rows that were not chosen.
    public let leftOutCount: Int
    /// The papers of which a row of another version than those kept was left out.
    public let otherVersionCount: Int
    /// The papers of which a row of another rater than those kept was left out.
    public let otherRaterCount: Int
    /// The papers that no rater of the order has answered; others count for them.
    public let unorderedCount: Int
  }

  /// Chooses among the rows of papers; where none has several, there is nothing to choose.
  package func callAsFunction(_ papers: [Paper]) -> Rows {
    var choosesNothing = raters.isEmpty && raterOrder.isEmpty
    if case .versions = versions { choosesNothing = false }
    guard choosesNothing, SlugNumbers(papers).count == papers.count else {
      return self(papers.map(\.row))
    }
    return Rows(
      kept: Array(papers.indices), leftOutCount: 0, otherVersionCount: 0, otherRaterCount: 0,
      unorderedCount: 0)
  }

  /// Chooses among rows.
  public func callAsFunction(_ ids: [RowID]) -> Rows {
    var rowsOfPaper: [[Int]] = []
    var numbers: [String: Int] = [:]
    for (row, id) in ids.enumerated() {
      if let number = numbers[id.paper] {
        rowsOfPaper[number].append(row)
      } else {
        numbers[id.paper] = rowsOfPaper.count
        rowsOfPaper.append([row])
      }
    }
    let known = Set(raters.map { $0.lowercased() })
    var places: [String: Int] = [:]
    for (place, rater) in raterOrder.enumerated().reversed() { places[rater.lowercased()] = place }
    var isKept = [Bool](repeating: false, count: ids.count)
    var (otherVersions, otherRaters, unordered) = (0, 0, 0)
    for rows in rowsOfPaper {
      var chosen = rows
      if case .versions(let wanted) = versions {
        chosen.removeAll { !wanted.contains(ids[$0].version ?? 0) }
      }
      if !known.isEmpty {
        chosen.removeAll { !known.contains(ids[$0].rater?.lowercased() ?? "") }
      }
      if chosen.isEmpty { continue }
      if !places.isEmpty {
        let place = { (row: Int) in
          ids[row].rater.flatMap { places[$0.lowercased()] } ?? raterOrder.count
        }
        let best = chosen.map(place).min() ?? 0
        if best == raterOrder.count { unordered += 1 }
        chosen.removeAll { place($0) != best }
      }
      if versions == .newest {
        let newest = chosen.map { ids[$0].version ?? 0 }.max()
        chosen.removeAll { ids[$0].version ?? 0 != newest }
      }
      for row in chosen { isKept[row] = true }
      if chosen.count == rows.count { continue }
      let kept = (
        versions: Set(chosen.map { ids[$0].version }), raters: Set(chosen.map { ids[$0].rater })
      )
      if rows.contains(where: { !kept.versions.contains(ids[$0].version) }) { otherVersions += 1 }
      if rows.contains(where: { !kept.raters.contains(ids[$0].rater) }) { otherRaters += 1 }
    }
    let kept = ids.indices.filter { isKept[$0] }
    return Rows(
      kept: kept, leftOutCount: ids.count - kept.count, otherVersionCount: otherVersions,
      otherRaterCount: otherRaters, unorderedCount: unordered)
  }
}

extension Corpus {
  /// The corpus without the scans whose paper, version and rater an earlier one has, with a problem for
  /// each; they can come from another input folder.
  public func droppingRepeats() -> Corpus {
    var result = self
    var firstFiles: [RowID: String] = [:]
    firstFiles.reserveCapacity(scans.count)
    result.scans = scans.filter { scan in
      if let earlier = firstFiles[scan.row] {
        result.problems.append(.repeatedScan(scan, earlier: earlier))
        return false
      }
      firstFiles[scan.row] = scan.file
      return true
    }
    return result
  }

  /// The corpus of the chosen scans, after ``droppingRepeats()``.
  public func choosing(_ choice: RowChoice) -> Corpus {
    var result = droppingRepeats()
    result.scans = choice(result.scans.map(\.row)).kept.map { result.scans[$0] }
    return result
  }

  /// The corpus of the scans of the chosen versions, of all raters.
  public func choosing(_ versions: VersionChoice) -> Corpus {
    choosing(RowChoice(versions: versions))
  }
}

extension Scan {
  /// What tells this scan apart from the others of its corpus.
  public var row: RowID { RowID(paper: paper.slug, version: version, rater: paper.rater) }
}

extension ScanProblem {
  fileprivate static func repeatedScan(_ scan: Scan, earlier: String) -> ScanProblem {
    ScanProblem(
      file: scan.file, kind: .repeatedScan,
      message: "\(scan.paper.slug) has a version \(scan.version) in \(earlier) already",
      remedy: "the first is kept; rename or remove one", severity: .leftOut)
  }
}

import FoundationEssentials

/// A second rater's answers about one scanned paper, as a `calibration.json` holds them.
///
/// The files were written without a fixed schema. Four shapes are read: everything at the top; within
/// `calibration`; beside `calibration_metadata`; and disagreements with flattened cells
/// (`opus_applies`, `opus_answer`). A checklist is any object whose name ends in `checklist`; without one
/// the answers are those of the scan, except where a disagreement is listed. Counts that are stored are
/// only compared with those that are recomputed.
public struct Calibration: Sendable, Equatable {
  /// A cell on which the two raters are said to differ.
  public struct Difference: Sendable, Equatable {
    /// The item.
    public let item: ItemID
    /// The second rater's answer; `nil` when it is not stated.
    public let answer: AnswerState?
    /// The direction as written (`applies_boundary`, `sonnet_generous`, …).
    public let direction: String?
    /// Why, as written.
    public let reason: String?
  }

  /// The paper, as the file names it.
  public let slug: String?
  /// The second rater.
  public let rater: String?
  /// The second rater's checklist; empty when there is none.
  public let answers: [ItemID: AnswerState]
  /// The differences that are listed.
  public let differences: [Difference]
  /// The number of questions, as stored.
  let storedTotal: Int?
  /// The number of equal answers, as stored.
  let storedAgreements: Int?
  /// The number of differences, as stored or listed.
  let storedDisagreements: Int?
  /// The share of equal answers, as stored.
  let storedRate: Double?

  /// Reads a file.
  public init(json bytes: [UInt8]) throws(CalibrationError) {
    let root: JSONTree
    do { root = try JSONDecoder().decode(JSONTree.self, from: Data(bytes)) } catch {
      throw .notJSON
    }
    guard case .object = root else { throw .notObject }
    let places = [root, root["calibration"], root["calibration_metadata"]].compactMap { $0 }
    func first(_ names: [String]) -> JSONTree? {
      names.lazy.compactMap { name in places.lazy.compactMap { $0[name] }.first }.first
    }
    slug = first(["paper_slug", "paper_id", "slug"])?.string
    rater = first(["calibration_model", "opus_model", "model"])?.string
    var answers: [ItemID: AnswerState] = [:]
    for place in places {
      for name in place.members.keys.sorted() where name.hasSuffix("checklist") {
        if let checklist = place[name] { Self.walk(checklist, [], into: &answers) }
      }
    }
    let listed =
      ["disagreements", "disagreement_details"].lazy
      .compactMap { name in places.lazy.compactMap { $0[name]?.elements }.first }.first ?? []
    let differences = listed.compactMap(Self.difference)
    guard !answers.isEmpty || !differences.isEmpty || first(["agreement_rate"]) != nil else {
      throw .nothing
    }
    self.answers = answers
    self.differences = differences
    storedTotal = first(["total_questions"])?.number.flatMap { Int(exactly: $0) }
    storedAgreements = first(["agreement_count", "agreements"])?.number
      .flatMap { Int(exactly: $0) }
    let counts = ["disagreement_count", "disagreements"].lazy
      .compactMap { name in places.lazy.compactMap { $0[name]?.number }.first }.first
    storedDisagreements =
      counts.flatMap { Int(exactly: $0) } ?? (listed.isEmpty ? nil : listed.count)
    // Some files say percent.
    storedRate = first(["agreement_rate"])?.number.map { $0 > 1 ? $0 / 100 : $0 }
  }

  /// Finds all objects with `applies` and `answer`; their path is the item.
  private static func walk(
    _ tree: JSONTree, _ path: [String], into answers: inout [ItemID: AnswerState]
  ) {
    if let state = state(tree["applies"], tree["answer"]), let name = path.last {
      answers[ItemID(category: path.count > 1 ? path[path.count - 2] : "", name: name)] = state
      return
    }
    for (key, member) in tree.members { walk(member, path + [key], into: &answers) }
  }

  private static func state(_ applies: JSONTree?, _ answer: JSONTree?) -> AnswerState? {
    guard let applies = applies?.bool else { return nil }
    guard applies else { return .notApplicable }
    return answer?.bool.map { $0 ? .yes : .no }
  }

  /// Reads one entry of a list of disagreements.
  private static func difference(_ entry: JSONTree) -> Difference? {
    guard let name = (entry["question"] ?? entry["item"])?.string else { return nil }
    let item =
      entry["category"]?.string.map { category in
        ItemID(
          category: category,
          name: name.hasPrefix(category + ".") ? String(name.dropFirst(category.count + 1)) : name)
      } ?? ItemID(name)
    let second = ["opus", "calibration", "better"].lazy.compactMap { rater in
      state(entry["\(rater)_applies"], entry["\(rater)_answer"])
        ?? entry[rater].flatMap { state($0["applies"], $0["answer"]) }
    }.first
    return Difference(
      item: item, answer: second, direction: entry["direction"]?.string,
      reason: (entry["explanation"] ?? entry["note"] ?? entry["reason"])?.string)
  }

  /// The second rater's cells for the items of a row: its checklist, else the row's own cells but for the
  /// differences.
  func cells(_ matrix: BinaryMatrix, row: Int) -> [Cell] {
    let byItem = Dictionary(
      differences.map { ($0.item, $0.answer) }, uniquingKeysWith: { first, _ in first })
    return matrix.items.indices.map { column in
      let id = matrix.items[column].id
      let state: AnswerState?
      if !answers.isEmpty {
        state = answers[id]
      } else if let answer = byItem[id] {
        state = answer
      } else {
        state = AnswerState(matrix[row, column])
      }
      return switch state {
      case .yes: .yes
      case .no: .no
      case .notApplicable: .notApplicable
      case nil: .absent
      }
    }
  }
}

/// Why a file is no calibration.
public enum CalibrationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is not JSON.
  case notJSON
  /// The file is no object.
  case notObject
  /// There are no answers and no disagreements.
  case nothing

  /// One sentence with the remedy.
  public var description: String {
    switch self {
    case .notJSON: "this is not JSON; write the file again"
    case .notObject: "a calibration is a JSON object; write the file again"
    case .nothing:
      "this is no calibration: it has no checklist and no disagreements; remove it or write it again"
    }
  }
}

/// Scanned papers with the answers of their calibrations.
public struct CalibratedScans: Sendable {
  /// What is stored about a calibration, and what comes out.
  public struct Check: Sendable, Equatable {
    /// The paper.
    public let paper: String
    /// The calibration.
    public let calibration: Calibration
    /// The cells that both raters were asked.
    public let total: Int
    /// The equal ones among them.
    public let agreements: Int
    /// Items of the calibration that the scan does not have.
    let unknownItems: [ItemID]

    /// What does not fit, a word each.
    public var notes: [String] {
      var notes: [String] = []
      if let stored = calibration.storedTotal, stored != total { notes.append("other-total") }
      if let stored = calibration.storedAgreements, stored != agreements {
        notes.append("other-agreements")
      }
      if let stored = calibration.storedDisagreements, stored != total - agreements {
        notes.append("other-disagreements")
      }
      if let stored = calibration.storedRate, total > 0,
        abs(stored - Double(agreements) / Double(total)) > 0.005
      {
        notes.append("other-rate")
      }
      if !unknownItems.isEmpty { notes.append("unknown-items: \(unknownItems.count)") }
      if calibration.answers.isEmpty { notes.append("no-checklist") }
      return notes
    }
  }

  /// The rows of the scans, of the rater `scan`, and those of the calibrations, of `calibration`.
  public let matrix: BinaryMatrix
  /// What is stored and what comes out, paper by paper.
  public let checks: [Check]
  /// Calibrations of papers that were not scanned.
  public let unknownPapers: [String]

  /// Puts calibrations beside the scans of a matrix, of each paper that of the lowest version, as only
  /// first scans were calibrated.
  public init(_ matrix: BinaryMatrix, _ calibrations: [String: Calibration]) {
    var rowOf: [String: Int] = [:]
    for (row, paper) in matrix.papers.enumerated() {
      let other = rowOf[paper.slug].map { matrix.papers[$0].version ?? 0 }
      if other.map({ paper.version ?? 0 < $0 }) ?? true { rowOf[paper.slug] = row }
    }
    let slugs = calibrations.keys.sorted()
    let known = slugs.compactMap { slug in rowOf[slug].map { (slug: slug, row: $0) } }
    var papers: [Paper] = []
    var cells: [[Cell]] = []
    var checks: [Check] = []
    let items = Set(matrix.items.map(\.id))
    for (slug, row) in known {
      guard let calibration = calibrations[slug] else { continue }
      let own = matrix.items.indices.map { matrix[row, $0] }
      let second = calibration.cells(matrix, row: row)
      for (rater, answers) in [("scan", own), ("calibration", second)] {
        var paper = matrix.papers[row]
        paper.rater = rater
        papers.append(paper)
        cells.append(answers)
      }
      let compared = zip(own, second).filter { $0 != .absent && $1 != .absent }
      checks.append(
        Check(
          paper: slug, calibration: calibration, total: compared.count,
          agreements: compared.count { $0 == $1 },
          unknownItems: Set(calibration.answers.keys).union(calibration.differences.map(\.item))
            .subtracting(items).sorted()))
    }
    self.matrix = BinaryMatrix(papers: papers, items: matrix.items) { cells[$0][$1] }
    self.checks = checks
    unknownPapers = slugs.filter { rowOf[$0] == nil }
  }
}

extension Table {
  /// What calibrations say about themselves, beside what comes out cell by cell.
  ///
  /// Columns: `paper`, `rater`, `n`, `agreements`, `estimate`, `stored_n`, `stored_agreements`,
  /// `stored_disagreements`, `stored_rate`, `note`.
  public init(_ checks: [CalibratedScans.Check]) {
    let stored = checks.map(\.calibration)
    self.init(
      name: "calibration",
      caption: "Agreement of calibrations with their scans, recomputed and as stored.",
      columns: [
        Column("paper", .text(checks.map(\.paper))), Column("rater", .text(stored.map(\.rater))),
        Column("n", .integer(checks.map(\.total))),
        Column("agreements", .integer(checks.map(\.agreements))),
        Column(
          "estimate",
          .real(checks.map { $0.total > 0 ? Double($0.agreements) / Double($0.total) : nil }),
          style: .share),
        Column("stored_n", .integer(stored.map(\.storedTotal))),
        Column("stored_agreements", .integer(stored.map(\.storedAgreements))),
        Column("stored_disagreements", .integer(stored.map(\.storedDisagreements))),
        Column("stored_rate", .real(stored.map(\.storedRate)), style: .share),
        Column(
          "note",
          .text(checks.map { $0.notes.isEmpty ? nil : $0.notes.joined(separator: "; ") })),
      ])
  }
}

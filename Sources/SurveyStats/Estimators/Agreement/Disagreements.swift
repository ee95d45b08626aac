/// The cells on which raters differ: a list to work through, and what comes of it.
public struct Disagreements: Sendable, Equatable {
  /// One cell.
  public struct Cell: Sendable, Hashable {
    /// The place of the paper.
    public let paper: Int
    /// The place of the item.
    public let item: Int
  }

  /// The ratings.
  let ratings: Ratings
  /// The cells that at least two raters were asked and do not agree on, paper by paper.
  public let cells: [Cell]

  /// Finds the cells on which raters differ.
  public init(_ ratings: Ratings) {
    self.ratings = ratings
    var cells: [Cell] = []
    for paper in ratings.papers.indices {
      for item in ratings.items.indices where Set(Self.states(ratings, paper, item)).count > 1 {
        cells.append(Cell(paper: paper, item: item))
      }
    }
    self.cells = cells
  }

  private static func states(_ ratings: Ratings, _ paper: Int, _ item: Int) -> [AnswerState] {
    ratings.raters.indices.compactMap { AnswerState(ratings[$0, paper, item]) }
  }

  /// A decision on a cell, as it stands in a list that was worked through.
  public struct Decision: Sendable, Equatable {
    /// The paper.
    public var paper: String
    /// The item.
    public var item: ItemID
    /// What was decided.
    public var answer: AnswerState
  }

  /// The answers that all raters give, and those that were decided.
  public struct Consensus: Sendable {
    /// One row a paper, of the rater `consensus`; cells without a decision were never asked.
    public let matrix: BinaryMatrix
    /// The disagreements without a decision.
    public let undecided: [Cell]
    /// Decisions about papers or items that the ratings do not have.
    public let unknown: [Decision]
  }

  /// Joins what all raters say, where they say the same, with decisions on the rest.
  ///
  /// A decision counts also where raters agree. An answer of one rater alone is kept.
  public func consensus(_ decisions: [Decision]) -> Consensus {
    var papers: [String: Int] = [:]
    for (place, paper) in ratings.papers.enumerated() { papers[paper.slug] = place }
    var items: [ItemID: Int] = [:]
    for (place, item) in ratings.items.enumerated() { items[item.id] = place }
    var decided: [Cell: AnswerState] = [:]
    var unknown: [Decision] = []
    for decision in decisions {
      if let paper = papers[decision.paper], let item = items[decision.item] {
        decided[Cell(paper: paper, item: item)] = decision.answer
      } else {
        unknown.append(decision)
      }
    }
    let matrix = BinaryMatrix(
      papers: ratings.papers.map { paper in
        var paper = paper
        paper.rater = "consensus"
        paper.version = nil
        return paper
      }, items: ratings.items
    ) { paper, item in
      let states = Set(Self.states(ratings, paper, item))
      let answer =
        decided[Cell(paper: paper, item: item)] ?? (states.count == 1 ? states.first : nil)
      return switch answer {
      case .yes: .yes
      case .no: .no
      case .notApplicable: .notApplicable
      case nil: .absent
      }
    }
    return Consensus(
      matrix: matrix, undecided: cells.filter { decided[$0] == nil }, unknown: unknown)
  }
}

extension Disagreements {
  /// Reads decisions from a CSV with the columns `paper`, `item` and `consensus` (yes, no, na; empty where
  /// nothing is decided yet), such as the table of disagreements with its last column filled in.
  public static func decisions(csv bytes: [UInt8]) throws(DecisionError) -> [Decision] {
    var reader: CSVReader
    do { reader = try CSVReader(bytes) } catch { throw .csv(error) }
    let places = ["paper", "item", "consensus"].map { reader.header.firstIndex(of: $0) }
    guard let paper = places[0], let item = places[1], let consensus = places[2] else {
      throw .columns
    }
    var decisions: [Decision] = []
    while true {
      do { guard try reader.next() else { return decisions } } catch { throw .csv(error) }
      if reader.isEmpty(consensus) { continue }
      let word = reader.text(consensus)
      let answer: AnswerState
      switch word.lowercased() {
      case "1", "yes", "true", "y": answer = .yes
      case "0", "no", "false", "n": answer = .no
      case "na", "n/a", "not_applicable", "does not apply": answer = .notApplicable
      default: throw .answer(line: reader.line, value: word)
      }
      decisions.append(
        Decision(
          paper: reader.text(paper), item: ItemID(reader.text(item)), answer: answer))
    }
  }
}

/// What is wrong with a list of decisions, and where.
public enum DecisionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is no CSV.
  case csv(CSVError)
  /// The file cannot be read.
  case unreadable(String)
  /// A column is missing.
  case columns
  /// A decision is none of the answers.
  case answer(line: Int, value: String)

  /// One sentence with the place and the remedy.
  public var description: String {
    switch self {
    case .csv(let error): error.description
    case .unreadable(let reason): reason
    case .columns:
      "line 1: decisions stand in the columns paper, item and consensus; fill in the table of "
        + "disagreements"
    case .answer(let line, let value):
      "line \(line) (consensus): '\(DisplayText.truncated(DisplayText.visible(value), to: 40))' is no "
        + "answer; write yes, no or na, or nothing where it is not decided"
    }
  }
}

extension Table {
  /// The cells on which raters differ, to be worked through.
  ///
  /// Columns: `paper`, `title`, `category`, `term`, `item`, `kind` (`answers` where all say that the item
  /// applies, else `applies`), `answer_` and the name of each rater, `consensus` (empty, to be filled in),
  /// `reason` where one is given.
  public init(
    _ disagreements: Disagreements,
    reason: (_ paper: String, _ item: ItemID) -> String? = { _, _ in nil }
  ) {
    let ratings = disagreements.ratings
    let cells = disagreements.cells
    let ids = cells.map { ratings.items[$0.item].id }
    let papers = cells.map { ratings.papers[$0.paper] }
    func answers(_ rater: Int) -> [String?] {
      cells.map { AnswerState(ratings[rater, $0.paper, $0.item])?.name ?? "" }
    }
    var columns = [Column("paper", .text(papers.map(\.slug)))]
    if papers.contains(where: { $0.title != nil }) {
      columns.append(Column("title", .text(papers.map(\.title)), isDetail: true))
    }
    columns += [
      Column("category", .text(ids.map { $0.category.isEmpty ? nil : $0.category })),
      Column("term", .text(ids.map(\.name)), isDetail: true),
      Column("item", .text(ids.map(\.description))),
      Column(
        "kind",
        .text(
          cells.map { cell in
            let applies = ratings.raters.indices.contains {
              AnswerState(ratings[$0, cell.paper, cell.item]) == .notApplicable
            }
            return applies ? "applies" : "answers"
          })),
    ]
    columns += ratings.raters.indices.map {
      Column("answer_" + ratings.raters[$0], .text(answers($0)))
    }
    columns.append(Column("consensus", .text(cells.map { _ in "" })))
    let reasons = zip(papers, ids).map { reason($0.slug, $1) }
    if reasons.contains(where: { $0 != nil }) { columns.append(Column("reason", .text(reasons))) }
    self.init(
      name: "disagreements", caption: "The answers on which raters differ, to be decided.",
      columns: columns)
  }
}

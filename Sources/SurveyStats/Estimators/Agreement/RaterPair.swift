/// What two raters say of the same papers, item by item.
public struct RaterPair: Sendable, Equatable {
  /// The names of the two raters.
  public let raters: [String]
  /// The table of each item, the first rater's word first.
  public let tables: [StateTable]

  /// Compares two raters of some ratings.
  init(_ ratings: Ratings, _ first: Int, _ second: Int) {
    raters = [ratings.raters[first], ratings.raters[second]]
    tables = ratings.items.indices.map {
      StateTable(ratings.readings[first], ratings.readings[second], item: $0)
    }
  }

  /// The table of the cells of some items together.
  public func table(of items: [Int]) -> StateTable {
    items.reduce(StateTable()) { $0 + tables[$1] }
  }
}

extension Ratings {
  /// All pairs of raters with their tables.
  var raterPairs: [RaterPair] { pairs.map { RaterPair(self, $0[0], $0[1]) } }
}

extension Table {
  /// How often one rater says one thing and another says another, of everything, categories and items.
  ///
  /// Columns: `level`, `category`, `term`, `item`, `rater_a`, `rater_b`, `answer_a`, `answer_b` (yes, no,
  /// na), `n`, `n_cells` (cells that both were asked), `estimate` (the share of them).
  public init(
    confusionOf ratings: Ratings, levels: Set<AgreementTarget.Level> = [.overall, .category, .item]
  ) {
    let cells = ComparedCells(ratings, levels: levels) { _, _ in true }
    self.init(
      name: "confusion",
      caption: "How often one rater gives an answer and another gives the same or another one.",
      columns: cells.columns)
  }

  /// The kinds of disagreement and how common each is among all disagreements.
  ///
  /// Columns: as of the confusion, with `direction` (`yes/no`: the first rater says yes, the second no),
  /// `kind` (`answers` where both say that the item applies, else `applies`), `n`, `n_disagreements` and
  /// `estimate`, the share of the disagreements.
  public init(
    directionsOf ratings: Ratings, levels: Set<AgreementTarget.Level> = [.overall]
  ) {
    let cells = ComparedCells(ratings, levels: levels) { $0 != $1 }
    self.init(
      name: "directions", caption: "Which way raters disagree.",
      columns: cells.directionColumns)
  }
}

/// Cells of tables of pairs of raters, one a row.
private struct ComparedCells {
  private struct Row {
    let target: AgreementTarget
    let item: ItemID?
    let raters: [String]
    let answers: [AnswerState]
    let count: Int
    let compared: Int
    let disagreements: Int
  }

  private var rows: [Row] = []

  init(
    _ ratings: Ratings, levels: Set<AgreementTarget.Level>,
    where isWanted: (AnswerState, AnswerState) -> Bool
  ) {
    let targets = AgreementTarget.all(of: ratings.items, levels: levels)
    for pair in ratings.raterPairs {
      for target in targets {
        let table = pair.table(of: target.items)
        if table.total == 0 { continue }
        var own: [Row] = []
        for first in AnswerState.allCases {
          for second in AnswerState.allCases where isWanted(first, second) {
            own.append(
              Row(
                target: target,
                item: target.level == .item ? ratings.items[target.items[0]].id : nil,
                raters: pair.raters, answers: [first, second],
                count: Int(table[first, second]), compared: Int(table.total),
                disagreements: Int(table.total - table.agreement)))
          }
        }
        rows += own
      }
    }
  }

  private var names: [Column] {
    [
      Column("level", .text(rows.map(\.target.level.rawValue))),
      Column("category", .text(rows.map(\.target.category))),
      Column("term", .text(rows.map(\.target.term))),
      Column("item", .text(rows.map { $0.item?.description }), isDetail: true),
      Column("rater_a", .text(rows.map { $0.raters[0] })),
      Column("rater_b", .text(rows.map { $0.raters[1] })),
    ]
  }

  var columns: [Column] {
    names + [
      Column("answer_a", .text(rows.map { $0.answers[0].name })),
      Column("answer_b", .text(rows.map { $0.answers[1].name })),
      Column("n", .integer(rows.map(\.count))),
      Column("n_cells", .integer(rows.map(\.compared))),
      Column(
        "estimate", .real(rows.map { Double($0.count) / Double($0.compared) }), style: .share),
    ]
  }

  var directionColumns: [Column] {
    names + [
      Column(
        "direction", .text(rows.map { "\($0.answers[0].name)/\($0.answers[1].name)" })),
      Column(
        "kind",
        .text(rows.map { $0.answers.contains(.notApplicable) ? "applies" : "answers" })),
      Column("n", .integer(rows.map(\.count))),
      Column("n_disagreements", .integer(rows.map(\.disagreements))),
      Column("n_cells", .integer(rows.map(\.compared))),
      Column(
        "estimate",
        .real(
          rows.map {
            $0.disagreements > 0 ? Double($0.count) / Double($0.disagreements) : nil
          }), style: .share),
    ]
  }
}

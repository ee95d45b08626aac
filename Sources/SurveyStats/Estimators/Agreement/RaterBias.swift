/// Whether two raters use the answers equally often.
public struct RaterBias: Sendable, Equatable {
  /// The test.
  public enum Test: String, Sendable {
    /// McNemar's exact test: of the papers on which two raters differ, half should go either way.
    ///
    /// Reference: McNemar (1947), *Psychometrika* 12:153; the exact form is the binomial test.
    case mcNemar = "mcnemar-exact"
    /// The test of Stuart and Maxwell that three states are used equally often.
    ///
    /// References: Stuart (1955), *Biometrika* 42:412; Maxwell (1970), *British Journal of Psychiatry*
    /// 116:651.
    case stuartMaxwell = "stuart-maxwell"
    /// McNemar's test with papers as clusters of their items' cells: (Σ d)² / Σ d² of the excess d of a
    /// paper.
    ///
    /// Reference: Durkalski, Palesch, Lipsitz & Rust (2003), *Statistics in Medicine* 22:2417.
    case clusteredMcNemar = "mcnemar-clustered"
  }

  /// The test.
  public let test: Test
  /// The statistic; that of the exact test is the lesser of the two counts.
  public let statistic: Double?
  /// The degrees of freedom of a chi-squared statistic.
  public let degreesOfFreedom: Int?
  /// The p-value; `nil` where no paper is rated differently.
  public let pValue: Double?

  /// McNemar's exact test of b papers against c.
  public static func mcNemar(_ b: Int, _ c: Int) -> RaterBias {
    guard b + c > 0 else {
      return RaterBias(test: .mcNemar, statistic: nil, degreesOfFreedom: nil, pValue: nil)
    }
    let tail = Binomial(trials: b + c, probability: 0.5).cumulativeProbability(min(b, c))
    return RaterBias(
      test: .mcNemar, statistic: Double(min(b, c)), degreesOfFreedom: nil,
      pValue: min(1, 2 * tail))
  }

  /// The test of Stuart and Maxwell; states that no rater uses are left out.
  public static func stuartMaxwell(_ table: StateTable) -> RaterBias {
    let none = RaterBias(
      test: .stuartMaxwell, statistic: nil, degreesOfFreedom: nil, pValue: nil)
    let used = AnswerState.allCases.filter {
      table.first($0) + table.second($0) > 2 * table[$0, $0]
    }
    guard used.count > 1 else { return none }
    let free = Array(used.dropLast())
    let differences = free.map { table.first($0) - table.second($0) }
    let covariance = free.map { row in
      free.map { column in
        row == column
          ? table.first(row) + table.second(row) - 2 * table[row, row]
          : -(table[row, column] + table[column, row])
      }
    }
    let statistic: Double
    if free.count == 1 {
      statistic = differences[0] * differences[0] / covariance[0][0]
    } else {
      let determinant =
        covariance[0][0] * covariance[1][1] - covariance[0][1] * covariance[1][0]
      guard determinant > 0 else { return none }
      let (a, b) = (differences[0], differences[1])
      statistic =
        (covariance[1][1] * a * a - 2 * covariance[0][1] * a * b + covariance[0][0] * b * b)
        / determinant
    }
    return RaterBias(
      test: .stuartMaxwell, statistic: statistic, degreesOfFreedom: free.count,
      pValue: ChiSquared(degreesOfFreedom: Double(free.count)).survival(statistic))
  }

  /// McNemar's test with papers as clusters.
  ///
  /// - Parameter excesses: For each paper, the cells in which only the first rater says yes less those in
  ///   which only the second does.
  public static func clustered(_ excesses: [Int]) -> RaterBias {
    let (sum, squares) = excesses.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    guard squares > 0 else {
      return RaterBias(test: .clusteredMcNemar, statistic: nil, degreesOfFreedom: nil, pValue: nil)
    }
    let statistic = Double(sum * sum) / Double(squares)
    return RaterBias(
      test: .clusteredMcNemar, statistic: statistic, degreesOfFreedom: 1,
      pValue: ChiSquared(degreesOfFreedom: 1).survival(statistic))
  }
}

extension Table {
  /// Whether raters use the answers equally often, for every pair of raters, of items and of everything.
  ///
  /// Columns: `level`, `category`, `term`, `item`, `part`, `rater_a`, `rater_b`, `n` (papers, of everything
  /// cells), `rate_a` and `rate_b` (the share of yes, or of what applies), `estimate` (their difference),
  /// `statistic`, `df`, `p_value`, `method`, `note`.
  public init(biasOf ratings: Ratings) {
    var rows: [BiasRow] = []
    for (pair, places) in zip(ratings.raterPairs, ratings.pairs) {
      for part in [AgreementPart.answers, .applies] {
        let all = ratings.items.indices.reduce(BiasRow.Counts()) {
          $0 + BiasRow.Counts(pair.tables[$1], part)
        }
        let excesses = ratings.papers.indices.map { paper in
          ratings.items.indices.reduce(0) { sum, item in
            let cells = places.map { part.category(of: ratings[$0, paper, item]) }
            guard let one = cells[0], let other = cells[1] else { return sum }
            return sum + one - other
          }
        }
        rows.append(
          BiasRow(
            level: .overall, item: nil, term: "overall", part: part, raters: pair.raters,
            counts: all,
            bias: .clustered(excesses)))
        for (item, table) in zip(ratings.items, pair.tables) {
          let counts = BiasRow.Counts(table, part)
          rows.append(
            BiasRow(
              level: .item, item: item.id, term: item.id.name, part: part, raters: pair.raters,
              counts: counts, bias: .mcNemar(Int(counts.onlyFirst), Int(counts.onlySecond))))
        }
      }
      for (item, table) in zip(ratings.items, pair.tables) {
        rows.append(
          BiasRow(
            level: .item, item: item.id, term: item.id.name, part: .states, raters: pair.raters,
            counts: BiasRow.Counts(total: table.total, first: nil, second: nil),
            bias: .stuartMaxwell(table)))
      }
    }
    self.init(
      name: "bias", caption: "Whether two raters use the answers equally often.",
      columns: [
        Column("level", .text(rows.map(\.level.rawValue))),
        Column(
          "category",
          .text(rows.map { $0.item.flatMap { $0.category.isEmpty ? nil : $0.category } })),
        Column("term", .text(rows.map(\.term))),
        Column("item", .text(rows.map { $0.item?.description }), isDetail: true),
        Column("part", .text(rows.map(\.part.rawValue))),
        Column("rater_a", .text(rows.map { $0.raters[0] })),
        Column("rater_b", .text(rows.map { $0.raters[1] })),
        Column("n", .integer(rows.map { Int($0.counts.total) })),
        Column("rate_a", .real(rows.map { $0.counts.rate(\.first) }), style: .share),
        Column("rate_b", .real(rows.map { $0.counts.rate(\.second) }), style: .share),
        Column("estimate", .real(rows.map(\.counts.difference)), style: .points),
        Column("statistic", .real(rows.map(\.bias.statistic))),
        Column("df", .integer(rows.map(\.bias.degreesOfFreedom))),
        Column("p_value", .real(rows.map(\.bias.pValue)), style: .pValue),
        Column("method", .text(rows.map(\.bias.test.rawValue))),
        Column(
          "note",
          .text(
            rows.map {
              $0.counts.total == 0
                ? "never-rated-twice" : $0.bias.pValue == nil ? "no-disagreement" : nil
            })),
      ])
  }
}

/// A row of the table of bias.
private struct BiasRow {
  struct Counts {
    var total = 0.0
    var first: Double?
    var second: Double?
    var onlyFirst = 0.0
    var onlySecond = 0.0

    init(total: Double = 0, first: Double? = 0, second: Double? = 0) {
      self.total = total
      self.first = first
      self.second = second
    }

    /// The cells of a part, with those that are yes, or that apply, by either rater.
    init(_ table: StateTable, _ part: AgreementPart) {
      let states = AnswerState.allCases.filter { part == .applies || $0 != .notApplicable }
      let counted: (AnswerState) -> Bool = { part == .applies ? $0 != .notApplicable : $0 == .yes }
      self.init()
      for one in states {
        for other in states {
          let count = table[one, other]
          total += count
          if counted(one) { first = (first ?? 0) + count }
          if counted(other) { second = (second ?? 0) + count }
          if counted(one), !counted(other) { onlyFirst += count }
          if !counted(one), counted(other) { onlySecond += count }
        }
      }
    }

    static func + (left: Counts, right: Counts) -> Counts {
      var sum = Counts(
        total: left.total + right.total, first: (left.first ?? 0) + (right.first ?? 0),
        second: (left.second ?? 0) + (right.second ?? 0))
      sum.onlyFirst = left.onlyFirst + right.onlyFirst
      sum.onlySecond = left.onlySecond + right.onlySecond
      return sum
    }

    func rate(_ count: KeyPath<Counts, Double?>) -> Double? {
      total > 0 ? self[keyPath: count].map { $0 / total } : nil
    }

    var difference: Double? {
      guard let one = rate(\.first), let other = rate(\.second) else { return nil }
      return one - other
    }
  }

  let level: AgreementTarget.Level
  let item: ItemID?
  let term: String
  let part: AgreementPart
  let raters: [String]
  let counts: Counts
  let bias: RaterBias
}

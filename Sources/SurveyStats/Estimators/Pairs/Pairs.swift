/// How the rates of two items of the same papers differ.
///
/// Two questions have the same words, and each row says which it answers:
///
/// * ``Basis/joint``: the papers to which both items apply. Their difference is that of the papers that
///   answer the two differently, (b − c)/n: Tango's score interval and McNemar's test, one family.
/// * ``Basis/own``: each item over the papers to which it applies itself, as its rate stands in every
///   other table. Papers of one item only are other papers, which can make the difference that of papers,
///   not of items; those of both make the rates correlated. Score limits with effective sizes.
///
/// Clusters, several rows of a paper, strata and weights are honoured by the score limits
/// (`DesignContrast`). ``PairDifference/otherEstimate`` has the difference on the other basis.
///
/// References: McNemar (1947), *Psychometrika* 12:153; Tango (1998), *Statistics in Medicine* 17:891.
public struct Pairs: Analysis {
  /// Which papers count.
  public enum Basis: String, Sendable, Hashable, CaseIterable {
    /// Those to which both items apply.
    case joint
    /// For each item those to which it applies.
    case own
  }

  /// Two items, conditions or scores of the same papers.
  ///
  /// Items go by `category.item`, or by the item alone where that is clear; conditions are expressions;
  /// scores are categories, modules, `score` and `score(artifacts.*)`. A score goes with an answer as well,
  /// which is then 0 or 1.
  public struct Pair: Sendable, Hashable {
    /// The first.
    public var first: String
    /// The second.
    public var second: String

    /// Names two items, conditions or scores.
    public init(_ first: String, _ second: String) {
      self.first = first
      self.second = second
    }
  }

  /// A formula for the interval of two items in joint papers that are drawn alike.
  public enum Formula: String, Sendable, Hashable, CaseIterable {
    /// Tango's score interval.
    case tango
    /// Newcombe's method 10.
    case newcombe
    /// Bonett and Price's adjusted Wald interval.
    case bonettPrice = "bonett-price"
  }

  /// The interval.
  public enum Interval: Sendable, Hashable {
    /// Tango's, or score limits with effective sizes.
    case automatic
    /// A formula, of answers in joint papers drawn alike.
    case formula(Formula)
    /// A bootstrap interval that needs the replicates alone.
    case resampled(ResampledInterval)
  }

  /// The pairs.
  public var pairs: [Pair]
  /// Which papers count.
  public var basis: Basis
  /// The interval.
  public var interval: Interval
  /// The confidence level.
  public var level: Double

  /// One row a pair.
  public typealias Result = [PairDifference]

  /// Why a pair cannot be compared.
  public enum PairError: Error, Equatable, CustomStringConvertible {
    /// No item, or more than one, has the name.
    case item(VariableError)
    /// Both are the same item.
    case sameItem(String)
    /// The formula is of two items in the papers to which both apply.
    case notJointAnswers(Formula)

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .item(let reason): reason.description
      case .sameItem(let name): "a pair takes two different items, not '\(name)' twice"
      case .notJointAnswers(let formula):
        "`interval:` \(formula.rawValue) is of two items in the papers to which both apply; leave it out "
          + "for scores and for `basis: own`"
      }
    }
  }

  /// Asks how pairs of items differ.
  public init(
    _ pairs: [Pair], basis: Basis = .joint, interval: Interval = .automatic, level: Double = 0.95
  ) {
    self.pairs = pairs
    self.basis = basis
    self.interval = interval
    self.level = level
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    guard case .formula(let formula) = interval else { return .honoured }
    return .refused(
      "`interval:` \(formula.rawValue) takes papers that are drawn alike; leave it out for limits that do "
        + "not.")
  }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let sides = try PairSides(pairs.flatMap { [$0.first, $0.second] }, of: matrix)
    let columns = try pairs.indices.map { index in
      let (first, second) = (sides[2 * index], sides[2 * index + 1])
      guard first != second else { throw PairError.sameItem(pairs[index].first) }
      return (first: first, second: second)
    }
    let design = sample.design
    let level = level
    let basis = basis
    var formula = Formula.tango
    if case .formula(let chosen) = interval {
      guard basis == .joint, columns.allSatisfy({ sides.answers($0) != nil }) else {
        throw PairError.notJointAnswers(chosen)
      }
      formula = chosen
    }
    var rows = columns.map { pair in
      sides.answers(pair).map { answers in
        PairDifference(
          sides.matrix, answers.first, answers.second, basis: basis, design: design,
          formula: formula, level: level)
      }
        ?? PairDifference(
          scores: sides.scores(pair), basis: basis, design: design, level: level)
    }
    for index in rows.indices { rows[index].notes += sample.notes }
    var resampled: ResampledInterval?
    if case .resampled(let chosen) = interval { resampled = chosen }
    guard resampled != nil || run.wantsReplicates else {
      return Prepared(draws: []) { [rows] _ in rows }
    }
    let draw = Draw(
      terms: rows.map { "\($0.first) - \($0.second)" },
      DifferenceStatistic(
        columns.map { pair in
          sides.answers(pair).map {
            DifferenceStatistic.Difference(sides.matrix, pair: $0, basis: basis)
          }
            ?? DifferenceStatistic.Difference(
              sides.scores(pair).first.values, sides.scores(pair).second.values, basis: basis)
        },
        design: design), design)
    return Prepared(draws: [draw]) { [rows, resampled] samples in
      var rows = rows
      guard let resampled, let method = resampled.ofReplicatesAlone else { return rows }
      for index in rows.indices {
        rows[index].replaceInterval(
          samples[0], quantity: index, method: method, level: level, name: resampled.method)
      }
      return rows
    }
  }

  /// The column of the item with that name, with or without its category.
  static func column(_ name: String, of matrix: BinaryMatrix) throws(PairError) -> Int {
    do throws(VariableError) {
      return try matrix.variables.item(name)
    } catch { throw .item(error) }
  }
}

extension Table {
  /// Differences between two items of the same papers.
  public init(pairs rows: [PairDifference], level: Double, adjustment: PValueAdjustment = .none) {
    let pValues = rows.map(\.pValue)
    let isJoint = rows.allSatisfy { $0.basis == .joint }
    self.init(
      name: "pairs",
      caption: isJoint
        ? "Differences of two items in the papers to which both apply."
        : "Differences of two items, each in the papers to which it applies.",
      columns: [
        Column("a", .text(rows.map(\.first))),
        Column("b", .text(rows.map(\.second))),
        Column("basis", .text(rows.map(\.basis.rawValue))),
        Column("n", .integer(rows.map(\.jointCount))),
        Column("n_a", .integer(rows.map(\.firstCount)), isDetail: isJoint),
        Column("n_b", .integer(rows.map(\.secondCount)), isDetail: isJoint),
        Column("n11", .integer(rows.map { $0.areAnswers ? $0.counts.both : nil })),
        Column("n10", .integer(rows.map { $0.areAnswers ? $0.counts.firstOnly : nil })),
        Column("n01", .integer(rows.map { $0.areAnswers ? $0.counts.secondOnly : nil })),
        Column("n00", .integer(rows.map { $0.areAnswers ? $0.counts.neither : nil })),
        Column("rate_a", .real(rows.map(\.firstRate)), style: .share),
        Column("rate_b", .real(rows.map(\.secondRate)), style: .share),
      ]
        + Column.columns(
          of: rows.map(\.difference), style: .share, errorStyle: .share, showsError: true) + [
          Column("conf_level", .real(rows.map { _ in level })),
          Column("interval", .text(rows.map(\.interval.rawValue)), isDetail: true),
          Column("statistic", .real(rows.map(\.statistic))),
          Column("df", .real(rows.map(\.difference.degreesOfFreedom)), isDetail: true),
          Column("p_value", .real(pValues), style: .pValue),
          Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
          Column("test", .text(rows.map(\.test.rawValue)), isDetail: true),
          Column("p_mid", .real(rows.map(\.midPValue)), style: .pValue),
          Column("p_exact", .real(rows.map(\.exactPValue)), style: .pValue),
          Column("other_basis", .real(rows.map(\.otherEstimate)), style: .share),
          Column("note", .text(rows.map(\.note))),
        ])
  }
}

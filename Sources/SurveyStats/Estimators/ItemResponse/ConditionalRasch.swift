import RealModule

/// Rasch's model by conditional maximum likelihood: how hard items are, whatever the abilities of the papers.
///
/// Given the number of its yes, the answers of a paper do not depend on its ability, so that difficulties are
/// estimated without a distribution of abilities (``ItemResponseModel`` takes a normal one). A difficulty β is
/// the negative log odds of yes of a paper of ability 0; they add up to zero. Cells that do not apply, or were
/// never asked, drop out, which is right if, given its answers' number, what applies says nothing about them. Papers that pass all
/// or none of their items say nothing.
///
/// The likelihood has a maximum only among items of which any two are linked by papers that pass the one and
/// not the other, in both directions (Fischer 1981); the largest such set is taken, others are left out by
/// name. Newton's method; standard errors are those of the information.
///
/// References: Andersen (1972), *JRSS B* 34:42; Fischer (1981), *Psychometrika* 46:59. Cost: an iteration takes
/// items³ for each distinct set of applicable items and number of yes.
public struct ConditionalRasch: Sendable, Equatable {
  /// An item with its difficulty.
  public struct Item: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The papers to which it applies.
    public let count: Int
    /// The difficulty; `nil` of an item that is left out.
    public let difficulty: Estimate
  }

  /// The items, in the order of the matrix.
  public let items: [Item]
  /// The number of papers that pass some and not all of their items.
  public let paperCount: Int
  /// The largest value of the conditional log likelihood.
  public let logLikelihood: Double
  /// The columns of the items that take part.
  let columns: [Int]

  /// Why there is no fit.
  public enum ModelError: Error, Equatable, CustomStringConvertible {
    /// Fewer than two items are linked by papers.
    case tooFewItems(left: Int)
    /// The search for the maximum failed.
    case notConverged

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .tooFewItems(let left):
        "conditional likelihood needs two items that some papers pass while they fail the other, in both "
          + "directions, and there \(left == 1 ? "is 1" : "are \(left)"); take more papers, or `table: items`"
      case .notConverged:
        "the conditional likelihood did not converge; leave out items that hardly any paper passes or fails"
      }
    }
  }

  /// Fits the model to some papers and items of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The answers.
  ///   - papers: The papers; `nil` for all.
  ///   - candidates: The columns of the items; `nil` for all.
  ///   - level: The confidence level of the Wald limits.
  public init(
    _ matrix: BinaryMatrix, papers: [Int]? = nil, items candidates: [Int]? = nil,
    level: Double = 0.95
  ) throws(ModelError) {
    let papers = papers ?? Array(matrix.papers.indices)
    let candidates = candidates ?? Array(matrix.items.indices)
    let columns = Self.linkedItems(matrix, papers: papers, among: candidates)
    guard columns.count > 1 else { throw .tooFewItems(left: columns.count) }
    let kinds = Self.kinds(matrix, papers: papers, columns: columns)
    var point = [Double](repeating: 0, count: columns.count)
    var current = Self.evaluate(kinds, point)
    var isDone = false
    for _ in 0..<100 where !isDone {
      let right = DenseMatrix(rows: columns.count, columns: 1, elements: current.gradient)
      guard let step = try? current.information.solvingPositiveDefinite(right).elements else {
        throw .notConverged
      }
      var factor = 1.0
      var next = current
      var candidate = point
      repeat {
        candidate = zip(point, step).map { $0 + factor * $1 }
        next = Self.evaluate(kinds, candidate)
        factor /= 2
      } while next.value < current.value - 1e-10 * abs(current.value) && factor > 1e-6
      isDone = step.allSatisfy { abs($0) < 1e-9 }
      (point, current) = (candidate, next)
    }
    guard isDone, let inverse = try? current.information.positiveDefiniteInverse() else {
      throw .notConverged
    }
    self.columns = columns
    logLikelihood = current.value
    paperCount = kinds.reduce(0) { $0 + $1.count }
    let quantile = Normal().upperQuantile(ConfidenceLevel.tail(level))
    let mean = point.reduce(0, +) / Double(point.count)
    items = candidates.map { column in
      let count = papers.count { matrix.applies[$0, column] }
      guard let place = columns.firstIndex(of: column) else {
        return Item(
          name: matrix.items[column].id.description, count: count,
          difficulty: Estimate(nil, notes: [.noFiniteDifficulty]))
      }
      // The added 1/k in every cell stands for the sum of zero.
      let error = max(0, inverse[place, place] - 1 / Double(columns.count)).squareRoot()
      let value = point[place] - mean
      return Item(
        name: matrix.items[column].id.description, count: count,
        difficulty: Estimate(
          value, standardError: error, lower: value - quantile * error,
          upper: value + quantile * error, level: level, method: MethodName(rawValue: "wald"),
          count: count))
    }
  }

  /// Papers of one set of applicable items and number of yes.
  private struct Kind {
    var items: [Int]
    var order: Int
    var count: Int
    /// How many of the papers pass each of the items.
    var passed: [Double]
  }

  private static func kinds(
    _ matrix: BinaryMatrix, papers: [Int], columns: [Int]
  ) -> [Kind] {
    var place: [[Int]: Int] = [:]
    var kinds: [Kind] = []
    for paper in papers {
      let items = columns.indices.filter { matrix.applies[paper, columns[$0]] }
      let answers = items.map { matrix.yes[paper, columns[$0]] }
      let order = answers.count { $0 }
      guard order > 0, order < items.count else { continue }
      let key = items + [-order]
      let index = place[key] ?? kinds.count
      if index == kinds.count {
        place[key] = index
        kinds.append(
          Kind(
            items: items, order: order, count: 0,
            passed: [Double](repeating: 0, count: items.count)))
      }
      kinds[index].count += 1
      for (position, answer) in answers.enumerated() where answer {
        kinds[index].passed[position] += 1
      }
    }
    return kinds
  }

  private struct Evaluation {
    var value: Double
    var gradient: [Double]
    /// The information, with 1/k added to every cell, so that it has an inverse.
    var information: DenseMatrix
  }

  private static func evaluate(_ kinds: [Kind], _ point: [Double]) -> Evaluation {
    let size = point.count
    var result = Evaluation(
      value: 0, gradient: [Double](repeating: 0, count: size),
      information: DenseMatrix(rows: size, columns: size, repeating: 1 / Double(size)))
    for kind in kinds {
      let odds = kind.items.map { -point[$0] }
      let scores = ConditionalScores(logOdds: odds)
      let probabilities = scores.probabilities(kind.order)
      let papers = Double(kind.count)
      result.value -= papers * scores.logGamma(kind.order)
      for (position, item) in kind.items.enumerated() {
        result.value += kind.passed[position] * odds[position]
        result.gradient[item] += papers * probabilities[position] - kind.passed[position]
      }
      let covariance = ConditionalScores.covariance(
        logOdds: odds, order: kind.order, probabilities: probabilities)
      for (column, item) in kind.items.enumerated() {
        for (row, other) in kind.items.enumerated() {
          result.information[other, item] += papers * covariance[row, column]
        }
      }
    }
    return result
  }

  /// The largest set of items any two of which are linked in both directions.
  static func linkedItems(_ matrix: BinaryMatrix, papers: [Int], among items: [Int]) -> [Int] {
    var links = [[Bool]](
      repeating: [Bool](repeating: false, count: items.count), count: items.count)
    for paper in papers {
      let answered = items.indices.filter { matrix.applies[paper, items[$0]] }
      let yes = answered.filter { matrix.yes[paper, items[$0]] }
      let no = answered.filter { !matrix.yes[paper, items[$0]] }
      for one in yes { for other in no { links[one][other] = true } }
    }
    func reachable(from start: Int, forward: Bool) -> Set<Int> {
      var seen: Set<Int> = [start]
      var open = [start]
      while let item = open.popLast() {
        for other in items.indices
        where !seen.contains(other) && (forward ? links[item][other] : links[other][item]) {
          seen.insert(other)
          open.append(other)
        }
      }
      return seen
    }
    var left = Set(items.indices)
    var best: Set<Int> = []
    while let start = left.min() {
      let own = reachable(from: start, forward: true)
        .intersection(reachable(from: start, forward: false))
      if own.count > best.count { best = own }
      left.subtract(own)
    }
    return best.sorted().map { items[$0] }
  }
}

extension Note {
  /// No paper passes the item and fails another that it is to be compared with, or the other way round.
  public static let noFiniteDifficulty = Note(
    "no-finite-difficulty", effect: .noValue,
    words: "no papers link the item with the others in both directions")
}

/// Andersen's test that the items are as hard, relative to each other, in several groups of papers: a test of
/// Rasch's model.
///
/// Twice the sum of the conditional log likelihoods of the groups less that of all their papers together, over
/// the items that have a difficulty in every group; chi-square with (groups − 1)(items − 1) degrees of
/// freedom. Without a variable the groups are the papers with a share of yes up to the median, and those
/// above.
///
/// Reference: Andersen (1973), *Psychometrika* 38:123.
public struct AndersenTest: Sendable, Equatable {
  /// The groups: their names and papers that say something.
  public let groups: [(name: String, count: Int)]
  /// The number of items that are compared.
  public let itemCount: Int
  /// The items that have no difficulty in some group.
  public let leftOut: [String]
  /// The statistic; `nil` with a note.
  public let statistic: Double?
  /// Its degrees of freedom.
  public let degreesOfFreedom: Int?
  /// The p-value.
  public let pValue: Double?
  /// What is missing.
  public let notes: [Note]

  /// Tests groups of papers.
  public init(_ matrix: BinaryMatrix, groups: [(name: String, papers: [Int])]) {
    var items = Array(matrix.items.indices)
    // Leaving an item out of one group can part the items of another.
    while true {
      let shared = groups.reduce(items) { kept, group in
        ConditionalRasch.linkedItems(matrix, papers: group.papers, among: kept)
      }
      guard shared.count < items.count else { break }
      items = shared
    }
    leftOut = matrix.items.indices.filter { !items.contains($0) }
      .map { matrix.items[$0].id.description }
    itemCount = items.count
    let all = groups.flatMap(\.papers)
    guard groups.count > 1, items.count > 1,
      let whole = try? ConditionalRasch(matrix, papers: all, items: items)
    else {
      self.groups = groups.map { ($0.name, $0.papers.count) }
      (statistic, degreesOfFreedom, pValue) = (nil, nil, nil)
      notes = [groups.count > 1 ? .tooFewLinkedItems : .fewerThanTwoGroups]
      return
    }
    let fits = groups.map { try? ConditionalRasch(matrix, papers: $0.papers, items: items) }
    self.groups = zip(groups, fits).map { ($0.name, $1?.paperCount ?? 0) }
    guard !fits.contains(where: { $0 == nil }) else {
      (statistic, degreesOfFreedom, pValue) = (nil, nil, nil)
      notes = [.tooFewLinkedItems]
      return
    }
    let ratio =
      2 * (fits.reduce(0) { $0 + ($1?.logLikelihood ?? 0) } - whole.logLikelihood)
    let freedom = (groups.count - 1) * (items.count - 1)
    statistic = max(0, ratio)
    degreesOfFreedom = freedom
    pValue = ChiSquared(degreesOfFreedom: Double(freedom)).survival(max(0, ratio))
    notes = []
  }

  /// Whether two tests are the same.
  public static func == (left: AndersenTest, right: AndersenTest) -> Bool {
    left.statistic == right.statistic && left.degreesOfFreedom == right.degreesOfFreedom
      && left.leftOut == right.leftOut && left.groups.map(\.count) == right.groups.map(\.count)
  }
}

extension Note {
  /// Too few items have a difficulty in every group.
  public static let tooFewLinkedItems = Note(
    "too-few-linked-items", effect: .noValue,
    words: "fewer than two items have a difficulty in every group")
  /// There are no two groups.
  public static let fewerThanTwoGroups = Note("fewer-than-2-groups", effect: .noValue)
}

/// Difficulties by conditional likelihood, or Andersen's test: table `rasch` of `irt` and table `andersen`.
public struct RaschItems: Analysis {
  /// What is wanted.
  public enum Part: Sendable, Hashable {
    /// The difficulties.
    case difficulties
    /// Andersen's test.
    case test
  }

  /// What is wanted.
  public var part: Part
  /// The variable of the groups of Andersen's test; `nil` for low and high shares of yes.
  public var by: String?
  /// The fewest papers to which an item that takes part must apply.
  var minimumCount: Int
  /// The confidence level.
  public var level: Double

  /// What was wanted.
  public struct Result: Sendable {
    /// The difficulties.
    public let fit: ConditionalRasch?
    /// The test.
    public let test: AndersenTest?
    /// What the groups are by.
    public let by: String
    /// What plays no part.
    public let notes: [Note]
  }

  /// Asks for the difficulties, or for the test.
  public init(
    _ part: Part, by: String? = nil, minimumCount: Int = 10, level: Double = 0.95
  ) {
    self.part = part
    self.by = by
    self.minimumCount = minimumCount
    self.level = level
  }

  /// Papers count one by one: features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Fits and tests; it draws nothing.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let items = matrix.items.indices.filter {
      matrix.applies.count(column: $0) >= minimumCount
    }
    let used = matrix.selecting(items: items)
    var (fit, test): (ConditionalRasch?, AndersenTest?)
    switch part {
    case .difficulties: fit = try ConditionalRasch(used, level: level)
    case .test:
      test = AndersenTest(
        used, groups: try by.map { try Self.groups(used, by: $0) } ?? Self.halves(used))
    }
    let result = Result(fit: fit, test: test, by: by ?? "share of yes", notes: sample.notes)
    return Prepared(draws: []) { _ in result }
  }

  private static func groups(
    _ matrix: BinaryMatrix, by: String
  ) throws(VariableError) -> [(name: String, papers: [Int])] {
    let labels = try matrix.disjointGroups(of: by).labels
    return Set(labels.compactMap { $0 }).sorted().map { name in
      (name, labels.indices.filter { labels[$0] == name })
    }
  }

  /// The papers with a share of yes up to the median, and those above; without those that pass all or none.
  static func halves(_ matrix: BinaryMatrix) -> [(name: String, papers: [Int])] {
    let shares = matrix.percentYes(items: Array(matrix.items.indices))
    let mixed = shares.indices.filter { (shares[$0] ?? 0) > 0 && (shares[$0] ?? 100) < 100 }
    let sorted = shares.compactMap { $0 }.sorted()
    guard !sorted.isEmpty else { return [] }
    let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    return [
      ("low", mixed.filter { (shares[$0] ?? 0) <= median }),
      ("high", mixed.filter { (shares[$0] ?? 0) > median }),
    ].filter { !$0.1.isEmpty }
  }
}

extension Table {
  /// Difficulties by conditional likelihood (table `rasch` of `irt`).
  public init(rasch result: RaschItems.Result, level: Double) {
    let items = result.fit?.items ?? []
    let own = result.notes
    self.init(
      name: "rasch",
      caption:
        "Difficulties of Rasch's model by conditional likelihood, of \(result.fit?.paperCount ?? 0) "
        + "papers that pass some and not all of their items; they add up to zero.",
      columns: [
        Column("term", .text(items.map(\.name))),
        Column("n", .integer(items.map(\.count))),
        Column("estimate", .real(items.map(\.difficulty.value))),
        Column("std_error", .real(items.map(\.difficulty.standardError))),
        Column(
          "conf_low", .real(items.map(\.difficulty.lower)), style: .lowerLimit(of: "estimate")),
        Column(
          "conf_high", .real(items.map(\.difficulty.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(items.map { _ in level })),
        Column("note", .text(items.map { ($0.difficulty.notes + own).text })),
      ])
  }

  /// Andersen's test (table `andersen` of `irt`), one row a group.
  public init(andersen result: RaschItems.Result) {
    guard let test = result.test else {
      self.init(name: "andersen", columns: [])
      return
    }
    func repeated<Value>(_ value: Value) -> [Value] { test.groups.map { _ in value } }
    self.init(
      name: "andersen",
      caption:
        "Andersen's test that items are as hard, relative to each other, in all groups of papers.",
      columns: [
        Column("by", .text(repeated(result.by))),
        Column("group", .text(test.groups.map(\.name))),
        Column("n", .integer(test.groups.map(\.count))),
        Column("n_items", .integer(repeated(test.itemCount))),
        Column("statistic", .real(repeated(test.statistic))),
        Column("df", .integer(repeated(test.degreesOfFreedom))),
        Column("p_value", .real(repeated(test.pValue)), style: .pValue),
        Column("note", .text(repeated((test.notes + result.notes).text))),
      ],
      notes: test.leftOut.isEmpty
        ? []
        : [
          "Without a difficulty in some group, and so left out: "
            + test.leftOut.joined(separator: ", ") + "."
        ])
  }
}

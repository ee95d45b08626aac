import RealModule

/// Cochran's test that several items have the same rate in the same papers.
///
/// Only papers to which all items apply count. With the papers Cⱼ that have yes to item j, the yes Rᵢ of
/// paper i, T of them altogether and k items
///
///     Q = (k − 1)(k Σ Cⱼ² − T²)/(k T − Σ Rᵢ²),
///
/// chi-square with k − 1 degrees of freedom; with two items McNemar's statistic. The hypothesis is that a
/// paper's answers are exchangeable between items. Where fewer than 24/k papers answer differently, and
/// where papers are weighted or come in clusters, the p-value is from random exchanges of the items within
/// every paper, or the same exchange in all papers of a cluster, with Σ Cⱼ² as the statistic; the
/// arrangement observed counts along.
///
/// References: Cochran (1950), *Biometrika* 37:256; Tate & Brown (1970), *JASA* 65:155 (24 cells).
public struct CochranQ: Sendable, Equatable {
  /// The number of papers to which all items apply.
  public let count: Int
  /// The number of them that answer the items differently.
  let differingCount: Int
  /// The rate of each item in these papers; none without papers.
  public let rates: [Double]
  /// Q; `nil` when no paper answers differently, and for papers that are not drawn alike.
  public let statistic: Double?
  /// The degrees of freedom of Q, the number of items less one.
  public let degreesOfFreedom: Int?
  /// The p-value; 1 when no paper answers differently, `nil` without papers and with a single unit.
  public let pValue: Double?
  /// `cochran` for chi-square, or `permutation`.
  public let test: MethodName

  /// Fewer papers times items than this have permutations.
  private static let fewestCells = 24

  /// Tests items of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The answers.
  ///   - items: The columns of two or more items.
  ///   - design: How the papers were sampled; `nil` for papers drawn alike.
  ///   - permutations: The number of random exchanges; `nil` for chi-square where it holds.
  ///   - seed: The seed of the exchanges.
  public init(
    _ matrix: BinaryMatrix, items: [Int], design: SamplingDesign? = nil, permutations: Int? = nil,
    seed: UInt64 = 1
  ) {
    precondition(items.count > 1)
    let design = design ?? SamplingDesign(paperCount: matrix.papers.count)
    func weight(_ paper: Int) -> Double { design.weights?[paper] ?? 1 }
    let papers = matrix.papers.indices.filter { paper in
      weight(paper) > 0 && items.allSatisfy { matrix.applies[paper, $0] }
    }
    count = papers.count
    var units: [Int: [Double]] = [:]
    var (total, squares, weights, differing) = (0.0, 0.0, 0.0, 0)
    for paper in papers {
      let answers = items.map { matrix.yes[paper, $0] ? 1.0 : 0 }
      let yes = answers.reduce(0, +)
      total += yes
      squares += yes * yes
      weights += weight(paper)
      if yes > 0, yes < Double(items.count) { differing += 1 }
      var sums = units[design.unitOfPaper[paper]] ?? [Double](repeating: 0, count: items.count)
      for item in items.indices { sums[item] += weight(paper) * answers[item] }
      units[design.unitOfPaper[paper]] = sums
    }
    differingCount = differing
    let sums = units.keys.sorted().compactMap { units[$0] }
    let columns = items.indices.map { item in sums.reduce(0) { $0 + $1[item] } }
    rates = weights > 0 ? columns.map { $0 / weights } : []
    let k = Double(items.count)
    let isAlike = design.unitsArePapers && design.weights == nil
    let spread = k * total - squares
    if isAlike, spread > 0 {
      let columnSquares = columns.reduce(0) { $0 + $1 * $1 }
      statistic = max(0, (k - 1) * (k * columnSquares - total * total) / spread)
    } else {
      statistic = nil
    }
    let needsPermutations =
      permutations != nil || !isAlike || differing * items.count < Self.fewestCells
    test = needsPermutations && differing > 0 ? .permutation : .cochran
    degreesOfFreedom = statistic != nil && test == .cochran ? items.count - 1 : nil
    if papers.isEmpty || sums.count < 2 && !isAlike {
      pValue = nil
    } else if differing == 0 {
      pValue = 1
    } else if needsPermutations {
      pValue = Self.permuted(
        sums, replicates: permutations ?? GroupHomogeneity.usualPermutations, seed: seed)
    } else {
      pValue = statistic.map { ChiSquared(degreesOfFreedom: k - 1).survival($0) }
    }
  }

  /// The share of exchanges of the items within units whose sums differ as much.
  private static func permuted(_ units: [[Double]], replicates: Int, seed: UInt64) -> Double {
    // Units that have the same for all items change nothing.
    var moving = units.filter { unit in unit.contains { $0 != unit[0] } }
    let count = units.first?.count ?? 0
    var fixed = [Double](repeating: 0, count: count)
    for unit in units where unit.allSatisfy({ $0 == unit[0] }) {
      for item in fixed.indices { fixed[item] += unit[item] }
    }
    func squares() -> Double {
      var sums = fixed
      for unit in moving { for item in sums.indices { sums[item] += unit[item] } }
      return sums.reduce(0) { $0 + $1 * $1 }
    }
    let observed = squares() * (1 - 1e-12)
    var stream = RandomStream(seed: seed, stream: 0, substream: 0x51)
    var extreme = 1
    for _ in 0..<replicates {
      for unit in moving.indices { stream.shuffle(&moving[unit]) }
      if squares() >= observed { extreme += 1 }
    }
    return Double(extreme) / Double(replicates + 1)
  }
}

/// Whether several items have the same rate in the same papers (table `homogeneity` of `compare`).
///
/// ``CochranQ`` says what is tested. Clusters, several rows of a paper and weights are honoured by
/// exchanging items in whole clusters; strata change nothing of exchanges within papers.
public struct ItemHomogeneity: Analysis {
  /// The items, patterns of their names (`artifacts.*`), or conditions.
  public var items: [String]
  /// The number of random exchanges; `nil` for chi-square where it holds.
  public var permutations: Int?

  /// The test with the names of the items.
  public struct Result: Sendable {
    /// The items.
    public let items: [String]
    /// The test.
    public let test: CochranQ
    /// What is missing or doubtful.
    public let notes: [Note]
  }

  /// Why items cannot be tested together.
  public enum ItemError: Error, Equatable, CustomStringConvertible {
    /// No item, or more than one, has the name.
    case item(VariableError)
    /// A side is a score.
    case score(String)
    /// There are fewer than two items.
    case fewerThanTwo

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .item(let reason): reason.description
      case .score(let name):
        "Cochran's test is of answers, and '\(name)' is a score; compare scores two at a time, without "
          + "`table: homogeneity`"
      case .fewerThanTwo: "Cochran's test takes two items or more"
      }
    }
  }

  /// Asks whether items have the same rate; a name that comes twice counts once.
  public init(_ items: [String], permutations: Int? = nil) {
    self.items = items
    self.permutations = permutations
  }

  /// Weights, clusters and rows of one paper are honoured; strata change nothing of exchanges within papers.
  public func handling(of feature: SamplingFeature) -> Handling {
    feature == .strata ? .ignored(feature) : .honoured
  }

  /// Tests; it draws nothing.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let variables = sample.matrix.variables
    var names: [String] = []
    do throws(VariableError) {
      for name in items {
        let isPattern = name.contains { $0 == "*" || $0 == "?" } && !name.contains(" ")
        names +=
          isPattern
          ? try variables.items(name).map { sample.matrix.items[$0].id.description } : [name]
      }
    } catch { throw ItemError.item(error) }
    let sides: PairSides
    do throws(Pairs.PairError) {
      sides = try PairSides(names, of: sample.matrix)
    } catch {
      if case .item(let reason) = error { throw ItemError.item(reason) }
      throw error
    }
    var columns: [Int] = []
    for place in names.indices {
      guard case .answer(let column) = sides[place] else { throw ItemError.score(names[place]) }
      if !columns.contains(column) { columns.append(column) }
    }
    guard columns.count > 1 else { throw ItemError.fewerThanTwo }
    let matrix = sides.matrix
    let test = CochranQ(
      matrix, items: columns, design: sample.design, permutations: permutations, seed: run.seed)
    var notes = sample.notes
    if test.count == 0 {
      let isAnswered = columns.allSatisfy { matrix.applies.count(column: $0) > 0 }
      notes.append(isAnswered ? .neverJointlyApplicable : Note(.neverApplicable))
    } else if test.pValue == nil {
      notes.append(.tooFewClusters)
    } else if test.differingCount == 0 {
      notes.append(.neverDiffers)
    } else {
      notes += sample.design.effectiveNumberNotes { paper in
        columns.allSatisfy { matrix.applies[paper, $0] }
      }
    }
    let result = Result(
      items: columns.map { matrix.items[$0].id.description }, test: test, notes: notes)
    return Prepared(draws: []) { _ in result }
  }
}

extension Table {
  /// A test that several items have the same rate in the same papers, one row an item.
  public init(itemHomogeneity result: ItemHomogeneity.Result) {
    let test = result.test
    func repeated<Value>(_ value: Value) -> [Value] { result.items.map { _ in value } }
    self.init(
      name: "homogeneity",
      caption: "Cochran's test that \(result.items.count) items have the same rate in the "
        + "\(test.count) papers to which all apply.",
      columns: [
        Column("item", .text(result.items)),
        Column("n", .integer(repeated(test.count))),
        Column(
          "estimate", .real(result.items.indices.map { test.rates.isEmpty ? nil : test.rates[$0] }),
          style: .share),
        Column("n_items", .integer(repeated(result.items.count)), isDetail: true),
        Column("n_differ", .integer(repeated(test.differingCount))),
        Column("statistic", .real(repeated(test.statistic))),
        Column("df", .integer(repeated(test.degreesOfFreedom))),
        Column("p_value", .real(repeated(test.pValue)), style: .pValue),
        Column("test", .text(repeated(test.test.rawValue))),
        Column("note", .text(repeated(result.notes.text))),
      ])
  }
}

extension MethodName {
  /// Cochran's test that several items have the same rate.
  fileprivate static let cochran = MethodName(rawValue: "cochran")
}

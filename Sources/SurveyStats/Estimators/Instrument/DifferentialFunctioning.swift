import RealModule

/// Whether items work differently in groups of papers that score alike ("differential item functioning").
///
/// Papers are matched by `MatchingScore` over the items that work alike and the item itself. For each
/// item and group, against all other papers:
///
/// * **Mantel–Haenszel** over levels of the score (every number of passed items where all items apply to
///   all papers, else up to ten levels of about equal numbers of papers): the common odds ratio of yes,
///   focal over reference, with the error of Robins, Breslow & Greenland, and the test without continuity
///   correction (``StratifiedComparison``). `Δ = 2.35 log OR` is the ETS delta; its class is A where |Δ| < 1
///   or the test is not clear, C where |Δ| ≥ 1.5 and its lower limit of 95 % one-sided is above 1, else B.
/// * **Logistic regression** on score, group and their product: likelihood-ratio tests of the group
///   (uniform) and of the product (non-uniform), and the change of Nagelkerke's R² by both, whose class is A
///   below .035 or where their joint test is not clear, B below .07, else C. Scores with more than 100
///   different values are put in 100 levels.
///
/// Purified: items that are not of class A leave the score, until their set stays or comes back, and all are
/// tested again; no more than half of the items leave. Groups with fewer than ``fewest`` papers that answer
/// the item have a note in place of numbers.
///
/// Cost: O(cells) for each group and round.
///
/// References: Holland & Thayer (1988), in *Test Validity*; Zwick (2012), ETS Research Report 12-08;
/// Swaminathan & Rogers (1990), *Journal of Educational Measurement* 27:361; Jodoin & Gierl (2001), *Applied
/// Measurement in Education* 14:329; Candell & Drasgow (1988), *Applied Psychological Measurement* 12:253.
public struct DifferentialFunctioning: Analysis {
  /// The variables whose groups are compared; numbers of more than six values are parted at their median.
  public var by: [String]
  /// Whether items that work differently leave the score.
  var isPurified: Bool
  /// The fewest papers of a group that answer an item.
  public var fewest: Int
  /// The confidence level.
  public var level: Double

  /// One row an item and group.
  public typealias Result = [ItemFunctioning]

  /// Asks for differential functioning between the groups of variables.
  public init(_ by: [String], isPurified: Bool = true, fewest: Int = 20, level: Double = 0.95) {
    self.by = by
    self.isPurified = isPurified
    self.fewest = fewest
    self.level = level
  }

  /// Papers are matched one by one: features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Works everything out; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    var rows: [ItemFunctioning] = []
    for variable in by {
      for contrast in try sample.matrix.contrasts(of: variable) {
        rows += self.estimate(sample.matrix, contrast, notes: sample.notes)
      }
    }
    return Prepared(draws: []) { [rows] _ in rows }
  }

  /// The rows of one contrast.
  func estimate(
    _ matrix: BinaryMatrix, _ contrast: PaperContrast, notes: [Note] = []
  ) -> [ItemFunctioning] {
    let counts = matrix.items.indices.map { ItemFunctioning.Counts(matrix, $0, contrast) }
    let usable = matrix.items.indices.filter {
      min(counts[$0].focal, counts[$0].reference) >= fewest
    }
    var left: Set<Int> = []
    var seen: Set<Set<Int>> = []
    var found: [ItemFunctioning] = []
    var matched: [Matched] = []
    var ending: [Note] = []
    for _ in 0..<10 {
      seen.insert(left)
      let common = MatchingScore(matrix, items: usable.filter { !left.contains($0) })
      let shared = Matched(common.values, contrast)
      matched = usable.map {
        left.contains($0) ? Matched(common.adding($0).values, contrast) : shared
      }
      found = zip(usable, matched).map { item, matched in
        var row = ItemFunctioning(
          item: matrix.items[item].id, contrast: contrast, counts: counts[item], notes: notes)
        row.addMantelHaenszel(matched.coarse.answers(matrix, item), level: level)
        return row
      }
      guard isPurified else { break }
      let next = Set(
        zip(usable, found).filter { $1.mantelClass.map { $0 != .negligible } ?? false }.map(\.0))
      if next == left { break }
      if 2 * next.count > usable.count {
        ending = [Note("more-than-half-differ", effect: .doubt)]
        break
      }
      if seen.contains(next) {
        ending = [Note("purification-goes-round", effect: .doubt)]
        break
      }
      left = next
    }
    for (index, item) in usable.enumerated() {
      found[index].notes += ending
      found[index].leftOutCount = left.count
      found[index].addLogistic(matched[index].fine.answers(matrix, item))
    }
    let few = matrix.items.indices.filter { !usable.contains($0) }.map { item in
      ItemFunctioning(
        item: matrix.items[item].id, contrast: contrast,
        counts: counts[item], notes: notes + [Note("fewer-than-\(fewest)-papers", effect: .noValue)]
      )
    }
    return
      (zip(usable, found).map { ($0, $1) }
      + zip(
        matrix.items.indices.filter { !usable.contains($0) }, few
      ).map { ($0, $1) }).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The papers of two groups at levels of a score.
  private struct Matched {
    let coarse: GroupedLevels
    let fine: GroupedLevels

    init(_ values: [Double], _ contrast: PaperContrast) {
      let order = MatchingScore.Levels.order(values)
      // Whole numbers are numbers of passed items, each a level.
      let isWhole = values.allSatisfy { $0.isNaN || $0 == $0.rounded() }
      coarse = GroupedLevels(
        MatchingScore.Levels(values, order: order, most: isWhole ? 1_000 : 10), contrast)
      fine = GroupedLevels(MatchingScore.Levels(values, order: order, most: 100), contrast)
    }
  }
}

/// Two sets of papers that are compared.
struct PaperContrast: Sendable, Equatable {
  /// The variable.
  let variable: String
  /// The name of the focal group.
  let focal: String
  /// The name of the reference group.
  let reference: String
  /// Whether a paper is of the focal group; `nil` when it is of neither.
  let isFocal: [Bool?]
  /// The papers of the focal and of the reference group as bits.
  let focalBits: [UInt64]
  let referenceBits: [UInt64]

  init(variable: String, focal: String, reference: String, isFocal: [Bool?]) {
    self.variable = variable
    self.focal = focal
    self.reference = reference
    self.isFocal = isFocal
    var bits = [[UInt64]](
      repeating: [UInt64](repeating: 0, count: (isFocal.count + 63) / 64), count: 2)
    for (paper, isFocal) in isFocal.enumerated() {
      if let isFocal { bits[isFocal ? 1 : 0][paper >> 6] |= 1 << UInt64(paper & 63) }
    }
    (referenceBits, focalBits) = (bits[0], bits[1])
  }
}

extension BinaryMatrix {
  /// The contrasts of a variable: its two groups, each of several against the others, or the halves of a
  /// number of more than six values about its median.
  func contrasts(of variable: String) throws(VariableError) -> [PaperContrast] {
    let numbers = (try? variables.numbers(variable)) ?? []
    if Set(numbers.compactMap { $0 }).count > 6 {
      let known = numbers.compactMap { $0 }.sorted()
      let median = known[(known.count - 1) / 2]
      let text = NumberFormat.shortest(median)
      return [
        PaperContrast(
          variable: variable, focal: "above \(text)", reference: "up to \(text)",
          isFocal: numbers.map { $0.map { $0 > median } })
      ]
    }
    let groups = try variables.groups(variable)
    var known = [Bool?](repeating: nil, count: papers.count)
    for paper in groups.flatMap(\.papers) { known[paper] = false }
    func contrast(_ group: (name: String, papers: [Int]), _ reference: String) -> PaperContrast {
      var isFocal = known
      for paper in group.papers { isFocal[paper] = true }
      return PaperContrast(
        variable: variable, focal: group.name, reference: reference, isFocal: isFocal)
    }
    switch groups.count {
    case 0, 1: return []
    case 2: return [contrast(groups[1], groups[0].name)]
    default: return groups.map { contrast($0, "others") }
    }
  }
}

/// The papers of two groups at levels of a score.
struct GroupedLevels: Sendable {
  /// Answers to an item of two groups at each level.
  struct Answers: Sendable {
    /// Yes at each level, reference then focal.
    var yes: [[Int]]
    /// Answers at each level, reference then focal.
    var counts: [[Int]]
    /// The mean score of each level.
    let means: [Double]
  }

  private let means: [Double]
  /// The level of each paper, after all levels of the reference group for papers of the focal one; one more for
  /// papers of neither.
  private let cells: [Int32]

  init(_ levels: MatchingScore.Levels, _ contrast: PaperContrast) {
    means = levels.means
    let count = levels.means.count
    cells = zip(levels.ofPaper, contrast.isFocal).map { level, isFocal in
      guard let isFocal, level >= 0 else { return Int32(2 * count) }
      return Int32(isFocal ? count + level : level)
    }
  }

  /// The answers to an item.
  func answers(_ matrix: BinaryMatrix, _ item: Int) -> Answers {
    func counts(_ plane: BitColumns) -> [[Int]] {
      var counts = [Int](repeating: 0, count: 2 * means.count + 1)
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        unsafe cells.withUnsafeBufferPointer { cells in
          plane.forEachRow(of: item) { unsafe counts[Int(cells[$0])] += 1 }
        }
      }
      return [Array(counts[..<means.count]), Array(counts[means.count..<2 * means.count])]
    }
    return Answers(yes: counts(matrix.yes), counts: counts(matrix.applies), means: means)
  }
}

/// How an item works in one group of papers compared with another.
public struct ItemFunctioning: Sendable, Equatable {
  /// How large a difference is.
  public enum Size: String, Sendable, Comparable {
    /// Negligible.
    case negligible = "A"
    /// Moderate.
    case moderate = "B"
    /// Large.
    case large = "C"

    /// Negligible before moderate before large.
    public static func < (left: Size, right: Size) -> Bool { left.rawValue < right.rawValue }
  }

  /// The item.
  public let item: ItemID
  /// The variable of the groups.
  public let variable: String
  /// The focal group.
  public let group: String
  /// The reference group.
  public let reference: String
  /// The answers of the focal group.
  let focalCount: Int
  /// The answers of the reference group.
  let referenceCount: Int
  /// The logarithm of the common odds ratio of yes, focal over reference.
  public private(set) var logOdds = Estimate(nil)
  /// The p-value of the Cochran–Mantel–Haenszel test.
  public private(set) var pValue: Double?
  /// The ETS delta, 2.35 times the logarithm of the odds ratio.
  public var delta: Double? { logOdds.value.map { 2.35 * $0 } }
  /// The ETS class.
  public private(set) var mantelClass: Size?
  /// The p-value of the group in the logistic regression.
  public private(set) var uniformPValue: Double?
  /// The p-value of the product of group and score.
  public private(set) var nonuniformPValue: Double?
  /// The change of Nagelkerke's R² by both.
  public private(set) var rSquaredChange: Double?
  /// The class of Jodoin and Gierl.
  private(set) var logisticClass: Size?
  /// The items that left the score.
  public internal(set) var leftOutCount = 0
  /// Why something is undefined.
  public internal(set) var notes: [Note]

  /// The answers of both groups.
  struct Counts {
    var focal = 0
    var reference = 0

    init(_ matrix: BinaryMatrix, _ item: Int, _ contrast: PaperContrast) {
      let start = item * matrix.applies.wordsPerColumn
      for (word, bits) in contrast.focalBits.enumerated() {
        let applies = matrix.applies.words[start + word]
        focal += (applies & bits).nonzeroBitCount
        reference += (applies & contrast.referenceBits[word]).nonzeroBitCount
      }
    }
  }

  init(item: ItemID, contrast: PaperContrast, counts: Counts, notes: [Note]) {
    self.item = item
    variable = contrast.variable
    group = contrast.focal
    reference = contrast.reference
    focalCount = counts.focal
    referenceCount = counts.reference
    self.notes = notes
  }

  /// Whether two rows say the same.
  public static func == (left: ItemFunctioning, right: ItemFunctioning) -> Bool {
    left.item == right.item && left.variable == right.variable && left.group == right.group
      && left.logOdds == right.logOdds && left.pValue == right.pValue
      && left.rSquaredChange == right.rSquaredChange && left.notes == right.notes
  }

  mutating func addMantelHaenszel(_ answers: GroupedLevels.Answers, level: Double) {
    let comparison = StratifiedComparison(
      answers.means.indices.map { level in
        TwoProportions(
          answers.yes[1][level], of: answers.counts[1][level], answers.yes[0][level],
          of: answers.counts[0][level])
      })
    let count = focalCount + referenceCount
    guard let found = comparison.logOddsRatio, found.standardError > 0 else {
      logOdds = Estimate(nil, count: count)
      notes.append(Note("no-odds-ratio", effect: .noValue))
      return
    }
    let distance = Normal().upperQuantile((1 - level) / 2) * found.standardError
    logOdds = Estimate(
      found.estimate, standardError: found.standardError, lower: found.estimate - distance,
      upper: found.estimate + distance, level: level, count: count)
    pValue = comparison.pValue
    let size = 2.35 * abs(found.estimate)
    let isClear = (pValue ?? 1) < 0.05
    // 1.645: one-sided 95 %, by the definition of the classes.
    let isAboveOne = size - 1.645 * 2.35 * found.standardError > 1
    mantelClass =
      size < 1 || !isClear ? .negligible : size >= 1.5 && isAboveOne ? .large : .moderate
  }

  mutating func addLogistic(_ answers: GroupedLevels.Answers) {
    let means = answers.means
    let center = means.reduce(0, +) / Double(max(1, means.count))
    let spread =
      (means.reduce(0) { $0 + ($1 - center) * ($1 - center) }
      / Double(max(1, means.count))).squareRoot()
    guard spread > 0 else {
      notes.append(Note("scores-do-not-vary", effect: .doubt))
      return
    }
    let scores = means.map { ($0 - center) / spread }
    var columns: [[Double]] = [[], [], [], []]
    var yes: [Double] = []
    var counts: [Double] = []
    for group in 0...1 {
      for level in means.indices where answers.counts[group][level] > 0 {
        let score = scores[level]
        for (column, value) in [1, score, Double(group), score * Double(group)].enumerated() {
          columns[column].append(value)
        }
        yes.append(Double(answers.yes[group][level]))
        counts.append(Double(answers.counts[group][level]))
      }
    }
    let n = counts.reduce(0, +)
    let p = yes.reduce(0, +) / n
    // Without the group, papers of equal score are one row.
    let ofBoth = means.indices.map { Double(answers.counts[0][$0] + answers.counts[1][$0]) }
    let yesOfBoth = means.indices.map { Double(answers.yes[0][$0] + answers.yes[1][$0]) }
    guard p > 0, p < 1,
      let base = BinomialCurve(
        columns: [means.map { _ in 1 }, scores], yes: yesOfBoth, counts: ofBoth,
        start: [Double.log(p / (1 - p))]),
      let uniform = BinomialCurve(
        columns: Array(columns.prefix(3)), yes: yes, counts: counts, start: base.coefficients),
      let full = BinomialCurve(
        columns: columns, yes: yes, counts: counts, start: uniform.coefficients)
    else {
      notes.append(Note("no-logistic-fit", effect: .doubt))
      return
    }
    let null = n * (p * Double.log(p) + (1 - p) * Double.log(1 - p))
    func nagelkerke(_ fit: BinomialCurve) -> Double {
      (1 - Double.exp(2 / n * (null - fit.logLikelihood))) / (1 - Double.exp(2 / n * null))
    }
    func ratio(_ small: BinomialCurve, _ large: BinomialCurve, _ degrees: Double) -> Double {
      ChiSquared(degreesOfFreedom: degrees).survival(
        max(0, 2 * (large.logLikelihood - small.logLikelihood)))
    }
    uniformPValue = ratio(base, uniform, 1)
    nonuniformPValue = ratio(uniform, full, 1)
    let change = max(0, nagelkerke(full) - nagelkerke(base))
    rSquaredChange = change
    let isClear = ratio(base, full, 2) < 0.05
    logisticClass = !isClear || change < 0.035 ? .negligible : change < 0.07 ? .moderate : .large
  }
}

extension Table {
  /// Differential functioning, one row an item and group: `item`, `by`, `group`, `reference`, `n_group`,
  /// `n_reference`, `estimate` (log odds ratio) with its error and limits, `odds_ratio`, `delta`, `ets_class`,
  /// `p_value`, `p_adjusted`, `uniform_p`, `nonuniform_p`, `r_squared_change`, `logistic_class`,
  /// `n_left_out`, `note`.
  public init(functioning rows: [ItemFunctioning], level: Double, adjustment: PValueAdjustment) {
    let pValues = rows.map(\.pValue)
    self.init(
      name: "dif",
      caption: """
        How items work in groups of papers of equal score: the odds of yes, group over reference, by \
        Mantel and Haenszel, and tests of logistic regressions.
        """,
      columns: [
        Column("item", .text(rows.map(\.item.description))),
        Column("by", .text(rows.map(\.variable))), Column("group", .text(rows.map(\.group))),
        Column("reference", .text(rows.map(\.reference))),
        Column("n_group", .integer(rows.map(\.focalCount))),
        Column("n_reference", .integer(rows.map(\.referenceCount))),
      ] + Column.columns(of: rows.map(\.logOdds)) + [
        Column("conf_level", .real(rows.map { _ in level })),
        Column("odds_ratio", .real(rows.map { $0.logOdds.value.map { Double.exp($0) } })),
        Column("delta", .real(rows.map(\.delta)), isDetail: true),
        Column("ets_class", .text(rows.map { $0.mantelClass?.rawValue })),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
        Column("uniform_p", .real(rows.map(\.uniformPValue)), style: .pValue, isDetail: true),
        Column("nonuniform_p", .real(rows.map(\.nonuniformPValue)), style: .pValue),
        Column("r_squared_change", .real(rows.map(\.rSquaredChange))),
        Column("logistic_class", .text(rows.map { $0.logisticClass?.rawValue })),
        Column("n_left_out", .integer(rows.map(\.leftOutCount)), isDetail: true),
        Column.notes(rows.map(\.notes)),
      ])
  }
}

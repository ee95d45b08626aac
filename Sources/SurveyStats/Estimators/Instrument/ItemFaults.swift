import RealModule

/// Where an instrument breaks: everything about its items that makes scores and comparisons doubtful, in one
/// list.
///
/// | fault | quantity | when |
/// |---|---|---|
/// | `never-asked`, `never-applicable` | share of papers | none; below 30 with a note |
/// | `all-yes`, `all-no` | share of yes | all, or none, of two or more papers |
/// | `few-papers` | share of papers to which it applies | fewer than 30 papers |
/// | `negative-item-rest` | correlation (``ItemRest``) | the upper limit is below zero |
/// | `applicability-drift` | difference (``ApplicabilityDrift``) | adjusted p below 1 − level |
/// | `works-differently` | odds ratio (``DifferentialFunctioning``) | ETS class B or C, adjusted p below 1 − level |
/// | `never-differ` | share that differs (``RedundantItems``) | no paper |
/// | `few-items` | share of papers | papers scored on fewer than `fewestItems` items |
/// | `contradictory` | share of papers | an item that does not apply was answered yes |
/// | `category-not-asked` | share of papers | a category of the base module that other papers were asked |
/// | `always-applicable` | share of papers | an item that could not apply always does |
///
/// p-values are Holm's over all items, variables and groups of their kind. Cost: O(cells) and that of counting
/// all pairs.
public struct ItemFaults: Analysis {
  /// The variables of groups, between which items may drift or work differently; those of `usualVariables` that
  /// the papers have when `nil`.
  public var by: [String]?
  /// With fewer applicable items a paper's score rests on few.
  var fewestItems: Int
  /// The confidence level.
  public var level: Double

  /// One row a fault.
  public typealias Result = [ItemFault]

  /// Asks for faults.
  public init(by: [String]? = nil, fewestItems: Int = 10, level: Double = 0.95) {
    self.by = by
    self.fewestItems = fewestItems
    self.level = level
  }

  /// The variables of groups unless others are named, as far as papers have several values of them.
  public static func usualVariables(of matrix: BinaryMatrix) -> [String] {
    ["version", "rater", "type", "year"].filter { name in
      ((try? matrix.variables.groups(name))?.count ?? 0) > 1
    }
  }

  /// Features of the sample play no part.
  public func handling(of feature: SamplingFeature) -> Handling { .ignored(feature) }

  /// Works everything out; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let variables = by ?? Self.usualVariables(of: matrix)
    let alpha = 1 - level
    var rows = itemRows(matrix)
    for row in try await run(ItemRest(level: level), of: sample.study) {
      if let upper = row.correlation.upper, upper < 0 {
        rows.append(
          ItemFault(.negativeItemRest, row.item.description, estimate: row.correlation))
      }
    }
    let drift = try await run(ApplicabilityDrift(variables, level: level), of: sample.study)
    for (row, p) in zip(drift, PValueAdjustment.holm(drift.map(\.pValue))) {
      guard let p, p < alpha, let highest = row.highest, let lowest = row.lowest else { continue }
      rows.append(
        ItemFault(
          .applicabilityDrift, row.item.description,
          with: "\(row.variable): \(highest) - \(lowest)", estimate: row.difference, pValue: p))
    }
    let functioning = try await run(
      DifferentialFunctioning(variables, level: level), of: sample.study)
    for (row, p) in zip(functioning, PValueAdjustment.holm(functioning.map(\.pValue))) {
      guard let p, p < alpha, let size = row.mantelClass, size > .negligible else { continue }
      var ratio = row.logOdds
      ratio.value = ratio.value.map { Double.exp($0) }
      ratio.standardError = nil
      ratio.lower = ratio.lower.map { Double.exp($0) }
      ratio.upper = ratio.upper.map { Double.exp($0) }
      ratio.notes = row.notes + [Note("ets-class-\(size.rawValue)", effect: .remark)]
      rows.append(
        ItemFault(
          .worksDifferently, row.item.description,
          with: "\(row.variable): \(row.group) / \(row.reference)", estimate: ratio, pValue: p))
    }
    for pair in try await run(RedundantItems(level: level), of: sample.study) {
      rows.append(
        ItemFault(
          .neverDiffer, pair.first.description, with: pair.second.description,
          estimate: pair.differing))
    }
    rows += paperRows(matrix)
    for index in rows.indices {
      for note in sample.notes where !rows[index].estimate.notes.contains(note) {
        rows[index].estimate.notes.append(note)
      }
    }
    let order = ItemFault.Kind.allCases
    let sorted = order.flatMap { kind in rows.filter { $0.kind == kind } }
    return Prepared(draws: []) { _ in sorted }
  }

  private static let fewestPapers = 30

  private func share(_ part: Int, of whole: Int) -> Estimate {
    let limits = ProportionInterval.wilson.limits(
      successes: Double(part), trials: Double(whole), level: level)
    return Estimate(
      whole > 0 ? Double(part) / Double(whole) : nil, lower: limits?.lower, upper: limits?.upper,
      level: level, count: whole)
  }

  private func itemRows(_ matrix: BinaryMatrix) -> [ItemFault] {
    var rows: [ItemFault] = []
    for item in matrix.items.indices {
      let name = matrix.items[item].id.description
      let asked = matrix.asked.count(column: item)
      let applies = matrix.applies.count(column: item)
      let yes = matrix.yes.count(column: item)
      if asked == 0 {
        rows.append(
          ItemFault(.neverAsked, name, estimate: share(0, of: matrix.papers.count)))
      } else if applies == 0 {
        var none = share(0, of: asked)
        if asked < Self.fewestPapers { none.notes.append(.fewPapers) }
        rows.append(ItemFault(.neverApplicable, name, estimate: none))
      } else {
        if applies > 1, yes == applies {
          rows.append(ItemFault(.allYes, name, estimate: share(yes, of: applies)))
        }
        if applies > 1, yes == 0 {
          rows.append(ItemFault(.allNo, name, estimate: share(0, of: applies)))
        }
        if applies < Self.fewestPapers {
          rows.append(ItemFault(.fewPapers, name, estimate: share(applies, of: asked)))
        } else if applies == asked {
          rows.append(ItemFault(.alwaysApplicable, name, estimate: share(applies, of: asked)))
        }
      }
    }
    return rows
  }

  private func paperRows(_ matrix: BinaryMatrix) -> [ItemFault] {
    var rows: [ItemFault] = []
    let few = matrix.papersScoredOnFewItems(below: fewestItems)
    if !few.isEmpty {
      rows.append(
        ItemFault(
          .fewItems,
          few.prefix(3).map { matrix.papers[$0].slug }.joined(separator: ", ")
            + (few.count > 3 ? ", …" : ""), with: "fewer than \(fewestItems) items",
          estimate: share(few.count, of: matrix.papers.count)))
    }
    let contradictory = matrix.papers.count {
      (Int($0.covariates["contradictory_answers"] ?? "") ?? 0) > 0
    }
    if contradictory > 0 {
      rows.append(
        ItemFault(
          .contradictory, nil, with: "does not apply, and yes",
          estimate: share(contradictory, of: matrix.papers.count)))
    }
    for target in RateTarget.all(in: matrix, levels: [.category]) {
      guard target.items.allSatisfy({ matrix.items[$0].module == Item.baseModule }) else {
        continue
      }
      let asked = matrix.asked.anyCount(columns: target.items)
      if asked > 0, asked < matrix.papers.count {
        rows.append(
          ItemFault(
            .categoryNotAsked, target.term,
            estimate: share(matrix.papers.count - asked, of: matrix.papers.count)))
      }
    }
    return rows
  }
}

extension Note {
  /// Fewer than 30 papers say so.
  fileprivate static let fewPapers = Note("fewer-than-30-papers", effect: .doubt)
}

extension BinaryMatrix {
  /// The papers that have a score, but on fewer than so many applicable items.
  public func papersScoredOnFewItems(below fewest: Int) -> [Int] {
    let applicable = applies.rowCounts(columns: Array(items.indices))
    return papers.indices.filter { applicable[$0] > 0 && applicable[$0] < fewest }
  }
}

/// A fault of an instrument.
public struct ItemFault: Sendable, Equatable {
  /// The kinds of faults, in the order of the list.
  public enum Kind: String, Sendable, CaseIterable {
    case neverAsked = "never-asked"
    case neverApplicable = "never-applicable"
    case allYes = "all-yes"
    case allNo = "all-no"
    case negativeItemRest = "negative-item-rest"
    case worksDifferently = "works-differently"
    case applicabilityDrift = "applicability-drift"
    case neverDiffer = "never-differ"
    case fewItems = "few-items"
    case contradictory
    case categoryNotAsked = "category-not-asked"
    case fewPapers = "few-papers"
    case alwaysApplicable = "always-applicable"

    /// What the estimate of such a row is.
    public var quantity: String {
      switch self {
      case .neverAsked: "share asked"
      case .neverApplicable, .fewPapers, .alwaysApplicable: "share applicable"
      case .allYes, .allNo: "share of yes"
      case .negativeItemRest: "correlation with the rest"
      case .worksDifferently: "odds ratio at equal score"
      case .applicabilityDrift: "difference of applicability"
      case .neverDiffer: "share that differs"
      case .fewItems, .contradictory, .categoryNotAsked: "share of papers"
      }
    }
  }

  /// The kind.
  public let kind: Kind
  /// The item, the category, or the first papers.
  public let item: String?
  /// The other item, or the groups.
  public let other: String?
  /// The quantity behind it.
  public internal(set) var estimate: Estimate
  /// The adjusted p-value, where it rests on a test.
  public let pValue: Double?

  init(
    _ kind: Kind, _ item: String?, with other: String? = nil, estimate: Estimate,
    pValue: Double? = nil
  ) {
    self.kind = kind
    self.item = item
    self.other = other
    self.estimate = estimate
    self.pValue = pValue
  }
}

extension Table {
  /// Faults: `fault`, `item`, `with`, `quantity`, `n`, `estimate` with limits, `p_adjusted`, `note`.
  public init(faults rows: [ItemFault], level: Double) {
    let estimates = rows.map(\.estimate)
    self.init(
      name: "faults",
      caption: "Where the instrument breaks; quantity says what the estimate is.",
      columns: [
        Column("fault", .text(rows.map(\.kind.rawValue))),
        Column("item", .text(rows.map(\.item))), Column("with", .text(rows.map(\.other))),
        Column("quantity", .text(rows.map(\.kind.quantity))),
        Column("n", .integer(estimates.map(\.count))),
        Column("estimate", .real(estimates.map(\.value))),
        Column("conf_low", .real(estimates.map(\.lower)), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(estimates.map(\.upper)), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(rows.map { _ in level })),
        Column("p_adjusted", .real(rows.map(\.pValue)), style: .pValue),
        Column.notes(estimates.map(\.notes)),
      ])
  }
}

extension Table {
  /// Papers scored on few items: `paper`, `title`, `n_applicable`, `n_yes`, `score`; those of fewest first.
  public init(fewItems papers: [Int], of matrix: BinaryMatrix) {
    let scores = PaperScores(matrix)
    let rows = papers.sorted { (scores.applicable[$0], $0) < (scores.applicable[$1], $1) }
    self.init(
      name: "few_items", caption: "Papers whose score rests on few applicable items.",
      columns: [
        Column("paper", .text(rows.map { matrix.papers[$0].slug })),
        Column("title", .text(rows.map { matrix.papers[$0].title })),
        Column("n_applicable", .integer(rows.map { scores.applicable[$0] })),
        Column("n_yes", .integer(rows.map { scores.passed[$0] })),
        Column("score", .real(rows.map { scores.overall.values[$0] })),
      ])
  }
}

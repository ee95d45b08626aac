/// How the numbers of a corpus differ from those of an earlier state of it.
///
/// Papers that both states have are not counted as new evidence: see ``RateChange`` for rates,
/// patterns, gaps of pairs and tiers, and ``ScoreChange`` for the scores.
struct CorpusChange: Sendable {
  /// Papers that only the later state has.
  let added: [String]
  /// Papers that only the earlier state has.
  let removed: [String]
  /// Papers in both whose answers differ.
  let rescanned: [String]
  /// Papers in both.
  let shared: Int
  /// The differences of rates and patterns, later less earlier, by the name of the target.
  let differences: [String: RateDifference]
  /// What the gap of each pair was and is, with its difference; `nil` where an item is missing.
  let pairs: [Gap?]
  /// The differences of the distribution of scores, one for each of its quantities.
  let scores: [RateDifference]

  /// The difference of the two rates of a pair in the two states.
  struct Gap: Sendable, Equatable {
    /// Then.
    let old: Double?
    /// Now.
    let new: Double?
    /// The difference of the two.
    let difference: RateDifference
  }

  /// Compares two states.
  ///
  /// - Parameters:
  ///   - earlier: The earlier state.
  ///   - later: The later state.
  ///   - patterns: Patterns whose prevalence is compared.
  ///   - pairs: Pairs whose gaps are compared.
  ///   - input: How papers were sampled and intervals are made.
  init(
    from earlier: BinaryMatrix, to later: BinaryMatrix, patterns: [NamedPatterns.Pattern],
    pairs: [ItemPairs.Pair], input: ReportInput
  ) async throws {
    let union = CorpusUnion(earlier, later)
    added = union.added
    removed = union.removed
    rescanned = union.rescanned(earlier, later)
    shared = union.slugs.count - added.count - removed.count
    let settings = input.settings
    let design = try input.design(union.papers(earlier, later))
    let known = earlier.withModules(of: later)
    let changes = try await Self.changes(
      union, (known, Self.targets(of: known, patterns)), (later, Self.targets(of: later, patterns)),
      patterns, design, settings)
    differences = changes.mapValues(\.difference)
    self.pairs = pairs.map { pair in
      guard let visible = changes[pair.visible], let invisible = changes[pair.invisible]
      else { return nil }
      return Gap(visible, invisible)
    }
    let (old, new) = (PaperScores(earlier).overall.values, PaperScores(later).overall.values)
    scores = try await ScoreChange(
      earlier: union.oldRows.map { $0.flatMap { old[$0] } },
      later: union.newRows.map { $0.flatMap { new[$0] } }, design: design, tiers: settings.tiers,
      level: settings.level
    ).differences(
      Bootstrap(
        design: design, scheme: settings.scheme, replicates: settings.replicates,
        seed: settings.seed, jobs: settings.jobs))
  }

  /// The change of a rate with what gaps need of it.
  fileprivate struct Change: Sendable {
    var old: Double?
    var new: Double?
    var difference: RateDifference
    var influences: [Double]
  }

  /// The changes of all targets that both states have, by name.
  private static func changes(
    _ union: CorpusUnion, _ earlier: (matrix: BinaryMatrix, targets: [RateTarget]),
    _ later: (matrix: BinaryMatrix, targets: [RateTarget]), _ patterns: [NamedPatterns.Pattern],
    _ design: SamplingDesign, _ settings: ReportSettings
  ) async throws -> [String: Change] {
    let old = earlier.matrix.appending(earlier.matrix.answers(to: patterns))
    let new = later.matrix.appending(later.matrix.answers(to: patterns))
    let before = Dictionary(
      earlier.targets.map { ($0.columnName, $0) }, uniquingKeysWith: { first, _ in first })
    let both = later.targets.compactMap { target in
      before[target.columnName].map { (name: target.columnName, old: $0, new: target) }
    }
    let changes = try await concurrentMap(both, jobs: settings.jobs) { target in
      let (name, first, second) = target
      try Task.checkCancellation()
      let change = RateChange(
        earlier: union.cells(of: first, in: old, rows: \.oldRows),
        later: union.cells(of: second, in: new, rows: \.newRows), design: design,
        isSingleItem: first.items.count == 1 && second.items.count == 1, level: settings.level)
      return (
        name,
        Change(
          old: change.oldRate, new: change.newRate, difference: change.difference,
          influences: second.level == .item ? change.influences : [])
      )
    }
    return Dictionary(changes, uniquingKeysWith: { first, _ in first })
  }

  /// The targets of a report, and patterns as items after those of the matrix.
  private static func targets(
    of matrix: BinaryMatrix, _ patterns: [NamedPatterns.Pattern]
  ) -> [RateTarget] {
    ReportAnalysis.targets(of: matrix)
      + patterns.enumerated().map { index, pattern in
        RateTarget(
          level: .item, category: BinaryMatrix.patternCategory, term: pattern.name,
          items: [matrix.items.count + index])
      }
  }
}

extension CorpusChange.Gap {
  /// The change of the gap between two rates of the same papers.
  fileprivate init(_ visible: CorpusChange.Change, _ invisible: CorpusChange.Change) {
    func gap(_ rate: KeyPath<CorpusChange.Change, Double?>) -> Double? {
      guard let first = visible[keyPath: rate], let second = invisible[keyPath: rate] else {
        return nil
      }
      return first - second
    }
    old = gap(\.old)
    new = gap(\.new)
    if visible.difference.isUnchanged, invisible.difference.isUnchanged {
      difference = .unchanged
    } else if let first = visible.difference.limited, let second = invisible.difference.limited {
      difference = RateDifference(
        first.less(
          second,
          correlation: RatioOfSums.correlation(visible.influences, invisible.influences)))
    } else {
      difference = RateDifference(estimate: nil, note: "never-applicable")
    }
  }
}

extension BinaryMatrix {
  /// These items followed by those of another matrix of the same papers.
  fileprivate func appending(_ other: BinaryMatrix) -> BinaryMatrix {
    BinaryMatrix(
      papers: papers, items: items + other.items, yes: yes.appending(other.yes),
      applies: applies.appending(other.applies), asked: asked.appending(other.asked))
  }

  /// The matrix with the modules that another one knows; a table of answers does not have them.
  fileprivate func withModules(of other: BinaryMatrix) -> BinaryMatrix {
    let modules = Dictionary(
      other.items.map { ($0.id, $0.module) }, uniquingKeysWith: { first, _ in first })
    return BinaryMatrix(
      papers: papers,
      items: items.map {
        Item(id: $0.id, label: $0.label, module: modules[$0.id] ?? $0.module)
      }, yes: yes, applies: applies, asked: asked)
  }
}

/// How the numbers of a corpus differ from those of an earlier state of it.
///
/// Papers that both states have are not counted as new evidence: see `RateChange` for rates,
/// patterns, gaps of pairs and tiers, and `ScoreChange` for the scores. Both states are taken from
/// their answers, by the definitions of this library.
public struct CorpusChange: Sendable {
  /// Papers that only the later state has.
  public let added: [String]
  /// Papers that only the earlier state has.
  public let removed: [String]
  /// Papers in both that are scanned by another version of the instrument than before.
  public let reversioned: [String]
  /// Papers in both that are rated by someone else than before, with the same version.
  public let rerated: [String]
  /// Papers in both of the same version and rater whose answers differ.
  public let rescanned: [String]
  /// Papers in both.
  public let shared: Int
  /// The differences of rates and patterns, later less earlier, by the name of the target.
  public let differences: [String: Estimate]
  /// What the gap of each pair was and is, with its difference; `nil` where an item is missing.
  public let pairs: [Gap?]
  /// The differences of the distribution of scores, one for each of its quantities.
  public let scores: [Estimate]

  /// The difference of the two rates of a pair in the two states.
  public struct Gap: Sendable, Equatable {
    /// Then.
    public let old: Double?
    /// Now.
    public let new: Double?
    /// The difference of the two.
    public let difference: Estimate
  }

  fileprivate init(
    from earlier: BinaryMatrix, to later: BinaryMatrix, _ changes: Changes,
    design: @Sendable (BinaryMatrix) throws -> SamplingDesign, _ run: Run
  ) async throws {
    let union = CorpusUnion(earlier, later)
    added = union.added
    removed = union.removed
    reversioned = union.changed(earlier, later) { "\($0.version ?? 0)" }
    let others = Set(reversioned)
    rerated = union.changed(earlier, later) { $0.rater ?? "" }
      .filter { !others.contains($0) }
    let known = others.union(rerated)
    rescanned = union.rescanned(earlier, later).filter { !known.contains($0) }
    shared = union.slugs.count - added.count - removed.count
    let sampling = try design(union.papers(earlier, later))
    let before = earlier.withModules(of: later)
    let found = try await changes.rates(
      union, (before, changes.allTargets(of: before)), (later, changes.allTargets(of: later)),
      sampling, run)
    differences = found.mapValues(\.difference)
    pairs = changes.pairs.map { pair in
      guard let visible = found[pair.first], let invisible = found[pair.second]
      else { return nil }
      return Gap(visible, invisible)
    }
    let (old, new) = (PaperScores(earlier).overall.values, PaperScores(later).overall.values)
    var bootstrap = run.bootstrap(sampling)
    bootstrap.replicates = 0..<(run.replicates ?? Changes.usualReplicates)
    scores = try await ScoreChange(
      earlier: union.oldRows.map { $0.flatMap { old[$0] } },
      later: union.newRows.map { $0.flatMap { new[$0] } }, design: sampling, tiers: changes.tiers,
      level: changes.level
    ).differences(bootstrap)
  }
}

/// How a corpus differs from an earlier state of it: rates, patterns, gaps of pairs, scores.
///
/// Both states are estimated from their answers, so that a number whose definition has changed since is
/// not taken for a change of the papers.
public struct Changes: Sendable {
  /// The replicates unless a run says another number.
  static let usualReplicates = 9_999

  /// The confidence level.
  public var level: Double
  /// The bands of scores.
  public var tiers: Tiers
  /// The rates that are compared, of either state.
  public var targets: @Sendable (BinaryMatrix) -> [RateTarget]
  /// Patterns whose prevalence is compared.
  public var patterns: [NamedPatterns.Pattern]
  /// Pairs of items, by their full names, whose gaps are compared.
  public var pairs: [Pairs.Pair]

  /// Asks for the changes of items, categories, modules and everything, unless other rates are named.
  public init(
    level: Double = 0.95, tiers: Tiers = .standard, patterns: [NamedPatterns.Pattern] = [],
    pairs: [Pairs.Pair] = [],
    targets: @escaping @Sendable (BinaryMatrix) -> [RateTarget] = {
      RateTarget.all(in: $0, levels: Set(RateTarget.Level.allCases))
    }
  ) {
    self.level = level
    self.tiers = tiers
    self.patterns = patterns
    self.pairs = pairs
    self.targets = targets
  }

  /// Compares two states.
  ///
  /// - Parameters:
  ///   - earlier: The earlier state.
  ///   - later: The later state.
  ///   - design: How the papers of both together were sampled.
  ///   - run: How replicates are drawn.
  public func estimate(
    from earlier: BinaryMatrix, to later: BinaryMatrix,
    design: @Sendable (BinaryMatrix) throws -> SamplingDesign = {
      SamplingDesign(paperCount: $0.papers.count)
    }, run: Run = Run()
  ) async throws -> CorpusChange {
    try await CorpusChange(from: earlier, to: later, self, design: design, run)
  }

  /// The change of a rate with what gaps need of it.
  fileprivate struct Change: Sendable {
    var old: Double?
    var new: Double?
    var difference: Estimate
    var influences: [Double]
  }

  /// The changes of all targets that both states have, by name.
  fileprivate func rates(
    _ union: CorpusUnion, _ earlier: (matrix: BinaryMatrix, targets: [RateTarget]),
    _ later: (matrix: BinaryMatrix, targets: [RateTarget]), _ design: SamplingDesign, _ run: Run
  ) async throws -> [String: Change] {
    let old = earlier.matrix.appending(try earlier.matrix.answers(to: patterns))
    let new = later.matrix.appending(try later.matrix.answers(to: patterns))
    let before = Dictionary(
      earlier.targets.map { ($0.columnName, $0) }, uniquingKeysWith: { first, _ in first })
    let stack = union.stacked(old, new, design)
    let pairs = later.targets.compactMap { target in
      before[target.columnName].map { (name: target.columnName, old: $0, new: target) }
    }
    let changes = try await concurrentMap(pairs, jobs: run.jobs) { target in
      let (name, first, second) = target
      try Task.checkCancellation()
      let change = RateChange(
        earlier: union.cells(of: first, in: old, rows: \.oldRows),
        later: union.cells(of: second, in: new, rows: \.newRows), design: design,
        isSingleItem: first.items.count == 1 && second.items.count == 1, level: level)
      var difference = change.difference
      if second.level != .item, !difference.isUnchanged {
        let ids = (
          Set(first.items.map { old.items[$0].id }), Set(second.items.map { new.items[$0].id })
        )
        if ids.0 != ids.1 {
          difference = sameItems(stack, ids.0.intersection(ids.1))
        }
      }
      return (
        name,
        Change(
          old: change.oldRate, new: change.newRate, difference: difference,
          influences: second.level == .item ? change.influences : [])
      )
    }
    return Dictionary(changes, uniquingKeysWith: { first, _ in first })
  }

  /// The difference over the items that both states have, item by item (see ``ItemMix``): a state that
  /// was asked other items too differs though no item does.
  private func sameItems(_ stack: CorpusUnion.Stack, _ ids: Set<ItemID>) -> Estimate {
    let items = stack.matrix.items.indices.filter { ids.contains(stack.matrix.items[$0].id) }
    let mix = ItemMix(
      stack.matrix, items: items, groups: [stack.later, stack.earlier], design: stack.design)
    guard let contrast = DesignContrast(mix, 0, 1) else {
      return Estimate(nil, notes: [.noCommonItem])
    }
    let score = contrast.score()
    let limits = score.differenceLimits(level: level)
    return Estimate(
      score.difference, lower: limits.lower, upper: limits.upper, level: level,
      notes: [.itemsOfBoth(mix.mixedItems.count)])
  }

  /// The targets, and patterns as items after those of the matrix.
  fileprivate func allTargets(of matrix: BinaryMatrix) -> [RateTarget] {
    targets(matrix)
      + patterns.enumerated().map { index, pattern in
        RateTarget(
          level: .item, category: BinaryMatrix.patternCategory, term: pattern.name,
          items: [matrix.items.count + index])
      }
  }
}

extension CorpusChange.Gap {
  /// The change of the gap between two rates of the same papers.
  fileprivate init(_ visible: Changes.Change, _ invisible: Changes.Change) {
    func gap(_ rate: KeyPath<Changes.Change, Double?>) -> Double? {
      guard let first = visible[keyPath: rate], let second = invisible[keyPath: rate] else {
        return nil
      }
      return first - second
    }
    old = gap(\.old)
    new = gap(\.new)
    if visible.difference.isUnchanged, invisible.difference.isUnchanged {
      difference = .unchanged
    } else if let first = visible.difference.term, let second = invisible.difference.term {
      difference = first.minus(
        second, correlation: RatioOfSums.correlation(visible.influences, invisible.influences))
    } else {
      difference = Estimate(nil, notes: [.neverApplicable])
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
  public func withModules(of other: BinaryMatrix) -> BinaryMatrix {
    let modules = Dictionary(
      other.items.map { ($0.id, $0.module) }, uniquingKeysWith: { first, _ in first })
    return replacing(
      items: items.map {
        Item(id: $0.id, label: $0.label, module: modules[$0.id] ?? $0.module)
      })
  }
}

extension Note {
  /// A difference over the items that both states have, and their number.
  static func itemsOfBoth(_ count: Int) -> Note {
    Note("items-of-both", detail: "\(count)", effect: .remark)
  }
  /// The items apply to no paper of a state.
  static let neverApplicable = Note(Unanswered.neverApplicable.rawValue, effect: .noValue)
}

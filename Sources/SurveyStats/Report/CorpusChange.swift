/// How the numbers of a corpus differ from those of an earlier state of it.
///
/// The two states are put side by side in one matrix: a row for every paper of either, the items of
/// the earlier state and those of the later one in columns of their own. Cells of papers that a
/// state does not have are absent. A bootstrap draw of rows then draws a paper in both states or in
/// neither, so that the difference of two numbers keeps the dependence of what is shared. The
/// scores of the two states are drawn in the same way.
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
    let union = Union(earlier, later)
    added = union.added
    removed = union.removed
    rescanned = union.rescanned(earlier, later)
    shared = union.slugs.count - added.count - removed.count
    let known = earlier.withModules(of: later)
    let old = known.appending(known.answers(to: patterns))
    let new = later.appending(later.answers(to: patterns))
    let both = union.matrix(old, new)
    let before =
      ReportAnalysis.targets(of: known) + Self.targets(of: patterns, from: known.items.count)
    let after =
      ReportAnalysis.targets(of: later) + Self.targets(of: patterns, from: later.items.count)
    let moved = after.map { target in
      RateTarget(
        level: target.level, category: target.category, term: target.term,
        items: target.items.map { $0 + old.items.count })
    }
    let design = try input.design(both)
    let settings = input.settings
    let bootstrap = Bootstrap(
      design: design, scheme: settings.scheme, replicates: settings.replicates,
      seed: settings.seed, jobs: settings.jobs)
    let sample = try await bootstrap(RateStatistic(both, targets: before + moved, design: design))
    let position = { (targets: [RateTarget]) in
      Dictionary(
        targets.enumerated().map { ($1.columnName, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let (beforePosition, afterPosition) = (position(before), position(after))
    let columns = { (name: String) -> (old: Int, new: Int)? in
      guard let old = beforePosition[name], let new = afterPosition[name] else { return nil }
      return (old, before.count + new)
    }
    var differences: [String: RateDifference] = [:]
    for target in after {
      guard let column = columns(target.columnName) else { continue }
      differences[target.columnName] = RateDifference(
        sample, first: column.old, second: column.new, level: settings.level)
    }
    self.differences = differences
    self.pairs = pairs.map { pair in
      guard let visible = columns(pair.visible), let invisible = columns(pair.invisible)
      else { return nil }
      let gaps = sample.joined([
        sample.difference(visible.old, less: invisible.old),
        sample.difference(visible.new, less: invisible.new),
      ])
      return Gap(
        old: gaps.original[0].isNaN ? nil : gaps.original[0],
        new: gaps.original[1].isNaN ? nil : gaps.original[1],
        difference: RateDifference(gaps, first: 0, second: 1, level: settings.level))
    }
    scores = try await Self.scores(union, earlier, later, bootstrap, settings)
  }

  /// Patterns as targets, whose columns start at a position.
  private static func targets(
    of patterns: [NamedPatterns.Pattern], from first: Int
  ) -> [RateTarget] {
    patterns.enumerated().map { index, pattern in
      RateTarget(
        level: .item, category: BinaryMatrix.patternCategory, term: pattern.name,
        items: [first + index])
    }
  }

  /// The differences of the quantities of the distribution of scores.
  private static func scores(
    _ union: Union, _ earlier: BinaryMatrix, _ later: BinaryMatrix, _ bootstrap: Bootstrap,
    _ settings: ReportSettings
  ) async throws -> [RateDifference] {
    let (old, new) = (PaperScores(earlier).overall.values, PaperScores(later).overall.values)
    let samples = [
      try await bootstrap(
        ScoreDistribution(
          scores: union.oldRows.map { $0.flatMap { old[$0] } }, design: bootstrap.design,
          tiers: settings.tiers)),
      try await bootstrap(
        ScoreDistribution(
          scores: union.newRows.map { $0.flatMap { new[$0] } }, design: bootstrap.design,
          tiers: settings.tiers)),
    ]
    let count = samples[0].original.count
    let both = BootstrapSample(
      original: samples[0].original + samples[1].original,
      replicates: DenseMatrix(
        rows: samples[0].replicateCount, columns: 2 * count,
        elements: samples[0].replicates.elements + samples[1].replicates.elements))
    return (0..<count).map { quantity in
      RateDifference(both, first: quantity, second: count + quantity, level: settings.level)
    }
  }
}

/// The papers of two states of a corpus, each with its row in either; of papers with several rows
/// the first counts.
private struct Union {
  let slugs: [String]
  let oldRows: [Int?]
  let newRows: [Int?]

  init(_ earlier: BinaryMatrix, _ later: BinaryMatrix) {
    let rows = { (matrix: BinaryMatrix) in
      Dictionary(
        matrix.papers.enumerated().map { ($1.slug, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let (old, new) = (rows(earlier), rows(later))
    slugs = Set(old.keys).union(new.keys).sorted()
    oldRows = slugs.map { old[$0] }
    newRows = slugs.map { new[$0] }
  }

  var added: [String] { slugs.indices.filter { oldRows[$0] == nil }.map { slugs[$0] } }
  var removed: [String] { slugs.indices.filter { newRows[$0] == nil }.map { slugs[$0] } }

  /// The papers in both of which a cell of any item differs.
  func rescanned(_ earlier: BinaryMatrix, _ later: BinaryMatrix) -> [String] {
    let column = { (matrix: BinaryMatrix) in
      Dictionary(
        matrix.items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let (old, new) = (column(earlier), column(later))
    let columns = Set(old.keys).union(new.keys).map { (old[$0], new[$0]) }
    return slugs.indices.filter { index in
      guard let before = oldRows[index], let after = newRows[index] else { return false }
      return columns.contains { old, new in
        (old.map { earlier[before, $0] } ?? .absent) != (new.map { later[after, $0] } ?? .absent)
      }
    }.map { slugs[$0] }
  }

  /// Both states side by side.
  func matrix(_ earlier: BinaryMatrix, _ later: BinaryMatrix) -> BinaryMatrix {
    let width = earlier.items.count
    return BinaryMatrix(
      papers: slugs.indices.map { index in
        newRows[index].map { later.papers[$0] } ?? oldRows[index].map { earlier.papers[$0] }
          ?? Paper(slug: slugs[index])
      }, items: earlier.items + later.items
    ) { row, column in
      if column < width { return oldRows[row].map { earlier[$0, column] } ?? .absent }
      return newRows[row].map { later[$0, column - width] } ?? .absent
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

extension BootstrapSample {
  /// A quantity less another one, replicate by replicate.
  fileprivate func difference(_ first: Int, less second: Int) -> (Double, [Double]) {
    (
      original[first] - original[second],
      zip(values(of: first), values(of: second)).map { $0 - $1 }
    )
  }

  /// A sample of derived quantities.
  fileprivate func joined(_ quantities: [(Double, [Double])]) -> BootstrapSample {
    BootstrapSample(
      original: quantities.map(\.0),
      replicates: DenseMatrix(
        rows: replicateCount, columns: quantities.count, elements: quantities.flatMap(\.1)))
  }
}

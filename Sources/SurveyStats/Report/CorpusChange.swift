/// How the rates of a corpus differ from those of an earlier state of it.
///
/// The two states are put side by side in one matrix: a row for every paper of either, the items of
/// the earlier state and those of the later one in columns of their own. Cells of papers that a
/// state does not have are absent. A bootstrap draw of rows then draws a paper in both states or in
/// neither, so that the difference of the rates keeps the dependence of what is shared.
struct CorpusChange: Sendable {
  /// Papers that only the later state has.
  let added: [String]
  /// Papers that only the earlier state has.
  let removed: [String]
  /// Papers in both whose answers differ.
  let rescanned: [String]
  /// Papers in both.
  let shared: Int
  /// The differences of the rates, later less earlier, by the name of the target.
  let differences: [String: RateDifference]

  /// Compares two states.
  init(
    from earlier: BinaryMatrix, to later: BinaryMatrix, settings: ReportSettings
  ) async throws {
    let old = Self.firstRows(of: earlier)
    let new = Self.firstRows(of: later)
    let slugs = Set(old.keys).union(new.keys).sorted()
    added = slugs.filter { old[$0] == nil }
    removed = slugs.filter { new[$0] == nil }
    shared = slugs.count - added.count - removed.count
    let laterColumns = Dictionary(
      later.items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let earlierColumns = Dictionary(
      earlier.items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let ids = Set(laterColumns.keys).union(earlierColumns.keys)
    rescanned = slugs.filter { slug in
      guard let a = old[slug], let b = new[slug] else { return false }
      return ids.contains { id in
        let before = earlierColumns[id].map { earlier[a, $0] } ?? .absent
        let after = laterColumns[id].map { later[b, $0] } ?? .absent
        return before != after
      }
    }
    let width = earlier.items.count
    let both = BinaryMatrix(
      papers: slugs.map { Paper(slug: $0) }, items: earlier.items + later.items
    ) { row, column in
      if column < width { return old[slugs[row]].map { earlier[$0, column] } ?? .absent }
      return new[slugs[row]].map { later[$0, column - width] } ?? .absent
    }
    let before = RateTarget.all(in: earlier, levels: [.item, .category, .overall])
    let after = RateTarget.all(in: later, levels: [.item, .category, .overall])
    let position = Dictionary(
      before.enumerated().map { ($1.columnName, $0) }, uniquingKeysWith: { first, _ in first })
    let moved = after.map { target in
      RateTarget(
        level: target.level, category: target.category, term: target.term,
        items: target.items.map { $0 + width })
    }
    let design = SamplingDesign(paperCount: slugs.count)
    let sample = try await Bootstrap(
      design: design, scheme: settings.scheme, replicates: settings.replicates,
      seed: settings.seed, jobs: settings.jobs
    )(RateStatistic(both, targets: before + moved, design: design))
    var differences: [String: RateDifference] = [:]
    for (index, target) in after.enumerated() {
      guard let first = position[target.columnName] else { continue }
      differences[target.columnName] = RateDifference(
        sample, first: first, second: before.count + index, level: settings.level)
    }
    self.differences = differences
  }

  /// The first row of each paper.
  private static func firstRows(of matrix: BinaryMatrix) -> [String: Int] {
    Dictionary(
      matrix.papers.enumerated().map { ($1.slug, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

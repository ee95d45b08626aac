/// Which papers and items of a matrix take part in an analysis.
///
/// Conditions of different kinds must all hold; of several values of one kind (two tags, two
/// venues) one is enough. Metadata are compared without regard to case, venues also without regard to
/// their spelling (`arXiv.org` is `arXiv`). A paper without a year is
/// left out as soon as years are asked for.
public struct Selection: Sendable, Equatable {
  /// Modules to keep; empty keeps all.
  public var modules: [String] = []
  /// Categories to keep, as patterns; empty keeps all.
  public var categories: [GlobPattern] = []
  /// Items to keep, as patterns over `category.name` or the bare name; empty keeps all.
  public var items: [GlobPattern] = []
  /// Items to leave out.
  public var excludedItems: [GlobPattern] = []
  /// Tags of which a paper must have at least one; empty keeps all.
  public var tags: [String] = []
  /// Paper types to keep; empty keeps all.
  public var types: [String] = []
  /// Venues to keep; empty keeps all.
  public var venues: [String] = []
  /// The first year to keep.
  public var since: Int?
  /// The last year to keep.
  public var until: Int?
  /// Slugs of papers to leave out.
  public var excludedPapers: Set<String> = []

  /// Creates a selection that keeps everything.
  public init() {}

  /// Why a selection cannot be made.
  public enum SelectionError: Error, Equatable, CustomStringConvertible {
    /// A name or pattern fits nothing in the matrix.
    case noMatch(kind: String, name: String, nearest: [String])
    /// A name fits no paper and resembles none of the names of papers.
    case unknown(kind: String, name: String, known: [String])

    /// One sentence with the nearest names, or where none is near with the first of all.
    public var description: String {
      switch self {
      case .noMatch(let kind, let name, let nearest):
        "no \(kind) is called '\(name)'" + NearestNames.suggestion(of: nearest)
      case .unknown(let kind, let name, let known) where known.isEmpty:
        "no \(kind) is called '\(name)'; no paper states a \(kind)"
      case .unknown(let kind, let name, let known):
        "no \(kind) is called '\(name)'; papers have \(known.prefix(8).joined(separator: ", "))"
          + (known.count > 8 ? " and \(known.count - 8) others" : "")
      }
    }
  }

  /// The selected part of a matrix.
  ///
  /// Every item, category and module named must exist, so that a typing error never silently
  /// analyses nothing; tags, types and venues must occur in at least one paper. Slugs to exclude
  /// need not occur.
  public func applied(to matrix: BinaryMatrix) throws(SelectionError) -> BinaryMatrix {
    let columns = try items(of: matrix)
    let rows = try papers(of: matrix)
    var result = matrix
    if columns.count < matrix.items.count { result = result.selecting(items: columns) }
    if rows.count < matrix.papers.count { result = result.selecting(papers: rows) }
    return result
  }

  /// The columns that the selection keeps.
  public func items(of matrix: BinaryMatrix) throws(SelectionError) -> [Int] {
    let all = matrix.items
    for module in modules where !all.contains(where: { $0.module == module }) {
      throw Self.noMatch("module", module, among: all.map(\.module))
    }
    for category in categories
    where !all.contains(where: { category.matches($0.id.category) }) {
      throw Self.noMatch("category", category.description, among: all.map(\.id.category))
    }
    for item in items + excludedItems where !all.contains(where: { Self.fits(item, $0.id) }) {
      throw Self.noMatch("item", item.description, among: all.map(\.id.description))
    }
    return all.indices.filter { index in
      let item = all[index]
      return (modules.isEmpty || modules.contains(item.module))
        && (categories.isEmpty || categories.contains { $0.matches(item.id.category) })
        && (items.isEmpty || items.contains { Self.fits($0, item.id) })
        && !excludedItems.contains { Self.fits($0, item.id) }
    }
  }

  /// The rows that the selection keeps.
  public func papers(of matrix: BinaryMatrix) throws(SelectionError) -> [Int] {
    let venues = venues.map { Venue.normalized($0) ?? $0 }
    for (kind, wanted) in [("tag", tags), ("type", types), ("venue", venues)]
    where !wanted.isEmpty {
      let column: MetadataColumn = kind == "tag" ? .tags : kind == "type" ? .type : .venue
      let known = Set(matrix.papers.flatMap { column.values(of: $0) })
      let folded = Set(known.map { $0.lowercased() })
      for name in wanted where !folded.contains(name.lowercased()) {
        let nearest = NearestNames(known).nearest(to: name)
        throw nearest.isEmpty
          ? .unknown(kind: kind, name: name, known: known.sorted())
          : .noMatch(kind: kind, name: name, nearest: nearest)
      }
    }
    let keepsAll =
      tags.isEmpty && types.isEmpty && venues.isEmpty && since == nil && until == nil
      && excludedPapers.isEmpty
    if keepsAll { return Array(matrix.papers.indices) }
    return matrix.papers.indices.filter { index in
      let paper = matrix.papers[index]
      return (tags.isEmpty || Self.contains(tags, anyOf: paper.tags))
        && (types.isEmpty || Self.contains(types, anyOf: paper.type.map { [$0] } ?? []))
        && (venues.isEmpty
          || Self.contains(venues, anyOf: MetadataColumn.venue.values(of: paper)))
        && (since.map { paper.year ?? Int.min >= $0 } ?? true)
        && (until.map { paper.year ?? Int.max <= $0 } ?? true)
        && (excludedPapers.isEmpty || !excludedPapers.contains(paper.slug))
    }
  }

  private static func contains(_ wanted: [String], anyOf values: [String]) -> Bool {
    guard !wanted.isEmpty else { return true }
    let folded = values.map { $0.lowercased() }
    return wanted.contains { folded.contains($0.lowercased()) }
  }

  private static func fits(_ pattern: GlobPattern, _ id: ItemID) -> Bool {
    pattern.matches(id.description) || pattern.matches(id.name)
  }

  private static func noMatch(
    _ kind: String, _ name: String, among names: some Sequence<String>
  ) -> SelectionError {
    .noMatch(kind: kind, name: name, nearest: NearestNames(names).nearest(to: name))
  }
}

/// The papers of two states of a corpus, each with its row in either; of papers with several rows
/// the first counts.
struct CorpusUnion: Sendable {
  /// The names of all papers, in order.
  let slugs: [String]
  /// The row of each paper in the earlier state; `nil` where it is not in it.
  let oldRows: [Int?]
  /// The row of each paper in the later state.
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

  /// Papers that only the later state has.
  var added: [String] { slugs.indices.filter { oldRows[$0] == nil }.map { slugs[$0] } }
  /// Papers that only the earlier state has.
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

  /// What is known of all papers, of those in both as in the later state; without answers.
  func papers(_ earlier: BinaryMatrix, _ later: BinaryMatrix) -> BinaryMatrix {
    BinaryMatrix(
      papers: slugs.indices.map { index in
        newRows[index].map { later.papers[$0] } ?? oldRows[index].map { earlier.papers[$0] }
          ?? Paper(slug: slugs[index])
      }, items: []
    ) { _, _ in .absent }
  }

  /// The cells of a target in a state, by paper of the union.
  func cells(
    of target: RateTarget, in matrix: BinaryMatrix, rows: KeyPath<CorpusUnion, [Int?]>
  ) -> RateChange.Cells {
    let yes = matrix.yes.rowCounts(columns: target.items)
    let applicable = matrix.applies.rowCounts(columns: target.items)
    let rows = self[keyPath: rows]
    return RateChange.Cells(
      yes: rows.map { $0.map { yes[$0] } ?? 0 },
      applicable: rows.map { $0.map { applicable[$0] } ?? 0 })
  }
}

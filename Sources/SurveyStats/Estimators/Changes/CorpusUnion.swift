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

  /// The papers in both for which something said of a paper differs.
  func changed(
    _ earlier: BinaryMatrix, _ later: BinaryMatrix, _ value: (Paper) -> String
  ) -> [String] {
    slugs.indices.filter { index in
      guard let before = oldRows[index], let after = newRows[index] else { return false }
      return value(earlier.papers[before]) != value(later.papers[after])
    }.map { slugs[$0] }
  }

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

  /// The rows of both states in one matrix of the items that both have, a paper of both being a cluster.
  struct Stack: Sendable {
    let matrix: BinaryMatrix
    let earlier: [Int]
    let later: [Int]
    let design: SamplingDesign
  }

  /// Stacks the two states under the design of the union; strata play no part.
  func stacked(_ old: BinaryMatrix, _ new: BinaryMatrix, _ design: SamplingDesign) -> Stack {
    let before = Dictionary(
      old.items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let columns = new.items.indices.compactMap { column in
      before[new.items[column].id].map { (old: $0, new: column) }
    }
    let first = slugs.indices.filter { oldRows[$0] != nil }
    let second = slugs.indices.filter { newRows[$0] != nil }
    let members = first + second
    let matrix = BinaryMatrix(
      papers: first.compactMap { oldRows[$0].map { old.papers[$0] } }
        + second.compactMap { newRows[$0].map { new.papers[$0] } },
      items: columns.map { new.items[$0.new] }
    ) { row, column in
      row < first.count
        ? oldRows[first[row]].map { old[$0, columns[column].old] } ?? .absent
        : newRows[second[row - first.count]].map { new[$0, columns[column].new] } ?? .absent
    }
    let weights = design.weights.map { weights in members.map { weights[$0] } }
    let sampling = try? SamplingDesign(
      paperCount: members.count, clusters: members.map { "\(design.unitOfPaper[$0])" },
      weights: weights)
    return Stack(
      matrix: matrix, earlier: Array(first.indices),
      later: Array(first.count..<members.count),
      design: sampling ?? SamplingDesign(paperCount: members.count))
  }
}

extension BinaryMatrix {
  /// Joins the matrices of different papers, such as those of the shares of a corpus.
  ///
  /// Rows are sorted by paper, version and rater. An item that a matrix does not have was never asked of
  /// its papers. Items stand in the order in which the papers were asked them first, and in the
  /// order of their matrix where a paper was asked several first; then come items that no paper was
  /// asked, by name; all category by category. So the order of the matrices does not matter.
  ///
  /// - Throws: `MatrixJoinError` when a paper stands in two matrices.
  public static func joining(
    _ parts: [(name: String, matrix: BinaryMatrix)]
  ) throws(MatrixJoinError) -> BinaryMatrix {
    let owners = parts.enumerated().flatMap { part, named in
      named.matrix.papers.indices.map { (part: part, row: $0) }
    }
    let papers = owners.map { parts[$0.part].matrix.papers[$0.row] }
    let order = papers.sortedRows
    for (row, next) in zip(order, order.dropFirst())
    where papers[row].isSameRow(as: papers[next]) {
      throw MatrixJoinError(
        row: papers[row].row, first: parts[owners[row].part].name,
        second: parts[owners[next].part].name)
    }
    var known: Set<ItemID> = []
    var items: [Item] = []
    func add(_ item: Item) {
      if known.insert(item.id).inserted { items.append(item) }
    }
    var isKnown = parts.map { [Bool](repeating: false, count: $0.matrix.items.count) }
    for row in order {
      let (part, paper) = owners[row]
      let matrix = parts[part].matrix
      for column in matrix.items.indices
      where !isKnown[part][column] && matrix.asked[paper, column] {
        isKnown[part][column] = true
        add(matrix.items[column])
      }
    }
    parts.flatMap(\.matrix.items).sorted { $0.id < $1.id }.forEach(add)
    items = items.groupedByCategory(\.id)
    let columns = Dictionary(
      items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let sources = parts.map { part in
      var sources = [Int?](repeating: nil, count: items.count)
      for (column, item) in part.matrix.items.enumerated() {
        if let target = columns[item.id] { sources[target] = column }
      }
      return sources
    }
    let joined = BinaryMatrix(papers: order.map { papers[$0] }, items: items) { row, item in
      let owner = owners[order[row]]
      return sources[owner.part][item].map { parts[owner.part].matrix[owner.row, $0] } ?? .absent
    }
    guard parts.contains(where: { !$0.matrix.credits.isEmpty }) else { return joined }
    var rows = parts.map { [Int](repeating: 0, count: $0.matrix.papers.count) }
    for (place, row) in order.enumerated() { rows[owners[row].part][owners[row].row] = place }
    return joined.crediting(
      parts.enumerated().flatMap { number, part in
        part.matrix.credits.compactMap { credit in
          columns[part.matrix.items[credit.item].id].map {
            PartialCredit(paper: rows[number][credit.paper], item: $0, share: credit.share)
          }
        }
      })
  }
}

extension Array {
  /// The elements category by category, in the order in which each category comes first.
  func groupedByCategory(_ id: (Element) -> ItemID) -> [Element] {
    var numbers: [String: Int] = [:]
    var groups: [[Element]] = []
    for element in self {
      let category = id(element).category
      if let number = numbers[category] {
        groups[number].append(element)
      } else {
        numbers[category] = groups.count
        groups.append([element])
      }
    }
    return groups.flatMap { $0 }
  }
}

/// A row stands in two matrices.
public struct MatrixJoinError: Error, Equatable, CustomStringConvertible {
  /// The row.
  public let row: RowID
  /// The matrix that has it.
  public let first: String
  /// The other matrix that has it.
  public let second: String

  /// Names the row and the matrices.
  public init(row: RowID, first: String, second: String) {
    self.row = row
    self.first = first
    self.second = second
  }

  /// One line that says what is wrong and what to do.
  public var description: String {
    first == second
      ? "\(first) is named twice; name it once"
      : "\(first) and \(second) both hold the paper \(row); take it out of one, or tell the rows apart in "
        + "a rater column"
  }
}

extension BinaryMatrix {
  /// A metadata column that no paper has a value in.
  public struct UnknownColumn: Error, Equatable {
    /// The name asked for.
    public let name: String
  }

  /// The papers that share a value of a metadata column, groups in ascending order.
  ///
  /// Numbers are ordered as numbers and come before text. A paper with several values (tags) is in
  /// several groups, one without a value in none.
  public func groups(of column: String) throws(UnknownColumn) -> [(name: String, papers: [Int])] {
    var members: [String: [Int]] = [:]
    for (row, paper) in papers.enumerated() {
      for value in Set(paper.values(of: column)) { members[value, default: []].append(row) }
    }
    guard !members.isEmpty else { throw UnknownColumn(name: column) }
    let names = members.keys.sorted { left, right in
      let (a, b) = (Self.number(left), Self.number(right))
      return (a, left) < (b, right)
    }
    return names.map { ($0, members[$0] ?? []) }
  }

  /// The one group of every paper by a metadata column, for comparisons that need groups without
  /// common papers, and the number of papers whose further values are left aside.
  ///
  /// A paper with several values is in the group of the first, one without a value in none.
  public func disjointGroups(
    of column: String
  ) throws(UnknownColumn) -> (labels: [String?], severalCount: Int) {
    let values = papers.map { $0.values(of: column) }
    guard values.contains(where: { !$0.isEmpty }) else { throw UnknownColumn(name: column) }
    return (values.map(\.first), values.count { Set($0).count > 1 })
  }

  /// The cluster of every row, those of one label being drawn and counted together; `nil` when
  /// every row stands for itself.
  ///
  /// Rows of one paper are always one cluster. Papers with the same values in a metadata column, all of
  /// them where there are several, are one too, so that a cluster holds everything that is linked by
  /// either; a paper without a value is one by itself. Cost: near linear in the rows.
  public func clusters(of column: String?) throws(UnknownColumn) -> [String]? {
    let slugs = SlugNumbers(papers)
    let isRepeated = slugs.count < papers.count
    guard let column else { return isRepeated ? papers.map(\.slug) : nil }
    guard papers.contains(where: { !$0.values(of: column).isEmpty }) else {
      throw UnknownColumn(name: column)
    }
    let labels = papers.map { paper in
      let values = paper.values(of: column)
      return values.isEmpty
        ? "missing " + paper.slug : "value " + values.sorted().joined(separator: ";")
    }
    guard isRepeated else { return labels }
    var union = DisjointSets(count: papers.count)
    var (firstOfLabel, firstOfSlug) = ([String: Int](), [Int?](repeating: nil, count: slugs.count))
    for row in papers.indices {
      if let first = firstOfLabel[labels[row]] { union.join(first, row) }
      if let first = firstOfSlug[slugs.ofRow[row]] { union.join(first, row) }
      firstOfLabel[labels[row]] = row
      firstOfSlug[slugs.ofRow[row]] = row
    }
    return papers.indices.map { labels[union.root($0)] }
  }

  /// The number that a value is written as; infinity for text.
  private static func number(_ text: String) -> Double {
    guard let number = Double(text), number.isFinite else { return .infinity }
    return number
  }
}

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

  /// The number that a value is written as; infinity for text.
  private static func number(_ text: String) -> Double {
    guard let number = Double(text), number.isFinite else { return .infinity }
    return number
  }
}

/// Named numeric columns with one value a paper; `nil` where a paper has none.
///
/// Category scores are of this kind, and so are items read as 1, 0 and nothing.
public struct ScoreColumns: Sendable, Equatable {
  /// The names of the columns.
  public let names: [String]
  /// The values, column by column.
  public let values: [[Double?]]

  /// Creates columns of equal length.
  public init(names: [String], values: [[Double?]]) {
    precondition(names.count == values.count, "not one name a column")
    precondition(values.allSatisfy { $0.count == values.first?.count }, "columns of unequal length")
    self.names = names
    self.values = values
  }

  /// The answers of a matrix: yes is 1, no is 0, anything else nothing.
  public init(_ matrix: BinaryMatrix) {
    self.init(
      names: matrix.items.map(\.id.description),
      values: matrix.items.indices.map { item in
        matrix.papers.indices.map { paper in
          matrix.applies[paper, item] ? (matrix.yes[paper, item] ? 1 : 0) : nil
        }
      })
  }

  /// The category scores of the papers.
  public init(categoriesOf scores: PaperScores) {
    self.init(names: scores.categories.map(\.name), values: scores.categories.map(\.values))
  }

  /// The number of papers.
  public var paperCount: Int { values.first?.count ?? 0 }

  /// The papers that have a value in every column.
  public var completePapers: [Int] {
    (0..<paperCount).filter { paper in values.allSatisfy { $0[paper] != nil } }
  }

  /// The columns for the given papers.
  func selecting(papers: [Int]) -> ScoreColumns {
    ScoreColumns(names: names, values: values.map { column in papers.map { column[$0] } })
  }

  /// The columns of the given names, in their order; names without a column are passed over.
  func selecting(names wanted: [String]) -> ScoreColumns {
    let indices = wanted.compactMap { name in names.firstIndex(of: name) }
    return ScoreColumns(names: indices.map { names[$0] }, values: indices.map { values[$0] })
  }
}

/// The applicable cells of a matrix as rows of a regression: one row a paper and item.
///
/// Every variable of the paper can be named as usual; `item` and `category` are those of the cell.
/// With the papers as clusters (``clusters(_:)``) one model answers for all items at once:
/// `item + year` is the change per year that the items have in common, each with a rate of its own.
public struct CellRows: VariableSource {
  /// The paper of each row.
  public let papers: [Int]
  /// The item of each row.
  public let items: [Int]
  private let matrix: BinaryMatrix

  /// Lists the applicable cells of the given items (all, if none are given), paper after paper.
  public init(_ matrix: BinaryMatrix, items chosen: [Int]? = nil) {
    var papers: [Int] = []
    var items: [Int] = []
    for paper in matrix.papers.indices {
      for item in chosen ?? Array(matrix.items.indices) where matrix.applies[paper, item] {
        papers.append(paper)
        items.append(item)
      }
    }
    self.papers = papers
    self.items = items
    self.matrix = matrix
  }

  /// The number of rows, that is of cells.
  public var paperCount: Int { papers.count }

  /// The name of the variable that says which item a cell answers.
  public static let itemName = "item"

  /// What a row is.
  public var rowName: String { "cells" }

  /// Whether each cell is yes.
  public var outcome: BinaryOutcome {
    BinaryOutcome(
      name: "all items", values: papers.indices.map { matrix.yes[papers[$0], items[$0]] })
  }

  /// The cluster of each row: its paper, or the paper's own cluster where labels are given.
  public func clusters(_ labels: [String?]? = nil) -> [String?] {
    papers.map { labels?[$0] ?? matrix.papers[$0].slug }
  }

  /// The values of a variable, one a cell.
  public func values(
    of name: String, asCategories: Bool
  ) throws(VariableError) -> VariableValues {
    switch name {
    case Self.itemName: return .categorical(items.map { matrix.items[$0].id.description })
    case "category": return .categorical(items.map { matrix.items[$0].id.category })
    default: break
    }
    switch try matrix.values(of: name, asCategories: asCategories) {
    case .numeric(let values): return .numeric(papers.map { values[$0] })
    case .answers(let values): return .answers(papers.map { values[$0] })
    case .categorical(let values): return .categorical(papers.map { values[$0] })
    case .labels(let values): return .labels(papers.map { values[$0] })
    }
  }
}

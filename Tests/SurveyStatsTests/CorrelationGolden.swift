import Foundation
import SurveyStats
import Testing

/// A table of reference values from `Golden/correlation`.
struct CorrelationGolden {
  let header: [String]
  let rows: [[String]]

  init(_ name: String) throws {
    let url = try #require(
      Bundle.module.url(
        forResource: name, withExtension: "csv", subdirectory: "Golden/correlation"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst()
    let cells = lines.map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    header = try #require(cells.first)
    rows = Array(cells.dropFirst())
  }

  /// The text of a column.
  subscript(column: String) -> [String] {
    let index = header.firstIndex(of: column) ?? 0
    return rows.map { $0[index] }
  }

  /// The numbers of a column; NA is nil.
  func numbers(_ column: String) -> [Double?] { self[column].map { Double($0) } }

  /// The numbers of a column without NA.
  func values(_ column: String) -> [Double] { numbers(column).compactMap { $0 } }

  /// All cells as a matrix.
  var matrix: DenseMatrix { DenseMatrix(rows.map { row in row.map { Double($0) ?? .nan } }) }

  /// All columns as scores.
  var scores: ScoreColumns { ScoreColumns(names: header, values: header.map { numbers($0) }) }

  /// The cells of answers: 1, 0 and NA.
  var binaryMatrix: BinaryMatrix {
    BinaryMatrix(
      papers: rows.indices.map { Paper(slug: "p\($0)") },
      items: header.map { Item(id: ItemID(category: "", name: $0)) }
    ) { paper, item in
      switch rows[paper][item] {
      case "1": .yes
      case "0": .no
      default: .notApplicable
      }
    }
  }

  /// The rows whose column has that value.
  func rows(where column: String, is value: String) -> CorrelationGolden {
    let index = header.firstIndex(of: column) ?? 0
    return CorrelationGolden(header: header, rows: rows.filter { $0[index] == value })
  }

  private init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows
  }
}

/// A matrix of answers written as rows of text: `1`, `0`, `-` for NA.
func answers(_ rows: String...) -> BinaryMatrix {
  let cells = rows.map { Array($0) }
  return BinaryMatrix(
    papers: cells.indices.map { Paper(slug: "p\($0)") },
    items: (cells.first ?? []).indices.map { Item(id: ItemID(category: "", name: "i\($0)")) }
  ) { paper, item in
    switch cells[paper][item] {
    case "1": .yes
    case "0": .no
    default: .notApplicable
    }
  }
}

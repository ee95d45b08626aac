import Foundation
import SurveyStats
import Testing

/// Reference values of `Golden/factors`, by case and quantity.
struct FactorGolden {
  private var cells: [String: [(row: Int, column: Int, value: Double)]] = [:]

  init(_ name: String) throws {
    for line in try Self.lines(name).dropFirst() {
      let parts = line.split(separator: ",").map(String.init)
      let row = try #require(Int(parts[2]))
      let column = try #require(Int(parts[3]))
      cells["\(parts[0]).\(parts[1])", default: []].append((row, column, Double(parts[4]) ?? .nan))
    }
  }

  /// The lines of a file below its source line.
  static func lines(_ name: String) throws -> [String] {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "csv", subdirectory: "Golden/factors"))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { !$0.hasPrefix("#") }
  }

  /// A matrix of reference values.
  func matrix(_ name: String, _ quantity: String) throws -> DenseMatrix {
    let found = try #require(cells["\(name).\(quantity)"], "\(name).\(quantity)")
    var matrix = DenseMatrix(
      rows: (found.map(\.row).max() ?? -1) + 1, columns: (found.map(\.column).max() ?? -1) + 1)
    for cell in found { matrix[cell.row, cell.column] = cell.value }
    return matrix
  }

  /// A vector of reference values.
  func values(_ name: String, _ quantity: String) throws -> [Double] {
    try matrix(name, quantity).elements
  }

  /// A correlation matrix with items named from `V1` on.
  func correlations(_ name: String) throws -> CorrelationMatrix {
    let values = try matrix(name, "correlations")
    return CorrelationMatrix(
      names: (1...values.rows).map { "V\($0)" }, values: values,
      count: Int(try self.values(name, "n")[0]))
  }
}

/// The answers to the five items of section 7 of the LSAT.
func lsat7() throws -> BinaryMatrix {
  let lines = try FactorGolden.lines("lsat7")
  let cells = lines.dropFirst().map { $0.split(separator: ",") }
  return BinaryMatrix(
    papers: cells.indices.map { Paper(slug: "p\($0)") },
    items: lines[0].split(separator: ",").map { Item(id: ItemID(category: "", name: String($0))) }
  ) { paper, item in cells[paper][item] == "1" ? .yes : .no }
}

extension BinaryMatrix {
  /// The papers to which all items apply.
  var complete: BinaryMatrix {
    selecting(
      papers: papers.indices.filter { paper in
        items.indices.allSatisfy { applies[paper, $0] }
      })
  }

  /// Pairwise phi coefficients.
  func phi() -> CorrelationMatrix {
    let (covariance, counts) = PairwiseCovariance(self).estimate()
    var values = covariance
    for j in 0..<values.rows {
      for k in 0..<values.rows {
        values[j, k] =
          j == k ? 1 : covariance[j, k] / (covariance[j, j] * covariance[k, k]).squareRoot()
      }
    }
    return CorrelationMatrix(
      names: items.map(\.id.description), values: values, coefficient: "phi",
      pairCounts: counts.elements.map { Int($0) })
  }
}

extension DenseMatrix {
  /// The matrix with columns in the order and with the signs that match a reference best.
  func aligned(to reference: DenseMatrix) -> (matrix: DenseMatrix, order: [Int], signs: [Double]) {
    let (order, signs) = Congruence.match(self, to: reference)
    var result = selecting(rows: Array(0..<rows), columns: order)
    for column in 0..<columns { for row in 0..<rows { result[row, column] *= signs[column] } }
    return (result, order, signs)
  }
}

/// The largest absolute difference of two lists of numbers.
func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
  left.count == right.count ? zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
}

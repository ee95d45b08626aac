import RealModule

/// Coordinates in which nearly dependent columns are independent.
///
/// The columns of an interaction with an uncentred year are all but equal to a multiple of its main
/// effect: a step in one coefficient alone, as in a profile or a test, then runs far along the
/// narrow ridge of the likelihood. Here standardised columns Z = Q R are replaced by Q, whose columns
/// are orthogonal with respect to the papers' weights and as long as those of Z, by Gram–Schmidt
/// with reorthogonalisation. Cost: O(rows × columns²).
struct ColumnBasis: Sendable {
  /// The triangle R⁻¹, which leads from the coefficients of Q to those of Z.
  let triangle: DenseMatrix

  /// The share of a column's variance that those before it must leave for the columns to stand as
  /// they are.
  private static let smallestRest = 0.01

  /// Replaces the columns; `nil` where they are independent enough, or cannot be made so.
  init?(replacing columns: inout DenseMatrix, weights: [Double]) {
    guard columns.columns > 2, Self.areNearlyDependent(columns, weights: weights) else {
      return nil
    }
    let total = weights.reduce(0, +)
    let (rows, width) = (columns.rows, columns.columns)
    var basis = columns
    var products = DenseMatrix(rows: width, columns: width)
    func product(_ first: Int, _ second: Int) -> Double {
      unsafe basis.elements.withUnsafeBufferPointer { elements in
        unsafe weights.withUnsafeBufferPointer { weights in
          var sum = 0.0
          for row in 0..<rows {
            unsafe sum +=
              weights[row] * elements[first * rows + row] * elements[second * rows + row]
          }
          return sum / total
        }
      }
    }
    for column in 0..<width {
      for _ in 0..<2 {
        for other in 0..<column {
          let share = product(other, column)
          products[other, column] += share
          unsafe basis.elements.withUnsafeMutableBufferPointer { elements in
            for row in 0..<rows {
              unsafe elements[column * rows + row] -= share * elements[other * rows + row]
            }
          }
        }
      }
      let length = product(column, column).squareRoot()
      guard length > 1e-10 else { return nil }
      products[column, column] = length
      for row in 0..<rows { basis.elements[column * rows + row] /= length }
    }
    var triangle = DenseMatrix(diagonal: [Double](repeating: 1, count: width))
    for column in 0..<width {
      for row in (0...column).reversed() {
        var sum = triangle[row, column]
        for inner in (row + 1)..<max(column + 1, row + 1) {
          sum -= products[row, inner] * triangle[inner, column]
        }
        triangle[row, column] = sum / products[row, row]
      }
    }
    columns = basis
    self.triangle = triangle
  }

  /// The logarithm of the determinant of R⁻¹.
  var logDeterminant: Double { triangle.diagonal.reduce(0) { $0 + Double.log($1) } }

  private static func areNearlyDependent(_ columns: DenseMatrix, weights: [Double]) -> Bool {
    var weighted = columns
    let total = weights.reduce(0, +)
    unsafe weighted.elements.withUnsafeMutableBufferPointer { elements in
      for column in 0..<columns.columns {
        for row in 0..<columns.rows {
          unsafe elements[column * columns.rows + row] *= weights[row] / total
        }
      }
    }
    let products = columns.multiplied(by: weighted, transposingSelf: true)
    guard let root = try? products.cholesky() else { return true }
    return root.diagonal.contains { $0 * $0 < smallestRest }
  }
}

/// A column of a design that carries no information of its own and is left out of the fit.
public struct DroppedColumn: Sendable, Equatable, CustomStringConvertible {
  /// Why a column is left out.
  public enum Reason: Sendable, Equatable {
    /// It has one value only.
    case constant
    /// It is a linear combination of the columns named, which come before it.
    case collinear(with: [String])
  }

  /// The name of the column.
  public let name: String
  /// Why it is left out.
  public let reason: Reason

  /// One clause that names the column and the reason.
  public var description: String {
    switch reason {
    case .constant: "\(name) left out: constant"
    case .collinear(let others):
      others.isEmpty
        ? "\(name) left out: collinear"
        : "\(name) left out: collinear with \(others.briefly())"
    }
  }
}

/// Finds the columns of a design that are linearly independent, in their order.
///
/// An orthogonal (QR) decomposition is built column after column by Gram–Schmidt with
/// reorthogonalisation; a column is dependent when what is left of it is below 10⁻⁷ of its length
/// about its mean, the rule of R's `qr`. The first column is the intercept. Cost: O(rows × columns²).
package struct RankCheck: Sendable {
  /// The columns to keep.
  package private(set) var kept: [Int] = []
  /// The columns left out, with reasons.
  package private(set) var dropped: [DroppedColumn] = []

  private static let tolerance = 1e-7

  package init(_ matrix: DenseMatrix, names: [String]) {
    if Self.areClearlyIndependent(matrix) {
      kept = Array(0..<matrix.columns)
      return
    }
    var basis: [[Double]] = []
    /// What each kept column is in terms of the basis, to name the columns of a dependence.
    var triangle: [[Double]] = []
    for column in 0..<matrix.columns {
      let original = Array(matrix.column(column))
      let length: Double
      if column == 0 {
        length = Self.norm(original)
      } else {
        let mean = original.reduce(0, +) / Double(max(original.count, 1))
        length = Self.norm(original.map { $0 - mean })
        let size = original.reduce(0) { max($0, abs($1)) }
        guard length > 1e-12 * size * Double(original.count).squareRoot() else {
          dropped.append(DroppedColumn(name: names[column], reason: .constant))
          continue
        }
      }
      var rest = original
      var products = [Double](repeating: 0, count: basis.count)
      for _ in 0..<2 {
        for (index, direction) in basis.enumerated() {
          products[index] += Self.remove(direction, from: &rest)
        }
      }
      let remaining = Self.norm(rest)
      guard remaining > Self.tolerance * length else {
        let others = Self.combination(products, triangle: triangle)
        let largest = others.reduce(0) { max($0, abs($1)) }
        let involved = others.indices.filter { abs(others[$0]) > 1e-6 * largest && kept[$0] > 0 }
        dropped.append(
          DroppedColumn(
            name: names[column], reason: .collinear(with: involved.map { names[kept[$0]] })))
        continue
      }
      basis.append(rest.map { $0 / remaining })
      triangle.append(products + [remaining])
      kept.append(column)
    }
  }

  /// Whether every column is far from the span of those before it, by the factor of their products about
  /// their means: a hundredth of its length, where 10⁻⁷ is asked for and rounding takes 10⁻⁸.
  private static func areClearlyIndependent(_ matrix: DenseMatrix) -> Bool {
    let (rows, columns) = (matrix.rows, matrix.columns)
    guard rows > 4 * columns, columns > 1, matrix.column(0).allSatisfy({ $0 == 1 }) else {
      return false
    }
    var centered = matrix.selecting(rows: Array(0..<rows), columns: Array(1..<columns))
    var sizes: [Double] = []
    for column in 0..<columns - 1 {
      let start = column * rows
      let values = centered.elements[start..<start + rows]
      let mean = values.reduce(0, +) / Double(rows)
      sizes.append(values.reduce(0) { max($0, abs($1)) } * Double(rows).squareRoot())
      for index in start..<start + rows { centered.elements[index] -= mean }
    }
    let products = centered.multiplied(by: centered, transposingSelf: true)
    let lengths = products.diagonal.map { $0.squareRoot() }
    guard zip(lengths, sizes).allSatisfy({ $0 > 1e-6 * $1 }),
      let factor = try? products.cholesky()
    else { return false }
    return lengths.indices.allSatisfy { factor[$0, $0] > 1e-2 * lengths[$0] }
  }

  private static func norm(_ vector: [Double]) -> Double {
    var squares = 0.0
    for value in vector { squares += value * value }
    return squares.squareRoot()
  }

  /// Takes the part along a unit vector out of a vector; returns its length.
  private static func remove(_ direction: [Double], from vector: inout [Double]) -> Double {
    var sums = SIMD4<Double>.zero
    let count = vector.count
    return unsafe vector.withUnsafeMutableBufferPointer { vector in
      unsafe direction.withUnsafeBufferPointer { direction in
        var row = 0
        while row + 4 <= count {
          let values = unsafe SIMD4(vector[row], vector[row + 1], vector[row + 2], vector[row + 3])
          unsafe sums +=
            values
            * SIMD4(direction[row], direction[row + 1], direction[row + 2], direction[row + 3])
          row += 4
        }
        var product = sums.sum()
        while row < count {
          unsafe product += vector[row] * direction[row]
          row += 1
        }
        for row in 0..<count { unsafe vector[row] -= product * direction[row] }
        return product
      }
    }
  }

  /// Solves R c = q by back substitution: the kept columns whose combination the column is.
  private static func combination(_ products: [Double], triangle: [[Double]]) -> [Double] {
    var result = products
    for index in triangle.indices.reversed() {
      result[index] /= triangle[index][index]
      for row in 0..<index { result[row] -= triangle[index][row] * result[index] }
    }
    return result
  }
}

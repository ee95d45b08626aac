/// A dense matrix of doubles, stored column after column.
public struct DenseMatrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// All elements, column-major: element (i, j) is at `i + j * rows`.
  public var elements: [Double]

  /// Creates a matrix from its elements in column-major order.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "element count differs from the shape")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Creates a matrix of one repeated value.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(
      rows: rows, columns: columns, elements: [Double](repeating: value, count: rows * columns))
  }

  /// Creates a square matrix with the given diagonal and zeros elsewhere.
  public init(diagonal: [Double]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for index in diagonal.indices { self[index, index] = diagonal[index] }
  }

  /// Creates a matrix from rows of equal length, as matrices are written in books.
  public init(_ rowList: [[Double]]) {
    self.init(rows: rowList.count, columns: rowList.first?.count ?? 0)
    for (i, row) in rowList.enumerated() {
      precondition(row.count == columns, "rows of unequal length")
      for (j, value) in row.enumerated() { self[i, j] = value }
    }
  }

  /// The element in row `row` and column `column`.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row + column * rows] }
    set { elements[row + column * rows] = newValue }
  }

  /// The elements of one column.
  public func column(_ index: Int) -> ArraySlice<Double> {
    elements[index * rows..<(index + 1) * rows]
  }

  /// The elements of one row.
  public func row(_ index: Int) -> [Double] { (0..<columns).map { self[index, $0] } }

  /// The diagonal of a square matrix.
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// The matrix with rows and columns exchanged.
  public var transposed: DenseMatrix {
    var result = DenseMatrix(rows: columns, columns: rows)
    for j in 0..<columns { for i in 0..<rows { result[j, i] = self[i, j] } }
    return result
  }

  /// The given rows and columns, in the given order.
  public func selecting(rows rowIndices: [Int], columns columnIndices: [Int]) -> DenseMatrix {
    var result = DenseMatrix(rows: rowIndices.count, columns: columnIndices.count)
    for (j, column) in columnIndices.enumerated() {
      for (i, row) in rowIndices.enumerated() { result[i, j] = self[row, column] }
    }
    return result
  }

  /// Adds a multiple of a matrix of the same shape.
  package mutating func add(_ other: DenseMatrix, times factor: Double = 1) {
    for index in elements.indices { elements[index] += factor * other.elements[index] }
  }
}

extension DenseMatrix {
  /// The matrix with row i multiplied by `factors[i]`.
  func scalingRows(by factors: [Double]) -> DenseMatrix {
    var result = self
    for column in 0..<columns { for row in 0..<rows { result[row, column] *= factors[row] } }
    return result
  }
}

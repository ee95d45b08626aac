import CKernels
import RealModule

/// Covariate patterns as sparse rows, for fits of eight outcomes at a time.
///
/// Columns of zeros and ones stay as they are; the others are centred and scaled over patterns, so
/// that a year near 2020 costs no accuracy. Rows with values in the same columns stand together.
/// Columns are numbered from the last to the first: elimination then begins with the levels of a
/// category, of which a paper has one, and ends with the intercept, so that the factor of the
/// information is sparse as well. Cost: O(patterns × columns).
final class SparseRows: Sendable {
  /// The number of columns, the intercept among them.
  let columnCount: Int
  /// The covariate pattern of each row.
  let patterns: [Int]
  /// The row of each covariate pattern, 0 for those that are not used.
  let rowOfPattern: [Int]
  /// What was subtracted from and divided out of each column of the design.
  let centers: [Double]
  let scales: [Double]
  /// Whether a column has zeros and ones only; from the last column to the first.
  let isBinary: [UInt8]
  /// The number of groups.
  private let groupCount: Int
  /// First rows and first positions of groups, positions, first elements of the columns of the
  /// factor, and these elements, one after another.
  private let indices: [UInt32]
  /// The values of the rows, then the offset of each.
  private let numbers: [Double]

  /// The number of rows.
  var count: Int { patterns.count }
  /// Half of what is added to the logarithm of the information's determinant for the columns as
  /// they were given.
  let logScale: Double

  /// What a fit of eight outcomes may cost at most: the products that an information adds up.
  private static let mostProducts = 100_000

  /// Makes rows of the patterns in `used`, ascending; `nil` for designs with too many columns or
  /// patterns, whose fits go one by one.
  init?(_ patterns: CovariatePatterns, used: [Int], isBinary: [Bool]) {
    let columns = isBinary.count
    guard columns <= 64, !used.isEmpty, used.count <= Self.mostProducts else { return nil }
    let values = patterns.values.selecting(rows: used, columns: Array(0..<columns))
    let coordinates = isBinary.indices.map { column in
      Self.coordinate(values.column(column), isBinary: isBinary[column])
    }
    let present = Self.structure(values, isBinary: isBinary)
    let products = present.reduce(0) { sum, columns in
      sum + columns.nonzeroBitCount * (columns.nonzeroBitCount + 1) / 2
    }
    guard products <= Self.mostProducts else { return nil }

    var groupOfColumns: [UInt64: Int] = [:]
    var groups: [(columns: UInt64, patterns: [Int])] = []
    for (pattern, columns) in zip(used, present) {
      if let group = groupOfColumns[columns] {
        groups[group].patterns.append(pattern)
      } else {
        groupOfColumns[columns] = groups.count
        groups.append((columns, [pattern]))
      }
    }
    var (firstRows, firstPositions, positions) = ([UInt32](), [UInt32](), [UInt32]())
    var numbers: [Double] = []
    var order: [Int] = []
    for group in groups {
      firstRows.append(UInt32(order.count))
      firstPositions.append(UInt32(positions.count))
      let own = Self.bits(of: group.columns)
      positions += own.map(UInt32.init)
      for pattern in group.patterns {
        for position in own {
          let column = columns - 1 - position
          let (center, scale) = coordinates[column]
          numbers.append((patterns.values[pattern, column] - center) / scale)
        }
      }
      order += group.patterns
    }
    firstRows.append(UInt32(order.count))
    firstPositions.append(UInt32(positions.count))
    let factor = Self.factorStructure(of: groups.map(\.columns), columns: columns)
    indices = firstRows + firstPositions + positions + factor.first + factor.below
    self.numbers = numbers + order.map { patterns.offset[$0] }
    groupCount = groups.count
    columnCount = columns
    self.patterns = order
    var rowOfPattern = [Int](repeating: 0, count: patterns.count)
    for (row, pattern) in order.enumerated() { rowOfPattern[pattern] = row }
    self.rowOfPattern = rowOfPattern
    centers = coordinates.map(\.center)
    scales = coordinates.map(\.scale)
    logScale = coordinates.reduce(0) { $0 + Double.log($1.scale) }
    self.isBinary = isBinary.reversed().map { $0 ? 1 : 0 }
  }

  /// Gives the rows to a kernel.
  func withKernelRows<Result>(_ body: (UnsafePointer<ck_sparse_rows>) -> Result) -> Result {
    unsafe indices.withUnsafeBufferPointer { indices in
      unsafe numbers.withUnsafeBufferPointer { numbers in
        guard let index = indices.baseAddress, let number = numbers.baseAddress else {
          preconditionFailure("a design has an intercept")
        }
        let positions = unsafe index + 2 * (groupCount + 1)
        let below = unsafe positions + Int(positions[-1])
        var rows = unsafe ck_sparse_rows(
          rows: count, columns: columnCount, groups: groupCount, first_row: index,
          first_position: index + groupCount + 1, positions: positions, values: number,
          offset: number + (numbers.count - count), first_below: below,
          below: below + columnCount + 1)
        return unsafe body(&rows)
      }
    }
  }

  /// Standardised coefficients of a likelihood on the same columns, in the coordinates of the rows.
  func beta(_ standardized: [Double], in likelihood: BinomialLikelihood) -> [Double] {
    var beta = standardized
    for column in 1..<max(columnCount, 1) {
      beta[column] *= scales[column] / likelihood.scales[column]
      beta[0] -= beta[column] * (likelihood.centers[column] - centers[column]) / scales[column]
    }
    return beta
  }

  /// Mean and standard deviation of a column over patterns.
  private static func coordinate(
    _ values: ArraySlice<Double>, isBinary: Bool
  ) -> (center: Double, scale: Double) {
    guard !isBinary else { return (0, 1) }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count)).squareRoot()
    return (mean, deviation > 0 ? deviation : 1)
  }

  /// The columns in which each pattern has a value, as bits, the last column first.
  private static func structure(_ values: DenseMatrix, isBinary: [Bool]) -> [UInt64] {
    var present = [UInt64](repeating: 0, count: values.rows)
    for column in isBinary.indices {
      let bit = UInt64(1) << UInt64(isBinary.count - 1 - column)
      let start = column * values.rows
      for row in present.indices where !isBinary[column] || values.elements[start + row] != 0 {
        present[row] |= bit
      }
    }
    return present
  }

  /// The rows below the diagonal in which each column of the factor has elements.
  private static func factorStructure(
    of groups: [UInt64], columns: Int
  ) -> (first: [UInt32], below: [UInt32]) {
    var structure = [UInt64](repeating: 0, count: columns)
    for group in groups {
      for column in bits(of: group) { structure[column] |= group & (~1 << UInt64(column)) }
    }
    var (first, below) = ([UInt32](), [UInt32]())
    for column in 0..<columns {
      first.append(UInt32(below.count))
      let own = structure[column]
      // Eliminating a column joins those that it is joined to; the first of them passes it on.
      if own != 0 { structure[own.trailingZeroBitCount] |= own & (own - 1) }
      below += bits(of: own).map(UInt32.init)
    }
    first.append(UInt32(below.count))
    return (first, below)
  }

  /// The positions of the bits that are set, ascending.
  private static func bits(of word: UInt64) -> [Int] {
    var (rest, positions) = (word, [Int]())
    while rest != 0 {
      positions.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return positions
  }
}

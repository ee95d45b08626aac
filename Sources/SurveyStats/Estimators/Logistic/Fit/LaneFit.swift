/// A logistic fit in the coordinates of ``SparseRows``.
struct LaneFit: Sendable {
  let rows: SparseRows
  /// The coefficients, the intercept first.
  let beta: [Double]
  /// The inverse information.
  let inverse: DenseMatrix
  let isPenalized: Bool
  /// The log-likelihood without penalty.
  let logLikelihood: Double
  /// The maximised criterion, for the columns as they were given.
  let criterion: Double
  let iterations: Int
  let separation: Separation?

  /// Takes a fit out of its lane, where the last column comes first.
  init(
    rows: SparseRows, memory: LaneMemory, lane: Int, isPenalized: Bool, iterations: Int,
    separation: Separation?
  ) {
    let width = rows.columnCount
    beta = (0..<width).map { unsafe memory.beta[8 * (width - 1 - $0) + lane] }
    let last = width * width - 1
    inverse = DenseMatrix(
      rows: width, columns: width,
      elements: (0...last).map { unsafe memory.inverse[8 * (last - $0) + lane] })
    logLikelihood = unsafe memory.criteria[lane]
    criterion = unsafe memory.criteria[8 + lane] + (isPenalized ? rows.logScale : 0)
    self.rows = rows
    self.isPenalized = isPenalized
    self.iterations = iterations
    self.separation = separation
  }

  /// The coefficients of the columns as they were given.
  var coefficients: [Double] {
    var result = beta
    for column in 1..<max(result.count, 1) {
      result[column] /= rows.scales[column]
      result[0] -= result[column] * rows.centers[column]
    }
    return result
  }

  /// The covariance of ``coefficients``.
  var covariance: DenseMatrix {
    covariance(
      scales: rows.scales.map { 1 / $0 }, shifts: zip(rows.centers, rows.scales).map { -$0 / $1 })
  }

  /// The same point in the standardised coordinates of a likelihood.
  func optimum(in likelihood: BinomialLikelihood) -> BinomialLikelihood.Optimum {
    let scales = zip(likelihood.scales, rows.scales).map { $0 / $1 }
    let shifts = beta.indices.map { column in
      column == 0 ? 0 : (likelihood.centers[column] - rows.centers[column]) / rows.scales[column]
    }
    var standardized = zip(beta, scales).map { $0 * $1 }
    standardized[0] = zip(beta, shifts).reduce(beta[0]) { $0 + $1.0 * $1.1 }
    return BinomialLikelihood.Optimum(
      beta: standardized, criterion: criterion, iterations: iterations,
      inverseInformation: covariance(scales: scales, shifts: shifts))
  }

  /// The covariance of the coefficients times some scales, the intercept getting a combination of
  /// the others in addition.
  private func covariance(scales: [Double], shifts: [Double]) -> DenseMatrix {
    let width = beta.count
    // Most columns of most designs are zeros and ones, which are not shifted.
    let shifted = (1..<max(width, 1)).filter { shifts[$0] != 0 }
    var result = inverse
    unsafe result.elements.withUnsafeMutableBufferPointer { elements in
      for row in shifted {
        for column in 0..<width {
          unsafe elements[column * width] += shifts[row] * elements[column * width + row]
        }
      }
      for column in shifted {
        for row in 0..<width {
          unsafe elements[row] += shifts[column] * elements[column * width + row]
        }
      }
      for column in 0..<width {
        for row in 0..<width {
          unsafe elements[column * width + row] *= scales[row] * scales[column]
        }
      }
    }
    return result
  }
}

/// Principal components as a normal model: `x = μ + W z + ε` with z ~ N(0, I), ε ~ N(0, σ² I).
///
/// Maximum likelihood by the EM algorithm on the cells that are present (Tipping & Bishop 1999,
/// JRSS B 61:611, appendix B, with the mean in the regression step). With complete data the first
/// eigenvalues are those of the covariance matrix with denominator N, and σ² is the mean of the
/// others.
///
/// Cost: some hundreds of passes, each a few matrix products of size N × p × k² for N papers, p items
/// and k components.
struct ProbabilisticComponents {
  /// The eigenvalues of the model: those of the components, then σ².
  let eigenvalues: [Double]
  /// The eigenvectors of the model, one a column.
  let vectors: DenseMatrix
  /// The covariance `W W' + σ² I`.
  let covariance: DenseMatrix
  /// The means of the items.
  let means: [Double]

  /// Fits the model to cells where NaN is missing.
  init(_ cells: DenseMatrix, count: Int) throws(CorrelationMatrixError) {
    let items = cells.columns
    let components = max(1, min(count, items - 1))
    let observed = ObservedCells(cells)
    var state = try EMState(observed, components: components)
    let limit = 5_000
    var isConverged = false
    for _ in 0..<limit where !isConverged {
      let next = try state.updated(observed)
      isConverged = next.largestChange(from: state) < 1e-9
      state = next
    }
    guard isConverged else { throw .notConverged(iterations: limit) }
    var covariance = state.weights.multiplied(by: state.weights, transposingOther: true)
    for item in 0..<items { covariance[item, item] += state.noise }
    let eigen = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try covariance.symmetricEigen()
    }
    eigenvalues = eigen.values
    vectors = eigen.vectors
    self.covariance = covariance
    means = state.means
  }
}

/// The cells as the sums of the EM algorithm need them: matrix products over all papers at once.
private struct ObservedCells {
  /// The values, zero where missing.
  let values: DenseMatrix
  /// One where a cell is present, else zero.
  let present: DenseMatrix
  /// The number of cells.
  let count: Double
  /// The sum of their squares.
  let squares: Double

  init(_ cells: DenseMatrix) {
    var (values, present) = (cells, cells)
    for index in cells.elements.indices {
      let isMissing = cells.elements[index].isNaN
      if isMissing { values.elements[index] = 0 }
      present.elements[index] = isMissing ? 0 : 1
    }
    self.values = values
    self.present = present
    count = present.elements.reduce(0, +)
    squares = values.elements.reduce(0) { $0 + $1 * $1 }
  }
}

/// The parameters of the model in one iteration.
private struct EMState {
  var weights: DenseMatrix
  var means: [Double]
  var noise: Double

  /// Starts at the components of the matrix whose missing cells are zero.
  init(_ cells: ObservedCells, components: Int) throws(CorrelationMatrixError) {
    var covariance = cells.values.multiplied(by: cells.values, transposingSelf: true)
    let papers = Double(cells.values.rows)
    for index in covariance.elements.indices { covariance.elements[index] /= papers }
    let eigen = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try covariance.symmetricEigen()
    }
    let rest = eigen.values[components...]
    noise = max(rest.reduce(0, +) / Double(rest.count), 1e-6)
    let variances = eigen.values.prefix(components).map { [noise] in max($0 - noise, 1e-6) }
    weights = eigen.vectors.firstLoadings(eigenvalues: variances, count: components)
    means = [Double](repeating: 0, count: covariance.rows)
  }

  func largestChange(from other: EMState) -> Double {
    let mean = zip(means, other.means).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return max(weights.largestDifference(to: other.weights), max(mean, abs(noise - other.noise)))
  }

  /// One step of the EM algorithm: expectations of each paper's components, then a regression of
  /// each item on the components and the constant.
  func updated(_ cells: ObservedCells) throws(CorrelationMatrixError) -> EMState {
    let (items, width) = (weights.rows, weights.columns + 1)
    let (first, second) = try expectations(cells)
    let targets = first.multiplied(by: cells.values, transposingSelf: true)
    let products = second.multiplied(by: cells.present, transposingSelf: true)
    var next = self
    var residual = cells.squares
    for item in 0..<items {
      let left = DenseMatrix(rows: width, columns: width, elements: Array(products.column(item)))
      let right = DenseMatrix(rows: width, columns: 1, elements: Array(targets.column(item)))
      let solution = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
        try left.solvingPositiveDefinite(right)
      }
      for column in 0..<width - 1 { next.weights[item, column] = solution[column, 0] }
      next.means[item] = solution[width - 1, 0]
      residual -= zip(solution.elements, right.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    next.noise = max(residual / cells.count, 1e-9)
    return next
  }

  /// The expectations of (z, 1) and of all its products, given the cells; one row a paper.
  private func expectations(
    _ cells: ObservedCells
  ) throws(CorrelationMatrixError) -> (first: DenseMatrix, second: DenseMatrix) {
    let (papers, items, size) = (cells.values.rows, weights.rows, weights.columns)
    // The sums over present items of w w', and of w times the deviation from the mean.
    var squares = DenseMatrix(rows: items, columns: size * size)
    var centered = weights
    for item in 0..<items {
      for column in 0..<size {
        centered[item, column] *= means[item]
        for row in 0..<size {
          squares[item, row + column * size] = weights[item, row] * weights[item, column]
        }
      }
    }
    let precisions = cells.present.multiplied(by: squares)
    let products = cells.values.multiplied(by: weights)
    let shifts = cells.present.multiplied(by: centered)
    var first = DenseMatrix(rows: papers, columns: size + 1, repeating: 1)
    var second = DenseMatrix(rows: papers, columns: (size + 1) * (size + 1))
    for paper in 0..<papers {
      var precision = DenseMatrix(rows: size, columns: size, elements: precisions.row(paper))
      for column in 0..<size { precision[column, column] += noise }
      let inverse = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
        try precision.positiveDefiniteInverse()
      }
      for row in 0..<size {
        var mean = 0.0
        for column in 0..<size {
          mean += inverse[row, column] * (products[paper, column] - shifts[paper, column])
        }
        first[paper, row] = mean
      }
      for column in 0...size {
        for row in 0...size {
          var value = first[paper, row] * first[paper, column]
          if row < size, column < size { value += noise * inverse[row, column] }
          second[paper, row + column * (size + 1)] = value
        }
      }
    }
    return (first, second)
  }
}

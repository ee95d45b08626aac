/// Principal components as a normal model: `x = μ + W z + ε` with z ~ N(0, I), ε ~ N(0, σ² I).
///
/// Maximum likelihood by the EM algorithm on the cells that are present (Tipping & Bishop 1999,
/// JRSS B 61:611, appendix B, with the mean in the regression step). With complete data the first
/// eigenvalues are those of the covariance matrix with denominator N, and σ² is the mean of the
/// others.
///
/// Cost: a few hundred passes over the cells, each `N p k²` for N papers, p items, k components.
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
    var state = try EMState(cells, components: components)
    let limit = 5_000
    var isConverged = false
    for _ in 0..<limit where !isConverged {
      let next = try state.updated(cells)
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

/// The parameters of the model in one iteration.
private struct EMState {
  var weights: DenseMatrix
  var means: [Double]
  var noise: Double

  /// Starts at the components of the matrix whose missing cells are zero.
  init(_ cells: DenseMatrix, components: Int) throws(CorrelationMatrixError) {
    var filled = cells
    for index in filled.elements.indices where filled.elements[index].isNaN {
      filled.elements[index] = 0
    }
    var covariance = filled.multiplied(by: filled, transposingSelf: true)
    for index in covariance.elements.indices { covariance.elements[index] /= Double(cells.rows) }
    let eigen = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try covariance.symmetricEigen()
    }
    let rest = eigen.values[components...]
    noise = max(rest.reduce(0, +) / Double(rest.count), 1e-6)
    let variances = eigen.values.prefix(components).map { [noise] in max($0 - noise, 1e-6) }
    weights = eigen.vectors.firstLoadings(eigenvalues: variances, count: components)
    means = [Double](repeating: 0, count: cells.columns)
  }

  func largestChange(from other: EMState) -> Double {
    let mean = zip(means, other.means).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return max(weights.largestDifference(to: other.weights), max(mean, abs(noise - other.noise)))
  }

  /// One step of the EM algorithm.
  func updated(_ cells: DenseMatrix) throws(CorrelationMatrixError) -> EMState {
    let (papers, items, size) = (cells.rows, cells.columns, weights.columns)
    // For each item, the sums of its regression on the components and the constant.
    let width = size + 1
    var products = [DenseMatrix](repeating: DenseMatrix(rows: width, columns: width), count: items)
    var targets = DenseMatrix(rows: width, columns: items)
    var squares = 0.0
    var cellCount = 0.0
    for paper in 0..<papers {
      let present = (0..<items).filter { !cells[paper, $0].isNaN }
      guard !present.isEmpty else { continue }
      let (mean, second) = try expectation(cells, paper: paper, present: present)
      for item in present {
        let value = cells[paper, item]
        squares += value * value
        cellCount += 1
        for column in 0..<width {
          targets[column, item] += value * mean[column]
          for row in 0...column { products[item][row, column] += second[row, column] }
        }
      }
    }
    var next = self
    var residual = squares
    for item in 0..<items {
      for column in 0..<width {
        for row in 0..<column { products[item][column, row] = products[item][row, column] }
      }
      let right = targets.selecting(rows: Array(0..<width), columns: [item])
      let solution = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
        try products[item].solvingPositiveDefinite(right)
      }
      for column in 0..<size { next.weights[item, column] = solution[column, 0] }
      next.means[item] = solution[size, 0]
      residual -= zip(solution.elements, right.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    next.noise = max(residual / cellCount, 1e-9)
    return next
  }

  /// The expectations of (z, 1) and of its products, given the cells of one paper.
  private func expectation(
    _ cells: DenseMatrix, paper: Int, present: [Int]
  ) throws(CorrelationMatrixError) -> (mean: [Double], second: DenseMatrix) {
    let size = weights.columns
    var precision = DenseMatrix(rows: size, columns: size)
    var right = [Double](repeating: 0, count: size)
    for item in present {
      let deviation = cells[paper, item] - means[item]
      for column in 0..<size {
        right[column] += weights[item, column] * deviation
        for row in 0...column {
          precision[row, column] += weights[item, row] * weights[item, column]
        }
      }
    }
    for column in 0..<size {
      precision[column, column] += noise
      for row in 0..<column { precision[column, row] = precision[row, column] }
    }
    let inverse = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try precision.positiveDefiniteInverse()
    }
    let mean = inverse.multiplied(by: right) + [1]
    var second = DenseMatrix(rows: size + 1, columns: size + 1)
    for column in 0...size {
      for row in 0...size {
        second[row, column] = mean[row] * mean[column]
        if row < size, column < size { second[row, column] += noise * inverse[row, column] }
      }
    }
    return (mean, second)
  }
}

import RealModule

/// How factors are extracted from a correlation matrix.
public enum FactorExtraction: String, Sendable, CaseIterable {
  /// Minimum residuals: least squares over the off-diagonal elements (Harman and Jones 1966).
  case minres
  /// Principal axes, iterated until the communalities stay (Thurstone 1947).
  case principalAxis = "principal-axis"
  /// Maximum likelihood under normality (Jöreskog 1967).
  case maximumLikelihood = "maximum-likelihood"

  /// The smallest uniqueness that an item may have, as in R's `factanal` and psych.
  static let smallestUniqueness = 0.005
}

/// Factors as an extraction leaves them.
struct ExtractedFactors {
  /// The uniqueness of each item.
  var uniquenesses: [Double]
  /// The loadings: principal axes of the reduced matrix, one column a factor.
  var loadings: DenseMatrix
  /// The number of steps.
  var iterations: Int
}

extension FactorExtraction {
  /// Extracts factors from several starting points and keeps the best.
  func extract(
    _ correlations: DenseMatrix, factors: Int, starts: Int, maximumIterations: Int
  ) throws(FactorError) -> ExtractedFactors {
    let starting = Self.startingUniquenesses(correlations, factors: factors).prefix(max(starts, 1))
    do {
      if self == .principalAxis {
        return try Self.principalAxes(
          correlations, factors: factors, start: starting[0],
          maximumIterations: maximumIterations)
      }
      var best: Minimum?
      for start in starting {
        let end = try minimum(
          correlations, factors: factors, start: start, maximumIterations: maximumIterations)
        guard let standing = best else {
          best = end
          continue
        }
        let isBetter = end.value < standing.value - 1e-12 * max(1, abs(standing.value))
        if (end.converged && !standing.converged) || (end.converged && isBetter) { best = end }
      }
      guard let best, best.converged else {
        throw FactorError.notConverged(iterations: best?.iterations ?? 0)
      }
      return try extracted(correlations, factors: factors, best)
    } catch let error as FactorError {
      throw error
    } catch let error as LinearAlgebraError {
      throw .decomposition(error)
    } catch {
      throw .decomposition(.notConverged)
    }
  }

  /// Extracts factors from one starting point near the end, to a gradient of 1e-8; not for principal
  /// axes.
  func extract(
    _ correlations: DenseMatrix, factors: Int, near start: [Double], maximumIterations: Int
  ) throws -> ExtractedFactors {
    guard self != .principalAxis else { throw FactorError.notConverged(iterations: 0) }
    let end = try minimum(
      correlations, factors: factors, start: start, maximumIterations: maximumIterations,
      gradientTolerance: 1e-8)
    guard end.converged else { throw FactorError.notConverged(iterations: end.iterations) }
    return try extracted(correlations, factors: factors, end)
  }

  /// Uniquenesses to start from: Jöreskog's, one half, and one less the squared multiple
  /// correlation; without the first and last where the matrix is singular.
  private static func startingUniquenesses(
    _ correlations: DenseMatrix, factors: Int
  ) -> [[Double]] {
    let items = correlations.rows
    let half = [Double](repeating: 0.5, count: items)
    guard let inverse = try? correlations.positiveDefiniteInverse() else { return [half] }
    let residuals = inverse.diagonal.map { 1 / $0 }
    let shrink = 1 - Double(factors) / Double(2 * items)
    return [residuals.map { $0 * shrink }, half, residuals]
  }

  private func minimum(
    _ correlations: DenseMatrix, factors: Int, start: [Double], maximumIterations: Int,
    gradientTolerance: Double? = nil
  ) throws(LinearAlgebraError) -> Minimum {
    let items = correlations.rows
    let bound = Self.smallestUniqueness
    if self == .maximumLikelihood {
      let search = BoundedMinimizer(
        lower: [Double](repeating: Double.log(bound), count: items),
        upper: [Double](repeating: 0, count: items), gradientTolerance: gradientTolerance ?? 1e-9,
        maximumIterations: maximumIterations)
      return try search.minimum(from: start.map { Double.log($0) }) {
        point throws(LinearAlgebraError) in
        try Self.likelihood(correlations, factors: factors, logarithms: point)
      }
    }
    let search = BoundedMinimizer(
      lower: [Double](repeating: bound, count: items),
      upper: [Double](repeating: 1, count: items), gradientTolerance: gradientTolerance ?? 1e-10,
      maximumIterations: maximumIterations)
    return try search.minimum(from: start) { point throws(LinearAlgebraError) in
      try Self.leastSquares(correlations, factors: factors, uniquenesses: point)
    }
  }

  private func extracted(
    _ correlations: DenseMatrix, factors: Int, _ end: Minimum
  ) throws(LinearAlgebraError) -> ExtractedFactors {
    guard self == .maximumLikelihood else {
      return ExtractedFactors(
        uniquenesses: end.point,
        loadings: try Self.axes(correlations, factors: factors, uniquenesses: end.point),
        iterations: end.iterations)
    }
    let uniquenesses = end.point.map { Double.exp($0) }
    let eigen = try Self.scaled(correlations, uniquenesses).symmetricEigen()
    var loadings = DenseMatrix(rows: correlations.rows, columns: factors)
    for factor in 0..<factors {
      let length = max(eigen.values[factor] - 1, 0).squareRoot()
      for item in 0..<correlations.rows {
        loadings[item, factor] =
          uniquenesses[item].squareRoot() * eigen.vectors[item, factor] * length
      }
    }
    return ExtractedFactors(
      uniquenesses: uniquenesses, loadings: loadings, iterations: end.iterations)
  }

  /// Half the sum of squares of the eigenvalues that the factors leave of `R - Psi`.
  ///
  /// Its derivatives in Psi come from those of eigenvalues, `-v_ik²`, and of eigenvectors.
  static func leastSquares(
    _ correlations: DenseMatrix, factors: Int, uniquenesses: [Double]
  ) throws(LinearAlgebraError) -> Evaluation {
    var reduced = correlations
    for item in uniquenesses.indices { reduced[item, item] -= uniquenesses[item] }
    let eigen = try reduced.symmetricEigen()
    let kept = min(factors, eigen.values.prefix { $0 > 0 }.count)
    let rest = kept..<correlations.rows
    var value = 0.0
    for k in rest { value += eigen.values[k] * eigen.values[k] / 2 }
    let parts = SpectralSums(eigen, rest: rest) {
      $0
    } cross: { residual, axis in
      2 * residual / (residual - axis)
    }
    return Evaluation(
      value: value, gradient: parts.weighted.diagonal.map { -$0 },
      hessian: parts.hessian(parts.plain, parts.plain))
  }

  /// The discrepancy `sum (theta - ln theta - 1)` over the eigenvalues that the factors leave of
  /// `Psi^-1/2 R Psi^-1/2`, as a function of `ln Psi` (Jöreskog 1967, equations 16 to 31).
  static func likelihood(
    _ correlations: DenseMatrix, factors: Int, logarithms: [Double]
  ) throws(LinearAlgebraError) -> Evaluation {
    let eigen = try scaled(correlations, logarithms.map { Double.exp($0) }).symmetricEigen()
    let rest = factors..<correlations.rows
    guard let last = eigen.values.last, last > 0 else {
      throw LinearAlgebraError.notPositiveDefinite(minor: correlations.rows)
    }
    var value = 0.0
    for k in rest { value += eigen.values[k] - Double.log(eigen.values[k]) - 1 }
    let parts = SpectralSums(eigen, rest: rest) {
      $0
    } cross: { residual, axis in
      (1 - residual) * (residual + axis) / (axis - residual)
    }
    return Evaluation(
      value: value,
      gradient: logarithms.indices.map { parts.plain[$0, $0] - parts.weighted[$0, $0] },
      hessian: parts.hessian(parts.plain, parts.weighted))
  }

  private static func scaled(_ correlations: DenseMatrix, _ uniquenesses: [Double]) -> DenseMatrix {
    let roots = uniquenesses.map { 1 / $0.squareRoot() }
    return correlations.scalingRows(by: roots).transposed.scalingRows(by: roots)
  }

  /// The leading principal axes of `R - Psi`, scaled to loadings.
  private static func axes(
    _ correlations: DenseMatrix, factors: Int, uniquenesses: [Double]
  ) throws(LinearAlgebraError) -> DenseMatrix {
    var reduced = correlations
    for item in uniquenesses.indices { reduced[item, item] -= uniquenesses[item] }
    let eigen = try reduced.symmetricEigen()
    var loadings = DenseMatrix(rows: correlations.rows, columns: factors)
    for factor in 0..<factors {
      let length = max(eigen.values[factor], 0).squareRoot()
      for item in 0..<correlations.rows {
        loadings[item, factor] = eigen.vectors[item, factor] * length
      }
    }
    return loadings
  }

  /// Puts the communalities of the axes in the diagonal until they stay to within 1e-8, with
  /// uniquenesses held at the bound where an item would pass it.
  private static func principalAxes(
    _ correlations: DenseMatrix, factors: Int, start: [Double], maximumIterations: Int
  ) throws -> ExtractedFactors {
    var uniquenesses = start
    for iteration in 1...max(20 * maximumIterations, 1) {
      let loadings = try axes(correlations, factors: factors, uniquenesses: uniquenesses)
      var change = 0.0
      for item in uniquenesses.indices {
        let communality = loadings.row(item).reduce(0) { $0 + $1 * $1 }
        let next = min(max(1 - communality, smallestUniqueness), 1)
        change = max(change, abs(next - uniquenesses[item]))
        uniquenesses[item] = next
      }
      guard change >= 1e-8 else {
        return ExtractedFactors(
          uniquenesses: uniquenesses, loadings: loadings, iterations: iteration)
      }
    }
    throw FactorError.notConverged(iterations: 20 * maximumIterations)
  }
}

/// Sums over eigenvectors that the derivatives of both discrepancies are made of.
private struct SpectralSums {
  /// `sum v_k v_k'` over the eigenvectors that the factors leave.
  let plain: DenseMatrix
  /// The same, weighted by a function of the eigenvalue.
  let weighted: DenseMatrix
  private let crossed: DenseMatrix

  /// Sums over the eigenvectors of `rest`, and over their pairs with the others.
  init(
    _ eigen: SymmetricEigen, rest: Range<Int>, weight: (Double) -> Double,
    cross: (_ residual: Double, _ axis: Double) -> Double
  ) {
    let items = eigen.vectors.rows
    let tail = eigen.vectors.selecting(rows: Array(0..<items), columns: Array(rest))
    var weightedTail = tail
    for (column, k) in rest.enumerated() {
      for item in 0..<items { weightedTail[item, column] *= weight(eigen.values[k]) }
    }
    plain = tail.multiplied(by: tail, transposingOther: true)
    weighted = weightedTail.multiplied(by: tail, transposingOther: true)
    var products = DenseMatrix(rows: items, columns: rest.count * rest.lowerBound)
    var scaledProducts = products
    var column = 0
    for k in rest {
      for axis in 0..<rest.lowerBound {
        let gap = eigen.values[axis] - eigen.values[k]
        let factor = gap > 1e-10 ? cross(eigen.values[k], eigen.values[axis]) : 0
        for item in 0..<items {
          let product = eigen.vectors[item, k] * eigen.vectors[item, axis]
          products[item, column] = product
          scaledProducts[item, column] = factor * product
        }
        column += 1
      }
    }
    crossed = scaledProducts.multiplied(by: products, transposingOther: true)
  }

  /// The element-wise product of two sums, plus the part of the pairs.
  func hessian(_ first: DenseMatrix, _ second: DenseMatrix) -> DenseMatrix {
    var result = crossed
    for index in result.elements.indices {
      result.elements[index] += first.elements[index] * second.elements[index]
    }
    return result
  }
}

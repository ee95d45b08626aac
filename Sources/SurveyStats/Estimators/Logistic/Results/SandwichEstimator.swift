/// The sums behind robust covariances of a fit, in its standardised coordinates.
///
/// Every sandwich M (Σ s s') M is the sum of v v' over the influence vectors v = M s of papers or
/// clusters.
struct SandwichEstimator {
  let fit: LogisticFit
  /// A triangular root R of the inverse information, M = R R'.
  let root: DenseMatrix

  private var width: Int { fit.coefficients.count }

  init(_ fit: LogisticFit) {
    self.fit = fit
    root = (try? fit.optimum.inverseInformation.cholesky()) ?? fit.optimum.inverseInformation
  }

  /// HC0 to HC3.
  func heteroskedasticCovariance(_ type: CovarianceType) -> DenseMatrix {
    let leverages = fit.leverages
    let papers = Double(fit.paperCount)
    let freedom = papers - Double(width)
    let influences = fit.data.rows.indices.map { row -> [Double] in
      let rest = max(1 - leverages[row], 1e-12)
      let factor =
        switch type {
        case .hc1: freedom > 0 ? (papers / freedom).squareRoot() : 1
        case .hc2: 1 / rest.squareRoot()
        case .hc3: 1 / rest
        default: 1.0
        }
      return influence(score([row])).map { $0 * factor }
    }
    return sum(influences)
  }

  /// CR0 to CR3, with degrees of freedom.
  func clusterCovariance(_ type: CovarianceType, clusters: [[Int]])
    -> (matrix: DenseMatrix, degreesOfFreedom: [Double])
  {
    let count = Double(clusters.count)
    let freedom = [Double](repeating: count - 1, count: width)
    switch type {
    case .cr2:
      let parts = clusters.map { BiasReducedCluster(fit, rows: $0) }
      return (sum(parts.map { influence($0.score) }), satterthwaite(parts))
    case .cr3: return (sum(clusters.map(jackknifeInfluence)), freedom)
    default: break
    }
    let papers = Double(fit.paperCount)
    let factor =
      switch type {
      case .cr1: count / (count - 1)
      case .cr1s: count * (papers - 1) / ((count - 1) * max(papers - Double(width), 1))
      default: 1.0
      }
    var matrix = sum(clusters.map { influence(score($0)) })
    for index in matrix.elements.indices { matrix.elements[index] *= factor }
    return (matrix, freedom)
  }

  /// The score of some rows: Σ w x (y − π).
  private func score(_ rows: [Int]) -> [Double] {
    var sum = [Double](repeating: 0, count: width)
    let (x, probabilities) = (fit.likelihood.x, fit.patternProbabilities)
    for row in rows {
      let pattern = fit.patternOfRow[row]
      let answer: Double = fit.data.isYes[row] ? 1 : 0
      let residual = fit.data.weights[row] * (answer - probabilities[pattern])
      for column in 0..<width { sum[column] += residual * x[pattern, column] }
    }
    return sum
  }

  private func influence(_ score: [Double]) -> [Double] {
    fit.optimum.inverseInformation.multiplied(by: score)
  }

  /// The covariance of the original coefficients from influence vectors.
  private func sum(_ influences: [[Double]]) -> DenseMatrix {
    var matrix = DenseMatrix(rows: width, columns: width)
    for influence in influences {
      for column in 0..<width {
        for row in 0..<width { matrix[row, column] += influence[row] * influence[column] }
      }
    }
    return fit.likelihood.covariance(ofStandardized: matrix)
  }

  /// M (I − X'WX M)⁻¹ s = R (I − R'X'WX R)⁻¹ R's over the rows of one cluster, by the
  /// pseudo-inverse where the cluster alone determines a coefficient.
  private func jackknifeInfluence(_ rows: [Int]) -> [Double] {
    var scaled = DenseMatrix(rows: rows.count, columns: width)
    let (x, probabilities) = (fit.likelihood.x, fit.patternProbabilities)
    for (index, row) in rows.enumerated() {
      let pattern = fit.patternOfRow[row]
      let probability = probabilities[pattern]
      let weight = (fit.data.weights[row] * probability * (1 - probability)).squareRoot()
      for column in 0..<width {
        scaled[index, column] = weight * x[pattern, column]
      }
    }
    let rotated = scaled.multiplied(by: root)
    let gram = rotated.multiplied(by: rotated, transposingSelf: true)
    let score = root.multiplied(by: score(rows), transposingSelf: true)
    guard let eigen = try? gram.symmetricEigen() else { return root.multiplied(by: score) }
    var coordinates = eigen.vectors.multiplied(by: score, transposingSelf: true)
    for (index, value) in eigen.values.enumerated() {
      coordinates[index] *= 1 - value > 1e-8 ? 1 / (1 - value) : 0
    }
    return root.multiplied(by: eigen.vectors.multiplied(by: coordinates))
  }

  /// Satterthwaite's degrees of freedom (tr S)² / tr S² of each coefficient, S = diag(d) − B B'
  /// over clusters.
  private func satterthwaite(_ parts: [BiasReducedCluster]) -> [Double] {
    (0..<width).map { coefficient in
      let direction = influence(fit.likelihood.contrast(of: coefficient))
      var trace = 0.0
      var squares = 0.0
      var products = DenseMatrix(rows: width, columns: width)
      for part in parts {
        let moments = part.moments(direction)
        let vector = root.multiplied(by: moments.projection, transposingSelf: true)
        let length = vector.reduce(0) { $0 + $1 * $1 }
        trace += moments.variance - length
        squares += moments.variance * (moments.variance - 2 * length)
        for column in 0..<width {
          for row in 0..<width { products[row, column] += vector[row] * vector[column] }
        }
      }
      squares += products.elements.reduce(0) { $0 + $1 * $1 }
      return squares > 0 ? trace * trace / squares : .infinity
    }
  }
}

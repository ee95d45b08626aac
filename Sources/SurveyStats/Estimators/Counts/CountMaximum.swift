import RealModule

/// The coefficients of a log-linear model of counts at the maximum of its likelihood, the variance of a
/// count being `μ + α μ²`.
///
/// `log μ = log exposure + x β`. Newton's method with halved steps climbs `Σ w log p(y | μ)`, which is
/// concave in β; α = 0 is Poisson's likelihood, with weights the quasi-likelihood of
/// ``CountRegression``, and a positive α that of `NegativeBinomial` at one overdispersion.
struct CountMaximum: Sendable {
  /// The coefficients.
  let coefficients: [Double]
  /// The means of the counts.
  let means: [Double]
  /// The inverse of the information.
  let inverse: DenseMatrix
  /// The log-likelihood.
  let logLikelihood: Double

  /// Climbs; `nil` where columns depend on each other or no maximum is found.
  ///
  /// - Parameters:
  ///   - columns: The columns, the first of ones, each with a value a row.
  ///   - counts: The counts, not negative and not all zero.
  ///   - weights: The weight of each row; ones if not given.
  ///   - logExposure: What is added to each linear predictor; zeros if not given.
  ///   - alpha: The overdispersion.
  ///   - start: Where to begin; the mean alone if not given.
  init?(
    columns: [[Double]], counts: [Double], weights: [Double]? = nil,
    logExposure: [Double]? = nil, alpha: Double = 0, start: [Double]? = nil
  ) {
    let width = columns.count
    let weights = weights ?? [Double](repeating: 1, count: counts.count)
    let offset = logExposure ?? [Double](repeating: 0, count: counts.count)
    // What does not depend on β: Σ log(1 + α k) − log y!.
    let constant = counts.indices.reduce(0.0) { sum, row in
      var own = -Double.logGamma(counts[row] + 1)
      if alpha > 0 {
        for k in 0..<Int(counts[row]) { own += Double.log(onePlus: alpha * Double(k)) }
      }
      return sum + weights[row] * own
    }
    func linear(_ beta: [Double]) -> [Double] {
      counts.indices.map { row in
        var sum = offset[row]
        for column in 0..<width { sum += beta[column] * columns[column][row] }
        return sum
      }
    }
    func likelihood(_ eta: [Double]) -> Double {
      var sum = constant
      for row in counts.indices {
        let mean = Double.exp(eta[row])
        let loss = alpha > 0 ? (counts[row] + 1 / alpha) * Double.log(onePlus: alpha * mean) : mean
        sum += weights[row] * ((counts[row] > 0 ? counts[row] * eta[row] : 0) - loss)
      }
      return sum
    }
    let total = zip(weights, counts).reduce(0) { $0 + $1.0 * $1.1 }
    let exposure = zip(weights, offset).reduce(0) { $0 + $1.0 * Double.exp($1.1) }
    var beta =
      start ?? [Double.log(total / exposure)] + [Double](repeating: 0, count: width - 1)
    var eta = linear(beta)
    var value = likelihood(eta)
    for _ in 0..<200 {
      var information = DenseMatrix(rows: width, columns: width)
      var score = [Double](repeating: 0, count: width)
      for row in counts.indices {
        let mean = Double.exp(eta[row])
        let residual = weights[row] * (counts[row] - mean) / (1 + alpha * mean)
        let weight = weights[row] * mean / (1 + alpha * mean)
        for i in 0..<width {
          score[i] += residual * columns[i][row]
          for j in 0...i { information[i, j] += weight * columns[i][row] * columns[j][row] }
        }
      }
      for i in 0..<width { for j in 0..<i { information[j, i] = information[i, j] } }
      guard let inverse = try? information.positiveDefiniteInverse() else { return nil }
      let step = inverse.multiplied(by: score)
      let gain = zip(step, score).reduce(0) { $0 + $1.0 * $1.1 }
      guard gain.isFinite else { return nil }
      var scale = gain < 1e-20 * max(1, abs(value)) ? 0 : 1.0
      while scale > 0 {
        let next = zip(beta, step).map { $0 + scale * $1 }
        let nextEta = linear(next)
        let nextValue = likelihood(nextEta)
        if nextValue.isFinite, nextValue >= value - 1e-12 * abs(value) {
          (beta, eta, value) = (next, nextEta, nextValue)
          break
        }
        scale = scale < 2e-10 ? 0 : scale / 2
      }
      if scale == 0 {
        coefficients = beta
        means = eta.map { Double.exp($0) }
        self.inverse = inverse
        logLikelihood = value
        return
      }
    }
    return nil
  }
}

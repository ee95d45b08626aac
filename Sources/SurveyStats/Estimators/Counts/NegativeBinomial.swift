import RealModule

/// The negative binomial regression of a count, whose variance is `μ + α μ²` (NB2).
///
/// `log μ = log exposure + x β`. β solves its score equations for a given α by Newton's method, α maximises the
/// profile likelihood. Standard errors are those of the information of β at α, as those of R's `MASS::glm.nb`: β and α
/// are orthogonal. Counts that vary no more than Poisson ones end at α = 0 (`isPoisson`).
///
/// Cost: O(n p²) for each of some tens of values of α.
///
/// Reference: Lawless (1987), *Canadian Journal of Statistics* 15:209; Venables & Ripley (2002), *MASS*, section 7.4.
struct NegativeBinomial: Sendable {
  /// The coefficients.
  let coefficients: [Double]
  /// The covariance of the coefficients.
  let covariance: DenseMatrix
  /// The overdispersion α; the θ of R is 1/α.
  let dispersion: Double
  /// The log-likelihood.
  let logLikelihood: Double

  /// Whether counts vary no more than Poisson ones.
  var isPoisson: Bool { dispersion < 1e-6 }

  /// Fits counts; `nil` when there are not more rows than columns, all counts are zero, or columns are collinear.
  ///
  /// - Parameters:
  ///   - columns: The columns, the first of ones, each with a value a row.
  ///   - counts: The counts, not negative.
  ///   - logExposure: What is added to each linear predictor.
  init?(columns: [[Double]], counts: [Double], logExposure: [Double]) {
    guard counts.count > columns.count, counts.contains(where: { $0 > 0 }) else { return nil }
    var latest: [Double]?
    func fit(_ alpha: Double) -> Fit? {
      let found = Self.fit(columns, counts, logExposure, alpha: alpha, start: latest)
      if let found { latest = found.beta }
      return found
    }
    guard let poisson = fit(0) else { return nil }
    let best = Brent.minimum(in: -14...7, tolerance: 1e-9) { logAlpha in
      fit(.exp(logAlpha)).map { -$0.logLikelihood } ?? .infinity
    }.point
    let alpha = Double.exp(best)
    guard let found = fit(alpha), found.logLikelihood > poisson.logLikelihood + 1e-9 else {
      self.init(poisson, 0)
      return
    }
    self.init(found, alpha)
  }

  private init(_ fit: Fit, _ alpha: Double) {
    coefficients = fit.beta
    covariance = fit.inverse
    dispersion = alpha
    logLikelihood = fit.logLikelihood
  }

  private struct Fit {
    var beta: [Double]
    var inverse: DenseMatrix
    var logLikelihood: Double
  }

  private static func fit(
    _ columns: [[Double]], _ counts: [Double], _ offset: [Double], alpha: Double,
    start: [Double]?
  ) -> Fit? {
    let width = columns.count
    let exposure = offset.reduce(0) { $0 + Double.exp($1) }
    var beta =
      start ?? [Double.log(counts.reduce(0, +) / exposure)]
      + [Double](repeating: 0, count: width - 1)
    // What does not depend on β: Σ log(1 + α k) − log y!.
    let constant = counts.reduce(0.0) { sum, y in
      var own = -Double.logGamma(y + 1)
      if alpha > 0 { for k in 0..<Int(y) { own += Double.log(onePlus: alpha * Double(k)) } }
      return sum + own
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
        sum += counts[row] > 0 ? counts[row] * eta[row] : 0
        sum -= alpha > 0 ? (counts[row] + 1 / alpha) * Double.log(onePlus: alpha * mean) : mean
      }
      return sum
    }
    var eta = linear(beta)
    var value = likelihood(eta)
    for _ in 0..<100 {
      var information = DenseMatrix(rows: width, columns: width)
      var score = [Double](repeating: 0, count: width)
      for row in counts.indices {
        let mean = Double.exp(eta[row])
        let weight = mean / (1 + alpha * mean)
        let residual = (counts[row] - mean) / (1 + alpha * mean)
        for i in 0..<width {
          score[i] += residual * columns[i][row]
          for j in 0..<width { information[i, j] += weight * columns[i][row] * columns[j][row] }
        }
      }
      guard let inverse = try? information.positiveDefiniteInverse() else { return nil }
      let step = inverse.multiplied(by: score)
      let gain = zip(step, score).reduce(0) { $0 + $1.0 * $1.1 }
      guard gain.isFinite else { return nil }
      if gain < 1e-16 * max(1, abs(value)) {
        return Fit(beta: beta, inverse: inverse, logLikelihood: value)
      }
      var scale = 1.0
      while true {
        let next = zip(beta, step).map { $0 + scale * $1 }
        let nextEta = linear(next)
        let nextValue = likelihood(nextEta)
        if nextValue.isFinite, nextValue >= value - 1e-13 * abs(value) {
          (beta, eta, value) = (next, nextEta, nextValue)
          break
        }
        scale /= 2
        if scale < 1e-8 { return Fit(beta: beta, inverse: inverse, logLikelihood: value) }
      }
    }
    return nil
  }
}

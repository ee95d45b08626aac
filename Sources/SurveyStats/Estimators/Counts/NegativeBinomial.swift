import RealModule

/// The negative binomial regression of a count, whose variance is `μ + α μ²` (NB2).
///
/// `log μ = log exposure + x β`. β is the `CountMaximum` for a given α, α maximises the profile likelihood.
/// Standard errors are those of the information of β at α, as those of R's `MASS::glm.nb`: β and α are
/// orthogonal. Counts that vary no more than Poisson ones end at α = 0 (`isPoisson`).
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
    func fit(_ alpha: Double) -> CountMaximum? {
      let found = CountMaximum(
        columns: columns, counts: counts, logExposure: logExposure, alpha: alpha, start: latest)
      if let found { latest = found.coefficients }
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

  private init(_ maximum: CountMaximum, _ alpha: Double) {
    coefficients = maximum.coefficients
    covariance = maximum.inverse
    dispersion = alpha
    logLikelihood = maximum.logLikelihood
  }
}

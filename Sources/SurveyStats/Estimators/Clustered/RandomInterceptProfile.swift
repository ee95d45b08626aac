/// The profile likelihood of a coefficient of a random-intercept model.
///
/// A limit is where the signed root of twice the fall of the log-likelihood, the other coefficients and σ being
/// found anew, reaches the normal quantile. Each value is found by Newton's method along the constraint. Cost:
/// some ten constrained fits.
struct RandomInterceptProfile {
  /// The coefficient as a combination of the parameters.
  let contrast: [Double]
  let optimum: [Double]
  let maximum: Double
  let estimate: Double
  let standardError: Double
  let evaluate: ([Double]) -> ClusterIntegral.Value?

  func callAsFunction(level: Double) -> RandomInterceptRegression.Fit.Profile {
    let distance = Normal().upperQuantile(ConfidenceLevel.tail(level))
    var start = optimum
    return RandomInterceptRegression.Fit.Profile(
      lower: limit(distance, direction: -1), upper: limit(distance, direction: 1),
      ratio: fall(at: 0, start: &start).map { 2 * max(0, $0) })
  }

  /// Where the signed root of twice the fall, which is nearly linear, reaches the distance.
  private func limit(_ distance: Double, direction: Double) -> Double? {
    var start = optimum
    var (inside, insideRoot) = (0.0, 0.0)
    var (outside, outsideRoot) = (Double.infinity, Double.infinity)
    var candidate = distance
    for _ in 0..<60 {
      guard
        let fall = fall(at: estimate + direction * candidate * standardError, start: &start)
      else { return nil }
      let root = (2 * max(0, fall)).squareRoot()
      if abs(root - distance) < 1e-7 { return estimate + direction * candidate * standardError }
      if root < distance {
        (inside, insideRoot) = (candidate, root)
      } else {
        (outside, outsideRoot) = (candidate, root)
      }
      if outside == .infinity {
        guard candidate < 100 else { return nil }
        candidate =
          insideRoot > 0
          ? min(2 * candidate, candidate * distance / insideRoot * 1.01) : 2 * candidate
      } else {
        let share = (distance - insideRoot) / (outsideRoot - insideRoot)
        candidate = inside + min(max(share, 0.01), 0.99) * (outside - inside)
      }
    }
    return nil
  }

  /// How far the log-likelihood falls with the coefficient held; `nil` where the search fails.
  private func fall(at target: Double, start: inout [Double]) -> Double? {
    var parameters = start
    for iteration in 0..<60 {
      guard let value = evaluate(parameters) else { return nil }
      let missing = target - zip(contrast, parameters).reduce(0) { $0 + $1.0 * $1.1 }
      let right = DenseMatrix(
        rows: parameters.count, columns: 2, elements: value.score + contrast)
      guard
        let solved =
          (try? value.information.solvingPositiveDefinite(right))
          ?? (try? value.completeInformation.solvingPositiveDefinite(right))
      else { return nil }
      let (plain, along) = (Array(solved.column(0)), Array(solved.column(1)))
      let size = zip(contrast, along).reduce(0) { $0 + $1.0 * $1.1 }
      let move = zip(contrast, plain).reduce(0) { $0 + $1.0 * $1.1 }
      let factor = (missing - move) / size
      let step = zip(plain, along).map { $0 + factor * $1 }
      let decrement = zip(step, value.score).reduce(0) { $0 + $1.0 * $1.1 }
      if iteration > 0, abs(missing) < 1e-10, abs(decrement) < 1e-10 {
        start = parameters
        return maximum - value.logLikelihood
      }
      var fraction = 1.0
      while true {
        let candidate = zip(parameters, step).map { $0 + fraction * $1 }
        // A step to the constraint may fall; one along it may not.
        if let next = evaluate(candidate),
          abs(missing) >= 1e-10
            || next.logLikelihood >= value.logLikelihood - 1e-10 * (1 + abs(value.logLikelihood))
        {
          parameters = candidate
          break
        }
        fraction /= 2
        guard fraction > 1e-6 else { return nil }
      }
    }
    return nil
  }
}

import RealModule
import SurveyStats

/// The search for the highest likelihood of a ``NormalMixture`` over coefficients and τ.
struct LikelihoodSearch {
  /// A point with the likelihood there.
  struct Maximum {
    var coefficients: [Double]
    var tau: Double
    var height: Double
    var gradient: [Double]
    var hessian: DenseMatrix
    /// Whether a linear predictor ran away.
    var isInfinite = false

    /// The slope along τ, or at zero the curvature, which has the sign of the slope along τ².
    var tauSlope: Double {
      let p = coefficients.count
      return tau == 0 ? hessian[p, p] : gradient[p]
    }
  }

  let mixture: NormalMixture
  private var start: [Double]
  /// The likelihood without variance between studies.
  private(set) var commonHeight = 0.0

  private static let greatestPredictor = 40.0

  init(_ mixture: NormalMixture) {
    self.mixture = mixture
    start = [Double](repeating: 0, count: mixture.design.columns)
  }

  /// The highest of all maxima along τ.
  mutating func maximum(grid: [Double]) throws(MetaError) -> Maximum {
    var points: [Maximum] = []
    for tau in grid {
      let point = try highest(
        at: tau, from: points.last?.coefficients ?? start, gain: tau == 0 ? 1e-12 : Self.rough)
      points.append(point)
    }
    commonHeight = points[0].height
    var best = points[0]
    func consider(_ point: Maximum) { if point.height > best.height { best = point } }
    for index in points.indices.dropLast() {
      let (left, right) = (points[index], points[index + 1])
      if left.tauSlope > 1e-9, right.tauSlope <= 0 {
        consider(try refined(left, right))
      }
    }
    // A rise to the end must be more than rounding, as where every study has one paper it is flat.
    if let last = points.last, points.count > 1, last.tauSlope > 0,
      last.height > best.height + 1e-9
    {
      best = try highest(at: last.tau, from: last.coefficients)
    }
    return best
  }

  /// The gain at which steps on the grid end: what is left is its square, enough for the sign of a slope.
  private static let rough = 1e-6

  /// The highest likelihood at one τ: Newton's steps on a concave function, halved where they overshoot.
  func highest(
    at tau: Double, from coefficients: [Double], gain least: Double = 1e-12
  ) throws(MetaError) -> Maximum {
    let p = coefficients.count
    var point = coefficients
    var current = mixture.evaluate(point, tau: tau)
    var isInfinite = false
    for _ in 0..<100 {
      let gradient = Array(current.gradient[0..<p])
      let step = direction(gradient, current, p)
      let gain = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      // The last step is taken: it leaves a gain of the square of this one.
      let isLast = gain < least * max(1, abs(current.value))
      var factor = 1.0
      let largest = mixture.design.multiplied(by: step).reduce(0) { max($0, abs($1)) }
      if largest > 5 { factor = 5 / largest }
      var accepted = false
      for _ in 0..<40 {
        let next = zip(point, step).map { $0 + factor * $1 }
        let evaluation = mixture.evaluate(next, tau: tau)
        if evaluation.value >= current.value - 1e-13 * abs(current.value) {
          accepted = evaluation.value > current.value || factor == 1
          point = next
          current = evaluation
          break
        }
        factor /= 2
      }
      let reach = mixture.design.multiplied(by: point).reduce(0) { max($0, abs($1)) }
      if reach > Self.greatestPredictor * (1 + tau) {
        isInfinite = true
        break
      }
      if !accepted || isLast { break }
    }
    return maximum(point, tau, current, isInfinite: isInfinite)
  }

  private func maximum(
    _ point: [Double], _ tau: Double, _ evaluation: Evaluation, isInfinite: Bool
  ) -> Maximum {
    Maximum(
      coefficients: point, tau: tau, height: evaluation.value, gradient: evaluation.gradient,
      hessian: evaluation.hessian ?? DenseMatrix(rows: 0, columns: 0), isInfinite: isInfinite)
  }

  /// Newton's step over the first `count` variables; along the gradient where the Hessian is singular.
  private func direction(_ gradient: [Double], _ evaluation: Evaluation, _ count: Int) -> [Double] {
    guard let hessian = evaluation.hessian else { return gradient }
    if count == 1 { return [gradient[0] / max(-hessian[0, 0], 1e-12)] }
    var information = DenseMatrix(rows: count, columns: count)
    for a in 0..<count { for b in 0..<count { information[a, b] = -hessian[a, b] } }
    let right = DenseMatrix(rows: count, columns: 1, elements: gradient)
    if let step = try? information.solvingPositiveDefinite(right) { return step.elements }
    for a in 0..<count { information[a, a] += 1e-6 * max(abs(information[a, a]), 1e-6) }
    return (try? information.solvingPositiveDefinite(right).elements) ?? gradient
  }

  /// The maximum between two points whose slopes along τ differ in sign.
  ///
  /// Newton's steps over coefficients and τ together, as long as they stay between the two and the
  /// likelihood rises; else the root of the profile's slope by Brent.
  private func refined(_ left: Maximum, _ right: Maximum) throws(MetaError) -> Maximum {
    let p = left.coefficients.count
    var point = left.height > right.height && left.tau > 0 ? left : right
    var tau = point.tau
    for _ in 0..<50 {
      let largest = point.gradient.reduce(0) { max($0, abs($1)) }
      if largest < 1e-11 * max(1, abs(point.height)) { return point }
      let evaluation = Evaluation(
        value: point.height, gradient: point.gradient, hessian: point.hessian)
      let step = direction(point.gradient, evaluation, p + 1)
      let next = tau + step[p]
      guard next > left.tau, next < right.tau else { break }
      let coefficients = zip(point.coefficients, step).map { $0 + $1 }
      let found = mixture.evaluate(coefficients, tau: next)
      guard found.value >= point.height - 1e-12 * abs(point.height) else { break }
      let isStill = abs(step[p]) < 1e-12 * max(1, next)
      point = maximum(coefficients, next, found, isInfinite: false)
      tau = next
      if isStill { return point }
    }
    var failure: MetaError?
    var coefficients = point.coefficients
    let lower = left.tau > 0 ? left.tau : 1e-4
    func slope(_ tau: Double) -> Double {
      do throws(MetaError) {
        let found = try highest(at: tau, from: coefficients)
        coefficients = found.coefficients
        return found.gradient[p]
      } catch {
        failure = error
        return 0
      }
    }
    let root = Brent.root(in: lower...right.tau, tolerance: 1e-12, of: slope)
    if let failure { throw failure }
    if let root { return try highest(at: root, from: coefficients) }
    // Between zero and the least τ tried the likelihood is as good as flat; elsewhere the root lies at an
    // end, to rounding.
    var best = left
    for tau in [lower, right.tau] {
      let end = try highest(at: tau, from: coefficients)
      if end.height > best.height { best = end }
    }
    return best
  }
}

import RealModule
import SurveyStats

extension MarginalModel {
  /// The sum of squared residuals without weights.
  private func unweighted() throws(MetaError) -> State {
    try state(weights: [Double](repeating: 1, count: studyCount))
  }

  /// The variance between studies by a method, and its standard error.
  ///
  /// Estimates of moments are cut off at zero. Likelihoods are searched from end to end: the score is
  /// bracketed on a grid of τ² below a bound beyond which it is negative, every root is refined, and
  /// the highest of the local maxima, zero among them, is taken; the restricted likelihood may have
  /// several (Kosmidis, Guolo & Varin 2017). A maximum narrower than a step of the grid, a factor of 1.5,
  /// can be missed. Without degrees of freedom the variance is zero and has no error.
  func heterogeneity(_ method: HeterogeneityMethod) throws(MetaError)
    -> (tau2: Double, standardError: Double?)
  {
    let k = Double(studyCount)
    let freedom = Double(self.freedom)
    guard self.freedom > 0, method != .commonEffect else { return (0, nil) }
    switch method {
    case .commonEffect: return (0, nil)
    case .derSimonianLaird:
      let state = try state(at: 0)
      let traceP = trace(state)
      let tau2 = max(0, (state.weightedSquares - freedom) / traceP)
      let variance =
        (2 * freedom + 4 * tau2 * traceP + 2 * tau2 * tau2 * trace(state, nil, nil))
        / (traceP * traceP)
      return (tau2, variance.squareRoot())
    case .hunterSchmidt:
      let state = try state(at: 0)
      let weight = state.weights.reduce(0, +)
      let tau2 = max(0, (state.weightedSquares - k) / weight)
      let variance =
        (2 * freedom + 4 * tau2 * trace(state) + 2 * tau2 * tau2 * trace(state, nil, nil))
        / (weight * weight)
      return (tau2, variance.squareRoot())
    case .hedges:
      let state = try unweighted()
      var traceV = 0.0
      for row in effects.indices { traceV += variances[row] * (1 - state.forms[row]) }
      let tau2 = max(0, (state.weightedSquares - traceV) / freedom)
      let variance =
        (2 * trace(state, variances, variances) + 4 * tau2 * traceV + 2 * tau2 * tau2 * freedom)
        / (freedom * freedom)
      return (tau2, variance.squareRoot())
    case .sidikJonkman:
      let mean = effects.reduce(0, +) / k
      let start = effects.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / k
      guard start > 0 else { return (0, nil) }
      let state = try state(at: start)
      let tau2 = start * state.weightedSquares / freedom
      let variance =
        start * start / (freedom * freedom)
        * (2 * trace(state, variances, variances) + 4 * tau2 * trace(state, variances, nil)
          + 2 * tau2 * tau2 * trace(state, nil, nil))
      return (tau2, variance.squareRoot())
    case .pauleMandel, .empiricalBayes, .medianUnbiased:
      let target =
        method == .medianUnbiased ? ChiSquared(degreesOfFreedom: freedom).quantile(0.5) : freedom
      let tau2 = try variance(whereQ: target) ?? 0
      let weight = variances.reduce(0) { $0 + 1 / ($1 + tau2) }
      return (tau2, (2 * k * k / freedom).squareRoot() / weight)
    case .maximumLikelihood, .restrictedLikelihood:
      let isRestricted = method == .restrictedLikelihood
      let tau2 = try mostLikely(isRestricted: isRestricted)
      let state = try state(at: tau2)
      let information =
        isRestricted
        ? trace(state, nil, nil) : state.weights.reduce(0) { $0 + $1 * $1 }
      return (tau2, information > 0 ? (2 / information).squareRoot() : nil)
    }
  }

  /// The τ² at which the generalised Q has a value; `nil` where Q is below it from zero on.
  ///
  /// Q falls with τ² and is at most the unweighted sum of squares over τ², which bounds the search.
  func variance(whereQ target: Double) throws(MetaError) -> Double? {
    guard target > 0 else { return nil }
    let atZero = try generalizedQ(at: 0)
    guard atZero > target else { return atZero == target ? 0 : nil }
    let bound = try unweighted().weightedSquares / target
    guard bound > 0 else { return nil }
    var failure: MetaError?
    let root = Brent.root(in: 0...bound * 1.000_001, tolerance: bound * 1e-16) { tau2 in
      do throws(MetaError) { return try generalizedQ(at: tau2) - target } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return root
  }

  /// The derivative of the (restricted) log-likelihood along τ², times two: y'PPy − tr P, or y'PPy − tr W.
  ///
  /// It is asked for tens of times a fit, and works in one piece of the stack; `nil` where the weights
  /// leave the normal equations singular.
  func score(at tau2: Double, isRestricted: Bool) -> Double? {
    let (k, p) = (studyCount, columnCount)
    return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: k + 3 * p * p + p) {
      room in
      unsafe room.initialize(repeating: 0)
      let (normal, inner, factor, right) = (k, k + p * p, k + 2 * p * p, k + 3 * p * p)
      var total = 0.0
      for row in 0..<k {
        let w = 1 / (variances[row] + tau2)
        unsafe room[row] = w
        total += w
      }
      for a in 0..<p {
        for b in 0...a {
          var (first, second) = (0.0, 0.0)
          for row in 0..<k {
            let product = unsafe room[row] * basis[a][row] * basis[b][row]
            first += product
            unsafe second += room[row] * product
          }
          unsafe room[normal + a * p + b] = first
          unsafe room[inner + a * p + b] = second
          unsafe room[inner + b * p + a] = second
        }
        var sum = 0.0
        for row in 0..<k { unsafe sum += room[row] * basis[a][row] * effects[row] }
        unsafe room[right + a] = sum
      }
      // L with LL' = Z'WZ; then L⁻¹ in its place.
      for a in 0..<p {
        for b in 0...a {
          var sum = unsafe room[normal + a * p + b]
          for c in 0..<b { unsafe sum -= room[factor + a * p + c] * room[factor + b * p + c] }
          if a == b {
            guard sum > 0 else { return nil }
            unsafe room[factor + a * p + a] = sum.squareRoot()
          } else {
            unsafe room[factor + a * p + b] = unsafe sum / room[factor + b * p + b]
          }
        }
      }
      for b in 0..<p {
        unsafe room[normal + b * p + b] = unsafe 1 / room[factor + b * p + b]
        for a in (b + 1)..<max(p, b + 1) {
          var sum = 0.0
          for c in b..<a { unsafe sum += room[factor + a * p + c] * room[normal + c * p + b] }
          unsafe room[normal + a * p + b] = unsafe -sum / room[factor + a * p + a]
        }
      }
      // tr((Z'WZ)⁻¹ Z'W²Z) = Σ (L⁻¹ C L⁻ᵀ)ₐₐ, and the coefficients L⁻ᵀ L⁻¹ Z'Wy.
      var overlap = 0.0
      for a in 0..<p {
        for b in 0...a {
          for c in 0...a {
            unsafe overlap +=
              room[normal + a * p + b] * room[inner + b * p + c] * room[normal + a * p + c]
          }
        }
      }
      for a in 0..<p {
        var sum = 0.0
        for b in 0...a { unsafe sum += room[normal + a * p + b] * room[right + b] }
        unsafe room[factor + a] = sum
      }
      for b in 0..<p {
        var sum = 0.0
        for a in b..<p { unsafe sum += room[normal + a * p + b] * room[factor + a] }
        unsafe room[right + b] = sum
      }
      var squares = 0.0
      for row in 0..<k {
        var residual = effects[row]
        for a in 0..<p { unsafe residual -= room[right + a] * basis[a][row] }
        let weighted = unsafe room[row] * residual
        squares += weighted * weighted
      }
      return squares - (isRestricted ? total - overlap : total)
    }
  }

  /// The τ² of the highest (restricted) likelihood.
  func mostLikely(isRestricted: Bool) throws(MetaError) -> Double {
    let residual = try unweighted().weightedSquares
    let greatest = variances.max() ?? 0
    let least = variances.min() ?? 0
    // Beyond this the score is negative: y'PPy is at most S / τ⁴, tr P at least (k − p) / (max v + τ²).
    let spread = residual / Double(isRestricted ? freedom : studyCount)
    guard spread > 0 else { return 0 }
    let bound = (spread + (spread * spread + 4 * spread * greatest).squareRoot()) / 2 * 1.000_001
    var points = [0.0]
    var point = min(least, bound) * 1e-3
    while point < bound {
      points.append(point)
      point *= 1.5
    }
    points.append(bound)
    var best: (tau2: Double, height: Double)?
    func consider(_ tau2: Double) throws(MetaError) {
      let heights = logLikelihoods(try state(at: tau2))
      let height = isRestricted ? heights.restricted : heights.full
      if best == nil || height > (best?.height ?? 0) { best = (tau2, height) }
    }
    guard var last = score(at: 0, isRestricted: isRestricted) else { throw .collinear }
    if last <= 0 { try consider(0) }
    for index in points.indices.dropFirst() {
      guard let next = score(at: points[index], isRestricted: isRestricted) else {
        throw .collinear
      }
      if last > 0, next <= 0 {
        let range = points[index - 1]...points[index]
        let root = Brent.root(in: range, tolerance: points[index] * 1e-16) { tau2 in
          score(at: tau2, isRestricted: isRestricted) ?? 0
        }
        try consider(root ?? points[index])
      }
      last = next
    }
    return best?.tau2 ?? 0
  }
}

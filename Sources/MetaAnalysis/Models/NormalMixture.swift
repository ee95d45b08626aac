import RealModule
import SurveyStats

/// The likelihood of studies whose predictors differ by a normal random effect.
///
/// `L(β, τ) = Πᵢ ∫ p(yᵢ | xᵢ'β + τ z) φ(z) dz`. The integrand's logarithm is concave in z, so it has one
/// peak, found by a guarded Newton search, and falls to both sides. The trapezoidal rule is laid from the
/// peak outwards until the integrand is below 10⁻¹⁴ of it, with a step of 0.6 of the smaller of the
/// curvature's scale at the peak and 1 / τ; for an integrand that is analytic in a strip (the logistic
/// function is, to ±π/τ) its error falls exponentially with the step (Trefethen & Weideman 2014, *SIAM
/// Review* 56:385). So sparse and long-tailed integrands are as exact as normal ones, which Gauss–Hermite
/// rules of few nodes are not. Where τ is large and a study is at an end of what it can be, the integrand is
/// a step beneath a wide normal density: `addPanels` takes Gauss–Legendre panels instead, which grow away
/// from the step. Gradient and Hessian are exact: means and covariances under the distribution of z given
/// the study. Cost: some 20 to 40 densities a study (binomial ones by ``LogitNormalNodes``), up to 400 for
/// wide steps.
struct NormalMixture: Sendable {
  let studies: [StudyLikelihood]
  let design: DenseMatrix

  init(_ studies: [StudyLikelihood], design: DenseMatrix? = nil) {
    self.studies = studies
    self.design = design ?? DenseMatrix(rows: studies.count, columns: 1, repeating: 1)
  }

  /// The logarithm of the likelihood with derivatives by the coefficients, then τ.
  func evaluate(_ coefficients: [Double], tau: Double) -> Evaluation {
    let p = design.columns
    var value = 0.0
    var gradient = [Double](repeating: 0, count: p + 1)
    var hessian = DenseMatrix(rows: p + 1, columns: p + 1)
    for (row, study) in studies.enumerated() {
      var predictor = 0.0
      for a in 0..<p { predictor += design[row, a] * coefficients[a] }
      let part = Self.integral(study, predictor, tau)
      value += part.log + study.constant
      for a in 0..<p {
        let x = design[row, a]
        gradient[a] += x * part.slope
        for b in 0...a {
          hessian[a, b] += x * design[row, b] * part.curvature
        }
        hessian[p, a] += x * part.mixed
      }
      gradient[p] += part.tauSlope
      hessian[p, p] += part.tauCurvature
    }
    for a in 0...p { for b in 0..<a { hessian[b, a] = hessian[a, b] } }
    return Evaluation(value: value, gradient: gradient, hessian: hessian)
  }

  /// The logarithm of one integral with its derivatives by predictor and τ.
  struct Part {
    var log: Double
    var slope: Double
    var curvature: Double
    var mixed: Double
    var tauSlope: Double
    var tauCurvature: Double
  }

  static func integral(_ study: StudyLikelihood, _ predictor: Double, _ tau: Double) -> Part {
    let plain = study.value(at: predictor)
    guard tau > 0 else {
      // The derivative by τ is zero at zero; the second is that by τ² doubled.
      return Part(
        log: plain.log, slope: plain.slope, curvature: plain.curvature, mixed: 0, tauSlope: 0,
        tauCurvature: plain.slope * plain.slope + plain.curvature)
    }
    let end = study.plateau
    let plateau = tau > wide ? end : nil
    if let plateau, (predictor - plateau.edge) * plateau.direction > 40 + 9 * tau {
      return Part(log: 0, slope: 0, curvature: 0, mixed: 0, tauSlope: 0, tauCurvature: 0)
    }
    // The peak lies between zero and τ times the slope at zero, as the slope falls.
    var (low, high) = (min(0, tau * plain.slope), max(0, tau * plain.slope))
    var peak = 0.0
    var at = plain
    var scale = 1.0
    let own = study.peak
    if own.isFinite, let curve = Optional(study.value(at: own).curvature), curve < 0 {
      let precision = -curve * tau * tau
      peak = min(max((own - predictor) / tau * precision / (1 + precision), low), high)
      at = study.value(at: predictor + tau * peak)
    } else if let (direction, edge) = end, (edge - predictor) * direction > 0 {
      peak = min(max((edge - predictor) / tau, low), high)
      at = study.value(at: predictor + tau * peak)
    }
    // Newton's steps, and halves of the bracket where they leave it or do not shrink (Press et al. 2007,
    // Numerical Recipes, section 9.4): the slope may bend like an exponential function.
    var (before, last) = (Double.infinity, Double.infinity)
    for _ in 0..<200 {
      let slope = tau * at.slope - peak
      scale = 1 / (1 - tau * tau * at.curvature).squareRoot()
      let step = slope * scale * scale
      if abs(step) < 1e-3 * scale { break }
      if slope > 0 { low = peak } else { high = peak }
      var next = peak + step
      if !(next > low && next < high) || abs(step) > before / 2 { next = (low + high) / 2 }
      if next == peak { break }
      (before, last) = (last, abs(next - peak))
      peak = next
      at = study.value(at: predictor + tau * peak)
    }
    let top = at.log - peak * peak / 2
    var sums = Sums()
    var width = 1.0
    if let plateau {
      addPanels(study, predictor, tau, plateau, top: top, to: &sums)
    } else {
      width = 0.6 * min(scale, 1 / tau)
      if case .binomial(let events, let total) = study.family {
        sums = Sums(
          LogitNormalNodes.sums(
            events: events, total: total, predictor: predictor + study.offset, tau: tau,
            peak: peak, top: top, width: width))
        return sums.part(top: top, width: width)
      }
      func add(_ z: Double, _ at: (log: Double, slope: Double, curvature: Double)) -> Bool {
        let weight = Double.exp(at.log - z * z / 2 - top)
        sums.add(weight, z, at)
        return weight > 1e-14
      }
      _ = add(peak, at)
      var z = peak + width
      while add(z, study.value(at: predictor + tau * z)) { z += width }
      z = peak - width
      while add(z, study.value(at: predictor + tau * z)) { z -= width }
    }
    return sums.part(top: top, width: width)
  }

  /// The τ above which studies at an end are integrated by panels.
  private static let wide = 20.0

  /// Ten nodes a panel.
  private static let panel = try? GaussLegendre(count: 10)

  /// Adds the nodes of a study whose density is a step: near one on one side of an edge, falling to zero
  /// on the other.
  ///
  /// On the falling side panels are two units of the predictor long. On the other they double, up to what
  /// the normal density bears. Each side ends where the integrand falls and no longer counts.
  private static func addPanels(
    _ study: StudyLikelihood, _ predictor: Double, _ tau: Double,
    _ plateau: (direction: Double, edge: Double), top: Double, to sums: inout Sums
  ) {
    guard let panel else { return }
    let outside = max(0, (plateau.edge - predictor) * plateau.direction)
    let longest = tau * min(1, 4 * tau / max(outside, tau))
    for side in [plateau.direction, -plateau.direction] {
      var length = min(2, longest)
      var start = plateau.edge
      for _ in 0..<10_000 {
        var greatest = 0.0
        for (node, share) in zip(panel.nodes, panel.weights) {
          let theta = start + side * length * node
          let z = (theta - predictor) / tau
          let at = study.value(at: theta)
          let weight = Double.exp(at.log - z * z / 2 - top)
          greatest = max(greatest, weight * length)
          sums.add(weight * share * length / tau, z, at)
        }
        start += side * length
        let falls = side * (study.value(at: start).slope - (start - predictor) / (tau * tau)) < 0
        if falls && greatest <= 1e-15 * sums.sum * tau { break }
        if side == plateau.direction { length = min(2 * length, longest) }
      }
    }
  }

  /// Sums over the nodes of an integral.
  private struct Sums {
    var sum = 0.0
    private var (g, gz, c, cz, czz) = (0.0, 0.0, 0.0, 0.0, 0.0)
    private var (gg, ggz, ggzz) = (0.0, 0.0, 0.0)

    init() {}

    init(_ sums: LogitNormalNodes.Sums) {
      (sum, g, gz) = (sums.weight, sums.g, sums.gz)
      (c, cz, czz) = (sums.c, sums.cz, sums.czz)
      (gg, ggz, ggzz) = (sums.gg, sums.ggz, sums.ggzz)
    }

    mutating func add(
      _ weight: Double, _ z: Double, _ at: (log: Double, slope: Double, curvature: Double)
    ) {
      sum += weight
      let slope = weight * at.slope
      g += slope
      gz += slope * z
      gg += slope * at.slope
      ggz += slope * at.slope * z
      ggzz += slope * at.slope * z * z
      let curvature = weight * at.curvature
      c += curvature
      cz += curvature * z
      czz += curvature * z * z
    }

    func part(top: Double, width: Double) -> Part {
      let (slope, tauSlope) = (g / sum, gz / sum)
      return Part(
        log: top + Double.log(sum * width) - 0.5 * Double.log(2 * .pi),
        slope: slope, curvature: (c + gg) / sum - slope * slope,
        mixed: (cz + ggz) / sum - slope * tauSlope, tauSlope: tauSlope,
        tauCurvature: (czz + ggzz) / sum - tauSlope * tauSlope)
    }
  }
}

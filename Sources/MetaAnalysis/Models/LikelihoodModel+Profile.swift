import RealModule
import SurveyStats

extension LikelihoodModel {
  private func mixture(_ fit: MetaFit, _ studies: StudyEffects, design: DenseMatrix?)
    -> NormalMixture
  {
    NormalMixture(
      fit.positions.compactMap { studies.counts[$0].flatMap(StudyLikelihood.init) },
      design: design)
  }

  /// Half the quantile of χ² by which the likelihood falls to a limit.
  private var drop: Double { ChiSquared(degreesOfFreedom: 1).upperQuantile(1 - level) / 2 }

  /// Limits of τ² where the profile likelihood has fallen; infinite above where it does not fall that far
  /// by ``greatestTau``.
  func varianceLimits(
    _ fit: MetaFit, _ studies: StudyEffects, design: DenseMatrix? = nil
  ) throws(MetaError) -> (lower: Double, upper: Double)? {
    let search = LikelihoodSearch(mixture(fit, studies, design: design))
    let wanted = fit.logLikelihood - drop
    let best = fit.tau2.squareRoot()
    var start = fit.coefficients
    var failure: MetaError?
    func excess(_ tau: Double) -> Double {
      do throws(MetaError) {
        let found = try search.highest(at: tau, from: start)
        start = found.coefficients
        return found.height - wanted
      } catch {
        failure = error
        return 0
      }
    }
    let lower =
      best > 0 && excess(0) < 0 ? Brent.root(in: 0...best, tolerance: 1e-9, of: excess) ?? 0 : 0
    start = fit.coefficients
    var near = best
    var far = max(2 * best, 0.25)
    while far < Self.greatestTau, excess(far) > 0 {
      near = far
      far *= 2
    }
    far = min(far, Self.greatestTau)
    var upper = Double.infinity
    if near < far, excess(far) <= 0 {
      upper = Brent.root(in: near...far, tolerance: 1e-9, of: excess) ?? far
    }
    if let failure { throw failure }
    return (lower * lower, upper * upper)
  }
}

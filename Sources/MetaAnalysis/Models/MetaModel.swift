/// How studies are pooled.
public enum MetaModel: String, Sendable, CaseIterable {
  /// Effects weighted by their inverse variances, in two steps (``RandomEffects``).
  case inverseVariance = "inverse-variance"
  /// Effects in clusters, with robust errors (``ThreeLevelModel``).
  case threeLevel = "three-level"
  /// Effects of several outcomes in clusters, with robust errors (``MultivariateModel``).
  case multivariate
  /// Binomial events whose logits differ normally (``LikelihoodModel``).
  case binomialNormal = "binomial-normal"
  /// Tables with fixed margins whose log odds ratios differ normally.
  case hypergeometricNormal = "hypergeometric-normal"
  /// Events in person-time whose log rates differ normally.
  case poissonNormal = "poisson-normal"
  /// Binomial events whose rates have a beta distribution (``BetaBinomial``).
  case betaBinomial = "beta-binomial"
  /// Mantel & Haenszel's common effect (``MantelHaenszel``).
  case mantelHaenszel = "mantel-haenszel"
  /// Peto's one-step common odds ratio (``PetoPooling``).
  case peto

  /// The likelihood of studies of some material; `nil` where there is none.
  public static func likelihood(of material: EffectMeasure.Material) -> MetaModel? {
    switch material {
    case .events, .personTimes: .binomialNormal
    case .twoByTwo: .hypergeometricNormal
    case .personTime: .poissonNormal
    case .mean, .means, .correlation, .effect: nil
    }
  }
}

import RealModule
import SurveyStats

/// What is thought of a pooled effect before the data, for Bayesian pooling and model averaging.
///
/// With `scale` s the effect has a normal distribution around its null value with standard deviation s,
/// the standard deviation between studies an inverse gamma distribution with shape 1 and scale 0.15 s; the
/// slope of PET is half-Cauchy with scale 1, that of PEESE with scale 5/s. With s = 1 these are the
/// defaults of Bartoš et al. for standardized mean differences; other measures get the scale that one
/// standardized mean difference has on theirs.
///
/// Reference: Bartoš, Maier, Wagenmakers et al. (2023), *Research Synthesis Methods* 14:99, table 1.
public struct AveragingPriors: Sendable, Hashable {
  /// The value of the effect that "no effect" means.
  public var null: Double
  /// The standard deviation of the normal distribution of the effect.
  public var effectDeviation: Double
  /// The shape of the inverse gamma distribution of the standard deviation between studies.
  var heterogeneityShape: Double
  /// Its scale.
  var heterogeneityScale: Double
  /// The scale of the half-Cauchy distribution of the slope of PET.
  var petScale: Double
  /// The scale of the half-Cauchy distribution of the slope of PEESE.
  var peeseScale: Double
  /// The probability that there is an effect; 1 where "no effect" means nothing, as of a single rate.
  public var effectProbability: Double
  /// The probability that studies differ.
  public var heterogeneityProbability: Double
  /// The probability of small-study bias.
  var biasProbability: Double

  /// Creates priors for effects of some scale.
  ///
  /// - Parameters:
  ///   - scale: What one standardized mean difference is on the scale of the effects; positive.
  ///   - null: The value of the effect that "no effect" means.
  public init(scale: Double = 1, null: Double = 0) {
    self.null = null
    effectDeviation = scale
    heterogeneityShape = 1
    heterogeneityScale = 0.15 * scale
    petScale = 1
    peeseScale = 5 / scale
    effectProbability = 0.5
    heterogeneityProbability = 0.5
    biasProbability = 0.5
  }

  /// The logarithm of the density of log tau.
  func logDensity(ofLogTau logTau: Double) -> Double {
    heterogeneityShape * (.log(heterogeneityScale) - logTau) - .logGamma(heterogeneityShape)
      - heterogeneityScale * .exp(-logTau)
  }

  /// The priors in words, for a note under tables.
  public func sentence(averagesBias: Bool) -> String {
    func short(_ value: Double) -> String { NumberFormat.readable(value) }
    var text =
      "Priors: effect Normal(\(short(null)), \(short(effectDeviation))), tau "
      + "InverseGamma(\(short(heterogeneityShape)), \(short(heterogeneityScale)))"
    if averagesBias {
      text +=
        ", PET slope half-Cauchy(\(short(petScale))), PEESE slope half-Cauchy(\(short(peeseScale))), "
        + "publication weights cumulative Dirichlet(1, …)"
    }
    let probabilities = [
      ("effect", effectProbability), ("heterogeneity", heterogeneityProbability),
      ("bias", averagesBias ? biasProbability : 0),
    ].filter { $0.1 > 0 }.map { "\($0.0) \(short($0.1))" }
    return text + "; prior probabilities: " + probabilities.joined(separator: ", ") + "."
  }
}

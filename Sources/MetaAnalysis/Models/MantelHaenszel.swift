import RealModule
import SurveyStats

/// The common odds ratio, risk ratio, risk difference or ratio of rates after Mantel and Haenszel.
///
/// Sums of products over studies, so that sparse tables need no correction and studies without events in
/// either group do not count for ratios. The errors are those of Robins, Breslow & Greenland (1986,
/// *Biometrics* 42:311) for odds ratios, Greenland & Robins (1985, *Biometrics* 41:55) for risk and rate
/// ratios and Sato (1989, *Biometrics* 45:1323) for differences. A group without any event leaves a ratio
/// at zero or infinity, with a note and no limits. Q is of the studies' effects about the estimate.
public struct MantelHaenszel: Sendable {
  /// The confidence level.
  public var level: Double

  /// Creates the method.
  public init(level: Double = 0.95) { self.level = level }

  /// Pools two-group counts.
  public func fit(_ studies: StudyEffects) throws(MetaError) -> MetaFit {
    let positions = studies.counts.indices.filter {
      studies.counts[$0] != nil && studies.counts[$0]?.fault == nil
    }
    let counts = positions.compactMap { studies.counts[$0] }
    guard !counts.isEmpty else { throw .noStudies }
    let found: (value: Double, variance: Double)
    switch studies.measure {
    case .oddsRatio: found = oddsRatio(counts)
    case .riskRatio: found = riskRatio(counts)
    case .riskDifference: found = riskDifference(counts)
    case .rateRatio: found = rateRatio(counts)
    default:
      throw .unfittingModel("mantel-haenszel", reason: "is of OR, RR, RD and IRR")
    }
    return MetaFit(
      common: found, studies: studies, positions: positions, model: .mantelHaenszel, level: level)
  }

  private func tables(_ counts: [StudyCounts]) -> [(a: Double, b: Double, c: Double, d: Double)] {
    counts.compactMap { study in
      guard case .twoByTwo(let a, let first, let c, let second) = study else { return nil }
      return (a, first - a, c, second - c)
    }
  }

  private func oddsRatio(_ counts: [StudyCounts]) -> (Double, Double) {
    var (r, s, pr, mixed, qs) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (a, b, c, d) in tables(counts) {
      let total = a + b + c + d
      let (p, q) = (a / total + d / total, b / total + c / total)
      let (ri, si) = (a * d / total, b * c / total)
      r += ri
      s += si
      pr += p * ri
      mixed += p * si + q * ri
      qs += q * si
    }
    return (Double.log(r / s), (pr / (r * r) + mixed / (r * s) + qs / (s * s)) / 2)
  }

  private func riskRatio(_ counts: [StudyCounts]) -> (Double, Double) {
    var (r, s, sum) = (0.0, 0.0, 0.0)
    for (a, b, c, d) in tables(counts) {
      let (first, second) = (a + b, c + d)
      let total = first + second
      r += a * second / total
      s += c * first / total
      sum += first / total * (second / total) * (a + c) - a / total * c
    }
    return (Double.log(r / s), sum / (r * s))
  }

  private func riskDifference(_ counts: [StudyCounts]) -> (Double, Double) {
    var (top, bottom, p, q) = (0.0, 0.0, 0.0, 0.0)
    for (a, b, c, d) in tables(counts) {
      let (first, second) = (a + b, c + d)
      let total = first + second
      top += a * second / total - c * first / total
      bottom += first * second / total
      let (share, other) = (first / total, second / total)
      p += c * share * share - a * other * other + share * other * (second - first) / 2
      q += a * d / total + c * b / total
    }
    let value = top / bottom
    return (value, (value * p + q / 2) / (bottom * bottom))
  }

  private func rateRatio(_ counts: [StudyCounts]) -> (Double, Double) {
    var (r, s, sum) = (0.0, 0.0, 0.0)
    for case .personTimes(let x, let first, let y, let second) in counts {
      let total = first + second
      r += x * second / total
      s += y * first / total
      sum += first / total * (second / total) * (x + y)
    }
    return (Double.log(r / s), sum / (r * s))
  }
}

/// Peto's common odds ratio: observed less expected events over their hypergeometric variance.
///
/// Reference: Yusuf et al. (1985), *Progress in Cardiovascular Diseases* 27:335. It is biased where
/// groups differ much in size or the odds ratio is far from one.
public struct PetoPooling: Sendable {
  /// The confidence level.
  public var level: Double

  /// Creates the method.
  public init(level: Double = 0.95) { self.level = level }

  /// Pools 2 × 2 tables.
  public func fit(_ studies: StudyEffects) throws(MetaError) -> MetaFit {
    guard studies.measure.material == .twoByTwo else {
      throw .unfittingModel("peto", reason: "is of 2 × 2 tables; take `measure: PETO`")
    }
    let own = try StudyEffects(
      .peto, labels: studies.labels, counts: studies.counts,
      correction: ContinuityCorrection(scope: .none))
    let positions = own.counts.indices.filter {
      own.counts[$0] != nil && own.counts[$0]?.fault == nil
    }
    guard !positions.isEmpty else { throw .noStudies }
    var (difference, information) = (0.0, 0.0)
    for effect in own.effects {
      guard let value = effect.value, let variance = effect.variance else { continue }
      difference += value / variance
      information += 1 / variance
    }
    return MetaFit(
      common: (difference / information, 1 / information), studies: own, positions: positions,
      model: .peto, level: level)
  }
}

extension MetaFit {
  /// A common effect that is not of weighted effects, with Q of the effects about it.
  init(
    common: (value: Double, variance: Double), studies: StudyEffects, positions: [Int],
    model: MetaModel, level: Double
  ) {
    let known = positions.filter { studies.effects[$0].isUsable }
    var q = 0.0
    var notes: [Note] = []
    let isDefined = common.value.isFinite && common.variance.isFinite && common.variance > 0
    if isDefined {
      for position in known {
        let effect = studies.effects[position]
        if let value = effect.value, let variance = effect.variance {
          q += (value - common.value) * (value - common.value) / variance
        }
      }
      if known.count == 1 { notes.append(.singleStudy) }
    } else {
      notes.append(common.value.isNaN ? .noInformation : .eventsInOneGroup)
    }
    self.init(
      method: .commonEffect, test: .normal, level: level, studyCount: positions.count,
      coefficients: [common.value],
      covariance: DenseMatrix(diagonal: [isDefined ? common.variance : 0]), degreesOfFreedom: nil,
      tau2: 0, tau2StandardError: nil, q: q, qDegreesOfFreedom: max(known.count - 1, 0),
      typicalVariance: 0, logLikelihood: 0, restrictedLogLikelihood: 0,
      weights: [Double](repeating: 1, count: positions.count),
      leverages: [Double](repeating: 0, count: positions.count), fitted: [], scale: 1,
      notes: notes, model: model, positions: positions)
    if !isDefined {
      likelihoodLimits = LikelihoodLimits(coefficient: 0, lower: nil, upper: nil)
    }
  }
}

extension Note {
  /// Only one of two groups has events, so that their ratio is zero or infinite, without limits.
  static let eventsInOneGroup = Note("events-in-one-group-only", effect: .noLimits)
}

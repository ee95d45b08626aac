import Foundation
import MetaAnalysis
import SurveyStats

/// A random table of studies: 1 to 40 of them, of 1 to 500 papers, with rates from 0 to 1 and many zeros.
struct RandomStudies {
  let pairs: [(a: Int, first: Int, c: Int, second: Int)]

  init(seed: UInt64, number: Int) {
    var stream = RandomStream(seed: seed, stream: UInt64(number))
    let k = 1 + stream.index(below: 40)
    let isEqual = stream.uniform() < 0.3
    let least = 1 + stream.index(below: 30)
    let greatest = least + stream.index(below: 500 - least + 1)
    let center = [0, 0.002, 0.02, 0.1, 0.5, 0.9, 0.998, 1][stream.index(below: 8)]
    let spread = [0, 0.5, 1, 3, 8][stream.index(below: 5)]
    let common = least + stream.index(below: greatest - least + 1)
    pairs = (0..<k).map { _ in
      func draw() -> (Int, Int) {
        let size = isEqual ? common : least + stream.index(below: greatest - least + 1)
        guard center > 0, center < 1 else { return (center == 0 ? 0 : size, size) }
        let logit = log(center / (1 - center)) + spread * stream.normal()
        let rate = 1 / (1 + exp(-logit))
        return (stream.binomial(trials: size, probability: rate), size)
      }
      let (first, second) = (draw(), draw())
      return (first.0, first.1, second.0, second.1)
    }
  }

  /// The table in short.
  var text: String {
    pairs.map { "\($0.a)/\($0.first):\($0.c)/\($0.second)" }.joined(separator: " ")
  }

  /// What is wrong with the outcome of each model; `nil` for nothing.
  func outcomes() -> [(name: String, fault: String?)] {
    let labels = pairs.indices.map(String.init)
    let events = pairs.map { StudyCounts.events(Double($0.a), of: Double($0.first)) }
    let tables = pairs.map {
      StudyCounts.twoByTwo(
        Double($0.a), of: Double($0.first), against: Double($0.c), ofOther: Double($0.second))
    }
    var result: [(name: String, fault: String?)] = []
    func check(
      _ name: String, _ measure: EffectMeasure, _ counts: [StudyCounts], _ pooling: Pooling
    ) {
      do {
        let studies = try StudyEffects(measure, labels: labels, counts: counts)
        let row = try pooling.estimate(studies)
        result.append((name, fault(row, studies)))
      } catch { result.append((name, "error \(error)")) }
    }
    for method in HeterogeneityMethod.allCases {
      check(
        "PLO \(method.rawValue)", .logit, events,
        Pooling(model: .inverseVariance, method: method))
    }
    for measure in [EffectMeasure.proportion, .logProportion, .arcsine, .freemanTukey] {
      check(measure.rawValue, measure, events, Pooling())
    }
    check("binomial-normal", .logit, events, Pooling(model: .binomialNormal))
    check("beta-binomial", .logit, events, Pooling(model: .betaBinomial))
    for measure in [
      EffectMeasure.oddsRatio, .riskRatio, .riskDifference, .arcsineDifference, .peto,
    ] {
      check(measure.rawValue, measure, tables, Pooling())
    }
    check("hypergeometric-normal", .oddsRatio, tables, Pooling(model: .hypergeometricNormal))
    for measure in [EffectMeasure.oddsRatio, .riskRatio, .riskDifference] {
      check("MH \(measure.rawValue)", measure, tables, Pooling(model: .mantelHaenszel))
    }
    check("peto", .oddsRatio, tables, Pooling(model: .peto))
    return result
  }

  private func fault(_ row: PooledStudies, _ studies: StudyEffects) -> String? {
    let notes = row.notes + row.estimate.notes
    if let value = row.estimate.value {
      guard value.isFinite else { return "not finite" }
      if let lower = row.estimate.lower, !(lower <= value + 1e-12) { return "lower limit above" }
      if let upper = row.estimate.upper, !(upper >= value - 1e-12) { return "upper limit below" }
      if row.estimate.lower == nil || row.estimate.upper == nil, notes.isEmpty {
        return "no limit without a reason"
      }
    } else if notes.isEmpty {
      return "no estimate without a reason"
    }
    if let tau2 = row.tau2.value {
      guard tau2.isFinite, tau2 >= 0 else { return "tau2 \(tau2)" }
      if let lower = row.tau2.lower, lower > tau2 + 1e-12 { return "tau2 below its limits" }
      if let upper = row.tau2.upper, upper < tau2 - 1e-12 { return "tau2 above its limits" }
    }
    if row.prediction == nil, notes.isEmpty { return "no prediction without a reason" }
    guard let fit = row.fit, fit.model == .binomialNormal || fit.model == .hypergeometricNormal
    else { return nil }
    if fit.coefficients.allSatisfy(\.isFinite) {
      for tau in [0, 0.3, 0.8, 2, 5, 15] {
        for effect in stride(from: -6.0, through: 6, by: 1.5) {
          let height = LikelihoodModel.logLikelihood(of: studies, effect: effect, tau: tau)
          if height > fit.logLikelihood + 1e-7 {
            return "likelihood \(fit.logLikelihood) below \(height) at \(effect), \(tau)"
          }
        }
      }
    }
    return nil
  }
}

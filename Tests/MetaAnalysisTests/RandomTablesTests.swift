import Foundation
import MetaAnalysis
import SurveyStats
import Testing

/// Every model has an outcome for whatever table; `make meta` tries 100,000 tables, with likelihoods
/// against a grid.
@Suite struct RandomTablesTests {
  private static func pairs(_ number: Int, most: Int) -> [(events: Double, total: Double)] {
    var stream = RandomStream(seed: 5, stream: UInt64(number))
    let k = 1 + stream.index(below: most)
    let center = [0, 0.01, 0.1, 0.5, 0.95, 1][stream.index(below: 6)]
    let spread = [0, 0.7, 3][stream.index(below: 3)]
    let isEqual = stream.uniform() < 0.3
    let common = 1 + stream.index(below: 500)
    return (0..<k).map { _ in
      let size = isEqual ? common : 1 + stream.index(below: 500)
      var rate = center
      if center > 0, center < 1 {
        let logit = log(center / (1 - center)) + spread * stream.normal()
        rate = 1 / (1 + exp(-logit))
      }
      return (Double(stream.binomial(trials: size, probability: rate)), Double(size))
    }
  }

  private func check(_ row: PooledStudies, _ name: String) {
    let notes = row.notes + row.estimate.notes
    if let value = row.estimate.value {
      #expect(value.isFinite, "\(name)")
      #expect((row.estimate.lower ?? value) <= value + 1e-12, "\(name)")
      #expect((row.estimate.upper ?? value) >= value - 1e-12, "\(name)")
    } else {
      #expect(!notes.isEmpty, "\(name)")
    }
    if row.estimate.lower == nil || row.prediction == nil { #expect(!notes.isEmpty, "\(name)") }
    if let tau2 = row.tau2.value {
      #expect(tau2 >= 0 && (row.tau2.lower ?? tau2) <= tau2 + 1e-12, "\(name)")
      #expect((row.tau2.upper ?? tau2) >= tau2 - 1e-12, "\(name)")
    }
  }

  @Test func `closed forms have an outcome for 20000 tables`() throws {
    let methods: [HeterogeneityMethod] = [
      .commonEffect, .derSimonianLaird, .hedges, .hunterSchmidt, .sidikJonkman,
    ]
    let measures: [EffectMeasure] = [.logit, .proportion, .logProportion, .arcsine, .freemanTukey]
    for number in 0..<20_000 {
      let pairs = Self.pairs(number, most: 8)
      let measure = measures[number % 5]
      let studies = try StudyEffects(
        measure, labels: pairs.indices.map { "\($0)" },
        counts: pairs.map { .events($0.events, of: $0.total) })
      let fit = try? RandomEffects(method: methods[number / 5 % 5]).fit(studies)
      guard let fit else {
        #expect(studies.usable.isEmpty, "\(number)")
        continue
      }
      let estimate = fit.estimate(ofCoefficient: 0)
      #expect(estimate.value?.isFinite == true && fit.tau2 >= 0, "\(number)")
      #expect((estimate.standardError ?? -1) > 0, "\(number)")
    }
  }

  @Test func `pooled rows have an outcome for 300 tables of each model`() throws {
    for number in 0..<300 {
      let pairs = Self.pairs(100_000 + number, most: 12)
      let labels = pairs.indices.map { "\($0)" }
      let events = try StudyEffects(
        .logit, labels: labels, counts: pairs.map { .events($0.events, of: $0.total) })
      for method in [HeterogeneityMethod.restrictedLikelihood, .maximumLikelihood, .pauleMandel] {
        check(
          try Pooling(model: .inverseVariance, method: method).estimate(events),
          "\(method) \(number)")
      }
      let fit = try Pooling(model: .binomialNormal).estimate(events)
      check(fit, "binomial-normal \(number)")
      if let own = fit.fit, own.coefficients[0].isFinite {
        for tau in [0, 0.5, 2, 8] {
          for effect in [-4.0, -1, 0, 2] {
            #expect(
              LikelihoodModel.logLikelihood(of: events, effect: effect, tau: tau)
                <= own.logLikelihood + 1e-7, "\(number)")
          }
        }
      }
      check(try Pooling(model: .betaBinomial).estimate(events), "beta-binomial \(number)")
      let others = Self.pairs(200_000 + number, most: 12)
      let tables = zip(pairs, others).map { one, two in
        StudyCounts.twoByTwo(one.events, of: one.total, against: two.events, ofOther: two.total)
      }
      let studies = try StudyEffects(
        .oddsRatio, labels: tables.indices.map { "\($0)" }, counts: tables)
      for model in [MetaModel.hypergeometricNormal, .mantelHaenszel, .peto] {
        check(try Pooling(model: model).estimate(studies), "\(model) \(number)")
      }
    }
  }
}

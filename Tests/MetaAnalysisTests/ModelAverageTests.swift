import Foundation
import SurveyStats
import Testing

@testable import MetaAnalysis

@Suite struct ModelAverageTests {
  private let golden = RobustnessGolden.shared

  /// Brute force by data, model and name.
  private static let reference = references("averaging")
  private static let clustered = references("clustered_averaging")

  private static func references(_ name: String) -> [String: Double] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/\(name).csv")
    var values: [String: Double] = [:]
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n").dropFirst(2) {
      guard let comma = line.lastIndex(of: ",") else { continue }
      values[String(line[..<comma])] = Double(line[line.index(after: comma)...])
    }
    return values
  }

  @Test func `effects in clusters have the evidence of whole matrices`() throws {
    let average = try ModelAverage(
      effects: [0.42, 0.55, 0.18, 0.31, 0.90, 0.76, -0.12, 0.05, 0.22],
      variances: [0.02, 0.05, 0.01, 0.03, 0.08, 0.04, 0.02, 0.015, 0.06],
      clusters: ["a", "a", "b", "b", "c", "c", "c", "d", "d"])
    #expect(average.models.count == 12)
    #expect(average.notes.contains { $0.code == "tau2-split" })
    for model in average.models {
      let key =
        "\(model.hasEffect ? 1 : 0),\(model.hasHeterogeneity ? 1 : 0),\(model.bias.name),"
      let height = Self.clustered[key + "log_marginal"] ?? .nan
      #expect(abs(model.logMarginal - height) < 2e-5, "\(key) \(model.logMarginal - height)")
      let effect = Self.clustered[key + "effect"] ?? .nan
      #expect(abs((model.effect.value ?? .nan) - effect) < 2e-5, "\(key)")
      let tau = Self.clustered[key + "tau"] ?? .nan
      #expect(abs((model.tau.value ?? .nan) - tau) < 2e-4, "\(key)")
    }
  }

  /// Two kinds of bias, for tests that need not have all.
  private static let few: [(bias: SmallStudyBias, share: Double)] = [
    (bias: .selection(cuts: [0.05], isTwoSided: false), share: 0.5), (bias: .pet, share: 0.5),
  ]

  @Test(arguments: ["bcg", "baskerville"])
  func `evidence and posterior means are those of brute force`(_ data: String) throws {
    // Brute force over three chances takes too long for more studies.
    let bias = SmallStudyBias.robust.filter {
      data == "bcg" || $0.bias.name != "one-sided 0.025 0.05 0.5"
    }
    let average = try ModelAverage(
      effects: golden.column(data, "data", "yi"), variances: golden.column(data, "data", "vi"),
      bias: bias)
    #expect(average.models.count == 4 * (bias.count + 1))
    var compared = 0
    for model in average.models {
      let key =
        "\(data),\(model.hasEffect ? 1 : 0),\(model.hasHeterogeneity ? 1 : 0),\(model.bias.name),"
      guard let height = Self.reference[key + "log_marginal"] else { continue }
      compared += 1
      #expect(abs(model.logMarginal - height) < 2e-5, "\(key) \(model.logMarginal - height)")
      // The studies of bcg were turned round for brute force.
      let sign = data == "bcg" ? -1.0 : 1
      let effect = sign * (Self.reference[key + "effect"] ?? .nan)
      #expect(abs((model.effect.value ?? .nan) - effect) < 2e-5, "\(key)")
      #expect(
        abs((model.tau.value ?? .nan) - (Self.reference[key + "tau"] ?? .nan)) < 2e-5, "\(key)")
    }
    #expect(compared >= 32)
  }

  @Test func `a normal effect without heterogeneity has the posterior of the textbook`() throws {
    var priors = AveragingPriors(scale: 2)
    priors.heterogeneityProbability = 0
    let average = try ModelAverage(
      effects: [0.4, 0.1, 0.3], variances: [0.04, 0.09, 0.01], priors: priors, bias: [])
    let precision = 1 / 0.04 + 1 / 0.09 + 1 / 0.01 + 0.25
    let mean = (0.4 / 0.04 + 0.1 / 0.09 + 0.3 / 0.01) / precision
    let deviation = 1 / precision.squareRoot()
    let effect = average.conditionalEffect
    #expect(abs((effect.value ?? 0) - mean) < 1e-9)
    #expect(abs((effect.standardError ?? 0) - deviation) < 1e-8)
    #expect(abs((effect.lower ?? 0) - (mean - 1.959963984540054 * deviation)) < 1e-5)
    #expect(abs((effect.upper ?? 0) - (mean + 1.959963984540054 * deviation)) < 1e-5)
    #expect(average.models.count == 2)
    #expect(average.components.map(\.name) == ["effect"])
    #expect(average.tau.value == 0)
    #expect(average.prediction.value == average.effect.value)
    // Savage and Dickey: the Bayes factor is the prior over the posterior density at zero.
    let prior = Normal().density(0) / 2
    let posterior = Normal().density(mean / deviation) / deviation
    #expect(
      abs((average.components[0].logBayesFactor ?? 0) - Foundation.log(prior / posterior)) < 1e-9)
  }

  @Test func `probabilities sum to one, answers repeat and mirror`() throws {
    let effects = golden.column("bcg", "data", "yi")
    let variances = golden.column("bcg", "data", "vi")
    let average = try ModelAverage(effects: effects, variances: variances, bias: Self.few)
    #expect(abs(average.models.reduce(0) { $0 + $1.posterior } - 1) < 1e-12)
    #expect(abs(average.models.reduce(0) { $0 + $1.prior } - 1) < 1e-12)
    let again = try ModelAverage(effects: effects, variances: variances, bias: Self.few)
    #expect(Table(models: again) == Table(models: average))
    let mirrored = try ModelAverage(
      effects: effects.map { -$0 }, variances: variances, bias: Self.few)
    #expect(mirrored.effect.value == average.effect.value.map { -$0 })
    #expect(mirrored.effect.lower == average.effect.upper.map { -$0 })
    #expect(zip(mirrored.models, average.models).allSatisfy { $0.logMarginal == $1.logMarginal })
    for estimate in [
      average.effect, average.conditionalEffect, average.tau, average.conditionalTau,
      average.prediction,
    ] {
      let (value, lower, upper) = (
        estimate.value ?? .nan, estimate.lower ?? .nan, estimate.upper ?? .nan
      )
      #expect(lower <= value && value <= upper)
    }
  }

  @Test func `one study, none, and studies without a variance`() throws {
    #expect(throws: ModelAverage.Failure.noStudies) {
      try ModelAverage(effects: [], variances: [])
    }
    #expect(throws: ModelAverage.Failure.noStudies) {
      try ModelAverage(effects: [1, 2], variances: [0, .nan])
    }
    let one = try ModelAverage(
      effects: [0.5, 0.2], variances: [0.04, 0], bias: Self.few)
    #expect(one.studyCount == 1)
    #expect(one.notes.map(\.code).contains("studies-left-out"))
    #expect(one.models.allSatisfy { $0.logMarginal.isFinite && $0.effect.lower != nil })
    let identical = try ModelAverage(
      effects: [Double](repeating: 0.3, count: 5), variances: [Double](repeating: 0.04, count: 5),
      bias: Self.few)
    #expect(identical.effect.value?.isFinite == true)
    #expect(identical.components.allSatisfy { $0.bayesFactor?.isFinite == true })
  }

  private static let events: [StudyCounts] = [
    .events(3, of: 20), .events(0, of: 9), .events(12, of: 40), .events(7, of: 55),
    .events(20, of: 31),
  ]

  @Test func `the binomial likelihood has the evidence of brute force`() throws {
    let studies = try StudyEffects(
      .logit, labels: ["a", "b", "c", "d", "e"], counts: Self.events)
    let average = try ModelAverage(studies, likelihood: .exact)
    #expect(average.models.count == 6)
    #expect(average.components.map(\.name) == ["heterogeneity", "bias"])
    for model in average.models {
      let key = "counts,1,\(model.hasHeterogeneity ? 1 : 0),\(model.bias.name),"
      let height = Self.reference[key + "log_marginal"] ?? .nan
      #expect(abs(model.logMarginal - height) < 2e-5, "\(key) \(model.logMarginal - height)")
      let effect = Self.reference[key + "effect"] ?? .nan
      #expect(abs((model.effect.value ?? .nan) - effect) < 2e-5, "\(key)")
    }
  }

  @Test func `counts without events, one table, and measures without a prior`() throws {
    let none = try StudyEffects(
      .logit, labels: ["a", "b"], counts: [.events(0, of: 10), .events(0, of: 20)])
    let average = try ModelAverage(none, likelihood: .exact, averagesBias: false)
    // numpy 2.4.6: sums over grids of the effect, log tau and the effects of the studies. tau has a long
    // tail: up to 1,000 and 3,000 gave -3.18452, -3.18348 and upper limits of 0.9558, 0.9639; beyond, each
    // study has no events with probability one half, which leaves -3.1829 and 0.968.
    #expect(abs(average.models[0].logMarginal - -3.443217) < 2e-5)
    #expect(abs(average.models[1].logMarginal - -3.1829) < 1e-4)
    #expect(abs((average.effect.lower ?? .nan) - -5.594) < 5e-3)
    #expect(abs((average.effect.upper ?? .nan) - 0.968) < 2e-3)
    let table = try StudyEffects(
      .oddsRatio, labels: ["a"], counts: [.twoByTwo(3, of: 20, against: 8, ofOther: 22)])
    #expect(
      try ModelAverage(table, likelihood: .exact, averagesBias: false).models.count == 4)
    let means = try StudyEffects(
      .mean, labels: ["a"], counts: [.mean(StudyCounts.Group(mean: 3, deviation: 1, size: 20))])
    #expect(throws: MetaError.self) { try ModelAverage(means) }
    #expect(throws: MetaError.self) {
      try ModelAverage(means, priors: AveragingPriors(), likelihood: .exact)
    }
  }
}

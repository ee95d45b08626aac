import Foundation
import SurveyStats

extension Situation {
  /// Ten items whose rates rise by nothing or by four points a year; the answers of a paper are
  /// correlated by 0.2.
  func trend(_ stream: inout RandomStream, _ plan: InferencePlan) async throws -> [Finding] {
    let slope = hasEffect ? 0.04 : 0
    var papers: [Paper] = []
    var answers: [[Bool]] = []
    for paper in 0..<unitCount {
      let year = stream.year()
      let rate = stream.beta(mean: 0.35 + slope * (year - 2023), correlation: 0.2)
      papers.append(Paper(slug: "p\(paper)", year: Int(year)))
      answers.append((0..<10).map { _ in stream.uniform() < rate })
    }
    let matrix = BinaryMatrix(
      papers: papers, items: (0..<10).map { Item(id: ItemID("a.item\($0)")) }
    ) { answers[$0][$1] ? .yes : .no }
    let years = papers.map { $0.year.map(Double.init) }
    let all = RateTarget.all(in: matrix, levels: [.item, .overall])
    let targets = [all[0], all[all.count - 1]]
    let trends = TrendEstimator(covariate: years, keepsRefits: true).estimate(
      matrix, targets: targets)
    let (item, score) = (trends[0], trends[1])
    let design = SamplingDesign(paperCount: unitCount)
    let sample = try await plan.bootstrap(
      design, from: &stream, TrendStatistic(trends, design: design))
    func truth(_ trend: Trend) -> Double {
      trend.span.map { slope * ($0.upperBound - $0.lowerBound) } ?? 0
    }
    let (itemName, scoreName) = ("change of an item", "change of the score")
    return [
      Finding(
        Method(itemName, "penalised profile (default)"), truth: truth(item), item.change,
        pValue: item.pValue),
      Finding(
        Method(itemName, "Cochran-Armitage test"), truth: 0, nil,
        pValue: item.item?.armitage?.pValue),
      Finding(
        Method(itemName, "average marginal effect, delta method"), truth: slope,
        item.item?.effect.flatMap { effect in
          effect.standardError.map { effect.estimate.around($0) }
        }),
      Finding(
        Method(itemName, "least squares, HC3"), truth: slope, item.item?.linear?.interval(),
        pValue: item.item?.linear?.pValue),
      Finding(
        Method(itemName, "bootstrap (percentile)"), truth: truth(item), sample, quantity: 0),
      Finding(
        Method(scoreName, "least squares, HC3 (default)"), truth: truth(score),
        score.change,
        pValue: score.pValue),
      Finding(
        Method(scoreName, "bootstrap (percentile)"), truth: truth(score), sample,
        quantity: TrendStatistic.valuesPerTrend),
      Finding(Method(scoreName, "Theil-Sen"), truth: slope, score.score?.theilSen?.slope),
    ]
  }

  /// Rare answers over seven years.
  ///
  /// Papers stand by themselves, or in clusters of unequal sizes that share their year, their answers
  /// correlated by 0.1.
  func rareTrend(_ stream: inout RandomStream) throws -> [Finding] {
    let slope = hasEffect ? 0.25 : 0
    var findings: [Finding] = []
    for rate in [0.02, 0.05, 0.10, 0.30] {
      let name = "\(Int(rate * 100))% yes"
      let middle: Double = log(rate / (1 - rate))
      func mean(_ year: Double) -> Double { probability(logit: middle + slope * (year - 2023)) }
      func truth(_ trend: Trend) -> Double {
        trend.span.map { mean($0.upperBound) - mean($0.lowerBound) } ?? 0
      }
      var (years, answers): ([Double], [Bool]) = ([], [])
      for _ in 0..<unitCount {
        years.append(stream.year())
        answers.append(stream.uniform() < mean(years[years.count - 1]))
      }
      let trend = Self.trend(years, answers)
      let exact = ExactTrendTest(years, answers)?.pValue
      for (test, pValue, change) in [
        ("penalised likelihood ratio (default)", trend.pValue, Optional(trend.change)),
        ("Cochran-Armitage", trend.item?.armitage?.pValue, nil), ("exact", exact, nil),
      ] {
        findings.append(
          Finding(Method(name, test), truth: truth(trend), change, pValue: pValue ?? 1))
        findings.append(
          Finding(
            Method(name, "\(test), over 27 items"), truth: 0, nil,
            pValue: min(1, 27 * (pValue ?? 1))))
      }
      // Clusters: a fifth as many as papers, their sizes as 1/rank.
      let clusterCount = max(4, unitCount / 5)
      let total = (1...clusterCount).reduce(0.0) { $0 + 1 / Double($1) }
      let properties = (0..<clusterCount).map { _ -> (year: Double, rate: Double) in
        let year = stream.year()
        return (year, stream.beta(mean: mean(year), correlation: 0.1))
      }
      var clusters: [String?] = []
      (years, answers) = ([], [])
      for _ in 0..<unitCount {
        var rest = stream.uniform() * total
        var cluster = 0
        while cluster < clusterCount - 1, rest > 1 / Double(cluster + 1) {
          rest -= 1 / Double(cluster + 1)
          cluster += 1
        }
        clusters.append("c\(cluster)")
        years.append(properties[cluster].year)
        answers.append(stream.uniform() < properties[cluster].rate)
      }
      for (kind, labels) in [
        ("clusters, CR3 (default)", Optional(clusters)), ("clusters ignored", nil),
      ] {
        let trend = Self.trend(years, answers, clusters: labels)
        findings.append(
          Finding(
            Method(name, kind), truth: truth(trend), trend.change,
            pValue: trend.pValue ?? 1))
        findings.append(
          Finding(
            Method(name, "\(kind), over 27 items"), truth: 0, nil,
            pValue: min(1, 27 * (trend.pValue ?? 1))))
      }
    }
    return findings
  }

  private static func trend(
    _ years: [Double], _ answers: [Bool], clusters: [String?]? = nil
  ) -> Trend {
    let matrix = BinaryMatrix(
      papers: years.indices.map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a.item"))]
    ) { paper, _ in answers[paper] ? .yes : .no }
    return TrendEstimator(
      covariate: years.map { $0 }, covarianceType: clusters == nil ? .model : .cr3,
      clusters: clusters
    ).estimate(matrix, targets: RateTarget.all(in: matrix, levels: [.item]))[0]
  }

  /// Twenty items of different rates, some of which are asked early or late only.
  ///
  /// The items of the last three years are easier and partly others, and an item applies more or less often as years go by. Papers differ by a normal effect; the log odds
  /// of every item rise by nothing or by 0.15 a year.
  func mixedTrend(_ stream: inout RandomStream) throws -> [Finding] {
    let slope = hasEffect ? 0.15 : 0
    let levels = (0..<20).map { 0.3 + 1.2 * (Double($0 % 10) - 4.5) / 3 }
    var papers: [Paper] = []
    var cells: [[Cell]] = []
    for paper in 0..<unitCount {
      let year = stream.year()
      let effect = 0.7 * stream.normal()
      papers.append(Paper(slug: "p\(paper)", year: Int(year)))
      cells.append(
        (0..<20).map { item in
          // The first half is asked always; the rest early or late, late ones being easier.
          if item >= 10, (year >= 2024) != (item >= 15) { return .absent }
          let share = 0.7 + (item % 2 == 0 ? 1 : -1) * 0.08 * (year - 2023)
          guard stream.uniform() < share else { return .notApplicable }
          let level = levels[item] + (item >= 15 ? 1.5 : 0) - (item % 2 == 0 ? 0 : 1)
          return stream.uniform() < probability(logit: level + effect + slope * (year - 2023))
            ? .yes : .no
        })
    }
    let matrix = BinaryMatrix(
      papers: papers, items: (0..<20).map { Item(id: ItemID("a.item\($0)")) }
    ) { cells[$0][$1] }
    let years = papers.map { $0.year.map(Double.init) }
    let overall = RateTarget.all(in: matrix, levels: [.overall])
    func trend(_ mix: ItemMix.Method) -> Trend {
      TrendEstimator(covariate: years, mix: mix).estimate(matrix, targets: overall)[0]
    }
    let (common, model, crude) = (trend(.common), trend(.model), trend(.crude))
    // The change of the items asked always, averaged over papers' effects, by their shares.
    func mean(_ year: Double, _ item: Int) -> Double {
      let level = levels[item] - (item % 2 == 0 ? 0 : 1)
      let nodes = stride(from: -3.0, through: 3.0, by: 0.25)
      var (sum, total) = (0.0, 0.0)
      for node in nodes {
        let density: Double = exp(-node * node / 2)
        sum += density * probability(logit: level + 0.7 * node + slope * (year - 2023))
        total += density
      }
      return sum / total
    }
    let truth = (0..<10).reduce(0) { $0 + (mean(2026, $1) - mean(2020, $1)) / 10 }
    let name = "change of the score"
    return [
      Finding(
        Method(name, "items asked throughout (default)"), truth: truth, common.change,
        pValue: common.pValue),
      Finding(
        Method("common odds ratio", "all items, own levels"), truth: 0.139 / 0.15 * slope,
        model.logOdds, pValue: model.pValue),
      Finding(Method(name, "as the answers are (wrong)"), truth: truth, crude.change),
    ]
  }
}

extension Double {
  /// A normal 95% interval around an estimate.
  fileprivate func around(_ error: Double) -> Estimate {
    Estimate(
      self, lower: self - 1.959963984540054 * error, upper: self + 1.959963984540054 * error)
  }
}

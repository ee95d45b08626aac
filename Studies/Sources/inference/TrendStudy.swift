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
    let trends = TrendEstimator(covariate: years)(matrix, targets: targets)
    let (item, score) = (trends[0], trends[1])
    let design = SamplingDesign(paperCount: unitCount)
    let sample = try await plan.bootstrap(
      design, from: &stream, TrendStatistic(trends, design: design))
    let (itemName, scoreName) = ("points per year of an item", "points per year of the score")
    return [
      Finding(Method(itemName, "logistic effect, delta method"), truth: slope, item.limits),
      Finding(Method(itemName, "Cochran-Armitage test"), truth: 0, nil, pValue: item.pValue),
      Finding(
        Method(itemName, "least squares, HC3"), truth: slope, item.linear?.interval(),
        pValue: item.linear?.pValue),
      Finding(
        Method(itemName, "logistic effect, bootstrap (percentile)"), truth: slope, sample,
        quantity: 0),
      Finding(
        Method(scoreName, "least squares, HC3"), truth: slope, score.limits,
        pValue: score.pValue),
      Finding(
        Method(scoreName, "least squares, bootstrap (percentile)"), truth: slope, sample,
        quantity: TrendStatistic.valuesPerTrend),
      Finding(Method(scoreName, "Theil-Sen"), truth: slope, score.theilSen?.limits),
    ]
  }
}

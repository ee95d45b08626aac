import Testing

@testable import SurveyStats

/// Small, constant, separated, weighted, clustered and mixed corpora: what holds in every row.
@Suite struct HostileTrendTests {
  /// A corpus that may be anything.
  private func corpus(_ stream: inout RandomStream) -> (
    matrix: BinaryMatrix, covariate: [Double?], clusters: [String?]?, weights: [Double]?
  ) {
    let (papers, items) = (1 + stream.index(below: 25), 1 + stream.index(below: 4))
    let values = 1 + stream.index(below: 5)
    let rates = (0..<items).map { _ in [0.0, 0.1, 0.5, 0.9, 1][stream.index(below: 5)] }
    let applies = (0..<items).map { _ in [0.2, 0.7, 1][stream.index(below: 3)] }
    let asked = (0..<items).map { _ in stream.index(below: 3) }
    let covariate = (0..<papers).map { _ -> Double? in
      stream.uniform() < 0.1 ? nil : 2020 + Double(stream.index(below: values))
    }
    let isSeparated = stream.uniform() < 0.2
    var cells: [[Cell]] = []
    for paper in 0..<papers {
      cells.append(
        (0..<items).map { item in
          let late = (covariate[paper] ?? 2020) > 2021
          if asked[item] == 1 && late || asked[item] == 2 && !late { return .absent }
          guard stream.uniform() < applies[item] else { return .notApplicable }
          if isSeparated { return late ? .yes : .no }
          return stream.uniform() < rates[item] ? .yes : .no
        })
    }
    let matrix = BinaryMatrix(
      papers: (0..<papers).map { Paper(slug: "p\($0)") },
      items: (0..<items).map { Item(id: ItemID("c.i\($0)")) }
    ) { cells[$0][$1] }
    let kind = stream.index(below: 4)
    let clusters = (0..<papers).map { _ -> String? in
      stream.uniform() < 0.1 ? nil : "c\(stream.index(below: kind == 1 ? 1 : 5))"
    }
    let weights = (0..<papers).map { _ -> Double in
      stream.uniform() < 0.1 ? 0 : stream.gamma(shape: 0.5)
    }
    return (
      matrix, covariate, kind == 1 || kind == 2 ? clusters : nil, kind >= 2 ? weights : nil
    )
  }

  @Test(arguments: ItemMix.Method.allCases)
  func `every row has a value or a reason, limits that hold it, and one test`(mix: ItemMix.Method) {
    var stream = RandomStream(seed: 77)
    for _ in 0..<300 {
      let (matrix, covariate, clusters, weights) = corpus(&stream)
      let estimator = TrendEstimator(
        covariate: covariate,
        covarianceType: clusters != nil ? .cr2 : weights != nil ? .hc3 : .model,
        clusters: clusters, weights: weights, mix: mix, keepsRefits: true)
      let trends = estimator.estimate(
        matrix, targets: RateTarget.all(in: matrix, levels: [.item, .category, .overall]))
      for trend in trends { check(trend) }
      let original = TrendStatistic(
        trends, design: SamplingDesign(paperCount: matrix.papers.count)
      ).original()
      for (index, trend) in trends.enumerated() where original[2 * index].isFinite {
        #expect(
          abs(original[2 * index] - (trend.change.value ?? .infinity)) < 1e-6, "\(trend)")
      }
    }
  }

  private func check(_ trend: Trend) {
    let change = trend.change
    let numbers = [
      change.value, change.standardError, change.lower, change.upper, trend.pValue, trend.statistic,
      trend.logOdds?.value, trend.logOdds?.lower, trend.logOdds?.upper, trend.score?.crude?.value,
      trend.kendall, trend.spearman, trend.rates?.first, trend.rates?.last,
      trend.item?.effect?.estimate,
    ]
    #expect(numbers.allSatisfy { $0?.isFinite ?? true }, "\(trend)")
    #expect(numbers.allSatisfy { $0.map { $0 == 0 || abs($0) > 1e-12 } ?? true }, "\(trend)")
    let effects = change.notes.map(\.effect)
    guard let value = change.value else {
      #expect(effects.contains(.noValue), "\(change)")
      #expect(!change.hasLimits && trend.pValue == nil)
      return
    }
    #expect(!effects.contains(.noValue), "\(change)")
    #expect(abs(value) <= 1)
    guard let lower = change.lower, let upper = change.upper else {
      #expect(effects.contains(.noLimits), "\(change)")
      #expect(trend.pValue == nil && trend.test == nil && trend.logOdds?.lower == nil)
      return
    }
    #expect(!effects.contains(.noLimits), "\(change)")
    #expect(
      lower >= -1 && upper <= 1 && lower < upper && lower <= value && value <= upper, "\(trend)")
    let isClear = lower > 0 || upper < 0
    #expect(isClear == ((trend.pValue ?? 2) < 0.05), "\(change) \(trend.pValue ?? -1)")
    if let low = trend.logOdds?.lower, let high = trend.logOdds?.upper {
      #expect(isClear == (low > 0 || high < 0), "\(change) \(low) \(high)")
    }
  }
}

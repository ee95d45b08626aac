import Foundation
import SurveyStats

extension Situation {
  /// Two groups of half the papers each: an item of rate 20% against 20% or 40%, and the score of
  /// ten items whose answers are correlated by 0.2.
  func compare(_ stream: inout RandomStream, _ plan: InferencePlan) async throws -> [Finding] {
    let rates = [0.2, hasEffect ? 0.4 : 0.2]
    var answers: [[Bool]] = []
    for paper in 0..<unitCount {
      let rate = stream.beta(mean: rates[paper % 2], correlation: 0.2)
      answers.append((0..<10).map { _ in stream.uniform() < rate })
    }
    let matrix = BinaryMatrix(
      papers: answers.indices.map { Paper(slug: "p\($0)", group: $0 % 2 == 1 ? "a" : "b") },
      items: (0..<10).map { Item(id: ItemID("a.item\($0)")) }
    ) { answers[$0][$1] ? .yes : .no }
    let all = RateTarget.all(in: matrix, levels: [.item, .overall])
    let contrasts = GroupContrast.all(of: matrix.papers.map(\.group), rule: .pairs)
    let targets = [all[0], all[all.count - 1]]
    let rows = GroupComparison(contrasts).estimate(matrix, targets: targets)
    let truth = rates[1] - rates[0]
    let design = SamplingDesign(paperCount: unitCount)
    let sample = try await plan.bootstrap(
      design, from: &stream,
      DifferenceStatistic(
        rows.map { DifferenceStatistic.Difference($0, of: matrix, design: design) }, design: design)
    )
    func yes(_ group: Int) -> Int { answers.indices.count { $0 % 2 == group && answers[$0][0] } }
    let pair = TwoProportions(yes(1), of: unitCount / 2, yes(0), of: (unitCount + 1) / 2)
    let ratio = pair.logOddsRatio
    let trueRatio: Double = log(rates[1] / (1 - rates[1]) / (rates[0] / (1 - rates[0])))
    let (difference, test, score) = (
      "difference of rates", "test of equal rates", "difference of scores"
    )
    let tests = [
      TwoProportions.Test.automatic, .chiSquare, .reducedChiSquare, .fisher, .fisherMidP,
    ]
    return [
      Finding(
        Method(difference, "Miettinen-Nurminen"), truth: truth, pair.miettinenNurminenInterval()),
      Finding(Method(difference, "Newcombe"), truth: truth, pair.newcombeInterval()),
      Finding(Method(difference, "bootstrap (percentile)"), truth: truth, sample, quantity: 0),
      Finding(
        Method("odds ratio", "Woolf"), truth: trueRatio,
        ratio.map {
          Estimate(
            $0.estimate, lower: $0.estimate - 1.959963984540054 * $0.standardError,
            upper: $0.estimate + 1.959963984540054 * $0.standardError)
        }),
    ]
      + tests.map { kind in
        Finding(
          Method(test, kind == .automatic ? "auto" : kind.rawValue), truth: 0, nil,
          pValue: pair.test(kind)?.pValue ?? 1)
      } + [
        Finding(
          Method(score, "score (default)"), truth: truth, rows[1].difference, pValue: rows[1].pValue
        ),
        Finding(
          Method(score, "Welch"), truth: truth, rows[1].score?.welch?.interval(),
          pValue: rows[1].score?.welch?.pValue),
        Finding(Method(score, "bootstrap (percentile)"), truth: truth, sample, quantity: 1),
        Finding(Method(score, "Mann-Whitney"), truth: 0, nil, pValue: rows[1].score?.ranks?.pValue),
      ]
  }

  /// Two groups with different mixes of four strata, whose rates run from 15 to 75%; within a stratum
  /// the groups are alike, or their odds differ by a factor of two.
  func strata(_ stream: inout RandomStream, _ plan: InferencePlan) async throws -> [Finding] {
    let rates = [0.15, 0.35, 0.55, 0.75]
    let truth: Double = hasEffect ? log(2.0) : 0
    var papers: [Paper] = []
    var answers: [Bool] = []
    for paper in 0..<unitCount {
      let isFirst = paper % 2 == 1
      // The shares of the strata are 1:2:3:4 in one group and 4:3:2:1 in the other.
      let draw = stream.index(below: 10)
      let rank = draw < 1 ? 0 : draw < 3 ? 1 : draw < 6 ? 2 : 3
      let stratum = isFirst ? rank : 3 - rank
      let odds: Double = log(rates[stratum] / (1 - rates[stratum])) + (isFirst ? truth : 0)
      papers.append(
        Paper(slug: "p\(paper)", type: "\(stratum)", group: isFirst ? "a" : "b"))
      answers.append(stream.uniform() < probability(logit: odds))
    }
    let matrix = BinaryMatrix(papers: papers, items: [Item(id: ItemID("a.item"))]) { paper, _ in
      answers[paper] ? .yes : .no
    }
    let target = RateTarget.all(in: matrix, levels: [.item])[0]
    let contrast = GroupContrast.all(of: papers.map(\.group), rule: .pairs)[0]
    let comparison = StratifiedComparison(
      (0..<4).map { stratum in
        let own = papers.indices.filter { papers[$0].type == "\(stratum)" }
        func count(_ group: String) -> [Int] { own.filter { papers[$0].group == group } }
        let (first, second) = (count("a"), count("b"))
        return TwoProportions(
          first.count { answers[$0] }, of: first.count, second.count { answers[$0] },
          of: second.count)
      })
    let ratio = comparison.logOddsRatio.map {
      Estimate(
        $0.estimate, lower: $0.estimate - 1.959963984540054 * $0.standardError,
        upper: $0.estimate + 1.959963984540054 * $0.standardError)
    }
    let gaps = rates.map { rate -> Double in
      let odds: Double = log(rate / (1 - rate)) + truth
      return probability(logit: odds) - rate
    }
    let standardized = try StandardizedDifference.Method.allCases.map { method in
      try StandardizedDifference(
        matrix, target: target, contrast: contrast, columns: ["type"], method: method)
    }
    let design = SamplingDesign(paperCount: unitCount)
    let sample = try await plan.bootstrap(
      design, from: &stream, StandardizedStatistic(standardized, design: design))
    // Both groups together have the four strata in equal shares.
    let population = gaps.reduce(0, +) / 4
    // The direct difference is about the mix of this corpus, without strata of one group only.
    var (sum, total) = (0.0, 0.0)
    for stratum in 0..<4 {
      let own = papers.filter { $0.type == "\(stratum)" }
      guard Set(own.map(\.group)).count == 2 else { continue }
      sum += gaps[stratum] * Double(own.count)
      total += Double(own.count)
    }
    let mix = total > 0 ? sum / total : 0
    let crude = GroupComparison([contrast]).estimate(matrix, targets: [target])[0]
    let name = "standardised difference"
    return [
      Finding(
        Method("odds ratio within strata", "Mantel-Haenszel"), truth: truth, ratio,
        pValue: comparison.pValue),
      Finding(
        Method("equal odds ratios", "Breslow-Day-Tarone"), truth: 0, nil,
        pValue: comparison.homogeneityPValue),
      Finding(
        Method(name, "direct"), truth: mix, standardized[0].difference,
        pValue: standardized[0].pValue),
      Finding(
        Method(name, "weighting"), truth: population, standardized[1].difference,
        pValue: standardized[1].pValue),
      Finding(
        Method(name, "direct, bootstrap (percentile)"), truth: population, sample, quantity: 0),
      Finding(
        Method(name, "weighting, bootstrap (percentile)"), truth: population, sample, quantity: 1),
      Finding(
        Method(name, "as observed, not standardised (wrong)"), truth: population, crude.difference),
    ]
  }

  /// Two items of the same papers, of rates 40% and 40% or 20%; half of the papers answer both
  /// alike.
  func pairs(_ stream: inout RandomStream, _ plan: InferencePlan) async throws -> [Finding] {
    let rates = [0.4, hasEffect ? 0.2 : 0.4]
    // Half of the papers have both answers from one draw, the others from two.
    let cells = (0..<unitCount).map { _ -> [Bool] in
      let draws = [stream.uniform(), stream.uniform()]
      let isAlike = stream.uniform() < 0.5
      return [draws[0] < rates[0], draws[isAlike ? 0 : 1] < rates[1]]
    }
    let matrix = BinaryMatrix(
      papers: cells.indices.map { Paper(slug: "p\($0)") },
      items: [Item(id: ItemID("a.visible")), Item(id: ItemID("a.invisible"))]
    ) { cells[$0][$1] ? .yes : .no }
    let pair = PairedProportions(matrix, 0, 1)
    let truth = rates[0] - rates[1]
    let design = SamplingDesign(paperCount: unitCount)
    let sample = try await plan.bootstrap(
      design, from: &stream,
      DifferenceStatistic([.init(matrix, pair: (first: 0, second: 1))], design: design))
    let (difference, test) = ("paired difference", "test of equal paired rates")
    return [
      Finding(Method(difference, "Tango (default)"), truth: truth, pair.tangoInterval()),
      Finding(Method(difference, "Newcombe"), truth: truth, pair.newcombeInterval()),
      Finding(Method(difference, "bootstrap (percentile)"), truth: truth, sample, quantity: 0),
      Finding(Method(test, "McNemar (default)"), truth: 0, nil, pValue: pair.mcNemarPValue),
      Finding(Method(test, "McNemar mid-p"), truth: 0, nil, pValue: pair.midPValue),
      Finding(Method(test, "McNemar exact"), truth: 0, nil, pValue: pair.exactPValue),
    ]
  }
}

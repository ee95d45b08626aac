import RealModule
import Testing

@testable import SurveyStats

/// Fits made eight at a time against fits made one by one.
@Suite struct LogisticLanesTests {
  /// A corpus with a year, a category, an item and a label, all with seeds of their own.
  static func source(papers: Int, seed: UInt64) -> CovariateColumns {
    var random = RandomStream(seed: seed)
    let years = (0..<papers).map { _ in Double(2015 + random.index(below: 8)) }
    let types = (0..<papers).map { _ -> String? in
      let draw = random.index(below: 20)
      return draw < 9 ? "a" : draw < 14 ? "b" : draw < 17 ? "c" : draw < 19 ? "d" : "e"
    }
    let flags = (0..<papers).map { _ in Double(random.index(below: 2)) }
    let score = (0..<papers).map { _ in random.normal() * 10 + 50 }
    return CovariateColumns([
      "year": .numeric(years), "type": .categorical(types), "flag": .numeric(flags),
      "score": .numeric(score),
    ])
  }

  /// Outcomes from rare to frequent, with gaps, some in whole levels, and some separated.
  static func outcomes(_ source: CovariateColumns, papers: Int, seed: UInt64) -> [BinaryOutcome] {
    var random = RandomStream(seed: seed, stream: 1)
    guard case .numeric(let years)? = source.covariate(named: "year"),
      case .categorical(let types)? = source.covariate(named: "type")
    else { return [] }
    return (0..<27).map { index in
      let share = [0.02, 0.1, 0.3, 0.5, 0.8, 0.97][index % 6]
      let values = (0..<papers).map { paper -> Bool? in
        let (draw, gap) = (random.uniform(), random.uniform())
        if index % 4 == 1, gap < 0.3 || (index % 8 == 1 && types[paper] == "e") { return nil }
        switch index {
        case 20: return types[paper] == "d" || draw < 0.5
        case 21: return types[paper] != "d" && types[paper] != "e" && draw < 0.5
        case 22: return types[paper] != "a" && draw < 0.5
        case 23: return (years[paper] ?? 0) > 2018
        case 24: return (years[paper] ?? 0) > 2019 && draw < 0.7
        case 25: return types[paper] == "d" ? true : types[paper] == "e" ? false : draw < 0.4
        case 26: return nil
        default: return draw < share
        }
      }
      return BinaryOutcome(name: "y\(index)", values: values)
    }
  }

  static func areEqual(_ one: LogisticFit, _ other: LogisticFit) -> Bool {
    let close = { (a: Double, b: Double) in abs(a - b) <= 1e-9 * max(1, abs(a), abs(b)) }
    let areClose = { (a: [Double], b: [Double]) in
      a.count == b.count && zip(a, b).allSatisfy { close($0, $1) }
    }
    return one.method == other.method && one.notes == other.notes
      && one.separation == other.separation && one.dropped == other.dropped
      && one.columnNames == other.columnNames && one.paperCount == other.paperCount
      && one.eventCount == other.eventCount && areClose(one.coefficients, other.coefficients)
      && areClose(one.covariance.elements, other.covariance.elements)
      && close(one.logLikelihood, other.logLikelihood) && close(one.criterion, other.criterion)
      && areClose(one.optimum.beta, other.optimum.beta)
      && areClose(
        one.optimum.inverseInformation.elements, other.optimum.inverseInformation.elements)
      && areClose(one.patternProbabilities, other.patternProbabilities)
  }

  @Test(
    arguments: ["type", "year + type", "type * flag", "year:center + type + score", "flag"],
    [30, 90, 400])
  func `fits together are the fits alone, with the same remarks`(formula: String, papers: Int)
    throws
  {
    for seed in 1...UInt64(2) {
      let source = Self.source(papers: papers, seed: seed)
      let design = try DesignMatrix(ModelFormula(formula), from: source)
      let outcomes = Self.outcomes(source, papers: papers, seed: seed)
      var random = RandomStream(seed: seed, stream: 2)
      let weights = (0..<papers).map { _ in Double(random.index(below: 4)) * 0.7 }
      let offset = (0..<papers).map { _ in random.normal() / 3 }
      for estimation in [
        LogisticRegression.Estimation.automatic, .maximumLikelihood, .firth,
      ] {
        for (weights, offset) in [(nil, nil), (weights, nil), (nil, offset)] {
          let regression = LogisticRegression(
            estimation: estimation, weighting: seed % 2 == 0 ? .sampling : .frequencies)
          let found = try regression.fits(
            design, outcomes: outcomes, weights: weights, offset: offset)
          let prepared = try PreparedDesign(design, weights: weights, offset: offset)
          for (outcome, found) in zip(outcomes, found) {
            let alone = Result { () throws(LogisticRegressionError) in
              try regression.fitAlone(
                LogisticData(prepared, outcome: outcome, weighting: regression.weighting))
            }
            switch (found, alone) {
            case (.success(let one), .success(let other)):
              #expect(Self.areEqual(one, other), "\(outcome.name) \(estimation) seed \(seed)")
            case (.failure(let one), .failure(let other)): #expect(one == other)
            default: Issue.record("\(outcome.name): \(found) but alone \(alone)")
            }
          }
        }
      }
    }
  }

  @Test func `most fits of a wide corpus are made together`() throws {
    let source = Self.source(papers: 2_000, seed: 3)
    let design = try DesignMatrix(ModelFormula("year + type"), from: source)
    let prepared = try PreparedDesign(design, weights: nil, offset: nil)
    let data = LogisticData.all(
      prepared, outcomes: Array(Self.outcomes(source, papers: 2_000, seed: 3)[..<22]),
      weighting: .frequencies
    ).compactMap { try? $0.get() }
    let rows = try #require(prepared.sparseRows)
    let fits = LogisticLanes(rows).fits(data, by: LogisticRegression())
    #expect(fits.count { $0 != nil } >= 18)
    #expect(fits[20]?.separation?.terms == [.init(column: 4, sign: .plus)])
  }

  @Test(arguments: KernelPath.available)
  func `a fit has the same bits on every path and beside any others`(path: KernelPath) throws {
    let source = Self.source(papers: 300, seed: 5)
    let design = try DesignMatrix(ModelFormula("year + type + flag"), from: source)
    let prepared = try PreparedDesign(design, weights: nil, offset: nil)
    let data = LogisticData.all(
      prepared, outcomes: Self.outcomes(source, papers: 300, seed: 5), weighting: .frequencies
    ).compactMap { try? $0.get() }
    let rows = try #require(prepared.sparseRows)
    for estimation in [LogisticRegression.Estimation.automatic, .firth] {
      let regression = LogisticRegression(estimation: estimation)
      let all = LogisticLanes(rows, path: path).fits(data, by: regression)
      let plain = LogisticLanes(rows, path: .portable).fits(data, by: regression)
      for index in data.indices {
        let alone = LogisticLanes(rows, path: path).fits([data[index]], by: regression)[0]
        for other in [plain[index], alone] {
          #expect(all[index]?.beta == other?.beta)
          #expect(all[index]?.inverse == other?.inverse)
          #expect(all[index]?.criterion == other?.criterion)
          #expect(all[index]?.separation == other?.separation)
        }
      }
    }
  }

  @Test func `replicates together are replicates alone`() throws {
    let papers = 250
    let source = Self.source(papers: papers, seed: 8)
    let design = try DesignMatrix(ModelFormula("year + type"), from: source)
    let fits = try LogisticRegression().fits(
      design, outcomes: Self.outcomes(source, papers: papers, seed: 8)
    ).compactMap { try? $0.get() }
    #expect(fits.count > 15)
    let statistic = LogisticStatistic(fits, design: SamplingDesign(paperCount: papers))
    var random = RandomStream(seed: 9)
    for replicate in 0..<12 {
      let weights = (0..<papers).map { _ -> Double in
        replicate % 3 == 0 ? -Double.log(1 - random.uniform()) : Double(random.index(below: 3))
      }
      var values = [Double](repeating: 0, count: statistic.valueCount)
      var span = values.mutableSpan
      statistic.estimate(weights: weights.span, into: &span)
      let units = Array(0..<papers)
      let alone = fits.flatMap { fit in
        statistic.coefficients(fit, unitWeights: weights, units: units)
          ?? [Double](repeating: .nan, count: fit.coefficients.count)
      }
      for (value, expected) in zip(values, alone) {
        #expect(value.isNaN == expected.isNaN)
        if !value.isNaN { #expect(abs(value - expected) < 1e-6 * max(1, abs(expected))) }
      }
    }
  }
}

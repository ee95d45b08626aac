import Foundation
import SurveyStats

/// The inverse of the log odds.
func probability(logit: Double) -> Double { 1 / (1 + exp(-logit)) }

extension Situation {
  /// One item, 30% yes in 2023; the odds ratio per year is 1 or 1.5.
  func logit(_ stream: inout RandomStream, _ plan: InferencePlan) async throws -> [Finding] {
    let slope: Double = hasEffect ? log(1.5) : 0
    let intercept: Double = log(0.3 / 0.7)
    let years = (0..<unitCount).map { _ in stream.year() }
    let answers = years.map { year -> Bool? in
      stream.uniform() < probability(logit: intercept + slope * (year - 2023))
    }
    let design = try DesignMatrix(
      ModelFormula("year"), from: CovariateColumns(["year": .numeric(years.map(Optional.some))]))
    let outcome = BinaryOutcome(name: "item", values: answers)
    func fit(_ estimation: LogisticRegression.Estimation) -> LogisticFit? {
      guard let fit = try? LogisticRegression(estimation: estimation).fit(design, outcome: outcome)
      else { return nil }
      return fit.coefficients.count == 2 ? fit : nil
    }
    func finding(
      _ name: String, _ fit: LogisticFit?, _ inference: LogisticInference
    ) -> Finding {
      let row = fit.map { inference.estimates($0)[1] }
      return Finding(
        Method("odds ratio per year", name), truth: slope, row?.coefficient, pValue: row?.pValue)
    }
    let (ml, firth, automatic) = (fit(.maximumLikelihood), fit(.firth), fit(.automatic))
    var found = [
      finding("auto: Firth where sparse, profile", automatic, LogisticInference()),
      finding("ML, profile", ml, LogisticInference()),
      finding("ML, Wald", ml, LogisticInference(interval: .wald)),
      finding("Firth, profile", firth, LogisticInference()),
      finding("Firth, Wald", firth, LogisticInference(interval: .wald)),
      finding("ML, Wald, HC3", ml, LogisticInference(covarianceType: .hc3)),
    ]
    let method = Method("odds ratio per year", "auto, paper bootstrap (percentile)")
    if let automatic {
      let papers = SamplingDesign(paperCount: unitCount)
      let sample = try await plan.bootstrap(
        papers, from: &stream, LogisticStatistic([automatic], design: papers))
      found.append(Finding(method, truth: slope, sample, quantity: 1))
    } else {
      found.append(Finding(method, truth: slope, nil))
    }
    return found
  }

  /// One item of clusters of 2 to 14 papers that share a covariate; the answers of a cluster are
  /// correlated by 0.1.
  func clusters(_ stream: inout RandomStream, _ plan: InferencePlan) async throws -> [Finding] {
    let slope = hasEffect ? 0.5 : 0
    var covariate: [Double?] = []
    var answers: [Bool?] = []
    var labels: [String] = []
    for cluster in 0..<unitCount {
      let value = stream.normal()
      let mean = probability(logit: -0.4 + slope * value)
      let rate = stream.beta(mean: mean, correlation: 0.1)
      for _ in 0..<2 + stream.index(below: 13) {
        covariate.append(value)
        answers.append(stream.uniform() < rate)
        labels.append("\(cluster)")
      }
    }
    let names = labels.map(Optional.some)
    let design = try DesignMatrix(
      ModelFormula("x"), from: CovariateColumns(["x": .numeric(covariate)]))
    let outcome = BinaryOutcome(name: "item", values: answers)
    let fit = try? LogisticRegression().fit(design, outcome: outcome)
    let quantity = "odds ratio of a covariate of clusters"
    var found = [CovarianceType.model, .cr0, .cr1, .cr2, .cr3].map { type -> Finding in
      let inference = LogisticInference(
        interval: .wald, covarianceType: type, clusters: names)
      let row = fit.map { inference.estimates($0)[1] }
      let name = type == .model ? "Wald, clusters ignored" : "Wald, \(type.rawValue)"
      return Finding(Method(quantity, name), truth: slope, row?.coefficient, pValue: row?.pValue)
    }
    let solution = try? EstimatingEquations().fit(design, outcome: outcome, clusters: names)
    let row = solution?.estimates()[1]
    found.append(
      Finding(
        Method(quantity, "GEE exchangeable"), truth: slope, row?.coefficient, pValue: row?.pValue))
    let method = Method(quantity, "cluster bootstrap (percentile)")
    if let fit {
      let units = try SamplingDesign(paperCount: labels.count, clusters: labels)
      let sample = try await plan.bootstrap(
        units, from: &stream, LogisticStatistic([fit], design: units))
      found.append(Finding(method, truth: slope, sample, quantity: 1))
    } else {
      found.append(Finding(method, truth: slope, nil))
    }
    return found
  }

  /// Eight items of different difficulty, a quarter of the cells not applicable; papers differ by a
  /// normal intercept of standard deviation 1.
  func allItems(_ stream: inout RandomStream) throws -> [Finding] {
    let slope = hasEffect ? 0.3 : 0
    let difficulties = (0..<8).map { -1.75 + 0.5 * Double($0) }
    var papers: [Paper] = []
    var cells: [[Cell]] = []
    for paper in 0..<unitCount {
      let year = stream.year()
      let intercept = stream.normal()
      papers.append(Paper(slug: "p\(paper)", year: Int(year)))
      cells.append(
        difficulties.map { difficulty in
          guard stream.uniform() < 0.75 else { return .notApplicable }
          let logit = difficulty + intercept + slope * (year - 2023)
          return stream.uniform() < probability(logit: logit) ? .yes : .no
        })
    }
    let matrix = BinaryMatrix(
      papers: papers, items: difficulties.indices.map { Item(id: ItemID("item\($0)")) }
    ) { cells[$0][$1] }
    let rows = CellRows(matrix)
    let design = try DesignMatrix(ModelFormula("year + item"), from: rows)
    let (outcome, clusters) = (rows.outcome, rows.clusters())
    let mixed = [25, 1].map { nodes in
      try? RandomInterceptRegression(nodes: nodes).fit(
        design, outcome: outcome, clusters: clusters)
    }
    func finding(_ name: String, _ row: LogisticEstimate?, truth: Double) -> Finding {
      Finding(
        Method("odds ratio per year over all items", name), truth: truth, row?.coefficient,
        pValue: row?.pValue)
    }
    // The population's slope with an effect: the closest logistic line to the averaged curve, for
    // intercepts of standard deviation 1 (Zeger, Liang & Albert 1988, Biometrics 44:1049).
    let attenuated = slope / (1 + 0.346).squareRoot()
    var found = [
      finding("mixed, 25 nodes", mixed[0]?.estimates()[1], truth: slope),
      finding("mixed, Laplace", mixed[1]?.estimates()[1], truth: slope),
    ]
    for correlation in EstimatingEquations.Correlation.allCases {
      let solution = try? EstimatingEquations(correlation: correlation).fit(
        design, outcome: outcome, clusters: clusters)
      found.append(
        finding("GEE \(correlation.rawValue)", solution?.estimates()[1], truth: attenuated))
    }
    let ignoring =
      (try? LogisticRegression(estimation: .maximumLikelihood).fit(
        design, outcome: outcome)).map { LogisticInference(interval: .wald).estimates($0)[1] }
    found.append(finding("every cell by itself (wrong)", ignoring, truth: attenuated))
    return found
  }
}

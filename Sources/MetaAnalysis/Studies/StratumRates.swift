public import SurveyStats

/// The rates of strata of a corpus, such as its venues or years, as studies to be pooled.
///
/// Every stratum is a study. Where papers are drawn in clusters, weighted or stand in several rows, the
/// rate is that of ``Rates`` and its size the effective one, so that its error is carried into the pooled
/// estimate; otherwise events and totals are the counts themselves. Over several variables a stratum is a
/// combination of values that some paper has. A paper with several values (tags) is in several strata.
///
/// Scores and other numbers of papers have their mean in each stratum, with ``UnitVariance``. Rates that are
/// corrected for a rater's errors (``CorrectedRates``) stand for as many papers as would give their error.
public struct StratumRates: Analysis {
  /// The rows wanted.
  public var levels: Set<RateTarget.Level>
  /// The patterns wanted beside them.
  public var patterns: [NamedPatterns.Pattern]
  /// The numbers of papers whose means are wanted beside them.
  public var scores: [String]
  /// How rates are corrected for a rater's errors; `nil` for rates as they are.
  public var correction: CorrectedRates?
  /// The variables whose values make the strata.
  public var over: [String]

  /// The strata of one row.
  public struct Row: Sendable {
    /// The item, category, pattern or number.
    public var term: String
    /// The counts of each stratum, `nil` where nothing applies.
    public var counts: [StudyCounts?]
    /// Whether sizes are effective ones.
    public var hasEffectiveSizes: Bool
  }

  /// The strata with the rates of each row in them.
  public struct Result: Sendable {
    /// The names of the strata.
    public var labels: [String]
    /// The papers of each.
    public var papers: [[Int]]
    /// The values of each variable in each stratum, a list a variable.
    public var values: [[String]]
    /// The rows.
    public var rows: [Row]
  }

  /// Asks for the strata of rows.
  public init(
    levels: Set<RateTarget.Level>, patterns: [NamedPatterns.Pattern] = [], scores: [String] = [],
    correction: CorrectedRates? = nil, over: [String]
  ) {
    self.levels = levels
    self.patterns = patterns
    self.scores = scores
    self.correction = correction
    self.over = over
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling { .honoured }

  /// Estimates the rates of every stratum.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    var strata: [(values: [String], papers: [Int])] = [([], Array(matrix.papers.indices))]
    for variable in over {
      let groups = try matrix.groups(of: variable)
      strata = strata.flatMap { stratum in
        let own = Set(stratum.papers)
        return groups.compactMap { group in
          let both = group.papers.filter(own.contains)
          return both.isEmpty ? nil : (stratum.values + [group.name], both)
        }
      }
    }
    let isPlain = sample.study.plan.features(of: matrix).isEmpty
    let targets = RateTarget.all(in: matrix, levels: levels)
    var rows =
      targets.map { Row(term: $0.columnName, counts: [], hasEffectiveSizes: !isPlain) }
      + patterns.map { Row(term: $0.name, counts: [], hasEffectiveSizes: !isPlain) }
    if let correction { return try await corrected(sample, run, correction, strata) }
    let numbers = try scores.map { try matrix.variables.numbers($0) }
    let first = rows.count
    rows += scores.map { Row(term: $0, counts: [], hasEffectiveSizes: !isPlain) }
    for stratum in strata {
      let study = sample.study.selecting(papers: stratum.papers)
      if !scores.isEmpty {
        let design = try study.plan.design(of: study.matrix)
        for (index, values) in numbers.enumerated() {
          rows[first + index].counts.append(Self.mean(stratum.papers.map { values[$0] }, design))
        }
      }
      let rates = Rates(levels: levels, interval: .analytic(.wilson))
      var found = try await run(rates, of: study)
      if !patterns.isEmpty {
        let groups = try await run(
          Patterns(patterns, interval: .analytic(.wilson)), of: study)
        found += groups.flatMap { $0.result.map(\.rate) }
      }
      for (index, rate) in found.enumerated() {
        let isMixed = rate.target.level != .item && index < targets.count
        rows[index].counts.append(Self.counts(rate, isPlain: isPlain && !isMixed))
        if isMixed { rows[index].hasEffectiveSizes = true }
      }
    }
    let answer = Result(
      labels: strata.map { $0.values.joined(separator: " × ") }, papers: strata.map(\.papers),
      values: over.indices.map { index in strata.map { $0.values[index] } }, rows: rows)
    return Prepared(draws: []) { _ in answer }
  }

  /// The strata of rates that are corrected for a rater's errors.
  private func corrected(
    _ sample: Sample, _ run: Run, _ correction: CorrectedRates,
    _ strata: [(values: [String], papers: [Int])]
  ) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    var question = correction
    question.levels = levels
    var rows: [Row] = []
    for stratum in strata {
      let found = try await run(question, of: sample.study.selecting(papers: stratum.papers))
      if rows.isEmpty {
        rows = found.map { Row(term: $0.target.columnName, counts: [], hasEffectiveSizes: true) }
      }
      for index in rows.indices {
        rows[index].counts.append(index < found.count ? Self.counts(found[index]) : nil)
      }
    }
    let isOwn = matrix.papers.map { $0.rater != correction.better }
    let answer = Result(
      labels: strata.map { $0.values.joined(separator: " × ") },
      papers: strata.map { $0.papers.filter { isOwn[$0] } },
      values: over.indices.map { index in strata.map { $0.values[index] } }, rows: rows)
    return Prepared(draws: []) { _ in answer }
  }

  /// The rate of a better rater as that of a simple sample with the same error, of at most the papers that
  /// it is of; `nil` where nothing was corrected.
  private static func counts(_ rate: CorrectedRate) -> StudyCounts? {
    guard let value = rate.estimate.value, rate.naive.applicableCount > 0 else { return nil }
    let most = Double(rate.naive.applicableCount)
    var size = min(rate.effectiveCount ?? Double(rate.reansweredCount), most)
    if let error = rate.estimate.standardError, error > 0, value > 0, value < 1 {
      size = min(value * (1 - value) / (error * error), most)
    }
    guard size > 0 else { return nil }
    return .events(value * size, of: size)
  }

  /// The mean of the papers of a stratum, weighted, with the deviation that gives its error.
  ///
  /// With weights the variance is at least that of as many papers of one weight as are effective.
  private static func mean(_ values: [Double?], _ design: SamplingDesign) -> StudyCounts? {
    let known = values.indices.filter { values[$0] != nil }
    func weight(_ paper: Int) -> Double { design.weights?[paper] ?? 1 }
    let total = known.reduce(0) { $0 + weight($1) }
    guard total > 0 else { return nil }
    let mean = known.reduce(0) { $0 + weight($1) * (values[$1] ?? 0) } / total
    var contributions = [Double](repeating: 0, count: design.unitCount)
    var shares = contributions
    var (squares, spread) = (0.0, 0.0)
    for paper in known {
      let share = weight(paper) / total
      let deviation = (values[paper] ?? 0) - mean
      contributions[design.unitOfPaper[paper]] += share * deviation
      shares[design.unitOfPaper[paper]] += share
      squares += share * share
      spread += share * deviation * deviation
    }
    let units = UnitVariance(
      contributions: contributions, shares: shares, stratumSizes: design.stratumSizes)
    let scale = known.reduce(0) { max($0, abs(values[$1] ?? 0)) }
    var variance = design.weights == nil ? units.variance : max(units.variance, spread * squares)
    // Equal numbers differ from their mean by rounding.
    if variance < 1e-24 * scale * scale { variance = 0 }
    let size = units.effectiveUnitCount
    return .mean(
      StudyCounts.Group(mean: mean, deviation: (variance * size).squareRoot(), size: size))
  }

  /// Events and total of a rate, or those of a simple sample with the same error.
  private static func counts(_ rate: Rate, isPlain: Bool) -> StudyCounts? {
    guard let estimate = rate.estimate, rate.applicableCount > 0 else { return nil }
    if isPlain { return .events(Double(rate.yesCount), of: Double(rate.applicableCount)) }
    var size = min(rate.effectiveUnitCount ?? .infinity, Double(rate.paperCount))
    if let error = rate.standardError, error > 0, estimate > 0, estimate < 1 {
      size = min(estimate * (1 - estimate) / (error * error), Double(rate.applicableCount))
    }
    return .events(estimate * size, of: size)
  }
}

/// The variables of strata: the values that make them, and means of numbers over their papers.
public struct StratumVariables: VariableSource {
  private let own: CovariateColumns
  private let matrix: BinaryMatrix
  private let papers: [[Int]]

  /// Creates the variables of strata.
  public init(_ strata: StratumRates.Result, over: [String], of matrix: BinaryMatrix) {
    self.matrix = matrix
    papers = strata.papers
    own = CovariateColumns(
      zip(over, strata.values).map { name, values -> (name: String, values: VariableValues) in
        let numbers = values.map { Double($0) }
        return (
          name,
          numbers.allSatisfy { $0?.isFinite == true } ? .numeric(numbers) : .categorical(values)
        )
      } + [(name: "papers", values: .numeric(strata.papers.map { Double($0.count) }))])
  }

  /// The number of strata.
  public var paperCount: Int { papers.count }
  /// What a row is.
  public var rowName: String { "studies" }

  /// The values of a variable, of others than those of the strata the mean over papers.
  public func values(
    of name: String, asCategories: Bool
  ) throws(VariableError) -> VariableValues {
    if own.covariate(named: name) != nil {
      return try own.values(of: name, asCategories: asCategories)
    }
    let numbers = try matrix.variables.numbers(name)
    return .numeric(
      papers.map { papers in
        let known = papers.compactMap { numbers[$0] }
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
      })
  }
}

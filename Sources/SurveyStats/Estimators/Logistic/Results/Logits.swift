/// What goes with a yes-or-no outcome: logistic fits, each outcome by itself.
///
/// ``LogisticRegression`` says what is fitted, ``LogisticInference`` how intervals and tests are made.
public struct Logits: Analysis {
  /// An outcome to explain.
  public enum Outcome: Sendable, Hashable {
    /// The answers to an item.
    case item(ItemID)
    /// A condition, under a name of its own.
    case pattern(name: String, condition: String)
    /// Whether a paper's score is at least so many percent.
    case scoreAtLeast(Double)
  }

  /// The kind of interval.
  public enum Interval: Sendable, Hashable {
    /// Profile likelihood; Wald with robust errors.
    case automatic
    /// Wald.
    case wald
    /// Profile likelihood.
    case profile
    /// The wild bootstrap of the clusters' scores.
    case wild
    /// From replicates.
    case resampled(ResampledInterval)
  }

  /// A variable that is given with the question instead of taken from the papers.
  public struct Variable: Sendable, Hashable {
    /// The name in the formula.
    public let name: String
    /// The values, one a paper.
    public let values: VariableValues

    /// Names values.
    public init(_ name: String, _ values: VariableValues) {
      self.name = name
      self.values = values
    }
  }

  /// The outcomes.
  public var outcomes: [Outcome]
  /// The predictors, a formula.
  public var formula: String
  /// The variables of the formula; none for those of the papers.
  public var variables: [Variable]
  /// What is maximised.
  public var estimation: LogisticRegression.Estimation
  /// Whether Firth's intercept is corrected so that the mean fitted probability is the observed rate
  /// (FLIC).
  public var correctsIntercept = false
  /// The interval.
  public var interval: Interval
  /// The standard errors; `nil` for what clusters and weights need.
  public var errors: CovarianceType?
  /// A numeric column that enters with the coefficient 1.
  public var offset: String?
  /// The confidence level.
  public var level: Double

  /// The fits, and how intervals and tests of them are made.
  public struct Result: Sendable {
    /// The fit of every outcome, or why there is none, under its name.
    public let fits: [(outcome: String, result: Swift.Result<LogisticFit, LogisticRegressionError>)]
    /// How intervals and tests are made.
    public let inference: LogisticInference
    /// The columns of the formula.
    public let design: DesignMatrix
    /// What of the sample plays no part.
    public let notes: [Note]

    /// The fits that there are.
    public var fitted: [LogisticFit] { fits.compactMap { try? $0.result.get() } }

    /// The rows of all outcomes.
    public var estimates: [LogisticEstimate] {
      let remark = notes.text
      return inference.estimates(fits).map { row in
        var row = row
        if let remark { row.remark(remark) }
        return row
      }
    }
  }

  /// What cannot be asked.
  public enum Failure: Error, Equatable {
    /// The formula, or a variable of it.
    case formula(ModelFormulaError)
    /// A condition.
    case condition(name: String, VariableError)
    /// No such item.
    case noItem(String)
    /// The variable of the offset.
    case offset(VariableError)
    /// Some papers have no offset.
    case missingOffset(String, papers: Int)
    /// All papers have the weight 0.
    case zeroWeights
    /// An interval that does not go with clusters.
    case profileOfClusters
    /// An interval that needs clusters.
    case wildWithoutClusters
    /// The interval needs more than replicates of the coefficients.
    case interval(String)
    /// No outcome could be fitted; whether each of them was explained by itself.
    case nothingFitted([LogisticRegressionError])
  }

  /// Asks for the fits of outcomes on a formula.
  public init(
    _ outcomes: [Outcome], on formula: String, variables: [Variable] = [],
    estimation: LogisticRegression.Estimation = .automatic, interval: Interval = .automatic,
    errors: CovarianceType? = nil, offset: String? = nil, level: Double = 0.95
  ) {
    self.outcomes = outcomes
    self.formula = formula
    self.variables = variables
    self.estimation = estimation
    self.interval = interval
    self.errors = errors
    self.offset = offset
    self.level = level
  }

  /// Weights, clusters and rows of one paper count; strata where replicates are drawn.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .repeatedPapers: .honoured
    case .strata:
      if case .resampled = interval { .honoured } else { .ignored(feature) }
    }
  }

  /// Estimates, and says what is to be drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let outcomes = try self.outcomes.map { try $0.values(in: matrix) }
    let design: DesignMatrix
    do throws(ModelFormulaError) {
      let parsed = try ModelFormula(formula)
      design =
        variables.isEmpty
        ? try DesignMatrix(parsed, from: matrix)
        : try DesignMatrix(
          parsed, from: CovariateColumns(variables.map { (name: $0.name, values: $0.values) }))
    } catch { throw Failure.formula(error) }
    let weights = sample.design.weights
    if sample.weighsNothing { throw Failure.zeroWeights }
    let regression = LogisticRegression(estimation: estimation, weighting: .sampling)
    let results = try regression.fits(
      design, of: matrix, outcomes: outcomes, weights: weights, offset: offsets(of: matrix))
    let fits = zip(outcomes, results).map { (outcome: $0.name, result: $1) }
    let fitted = results.compactMap { try? $0.get() }
    guard !fitted.isEmpty else {
      throw Failure.nothingFitted(
        results.compactMap { result in
          if case .failure(let error) = result { error } else { nil }
        })
    }
    let clusters =
      sample.design.unitsArePapers ? nil : sample.design.unitOfPaper.map { Optional("\($0)") }
    var inference = LogisticInference(
      covarianceType: errors ?? (clusters != nil ? .cr2 : weights != nil ? .hc3 : .model),
      clusters: clusters, level: level)
    inference.correctsIntercept = correctsIntercept
    let notes = sample.notes
    switch interval {
    case .automatic: break
    case .wald: inference.interval = .wald
    case .profile:
      guard clusters == nil else { throw Failure.profileOfClusters }
      inference.interval = .profile
      inference.covarianceType = .model
    case .wild:
      guard clusters != nil else { throw Failure.wildWithoutClusters }
      inference.interval = .wild(replicates: run.replicateCount(self), seed: run.seed)
    case .resampled(let kind):
      guard let method = kind.ofReplicatesAlone else { throw Failure.interval(kind.rawValue) }
      let statistic = LogisticStatistic(fitted, design: sample.design)
      let draw = Draw(
        terms: statistic.terms.map { "\($0.outcome) \($0.term)" }, statistic, sample.design)
      return Prepared(draws: [draw]) { [inference] samples in
        var inference = inference
        inference.interval = .bootstrap(samples[0], method)
        return Result(fits: fits, inference: inference, design: design, notes: notes)
      }
    }
    let result = Result(fits: fits, inference: inference, design: design, notes: notes)
    return Prepared(draws: []) { _ in result }
  }

  private func offsets(of matrix: BinaryMatrix) throws(Failure) -> [Double]? {
    guard let offset else { return nil }
    let values: [Double?]
    do throws(VariableError) {
      values = try matrix.variables.numbers(offset)
    } catch { throw .offset(error) }
    let missing = values.count { $0 == nil }
    guard missing == 0 else { throw .missingOffset(offset, papers: missing) }
    return values.map { $0 ?? 0 }
  }
}

extension Logits.Outcome {
  /// The name in the column `outcome`.
  public var name: String {
    switch self {
    case .item(let id): id.description
    case .pattern(let name, _): name
    case .scoreAtLeast(let percent): BinaryOutcome.name(scoreAtLeast: percent)
    }
  }

  /// The outcome of every paper of a matrix.
  public func values(in matrix: BinaryMatrix) throws(Logits.Failure) -> BinaryOutcome {
    switch self {
    case .item(let id):
      guard let item = matrix.items.firstIndex(where: { $0.id == id }) else {
        throw .noItem(id.description)
      }
      return matrix.outcome(item: item)
    case .pattern(let name, let text):
      do throws(VariableError) {
        return try matrix.outcome(name, where: try Expression(text))
      } catch { throw .condition(name: name, error) }
    case .scoreAtLeast(let percent): return matrix.outcome(scoreAtLeast: percent)
    }
  }
}

/// How reliable the sum of the items is: alpha, Guttman's bounds, split halves and omega.
///
/// See ``Reliability`` and ``Omega``. Weights enter covariances and correlations, clusters and strata the
/// bootstrap interval of alpha; Feldt's takes papers as independent and of equal weight and is refused for
/// others.
public struct ScoreReliability: Analysis {
  /// How the interval of alpha is made.
  public enum Interval: Sendable, Hashable {
    /// Feldt's.
    case feldt
    /// From bootstrap replicates; percentile, basic or normal.
    case resampled(ResampledInterval)
    /// Feldt's where it holds, without a word where it does not.
    case automatic
  }

  /// The items and the coefficient of omega; tetrachoric for ordinal coefficients.
  public var variables: CorrelatedVariables
  /// The factors that omega rests on.
  public var method = FactorAnalysis(factors: 1)
  /// Their number; `nil` for three, or fewer if the items allow no more.
  public var factors: Int?
  /// How an indefinite matrix of correlations is repaired.
  public var repair = CorrelationRepair.Method.nearest
  /// How the interval of alpha is made.
  public var interval = Interval.resampled(.percentile)
  /// Whether only what each item contributes is wanted, which needs neither omega nor replicates.
  public var isOfItemsOnly = false
  /// The confidence level.
  public var level = 0.95

  /// The reliability of the sum.
  public struct Result: Sendable {
    /// Alpha and its kin.
    public let reliability: Reliability
    /// The splits in halves; `nil` where only items are wanted.
    public let splits: SplitHalf?
    /// Omega; `nil` where it cannot be estimated.
    let omega: Omega?
    /// The bootstrap intervals of alpha; `nil` for Feldt's.
    public let intervals: AlphaIntervals?
    /// Whether the coefficients are those of the latent variables behind the items.
    let isOrdinal: Bool
    /// The confidence level.
    public let level: Double
    /// What is to be said, a sentence each.
    public let remarks: [String]

    /// The coefficients, one row each.
    public var table: Table {
      reliability.table(
        splits: splits ?? reliability.splits(), omega: omega, intervals: intervals, level: level,
        isOrdinal: isOrdinal)
    }
  }

  /// Asks for the reliability of the sum of items.
  ///
  /// - Precondition: the variables are items.
  public init(_ variables: CorrelatedVariables) { self.variables = variables }

  /// 999.
  public static var usualReplicates: Int { 999 }

  /// All features of a sample are honoured, but by Feldt's interval, which refuses them.
  public func handling(of feature: SamplingFeature) -> Handling {
    guard interval == .feldt else { return .honoured }
    return .refused(
      "Feldt's interval takes papers as independent and of equal weight; choose percentile, or leave out "
        + "clusters, strata and weights")
  }

  /// Estimates, and says which replicates are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrices = CorrelationMatrices(variables, repair: repair, level: level)
    let values = try variables.values(of: sample)
    let isOrdinal = variables.isTetrachoric
    let reliability: Reliability
    var remarks: [String]
    var correlations: CorrelationMatrix?
    if isOrdinal {
      let found = try matrices.result(sample)
      (correlations, remarks) = (found.matrix, found.remarks)
      reliability = try Reliability(found.matrix)
    } else {
      reliability = try Reliability(
        values.matrix, papers: variables.papers, minimumCount: variables.minimumCount,
        design: values.design)
      remarks = reliability.leftOut.summaries
    }
    if isOfItemsOnly {
      let result = Result(
        reliability: reliability, splits: nil, omega: nil, intervals: nil, isOrdinal: isOrdinal,
        level: level, remarks: remarks)
      return Prepared(draws: []) { _ in result }
    }
    var omega: Omega?
    do {
      omega = try Omega(try solution(try correlations ?? matrices.result(sample).matrix))
    } catch {
      remarks.append("omega is left out: \(error)")
    }
    let splits = reliability.splits(seed: run.seed)
    let result = { @Sendable [omega, remarks, level] (intervals: AlphaIntervals?) -> Result in
      Result(
        reliability: reliability, splits: splits, omega: omega, intervals: intervals,
        isOrdinal: isOrdinal, level: level, remarks: remarks)
    }
    guard case .resampled(let interval) = interval, let method = interval.ofReplicatesAlone else {
      let plain = result(nil)
      return Prepared(draws: []) { _ in plain }
    }
    let draw: Draw
    if let correlations {
      draw = ordinalDraw(
        values.statistic(names: correlations.names), like: correlations, values.design)
    } else {
      let statistic = AlphaStatistic(
        values.matrix.selecting(items: reliability.names), papers: variables.papers,
        design: values.design)
      draw = Draw(terms: statistic.terms, statistic, values.design)
    }
    return Prepared(draws: [draw]) { [level] samples in
      result(
        samples.first.map {
          AlphaIntervals(
            $0, method: method, name: interval.rawValue, level: level,
            doubts: values.design.effectiveNumberNotes())
        })
    }
  }

  private func ordinalDraw(
    _ pairs: some Statistic, like correlations: CorrelationMatrix, _ design: SamplingDesign
  ) -> Draw {
    let statistic = OrdinalAlphaStatistic(pairs, like: correlations)
    return Draw(terms: statistic.terms, statistic, design)
  }

  /// The correlated factors that omega rests on.
  public func solution(
    _ correlations: CorrelationMatrix
  ) throws(FactorError) -> FactorSolution {
    let most = FactorAnalysis.largestFactorCount(items: correlations.count)
    var method = method
    method.factors = factors ?? max(1, min(3, most))
    if !method.rotation.criterion.isOblique { method.rotation.criterion = .oblimin }
    return try method.fit(correlations)
  }
}

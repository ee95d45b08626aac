import RealModule

/// How items, categories, modules and everything change with a numeric covariate.
///
/// ``TrendEstimator`` says what is estimated, and how.
public struct Trends: Analysis {
  /// The numeric column.
  public var on: String
  /// Whether the natural logarithm of the column is taken; values of 0 and less are left out.
  var isLogarithm: Bool
  /// The rows wanted.
  public var levels: Set<RateTarget.Level>
  /// The column of the groups of papers that have rows of their own; `nil` for all papers as one.
  public var by: String?
  /// How the items of a score are held together.
  public var mix: ItemMix.Method
  /// The test behind the p-values of items.
  public var test: TrendTest
  /// The standard errors; `nil` for what clusters and weights need.
  public var errors: CovarianceType?
  /// The bootstrap interval; `nil` for limits and tests without replicates.
  public var interval: ResampledInterval?
  /// The confidence level.
  public var level: Double

  /// The rows, and the differences between groups.
  public struct Result: Sendable {
    /// One row a target and group.
    public let trends: [Trend]
    /// The standard errors that were taken.
    public let errors: CovarianceType
    fileprivate let compared: @Sendable () -> [TrendDifference]

    /// The differences of every two groups, worked out when they are asked for: they are as many as the square of
    /// the groups.
    public var differences: [TrendDifference] { compared() }
  }

  /// What cannot be asked.
  public enum Failure: Error, Equatable {
    /// The variable of the covariate.
    case covariate(VariableError)
    /// The variable of the groups.
    case groups(VariableError)
    /// The interval needs more than replicates of the change.
    case interval(String)
  }

  /// Asks for the trends of items, categories and everything over the years, unless told otherwise.
  public init(
    on: String = "year", isLogarithm: Bool = false,
    levels: Set<RateTarget.Level> = [.item, .category, .overall], by: String? = nil,
    mix: ItemMix.Method = .common, test: TrendTest = .automatic, errors: CovarianceType? = nil,
    interval: ResampledInterval? = nil, level: Double = 0.95
  ) {
    self.on = on
    self.isLogarithm = isLogarithm
    self.levels = levels
    self.by = by
    self.mix = mix
    self.test = test
    self.errors = errors
    self.interval = interval
    self.level = level
  }

  /// Weights, clusters and rows of one paper count; strata where replicates are drawn.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .repeatedPapers: .honoured
    case .strata: interval == nil ? .ignored(feature) : .honoured
    }
  }

  /// The covariate of every paper of a matrix.
  public func covariate(of matrix: BinaryMatrix) throws -> [Double?] {
    let values: [Double?]
    do throws(VariableError) {
      values = try matrix.variables.numbers(on)
    } catch { throw Failure.covariate(error) }
    return isLogarithm ? values.map { $0.flatMap { $0 > 0 ? Double.log($0) : nil } } : values
  }

  /// Estimates, and says what is to be drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let groups = try by.map { column in
      do throws(VariableError) {
        return try matrix.groups(of: column)
      } catch { throw Failure.groups(error) }
    }
    guard interval == nil || interval?.ofReplicatesAlone != nil else {
      throw Failure.interval(interval?.rawValue ?? "")
    }
    let design = sample.design
    let clusters = design.unitsArePapers ? nil : design.unitOfPaper.map { Optional("\($0)") }
    let errors = errors ?? (clusters != nil ? .cr2 : design.weights != nil ? .hc3 : .model)
    let estimator = TrendEstimator(
      covariate: try covariate(of: matrix), level: level, covarianceType: errors,
      curveCovarianceType: self.errors ?? (clusters != nil ? .cr3 : errors),
      clusters: clusters, weights: design.weights, mix: mix, test: test,
      keepsRefits: interval != nil)
    var trends = try await estimator.estimate(
      matrix, targets: RateTarget.all(in: matrix, levels: levels), groups: groups, jobs: run.jobs)
    for index in trends.indices { trends[index].change.notes += sample.notes }
    let found = trends
    let sharing = groups.map(GroupOverlap.init)
    @Sendable func differences(_ trends: [Trend], _ drawn: BootstrapSample?) -> [TrendDifference] {
      TrendDifference.all(
        of: trends, level: level, sample: drawn,
        method: interval?.ofReplicatesAlone ?? .percentile,
        name: interval?.method ?? MethodName(rawValue: "percentile"),
        sharesPapers: { sharing?.contains($0, $1) ?? false })
    }
    guard let interval, let method = interval.ofReplicatesAlone else {
      return Prepared(draws: []) { _ in
        Result(trends: found, errors: errors) { differences(found, nil) }
      }
    }
    let statistic = TrendStatistic(found, design: design)
    let terms = found.flatMap { trend in
      let name = trend.group.map { "\(trend.target.columnName) \($0)" } ?? trend.target.columnName
      return [name, "\(name) log odds"]
    }
    return Prepared(draws: [Draw(terms: terms, statistic, design)]) { samples in
      var replaced = found
      for index in replaced.indices {
        replaced[index].replaceIntervals(
          samples[0], quantity: index * TrendStatistic.valuesPerTrend, method: method,
          level: level, name: interval.method)
      }
      let trends = replaced
      return Result(trends: trends, errors: errors) { differences(trends, samples[0]) }
    }
  }
}

/// Which groups have papers in common.
private struct GroupOverlap: Sendable {
  private let papers: [String: Set<Int>]

  init(_ groups: [(name: String, papers: [Int])]) {
    papers = Dictionary(
      groups.map { ($0.name, Set($0.papers)) }, uniquingKeysWith: { $0.union($1) })
  }

  func contains(_ first: String, _ second: String) -> Bool {
    !(papers[first] ?? []).isDisjoint(with: papers[second] ?? [])
  }
}

extension BinaryMatrix {
  /// How items, categories and everything change over the years, papers drawn one by one.
  public func trends() async throws -> [Trend] {
    try await Run()(Trends(), of: Study(self)).trends
  }
}

/// What share of papers passes each item, category, module and everything.
///
/// ``RateEstimator`` says what is estimated, and how.
public struct Rates: Analysis {
  /// The rows wanted.
  public var levels: Set<RateTarget.Level>
  /// The kind of interval.
  public var interval: RateInterval
  /// The confidence level.
  public var level: Double
  /// Whether the intervals of items hold all at once.
  public var isSimultaneous: Bool
  /// Whether items are ranked, with intervals of the ranks.
  var ranksItems: Bool

  /// The share of the population that was read, for the finite-population correction; 0 for papers
  /// that stand for an unlimited field.
  ///
  /// At 1 the rates are those of the population, without sampling error.
  public var samplingFraction = 0.0

  /// Whether design effects and intraclass correlations are wanted (``RateDesignEffect``).
  public var estimatesDesignEffects = false

  /// Whether all conditional modules together are a module too, if there are several.
  public var joinsConditionalModules = false

  /// The places of targets whose limits nobody wants, as they are replaced; no replicates are drawn for
  /// them.
  var unlimited: Set<Int> = []

  /// One rate a target, in the order of the matrix.
  public typealias Result = [Rate]

  /// Asks for the rates of items, categories and everything, unless other rows are named.
  public init(
    levels: Set<RateTarget.Level> = [.item, .category, .overall],
    interval: RateInterval = .automatic, level: Double = 0.95, isSimultaneous: Bool = false,
    ranksItems: Bool = false
  ) {
    self.levels = levels
    self.interval = interval
    self.level = level
    self.isSimultaneous = isSimultaneous
    self.ranksItems = ranksItems
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights, .clusters, .strata, .repeatedPapers: .honoured
    }
  }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    var estimator = RateEstimator(
      interval: interval, level: level, isSimultaneous: isSimultaneous, ranksItems: ranksItems,
      bootstrap: run.bootstrap(sample.design))
    estimator.samplingFraction = samplingFraction
    estimator.estimatesDesignEffects = estimatesDesignEffects
    let matrix = sample.matrix
    let targets =
      joinsConditionalModules
      ? RateTarget.joiningModules(in: matrix, levels: levels)
      : RateTarget.all(in: matrix, levels: levels)
    var draws: [Draw] = []
    var places = Array(targets.indices)
    if run.wantsReplicates {
      if let statistic = estimator.statistic(matrix, targets: targets, drawsReplicates: true) {
        draws.append(Draw(terms: targets.map(\.columnName), statistic, sample.design))
      }
    } else if let drawn = estimator.statistic(matrix, targets: targets, drawing: unlimited) {
      places = drawn.places
      draws.append(
        Draw(terms: places.map { targets[$0].columnName }, drawn.statistic, sample.design))
    }
    return Prepared(draws: draws) { [estimator, places] samples in
      estimator.result(matrix, targets: targets, sample: samples.first, places: places).rates
        .map { rate in
          var rate = rate
          rate.notes += sample.notes.map { .sample($0) }
          return rate
        }
    }
  }
}

extension BinaryMatrix {
  /// The rates of items, categories and everything, papers drawn one by one.
  public func rates() async throws -> [Rate] { try await Run()(Rates(), of: Study(self)) }
}

import ArgumentParser
import SurveyStats

/// A kind of data on which intervals are tried.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
  /// One item that applies to every paper.
  case item
  /// One item that applies to some papers.
  case itemWithNA = "item-with-na"
  /// Five items that depend on each other, each applying to some papers.
  case category
  /// One item of papers in clusters of unequal size.
  case clusters
  /// Twenty items whose intervals should hold all at once.
  case bands

  /// The numbers of papers, or of clusters.
  var unitCounts: [Int] {
    switch self {
    case .item, .category: [3, 5, 10, 20, 100, 1000]
    case .itemWithNA: [20, 100, 1000]
    case .clusters: [3, 5, 10, 15, 20, 50, 100]
    case .bands: [20, 100, 1000]
    }
  }

  /// What is sampled.
  var unitName: String { self == .clusters ? "clusters" : "papers" }

  /// The intervals that are tried; the exact bootstrap is that of single items of single papers.
  var intervals: [RateInterval] {
    switch self {
    case .item, .itemWithNA: RateInterval.all
    case .category, .clusters: RateInterval.all.filter { $0 != .exactBootstrap }
    case .bands: []
    }
  }

  /// The true rates.
  static let rates = [0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98]

  /// A number that keeps the random numbers of scenarios apart.
  var number: UInt64 { UInt64(Self.allCases.firstIndex(of: self) ?? 0) }
}

/// How much work goes into the study.
struct StudyPlan: Sendable {
  /// The number of simulated samples for each scenario, number of units and rate.
  let repetitions: Int
  /// The number of bootstrap replicates in each.
  let replicates: Int
  /// The number of bootstrap replicates where coverage is summed over all samples.
  let exactReplicates: Int
  /// The seed.
  let seed: UInt64
  /// The number of tasks that work at a time.
  let jobs: Int
  /// The confidence level.
  static let level = 0.95
}

/// What was found out about one interval in one situation.
struct CoverageResult {
  let scenario: Scenario
  /// The number of papers or clusters.
  let unitCount: Int
  /// The true rate; nil where there are several.
  let rate: Double?
  /// The name of the interval.
  let interval: String
  let tally: Tally
  /// The number of samples; nil where coverage was summed over all possible ones.
  let repetitions: Int?
}

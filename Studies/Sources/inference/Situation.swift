import ArgumentParser
import SurveyStats

/// A kind of question put to simulated corpora.
enum InferenceScenario: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// The slope of an item on the year.
  case logit
  /// The slope of an item on a covariate of clusters.
  case clusters
  /// The slope of the answers to all items at once.
  case allItems = "all-items"
  /// Slopes of items and scores.
  case trend
  /// Two groups of papers.
  case compare
  /// Two groups of papers within strata.
  case strata
  /// Two items in the same papers.
  case pairs
  /// Changes of items with few yes, papers by themselves or in clusters.
  case rareTrend = "rare-trend"
  /// Changes of scores whose items differ over the years.
  case mixedTrend = "mixed-trend"
  /// Rare answers, groups of unequal size, clusters.
  case sparse

  /// The numbers of papers, or of clusters.
  var unitCounts: [Int] {
    switch self {
    case .clusters: [10, 20, 50]
    case .allItems: [20, 100]
    default: [20, 100, 500]
    }
  }

  /// The share of the repetitions; models of all items take long.
  var share: Double {
    switch self {
    case .allItems: 0.5
    case .sparse: 4
    case .rareTrend: 8
    case .mixedTrend: 2
    default: 1
    }
  }

  /// All situations, without and with an effect.
  var situations: [Situation] {
    unitCounts.flatMap { count in
      [false, true].map { Situation(scenario: self, unitCount: count, hasEffect: $0) }
    }
  }
}

/// A scenario with so many papers or clusters, with or without an effect.
struct Situation: Sendable {
  let scenario: InferenceScenario
  let unitCount: Int
  let hasEffect: Bool

  /// A number that keeps the random numbers of situations apart.
  var number: UInt64 {
    let position = InferenceScenario.allCases.firstIndex(of: scenario) ?? 0
    return UInt64(position) << 32 | UInt64(unitCount) << 1 | (hasEffect ? 1 : 0)
  }

  /// Draws a corpus and tries every method on it; always the same methods in the same order.
  func findings(
    from stream: inout RandomStream, plan: InferencePlan
  ) async throws -> [Finding] {
    switch scenario {
    case .logit: try await logit(&stream, plan)
    case .clusters: try await clusters(&stream, plan)
    case .allItems: try allItems(&stream)
    case .trend: try await trend(&stream, plan)
    case .compare: try await compare(&stream, plan)
    case .strata: try await strata(&stream, plan)
    case .pairs: try await pairs(&stream, plan)
    case .sparse: sparse(&stream)
    case .rareTrend: try rareTrend(&stream)
    case .mixedTrend: try mixedTrend(&stream)
    }
  }
}

extension RandomStream {
  /// A number of the beta distribution, for yes answers that are correlated as said.
  mutating func beta(mean: Double, correlation: Double) -> Double {
    let size = (1 - correlation) / correlation
    let successes = gamma(shape: mean * size)
    return successes / (successes + gamma(shape: (1 - mean) * size))
  }

  /// A year, from 2020 to 2026.
  mutating func year() -> Double { Double(2020 + index(below: 7)) }
}

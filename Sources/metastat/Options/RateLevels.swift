import ArgumentParser
import SurveyStats

/// Levels of rates, as one word of the command line names them: `item`, or `item,category`.
struct RateLevels: ExpressibleByArgument, Equatable {
  /// The levels named.
  let levels: [RateTarget.Level]

  init?(argument: String) {
    let named = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      RateTarget.Level(rawValue: String($0))
    }
    levels = named.compactMap { $0 }
    guard levels.count == named.count else { return nil }
  }

  private init(_ level: RateTarget.Level) { levels = [level] }

  /// Items, categories, and everything.
  static let usual = [RateLevels(.item), RateLevels(.category), RateLevels(.overall)]
  /// Shells complete the names.
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  /// The names for the help text.
  static var allValueStrings: [String] { RateTarget.Level.allCases.map(\.rawValue) }
  /// The names for the help text.
  var defaultValueDescription: String { levels.map(\.rawValue).joined(separator: ",") }
}

extension [RateLevels] {
  /// All levels named.
  var levels: Set<RateTarget.Level> { Set(flatMap(\.levels)) }
}

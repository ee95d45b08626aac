/// How a change was estimated, and where its errors come from.
public enum TrendMethod: Sendable, Equatable, CustomStringConvertible {
  /// A logistic curve by Firth's penalised likelihood, judged by its profile alone or also by a sandwich.
  case penalizedLogistic(Errors?)
  /// A straight line by least squares, with its errors if there are any.
  case leastSquares(Errors?)
  /// A logistic model with a level for every item, with its errors if there are any.
  case itemLevels(Errors?)

  /// The covariance that errors are taken from.
  public struct Errors: Sendable, Equatable {
    /// Which covariance.
    public let type: CovarianceType
    /// How many units it adds up; `nil` if these are the papers of the row.
    public let units: String?
  }

  /// The errors.
  public var errors: Errors? {
    switch self {
    case .penalizedLogistic(let errors), .leastSquares(let errors), .itemLevels(let errors): errors
    }
  }

  /// The name without the errors: `Firth`, `least squares`, `logistic with item levels`.
  public var name: String {
    switch self {
    case .penalizedLogistic: "Firth"
    case .leastSquares: "least squares"
    case .itemLevels: "logistic with item levels"
    }
  }

  /// The text of the column `method`: `least squares, CR2, 10 clusters`.
  public var description: String {
    ([name, errors?.type.rawValue, errors?.units] as [String?]).compactMap { $0 }
      .joined(separator: ", ")
  }
}

extension TrendMethod.Errors {
  /// Errors of papers, or of so many clusters.
  init(_ type: CovarianceType, clusters: Int?) {
    self.init(type: type, units: clusters.map { "\($0) clusters" })
  }
}

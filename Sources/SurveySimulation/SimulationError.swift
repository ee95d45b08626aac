public import SurveyStats

/// Why a corpus cannot be simulated as described.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
  /// A share or a chance is not a number from 0 to 1.
  case notAShare(String, Double)
  /// A count is negative.
  case negative(String, Int)
  /// An item has another number of loadings than there are factors.
  case loadingCount(ItemID, Int, factors: Int)
  /// The squared loadings of an item sum to more than 1, or one is not finite.
  case loadingsTooLarge(ItemID)
  /// A year slope is not finite.
  case slopeNotFinite(ItemID)
  /// An instrument version other than 1 to 5.
  case unknownVersion(Int)
  /// The same item twice.
  case repeatedItem(ItemID)
  /// A defect rate above 0 without any kind of defect.
  case noDefects
  /// Too many citations, or too steep a slope.
  case citations

  /// What is wrong, in one line.
  public var description: String {
    switch self {
    case .notAShare(let name, let value): "\(name) is \(value), not a share from 0 to 1"
    case .negative(let name, let value): "\(name) is \(value), but cannot be negative"
    case .loadingCount(let item, let count, let factors):
      "\(item) has \(count) loadings for \(factors) factors"
    case .loadingsTooLarge(let item): "the squared loadings of \(item) sum to more than 1"
    case .slopeNotFinite(let item): "the year slope of \(item) is not finite"
    case .unknownVersion(let version): "there is no instrument version \(version); 1 to 5 exist"
    case .repeatedItem(let item): "\(item) is there twice"
    case .noDefects: "the defect rate is positive, but no kind of defect is allowed"
    case .citations: "citations are 0 to 100 a paper, their slope is -0.5 to 0.5"
    }
  }
}

/// The pass rate of one target with its counts, interval and the reasons for anything unusual.
public struct Rate: Sendable, Equatable {
  /// Why a rate is undefined, or its interval is not the one asked for.
  public enum Note: Sendable, Equatable, CustomStringConvertible {
    /// The target applies to no paper: there is no rate.
    case neverApplicable
    /// The target applies to a single paper.
    case onePaper
    /// Every applicable answer is yes: the bootstrap has no spread, the interval is analytic.
    case allYes
    /// Every applicable answer is no: the bootstrap has no spread, the interval is analytic.
    case allNo
    /// Fewer than 20 clusters: bootstrap intervals are too short.
    case fewClusters(Int)
    /// Too few yes or no answers for a studentized band; the interval is exact, Bonferroni-adjusted.
    case bandNeedsFive
    /// The interval asked for is undefined for this target; another one stands in.
    case fallback(reason: String)

    /// The words of the `note` column.
    public var description: String {
      switch self {
      case .neverApplicable: "never-applicable"
      case .onePaper: "one-paper"
      case .allYes: "all-yes"
      case .allNo: "all-no"
      case .fewClusters(let count): "few-clusters: \(count)"
      case .bandNeedsFive: "fewer-than-5-yes-or-no"
      case .fallback(let reason): reason
      }
    }
  }

  /// What the rate is of.
  public let target: RateTarget
  /// Papers with at least one applicable cell.
  public let paperCount: Int
  /// Cells whose item applies: the denominator of an unweighted rate.
  public let applicableCount: Int
  /// Cells whose item does not apply.
  public let notApplicableCount: Int
  /// Cells that were never asked.
  public let absentCount: Int
  /// Cells answered with yes: the numerator of an unweighted rate.
  public let yesCount: Int
  /// The rate; `nil` when nothing applies.
  public let estimate: Double?
  /// Its linearised standard error; `nil` with fewer than two units.
  public let standardError: Double?
  /// The lower limit.
  public internal(set) var lower: Double?
  /// The upper limit.
  public internal(set) var upper: Double?
  /// The name of the interval.
  public internal(set) var interval: String?
  /// Anything unusual.
  public internal(set) var notes: [Note]
  /// The rank of an item among all items, 1 for the highest rate, with its interval.
  public internal(set) var rank: Rank?

  /// A rank and the interval of it.
  public struct Rank: Sendable, Equatable {
    /// The rank of the estimate; ties share the best rank.
    public let estimate: Int
    /// The lower limit of the rank over replicates.
    public let lower: Int
    /// The upper limit of the rank over replicates.
    public let upper: Int
  }
}

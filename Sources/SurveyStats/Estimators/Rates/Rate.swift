/// The pass rate of one target with its counts, interval and the reasons for anything unusual.
public struct Rate: Sendable, Equatable {
  /// Why a rate is undefined, its interval is not the one asked for, or doubtful.
  public enum Note: Sendable, Equatable, CustomStringConvertible {
    /// No paper was asked the target: there is no rate.
    case neverAsked
    /// The target applies to no paper: there is no rate.
    case neverApplicable
    /// The target applies only to papers of weight zero: there is no rate.
    case zeroWeight
    /// The target applies to a single paper.
    case onePaper
    /// Every applicable answer is yes: no standard error, no bootstrap, an analytic interval.
    case allYes
    /// Every applicable answer is no: no standard error, no bootstrap, an analytic interval.
    case allNo
    /// All papers have the same rate: no standard error, no bootstrap, an analytic interval.
    case allPapersEqual
    /// All clusters have the same rate: no standard error, no bootstrap, an analytic interval.
    case allClustersEqual
    /// The interval asked for has no width here, and covers nothing but the estimate.
    case noWidth
    /// Fewer than 20 clusters: bootstrap intervals are too short.
    case fewClusters(Int)
    /// Clusters of so different sizes that they are worth fewer than 20: Kish's number.
    case fewEffectiveClusters(Double)
    /// Weights so different that the papers are worth fewer than 20: Kish's number.
    case fewEffectivePapers(Double)
    /// Strata in which the target applies to a single unit, whose spread is a guess.
    case singleUnitStrata(Int)
    /// Too few yes or no answers for a band; the interval is exact, Bonferroni-adjusted.
    case bandNeedsFive
    /// Too often undefined in replicates for a band; the interval is exact, Bonferroni-adjusted.
    case bandUndefined
    /// The exact bootstrap is for single items of papers drawn one by one; replicates stand in.
    case noExactBootstrap
    /// The interval asked for is undefined for this target; another one stands in.
    case fallback(IntervalFailure)
    /// The interval rests on doubtful replicates; see ``BootstrapLimits/notes``.
    case replicates(String)
    /// Why there is no rate over the same mix of items as in other groups.
    case mix(ItemMix.Note)
    /// Over a fixed mix of items there is one interval, not the one asked for.
    case intervalOfMix
    /// A limit lay below 0 or above 1, as basic and normal limits may, and was cut.
    case limitOutsideRange
    /// Something that holds for every row of the sample.
    case sample(SurveyStats.Note)

    /// The words of the `note` column.
    public var description: String {
      switch self {
      case .neverAsked: Unanswered.neverAsked.rawValue
      case .neverApplicable: Unanswered.neverApplicable.rawValue
      case .zeroWeight: "zero-weight"
      case .onePaper: "fewer-than-2-papers"
      case .allYes: "all-yes"
      case .allNo: "all-no"
      case .allPapersEqual: "all-papers-equal"
      case .allClustersEqual: "all-clusters-equal"
      case .noWidth: "interval-without-width"
      case .fewClusters(let count): "few-clusters: \(count)"
      case .fewEffectiveClusters(let count):
        EffectiveNumber.note(count, areClusters: true)?.description ?? "few-effective-clusters"
      case .fewEffectivePapers(let count):
        EffectiveNumber.note(count, areClusters: false)?.description ?? "few-effective-papers"
      case .singleUnitStrata(let count): "single-unit-strata: \(count)"
      case .bandNeedsFive: "fewer-than-5-yes-or-no"
      case .bandUndefined: "undefined-band"
      case .noExactBootstrap: "exact-bootstrap-for-single-items-only"
      case .fallback(let failure): failure.note
      case .replicates(let note): note
      case .mix(let note): note.description
      case .intervalOfMix: "analytic-interval-of-item-mix"
      case .limitOutsideRange: "limit-outside-0-1"
      case .sample(let note): note.description
      }
    }
  }

  /// What the rate is of.
  public let target: RateTarget
  /// Papers with at least one applicable cell; several scans of a paper count as one.
  public internal(set) var paperCount: Int
  /// Cells whose item applies: the denominator of an unweighted rate.
  public internal(set) var applicableCount: Int
  /// Cells whose item does not apply.
  public internal(set) var notApplicableCount: Int
  /// Cells that were never asked.
  public internal(set) var absentCount: Int
  /// Cells answered with yes: the numerator of an unweighted rate.
  public internal(set) var yesCount: Int
  /// The rate; `nil` when nothing applies.
  public internal(set) var estimate: Double?
  /// Its linearised standard error; `nil` with fewer than two units, or when it would be zero.
  public internal(set) var standardError: Double?
  /// The lower limit.
  public internal(set) var lower: Double?
  /// The upper limit.
  public internal(set) var upper: Double?
  /// The name of the interval.
  public internal(set) var interval: MethodName?
  /// Anything unusual.
  public internal(set) var notes: [Note]
  /// The rank of an item among all items, 1 for the highest rate, with its interval.
  public internal(set) var rank: Rank?

  /// The mix of items that the rate is over, where groups are compared; then the counts are those of
  /// these items.
  public internal(set) var mix: Mix?
  /// Kish's effective number of papers, or of clusters, where they differ in weight or size.
  public internal(set) var effectiveUnitCount: Double?

  /// What clusters and weights do to the accuracy, where that was asked for.
  public internal(set) var designEffect: RateDesignEffect?

  /// What the rate would be if every cell without an answer, never asked or unclear, were no, or yes;
  /// `nil` without any cell.
  public internal(set) var bounds: Bounds?

  /// The least and the greatest rate that cells without an answer allow (Manski 1990, *American Economic
  /// Review* 80:319); their width is the share of these cells, whatever the number of papers.
  public struct Bounds: Sendable, Equatable {
    /// The rate if all of them were no.
    public let lower: Double
    /// The rate if all of them were yes.
    public let upper: Double

    /// Bounds from the cells, weighted where papers are; `nil` without any.
    init?(yes: Double, applicable: Double, unanswered: Double) {
      let cells = applicable + unanswered
      guard cells > 0 else { return nil }
      lower = yes / cells
      upper = (yes + unanswered) / cells
    }
  }

  /// How the mix of items of a rate is held fixed over groups.
  public struct Mix: Sendable, Equatable {
    /// How.
    public let method: ItemMix.Method
    /// The number of items that the rate is over.
    public let itemCount: Int
    /// Their share of the applicable answers of all groups.
    public let share: Double
    /// The rate over whatever the group was asked.
    public let crude: Double?
  }

  /// A rank and the interval of it.
  public struct Rank: Sendable, Equatable {
    /// The rank of the estimate; ties share the best rank.
    public internal(set) var estimate: Int
    /// The lower limit of the rank over replicates.
    public let lower: Int
    /// The upper limit of the rank over replicates.
    public let upper: Int
  }
}

extension Rate {
  /// The rate with its limits, as an estimate.
  public var asEstimate: Estimate { Estimate(estimate, lower: lower, upper: upper) }
}

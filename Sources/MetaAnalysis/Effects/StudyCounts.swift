/// What is known of one study, before an effect is made of it.
public enum StudyCounts: Sendable, Equatable {
  /// Events among a total.
  case events(Double, of: Double)
  /// Events among the totals of two groups.
  case twoByTwo(Double, of: Double, against: Double, ofOther: Double)
  /// Mean, standard deviation and size.
  case mean(Group)
  /// Mean, standard deviation and size of two groups.
  case means(Group, Group)
  /// A correlation over a number of papers.
  case correlation(Double, papers: Double)
  /// Events in person-time.
  case personTime(Double, over: Double)
  /// Events in the person-times of two groups.
  case personTimes(Double, over: Double, against: Double, overOther: Double)
  /// An effect with its variance.
  case effect(Double, variance: Double)

  /// A group with a mean.
  public struct Group: Sendable, Equatable {
    /// The mean.
    public var mean: Double
    /// The standard deviation.
    public var deviation: Double
    /// The number of papers.
    public var size: Double

    /// Creates a group.
    public init(mean: Double, deviation: Double, size: Double) {
      self.mean = mean
      self.deviation = deviation
      self.size = size
    }
  }

  /// The number of papers, or the person-time; `nil` where only an effect is known.
  public var size: Double? {
    switch self {
    case .events(_, let total): total
    case .twoByTwo(_, let first, _, let second): first + second
    case .mean(let group): group.size
    case .means(let first, let second): first.size + second.size
    case .correlation(_, let papers): papers
    case .personTime(_, let time): time
    case .personTimes(_, let first, _, let second): first + second
    case .effect: nil
    }
  }
}

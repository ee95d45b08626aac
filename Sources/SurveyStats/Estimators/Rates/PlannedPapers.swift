/// How many papers have to be read for intervals of a wanted length.
///
/// Estimated is, for each target, the smallest number of papers whose interval has a mean half-length of
/// at most x. An interval on m effective answers at a rate p is Wilson's, for a difference of two groups
/// with the same rate Newcombe's (method 10, both groups of that size); m follows from it by bisection. Of
/// the papers read so far N were worth m₀ effective answers (fewer than N where an item does not apply to
/// all or papers are clustered, more for categories), so that `N m/m₀` papers are needed; of a population
/// of M papers `n/(1 + n/M)`.
///
/// At the rate seen, and at the rate within the interval that needs most. A rate that nothing is known of
/// has no plan, and its note says why.
///
/// References: Cochran (1977), *Sampling Techniques*, sections 4.3 and 4.7; Newcombe (1998), *Statistics in
/// Medicine* 17:873. Cost: some fifty closed forms a target.
public struct PlannedPapers: Sendable, Equatable {
  /// What is planned for.
  public let rate: Rate
  /// Half the length of its interval now.
  let halfLength: Double?
  /// The papers needed at the rate seen.
  public let papers: Int?
  /// The papers needed at the rate within the interval that needs most.
  public let mostPapers: Int?
  /// The papers needed of each of two groups for their difference, at the rate seen.
  public let papersOfEachGroup: Int?

  /// Plans from rates of the papers read so far.
  ///
  /// - Parameters:
  ///   - rates: The rates with their intervals.
  ///   - halfLength: The wanted half-length, between 0 and 0.5.
  ///   - paperCount: The number of papers read.
  ///   - level: The confidence level.
  ///   - population: The number of papers there are; `nil` for a field without limit.
  public static func all(
    for rates: [Rate], halfLength: Double, paperCount: Int, level: Double, population: Int? = nil
  ) -> [PlannedPapers] {
    rates.map { rate in
      guard let estimate = rate.estimate, let lower = rate.lower, let upper = rate.upper,
        lower < upper
      else {
        return PlannedPapers(
          rate: rate, halfLength: rate.estimate == nil ? nil : 0, papers: nil, mostPapers: nil,
          papersOfEachGroup: nil)
      }
      let now = (upper - lower) / 2
      // What the interval is worth, by inverting Wilson's length at the estimate.
      let effective = answers(at: estimate, halfLength: now, level: level, ofDifference: false)
      let each = Double(paperCount) / effective
      func papers(_ p: Double, ofDifference: Bool = false) -> Int? {
        let needed =
          each
          * answers(at: p, halfLength: halfLength, level: level, ofDifference: ofDifference)
        let finite = population.map { needed / (1 + needed / Double($0)) } ?? needed
        return finite < 1e15 ? max(1, Int((finite - 1e-9).rounded(.up))) : nil
      }
      return PlannedPapers(
        rate: rate, halfLength: now, papers: papers(estimate),
        mostPapers: papers(min(max(0.5, lower), upper)),
        papersOfEachGroup: papers(estimate, ofDifference: true))
    }
  }

  /// The number of effective answers at which the half-length of an interval is the one wanted.
  static func answers(
    at p: Double, halfLength: Double, level: Double, ofDifference: Bool
  ) -> Double {
    func length(_ trials: Double) -> Double {
      guard
        let limits = ProportionInterval.wilson.limits(
          successes: p * trials, trials: trials, level: level)
      else { return 1 }
      let (below, above) = (p - limits.lower, limits.upper - p)
      return ofDifference
        ? (below * below + above * above).squareRoot() : (limits.upper - limits.lower) / 2
    }
    var (low, high) = (1e-6, 1.0)
    while length(high) > halfLength, high < 1e15 { (low, high) = (high, 2 * high) }
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if length(middle) > halfLength { low = middle } else { high = middle }
    }
    return high
  }
}

extension Table {
  /// How many papers are needed for intervals of a half-length, one row a target.
  public init(
    planned: [PlannedPapers], halfLength: Double, paperCount: Int, level: Double,
    population: Int? = nil
  ) {
    let rates = planned.map(\.rate)
    self.init(
      name: "plan",
      caption: "Papers to read for \((level * 100).formattedShort)% intervals of ± "
        + "\((halfLength * 100).formattedShort) percentage points, from the \(paperCount) papers read.",
      columns: Column.columns(naming: rates.map(\.target)) + [
        Column("n_applicable", .integer(rates.map(\.applicableCount))),
        Column("estimate", .real(rates.map(\.estimate)), style: .share),
        Column("conf_level", .real(rates.map { _ in level })),
        Column("half_length", .real(planned.map(\.halfLength)), style: .share),
        Column("n_needed", .integer(planned.map(\.papers))),
        Column("n_needed_most", .integer(planned.map(\.mostPapers))),
        Column("n_needed_each_group", .integer(planned.map(\.papersOfEachGroup))),
        Column(
          "note",
          .text(
            planned.map { plan in
              plan.papers == nil && plan.rate.estimate != nil
                ? "interval-without-width"
                : plan.rate.notes.isEmpty
                  ? nil : plan.rate.notes.map(\.description).joined(separator: "; ")
            })),
      ],
      notes: [
        "n_needed is at the rate seen, n_needed_most at the rate within its interval that needs most, "
          + "n_needed_each_group for the difference of two groups of that many papers each; as often "
          + "applicable and as alike within papers and clusters as now."
          + (population.map { " Of a population of \($0) papers." } ?? "")
      ])
  }
}

extension Double {
  /// The number with no more digits than it has.
  fileprivate var formattedShort: String {
    let rounded = (self * 1e6).rounded() / 1e6
    return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
  }
}

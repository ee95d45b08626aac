/// The pass rates of groups of papers, and how two of them that were chosen differ.
///
/// The rates are those of ``RatesByGroup``: over the items that apply in every group of at least ten
/// papers. The difference of two groups is that of their rates over the same items, with the limits of
/// ``GroupComparison``.
public struct GroupRates: Analysis {
  /// The column of the groups.
  public var by: String
  /// The confidence level.
  public var level: Double

  /// A group of papers.
  public struct Group: Sendable {
    /// The value of the column.
    public let name: String
    /// The rows of its papers.
    public let papers: [Int]
    /// Its rate of everything.
    public let rate: Rate
  }

  /// The groups.
  public struct Answer: Sendable {
    /// The groups, in ascending order of their names.
    public let groups: [Group]
    let mix: ItemMix
    let level: Double
    let seed: UInt64

    /// The rate of one group less that of another.
    ///
    /// - Parameters:
    ///   - name: The group from which it is taken.
    ///   - reference: The group that is taken away.
    ///   - pairCount: The pairs of groups that the two were chosen from; limits are at the level
    ///     `1 − α/k` for k pairs (Bonferroni).
    public func difference(
      of name: String, from reference: String, among pairCount: Int
    ) -> Estimate {
      guard let second = groups.firstIndex(where: { $0.name == name }),
        let first = groups.firstIndex(where: { $0.name == reference }),
        let contrast = DesignContrast(mix, second, first)
      else { return Estimate(nil, notes: [.noCommonItem]) }
      let score = contrast.score(seed: seed)
      let level = ConfidenceLevel.shared(level, among: pairCount)
      let limits = score.differenceLimits(level: level)
      return Estimate(score.difference, lower: limits.lower, upper: limits.upper, level: level)
    }
  }

  /// What is found.
  public typealias Result = Answer

  /// Asks for the rates of groups.
  public init(by column: String, level: Double = 0.95) {
    by = column
    self.level = level
  }

  private var rates: RatesByGroup { RatesByGroup(Rates(levels: [.overall], level: level), by: by) }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling { rates.handling(of: feature) }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Answer> {
    let rates = try await rates.begin(sample, run)
    let matrix = sample.matrix
    let groups = try matrix.groups(of: by)
    let mix = ItemMix(
      matrix, items: Array(matrix.items.indices), groups: groups.map(\.papers),
      design: sample.design, fewestPapers: ItemMix.fewestPapers)
    return Prepared(draws: rates.draws) { [level] samples in
      let found = try await rates.finish(samples)
      return Answer(
        groups: zip(groups, found).compactMap { group, found in
          found.result.last.map { Group(name: group.name, papers: group.papers, rate: $0) }
        }, mix: mix, level: level, seed: run.seed)
    }
  }
}

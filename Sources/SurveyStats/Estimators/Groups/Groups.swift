/// How groups of papers differ in items, categories, modules and everything.
///
/// ``GroupComparison`` says what is estimated, and how. Groups share no paper: a paper with several values
/// counts with the first.
///
/// ```swift
/// let differences = try await Run()(Groups(by: "type"), of: Study(matrix)).rows
/// ```
public struct Groups: Analysis {
  /// The interval of the differences.
  public enum Interval: Sendable, Hashable {
    /// Miettinen and Nurminen's, with effective sizes where they are needed.
    case automatic
    /// A formula, for items.
    case analytic(GroupComparison.Interval)
    /// A bootstrap interval that needs the replicates alone.
    case resampled(ResampledInterval)
  }

  /// The metadata column of the groups.
  public var by: String
  /// Which groups are compared with which.
  public var rule: GroupContrast.Rule
  /// The rows wanted.
  public var levels: Set<RateTarget.Level>
  /// How the mix of items is held fixed.
  public var mix: ItemMix.Method
  /// The interval.
  public var interval: Interval
  /// The test of items.
  public var test: TwoProportions.Test
  /// The permutations of a permutation test; `nil` for none.
  public var permutations: Int?
  /// A column whose strata are held fixed.
  public var within: String?
  /// The confidence level.
  public var level: Double
  /// Which groups are too small to stand alone.
  var folding: GroupFolding
  /// Whether p-values are adjusted by joint permutations of all rows (``JointPermutations``).
  var adjustsJointly: Bool

  /// The rows, and what was done to the groups.
  public struct Result: Sendable {
    /// All contrasts of the first target, then of the next.
    public var rows: [GroupDifference]
    /// The group of every paper.
    public let labels: GroupLabels
    /// The papers with several values in the column of the strata.
    public let severalStrataCount: Int
  }

  /// Why groups cannot be compared.
  public enum GroupError: Error, Equatable, CustomStringConvertible {
    /// The reference is not a group.
    case unknownReference(String, column: String, groups: [String])
    /// There are fewer than two groups.
    case fewerThanTwoGroups(column: String)
    /// There are more contrasts than anybody reads.
    case tooManyContrasts(column: String, groups: Int, contrasts: Int)
    /// The variable of the strata gives none.
    case strata(VariableError)

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .unknownReference(let name, let column, let groups):
        "'\(column)' has no group '\(name)'; there are "
          + groups.joined(separator: ", ")
      case .fewerThanTwoGroups(let column):
        "there are no two groups to compare in '\(column)'"
      case .tooManyContrasts(let column, let groups, let contrasts):
        "'\(column)' has \(groups) groups, which make \(contrasts) comparisons, more than "
          + "\(GroupFolding.mostContrasts); fold small groups by `fewest:`, compare all with one by "
          + "`reference:`, or ask for `table: homogeneity`"
      case .strata(let reason): reason.description
      }
    }
  }

  /// Asks how groups differ.
  public init(
    by: String, rule: GroupContrast.Rule = .pairs,
    levels: Set<RateTarget.Level> = [.item, .category, .overall], mix: ItemMix.Method = .common,
    interval: Interval = .automatic, test: TwoProportions.Test = .automatic,
    permutations: Int? = nil, within: String? = nil, level: Double = 0.95,
    folding: GroupFolding = GroupFolding(), adjustsJointly: Bool = false
  ) {
    self.by = by
    self.rule = rule
    self.levels = levels
    self.mix = mix
    self.interval = interval
    self.test = test
    self.permutations = permutations
    self.within = within
    self.level = level
    self.folding = folding
    self.adjustsJointly = adjustsJointly
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    if test != .automatic {
      return .refused(
        "`test:` \(test.rawValue) takes papers that are drawn alike, not \(feature.plural); leave it "
          + "out.")
    }
    if case .analytic(let kind) = interval {
      return .refused(
        "`interval:` \(kind.rawValue) takes papers that are drawn alike, not \(feature.plural); leave "
          + "it out.")
    }
    if permutations != nil, feature == .weights {
      return .refused("`permutations:` takes papers of equal weight; add `usesWeights: false`.")
    }
    if permutations != nil, feature == .strata {
      return .refused("`permutations:` knows nothing of strata; leave out `stratum:`.")
    }
    return .honoured
  }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let (labels, contrasts) = try folding.contrasts(of: matrix, by: by, rule: rule)
    let strata = try strata(matrix)
    var formula = GroupComparison.Interval.miettinenNurminen
    if case .analytic(let chosen) = interval { formula = chosen }
    let design = sample.design
    let comparison = GroupComparison(
      contrasts, design: design, mix: mix, interval: formula, test: test,
      level: level, strata: strata?.labels, permutations: permutations, seed: run.seed)
    var rows = comparison.estimate(matrix, targets: RateTarget.all(in: matrix, levels: levels))
    if adjustsJointly { try await comparison.adjustJointly(&rows, matrix, jobs: run.jobs) }
    for index in rows.indices { rows[index].notes += sample.notes }
    let several = strata?.severalCount ?? 0
    var resampled: ResampledInterval?
    if case .resampled(let chosen) = interval { resampled = chosen }
    guard resampled != nil || run.wantsReplicates else {
      return Prepared(draws: []) { [rows] _ in
        Result(rows: rows, labels: labels, severalStrataCount: several)
      }
    }
    let terms = rows.map(\.columnName)
    var draws = [
      Draw(
        terms: terms,
        DifferenceStatistic(
          rows.map { DifferenceStatistic.Difference($0, of: matrix, design: design) },
          design: design), design)
    ]
    if resampled != nil {
      draws.append(
        Draw(
          "effect sizes", terms: terms.flatMap { ["\($0) 1", "\($0) 2"] },
          EffectSizeStatistic(rows, of: matrix, design: design), design))
    }
    let level = level
    return Prepared(draws: draws) { [rows, resampled] samples in
      var rows = rows
      guard let resampled, let method = resampled.ofReplicatesAlone, samples.count == 2 else {
        return Result(rows: rows, labels: labels, severalStrataCount: several)
      }
      for index in rows.indices {
        if rows[index].score?.mix == .model {
          rows[index].notes.append(.notResampled)
          continue
        }
        rows[index].replaceInterval(
          samples[0], quantity: index, method: method, level: level, name: resampled.method)
        rows[index].replaceEffectSizeIntervals(
          samples[1], quantity: index * EffectSizeStatistic.valuesPerDifference, method: method,
          level: level)
      }
      return Result(rows: rows, labels: labels, severalStrataCount: several)
    }
  }

  private func strata(
    _ matrix: BinaryMatrix
  ) throws -> (labels: [String?], severalCount: Int)? {
    guard let within else { return nil }
    do throws(VariableError) {
      return try matrix.disjointGroups(of: within)
    } catch { throw GroupError.strata(error) }
  }
}

extension GroupDifference {
  /// The name of the row among replicates.
  var columnName: String { "\(target.columnName) \(contrast.first) - \(contrast.second)" }
}

extension SamplingFeature {
  /// The feature in a sentence.
  fileprivate var plural: String {
    switch self {
    case .weights: "weighted papers"
    case .clusters: "clusters"
    case .strata: "strata"
    case .repeatedPapers: "several rows of one paper"
    }
  }
}

extension Note {
  /// The interval is not that of a bootstrap: a model of all items is not fitted anew.
  static let notResampled = Note(
    "not-resampled", effect: .doubt, words: "the limits are not those of a bootstrap")
}

/// How groups of papers would differ if all had the same mix of types, years, ….
///
/// ``StandardizedDifference`` says what is estimated.
public struct StandardizedGroups: Analysis {
  /// The metadata column of the groups.
  public var by: String
  /// Which groups are compared with which.
  public var rule: GroupContrast.Rule
  /// The rows wanted.
  public var levels: Set<RateTarget.Level>
  /// The columns whose mix is made equal.
  public var columns: [String]
  /// How the mix is made equal.
  public var method: StandardizedDifference.Method
  /// How the mix of items is held fixed; a model is taken as common.
  public var mix: ItemMix.Method
  /// A bootstrap interval; `nil` for the normal one.
  public var resampled: ResampledInterval?
  /// The confidence level.
  public var level: Double
  /// Which groups are too small to stand alone.
  var folding: GroupFolding

  /// The rows, and what was done to the groups.
  public struct Result: Sendable {
    /// All contrasts of the first target, then of the next.
    public var rows: [StandardizedDifference]
    /// The group of every paper.
    public let labels: GroupLabels
  }

  /// Asks how groups would differ at a common mix.
  public init(
    by: String, rule: GroupContrast.Rule = .pairs,
    levels: Set<RateTarget.Level> = [.item, .category, .overall], columns: [String],
    method: StandardizedDifference.Method = .direct, mix: ItemMix.Method = .common,
    resampled: ResampledInterval? = nil, level: Double = 0.95,
    folding: GroupFolding = GroupFolding()
  ) {
    self.by = by
    self.rule = rule
    self.levels = levels
    self.columns = columns
    self.method = method
    self.mix = mix
    self.resampled = resampled
    self.level = level
    self.folding = folding
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights: .ignored(feature)
    case .clusters, .strata, .repeatedPapers:
      resampled != nil
        ? .honoured
        : .refused(
          "`standardize:` takes \(feature == .strata ? "strata" : "clusters") into account by "
            + "resampling alone; add `interval: percentile`.")
    }
  }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let (labels, contrasts) = try folding.contrasts(of: matrix, by: by, rule: rule)
    var rows: [StandardizedDifference] = []
    for target in RateTarget.all(in: matrix, levels: levels) {
      let mixes: [ContrastMix?] =
        target.level == .item || mix == .crude
        ? contrasts.map { _ in nil }
        : ContrastMix.all(
          contrasts, items: target.items, of: matrix, design: sample.design, method: .common)
      for (contrast, mix) in zip(contrasts, mixes) {
        rows.append(
          try StandardizedDifference(
            matrix, target: target, contrast: contrast, columns: columns, method: method,
            over: mix, level: level))
      }
    }
    for index in rows.indices { rows[index].notes += sample.notes }
    guard let resampled, let interval = resampled.ofReplicatesAlone else {
      return Prepared(draws: []) { [rows] _ in Result(rows: rows, labels: labels) }
    }
    let draw = Draw(
      terms: rows.map { "\($0.target.columnName) \($0.contrast.first) - \($0.contrast.second)" },
      StandardizedStatistic(rows, design: sample.design), sample.design)
    let level = level
    return Prepared(draws: [draw]) { [rows] samples in
      var rows = rows
      for index in rows.indices {
        rows[index].replaceInterval(
          samples[0], quantity: index, method: interval, level: level, name: resampled.method)
      }
      return Result(rows: rows, labels: labels)
    }
  }
}

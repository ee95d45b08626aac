/// The rates of groups of papers that share a value of a column, over the same mix of items.
///
/// Items are the same in every group; a category, a module and everything mix items, and groups may have
/// been asked different ones. Their rates are those of ``ItemMix``, whose limits need no replicates, with
/// the crude rate, of whatever the group was asked, in ``Rate/mix``. Groups of fewer than ten papers do
/// not decide which items are common where two groups are larger: one that lacks an item has no rate but
/// the crude one, and the note `lacks-common-items`. Where all groups have the same mix the two are one,
/// and the row is that of ``Rates``. With ``ItemMix/Method/crude`` all rows are.
public struct RatesByGroup: Analysis {
  /// What is asked of each group.
  public var rates: Rates
  /// The column of the groups.
  public var by: String
  /// How the mix of items is held fixed.
  public var mix: ItemMix.Method

  /// One list of rates a group, in ascending order of their names.
  public typealias Result = [GroupResult<[Rate]>]

  /// Asks for rates by group.
  public init(_ rates: Rates, by: String, mix: ItemMix.Method = .common) {
    self.rates = rates
    self.by = by
    self.mix = mix
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling { rates.handling(of: feature) }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    guard mix != .crude else { return try await rates.grouped(by: by).begin(sample, run) }
    let matrix = sample.matrix
    let groups = try matrix.groups(of: by).map(\.papers)
    let targets = RateTarget.all(in: matrix, levels: rates.levels)
    let mixes = targets.enumerated().filter { $1.level != .item && groups.count > 1 }
      .map { index, target in
        (
          index,
          ItemMix(
            matrix, items: target.items, groups: groups, design: sample.design, method: mix,
            fewestPapers: ItemMix.fewestPapers)
        )
      }
    var rates = rates
    rates.unlimited = Set(mixes.filter { !$1.isCrude }.map(\.0))
    let crude = try await rates.grouped(by: by).begin(sample, run)
    return Prepared(draws: crude.draws) { [rates] samples in
      try await crude.finish(samples).enumerated().map { group, found in
        var result = found.result
        for (index, mix) in mixes {
          result[index] = rates.fixing(result[index], to: mix, group: group, of: matrix)
        }
        return GroupResult(group: found.group, result: result)
      }
    }
  }
}

extension Rates {
  /// The rate of a group with the mix of items held fixed.
  func fixing(_ rate: Rate, to mix: ItemMix, group: Int, of matrix: BinaryMatrix) -> Rate {
    var rate = rate
    rate.mix = Rate.Mix(
      method: mix.method, itemCount: mix.mixedItems.count, share: mix.commonShare,
      crude: rate.estimate)
    // A group of which nothing is known keeps the reason that it has.
    guard rate.estimate != nil, !mix.isCrude else { return rate }
    rate.notes.removeAll { note in
      switch note {
      case .onePaper, .fewClusters, .fewEffectiveClusters, .fewEffectivePapers, .singleUnitStrata:
        false
      default: true
      }
    }
    (rate.standardError, rate.lower, rate.upper, rate.interval) = (nil, nil, nil, nil)
    rate.bounds = nil
    rate.designEffect = nil
    rate.estimate = mix.value(group)
    if rate.estimate == 1 { rate.notes.append(.allYes) }
    if rate.estimate == 0 { rate.notes.append(.allNo) }
    if let note = mix.note(of: group) { rate.notes.insert(.mix(note), at: 0) }
    let items = mix.mixedItems
    let papers = RowMask(mix.groups[group], of: matrix.papers.count)
    func count(_ plane: BitColumns) -> Int {
      items.reduce(0) { $0 + papers.count(plane, column: $1) }
    }
    let asked = count(matrix.asked)
    rate.paperCount = mix.paperCount(group)
    rate.applicableCount = count(matrix.applies)
    rate.yesCount = count(matrix.yes)
    rate.notApplicableCount = asked - rate.applicableCount
    rate.absentCount = mix.groups[group].count * items.count - asked
    guard let variance = mix.variance(group),
      let limits = mix.limits(
        group, variance: variance, level: level, samplingFraction: samplingFraction)
    else { return rate }
    let correction = (1 - samplingFraction).squareRoot()
    rate.standardError = variance.standardError > 1e-9 ? variance.standardError * correction : nil
    (rate.lower, rate.upper) = (limits.lower, limits.upper)
    rate.interval = samplingFraction < 1 ? MethodName(rawValue: limits.interval.name) : .census
    switch interval {
    case .automatic: break
    case .analytic(let wanted) where wanted == limits.interval: break
    default: rate.notes.append(.intervalOfMix)
    }
    return rate
  }
}

extension MethodName {
  /// The interval of rates of a whole population: the rates themselves.
  static let census = MethodName(rawValue: "census")
}

import RealModule

/// Tests that several groups are alike: chi-square or Freeman and Halton's exact test for rates,
/// Kruskal and Wallis's test for scores, or permutations of the groups of papers or clusters.
///
/// Groups without papers are left out. Undefined (`nil`) with fewer than two groups, or when all answers
/// or scores are equal. Ties are corrected for in Kruskal and Wallis's statistic.
///
/// Chi-square needs expected counts of five (Cochran 1954), Kruskal and Wallis's statistic groups of
/// five; with fewer the exact test and permutations are taken unless another is asked for.
///
/// References: Freeman & Halton (1951), *Biometrika* 38:141; Kruskal & Wallis (1952), *JASA* 47:583.
public struct GroupHomogeneity: Sendable, Equatable {
  /// The statistic, χ² distributed; `nil` for exact tests.
  public let statistic: Double?
  /// The degrees of freedom: groups less one; `nil` for tests that need none.
  public let degreesOfFreedom: Int?
  /// The p-value.
  public let pValue: Double
  /// The test.
  public let test: MethodName

  /// A test with its result.
  init(statistic: Double?, degreesOfFreedom: Int?, pValue: Double, test: MethodName) {
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    self.pValue = pValue
    self.test = test
  }

  /// The random tables or permutations, unless another number is asked for.
  static let usualPermutations = 9_999
  /// The most tables that the exact test looks at; of more it draws ``usualPermutations``.
  private static let mostTables = 1_000_000.0

  /// Compares rates: the papers and the yes of each group.
  ///
  /// - Parameters:
  ///   - counts: The papers of each group.
  ///   - yes: The yes among them.
  ///   - test: The test; automatically chi-square, or the exact one where an expected count is below
  ///     five.
  ///   - seed: The seed of random tables, where there are too many to look at all.
  public init?(
    counts: [Int], yes: [Int], test: TwoProportions.Test = .automatic, seed: UInt64 = 1
  ) {
    let kept = counts.indices.filter { counts[$0] > 0 }
    let sizes = kept.map { counts[$0] }
    let passed = kept.map { yes[$0] }
    let total = sizes.reduce(0, +)
    let positive = passed.reduce(0, +)
    guard kept.count > 1, positive > 0, positive < total else { return nil }
    let fewest = Double(sizes.min() ?? 0) * Double(min(positive, total - positive)) / Double(total)
    switch test {
    case .automatic where fewest >= 5, .chiSquare, .reducedChiSquare:
      let factor = test == .reducedChiSquare ? Double(total - 1) / Double(total) : 1
      let statistic = factor * Self.chiSquare(sizes, passed)
      self.init(
        statistic: statistic, degreesOfFreedom: kept.count - 1,
        pValue: ChiSquared(degreesOfFreedom: Double(kept.count - 1)).survival(statistic),
        test: (test == .automatic ? .chiSquare : test).name)
    case .automatic, .fisher, .fisherMidP:
      self = Self.exact(sizes, passed, isMid: test == .fisherMidP, seed: seed)
    }
  }

  private static func chiSquare(_ sizes: [Int], _ yes: [Int]) -> Double {
    let rate = Double(yes.reduce(0, +)) / Double(sizes.reduce(0, +))
    return zip(sizes, yes).reduce(0) { sum, group in
      let expected = Double(group.0) * rate
      let gap = Double(group.1) - expected
      return sum + gap * gap / (expected * (1 - rate))
    }
  }

  /// Freeman and Halton's test: the probability of all tables with these margins that are no more
  /// probable than the one observed.
  private static func exact(
    _ sizes: [Int], _ yes: [Int], isMid: Bool, seed: UInt64
  ) -> GroupHomogeneity {
    let total = sizes.reduce(0, +)
    // The rarer answer makes fewer tables.
    let isYes = 2 * yes.reduce(0, +) <= total
    let cells = isYes ? yes : zip(sizes, yes).map { $0 - $1 }
    let sum = cells.reduce(0, +)
    var logs = [0.0]
    for number in 1...max(1, total) { logs.append(logs[number - 1] + Double.log(Double(number))) }
    func choose(_ n: Int, _ k: Int) -> Double { logs[n] - logs[k] - logs[n - k] }
    let all = choose(total, sum)
    func probability(_ cells: [Int]) -> Double {
      zip(sizes, cells).reduce(-all) { $0 + choose($1.0, $1.1) }
    }
    let observed = probability(cells)
    let limit = observed + 1e-7
    let half = isMid ? Double.exp(observed) / 2 : 0
    if tableCount(sizes, sum) <= mostTables {
      var p = 0.0
      func visit(_ group: Int, _ rest: Int, _ log: Double) {
        if group == sizes.count - 1 {
          let whole = log + choose(sizes[group], rest)
          if whole <= limit { p += Double.exp(whole) }
          return
        }
        let later = sizes[(group + 1)...].reduce(0, +)
        for cell in max(0, rest - later)...min(sizes[group], rest) {
          visit(group + 1, rest - cell, log + choose(sizes[group], cell))
        }
      }
      visit(0, sum, -all)
      return GroupHomogeneity(
        statistic: nil, degreesOfFreedom: nil, pValue: p > 1 - 1e-9 ? 1 - half : max(0, p - half),
        test: (isMid ? TwoProportions.Test.fisherMidP : .fisher).name)
    }
    var stream = RandomStream(seed: seed)
    var papers = sizes.indices.flatMap { [Int](repeating: $0, count: sizes[$0]) }
    var extreme = 0
    for _ in 0..<usualPermutations {
      var drawn = [Int](repeating: 0, count: sizes.count)
      stream.draw(sum, toFrontOf: &papers)
      for group in papers[..<sum] { drawn[group] += 1 }
      if probability(drawn) <= limit { extreme += 1 }
    }
    let p = Double(extreme + 1) / Double(usualPermutations + 1)
    return GroupHomogeneity(
      statistic: nil, degreesOfFreedom: nil, pValue: max(0, p - half),
      test: (isMid ? TwoProportions.Test.fisherMidP : .fisher).name)
  }

  /// The number of tables with these margins, at most a little more than ``mostTables``.
  private static func tableCount(_ sizes: [Int], _ sum: Int) -> Double {
    var ways = [Double](repeating: 0, count: sum + 1)
    ways[0] = 1
    for size in sizes {
      var next = [Double](repeating: 0, count: sum + 1)
      var window = 0.0
      for total in 0...sum {
        window += ways[total]
        if total > size { window -= ways[total - size - 1] }
        next[total] = window
      }
      ways = next
      if ways.contains(where: { $0 > 1e15 }) { return .infinity }
    }
    return ways[sum]
  }

  /// Compares scores by ranks.
  ///
  /// Groups of fewer than five are compared by permutations of their papers.
  public init?(scores groups: [[Double]], seed: UInt64 = 1) {
    let kept = groups.filter { !$0.isEmpty }
    guard kept.count > 1, let statistic = Self.rankStatistic(kept) else { return nil }
    if kept.contains(where: { $0.count < 5 }) {
      let labels = kept.indices.flatMap { [Int](repeating: $0, count: kept[$0].count) }
      self.init(
        permutingRanksOf: kept.flatMap { $0 }, groups: labels, clusters: nil,
        replicates: Self.usualPermutations, seed: seed)
    } else {
      self.init(
        statistic: statistic, degreesOfFreedom: kept.count - 1,
        pValue: ChiSquared(degreesOfFreedom: Double(kept.count - 1)).survival(statistic),
        test: .kruskalWallis)
    }
  }

  /// Kruskal and Wallis's statistic; `nil` when all scores are equal.
  private static func rankStatistic(_ groups: [[Double]]) -> Double? {
    let ranks = Midranks(groups.flatMap { $0 })
    let n = Double(ranks.ranks.count)
    guard ranks.tieCounts.count > 1 else { return nil }
    var start = 0
    var sum = 0.0
    for group in groups {
      let total = ranks.ranks[start..<start + group.count].reduce(0, +)
      sum += total * total / Double(group.count)
      start += group.count
    }
    let raw = 12 * sum / (n * (n + 1)) - 3 * (n + 1)
    return raw / (1 - ranks.tieSum / (n * n * n - n))
  }

  /// Compares values by permutations of the groups: of papers, or of whole clusters.
  ///
  /// The statistic is Σ n (m̄ − m)² of the groups' mean ranks, for answers Pearson's chi-square, for
  /// scores Kruskal and Wallis's. The observed arrangement counts along.
  ///
  /// `nil` when a cluster has papers in several groups.
  ///
  /// - Parameters:
  ///   - values: The values of the papers.
  ///   - groups: The number of the group of each.
  ///   - clusters: The cluster of each; `nil` when papers are drawn one by one.
  ///   - replicates: The number of random arrangements.
  ///   - seed: The seed.
  public init?(
    permutingRanksOf values: [Double], groups: [Int], clusters: [Int]?, replicates: Int,
    seed: UInt64
  ) {
    var members: [Int: [Int]] = [:]
    for position in values.indices {
      members[clusters?[position] ?? position, default: []].append(position)
    }
    let units = members.keys.sorted().map { members[$0] ?? [] }
    guard units.allSatisfy({ unit in unit.allSatisfy { groups[$0] == groups[unit[0]] } }) else {
      return nil
    }
    let ranks = Midranks(values).ranks
    let sums = units.map { $0.reduce(0) { $0 + ranks[$1] } }
    let counts = units.map { Double($0.count) }
    var labels = units.map { groups[$0[0]] }
    let groupCount = (groups.max() ?? -1) + 1
    let mean = ranks.isEmpty ? 0 : ranks.reduce(0, +) / Double(ranks.count)
    func statistic(_ labels: [Int]) -> Double {
      var totals = [Double](repeating: 0, count: groupCount)
      var sizes = totals
      for unit in labels.indices {
        totals[labels[unit]] += sums[unit]
        sizes[labels[unit]] += counts[unit]
      }
      return totals.indices.reduce(0) { sum, group in
        guard sizes[group] > 0 else { return sum }
        let gap = totals[group] / sizes[group] - mean
        return sum + sizes[group] * gap * gap
      }
    }
    let observed = statistic(labels) * (1 - 1e-10) - 1e-12
    var stream = RandomStream(seed: seed)
    var extreme = 0
    for _ in 0..<replicates {
      stream.shuffle(&labels)
      if statistic(labels) >= observed { extreme += 1 }
    }
    self.init(
      statistic: nil, degreesOfFreedom: nil,
      pValue: Double(extreme + 1) / Double(replicates + 1), test: .permutation)
  }
}

/// Whether all groups of papers are alike, one row a target.
///
/// Items are tested by ``GroupHomogeneity`` of rates, categories and everything by that of the papers'
/// scores over the items that apply in every group (``ItemMix/Method/common``) or over all. Clusters, and
/// several rows of one paper, are permuted whole; where one lies in several groups there is no test.
public struct Homogeneity: Analysis {
  /// The metadata column of the groups.
  public var by: String
  /// The rows wanted.
  public var levels: Set<RateTarget.Level>
  /// The test of items.
  public var test: TwoProportions.Test
  /// The permutations; `nil` for tests that need none.
  public var permutations: Int?
  /// Whether scores are over the items of all groups, or over all items.
  public var mix: ItemMix.Method
  /// Which groups are too small to stand alone.
  var folding: GroupFolding

  /// A row for each target.
  public struct Row: Sendable {
    /// What is compared.
    public let target: RateTarget
    /// The groups with papers.
    let groupCount: Int
    /// The papers.
    public let count: Int
    /// The number of items of the scores.
    public let itemCount: Int
    /// The test; `nil` with a note.
    public let result: GroupHomogeneity?
    /// What is missing or doubtful.
    public let notes: [Note]
  }

  /// The rows, and what was done to the groups.
  public struct Result: Sendable {
    /// A row for each target.
    public let rows: [Row]
    /// The group of every paper.
    public let labels: GroupLabels
  }

  /// Asks whether groups are alike.
  public init(
    by: String, levels: Set<RateTarget.Level> = [.item, .category, .overall],
    test: TwoProportions.Test = .automatic, permutations: Int? = nil,
    mix: ItemMix.Method = .common, folding: GroupFolding = GroupFolding()
  ) {
    self.by = by
    self.levels = levels
    self.test = test
    self.permutations = permutations
    self.mix = mix
    self.folding = folding
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    switch feature {
    case .weights: .ignored(feature)
    case .strata: .refused("homogeneity knows nothing of strata; leave out `stratum:`.")
    case .clusters, .repeatedPapers:
      test == .automatic
        ? .honoured
        : .refused(
          "`test:` \(test.rawValue) knows nothing of clusters; leave it out, and whole clusters are "
            + "permuted.")
    }
  }

  /// Works out what needs no replicates, and says which are wanted.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    let matrix = sample.matrix
    let labels = try folding.labels(matrix.disjointGroups(of: by))
    let names = Set(labels.labels.compactMap { $0 }).sorted()
    let number = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let groups = labels.labels.map { $0.flatMap { number[$0] } }
    let members = names.indices.map { group in groups.indices.filter { groups[$0] == group } }
    let rows = RateTarget.all(in: matrix, levels: levels).map { target in
      row(target, matrix, members, sample, run)
    }
    return Prepared(draws: []) { _ in Result(rows: rows, labels: labels) }
  }

  private func row(
    _ target: RateTarget, _ matrix: BinaryMatrix, _ members: [[Int]], _ sample: Sample, _ run: Run
  ) -> Row {
    var notes = sample.notes
    var items = target.items
    if target.level != .item, mix == .common {
      let filled = members.filter { papers in
        papers.contains { paper in target.items.contains { matrix.applies[paper, $0] } }
      }
      items =
        ItemMix(
          matrix, items: target.items, groups: filled, design: sample.design,
          fewestPapers: ItemMix.fewestPapers
        ).mixedItems
    }
    let values = matrix.percentYes(items: items)
    let papers = members.map { $0.filter { values[$0] != nil } }
    let samples = papers.map { $0.compactMap { values[$0] } }
    let filled = samples.filter { !$0.isEmpty }
    let isClustered = !sample.design.unitsArePapers
    var result: GroupHomogeneity?
    if filled.count > 1 {
      if permutations != nil || isClustered {
        let all = papers.flatMap { $0 }
        result = GroupHomogeneity(
          permutingRanksOf: all.compactMap { values[$0] },
          groups: papers.indices.flatMap { [Int](repeating: $0, count: papers[$0].count) },
          clusters: isClustered ? all.map { sample.design.unitOfPaper[$0] } : nil,
          replicates: permutations ?? GroupHomogeneity.usualPermutations, seed: run.seed)
        if result == nil { notes.append(.clustersInSeveralGroups) }
      } else if target.level == .item {
        result = GroupHomogeneity(
          counts: samples.map(\.count), yes: samples.map { $0.count { $0 > 50 } }, test: test,
          seed: run.seed)
      } else {
        result = GroupHomogeneity(scores: samples, seed: run.seed)
      }
      if Set(filled.flatMap { $0 }).count < 2 { notes.append(.constantItem) }
    } else {
      let reason = matrix.unanswered(items: target.items).map { Note($0) }
      notes.append(
        reason ?? (items.isEmpty ? .noCommonItem : Note("fewer-than-2-groups", effect: .noValue)))
    }
    return Row(
      target: target, groupCount: filled.count, count: filled.reduce(0) { $0 + $1.count },
      itemCount: items.count, result: result, notes: notes)
  }
}

extension Table {
  /// Tests that all groups are alike (table `homogeneity` of `compare`).
  public init(homogeneity rows: [Homogeneity.Row], adjustment: PValueAdjustment = .none) {
    let pValues = rows.map { $0.result?.pValue }
    self.init(
      name: "homogeneity", caption: "Tests that all groups of papers are alike.",
      columns: Column.columns(naming: rows.map(\.target)) + [
        Column("groups", .integer(rows.map(\.groupCount))),
        Column("n", .integer(rows.map(\.count))),
        Column("statistic", .real(rows.map { $0.result?.statistic })),
        Column("df", .integer(rows.map { $0.result?.degreesOfFreedom })),
        Column("p_value", .real(pValues), style: .pValue),
        Column("p_adjusted", .real(adjustment(pValues)), style: .pValue),
        Column("test", .text(rows.map { $0.result?.test.rawValue })),
        Column("n_items", .integer(rows.map(\.itemCount)), isDetail: true),
        Column("note", .text(rows.map(\.notes.text))),
      ])
  }
}

extension MethodName {
  /// Kruskal and Wallis's test.
  fileprivate static let kruskalWallis = MethodName(rawValue: "kruskal-wallis")
}

/// Whether factors support dimensions that were assigned to the items beforehand.
///
/// The loadings are rotated obliquely so that items load as little as can be on the factors of
/// dimensions to which they do not belong (``TargetRotation/groups(_:_:settings:)``), and each rotated
/// factor is compared with the indicator of its dimension (1 where an item belongs, 0 elsewhere) by
/// Tucker's congruence. A rotation towards a target finds some likeness in any data, so the same is done
/// for random assignments of the items to dimensions of the same sizes: `p` is the share of
/// assignments, the observed one included, that reach the observed congruence. The freely rotated
/// solution, matched column by column, shows whether the dimensions would have been found without
/// knowing them.
///
/// Items without a dimension take no part. The test costs one descent a replicate, from the start
/// that suits its assignment.
///
/// Reference: Lorenzo-Seva and ten Berge (2006), Methodology 2:57; Browne (2001), Multivariate
/// Behavioral Research 36:111; Paunonen (1997), Educational and Psychological Measurement 57:33, for the chance distribution.
public struct DimensionTest: Sendable, Equatable {
  /// The number of random assignments.
  public var replicates: Int
  /// The seed of the random assignments.
  public var seed: UInt64

  /// Creates a test.
  public init(replicates: Int = 999, seed: UInt64 = 1) {
    self.replicates = replicates
    self.seed = seed
  }

  /// What was found for one dimension, or for all together.
  public struct Finding: Sendable, Equatable {
    /// The name of the dimension; `mean` for the mean over dimensions.
    public let name: String
    /// The number of items of the dimension.
    public let items: Int
    /// The congruence of the factor rotated to it with its indicator.
    public let congruence: Double
    /// The 95th percentile of the congruence over random assignments.
    public let chance: Double
    /// The share of assignments that reach the observed congruence.
    public let pValue: Double
    /// The freely rotated factor that matches it best, from 0; `nil` for the mean.
    let freeFactor: Int?
    /// The congruence of that factor with the factor rotated to the dimension.
    public let freeCongruence: Double
  }

  /// What the test found.
  public struct Result: Sendable, Equatable {
    /// One finding a dimension, then the mean.
    public let findings: [Finding]
    /// The loadings rotated towards the dimensions, for the items that have one.
    public let rotated: RotatedLoadings
    /// The positions of those items.
    public let items: [Int]

    /// The findings as a table, one row a dimension.
    public func table() -> Table {
      Table(
        name: "dimensions",
        caption: "Congruence of factors, rotated towards the dimensions, with the dimensions.",
        columns: [
          Column("term", .text(findings.map(\.name))),
          Column("n_items", .integer(findings.map(\.items))),
          Column("estimate", .real(findings.map(\.congruence))),
          Column("chance_95", .real(findings.map(\.chance))),
          Column("p_value", .real(findings.map(\.pValue)), style: .pValue),
          Column("free_factor", .text(findings.map { $0.freeFactor.map { "F\($0 + 1)" } })),
          Column("free_congruence", .real(findings.map(\.freeCongruence))),
          Column("note", .text(findings.map { Self.verdict($0.congruence) })),
        ],
        notes: [
          "estimate: a factor rotated to the dimension against the dimension; .95 and more is equal, "
            + ".85 to .94 fair similarity.",
          "chance_95, p_value: against random assignments of the items to dimensions of these sizes.",
          "free_congruence: the same factor against the one that a rotation without target finds.",
        ])
    }

    private static func verdict(_ congruence: Double) -> String {
      if congruence >= 0.95 { return "equal" }
      return congruence >= 0.85 ? "fair similarity" : "not similar"
    }
  }

  /// Tests the dimensions of the items against their loadings.
  ///
  /// - Parameters:
  ///   - loadings: unrotated loadings with as many factors as dimensions.
  ///   - free: the same factors after a rotation without target.
  ///   - dimensions: the names of the dimensions.
  ///   - membership: for each item the position of its dimension, or `nil`.
  public func estimate(
    loadings: DenseMatrix, free: DenseMatrix, dimensions: [String], membership: [Int?]
  ) throws(FactorError) -> Result {
    precondition(loadings.rows == membership.count && free.rows == loadings.rows)
    guard loadings.columns == dimensions.count, free.columns == dimensions.count else {
      throw FactorError.dimensionCount(factors: loadings.columns, dimensions: dimensions.count)
    }
    let items = membership.indices.filter { membership[$0] != nil }
    let groups = items.compactMap { membership[$0] }
    for (dimension, name) in dimensions.enumerated() where !groups.contains(dimension) {
      throw FactorError.emptyDimension(name)
    }
    let columns = Array(0..<loadings.columns)
    let part = loadings.selecting(rows: items, columns: columns)
    let rotated = try rotate(part, groups)
    let observed = congruences(rotated, groups)
    let observedMean = observed.reduce(0, +) / Double(observed.count)

    var chance = [[Double]](repeating: [], count: dimensions.count + 1)
    for replicate in 0..<replicates {
      var random = RandomStream(seed: seed, stream: UInt64(replicate))
      var shuffled = groups
      random.shuffle(&shuffled)
      guard let replica = try? rotate(part, shuffled) else { continue }
      let values = congruences(replica, shuffled)
      for (dimension, value) in values.enumerated() { chance[dimension].append(value) }
      chance[dimensions.count].append(values.reduce(0, +) / Double(values.count))
    }

    let freePart = free.selecting(rows: items, columns: columns)
    let matched = Congruence.match(freePart, to: rotated.pattern).order
    let alike = Congruence.coefficients(rotated.pattern, freePart)
    let freeCongruences = matched.enumerated().map { abs(alike[$0.offset, $0.element]) }
    var findings = dimensions.indices.map { dimension in
      finding(
        dimensions[dimension], items: groups.count { $0 == dimension },
        observed: observed[dimension], chance: chance[dimension],
        freeFactor: matched[dimension], freeCongruence: freeCongruences[dimension])
    }
    findings.append(
      finding(
        "mean", items: items.count, observed: observedMean, chance: chance[dimensions.count],
        freeFactor: nil,
        freeCongruence: freeCongruences.reduce(0, +) / Double(freeCongruences.count)))
    return Result(findings: findings, rotated: rotated, items: items)
  }

  private func rotate(
    _ loadings: DenseMatrix, _ groups: [Int]
  ) throws(FactorError) -> RotatedLoadings {
    do {
      return try TargetRotation.groups(
        loadings, groups, settings: Rotation(.none, randomStarts: 0, tolerance: 1e-6))
    } catch {
      throw FactorError.decomposition(error)
    }
  }

  private func indicator(_ groups: [Int], _ count: Int) -> DenseMatrix {
    var target = DenseMatrix(rows: groups.count, columns: count)
    for (item, group) in groups.enumerated() { target[item, group] = 1 }
    return target
  }

  private func congruences(_ rotated: RotatedLoadings, _ groups: [Int]) -> [Double] {
    Congruence.coefficients(rotated.pattern, indicator(groups, rotated.pattern.columns)).diagonal
  }

  private func finding(
    _ name: String, items: Int, observed: Double, chance: [Double], freeFactor: Int?,
    freeCongruence: Double
  ) -> Finding {
    let sorted = chance.sorted()
    let rank = (0.95 * Double(sorted.count + 1)).rounded(.up)
    let reached = chance.count { $0 >= observed - 1e-12 }
    return Finding(
      name: name, items: items, congruence: observed,
      chance: sorted.isEmpty ? observed : sorted[min(Int(rank), sorted.count) - 1],
      pValue: Double(reached + 1) / Double(chance.count + 1), freeFactor: freeFactor,
      freeCongruence: freeCongruence)
  }
}

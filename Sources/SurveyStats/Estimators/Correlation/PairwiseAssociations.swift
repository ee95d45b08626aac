/// The association of one pair of variables, on the papers that have both.
public struct AssociatedPair: Sendable, Equatable {
  /// The position of the first variable.
  public let first: Int
  /// The position of the second variable.
  public let second: Int
  /// The number of papers that have both.
  public let count: Int
  /// The joint answers, for pairs of items.
  public let cells: TwoByTwoTable?
  /// The coefficient with its uncertainty.
  public let association: Association
}

/// The associations of all pairs of items, or of all pairs of scores.
///
/// Each pair uses the papers that have both variables (pairwise-complete cells); means and margins
/// are those of the pair. Undefined pairs stay in the list with the reason in their note.
public struct PairwiseAssociations: Sendable, Equatable {
  /// The names of the variables.
  public let names: [String]
  /// The name of the coefficient.
  public let coefficient: String
  /// The coefficient of a variable with itself, where that is a constant.
  public let ofItself: Double?
  /// The confidence level of the intervals.
  public let level: Double
  /// The pairs with `first < second`, ordered by first, then second; for a coefficient that is not
  /// symmetric each is followed by its reverse.
  public let pairs: [AssociatedPair]
  /// The number of papers that have each variable.
  public let counts: [Int]
  /// The share of yes for items, `nil` for scores and for items without papers.
  public let rates: [Double?]
  /// Whether each variable is constant among its papers.
  public let isConstant: [Bool]

  /// The number of pairs whose empty cell was filled before estimating.
  public var adjustedPairCount: Int { pairs.count { $0.association.note == .zeroCellAdjusted } }

  /// The number of pairs without a coefficient.
  public var undefinedPairCount: Int { pairs.count { $0.association.estimate == nil } }

  /// The limits of one interval.
  public typealias Limits = (lower: Double, upper: Double)

  /// One row a pair: `a`, `b`, `coefficient`, `n`, `n11`, `n10`, `n01`, `n00`, `estimate`,
  /// `std_error`, `conf_low`, `conf_high`, `p_value`, `p_adjusted`, for items `test` (`fisher` or
  /// `chi-square`), for phi `phi_over_max` (over the largest value that the margins allow), `note`.
  ///
  /// - Parameters:
  ///   - adjustment: How p-values are adjusted over all pairs that have one.
  ///   - intervals: Limits that replace the analytic ones, one a pair (bootstrap).
  ///   - standardErrors: Standard errors that replace the analytic ones, one a pair.
  public func table(
    adjustment: PValueAdjustment = .holm, intervals: [Limits?]? = nil,
    standardErrors: [Double?]? = nil
  ) -> Table {
    precondition((intervals?.count ?? pairs.count) == pairs.count)
    precondition((standardErrors?.count ?? pairs.count) == pairs.count)
    let associations = pairs.map(\.association)
    let adjusted = adjustment(associations.map(\.pValue))
    let cell = { (value: (TwoByTwoTable) -> Double) in
      Column.Values.integer(pairs.map { $0.cells.map { Int(value($0)) } })
    }
    let lower = intervals.map { $0.map { $0?.lower } } ?? associations.map(\.lower)
    let upper = intervals.map { $0.map { $0?.upper } } ?? associations.map(\.upper)
    return Table(
      name: "correlations",
      caption: "Association of pairs (\(coefficient)), each on the n papers that have both.",
      columns: [
        Column("a", .text(pairs.map { names[$0.first] })),
        Column("b", .text(pairs.map { names[$0.second] })),
        Column("coefficient", .text(pairs.map { _ in coefficient })),
        Column("n", .integer(pairs.map(\.count))),
        Column("n11", cell(\.n11)), Column("n10", cell(\.n10)), Column("n01", cell(\.n01)),
        Column("n00", cell(\.n00)),
        Column("estimate", .real(associations.map(\.estimate))),
        Column("std_error", .real(standardErrors ?? associations.map(\.standardError))),
        Column("conf_low", .real(lower), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(upper), style: .upperLimit(of: "estimate")),
        Column("p_value", .real(associations.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjusted), style: .pValue),
      ] + itemColumns + [
        Column("note", .text(associations.map { $0.note?.description }))
      ])
  }

  /// What only pairs of items have: the test behind the p-value, and for phi its share of the bound.
  private var itemColumns: [Column] {
    guard !rates.allSatisfy({ $0 == nil }) else { return [] }
    let tests = pairs.map { pair -> String? in
      guard pair.association.pValue != nil else { return nil }
      return pair.cells.map { $0.smallestExpectedCell < 5 ? "fisher" : "chi-square" }
    }
    let test = Column("test", .text(tests), isDetail: true)
    guard coefficient == ItemCoefficient.phi.rawValue else { return [test] }
    let ratios = pairs.map { pair -> Double? in
      guard pair.association.estimate != nil, let cells = pair.cells else { return nil }
      let ratio = cells.estimate(.phiRatio, zeroCells: .halfKeepingMargins)
      return ratio.isNaN ? nil : max(-1, min(1, ratio))
    }
    return [test, Column("phi_over_max", .real(ratios))]
  }

  /// A square table: `term`, then one column a variable; undefined pairs are undefined.
  ///
  /// - Parameter order: The order of rows and columns, such as a leaf order; all in their own order
  ///   if not given.
  public func wideTable(order: [Int]? = nil) -> Table {
    let order = order ?? Array(names.indices)
    var square = [Double?](repeating: nil, count: names.count * names.count)
    for index in names.indices where counts[index] > 0 {
      square[index * (names.count + 1)] = ofItself
    }
    for pair in pairs {
      square[pair.first + pair.second * names.count] = pair.association.estimate
      if isSymmetric {
        square[pair.second + pair.first * names.count] = pair.association.estimate
      }
    }
    let columns = order.map { column in
      Column(names[column], .real(order.map { square[$0 + column * names.count] }))
    }
    return Table(
      name: "correlations_wide",
      caption: "Association of pairs (\(coefficient)), each on the papers that have both.",
      columns: [Column("term", .text(order.map { names[$0] }))] + columns)
  }

  private var isSymmetric: Bool { pairs.count == names.count * (names.count - 1) / 2 }

  /// What to do with correlations of ±1 that are estimates at the boundary.
  public enum BoundaryPolicy: Sendable, Equatable {
    /// Treat the pair as undefined, so that one of the two is left out.
    case leaveOut
    /// Replace the value by ± this number.
    case cap(Double)
    /// Keep ±1.
    case keep
  }

  /// The square matrix of the correlations, without the variables that cannot take part.
  ///
  /// Left out are, in this order: variables without papers (`never-jointly-applicable`), constant
  /// ones (`constant-item`), items whose share of yes is below `minimumRate` or above one minus it
  /// (`extreme-rate`); then, as long as a pair is undefined, the variable with the most undefined
  /// pairs (of equals the one with the fewest papers, then the later one), with the reason that
  /// most of its pairs give.
  ///
  /// - Throws: `tooFewItems` when fewer than two variables are left.
  public func correlationMatrix(
    minimumRate: Double = 0.02, boundary: BoundaryPolicy = .leaveOut
  ) throws(CorrelationMatrixError) -> CorrelationMatrix {
    precondition(isSymmetric, "a matrix of a coefficient that is not symmetric")
    var reasons = [AssociationNote?](repeating: nil, count: names.count)
    for index in names.indices {
      if counts[index] == 0 {
        reasons[index] = .neverJointlyApplicable
      } else if isConstant[index] {
        reasons[index] = .constantItem
      } else if let rate = rates[index], min(rate, 1 - rate) < minimumRate {
        reasons[index] = .extremeRate
      }
    }
    var leftOutOrder = names.indices.filter { reasons[$0] != nil }
    while let (index, reason) = mostUndefined(among: reasons.map { $0 == nil }, boundary: boundary)
    {
      reasons[index] = reason
      leftOutOrder.append(index)
    }
    let kept = names.indices.filter { reasons[$0] == nil }
    guard kept.count > 1 else { throw .tooFewItems(left: kept.count) }
    var position = [Int?](repeating: nil, count: names.count)
    for (place, index) in kept.enumerated() { position[index] = place }
    var values = DenseMatrix(diagonal: [Double](repeating: 1, count: kept.count))
    var variances: DenseMatrix? = DenseMatrix(rows: kept.count, columns: kept.count)
    var pairCounts = [Int](repeating: 0, count: kept.count * kept.count)
    for (place, index) in kept.enumerated() { pairCounts[place * (kept.count + 1)] = counts[index] }
    for pair in pairs {
      guard let i = position[pair.first], let j = position[pair.second],
        let estimate = matrixValue(pair, boundary: boundary)
      else { continue }
      values[i, j] = estimate
      values[j, i] = estimate
      pairCounts[i + j * kept.count] = pair.count
      pairCounts[j + i * kept.count] = pair.count
      guard let variance = pair.association.samplingVariance else {
        variances = nil
        continue
      }
      variances?[i, j] = variance
      variances?[j, i] = variance
    }
    return CorrelationMatrix(
      names: kept.map { names[$0] }, values: values, coefficient: coefficient,
      pairCounts: pairCounts, samplingVariances: variances,
      leftOut: leftOutOrder.compactMap { index in
        reasons[index].map { CorrelationMatrix.LeftOut(name: names[index], reason: $0) }
      })
  }

  /// The value of a pair in a matrix; `nil` where the matrix cannot hold it.
  private func matrixValue(_ pair: AssociatedPair, boundary: BoundaryPolicy) -> Double? {
    guard let estimate = pair.association.estimate else { return nil }
    guard pair.association.note == .boundaryCorrelation else { return estimate }
    switch boundary {
    case .leaveOut: return nil
    case .cap(let limit): return max(-limit, min(limit, estimate))
    case .keep: return estimate
    }
  }

  /// The variable with the most undefined pairs among those still taking part, with the reason.
  private func mostUndefined(
    among takesPart: [Bool], boundary: BoundaryPolicy
  ) -> (index: Int, reason: AssociationNote)? {
    var notes = [[AssociationNote]](repeating: [], count: names.count)
    for pair in pairs where takesPart[pair.first] && takesPart[pair.second] {
      guard matrixValue(pair, boundary: boundary) == nil else { continue }
      let note = pair.association.note ?? .constantItem
      notes[pair.first].append(note)
      notes[pair.second].append(note)
    }
    var worst: Int?
    for index in names.indices where !notes[index].isEmpty {
      guard let current = worst else {
        worst = index
        continue
      }
      let (count, other) = (notes[index].count, notes[current].count)
      if count > other || count == other && counts[index] <= counts[current] { worst = index }
    }
    guard let worst else { return nil }
    var reason = AssociationNote.constantItem
    var most = 0
    for candidate in AssociationNote.allCases {
      let count = notes[worst].count { $0 == candidate }
      if count > most { (reason, most) = (candidate, count) }
    }
    return (worst, reason)
  }
}

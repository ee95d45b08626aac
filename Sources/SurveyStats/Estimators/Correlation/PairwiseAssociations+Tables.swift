extension PairwiseAssociations {
  /// One row a pair: `a`, `b`, `coefficient`, `n`, where papers are weighted `n_effective`, `n11`, `n10`, `n01`, `n00`, `estimate`,
  /// `std_error`, `conf_low`, `conf_high`, `conf_level`, `p_value`, `p_adjusted`, `test` (``AssociationTest``), for phi `phi_over_max` (over the largest value that the margins allow), `note`.
  ///
  /// - Parameters:
  ///   - adjustment: How p-values are adjusted over all pairs that have one.
  ///   - intervals: Estimates whose limits replace the analytic ones, one a pair (bootstrap); their notes
  ///     follow those of the pairs.
  ///   - standardErrors: Standard errors that replace the analytic ones, one a pair.
  public func table(
    adjustment: PValueAdjustment = .holm, intervals: [Estimate]? = nil,
    standardErrors: [Double?]? = nil
  ) -> Table {
    precondition((intervals?.count ?? pairs.count) == pairs.count)
    precondition((standardErrors?.count ?? pairs.count) == pairs.count)
    let associations = pairs.map(\.association)
    let adjusted = adjustment(associations.map(\.pValue))
    let cell = { (value: (TwoByTwoTable) -> Double) in
      Column.Values.integer(pairs.map { $0.cells.map { Int(value($0)) } })
    }
    let lower = intervals.map { $0.map(\.lower) } ?? associations.map(\.lower)
    let upper = intervals.map { $0.map(\.upper) } ?? associations.map(\.upper)
    let notes = associations.indices.map { index -> String? in
      let ofInterval = associations[index].estimate == nil ? nil : intervals?[index].notes.text
      let notes = pairs[index].notes + [ofInterval].compactMap { $0 }
      return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }
    return Table(
      name: "correlations",
      caption: "Association of pairs (\(coefficient)), each on the n papers that have both.",
      columns: [
        Column("a", .text(pairs.map { names[$0.first] })),
        Column("b", .text(pairs.map { names[$0.second] })),
        Column("coefficient", .text(pairs.map { _ in coefficient })),
        Column("n", .integer(pairs.map(\.count))),
      ] + effectiveColumn + [
        Column("n11", cell(\.n11)), Column("n10", cell(\.n10)), Column("n01", cell(\.n01)),
        Column("n00", cell(\.n00)),
        Column("estimate", .real(associations.map { $0.estimate?.withoutRounding })),
        Column("std_error", .real(standardErrors ?? associations.map(\.standardError))),
        Column("conf_low", .real(lower), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(upper), style: .upperLimit(of: "estimate")),
        Column("conf_level", .real(pairs.map { _ in level })),
        Column("p_value", .real(associations.map(\.pValue)), style: .pValue),
        Column("p_adjusted", .real(adjusted), style: .pValue),
        Column("test", .text(associations.map { $0.test?.rawValue }), isDetail: true),
      ] + boundColumn + [
        Column("note", .text(notes))
      ], notes: [sampling.errorNote].compactMap { $0 })
  }

  /// The number of equal papers that those of a pair are worth, where papers are weighted.
  private var effectiveColumn: [Column] {
    guard sampling.isWeighted else { return [] }
    return [Column("n_effective", .real(pairs.map(\.effectiveCount)))]
  }

  /// The share of phi in the largest value that the margins allow.
  private var boundColumn: [Column] {
    guard !rates.allSatisfy({ $0 == nil }), coefficient == ItemCoefficient.phi.rawValue else {
      return []
    }
    let ratios = pairs.map { pair -> Double? in
      guard pair.association.estimate != nil, let cells = pair.estimatedCells else { return nil }
      let ratio = cells.estimate(.phiRatio, zeroCells: .halfKeepingMargins)
      return ratio.isNaN ? nil : max(-1, min(1, ratio))
    }
    return [Column("phi_over_max", .real(ratios.map { $0?.withoutRounding }))]
  }

  /// The long table as people read it: pairs that have a coefficient, the largest in size first, and
  /// under them how many have none, by reason.
  ///
  /// - Parameter table: The long table of these pairs.
  public func readableTable(_ table: Table) -> Table {
    let defined = pairs.indices.filter { pairs[$0].association.estimate != nil }
    let sizes = pairs.map { abs($0.association.estimate ?? 0) }
    let order = defined.sorted { sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : $0 < $1 }
    var readable = table.selecting(rows: order)
    readable.columns.removeAll { $0.name == "coefficient" }
    if order.count < pairs.count {
      let reasons = pairs.filter { $0.association.estimate == nil }.compactMap(\.association.note)
      readable.notes.append(
        "\(pairs.count - order.count) of \(pairs.count) pairs have no coefficient ("
          + "\(AssociationNote.counts(of: reasons))); CSV has them all.")
    }
    return readable
  }

  /// A square table: `term`, then one column a variable; undefined pairs are undefined.
  ///
  /// - Parameters:
  ///   - order: The order of rows and columns, such as a leaf order; all in their own order if not
  ///     given.
  ///   - leavingOutUndefined: Whether variables without any coefficient are left out, and named.
  public func wideTable(order: [Int]? = nil, leavingOutUndefined: Bool = false) -> Table {
    var order = order ?? Array(names.indices)
    var leftOut: [Int] = []
    if leavingOutUndefined {
      let defined = Set(
        pairs.filter { $0.association.estimate != nil }.flatMap { [$0.first, $0.second] })
      leftOut = order.filter { !defined.contains($0) }
      order.removeAll { !defined.contains($0) }
    }
    var square = [Double?](repeating: nil, count: names.count * names.count)
    for index in names.indices where counts[index] > 0 {
      square[index * (names.count + 1)] = ofItself
    }
    for pair in pairs {
      square[pair.first + pair.second * names.count] = pair.association.estimate?.withoutRounding
      if isSymmetric {
        square[pair.second + pair.first * names.count] = pair.association.estimate?.withoutRounding
      }
    }
    let columns = order.map { column in
      Column(
        names[column], .real(order.map { square[$0 + column * names.count] }), isNamedByData: true)
    }
    return Table(
      name: "correlations_wide",
      caption: "Association of pairs (\(coefficient)), each on the papers that have both.",
      columns: [Column("term", .text(order.map { names[$0] }))] + columns,
      notes: leftOut.isEmpty
        ? []
        : [
          "Left out, because they have a coefficient with no other (CSV has them): "
            + leftOut.map { names[$0] }.joined(separator: ", ") + "."
        ])
  }
}

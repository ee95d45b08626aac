/// Factors of a correlation matrix, extracted and rotated.
public struct FactorSolution: Sendable, Equatable {
  /// The correlations analysed.
  public let correlations: CorrelationMatrix
  /// The analysis that was asked for.
  public let analysis: FactorAnalysis
  /// The loadings as extracted, before rotation.
  public let unrotated: DenseMatrix
  /// The rotated loadings, with the factor correlations.
  public let rotated: RotatedLoadings
  /// The variance of each item that the factors leave, as estimated by the extraction.
  public let uniquenesses: [Double]
  /// The number of steps of the extraction.
  public let iterations: Int
  /// What the factors were rotated towards, if towards a target.
  public internal(set) var target: String?

  /// The pattern loadings: one row an item, one column a factor.
  public var pattern: DenseMatrix { rotated.pattern }
  /// The correlations of items with factors.
  public var structure: DenseMatrix { rotated.structure }
  /// The correlations of the factors.
  public var factorCorrelations: DenseMatrix { rotated.correlations }
  /// The number of factors.
  public var factors: Int { unrotated.columns }

  /// The variance of each item that the factors account for: its sum of squared loadings.
  ///
  /// It is one less the uniqueness, except for a Heywood case, where it may be more.
  public var communalities: [Double] {
    (0..<unrotated.rows).map { unrotated.row($0).reduce(0) { $0 + $1 * $1 } }
  }

  /// The items whose uniqueness is held at its lower bound.
  public var heywoodItems: [String] {
    uniquenesses.indices.filter { isHeywood($0) }.map { correlations.names[$0] }
  }

  /// On how many factors each item loads: `(sum λ²)² / sum λ⁴` over its pattern loadings.
  ///
  /// One for an item of a single factor (Hofmann 1978); `nil` for an item without loadings.
  public var complexities: [Double?] {
    (0..<pattern.rows).map { item in
      let squares = pattern.row(item).map { $0 * $0 }
      let total = squares.reduce(0, +)
      return total > 0 ? total * total / squares.reduce(0) { $0 + $1 * $1 } : nil
    }
  }

  /// The correlations that the model leaves unexplained; zero on the diagonal.
  public var residuals: DenseMatrix {
    var residuals = correlations.values
    let model = unrotated.multiplied(by: unrotated, transposingOther: true)
    for index in residuals.elements.indices {
      residuals.elements[index] -= model.elements[index]
    }
    for item in 0..<residuals.rows { residuals[item, item] = 0 }
    return residuals
  }

  /// The correlations under the model: those of the factors, with ones on the diagonal.
  public var modelCorrelations: DenseMatrix {
    var model = unrotated.multiplied(by: unrotated, transposingOther: true)
    for item in 0..<model.rows { model[item, item] += uniquenesses[item] }
    return model
  }

  /// The same solution with its factors paired with, and turned like, those of a reference.
  public func aligned(to reference: DenseMatrix) -> FactorSolution {
    let match = Congruence.match(pattern, to: reference)
    return FactorSolution(
      correlations: correlations, analysis: analysis, unrotated: unrotated,
      rotated: rotated.arranged(order: match.order, signs: match.signs),
      uniquenesses: uniquenesses, iterations: iterations, target: target)
  }

  /// The same factors rotated obliquely towards groups of items: 1 for the items of a group, else 0.
  ///
  /// An item without a group has zeros throughout. See ``TargetRotation/oblique(_:to:)``.
  ///
  /// - Parameters:
  ///   - groups: The names of the groups, as many as factors.
  ///   - membership: For each item the position of its group, or `nil`.
  public func rotated(
    towards groups: [String], membership: [Int?]
  ) throws(FactorError) -> FactorSolution {
    guard groups.count == factors else {
      throw .dimensionCount(factors: factors, dimensions: groups.count)
    }
    var indicator = DenseMatrix(rows: correlations.count, columns: factors)
    for (group, name) in groups.enumerated() where !membership.contains(group) {
      throw .emptyDimension(name)
    }
    for (item, group) in membership.enumerated() {
      if let group { indicator[item, group] = 1 }
    }
    let turned = try FactorError.wrapping { () throws(LinearAlgebraError) in
      try TargetRotation.oblique(unrotated, to: indicator)
    }
    return FactorSolution(
      correlations: correlations, analysis: analysis, unrotated: unrotated, rotated: turned,
      uniquenesses: uniquenesses, iterations: iterations,
      target: groups.joined(separator: ", "))
  }

  func isHeywood(_ item: Int) -> Bool {
    uniquenesses[item] <= FactorExtraction.smallestUniqueness * (1 + 1e-6)
  }
}

extension FactorSolution {
  /// The names of the factors, from `F1` on.
  public var factorNames: [String] { (1...factors).map { "F\($0)" } }

  /// The loadings, one row an item and factor.
  public func loadingsTable(intervals: FactorIntervals? = nil) -> Table {
    let names = correlations.names
    let cells = factorNames.indices.flatMap { factor in names.indices.map { ($0, factor) } }
    let limits = intervals?.loadings ?? cells.map { _ in nil }
    return Table(
      name: "loadings", caption: "Loadings of \(names.count) variables on \(factorPhrase).",
      columns: [
        Column("term", .text(cells.map { names[$0.0] })),
        Column("factor", .text(cells.map { factorNames[$0.1] })),
        Column("estimate", .real(cells.map { pattern[$0.0, $0.1] })),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("structure", .real(cells.map { structure[$0.0, $0.1] })),
        Column("note", .text(cells.map { isHeywood($0.0) ? Self.heywoodNote : nil })),
      ], notes: notes)
  }

  /// The loadings as people read them: one row an item, one column a factor, small ones blank, with
  /// communality and complexity.
  public func sparseLoadingsTable(
    cut: Double, isSorted: Bool = true, intervals: FactorIntervals? = nil
  ) -> Table {
    let view = SparseLoadings(
      pattern, limits: intervals?.loadings, cut: cut, isSorted: isSorted)
    let (names, order) = (correlations.names, view.order)
    return Table(
      name: "loadings", caption: "Loadings of \(names.count) variables on \(factorPhrase).",
      columns: [Column("term", .text(order.map { names[$0] }))]
        + view.columns(named: factorNames) + [
          Column("communality", .real(order.map { communalities[$0] })),
          Column("complexity", .real(order.map { factors > 1 ? complexities[$0] : nil })),
          Column("note", .text(order.map { isHeywood($0) ? Self.heywoodNote : nil })),
        ], notes: notes + view.notes)
  }

  /// Communality, uniqueness and complexity of each item.
  public func communalitiesTable(intervals: FactorIntervals? = nil) -> Table {
    let names = correlations.names
    let limits = intervals?.communalities ?? names.map { _ in nil }
    return Table(
      name: "communalities",
      caption:
        "Variance of each variable that \(factorPhrase) account\(factors == 1 ? "s" : "") for.",
      columns: [
        Column("term", .text(names)),
        Column("estimate", .real(communalities)),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
        Column("uniqueness", .real(uniquenesses)),
        Column("complexity", .real(complexities)),
        Column("note", .text(names.indices.map { isHeywood($0) ? Self.heywoodNote : nil })),
      ], notes: notes)
  }

  /// The correlations of the factors, one row a pair.
  public func correlationsTable(intervals: FactorIntervals? = nil) -> Table {
    let pairs = factorNames.indices.flatMap { b in (0..<b).map { ($0, b) } }
    let limits = intervals?.correlations ?? pairs.map { _ in nil }
    return Table(
      name: "correlations", caption: "Correlations of \(factorPhrase).",
      columns: [
        Column("a", .text(pairs.map { factorNames[$0.0] })),
        Column("b", .text(pairs.map { factorNames[$0.1] })),
        Column("estimate", .real(pairs.map { factorCorrelations[$0.0, $0.1] })),
        Column("conf_low", .real(limits.map { $0?.lower }), style: .lowerLimit(of: "estimate")),
        Column("conf_high", .real(limits.map { $0?.upper }), style: .upperLimit(of: "estimate")),
      ],
      notes: notes
        + (factors == 1 ? ["One factor has no correlations; ask for more with --factors."] : []))
  }

  /// The variance that each factor accounts for.
  public func variancesTable() -> Table {
    let variances = rotated.variances
    let items = Double(correlations.count)
    let total = variances.reduce(0, +)
    var sum = 0.0
    let cumulative = variances.map { variance -> Double in
      sum += variance
      return sum / items
    }
    return Table(
      name: "variances",
      caption:
        "Variance of \(correlations.count) variables that each of \(factorPhrase) accounts for.",
      columns: [
        Column("factor", .text(factorNames)),
        Column("estimate", .real(variances)),
        Column("proportion", .real(variances.map { $0 / items }), style: .share),
        Column("cumulative", .real(cumulative), style: .share),
        Column(
          "proportion_explained", .real(variances.map { total > 0 ? $0 / total : nil }),
          style: .share),
      ], notes: notes)
  }

  private static let heywoodNote = "heywood"

  /// The number of factors and how they were found.
  private var factorPhrase: String {
    let count = factors == 1 ? "1 factor" : "\(factors) factors"
    let rotation =
      target == nil
      ? factors == 1 ? "unrotated" : "rotation \(analysis.rotation.criterion)"
      : "rotated towards the dimensions"
    return "\(count) (\(analysis.extraction.rawValue), \(rotation), \(correlations.coefficient))"
  }

  private var notes: [String] {
    var notes: [String] = []
    if let target { notes.append("The factors are rotated towards, in this order: \(target).") }
    if !heywoodItems.isEmpty {
      notes.append(
        "Heywood case: the uniqueness of \(heywoodItems.joined(separator: ", ")) is held at "
          + "\(FactorExtraction.smallestUniqueness).")
    }
    if let share = rotated.shareOfBestStarts {
      let percent = (100 * share).rounded()
      notes.append("\(Int(percent))% of the rotation's starts reached its best value.")
    }
    if !rotated.converged { notes.append("The rotation did not converge.") }
    return notes
  }
}

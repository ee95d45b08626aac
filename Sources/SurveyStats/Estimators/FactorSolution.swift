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
      uniquenesses: uniquenesses, iterations: iterations)
  }

  func isHeywood(_ item: Int) -> Bool {
    uniquenesses[item] <= FactorExtraction.smallestUniqueness * (1 + 1e-6)
  }
}

extension FactorSolution {
  /// The names of the factors, from `F1` on.
  public var factorNames: [String] { (1...factors).map { "F\($0)" } }

  /// The loadings, one row an item and factor.
  public func loadingsTable() -> Table {
    let names = correlations.names
    let cells = factorNames.indices.flatMap { factor in names.indices.map { ($0, factor) } }
    return Table(
      name: "loadings",
      caption: "Loadings of \(names.count) items on \(factors) factors (\(methodPhrase)).",
      columns: [
        Column("term", .text(cells.map { names[$0.0] })),
        Column("factor", .text(cells.map { factorNames[$0.1] })),
        Column("estimate", .real(cells.map { pattern[$0.0, $0.1] })),
        Column("structure", .real(cells.map { structure[$0.0, $0.1] })),
        Column("note", .text(cells.map { isHeywood($0.0) ? Self.heywoodNote : nil })),
      ], notes: notes)
  }

  /// Communality, uniqueness and complexity of each item.
  public func communalitiesTable() -> Table {
    let names = correlations.names
    return Table(
      name: "communalities",
      caption: "Variance of each item that \(factors) factors account for (\(methodPhrase)).",
      columns: [
        Column("term", .text(names)),
        Column("estimate", .real(communalities)),
        Column("uniqueness", .real(uniquenesses)),
        Column("complexity", .real(complexities)),
        Column("note", .text(names.indices.map { isHeywood($0) ? Self.heywoodNote : nil })),
      ], notes: notes)
  }

  /// The correlations of the factors, one row a pair.
  public func correlationsTable() -> Table {
    let pairs = factorNames.indices.flatMap { b in (0..<b).map { ($0, b) } }
    return Table(
      name: "correlations",
      caption: "Correlations of the factors (\(methodPhrase)).",
      columns: [
        Column("a", .text(pairs.map { factorNames[$0.0] })),
        Column("b", .text(pairs.map { factorNames[$0.1] })),
        Column("estimate", .real(pairs.map { factorCorrelations[$0.0, $0.1] })),
      ], notes: notes)
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
      caption: "Variance of \(correlations.count) items that each factor accounts for "
        + "(\(methodPhrase)).",
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

  private var methodPhrase: String {
    "\(analysis.extraction.rawValue), rotation \(analysis.rotation.criterion), "
      + "\(correlations.coefficient)"
  }

  private var notes: [String] {
    var notes: [String] = []
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

import RealModule

/// The scores of papers on factors.
///
/// Items are standardised by the rate and standard deviation (divisor n - 1) among the papers they
/// apply to, and weighted. With item correlations R, pattern Λ, factor correlations Φ, structure
/// S = ΛΦ and uniquenesses Ψ the weights are
///
/// * regression: `R⁻¹ S` (Thurstone 1935), smallest error, scores shrunk and mutually biased;
/// * Bartlett: `Ψ⁻¹Λ (Λ'Ψ⁻¹Λ)⁻¹` (Bartlett 1937), unbiased given the factors;
/// * ten Berge: `R⁻¹ΛΦ^½ (Φ^½Λ'R⁻¹ΛΦ^½)^-½ Φ^½` (ten Berge et al. 1999), scores that correlate as the
///   factors do.
///
/// For a paper with NA all matrices are restricted to its applicable items. A paper with fewer
/// applicable items than asked for, or too few to tell the factors apart, has no score. Where R is
/// singular or had to be repaired, which leaves it nearly so, the correlations under the model take
/// its place. The cost is one solution of order p³
/// for each pattern of applicable items.
///
/// Reference: Grice (2001), Psychological Methods 6:430; ten Berge, Krijnen, Wansbeek and Shapiro
/// (1999), Linear Algebra and its Applications 289:311.
public struct FactorScores: Sendable, Equatable {
  /// How scores are weighted.
  public enum Method: String, Sendable, CaseIterable {
    /// Thurstone's regression.
    case regression
    /// Bartlett's weighted least squares.
    case bartlett
    /// Scores that keep the factor correlations.
    case tenBerge = "ten-berge"
  }

  /// How the scores are weighted.
  public let method: Method
  /// The papers, by slug.
  public let papers: [String]
  /// The names of the factors.
  let factorNames: [String]
  /// The scores of each paper, one a factor; `nil` for a paper without a score.
  public let values: [[Double]?]
  /// The number of items that each paper's score rests on.
  public let itemCounts: [Int]
  /// The weights for a paper to which all items apply, one row an item; `nil` where undefined.
  public let weights: DenseMatrix?
  /// The multiple correlation of each factor with the items, `sqrt(diag(S'R⁻¹S))`.
  ///
  /// The determinacy is that of the factor by all items; below about .7 two sets of scores that
  /// fit equally well may disagree (Grice 2001).
  public let determinacies: [Double]

  /// The scores as a table, one row a paper.
  public func table() -> Table {
    let factors = factorNames.indices.map { factor in
      Column(factorNames[factor], .real(values.map { $0?[factor] }), isNamedByData: true)
    }
    return Table(
      name: "scores", caption: "Factor scores (\(method.rawValue)) of \(papers.count) papers.",
      columns: [Column("paper", .text(papers)), Column("n_items", .integer(itemCounts))] + factors
        + [Column("note", .text(values.map { $0 == nil ? "too-few-items" : nil }))],
      notes: [determinacyNote])
  }

  private var determinacyNote: String {
    let factors = determinacies.indices.map { factor -> String in
      "\(factorNames[factor]) \(NumberFormat.fixed(determinacies[factor], digits: 3))"
    }
    let list = factors.joined(separator: ", ")
    return "Determinacy, the correlation of a factor with all items: \(list). Below .7 scores say "
      + "little."
  }
}

extension FactorSolution {
  /// The scores of papers on the factors.
  ///
  /// - Parameters:
  ///   - matrix: The papers; items that the solution lacks are passed over.
  ///   - method: How items are weighted.
  ///   - minimumItems: The fewest applicable items of a paper with a score; as many as factors
  ///     unless given.
  ///   - design: How the papers were sampled; its weights enter the rates of the items.
  public func scores(
    of matrix: BinaryMatrix, method: FactorScores.Method = .regression, minimumItems: Int? = nil,
    design: SamplingDesign? = nil
  ) throws(FactorError) -> FactorScores {
    let columns = Dictionary(
      matrix.items.enumerated().map { ($0.element.id.description, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let paperWeights = design?.relativeWeights
    let standards = correlations.names.map { name in
      columns[name].flatMap { ItemStandard(matrix, column: $0, weights: paperWeights) }
    }
    let weighting = try FactorWeighting(self, method: method)
    let minimum = max(minimumItems ?? factors, 1)
    var known: [[Int]: DenseMatrix?] = [:]
    var values: [[Double]?] = []
    var itemCounts: [Int] = []
    for paper in matrix.papers.indices {
      let items = standards.indices.filter { item in
        standards[item].map { matrix.applies[paper, $0.column] } ?? false
      }
      itemCounts.append(items.count)
      guard items.count >= minimum else {
        values.append(nil)
        continue
      }
      let weights = known[items] ?? weighting.weights(items)
      known[items] = .some(weights)
      values.append(
        weights.map { weights in
          let answers = items.compactMap { item in
            standards[item]?.standardized(matrix, paper: paper)
          }
          return weights.multiplied(by: answers, transposingSelf: true)
        })
    }
    return FactorScores(
      method: method, papers: matrix.papers.map(\.slug), factorNames: factorNames, values: values,
      itemCounts: itemCounts,
      weights: weighting.weights(Array(0..<correlations.count)),
      determinacies: try weighting.determinacies())
  }
}

/// The rate and spread by which an item's answers are standardised.
private struct ItemStandard {
  let column: Int
  let mean: Double
  let deviation: Double

  /// Measures an item; `nil` for one that does not vary.
  init?(_ matrix: BinaryMatrix, column: Int, weights: [Double]?) {
    var applicable = Double(matrix.applies.count(column: column))
    var yes = Double(matrix.yes.count(column: column))
    if let weights {
      let papers = matrix.papers.indices.filter { matrix.applies[$0, column] }
      applicable = papers.reduce(0) { $0 + weights[$1] }
      yes = papers.reduce(0) { matrix.yes[$1, column] ? $0 + weights[$1] : $0 }
    }
    guard yes > 0, yes < applicable else { return nil }
    self.column = column
    mean = yes / applicable
    deviation = (yes * (applicable - yes) / applicable / (applicable - 1)).squareRoot()
  }

  func standardized(_ matrix: BinaryMatrix, paper: Int) -> Double {
    ((matrix.yes[paper, column] ? 1 : 0) - mean) / deviation
  }
}

/// Score weights for any set of applicable items.
private struct FactorWeighting {
  let solution: FactorSolution
  let method: FactorScores.Method
  let items: DenseMatrix
  let rootCorrelations: DenseMatrix

  init(_ solution: FactorSolution, method: FactorScores.Method) throws(FactorError) {
    self.solution = solution
    self.method = method
    (items, rootCorrelations) = try FactorError.wrapping { () throws(LinearAlgebraError) in
      let observed = solution.correlations.values
      let isSound =
        solution.correlations.repair == nil ? try observed.definiteness().isPositiveDefinite : false
      return (
        isSound ? observed : solution.modelCorrelations,
        try solution.factorCorrelations.symmetricPower(0.5)
      )
    }
  }

  /// The weights of the given items; `nil` where they cannot tell the factors apart.
  func weights(_ chosen: [Int]) -> DenseMatrix? {
    let factors = Array(0..<solution.factors)
    let pattern = solution.pattern.selecting(rows: chosen, columns: factors)
    switch method {
    case .regression:
      return try? items.selecting(rows: chosen, columns: chosen)
        .solvingPositiveDefinite(solution.structure.selecting(rows: chosen, columns: factors))
    case .bartlett:
      let weighted = pattern.scalingRows(by: chosen.map { 1 / solution.uniquenesses[$0] })
      let information = pattern.multiplied(by: weighted, transposingSelf: true)
      guard let eigen = try? information.symmetricEigen(vectors: false).values,
        let largest = eigen.first, let smallest = eigen.last, smallest > 1e-10 * largest
      else { return nil }
      return try? information.solvingPositiveDefinite(weighted.transposed).transposed
    case .tenBerge:
      let turned = pattern.multiplied(by: rootCorrelations)
      guard
        let solved = try? items.selecting(rows: chosen, columns: chosen)
          .solvingPositiveDefinite(turned),
        let inverseRoot = try? turned.multiplied(by: solved, transposingSelf: true)
          .symmetricPower(-0.5)
      else { return nil }
      return solved.multiplied(by: inverseRoot).multiplied(by: rootCorrelations)
    }
  }

  func determinacies() throws(FactorError) -> [Double] {
    try FactorError.wrapping { () throws(LinearAlgebraError) in
      let solved = try items.solvingPositiveDefinite(solution.structure)
      return solution.structure.multiplied(by: solved, transposingSelf: true).diagonal
        .map { max($0, 0).squareRoot() }
    }
  }
}

extension DenseMatrix {
  /// A power of a symmetric positive definite matrix.
  ///
  /// - Throws: `notPositiveDefinite` for a negative power of a matrix that is singular.
  func symmetricPower(_ exponent: Double) throws(LinearAlgebraError) -> DenseMatrix {
    let eigen = try symmetricEigen()
    let largest = eigen.values.first ?? 0
    if exponent < 0, let smallest = eigen.values.last, smallest <= 1e-10 * largest {
      throw .notPositiveDefinite(minor: rows)
    }
    let powers = eigen.values.map { Double.pow(max($0, 0), exponent) }
    return eigen.vectors.multiplied(by: DenseMatrix(diagonal: powers))
      .multiplied(by: eigen.vectors, transposingOther: true)
  }
}

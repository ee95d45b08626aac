/// Estimates common factors of a correlation matrix.
///
/// The model is `R = Λ Φ Λ' + Ψ` with p × m loadings Λ, factor correlations Φ and diagonal
/// uniquenesses Ψ. Minres minimises the squared residuals off the diagonal, principal axes iterate
/// to the same point, maximum likelihood minimises `ln|Σ| + tr(R Σ⁻¹) - ln|R| - p`. All are iterated
/// to convergence: the gradient below 1e-9, or changes of communalities below 1e-8. Minres and
/// maximum likelihood start from several points and keep the best.
///
/// No uniqueness may fall below 0.005. An item held there is a Heywood case and is named in
/// `heywoodItems`; its loadings should not be interpreted.
///
/// NA is handled where the correlations are made, pair by pair. Fit statistics of such a matrix use
/// the harmonic mean of the pair counts and are approximate. For tetrachoric correlations the
/// chi-square and what rests on it do not hold; only the residuals do.
///
/// Errors: negative degrees of freedom; two items that are perfectly correlated, by name; an
/// indefinite matrix (maximum likelihood also refuses a singular one, which more items than papers
/// always give); no convergence. The cost is some ten eigendecompositions, each of order p³.
///
/// Reference: Harman and Jones (1966), Psychometrika 31:351; Jöreskog (1967), Psychometrika 32:443;
/// Lawley and Maxwell (1971), *Factor Analysis as a Statistical Method*.
public struct FactorAnalysis: Sendable, Hashable {
  /// The number of factors.
  public var factors: Int
  /// How factors are extracted.
  public var extraction: FactorExtraction
  /// How factors are rotated.
  public var rotation: Rotation
  /// The number of starting points, one to three.
  public var starts: Int
  /// The number of steps after which an extraction gives up; principal axes get twenty times it.
  var maximumIterations: Int

  /// Creates an analysis.
  public init(
    factors: Int, extraction: FactorExtraction = .minres, rotation: Rotation = Rotation(.oblimin),
    starts: Int = 3, maximumIterations: Int = 500
  ) {
    self.factors = factors
    self.extraction = extraction
    self.rotation = rotation
    self.starts = starts
    self.maximumIterations = maximumIterations
  }

  /// The largest number of factors that leaves degrees of freedom, `((p-m)² - (p+m))/2 ≥ 0`.
  public static func largestFactorCount(items: Int) -> Int {
    (0..<max(items, 1)).last { degreesOfFreedom(items: items, factors: $0) >= 0 } ?? 0
  }

  /// The degrees of freedom of a model.
  public static func degreesOfFreedom(items: Int, factors: Int) -> Int {
    ((items - factors) * (items - factors) - (items + factors)) / 2
  }

  /// Extracts and rotates the factors of a correlation matrix.
  public func fit(_ correlations: CorrelationMatrix) throws(FactorError) -> FactorSolution {
    let extracted = try extract(correlations)
    let rotated = try FactorError.wrapping { () throws(LinearAlgebraError) in
      try rotation.rotate(extracted.loadings)
    }
    return FactorSolution(
      correlations: correlations, analysis: self, unrotated: extracted.loadings,
      rotated: rotated, uniquenesses: extracted.uniquenesses, iterations: extracted.iterations)
  }

  /// Extracts the factors of a correlation matrix, after checking that there can be any.
  ///
  /// - Parameters:
  ///   - correlations: The matrix.
  ///   - uniquenesses: Those of a matrix nearby, to start from; `nil` for the usual starts.
  func extract(
    _ correlations: CorrelationMatrix, near uniquenesses: [Double]? = nil
  ) throws(FactorError) -> ExtractedFactors {
    let items = correlations.count
    guard factors >= 1, factors < items else { throw .factorCount(factors, items: items) }
    guard Self.degreesOfFreedom(items: items, factors: factors) >= 0 else {
      throw .tooFewDegreesOfFreedom(
        factors: factors, items: items, largestPossible: Self.largestFactorCount(items: items))
    }
    try check(correlations)
    if let uniquenesses,
      let nearby = try? extraction.extract(
        correlations.values, factors: factors, near: uniquenesses,
        maximumIterations: maximumIterations)
    {
      return nearby
    }
    return try extraction.extract(
      correlations.values, factors: factors, starts: starts,
      maximumIterations: maximumIterations)
  }

  /// Refuses matrices that the extraction cannot work on.
  private func check(_ correlations: CorrelationMatrix) throws(FactorError) {
    for column in 0..<correlations.count {
      for row in 0..<column where abs(correlations.values[row, column]) > 1 - 1e-9 {
        throw .duplicateItems(correlations.names[row], correlations.names[column])
      }
    }
    let definiteness = try FactorError.wrapping { () throws(LinearAlgebraError) in
      try correlations.values.definiteness()
    }
    let refuses =
      extraction == .maximumLikelihood
      ? !definiteness.isPositiveDefinite : definiteness.isIndefinite
    if refuses {
      throw .notPositiveDefinite(smallestEigenvalue: definiteness.smallestEigenvalue)
    }
  }
}

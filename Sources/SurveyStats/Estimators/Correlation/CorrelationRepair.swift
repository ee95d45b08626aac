/// How a correlation matrix was made positive definite, and by how much it changed.
public struct CorrelationRepair: Sendable, Equatable {
  /// The ways to repair a matrix that is not positive definite.
  public enum Method: String, Sendable, CaseIterable {
    /// The nearest correlation matrix in the Frobenius norm (Higham 2002).
    case nearest
    /// Negative eigenvalues raised and the matrix rescaled (`cor.smooth` of R's psych).
    case smoothing
    /// Correlations shrunk towards zero (Schäfer & Strimmer 2005).
    case shrinkage
  }

  /// What was done.
  public let method: Method
  /// The eigenvalues before.
  public let before: Definiteness
  /// The eigenvalues after.
  public let after: Definiteness
  /// The Frobenius norm of the change.
  public let frobeniusChange: Double
  /// The largest change of any correlation, in absolute value.
  public let largestChange: Double
  /// The shrinkage intensity λ, for `shrinkage`.
  public let intensity: Double?
}

/// Why a correlation matrix could not be repaired or used.
public enum CorrelationMatrixError: Error, Equatable, CustomStringConvertible {
  /// Fewer than two items are left.
  case tooFewItems(left: Int)
  /// Shrinkage needs the sampling variances of the correlations, which this matrix lacks.
  case samplingVariancesUnknown
  /// The matrix has a negative or zero eigenvalue; a repair would help.
  case notPositiveDefinite(smallestEigenvalue: Double)
  /// Too few papers have the values that the method needs.
  case tooFewPapers(found: Int)
  /// An iteration did not converge.
  case notConverged(iterations: Int)
  /// A decomposition failed.
  case decomposition(LinearAlgebraError)

  /// One sentence that says what happened, with the remedy.
  public var description: String {
    switch self {
    case .tooFewItems(let left):
      "a correlation matrix needs two items with defined correlations, and \(left) \(left == 1 ? "is" : "are") left"
    case .samplingVariancesUnknown:
      "shrinkage needs the sampling variances of the correlations; choose another repair"
    case .notPositiveDefinite(let smallest):
      "the correlation matrix is not positive definite (smallest eigenvalue \(smallest)); "
        + "choose a repair such as nearest"
    case .tooFewPapers(let found):
      "the method needs more papers than the \(found) that have the values; choose pairwise "
        + "correlations or another treatment of missing cells"
    case .notConverged(let iterations):
      "the estimate did not converge in \(iterations) iterations; ask for fewer components"
    case .decomposition(let error): error.description
    }
  }

  /// Runs a decomposition and renames its error.
  static func wrapping<Result>(_ decomposition: () throws(LinearAlgebraError) -> Result)
    throws(CorrelationMatrixError) -> Result
  {
    do { return try decomposition() } catch { throw .decomposition(error) }
  }
}

extension CorrelationMatrix {
  /// How far the matrix is from being positive definite.
  public func definiteness() throws(CorrelationMatrixError) -> Definiteness {
    try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try values.definiteness()
    }
  }

  /// A positive definite matrix made from this one, with the record of what was changed.
  ///
  /// `nearest` and `smoothing` leave a positive definite matrix alone; `shrinkage` always shrinks,
  /// by `λ = Σ var(r) / Σ r²` over the pairs (at most 1), and by more if that is what it takes to
  /// bring the smallest eigenvalue to `eigenvalueFloor`. The nearest matrix has eigenvalues of
  /// zero; they are raised to `eigenvalueFloor` and the diagonal rescaled, so that the result can
  /// be inverted (0 keeps the nearest matrix as it is).
  ///
  /// References: Higham (2002), IMA Journal of Numerical Analysis 22:329; Schäfer & Strimmer
  /// (2005), Statistical Applications in Genetics and Molecular Biology 4:32, equation 10.
  public func repaired(by method: CorrelationRepair.Method, eigenvalueFloor: Double = 1e-6)
    throws(CorrelationMatrixError) -> CorrelationMatrix
  {
    let before = try definiteness()
    var intensity: Double?
    if method == .shrinkage {
      guard let samplingVariances else { throw .samplingVariancesUnknown }
      let smallest = before.smallestEigenvalue
      var lambda = Self.shrinkageIntensity(values, variances: samplingVariances)
      if (1 - lambda) * smallest + lambda < eigenvalueFloor {
        lambda = (eigenvalueFloor - smallest) / (1 - smallest)
      }
      intensity = lambda
    }
    let changed = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      switch method {
      case .nearest:
        before.isPositiveDefinite
          ? values : try values.nearestCorrelation().raisingEigenvalues(to: eigenvalueFloor)
      case .smoothing: try values.smoothingEigenvalues()
      case .shrinkage: values.shrunkToIdentity(intensity: intensity ?? 0)
      }
    }
    let after = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try changed.definiteness()
    }
    let repair = CorrelationRepair(
      method: method, before: before, after: after,
      frobeniusChange: values.frobeniusDistance(to: changed),
      largestChange: values.largestDifference(to: changed), intensity: intensity)
    return CorrelationMatrix(
      names: names, values: changed, coefficient: coefficient, pairCounts: pairCounts,
      samplingVariances: samplingVariances, leftOut: leftOut, repair: repair)
  }

  /// `Σ var(r) / Σ r²` over the pairs of different items, at most 1; 1 when all r are 0.
  static func shrinkageIntensity(_ values: DenseMatrix, variances: DenseMatrix) -> Double {
    var variance = 0.0
    var square = 0.0
    for column in 0..<values.columns {
      for row in 0..<column {
        variance += variances[row, column]
        square += values[row, column] * values[row, column]
      }
    }
    return square > 0 ? min(1, variance / square) : 1
  }

  /// Whether an eigenvalue of a matrix repaired like this one is at the floor of the repair.
  ///
  /// Such an eigenvalue was zero or negative and says nothing about a variance.
  func isHeldByRepair(_ eigenvalue: Double) -> Bool {
    switch repair?.method {
    case .nearest, .smoothing: eigenvalue < 1e-5
    case .shrinkage, nil: false
    }
  }

  /// The matrix as it is when it is positive definite, otherwise repaired.
  public func repairedIfNeeded(
    by method: CorrelationRepair.Method
  ) throws(CorrelationMatrixError) -> CorrelationMatrix {
    try definiteness().isPositiveDefinite ? self : try repaired(by: method)
  }
}

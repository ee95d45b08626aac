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
  /// Whether the repair, not the data, says how large the smallest eigenvalue is.
  ///
  /// It was then raised only as far as it takes to be positive, so that the inverse of the matrix is
  /// that of the repair: its elements are large and say nothing about the data.
  public let holdsEigenvalues: Bool
}

/// Why a correlation matrix could not be repaired or used.
public enum CorrelationMatrixError: Error, Equatable, CustomStringConvertible {
  /// Fewer than two items are left.
  case tooFewItems(left: Int, leftOut: [LeftOutItem])
  /// Shrinkage needs the sampling variances of the correlations, which this matrix lacks.
  case samplingVariancesUnknown
  /// The matrix has a negative or zero eigenvalue; a repair would help.
  case notPositiveDefinite(smallestEigenvalue: Double)
  /// The inverse of the matrix would be that of its repair.
  case heldByRepair(CorrelationRepair.Method, smallestEigenvalue: Double)
  /// More components are asked for than there are variables.
  case componentCount(Int, variables: Int)
  /// Too few papers have the values that the method needs.
  case tooFewPapers(found: Int)
  /// An iteration did not converge.
  case notConverged(iterations: Int)
  /// A decomposition failed.
  case decomposition(LinearAlgebraError)

  /// One sentence that says what happened, with the remedy.
  public var description: String {
    switch self {
    case .tooFewItems(let left, let leftOut):
      "a correlation matrix needs two items with defined correlations, and \(left) "
        + "\(left == 1 ? "is" : "are") left" + leftOut.because
    case .samplingVariancesUnknown:
      "shrinkage needs the sampling variances of the correlations; choose another repair"
    case .notPositiveDefinite(let smallest):
      "the correlation matrix is not positive definite (smallest eigenvalue \(smallest)); "
        + "choose a repair such as nearest"
    case .heldByRepair(let method, let smallest):
      Self.heldByRepair(method, smallestEigenvalue: smallest)
    case .componentCount(let count, let variables):
      "\(count) components cannot be taken from \(variables) variables; ask for 1 to \(variables)"
    case .tooFewPapers(let found):
      "the method needs more papers than the \(found) that have the values; choose pairwise "
        + "correlations or another treatment of missing cells"
    case .notConverged(let iterations):
      "the estimate did not converge in \(iterations) iterations; ask for fewer components"
    case .decomposition(let error): error.description
    }
  }

  /// Why the inverse of a repaired matrix is of no use.
  static func heldByRepair(
    _ method: CorrelationRepair.Method, smallestEigenvalue: Double
  ) -> String {
    "the correlation matrix has no inverse (smallest eigenvalue "
      + "\(NumberFormat.readable(smallestEigenvalue))), and repair by \(method.rawValue) raises it "
      + "only just above zero: the inverse would be that of the repair; "
      + (method == .shrinkage
        ? "use fewer items, pairs of more papers, or papers that have all items"
        : "choose shrinkage")
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
  /// zero; they are raised to `eigenvalueFloor` and the diagonal rescaled, so that the result is
  /// positive definite (0 keeps the nearest matrix as it is). Eigenvalues that are held at the floor
  /// are recorded (`holdsEigenvalues`): what rests on the inverse refuses such a matrix.
  ///
  /// References: Higham (2002), IMA Journal of Numerical Analysis 22:329; Schäfer & Strimmer
  /// (2005), Statistical Applications in Genetics and Molecular Biology 4:32, equation 10.
  public func repaired(by method: CorrelationRepair.Method, eigenvalueFloor: Double = 1e-6)
    throws(CorrelationMatrixError) -> CorrelationMatrix
  {
    let before = try definiteness()
    var intensity: Double?
    var holdsEigenvalues = !before.isPositiveDefinite
    if method == .shrinkage {
      guard let samplingVariances else { throw .samplingVariancesUnknown }
      let smallest = before.smallestEigenvalue
      var lambda = Self.shrinkageIntensity(values, variances: samplingVariances)
      holdsEigenvalues = (1 - lambda) * smallest + lambda < eigenvalueFloor
      if holdsEigenvalues {
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
      largestChange: values.largestDifference(to: changed), intensity: intensity,
      holdsEigenvalues: holdsEigenvalues)
    return CorrelationMatrix(
      names: names, values: changed, coefficient: coefficient, pairCounts: pairCounts,
      samplingVariances: samplingVariances, leftOut: leftOut, repair: repair,
      effectiveCounts: effectiveCounts, sampling: sampling)
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

  /// Refuses a matrix without an inverse, or whose inverse is that of a repair.
  func checkInverse() throws(CorrelationMatrixError) {
    let eigenvalues = try definiteness()
    guard eigenvalues.isPositiveDefinite else {
      throw .notPositiveDefinite(smallestEigenvalue: eigenvalues.smallestEigenvalue)
    }
    if let repair, repair.holdsEigenvalues {
      throw .heldByRepair(
        repair.method, smallestEigenvalue: repair.before.smallestEigenvalue)
    }
  }

  /// The matrix as it is when it has no negative eigenvalue, otherwise repaired.
  ///
  /// A matrix of more variables than papers has eigenvalues of zero, which are no fault: components
  /// and least squares factors do with them.
  ///
  /// - Parameters:
  ///   - method: The repair.
  ///   - needsInverse: Whether eigenvalues of zero are repaired as well.
  public func repairedIfNeeded(
    by method: CorrelationRepair.Method, needsInverse: Bool = false
  ) throws(CorrelationMatrixError) -> CorrelationMatrix {
    let eigenvalues = try definiteness()
    let isUsable = needsInverse ? eigenvalues.isPositiveDefinite : !eigenvalues.isIndefinite
    return isUsable ? self : try repaired(by: method)
  }
}

/// Why factors could not be estimated.
public enum FactorError: Error, Equatable, CustomStringConvertible {
  /// The number of factors is not between one and the number of items less one.
  case factorCount(Int, items: Int)
  /// The model has more parameters than the matrix has correlations.
  case tooFewDegreesOfFreedom(factors: Int, items: Int, largestPossible: Int)
  /// Two items are copies of one another, or exact opposites.
  case duplicateItems(String, String)
  /// The matrix is singular (for maximum likelihood) or has a negative eigenvalue.
  case notPositiveDefinite(smallestEigenvalue: Double)
  /// The extraction did not converge.
  case notConverged(iterations: Int)
  /// The number of dimensions to test differs from the number of factors.
  case dimensionCount(factors: Int, dimensions: Int)
  /// A dimension to test has no item.
  case emptyDimension(String)
  /// Maximum likelihood needs an inverse, and that of the matrix would be one of its repair.
  case heldByRepair(CorrelationRepair.Method, smallestEigenvalue: Double)
  /// The number of papers is not above one.
  case tooFewPapers(Double)
  /// The correlations are of no use.
  case correlations(CorrelationMatrixError)
  /// A decomposition failed.
  case decomposition(LinearAlgebraError)

  /// One sentence that says what happened, with the remedy.
  public var description: String {
    switch self {
    case .factorCount(let factors, let items):
      "\(factors) factors cannot be taken from \(items) items; ask for 1 to \(max(items - 1, 1))"
    case .tooFewDegreesOfFreedom(let factors, let items, let largest):
      "\(factors) factor\(factors == 1 ? "" : "s") of \(items) items: negative degrees of freedom; "
        + (largest > 0 ? "ask for at most \(largest)" : "three items are the fewest for a factor")
    case .duplicateItems(let first, let second):
      "the items \(first) and \(second) are perfectly correlated; leave one of them out"
    case .notPositiveDefinite(let smallest):
      "the correlation matrix is not positive definite (smallest eigenvalue \(smallest)); "
        + "repair it, or use minres on a matrix that is only singular"
    case .notConverged(let iterations):
      "the extraction did not converge in \(iterations) steps; ask for fewer factors or another "
        + "method"
    case .dimensionCount(let factors, let dimensions):
      "\(dimensions) dimensions cannot be tested on \(factors) factors; extract as many factors"
    case .emptyDimension(let name): "no item belongs to the dimension \(name)"
    case .heldByRepair(let method, let smallest):
      "maximum likelihood needs the inverse of a matrix that is not positive definite (smallest "
        + "eigenvalue \(NumberFormat.readable(smallest))); choose `extraction: minres`"
        + (method == .shrinkage ? "" : " or `repair: shrinkage`")
    case .tooFewPapers(let papers): "fit needs more than one paper, and there are \(papers)"
    case .correlations(let error): error.description
    case .decomposition(let error): error.description
    }
  }

  /// Runs a decomposition and renames its error.
  static func wrapping<Result>(
    _ decomposition: () throws(LinearAlgebraError) -> Result
  ) throws(FactorError) -> Result {
    do { return try decomposition() } catch { throw .decomposition(error) }
  }
}

/// Rotations towards loadings that were written down beforehand.
///
/// Factors keep the order and sign of the target's columns.
public enum TargetRotation {
  /// The orthogonal rotation that brings loadings nearest to a target in least squares.
  ///
  /// `T = U V'` from the singular value decomposition of `A'B` (Schönemann 1966).
  public static func orthogonal(
    _ loadings: DenseMatrix, to target: DenseMatrix
  ) throws(LinearAlgebraError) -> RotatedLoadings {
    let rotation = try loadings.multiplied(by: target, transposingSelf: true).polarFactor()
    return RotatedLoadings(pattern: loadings.multiplied(by: rotation), rotation: rotation)
  }

  /// The oblique rotation towards a target by least squares.
  ///
  /// Each column of `(A'A)⁻¹A'B` is scaled so that the factors have variance one (Hendrickson and
  /// White 1964); R's `promax` and psych's `target.rot` do the same.
  ///
  /// - Throws: `singular` or `notPositiveDefinite` where loadings or fitted target have dependent
  ///   columns.
  public static func oblique(
    _ loadings: DenseMatrix, to target: DenseMatrix
  ) throws(LinearAlgebraError) -> RotatedLoadings {
    let square = loadings.multiplied(by: loadings, transposingSelf: true)
    var weights = try square.solvingPositiveDefinite(
      loadings.multiplied(by: target, transposingSelf: true))
    let scales = try weights.multiplied(by: weights, transposingSelf: true)
      .positiveDefiniteInverse().diagonal
    for column in 0..<weights.columns {
      for row in 0..<weights.rows { weights[row, column] *= scales[column].squareRoot() }
    }
    let inverse = try GradientProjection.inverse(weights)
    return RotatedLoadings(
      pattern: loadings.multiplied(by: weights),
      correlations: inverse.multiplied(by: inverse, transposingOther: true), rotation: weights)
  }

  /// The rotation that brings the given elements of a target nearest; `nil` elements are free.
  ///
  /// By gradient projection from the unrotated loadings and random starts, like the rotations
  /// without target (Browne 1972). `settings` says how many starts, from which seed, how exactly.
  ///
  /// - Precondition: the target has one row an item and one element a factor in each.
  public static func partial(
    _ loadings: DenseMatrix, to target: [[Double?]], isOblique: Bool = true,
    settings: Rotation = Rotation(.none)
  ) throws(LinearAlgebraError) -> RotatedLoadings {
    let marked = DenseMatrix(target.map { $0.map { $0 ?? .nan } })
    precondition(marked.rows == loadings.rows && marked.columns == loadings.columns)
    return try settings.descend(loadings, .target(marked), isOblique: isOblique)
  }
}

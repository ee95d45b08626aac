/// The rotation (with reflections) that brings loadings closest to a target.
///
/// The orthogonal Q that minimises `‖L Q − T‖` is `U V'` of the singular value decomposition
/// `L' T = U D V'` (Schönemann 1966). Loadings of replicates are aligned to those of the sample, so
/// that components that changed their signs or order, or rotated among themselves, do not widen the
/// intervals of loadings.
public struct ProcrustesAlignment: Sendable, Equatable {
  /// The orthogonal matrix.
  public let rotation: DenseMatrix
  /// The loadings times the rotation.
  public let aligned: DenseMatrix

  /// Aligns loadings, one column a component, to a target of the same shape.
  public init(_ loadings: DenseMatrix, to target: DenseMatrix) throws(LinearAlgebraError) {
    precondition(
      loadings.rows == target.rows && loadings.columns == target.columns, "the shapes differ")
    let parts = try loadings.multiplied(by: target, transposingSelf: true).singularValues()
    rotation = parts.u.multiplied(by: parts.vTransposed)
    aligned = loadings.multiplied(by: rotation)
  }
}

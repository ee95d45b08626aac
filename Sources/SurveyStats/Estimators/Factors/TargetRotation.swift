/// Rotations towards loadings that were written down beforehand.
///
/// Factors keep the order and sign of the target's columns.
public enum TargetRotation {
  /// The orthogonal rotation that brings loadings nearest to a target in least squares.
  ///
  /// `T = U V'` from the singular value decomposition of `A'B` (Schönemann 1966).
  static func orthogonal(
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

  /// The oblique rotation towards groups of items: items of one group may load on the factor of
  /// another as little as can be, and on their own as they will.
  ///
  /// Only the zeros of the target are given: elements of an item's own group are free, and so is an
  /// item without a group. The descent starts from the loadings turned orthogonally to the groups'
  /// indicators, and from random starts of `settings`. Each factor has a positive sum of loadings over
  /// its group.
  ///
  /// A target of ones as well, as in ``oblique(_:to:)``, forces items of a group to be alike, and can
  /// end in factors that nearly copy one another with loadings above one.
  ///
  /// Reference: Browne (2001), Multivariate Behavioral Research 36:111, partially specified targets.
  ///
  /// - Parameters:
  ///   - loadings: The loadings, one row an item.
  ///   - membership: For each item the position of its group, or `nil`.
  ///   - settings: The number and seed of the random starts, and when the descent stops.
  public static func groups(
    _ loadings: DenseMatrix, _ membership: [Int?], settings: Rotation = Rotation(.none)
  ) throws(LinearAlgebraError) -> RotatedLoadings {
    precondition(membership.count == loadings.rows, "not one group an item")
    var indicator = DenseMatrix(rows: loadings.rows, columns: loadings.columns)
    var target = indicator
    for (item, group) in membership.enumerated() {
      for factor in 0..<loadings.columns where group == nil || group == factor {
        target[item, factor] = .nan
        indicator[item, factor] = group == nil ? 0 : 1
      }
    }
    let start = try orthogonal(loadings, to: indicator)
    var rotated = try settings.descend(start.pattern, .target(target), isOblique: true)
    rotated.rotation = start.rotation.multiplied(by: rotated.rotation)
    let signs = (0..<loadings.columns).map { factor -> Double in
      let sum = membership.indices.reduce(0) {
        $0 + (membership[$1] == factor ? rotated.pattern[$1, factor] : 0)
      }
      return sum < 0 ? -1 : 1
    }
    return rotated.arranged(order: Array(0..<loadings.columns), signs: signs)
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

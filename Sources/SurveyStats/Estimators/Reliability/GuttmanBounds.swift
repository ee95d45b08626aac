/// Guttman's six lower bounds of the reliability of a sum of items.
///
/// With covariances `s_jk`, k items and `V = sum s_jk`: `λ1 = 1 - sum s_jj / V`;
/// `λ2 = λ1 + sqrt(k/(k-1) sum_{j≠k} s_jk²)/V`; `λ3` is alpha; `λ4` the best split in halves;
/// `λ5 = λ1 + 2 sqrt(max_j sum_{k≠j} s_jk²)/V`; `λ6 = 1 - sum e_j² / V` with `e_j²` the variance of
/// item j that the other items leave, `nil` for a singular matrix. psych's `guttman` uses the
/// correlation matrix; here it is the covariances.
///
/// Reference: Guttman (1945), Psychometrika 10:255.
public struct GuttmanBounds: Sendable, Equatable {
  /// The first bound.
  public let lambda1: Double
  /// The second bound.
  public let lambda2: Double
  /// The third bound, alpha.
  public let lambda3: Double
  /// The fourth bound, the best split in halves.
  public let lambda4: Double
  /// The fifth bound.
  public let lambda5: Double
  /// The sixth bound, from squared multiple correlations.
  public let lambda6: Double?

  /// Computes the bounds from covariances and the splits of the items.
  ///
  /// - Precondition: there are at least two items and their covariances sum to a positive variance.
  public init(_ covariance: DenseMatrix, splits: SplitHalf) {
    let count = Double(covariance.rows)
    let total = covariance.elements.reduce(0, +)
    let columnSquares = (0..<covariance.columns).map { column in
      covariance.column(column).reduce(0) { $0 + $1 * $1 }
        - covariance[column, column] * covariance[column, column]
    }
    let squares = columnSquares.reduce(0, +)
    lambda1 = 1 - covariance.diagonal.reduce(0, +) / total
    lambda2 = lambda1 + (count / (count - 1) * squares).squareRoot() / total
    lambda3 = count / (count - 1) * lambda1
    lambda4 = splits.maximum
    lambda5 = lambda1 + 2 * (columnSquares.max() ?? 0).squareRoot() / total
    lambda6 = (try? covariance.positiveDefiniteInverse()).map { inverse in
      1 - inverse.diagonal.reduce(0) { $0 + 1 / $1 } / total
    }
  }
}

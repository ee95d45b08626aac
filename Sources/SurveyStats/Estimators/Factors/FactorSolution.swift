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
  /// The names of the groups that the factors were rotated towards, if towards any.
  public internal(set) var targets: [String]?
  /// For each item the position of its group, where factors were rotated towards groups.
  var membership: [Int?]?

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
      uniquenesses: uniquenesses, iterations: iterations,
      targets: targets.map { targets in match.order.map { targets[$0] } })
  }

  /// The same factors rotated obliquely towards groups of items, and named after them.
  ///
  /// Items load as little as can be on the factors of other groups; see
  /// ``TargetRotation/groups(_:_:settings:)``. An item without a group is free.
  ///
  /// - Parameters:
  ///   - groups: The names of the groups, as many as factors.
  ///   - membership: For each item the position of its group, or `nil`.
  public func rotated(
    towards groups: [String], membership: [Int?]
  ) throws(FactorError) -> FactorSolution {
    guard groups.count == factors else {
      throw .dimensionCount(factors: factors, dimensions: groups.count)
    }
    for (group, name) in groups.enumerated() where !membership.contains(group) {
      throw .emptyDimension(name)
    }
    var settings = analysis.rotation
    settings.isKaiserNormalized = false
    let turned = try FactorError.wrapping { () throws(LinearAlgebraError) in
      try TargetRotation.groups(unrotated, membership, settings: settings)
    }
    var solution = FactorSolution(
      correlations: correlations, analysis: analysis, unrotated: unrotated, rotated: turned,
      uniquenesses: uniquenesses, iterations: iterations, targets: groups)
    solution.membership = membership
    return solution
  }

  /// Whether nothing of an item is unique: its uniqueness is at the least that is allowed.
  public func isHeywood(_ item: Int) -> Bool {
    uniquenesses[item] <= FactorExtraction.smallestUniqueness * (1 + 1e-6)
  }
}

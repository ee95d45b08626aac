import RealModule

/// Rotates factor loadings to a simpler pattern.
///
/// A rotation chooses, among all factor solutions that reproduce the correlations equally well,
/// the one whose criterion is smallest. Criteria have local minima, so the descent starts from the
/// unrotated loadings and from random orthonormal matrices (drawn from the seed alone), and the
/// share of starts that reach the best value is reported. Promax has a closed form after its
/// varimax. The result is brought to a canonical form: factors in the order of the variance they
/// account for, each with a positive sum of loadings.
///
/// With Kaiser normalisation each item's loadings are scaled to length one during the rotation and
/// scaled back after it; items without loadings stay as they are. One factor is not rotated.
///
/// A rotation of p items on m factors costs about `p m²` operations a step, some hundred steps a
/// start.
///
/// Reference: Bernaards and Jennrich (2005), Educational and Psychological Measurement 65:676;
/// Jennrich (2001, 2002), Psychometrika 66:289, 67:7; Kaiser (1958), Psychometrika 23:187.
public struct Rotation: Sendable, Hashable {
  /// What the rotation makes small.
  var criterion: RotationCriterion
  /// Whether items are scaled to length one during the rotation.
  var isKaiserNormalized: Bool
  /// The number of random starts beside the unrotated one.
  var randomStarts: Int
  /// The seed of the random starts.
  public var seed: UInt64
  /// The size below which the projected gradient must come.
  public var tolerance: Double
  /// The number of steps after which a descent gives up.
  var maximumIterations: Int

  /// Creates a rotation; Kaiser normalisation is the criterion's default unless given.
  public init(
    _ criterion: RotationCriterion, isKaiserNormalized: Bool? = nil, randomStarts: Int = 30,
    seed: UInt64 = 1, tolerance: Double = 1e-8, maximumIterations: Int = 10_000
  ) {
    self.criterion = criterion
    self.isKaiserNormalized = isKaiserNormalized ?? criterion.isKaiserNormalizedByDefault
    self.randomStarts = randomStarts
    self.seed = seed
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Rotates loadings, one row an item and one column a factor.
  ///
  /// - Throws: an error of the decompositions, for loadings whose columns are dependent.
  public func rotate(_ loadings: DenseMatrix) throws(LinearAlgebraError) -> RotatedLoadings {
    let identity = DenseMatrix(diagonal: [Double](repeating: 1, count: loadings.columns))
    guard loadings.columns > 1 else {
      return RotatedLoadings(unrotated: loadings, rotation: identity).canonical()
    }
    switch criterion {
    case .none: return RotatedLoadings(unrotated: loadings, rotation: identity).canonical()
    case .varimax: return try descend(loadings, .varimax, isOblique: false).canonical()
    case .quartimax: return try descend(loadings, .quartimax, isOblique: false).canonical()
    case .oblimin(let gamma):
      return try descend(loadings, .oblimin(gamma: gamma), isOblique: true).canonical()
    case .geomin(let epsilon):
      return try descend(loadings, .geomin(epsilon: epsilon), isOblique: true).canonical()
    case .promax(let power):
      let varimax = try descend(loadings, .varimax, isOblique: false)
      var target = varimax.pattern
      for index in target.elements.indices {
        let loading = target.elements[index]
        target.elements[index] *= Double.pow(abs(loading), power - 1)
      }
      var result = try TargetRotation.oblique(varimax.pattern, to: target)
      result.rotation = varimax.rotation.multiplied(by: result.rotation)
      result.criterionValue = varimax.criterionValue
      result.shareOfBestStarts = varimax.shareOfBestStarts
      result.iterations = varimax.iterations
      result.converged = varimax.converged
      return result.canonical()
    }
  }

  /// Descends from all starts and keeps the best end.
  ///
  /// The random starts stop at a loose tolerance, which is enough to tell the minima apart; only
  /// the best is followed to the end.
  func descend(
    _ loadings: DenseMatrix, _ function: RotationFunction, isOblique: Bool
  ) throws(LinearAlgebraError) -> RotatedLoadings {
    let lengths = (0..<loadings.rows).map { row in
      let length = loadings.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
      return isKaiserNormalized && length > 0 ? length : 1
    }
    let projection = GradientProjection(
      loadings: loadings.scalingRows(by: lengths.map { 1 / $0 }), function: function,
      isOblique: isOblique)
    let loose = max(tolerance, 1e-5)
    var ends: [GradientProjection.Outcome] = []
    for start in 0...randomStarts {
      let matrix =
        try start == 0
        ? DenseMatrix(diagonal: [Double](repeating: 1, count: loadings.columns))
        : randomOrthonormal(loadings.columns, stream: UInt64(start))
      let end = try? projection.descend(
        from: matrix, tolerance: loose, maximumIterations: maximumIterations)
      if let end, end.value.isFinite { ends.append(end) }
    }
    guard let best = ends.min(by: { $0.value < $1.value }) else {
      throw LinearAlgebraError.notConverged
    }
    let final = try projection.descend(
      from: best.transformation, tolerance: tolerance, maximumIterations: maximumIterations)
    let margin = 1e-6 * max(1, abs(final.value))
    let reached = ends.count { $0.value <= final.value + margin }
    let rotation =
      try isOblique
      ? GradientProjection.inverse(final.transformation).transposed : final.transformation
    return RotatedLoadings(
      pattern: loadings.multiplied(by: rotation),
      correlations: isOblique
        ? final.transformation.multiplied(by: final.transformation, transposingSelf: true) : nil,
      rotation: rotation, criterionValue: final.value,
      shareOfBestStarts: Double(reached) / Double(randomStarts + 1),
      iterations: best.iterations + final.iterations, converged: final.converged)
  }

  private func randomOrthonormal(
    _ size: Int, stream: UInt64
  ) throws(LinearAlgebraError) -> DenseMatrix {
    var random = RandomStream(seed: seed, stream: stream)
    var normals = DenseMatrix(rows: size, columns: size)
    for index in normals.elements.indices { normals.elements[index] = random.normal() }
    return try normals.polarFactor()
  }
}

/// Loadings after a rotation.
public struct RotatedLoadings: Sendable, Equatable {
  /// The pattern: weights of the factors in each item, one row an item.
  public var pattern: DenseMatrix
  /// The correlations of the factors (Phi); the identity for orthogonal factors.
  public var correlations: DenseMatrix
  /// The matrix that unrotated loadings are multiplied by to give the pattern.
  public var rotation: DenseMatrix
  /// The value of the criterion; `nil` where nothing was minimised.
  public var criterionValue: Double?
  /// The share of starts that reached the best value; `nil` where there were none.
  public var shareOfBestStarts: Double?
  /// The number of steps to the best value.
  public var iterations: Int
  /// Whether the last descent converged.
  public var converged: Bool

  /// Creates rotated loadings; without factor correlations the factors are orthogonal.
  init(
    pattern: DenseMatrix, correlations: DenseMatrix? = nil, rotation: DenseMatrix,
    criterionValue: Double? = nil, shareOfBestStarts: Double? = nil, iterations: Int = 0,
    converged: Bool = true
  ) {
    self.pattern = pattern
    self.correlations =
      correlations ?? DenseMatrix(diagonal: [Double](repeating: 1, count: pattern.columns))
    self.rotation = rotation
    self.criterionValue = criterionValue
    self.shareOfBestStarts = shareOfBestStarts
    self.iterations = iterations
    self.converged = converged
  }

  /// Loadings that are kept as they are.
  init(unrotated loadings: DenseMatrix, rotation: DenseMatrix) {
    self.init(pattern: loadings, rotation: rotation)
  }

  /// The structure: correlations of each item with each factor, `pattern · Phi`.
  public var structure: DenseMatrix { pattern.multiplied(by: correlations) }

  /// The variance of the items that each factor accounts for: the diagonal of `Phi L'L`.
  ///
  /// For orthogonal factors the sums of squared loadings. They sum to the communalities.
  public var variances: [Double] {
    correlations.multiplied(by: pattern.multiplied(by: pattern, transposingSelf: true)).diagonal
  }

  /// The same solution with its factors in the given order, some of them reversed.
  public func arranged(order: [Int], signs: [Double]) -> RotatedLoadings {
    func arrange(_ matrix: DenseMatrix) -> DenseMatrix {
      var result = matrix.selecting(rows: Array(0..<matrix.rows), columns: order)
      for column in 0..<result.columns {
        for row in 0..<result.rows { result[row, column] *= signs[column] }
      }
      return result
    }
    var result = self
    result.pattern = arrange(pattern)
    result.rotation = arrange(rotation)
    result.correlations = arrange(arrange(correlations).transposed).transposed
    return result
  }

  /// The same solution with factors by falling variance, each with a positive sum of loadings.
  ///
  /// Where the sum is zero the first loading that is not zero is made positive.
  func canonical() -> RotatedLoadings {
    let variances = variances
    let order = variances.indices.sorted {
      variances[$0] == variances[$1] ? $0 < $1 : variances[$0] > variances[$1]
    }
    let signs = order.map { column -> Double in
      let sum = pattern.column(column).reduce(0, +)
      let deciding = sum != 0 ? sum : pattern.column(column).first { $0 != 0 } ?? 1
      return deciding < 0 ? -1 : 1
    }
    return arranged(order: order, signs: signs)
  }
}

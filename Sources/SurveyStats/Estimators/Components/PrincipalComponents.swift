/// Uncorrelated combinations of items that take up as much variance as possible, in order.
///
/// Eigenvalues and eigenvectors of a correlation matrix R: component k has variance λₖ, weights vₖ
/// of length one and loadings `vₖ √λₖ`, the correlations of the component with the items. The
/// signs make the sum of each vector positive (of a zero sum, the first element that is not zero).
///
/// The usual input is the matrix of pairwise correlations, where a cell that does not apply is in
/// no pair and nothing is imputed. Such a matrix can have negative eigenvalues: they are reported,
/// and components without positive variance have no loadings; see ``CorrelationMatrix/repaired(by:eigenvalueFloor:)``.
/// Components of a data matrix are the other way; see ``init(_:missing:isScaled:)``.
///
/// References: Hotelling (1933), Journal of Educational Psychology 24:417; Jolliffe (2002),
/// *Principal Component Analysis*.
public struct PrincipalComponents: Sendable, Equatable {
  /// The names of the items.
  public let names: [String]
  /// Variables that could not take part.
  public let leftOut: [LeftOutItem]
  /// The eigenvalues, largest first.
  public let eigenvalues: [Double]
  /// The eigenvectors, one a column.
  public let vectors: DenseMatrix
  /// The matrix of correlations (or covariances) that was decomposed.
  public let model: DenseMatrix
  /// Which components have an eigenvalue that a repair of the matrix holds at its floor.
  let isHeldByRepair: [Bool]
  /// Whether it is covariances that were decomposed, not correlations.
  let isOfCovariances: Bool
  /// How the papers were sampled.
  public let sampling: PaperSampling
  /// How items are centred for scores; `nil` for the means of the scored data.
  let centers: [Double]?
  /// How items are scaled for scores; `nil` for the standard deviations of the scored data.
  let scales: [Double]?

  init(
    names: [String], leftOut: [LeftOutItem], eigenvalues: [Double],
    vectors: DenseMatrix, model: DenseMatrix, centers: [Double]?, scales: [Double]?,
    isHeldByRepair: [Bool]? = nil, sampling: PaperSampling = .alike, isOfCovariances: Bool = false
  ) {
    self.isOfCovariances = isOfCovariances
    self.names = names
    self.leftOut = leftOut
    self.eigenvalues = eigenvalues
    self.vectors = vectors.withPositiveColumnSums()
    self.model = model
    self.centers = centers
    self.scales = scales
    self.sampling = sampling
    self.isHeldByRepair = isHeldByRepair ?? eigenvalues.map { _ in false }
  }

  /// Decomposes a correlation matrix, or with standard deviations the covariances S = D R D.
  ///
  /// Loadings of covariances are those of variables that keep their units: divided by the standard
  /// deviation they are correlations with the component. Variables with the largest variances make the
  /// first components, among yes-or-no items those with rates near one half.
  public init(
    _ matrix: CorrelationMatrix, deviations: [Double]? = nil
  ) throws(CorrelationMatrixError) {
    var model = matrix.values
    if let deviations {
      for column in 0..<model.columns {
        for row in 0..<model.rows { model[row, column] *= deviations[row] * deviations[column] }
      }
    }
    let eigen = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try model.symmetricEigen()
    }
    self.init(
      names: matrix.names, leftOut: matrix.leftOut, eigenvalues: eigen.values,
      vectors: eigen.vectors, model: model, centers: nil,
      scales: deviations.map { $0.map { _ in 1 } },
      isHeldByRepair: deviations == nil
        ? eigen.values.map { matrix.isHeldByRepair($0) } : nil, sampling: matrix.sampling,
      isOfCovariances: deviations != nil)
  }

  /// The sum of the variances of the items: for a correlation matrix their number.
  public var totalVariance: Double { model.diagonal.reduce(0, +) }

  /// Each eigenvalue over the total variance.
  public var proportions: [Double] {
    let total = totalVariance
    return eigenvalues.map { $0 / total }
  }

  /// The proportion that a component and those before it take up together.
  public var cumulativeProportions: [Double] {
    var sum = 0.0
    return proportions.map { proportion in
      sum += proportion
      return sum
    }
  }

  /// The number of eigenvalues above ``Definiteness/tolerance``, of covariances times the mean variance.
  public var rank: Int {
    let scale = isOfCovariances ? totalVariance / Double(max(1, names.count)) : 1
    return eigenvalues.count { $0 > Definiteness.tolerance * scale }
  }

  /// The loadings of the first components, at most ``rank`` of them, one a column.
  public func loadings(count: Int) -> DenseMatrix {
    vectors.firstLoadings(eigenvalues: eigenvalues, count: min(count, rank))
  }
}

extension DenseMatrix {
  /// The first columns scaled by the roots of their eigenvalues.
  func firstLoadings(eigenvalues: [Double], count: Int) -> DenseMatrix {
    var result = selecting(rows: Array(0..<rows), columns: Array(0..<count))
    for column in 0..<count {
      let scale = eigenvalues[column].squareRoot()
      for row in 0..<rows { result[row, column] *= scale }
    }
    return result
  }

  /// The columns with the sign that makes their sum positive, or the first element if that is 0.
  func withPositiveColumnSums() -> DenseMatrix {
    var result = self
    for column in 0..<columns {
      let values = self.column(column)
      let sum = values.reduce(0, +)
      let lead = abs(sum) > 1e-10 ? sum : values.first { abs($0) > 1e-10 } ?? 1
      guard lead < 0 else { continue }
      for row in 0..<rows { result[row, column] = -self[row, column] }
    }
    return result
  }
}

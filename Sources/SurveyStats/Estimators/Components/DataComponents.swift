extension PrincipalComponents {
  /// What is done with missing cells of a data matrix.
  public enum MissingCells: Sendable, Equatable {
    /// Papers with a missing cell are left out.
    case completePapers
    /// Missing cells get the mean of their item, which shrinks correlations towards zero.
    case meanImputation
    /// Probabilistic components by maximum likelihood (Tipping & Bishop 1999): missing cells drop
    /// out of the likelihood.
    case probabilistic(components: Int)
  }

  /// Decomposes a centred (and scaled) data matrix by its singular values.
  ///
  /// With complete data this is the decomposition of the correlation matrix (scaled) or of the
  /// covariance matrix with denominator N − 1 (not scaled). Variables that are constant or have
  /// fewer than two values are left out by name.
  ///
  /// When cells are missing, the default among these is the probabilistic model with as many
  /// components as asked for: unlike imputed means it does not take a missing cell for an average
  /// one. It assumes that whether a cell applies depends on nothing but the answers given. If "does
  /// not apply" is a judgement about the paper, prefer the components of pairwise correlations,
  /// which assume nothing about such cells.
  ///
  /// - Throws: `tooFewItems`, `tooFewPapers` for fewer than two papers, `notConverged`.
  public init(
    _ data: ScoreColumns, missing: MissingCells, isScaled: Bool = true
  ) throws(CorrelationMatrixError) {
    var data = data
    if missing == .completePapers { data = data.selecting(papers: data.completePapers) }
    guard data.paperCount > 1 else { throw .tooFewPapers(found: data.paperCount) }
    // Maximum likelihood has the denominator N; scaling by it gives unit variances all the same.
    var denominatorShift = 1.0
    if case .probabilistic = missing { denominatorShift = 0 }
    let moments = data.values.map { ColumnStandard($0, denominatorShift: denominatorShift) }
    let kept = data.names.indices.filter { moments[$0].count > 1 && moments[$0].deviation > 0 }
    let leftOut = data.names.indices.filter { !kept.contains($0) }.map { index in
      LeftOutItem(
        name: data.names[index],
        reason: moments[index].count == 0
          ? .neverJointlyApplicable
          : moments[index].count == 1 ? .fewerThanTwoPapers : .constantItem,
        count: moments[index].count)
    }
    guard kept.count > 1 else { throw .tooFewItems(left: kept.count, leftOut: leftOut) }
    let names = kept.map { data.names[$0] }
    let centers = kept.map { moments[$0].mean }
    let scales = kept.map { isScaled ? moments[$0].deviation : 1 }
    var cells = DenseMatrix(rows: data.paperCount, columns: kept.count, repeating: .nan)
    for (column, index) in kept.enumerated() {
      for paper in 0..<data.paperCount {
        guard let value = data.values[index][paper] else { continue }
        cells[paper, column] = (value - centers[column]) / scales[column]
      }
    }
    if case .probabilistic(let components) = missing {
      let fit = try ProbabilisticComponents(cells, count: components)
      self.init(
        names: names, leftOut: leftOut, eigenvalues: fit.eigenvalues, vectors: fit.vectors,
        model: fit.covariance,
        centers: zip(centers, zip(fit.means, scales)).map { $0 + $1.0 * $1.1 },
        scales: scales, isOfCovariances: !isScaled)
      return
    }
    for index in cells.elements.indices where cells.elements[index].isNaN {
      cells.elements[index] = 0
    }
    let papers = Double(data.paperCount - 1)
    let parts = try CorrelationMatrixError.wrapping { () throws(LinearAlgebraError) in
      try cells.singularValues()
    }
    var model = cells.multiplied(by: cells, transposingSelf: true)
    for index in model.elements.indices { model.elements[index] /= papers }
    self.init(
      names: names, leftOut: leftOut, eigenvalues: parts.values.map { $0 * $0 / papers },
      vectors: parts.vTransposed.transposed, model: model, centers: centers, scales: scales,
      isOfCovariances: !isScaled)
  }
}

extension ScoreColumns {
  /// The standard deviation of every column over the papers that have it.
  func deviations(weights: [Double]?) -> [Double] {
    values.map { column in
      weights.map { ColumnStandard(column, weights: $0).deviation }
        ?? ColumnStandard(column).deviation
    }
  }
}

/// Count, mean and standard deviation of the values of a column.
struct ColumnStandard {
  let count: Int
  let mean: Double
  let deviation: Double

  /// The denominator of the variance is the count minus `denominatorShift`.
  init(_ values: [Double?], denominatorShift: Double = 1) {
    let present = values.compactMap { $0 }
    let count = present.count
    let mean = count > 0 ? present.reduce(0, +) / Double(count) : 0
    let squares = present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let isConstant = present.allSatisfy { $0 == present.first }
    self.count = count
    self.mean = mean
    deviation = isConstant ? 0 : (squares / (Double(count) - denominatorShift)).squareRoot()
  }

  /// Measures weighted values, whose weights have a mean of one; those of weight zero are not looked at.
  init(_ values: [Double?], weights: [Double]) {
    let kept = zip(values, weights).compactMap { value, weight in
      value.flatMap { weight > 0 ? (value: $0, weight: weight) : nil }
    }
    let total = kept.reduce(0) { $0 + $1.weight }
    let mean = total > 0 ? kept.reduce(0) { $0 + $1.weight * $1.value } / total : 0
    let squares = kept.reduce(0) { $0 + $1.weight * ($1.value - mean) * ($1.value - mean) }
    count = kept.count
    self.mean = mean
    let isConstant = kept.allSatisfy { $0.value == kept.first?.value }
    deviation = isConstant ? 0 : (squares / max(total - 1, 1e-300)).squareRoot()
  }
}

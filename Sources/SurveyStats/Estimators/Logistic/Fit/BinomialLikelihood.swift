import CKernels
import RealModule

/// The log-likelihood of a logistic model on covariate patterns, and its maximisation.
///
/// With the linear predictor η = Xβ + offset and π = 1/(1 + e^−η), the log-likelihood is
/// Σ s log π + (m − s) log(1 − π) over patterns with s successes in m trials. Firth's penalised
/// likelihood adds ½ log |I(β)|, I = X' diag(mπ(1 − π)) X; its score is Σ x (s − mπ + h(½ − π)),
/// h being the leverages (Firth 1993, Biometrika 80:27; Heinze & Schemper 2002, Stat Med 21:2409).
///
/// The columns are centred and scaled inside, so that a year near 2020 costs no accuracy, and
/// nearly dependent ones made orthogonal (see ``ColumnBasis``); ``coefficients(of:)`` leads back. Cost of an iteration: O(patterns × columns²).
struct BinomialLikelihood: Sendable {
  /// The columns, standardised; the first is the intercept.
  private(set) var x: DenseMatrix
  private(set) var successes: [Double]
  private(set) var trials: [Double]
  let offset: [Double]
  /// Whether the likelihood is penalised.
  let isPenalized: Bool
  /// What was subtracted from and divided out of each column.
  let centers: [Double]
  let scales: [Double]
  /// What leads from the coefficients of ``x`` to those of the standardised columns, where these
  /// are nearly dependent.
  let basis: ColumnBasis?

  /// The number of coefficients.
  var count: Int { x.columns }

  /// Standardises the columns; patterns without trials should be left out before.
  init(
    columns: DenseMatrix, successes: [Double], trials: [Double], offset: [Double],
    isPenalized: Bool
  ) {
    var x = columns
    var centers = [Double](repeating: 0, count: columns.columns)
    var scales = [Double](repeating: 1, count: columns.columns)
    let total = trials.reduce(0, +)
    let rows = columns.rows
    unsafe x.elements.withUnsafeMutableBufferPointer { elements in
      for column in 1..<max(columns.columns, 1) {
        let values = unsafe UnsafeMutableBufferPointer(
          rebasing: elements[column * rows..<(column + 1) * rows])
        var sum = 0.0
        for row in 0..<rows { unsafe sum += values[row] * trials[row] }
        let mean = sum / total
        var square = 0.0
        for row in 0..<rows {
          unsafe square += trials[row] * (values[row] - mean) * (values[row] - mean)
        }
        let deviation = (square / total).squareRoot()
        centers[column] = mean
        scales[column] = deviation > 0 ? deviation : 1
        let (center, scale) = (centers[column], scales[column])
        for row in 0..<rows { unsafe values[row] = unsafe (values[row] - center) / scale }
      }
    }
    basis = ColumnBasis(replacing: &x, weights: trials)
    self.x = x
    self.successes = successes
    self.trials = trials
    self.offset = offset
    self.isPenalized = isPenalized
    self.centers = centers
    self.scales = scales
  }

  /// The same model with other numbers of successes and trials, in the same coordinates.
  func replacing(successes: [Double], trials: [Double]) -> BinomialLikelihood {
    var result = self
    result.successes = successes
    result.trials = trials
    return result
  }

  /// The same model in other coordinates: the columns times an orthogonal matrix.
  func transformed(by matrix: DenseMatrix) -> BinomialLikelihood {
    var result = self
    result.x = x.multiplied(by: matrix)
    return result
  }

  /// The coefficients of the columns as they were given.
  func coefficients(of standardized: [Double]) -> [Double] {
    let own = basis?.triangle.multiplied(by: standardized) ?? standardized
    var result = zip(own, scales).map { $0 / $1 }
    guard !result.isEmpty else { return result }
    for column in 1..<result.count { result[0] -= result[column] * centers[column] }
    return result
  }

  /// The covariance of the coefficients from that of the standardised ones.
  func covariance(ofStandardized matrix: DenseMatrix) -> DenseMatrix {
    // With T = diag(1/s) but for its first row (1, −c/s), this is T M T'.
    var result = matrix
    if let triangle = basis?.triangle {
      result = triangle.multiplied(by: matrix).multiplied(by: triangle, transposingOther: true)
    }
    for column in 0..<count {
      for row in 0..<count { result[row, column] /= scales[row] * scales[column] }
    }
    guard count > 0 else { return result }
    for column in 0..<count {
      for row in 1..<max(count, 1) { result[0, column] -= centers[row] * result[row, column] }
    }
    for row in 0..<count {
      for column in 1..<max(count, 1) { result[row, 0] -= centers[column] * result[row, column] }
    }
    return result
  }

  /// The vector t for which t'γ is an original coefficient, γ being the standardised ones.
  func contrast(of coefficient: Int) -> [Double] {
    var contrast = [Double](repeating: 0, count: count)
    contrast[coefficient] = 1 / scales[coefficient]
    if coefficient == 0 {
      for column in 1..<max(count, 1) { contrast[column] = -centers[column] / scales[column] }
    }
    return basis?.triangle.multiplied(by: contrast, transposingSelf: true) ?? contrast
  }

  /// What to add to the logarithm of the information's determinant for the original columns.
  var logDeterminantShift: Double {
    scales.reduce(0) { $0 + 2 * Double.log($1) } - 2 * (basis?.logDeterminant ?? 0)
  }

  /// The linear predictors.
  func linearPredictors(_ beta: [Double]) -> [Double] {
    var eta = offset
    for column in 0..<count where beta[column] != 0 {
      let start = column * x.rows
      for row in 0..<x.rows { eta[row] += beta[column] * x.elements[start + row] }
    }
    return eta
  }

  /// The probabilities.
  func probabilities(_ beta: [Double]) -> [Double] { linearPredictors(beta).map(logistic) }

  /// The log-likelihood without penalty.
  func logLikelihood(_ beta: [Double]) -> Double {
    let eta = linearPredictors(beta)
    var total = 0.0
    for row in eta.indices {
      if successes[row] > 0 { total -= successes[row] * softplus(-eta[row]) }
      let failures = trials[row] - successes[row]
      if failures > 0 { total -= failures * softplus(eta[row]) }
    }
    return total
  }

  /// X' diag(w) X.
  func weightedProducts(_ weights: [Double]) -> DenseMatrix {
    var scaled = x
    for column in 0..<count {
      for row in 0..<x.rows { scaled[row, column] *= weights[row] }
    }
    return x.multiplied(by: scaled, transposingSelf: true)
  }

  /// The leverage of one trial of each pattern over its weight: x' I⁻¹ x.
  func quadraticForms(_ inverse: DenseMatrix) -> [Double] {
    let product = x.multiplied(by: inverse)
    var forms = [Double](repeating: 0, count: x.rows)
    for column in 0..<count {
      let start = column * x.rows
      for row in 0..<x.rows {
        forms[row] += product.elements[start + row] * x.elements[start + row]
      }
    }
    return forms
  }

  /// Where the criterion is largest.
  struct Optimum: Sendable {
    /// The standardised coefficients.
    let beta: [Double]
    /// The criterion.
    let criterion: Double
    /// The number of iterations.
    let iterations: Int
    /// The inverse information of all coefficients.
    let inverseInformation: DenseMatrix
  }

  /// The start of the iterations: the intercept alone.
  var start: [Double] {
    var beta = [Double](repeating: 0, count: count)
    let total = trials.reduce(0, +)
    let yes = successes.reduce(0, +)
    if count > 0, total > 0 { beta[0] = Double.log((yes + 0.5) / (total - yes + 0.5)) }
    return beta
  }

  /// Maximises by iteratively reweighted least squares (Fisher scoring) with step halving, holding
  /// the coefficients in `fixed` where `start` has them.
  ///
  /// With Firth's penalty the leverages h are held during a step, so that every trial counts 1 + h
  /// times in the information of the step, as in the data augmentation of Heinze & Schemper.
  /// It stops when a step is shorter than `tolerance` standard errors, or cannot be told from
  /// rounding.
  func maximized(
    from start: [Double], fixing fixed: Set<Int> = [], iterations limit: Int = 500,
    tolerance: Double = 1e-11, path: KernelPath = .best
  ) throws(LogisticRegressionError) -> Optimum {
    var beta = start
    var criterion = 0.0
    var iterations = 0
    var inverse = DenseMatrix(rows: count, columns: count)
    let isFixed = (0..<count).map { UInt8(fixed.contains($0) ? 1 : 0) }
    let shift = isPenalized ? logDeterminantShift : 0
    let status = unsafe withUnsafeTemporaryAllocation(
      byteCount: 8 * ck_logistic_work(x.rows, count), alignment: 64
    ) { work in
      unsafe ck_maximize_logistic(
        path.rawValue, x.elements, x.rows, count, successes, trials, offset, isPenalized ? 1 : 0,
        shift, isFixed, limit, tolerance, &beta, &criterion, &inverse.elements, &iterations,
        work.bindMemory(to: Double.self).baseAddress)
    }
    guard status == 0 else { throw .notConverged(iterations: iterations) }
    return Optimum(
      beta: beta, criterion: criterion, iterations: iterations, inverseInformation: inverse)
  }
}

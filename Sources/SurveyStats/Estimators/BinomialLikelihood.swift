import RealModule

/// The log-likelihood of a logistic model on covariate patterns, and its maximisation.
///
/// With the linear predictor η = Xβ + offset and π = 1/(1 + e^−η), the log-likelihood is
/// Σ s log π + (m − s) log(1 − π) over patterns with s successes in m trials. Firth's penalised
/// likelihood adds ½ log |I(β)|, I = X' diag(mπ(1 − π)) X; its score is Σ x (s − mπ + h(½ − π)),
/// h being the leverages (Firth 1993, Biometrika 80:27; Heinze & Schemper 2002, Stat Med 21:2409).
///
/// The columns are centred and scaled inside, so that a year near 2020 costs no accuracy;
/// ``coefficients(of:)`` leads back. Cost of an iteration: O(patterns × columns²).
struct BinomialLikelihood: Sendable {
  /// The columns, standardised; the first is the intercept.
  let x: DenseMatrix
  let successes: [Double]
  let trials: [Double]
  let offset: [Double]
  /// Whether the likelihood is penalised.
  let isPenalized: Bool
  /// What was subtracted from and divided out of each column.
  let centers: [Double]
  let scales: [Double]

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
    for column in 1..<max(columns.columns, 1) {
      let values = columns.column(column)
      let mean = zip(values, trials).reduce(0) { $0 + $1.0 * $1.1 } / total
      let square = zip(values, trials).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
      let deviation = (square / total).squareRoot()
      centers[column] = mean
      scales[column] = deviation > 0 ? deviation : 1
      for row in 0..<x.rows { x[row, column] = (x[row, column] - centers[column]) / scales[column] }
    }
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
    BinomialLikelihood(self, successes: successes, trials: trials)
  }

  private init(_ other: BinomialLikelihood, successes: [Double], trials: [Double]) {
    x = other.x
    offset = other.offset
    isPenalized = other.isPenalized
    centers = other.centers
    scales = other.scales
    self.successes = successes
    self.trials = trials
  }

  /// The coefficients of the columns as they were given.
  func coefficients(of standardized: [Double]) -> [Double] {
    var result = zip(standardized, scales).map { $0 / $1 }
    guard !result.isEmpty else { return result }
    for column in 1..<result.count { result[0] -= result[column] * centers[column] }
    return result
  }

  /// The standardised coefficients.
  func standardized(_ coefficients: [Double]) -> [Double] {
    var result = zip(coefficients, scales).map { $0 * $1 }
    for column in 1..<max(result.count, 1) { result[0] += coefficients[column] * centers[column] }
    return result
  }

  /// The covariance of the coefficients from that of the standardised ones.
  func covariance(ofStandardized matrix: DenseMatrix) -> DenseMatrix {
    let transform = DenseMatrix((0..<count).map(contrast(of:)))
    return transform.multiplied(by: matrix)
      .multiplied(by: transform, transposingOther: true)
  }

  /// The vector t for which t'γ is an original coefficient, γ being the standardised ones.
  func contrast(of coefficient: Int) -> [Double] {
    var contrast = [Double](repeating: 0, count: count)
    contrast[coefficient] = 1 / scales[coefficient]
    if coefficient == 0 {
      for column in 1..<max(count, 1) { contrast[column] = -centers[column] / scales[column] }
    }
    return contrast
  }

  /// What to add to the logarithm of the information's determinant for the original columns.
  var logDeterminantShift: Double { scales.reduce(0) { $0 + 2 * Double.log($1) } }

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

  /// The information matrix X' diag(mπ(1 − π)) X.
  func information(_ beta: [Double]) -> DenseMatrix {
    weightedProducts(
      zip(trials, probabilities(beta)).map { $0 * $1 * (1 - $1) })
  }

  /// X' diag(w) X.
  func weightedProducts(_ weights: [Double]) -> DenseMatrix {
    var result = DenseMatrix(rows: count, columns: count)
    let rows = x.rows
    x.elements.withUnsafeBufferPointer { x in
      weights.withUnsafeBufferPointer { weights in
        var scaled = [Double](repeating: 0, count: rows)
        for column in 0..<count {
          for row in 0..<rows { scaled[row] = weights[row] * x[column * rows + row] }
          for other in 0...column {
            var sum = 0.0
            for row in 0..<rows { sum += scaled[row] * x[other * rows + row] }
            result[column, other] = sum
            result[other, column] = sum
          }
        }
      }
    }
    return result
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

  /// The criterion that is maximised: the log-likelihood with its penalty.
  func criterion(_ beta: [Double]) -> Double? {
    let value = logLikelihood(beta)
    guard isPenalized else { return value.isFinite ? value : nil }
    guard let logDeterminant = try? information(beta).logDeterminant() else { return nil }
    let penalized = value + (logDeterminant + logDeterminantShift) / 2
    return penalized.isFinite ? penalized : nil
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
  /// It stops when a step is shorter than 10⁻¹¹ standard errors, or cannot be told from rounding.
  func maximized(from start: [Double], fixing fixed: Set<Int> = [], iterations limit: Int = 500)
    throws(LogisticRegressionError) -> Optimum
  {
    var beta = start
    guard var value = criterion(beta) else { throw .notConverged(iterations: 0) }
    let free = (0..<count).filter { !fixed.contains($0) }
    var previousDecrement = Double.infinity
    for iteration in 1...limit {
      guard let (step, decrement, inverse) = scoringStep(at: beta, free: free) else {
        throw .notConverged(iterations: iteration)
      }
      let optimum = Optimum(
        beta: beta, criterion: value, iterations: iteration, inverseInformation: inverse)
      if decrement < 1e-22 || decrement < 1e-14 && decrement >= previousDecrement {
        return optimum
      }
      previousDecrement = decrement
      let slack = 1e-12 * (abs(value) + 1)
      var fraction = 1.0
      while true {
        let candidate = zip(beta, step).map { $0 + fraction * $1 }
        if let next = criterion(candidate), next >= value - slack {
          beta = candidate
          value = next
          break
        }
        fraction /= 2
        guard fraction > 1e-6 else {
          if decrement < 1e-10 { return optimum }
          throw .notConverged(iterations: iteration)
        }
      }
    }
    throw .notConverged(iterations: limit)
  }

  /// The scoring step over the free coefficients, its squared length in standard errors and the
  /// inverse information of all; `nil` when the information is singular.
  private func scoringStep(at beta: [Double], free: [Int])
    -> (step: [Double], decrement: Double, inverse: DenseMatrix)?
  {
    let probabilities = probabilities(beta)
    let weights = zip(trials, probabilities).map { $0 * $1 * (1 - $1) }
    var information = weightedProducts(weights)
    guard let inverse = try? information.positiveDefiniteInverse() else { return nil }
    var residuals = successes
    for row in residuals.indices { residuals[row] -= trials[row] * probabilities[row] }
    if isPenalized {
      var augmented = weights
      for (row, form) in quadraticForms(inverse).enumerated() {
        residuals[row] += weights[row] * form * (0.5 - probabilities[row])
        let leverage = trials[row] > 0 ? weights[row] * form / trials[row] : 0
        augmented[row] *= 1 + leverage
      }
      information = weightedProducts(augmented)
    }
    let score = x.multiplied(by: residuals, transposingSelf: true)
    var step = [Double](repeating: 0, count: count)
    if !free.isEmpty {
      let part = information.selecting(rows: free, columns: free)
      let right = DenseMatrix(rows: free.count, columns: 1, elements: free.map { score[$0] })
      guard let solution = try? part.solvingPositiveDefinite(right) else { return nil }
      for (index, column) in free.enumerated() { step[column] = solution.elements[index] }
    }
    let decrement = free.reduce(0) { $0 + step[$1] * score[$1] }
    guard decrement.isFinite else { return nil }
    return (step, decrement, inverse)
  }
}

/// 1/(1 + e^−x), without overflow.
func logistic(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + Double.exp(-x)) }
  let power = Double.exp(x)
  return power / (1 + power)
}

/// log(1 + e^x), without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + Double.log(onePlus: Double.exp(-abs(x))) }

import RealModule

/// Logistic regression with a ridge, lasso or elastic-net penalty, along a path of strengths.
///
/// Minimised is −log L/n + λ ((1 − α) Σ β²/2 + α Σ |β|) over standardised columns (mean 0, variance
/// 1 with denominator n), the intercept being free; coefficients are given for the columns as they
/// are, which is glmnet's definition. α = 1 is the lasso, 0 ridge. For each λ, from the strongest to
/// the weakest, the likelihood is approximated by weighted least squares and solved by cyclic
/// coordinate descent, starting from the solution before. Constant columns stay at zero; collinear
/// ones share. Without λ given the path has a hundred, from the smallest that leaves all
/// coefficients zero (for ridge, of α = 0.001) down to 10⁻⁴ of it, 10⁻² with more columns than
/// papers.
///
/// Coefficients are shrunken: no standard errors are given. Cost of a sweep: O(patterns × columns).
///
/// Reference: Friedman, Hastie & Tibshirani (2010), Journal of Statistical Software 33(1).
public struct ElasticNet: Sendable {
  /// The share of the lasso penalty, from 0 to 1.
  public var alpha: Double
  /// The strengths, or `nil` for the default path.
  var lambdas: [Double]?

  /// Creates a penalty.
  public init(alpha: Double = 1, lambdas: [Double]? = nil) {
    precondition(alpha >= 0 && alpha <= 1, "alpha must lie between 0 and 1")
    self.alpha = alpha
    self.lambdas = lambdas
  }

  /// The solutions of one outcome.
  public struct Path: Sendable, Equatable {
    /// The names of the columns, the intercept first.
    public let columnNames: [String]
    /// The strengths, strongest first.
    public let lambdas: [Double]
    /// The coefficients of each strength.
    public let coefficients: [[Double]]
    /// The deviance of each strength.
    public let deviances: [Double]
    /// The number of papers.
    public let paperCount: Int
    /// The number of papers whose outcome is yes.
    let eventCount: Int
  }

  /// The deviance of left-out papers along a path.
  public struct CrossValidation: Sendable, Equatable {
    /// The path on all papers.
    public let path: Path
    /// The mean deviance of left-out papers for each strength.
    public let meanDeviances: [Double]
    /// Its standard error over folds.
    let standardErrors: [Double]
    /// The position of the strength with the smallest mean deviance.
    public let best: Int
    /// The position of the strongest strength within one standard error of it.
    public let sparse: Int
  }

  /// Fits the path.
  public func path(_ design: DesignMatrix, outcome: BinaryOutcome, weights: [Double]? = nil)
    throws(LogisticRegressionError) -> Path
  {
    let prepared = try PreparedDesign(design, weights: weights, offset: nil)
    let data = try LogisticData(prepared, outcome: outcome)
    let problem = PenalizedProblem(data, alpha: alpha)
    let lambdas = strengths(problem)
    let solutions = problem.solutions(lambdas)
    return Path(
      columnNames: design.columnNames, lambdas: lambdas,
      coefficients: solutions.map(problem.original),
      deviances: solutions.map(problem.deviance), paperCount: data.paperCount,
      eventCount: data.eventCount)
  }

  /// Chooses the strength by cross-validation.
  ///
  /// Papers are shuffled by the seed, yes and no apart, and dealt to the folds in turn, so that the
  /// folds are the same on every machine; papers of one cluster, if clusters are given, go to one
  /// fold, as its first paper. Weights count in the fits and in the mean deviances. A fold without
  /// both outcomes among the other papers is an error of the data and thrown.
  public func crossValidation(
    _ design: DesignMatrix, outcome: BinaryOutcome, weights: [Double]? = nil,
    clusters: [String?]? = nil, folds: Int = 10, seed: UInt64 = 1
  ) throws(LogisticRegressionError) -> CrossValidation {
    let full = try path(design, outcome: outcome, weights: weights)
    var members = [Int?](repeating: nil, count: design.paperCount)
    var stream = RandomStream(seed: seed)
    var next = 0
    let units = ClusterMembers(design.papers.map { clusters?[$0] }).rows
      .map { unit in unit.map { design.papers[$0] }.filter { outcome.values[$0] != nil } }
      .filter { !$0.isEmpty }
    for value in [true, false] {
      var own = units.filter { outcome.values[$0[0]] == value }
      stream.draw(own.count, toFrontOf: &own)
      for unit in own {
        for paper in unit { members[paper] = next % folds }
        next += 1
      }
    }
    var means: [[Double]] = []
    for fold in 0..<folds {
      let training = BinaryOutcome(
        name: outcome.name,
        values: outcome.values.indices.map { members[$0] == fold ? nil : outcome.values[$0] })
      let part = try ElasticNet(alpha: alpha, lambdas: full.lambdas).path(
        design, outcome: training, weights: weights)
      let rows = design.papers.indices.filter { members[design.papers[$0]] == fold }
      guard rows.contains(where: { weights?[design.papers[$0]] ?? 1 > 0 }) else { continue }
      let left = design.values.selecting(rows: rows, columns: Array(0..<design.columnCount))
      means.append(
        part.coefficients.map { coefficients in
          let predictors = left.multiplied(by: coefficients)
          var (sum, total) = (0.0, 0.0)
          for (predictor, row) in zip(predictors, rows) {
            let paper = design.papers[row]
            let weight = weights?[paper] ?? 1
            let isYes = outcome.values[paper] == true
            sum += 2 * weight * softplus(isYes ? -predictor : predictor)
            total += weight
          }
          return sum / total
        })
    }
    let moments = full.lambdas.indices.map { index in Moments(means.map { $0[index] }) }
    let average = moments.map(\.mean)
    let errors = moments.map { ($0.variance / Double(max($0.count, 1))).squareRoot() }
    let best = average.indices.min { average[$0] < average[$1] } ?? 0
    let limit = average[best] + errors[best]
    let sparse = average.indices.first { average[$0] <= limit } ?? best
    return CrossValidation(
      path: full, meanDeviances: average, standardErrors: errors, best: best, sparse: sparse)
  }

  private func strengths(_ problem: PenalizedProblem) -> [Double] {
    if let lambdas { return lambdas.sorted(by: >) }
    let largest = problem.smallestEmptyStrength / max(alpha, 0.001)
    let ratio = problem.paperCount > Double(problem.columnCount) ? 1e-4 : 1e-2
    return (0..<100).map { largest * Double.pow(ratio, Double($0) / 99) }
  }
}

/// Penalised least squares on standardised columns of covariate patterns.
private struct PenalizedProblem {
  private let columns: [[Double]]
  private let centers: [Double]
  private let scales: [Double]
  private let rates: [Double]
  private let weights: [Double]
  private let trials: [Double]
  private let alpha: Double
  let paperCount: Double

  /// The number of columns without the intercept.
  var columnCount: Int { columns.count }

  init(_ data: LogisticData, alpha: Double) {
    let total = data.trials.reduce(0, +)
    let weights = data.trials.map { $0 / total }
    var centers: [Double] = []
    var scales: [Double] = []
    columns = (1..<max(data.design.columnCount, 1)).map { column in
      let values = data.patterns.map { data.prepared.patterns.values[$0, column] }
      let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
      let square = zip(values, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
      let deviation = square.squareRoot()
      centers.append(mean)
      scales.append(deviation > 1e-12 * max(1, abs(mean)) ? deviation : 0)
      return values.map { deviation > 1e-12 * max(1, abs(mean)) ? ($0 - mean) / deviation : 0 }
    }
    self.centers = centers
    self.scales = scales
    self.weights = weights
    self.alpha = alpha
    trials = data.trials
    rates = zip(data.successes, data.trials).map { $0 / $1 }
    paperCount = total
  }

  private var rate: Double { zip(rates, weights).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The largest absolute score of a column when all coefficients are zero.
  var smallestEmptyStrength: Double {
    columns.reduce(0) { largest, column in
      let score = column.indices.reduce(0) {
        $0 + weights[$1] * column[$1] * (rates[$1] - rate)
      }
      return max(largest, abs(score))
    }
  }

  /// Intercept and standardised coefficients for each strength, strongest first.
  func solutions(_ lambdas: [Double]) -> [[Double]] {
    var beta = [Double](repeating: 0, count: columns.count + 1)
    beta[0] = Double.log(rate / (1 - rate))
    return lambdas.map { lambda in
      solve(&beta, lambda: lambda)
      return beta
    }
  }

  private func predictors(_ beta: [Double]) -> [Double] {
    var eta = [Double](repeating: beta[0], count: rates.count)
    for (column, values) in columns.enumerated() where beta[column + 1] != 0 {
      for row in eta.indices { eta[row] += beta[column + 1] * values[row] }
    }
    return eta
  }

  private func solve(_ beta: inout [Double], lambda: Double) {
    for _ in 0..<200 {
      let start = beta
      let probabilities = predictors(beta).map(logistic)
      let curvatures = probabilities.indices.map {
        weights[$0] * max(probabilities[$0] * (1 - probabilities[$0]), 1e-9)
      }
      // Weighted residuals of the working response, kept up to date during the descent.
      var residuals = probabilities.indices.map { weights[$0] * (rates[$0] - probabilities[$0]) }
      let squares = columns.map { column in
        column.indices.reduce(0) { $0 + curvatures[$1] * column[$1] * column[$1] }
      }
      let total = curvatures.reduce(0, +)
      for _ in 0..<10_000 {
        var largest = 0.0
        for column in columns.indices where scales[column] > 0 {
          let values = columns[column]
          let gradient = values.indices.reduce(0) { $0 + values[$1] * residuals[$1] }
          let pull = gradient + squares[column] * beta[column + 1]
          let excess = abs(pull) - lambda * alpha
          let shrunk = excess > 1e-12 * abs(pull) ? excess : 0
          let next =
            (pull < 0 ? -shrunk : shrunk) / (squares[column] + lambda * (1 - alpha))
          let change = next - beta[column + 1]
          guard change != 0 else { continue }
          beta[column + 1] = next
          largest = max(largest, squares[column] * change * change)
          for row in residuals.indices { residuals[row] -= change * curvatures[row] * values[row] }
        }
        let change = residuals.reduce(0, +) / total
        beta[0] += change
        for row in residuals.indices { residuals[row] -= change * curvatures[row] }
        largest = max(largest, total * change * change)
        if largest < 1e-24 { break }
      }
      let moved = zip(start, beta).map { abs($0 - $1) }.max() ?? 0
      if moved < 1e-11 { break }
    }
  }

  /// Coefficients of the columns as they were given.
  func original(_ beta: [Double]) -> [Double] {
    var result = beta
    for column in columns.indices {
      result[column + 1] = scales[column] > 0 ? beta[column + 1] / scales[column] : 0
      result[0] -= result[column + 1] * centers[column]
    }
    return result
  }

  func deviance(_ beta: [Double]) -> Double {
    zip(predictors(beta), zip(rates, trials)).reduce(0) { sum, entry in
      let (predictor, (rate, count)) = entry
      return sum + 2 * count * (rate * softplus(-predictor) + (1 - rate) * softplus(predictor))
    }
  }
}

import RealModule

/// The integrated log-likelihood over clusters with its derivatives in (β, σ).
struct ClusterIntegral {
  struct Value {
    var logLikelihood = 0.0
    var score: [Double]
    /// The observed information.
    var information: DenseMatrix
    /// The information if the intercepts were known: always positive definite.
    var completeInformation: DenseMatrix
  }

  private let fit: LogisticFit
  private let clusters: [[Int]]
  private let rule: GaussHermite
  /// The columns of the rows of each cluster.
  private let columns: [DenseMatrix]

  init(_ fit: LogisticFit, clusters: [[Int]], rule: GaussHermite) {
    self.fit = fit
    self.clusters = clusters
    self.rule = rule
    let all = Array(0..<fit.coefficients.count)
    columns = clusters.map { rows in
      fit.likelihood.x.selecting(rows: rows.map { fit.patternOfRow[$0] }, columns: all)
    }
  }

  private func predictors(_ parameters: [Double]) -> [Double] {
    let patterns = fit.likelihood.linearPredictors(Array(parameters.dropLast()))
    return fit.patternOfRow.map { patterns[$0] }
  }

  func evaluate(_ parameters: [Double]) -> Value? {
    let width = parameters.count
    let last = width - 1
    let predictors = predictors(parameters)
    var total = Value(
      score: [Double](repeating: 0, count: width),
      information: DenseMatrix(rows: width, columns: width),
      completeInformation: DenseMatrix(rows: width, columns: width))
    let patterns = [Double](repeating: 0, count: fit.likelihood.x.rows)
    var curvature = Curvature(slopes: patterns, slopesByIntercept: patterns)
    for cluster in clusters.indices {
      guard
        add(
          cluster, predictors: predictors, sigma: parameters[last], to: &total,
          curvature: &curvature)
      else { return nil }
    }
    let slopes = fit.likelihood.weightedProducts(curvature.slopes)
    let mixed = fit.likelihood.x.multiplied(
      by: curvature.slopesByIntercept, transposingSelf: true)
    for column in 0..<last {
      for other in 0..<last { total.completeInformation[other, column] = slopes[other, column] }
      total.completeInformation[last, column] = mixed[column]
      total.completeInformation[column, last] = mixed[column]
    }
    total.completeInformation[last, last] = curvature.intercept
    for index in total.information.elements.indices {
      total.information.elements[index] += total.completeInformation.elements[index]
    }
    return total.logLikelihood.isFinite ? total : nil
  }

  /// The mean curvature of the answers' log-probability over the intercepts, by pattern.
  private struct Curvature {
    var slopes: [Double]
    var slopesByIntercept: [Double]
    var intercept = 0.0
  }

  /// Adds one cluster; the information receives only the variance of the scores, negated.
  private func add(
    _ cluster: Int, predictors: [Double], sigma: Double, to total: inout Value,
    curvature: inout Curvature
  ) -> Bool {
    let rows = clusters[cluster]
    let width = total.score.count
    let (mode, scale) = mode(rows, predictors: predictors, sigma: sigma)
    let logs = rule.nodes.indices.map { node -> Double in
      let z = mode + scale * rule.nodes[node]
      let gap = (rule.nodes[node] * rule.nodes[node] - z * z) / 2
      return Double.log(rule.weights[node] * scale) + gap
        + logDensity(rows, predictors: predictors, shift: sigma * z)
    }
    guard let largest = logs.max(), largest.isFinite else { return false }
    let shares = logs.map { Double.exp($0 - largest) }
    let sum = shares.reduce(0, +)
    total.logLikelihood += largest + Double.log(sum)

    // The score of each node, one a column.
    var residuals = DenseMatrix(rows: rows.count, columns: shares.count)
    var byIntercept = [Double](repeating: 0, count: shares.count)
    for (node, share) in shares.enumerated() {
      let weight = share / sum
      let z = mode + scale * rule.nodes[node]
      for (index, row) in rows.enumerated() {
        let probability = logistic(predictors[row] + sigma * z)
        let residual = (fit.data.isYes[row] ? 1 : 0) - probability
        let slope = weight * probability * (1 - probability)
        let pattern = fit.patternOfRow[row]
        curvature.slopes[pattern] += slope
        curvature.slopesByIntercept[pattern] += slope * z
        curvature.intercept += slope * z * z
        residuals[index, node] = residual
        byIntercept[node] += residual * z
      }
    }
    let scores = columns[cluster].multiplied(by: residuals, transposingSelf: true)
    var weighted = DenseMatrix(rows: width, columns: shares.count)
    var meanScore = [Double](repeating: 0, count: width)
    for (node, share) in shares.enumerated() {
      let weight = share / sum
      let root = weight.squareRoot()
      for column in 0..<width {
        let score = column < width - 1 ? scores[column, node] : byIntercept[node]
        weighted[column, node] = root * score
        meanScore[column] += weight * score
      }
    }
    let products = weighted.multiplied(by: weighted, transposingOther: true)
    for column in 0..<width {
      total.score[column] += meanScore[column]
      for other in 0..<width {
        total.information[other, column] +=
          meanScore[other] * meanScore[column] - products[other, column]
      }
    }
    return true
  }

  /// Laplace's approximation of the log-likelihood with its gradient.
  ///
  /// A cluster contributes g − ½ log h with the log-density g of answers and intercept at the mode
  /// and h its curvature there; the mode moves with the parameters.
  func laplace(_ parameters: [Double]) -> (logLikelihood: Double, score: [Double]) {
    let last = parameters.count - 1
    let sigma = parameters[last]
    let predictors = predictors(parameters)
    var total = 0.0
    var slopes = [Double](repeating: 0, count: fit.likelihood.x.rows)
    var score = 0.0
    for rows in clusters {
      let (z, scale) = mode(rows, predictors: predictors, sigma: sigma)
      let h = 1 / (scale * scale)
      total += logDensity(rows, predictors: predictors, shift: sigma * z) - z * z / 2
      total -= Double.log(h) / 2
      var (gaps, weights, bends) = (0.0, 0.0, 0.0)
      let moments = rows.map { row -> (gap: Double, weight: Double, bend: Double) in
        let probability = logistic(predictors[row] + sigma * z)
        let weight = probability * (1 - probability)
        let gap = (fit.data.isYes[row] ? 1 : 0) - probability
        gaps += gap
        weights += weight
        bends += weight * (1 - 2 * probability)
        return (gap, weight, weight * (1 - 2 * probability))
      }
      let moving = sigma * sigma * sigma * bends / h
      for (row, moment) in zip(rows, moments) {
        slopes[fit.patternOfRow[row]] +=
          moment.gap - (sigma * sigma * moment.bend - moving * sigma * moment.weight) / (2 * h)
      }
      let direct = 2 * sigma * weights + sigma * sigma * z * bends
      score += z * gaps - (direct + moving * (gaps - sigma * z * weights)) / (2 * h)
    }
    return (total, fit.likelihood.x.multiplied(by: slopes, transposingSelf: true) + [score])
  }

  /// The negative derivative of the gradient of Laplace's approximation, by central differences.
  func laplaceInformation(_ parameters: [Double]) -> DenseMatrix {
    var result = DenseMatrix(rows: parameters.count, columns: parameters.count)
    for column in parameters.indices {
      let step = 1e-5 * max(1, abs(parameters[column]))
      var moved = parameters
      moved[column] += step
      let above = laplace(moved).score
      moved[column] -= 2 * step
      let below = laplace(moved).score
      for row in parameters.indices {
        let value = (below[row] - above[row]) / (4 * step)
        result[row, column] += value
        result[column, row] += value
      }
    }
    return result
  }

  /// The log-probability of the answers of a cluster with the predictors shifted.
  private func logDensity(_ rows: [Int], predictors: [Double], shift: Double) -> Double {
    rows.reduce(0) { sum, row in
      let predictor = predictors[row] + shift
      return sum - softplus(fit.data.isYes[row] ? -predictor : predictor)
    }
  }

  /// The mode of the intercept given the answers, and the scale of a normal density around it.
  private func mode(_ rows: [Int], predictors: [Double], sigma: Double) -> (Double, Double) {
    var z = 0.0
    var curvature = 1.0
    for _ in 0..<100 {
      var slope = -z
      curvature = 1
      for row in rows {
        let probability = logistic(predictors[row] + sigma * z)
        slope += sigma * ((fit.data.isYes[row] ? 1 : 0) - probability)
        curvature += sigma * sigma * probability * (1 - probability)
      }
      let step = max(-2, min(2, slope / curvature))
      z += step
      if abs(step) < 1e-12 { break }
    }
    return (z, 1 / curvature.squareRoot())
  }
}

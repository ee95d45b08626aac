import RealModule

/// The integrated log-likelihood over clusters with its derivatives in (β, σ).
///
/// Equal answers at the same covariate pattern are counted, and clusters with the same answers are
/// integrated once.
struct ClusterIntegral {
  struct Value {
    var logLikelihood = 0.0
    var score: [Double]
    /// The observed information.
    var information: DenseMatrix
    /// The information if the intercepts were known: always positive definite.
    var completeInformation: DenseMatrix
    /// The sum of squared scores of the clusters, their weights squared; zero without weights.
    var scoreProducts: DenseMatrix
  }

  /// An answer that a cluster gives so many times.
  private struct Answer: Hashable {
    var pattern: Int
    var isYes: Bool
    var count = 0.0
  }

  /// Clusters with the same answers.
  private struct Cluster {
    var answers: [Answer]
    /// The sum of the clusters' weights.
    var count: Double
    /// The sum of their squares.
    var squares: Double
    /// The columns of the answers.
    var columns: DenseMatrix
  }

  private let likelihood: BinomialLikelihood
  private let clusters: [Cluster]
  private let rule: GaussHermite
  private let isWeighted: Bool

  /// Counts the answers of clusters, which weigh one each without `weights`.
  init(_ fit: LogisticFit, clusters: [[Int]], weights: [Double]?, rule: GaussHermite) {
    likelihood = fit.likelihood
    self.rule = rule
    isWeighted = weights != nil
    let (patternOfRow, isYes) = (fit.patternOfRow, fit.data.isYes)
    var place: [[Answer]: Int] = [:]
    var counts: [(answers: [Answer], count: Double, squares: Double)] = []
    for (index, rows) in clusters.enumerated() {
      let weight = weights?[index] ?? 1
      var answers: [Answer] = []
      for cell in rows.map({ 2 * patternOfRow[$0] + (isYes[$0] ? 1 : 0) }).sorted() {
        let answer = Answer(pattern: cell / 2, isYes: cell % 2 == 1)
        if answers.last?.pattern != answer.pattern || answers.last?.isYes != answer.isYes {
          answers.append(answer)
        }
        answers[answers.count - 1].count += 1
      }
      if let known = place[answers] {
        counts[known].count += weight
        counts[known].squares += weight * weight
      } else {
        place[answers] = counts.count
        counts.append((answers, weight, weight * weight))
      }
    }
    let (x, all) = (likelihood.x, Array(0..<fit.coefficients.count))
    self.clusters = counts.map {
      Cluster(
        answers: $0.answers, count: $0.count, squares: $0.squares,
        columns: x.selecting(rows: $0.answers.map(\.pattern), columns: all))
    }
  }

  private func predictors(_ parameters: [Double]) -> [Double] {
    likelihood.linearPredictors(Array(parameters.dropLast()))
  }

  func evaluate(_ parameters: [Double]) -> Value? {
    let width = parameters.count
    let last = width - 1
    let predictors = predictors(parameters)
    var total = Value(
      score: [Double](repeating: 0, count: width),
      information: DenseMatrix(rows: width, columns: width),
      completeInformation: DenseMatrix(rows: width, columns: width),
      scoreProducts: DenseMatrix(rows: width, columns: width))
    let patterns = [Double](repeating: 0, count: likelihood.x.rows)
    var curvature = Curvature(slopes: patterns, slopesByIntercept: patterns)
    for cluster in clusters {
      guard
        add(
          cluster, predictors: predictors, sigma: parameters[last], to: &total,
          curvature: &curvature)
      else { return nil }
    }
    let slopes = likelihood.weightedProducts(curvature.slopes)
    let mixed = likelihood.x.multiplied(
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
    _ cluster: Cluster, predictors: [Double], sigma: Double, to total: inout Value,
    curvature: inout Curvature
  ) -> Bool {
    let (answers, count) = (cluster.answers, cluster.count)
    let width = total.score.count
    let (mode, scale) = mode(answers, predictors: predictors, sigma: sigma)
    let logs = rule.nodes.indices.map { node -> Double in
      let z = mode + scale * rule.nodes[node]
      let gap = (rule.nodes[node] * rule.nodes[node] - z * z) / 2
      return Double.log(rule.weights[node] * scale) + gap
        + logDensity(answers, predictors: predictors, shift: sigma * z)
    }
    guard let largest = logs.max(), largest.isFinite else { return false }
    let shares = logs.map { Double.exp($0 - largest) }
    let sum = shares.reduce(0, +)
    total.logLikelihood += count * (largest + Double.log(sum))

    // The score of each node, one a column.
    var residuals = DenseMatrix(rows: answers.count, columns: shares.count)
    var byIntercept = [Double](repeating: 0, count: shares.count)
    for (node, share) in shares.enumerated() {
      let weight = share / sum
      let z = mode + scale * rule.nodes[node]
      for (index, answer) in answers.enumerated() {
        let probability = logistic(predictors[answer.pattern] + sigma * z)
        let residual = answer.count * ((answer.isYes ? 1 : 0) - probability)
        let slope = count * answer.count * weight * probability * (1 - probability)
        curvature.slopes[answer.pattern] += slope
        curvature.slopesByIntercept[answer.pattern] += slope * z
        curvature.intercept += slope * z * z
        residuals[index, node] = residual
        byIntercept[node] += residual * z
      }
    }
    let scores = cluster.columns.multiplied(by: residuals, transposingSelf: true)
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
      total.score[column] += count * meanScore[column]
      for other in 0..<width {
        total.information[other, column] +=
          count * (meanScore[other] * meanScore[column] - products[other, column])
        guard isWeighted else { continue }
        total.scoreProducts[other, column] +=
          cluster.squares * meanScore[other] * meanScore[column]
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
    var slopes = [Double](repeating: 0, count: likelihood.x.rows)
    var score = 0.0
    for cluster in clusters {
      let (answers, count) = (cluster.answers, cluster.count)
      let (z, scale) = mode(answers, predictors: predictors, sigma: sigma)
      let h = 1 / (scale * scale)
      total += count * (logDensity(answers, predictors: predictors, shift: sigma * z) - z * z / 2)
      total -= count * Double.log(h) / 2
      var (gaps, weights, bends) = (0.0, 0.0, 0.0)
      let moments = answers.map { answer -> (gap: Double, weight: Double, bend: Double) in
        let probability = logistic(predictors[answer.pattern] + sigma * z)
        let weight = answer.count * probability * (1 - probability)
        let gap = answer.count * ((answer.isYes ? 1 : 0) - probability)
        gaps += gap
        weights += weight
        bends += weight * (1 - 2 * probability)
        return (gap, weight, weight * (1 - 2 * probability))
      }
      let moving = sigma * sigma * sigma * bends / h
      for (answer, moment) in zip(answers, moments) {
        slopes[answer.pattern] +=
          count
          * (moment.gap - (sigma * sigma * moment.bend - moving * sigma * moment.weight) / (2 * h))
      }
      let direct = 2 * sigma * weights + sigma * sigma * z * bends
      score += count * (z * gaps - (direct + moving * (gaps - sigma * z * weights)) / (2 * h))
    }
    return (total, likelihood.x.multiplied(by: slopes, transposingSelf: true) + [score])
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
  private func logDensity(_ answers: [Answer], predictors: [Double], shift: Double) -> Double {
    answers.reduce(0) { sum, answer in
      let predictor = predictors[answer.pattern] + shift
      return sum - answer.count * softplus(answer.isYes ? -predictor : predictor)
    }
  }

  /// The mode of the intercept given the answers, and the scale of a normal density around it.
  private func mode(
    _ answers: [Answer], predictors: [Double], sigma: Double
  ) -> (Double, Double) {
    var z = 0.0
    var curvature = 1.0
    for _ in 0..<100 {
      var slope = -z
      curvature = 1
      for answer in answers {
        let probability = logistic(predictors[answer.pattern] + sigma * z)
        slope += sigma * answer.count * ((answer.isYes ? 1 : 0) - probability)
        curvature += sigma * sigma * answer.count * probability * (1 - probability)
      }
      let step = max(-2, min(2, slope / curvature))
      z += step
      if abs(step) < 1e-12 { break }
    }
    return (z, 1 / curvature.squareRoot())
  }
}

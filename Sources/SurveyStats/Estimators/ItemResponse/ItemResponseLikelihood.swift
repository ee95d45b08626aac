import RealModule

/// The marginal likelihood of an item response model, with its derivatives.
///
/// Parameters are the discriminations (one for the 1PL), then the intercepts.
struct ItemResponseLikelihood: Sendable, Equatable {
  /// The answers.
  let patterns: AnswerPatterns
  /// Which parameters items have.
  let kind: ItemResponseModel.Kind
  /// The quadrature of ability.
  let rule: GaussHermite

  /// The number of discrimination parameters.
  var slopeCount: Int { kind == .onePL ? 1 : patterns.itemCount }

  /// Which second derivatives an evaluation brings.
  enum Information {
    /// Those of the likelihood if ability were known, as EM uses them.
    case complete
    /// Those of the likelihood itself.
    case observed
  }

  /// The discrimination and intercept of each item.
  func items(_ parameters: [Double]) -> (slopes: [Double], intercepts: [Double]) {
    let count = patterns.itemCount
    return (
      kind == .onePL
        ? [Double](repeating: parameters[0], count: count) : Array(parameters.prefix(count)),
      Array(parameters.suffix(count))
    )
  }

  /// Log odds of a yes at each node, and the probabilities and log probabilities of yes and no.
  struct Curves {
    /// The log odds, one row an item and one column a node.
    var logits: DenseMatrix
    /// The probability of a yes.
    var probabilities: DenseMatrix
    /// The logarithm of the probability of a no.
    var logNo: DenseMatrix
  }

  /// The curves of the items at the nodes.
  func curves(_ parameters: [Double]) -> Curves {
    let (slopes, intercepts) = items(parameters)
    var logits = DenseMatrix(rows: slopes.count, columns: rule.nodes.count)
    var probabilities = logits
    var logNo = logits
    for (node, ability) in rule.nodes.enumerated() {
      for item in slopes.indices {
        let logit = slopes[item] * ability + intercepts[item]
        let small = Double.exp(-abs(logit))
        logits[item, node] = logit
        probabilities[item, node] = (logit >= 0 ? 1 : small) / (1 + small)
        logNo[item, node] = -max(logit, 0) - Double.log(onePlus: small)
      }
    }
    return Curves(logits: logits, probabilities: probabilities, logNo: logNo)
  }

  /// The posterior of ability at the nodes for each pattern of a block (rows sum to one), and the
  /// logarithm of each pattern's likelihood.
  func posterior(
    _ block: AnswerPatterns.Block, _ curves: Curves
  ) -> (weights: DenseMatrix, logLikelihoods: [Double]) {
    var weights = block.yes.multiplied(by: curves.logits)
    let no = block.applies.multiplied(by: curves.logNo)
    let logWeights = rule.weights.map { $0 > 0 ? Double.log($0) : -.infinity }
    var largest = [Double](repeating: -.infinity, count: weights.rows)
    for node in 0..<weights.columns {
      for row in 0..<weights.rows {
        weights[row, node] += no[row, node] + logWeights[node]
        largest[row] = max(largest[row], weights[row, node])
      }
    }
    var totals = [Double](repeating: 0, count: weights.rows)
    for node in 0..<weights.columns {
      for row in 0..<weights.rows {
        weights[row, node] = Double.exp(weights[row, node] - largest[row])
        totals[row] += weights[row, node]
      }
    }
    return (
      weights.scalingRows(by: totals.map { 1 / $0 }),
      totals.indices.map { largest[$0] + Double.log(totals[$0]) }
    )
  }

  /// The negative log likelihood with its derivatives.
  func evaluate(_ parameters: [Double], information: Information) -> Evaluation {
    let curves = curves(parameters)
    let (items, nodes) = (patterns.itemCount, rule.nodes.count)
    var value = 0.0
    var yes = DenseMatrix(rows: items, columns: nodes)
    var applicable = yes
    var missing = DenseMatrix(rows: 2 * items, columns: 2 * items)
    for block in patterns.blocks {
      let (weights, logLikelihoods) = posterior(block, curves)
      value -= zip(block.counts, logLikelihoods).reduce(0) { $0 + $1.0 * $1.1 }
      let counted = weights.scalingRows(by: block.counts)
      yes.add(block.yes.multiplied(by: counted, transposingSelf: true))
      applicable.add(block.applies.multiplied(by: counted, transposingSelf: true))
      if information == .observed {
        missing.add(missingInformation(block, weights, curves.probabilities))
      }
    }
    var gradient = [Double](repeating: 0, count: 2 * items)
    var hessian = missing
    for index in hessian.elements.indices { hessian.elements[index] = -hessian.elements[index] }
    for node in 0..<nodes {
      let ability = rule.nodes[node]
      for item in 0..<items {
        let probability = curves.probabilities[item, node]
        let residual = yes[item, node] - applicable[item, node] * probability
        gradient[item] -= ability * residual
        gradient[items + item] -= residual
        let spread = applicable[item, node] * probability * (1 - probability)
        hessian[item, item] += ability * ability * spread
        hessian[item, items + item] += ability * spread
        hessian[items + item, item] += ability * spread
        hessian[items + item, items + item] += spread
      }
    }
    guard kind == .onePL else {
      return Evaluation(value: value, gradient: gradient, hessian: hessian)
    }
    return Evaluation(
      value: value,
      gradient: [gradient.prefix(items).reduce(0, +)] + gradient.suffix(items),
      hessian: withOneSlope(hessian))
  }

  /// The information that is lost because ability is unknown: the posterior covariance of the score
  /// of each pattern, summed (Louis 1982).
  private func missingInformation(
    _ block: AnswerPatterns.Block, _ weights: DenseMatrix, _ probabilities: DenseMatrix
  ) -> DenseMatrix {
    let (items, rows) = (patterns.itemCount, block.counts.count)
    var information = DenseMatrix(rows: 2 * items, columns: 2 * items)
    for (node, ability) in rule.nodes.enumerated() {
      let roots = (0..<rows).map { (block.counts[$0] * weights[$0, node]).squareRoot() }
      guard roots.contains(where: { $0 > 1e-12 }) else { continue }
      var residuals = DenseMatrix(rows: rows, columns: items)
      for item in 0..<items {
        let probability = probabilities[item, node]
        for row in 0..<rows {
          residuals[row, item] =
            roots[row] * (block.yes[row, item] - block.applies[row, item] * probability)
        }
      }
      let products = residuals.multiplied(by: residuals, transposingSelf: true)
      for k in 0..<items {
        for j in 0..<items {
          let product = products[j, k]
          information[j, k] += ability * ability * product
          information[j, items + k] += ability * product
          information[items + j, k] += ability * product
          information[items + j, items + k] += product
        }
      }
    }
    let moved = weights.scalingColumns(by: rule.nodes)
    let expected = weights.multiplied(by: probabilities, transposingOther: true)
    let expectedMoved = moved.multiplied(by: probabilities, transposingOther: true)
    let abilities = weights.multiplied(by: rule.nodes)
    let roots = block.counts.map { $0.squareRoot() }
    var scores = DenseMatrix(rows: rows, columns: 2 * items)
    for item in 0..<items {
      for row in 0..<rows {
        let (yes, applies) = (block.yes[row, item], block.applies[row, item])
        scores[row, item] =
          roots[row] * (yes * abilities[row] - applies * expectedMoved[row, item])
        scores[row, items + item] = roots[row] * (yes - applies * expected[row, item])
      }
    }
    let means = scores.multiplied(by: scores, transposingSelf: true)
    for index in information.elements.indices {
      information.elements[index] -= means.elements[index]
    }
    return information
  }

  /// Second derivatives with all discriminations the same parameter.
  private func withOneSlope(_ hessian: DenseMatrix) -> DenseMatrix {
    let items = patterns.itemCount
    var result = DenseMatrix(rows: items + 1, columns: items + 1)
    for k in 0..<items {
      for j in 0..<items {
        result[0, 0] += hessian[j, k]
        result[0, k + 1] += hessian[j, items + k]
        result[j + 1, k + 1] = hessian[items + j, items + k]
      }
    }
    for k in 0..<items { result[k + 1, 0] = result[0, k + 1] }
    return result
  }
}

extension DenseMatrix {
  /// Adds the elements of a matrix of the same shape.
  mutating func add(_ other: DenseMatrix) {
    for index in elements.indices { elements[index] += other.elements[index] }
  }

  /// The matrix with column j multiplied by `factors[j]`.
  func scalingColumns(by factors: [Double]) -> DenseMatrix {
    var result = self
    for column in 0..<columns { for row in 0..<rows { result[row, column] *= factors[column] } }
    return result
  }
}

import RealModule

/// The marginal likelihood of an item response model, with its derivatives.
///
/// Parameters are the discriminations (one for the 1PL), then the intercepts.
struct ItemResponseLikelihood: Sendable, Equatable {
  /// The answers.
  let patterns: AnswerPatterns
  /// Which parameters items have.
  let kind: ItemResponseModel.Kind

  /// The number of discrimination parameters.
  var slopeCount: Int { kind == .onePL ? 1 : patterns.itemCount }

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

    /// The curves at a range of the nodes.
    func at(_ nodes: Range<Int>) -> Curves {
      Curves(
        logits: logits.selecting(columns: nodes),
        probabilities: probabilities.selecting(columns: nodes),
        logNo: logNo.selecting(columns: nodes))
    }
  }

  /// The curves of the items at some abilities.
  func curves(_ parameters: [Double], at nodes: [Double]) -> Curves {
    let (slopes, intercepts) = items(parameters)
    var logits = DenseMatrix(rows: slopes.count, columns: nodes.count)
    var probabilities = logits
    var logNo = logits
    for (node, ability) in nodes.enumerated() {
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

  /// The logarithm of likelihood times weight at the nodes, one row a pattern.
  func logPosteriors(
    _ answers: AnswerPatterns.Answers, _ curves: Curves, logWeights: [Double]
  ) -> DenseMatrix {
    var result = answers.yes.multiplied(by: curves.logits)
    let no = answers.applies.map { $0.multiplied(by: curves.logNo) }
    for node in logWeights.indices {
      let shared =
        logWeights[node] + (no == nil ? curves.logNo.column(node).reduce(0, +) : 0)
      for row in 0..<result.rows { result[row, node] += shared }
    }
    if let no { result.add(no) }
    return result
  }

  /// What the sums over the nodes of one group are made of.
  struct Posterior {
    /// The group.
    let group: AbilityQuadrature.Group
    /// The abilities at its nodes.
    let nodes: [Double]
    /// The answers of its patterns.
    let answers: AnswerPatterns.Answers
    /// The curves at its nodes.
    let curves: Curves
    /// The posterior at the nodes for each pattern; rows sum to one.
    let weights: DenseMatrix
    /// The logarithm of each pattern's likelihood.
    let logLikelihoods: [Double]
  }

  /// The curves of the items at the nodes of each grid.
  func curves(_ parameters: [Double], _ quadrature: AbilityQuadrature) -> [Curves] {
    quadrature.grids.map { curves(parameters, at: $0.nodes) }
  }

  /// Calls a function with the posterior of each group of patterns.
  func forEachPosterior(
    _ quadrature: AbilityQuadrature, curves: [Curves], _ body: (Posterior) -> Void
  ) {
    let grids = quadrature.grids.map { (nodes: $0.nodes, logWeights: $0.logWeights) }
    for group in quadrature.groups {
      let grid = grids[group.grid]
      let curves = curves[group.grid].at(group.nodes)
      let answers = patterns.answers(of: group.patterns)
      var weights = logPosteriors(
        answers, curves, logWeights: Array(grid.logWeights[group.nodes]))
      var largest = [Double](repeating: -.infinity, count: weights.rows)
      for node in 0..<weights.columns {
        for row in 0..<weights.rows { largest[row] = max(largest[row], weights[row, node]) }
      }
      var totals = [Double](repeating: 0, count: weights.rows)
      for node in 0..<weights.columns {
        for row in 0..<weights.rows {
          weights[row, node] = Double.exp(weights[row, node] - largest[row])
          totals[row] += weights[row, node]
        }
      }
      body(
        Posterior(
          group: group, nodes: Array(grid.nodes[group.nodes]), answers: answers, curves: curves,
          weights: weights.scalingRows(by: totals.map { 1 / $0 }),
          logLikelihoods: totals.indices.map { largest[$0] + Double.log(totals[$0]) }))
    }
  }

  /// The negative log likelihood with its first derivatives, and with the second derivatives that it
  /// would have if ability were known, as EM uses them.
  func evaluate(_ parameters: [Double], _ quadrature: AbilityQuadrature) -> Evaluation {
    let items = patterns.itemCount
    var value = 0.0
    var yes = quadrature.grids.map { DenseMatrix(rows: items, columns: $0.range.count) }
    var applicable = yes
    let curves = curves(parameters, quadrature)
    forEachPosterior(quadrature, curves: curves) { part in
      let counts = part.group.patterns.map { patterns.counts[$0] }
      value -= zip(counts, part.logLikelihoods).reduce(0) { $0 + $1.0 * $1.1 }
      let counted = part.weights.scalingRows(by: counts)
      let (grid, first) = (part.group.grid, part.group.nodes.lowerBound)
      yes[grid].add(
        part.answers.yes.multiplied(by: counted, transposingSelf: true), fromColumn: first)
      if let applies = part.answers.applies {
        applicable[grid].add(
          applies.multiplied(by: counted, transposingSelf: true), fromColumn: first)
      } else {
        for node in 0..<counted.columns {
          let sum = counted.column(node).reduce(0, +)
          for item in 0..<items { applicable[grid][item, first + node] += sum }
        }
      }
    }
    var gradient = [Double](repeating: 0, count: 2 * items)
    var hessian = DenseMatrix(rows: 2 * items, columns: 2 * items)
    for (index, grid) in quadrature.grids.enumerated() {
      let probabilities = curves[index].probabilities
      for (node, ability) in grid.nodes.enumerated() {
        for item in 0..<items {
          let probability = probabilities[item, node]
          let residual = yes[index][item, node] - applicable[index][item, node] * probability
          gradient[item] -= ability * residual
          gradient[items + item] -= residual
          let spread = applicable[index][item, node] * probability * (1 - probability)
          hessian[item, item] += ability * ability * spread
          hessian[item, items + item] += ability * spread
          hessian[items + item, item] += ability * spread
          hessian[items + item, items + item] += spread
        }
      }
    }
    return Evaluation(
      value: value, gradient: reduced(gradient),
      hessian: kind == .onePL ? withOneSlope(hessian) : hessian)
  }

  /// The derivatives by the parameters, where all discriminations may be the same one.
  func reduced(_ gradient: [Double]) -> [Double] {
    let items = patterns.itemCount
    return kind == .onePL
      ? [gradient.prefix(items).reduce(0, +)] + gradient.suffix(items) : gradient
  }

  /// Second derivatives with all discriminations the same parameter.
  func withOneSlope(_ hessian: DenseMatrix) -> DenseMatrix {
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

  /// Adds the elements of a matrix of as many rows to the columns from one on.
  mutating func add(_ other: DenseMatrix, fromColumn first: Int) {
    precondition(other.rows == rows && first + other.columns <= columns)
    let start = first * rows
    for index in other.elements.indices { elements[start + index] += other.elements[index] }
  }

  /// A range of the columns.
  func selecting(columns range: Range<Int>) -> DenseMatrix {
    DenseMatrix(
      rows: rows, columns: range.count,
      elements: Array(elements[range.lowerBound * rows..<range.upperBound * rows]))
  }

  /// The matrix with column j multiplied by `factors[j]`.
  func scalingColumns(by factors: [Double]) -> DenseMatrix {
    var result = self
    for column in 0..<columns { for row in 0..<rows { result[row, column] *= factors[column] } }
    return result
  }
}

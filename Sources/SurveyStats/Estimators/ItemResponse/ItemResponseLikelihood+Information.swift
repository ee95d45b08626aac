extension ItemResponseLikelihood {
  /// The second derivatives of the negative log likelihood (Louis 1982): those that it would have if
  /// ability were known, less the posterior covariance of the scores of each pattern.
  ///
  /// With residuals `r_j = y_j - P_j(θ)` of the items that apply, the covariance is made of
  /// `sum E[θ^m r_j r_k]`, m = 0, 1, 2, in which yes and yes go with moments of θ, yes and P with those
  /// of P, and P and P with the posterior at each node, summed over patterns to which the same items
  /// apply.
  func observedInformation(
    _ parameters: [Double], _ quadrature: AbilityQuadrature
  ) -> DenseMatrix {
    let items = patterns.itemCount
    var sums = [DenseMatrix](repeating: DenseMatrix(rows: items, columns: items), count: 3)
    var means = DenseMatrix(rows: 2 * items, columns: 2 * items)
    var shared = SharedApplicability(self, quadrature)
    forEachPosterior(quadrature, curves: curves(parameters, quadrature)) { part in
      let counts = part.group.patterns.map { patterns.counts[$0] }
      var powers = [Double](repeating: 1, count: part.nodes.count)
      for moment in 0..<3 {
        let moved = part.weights.scalingColumns(by: powers)
        let ones = [Double](repeating: 1, count: powers.count)
        let ability = zip(moved.multiplied(by: ones), counts).map { $0 * $1 }
        sums[moment].add(
          part.answers.yes.scalingRows(by: ability)
            .multiplied(by: part.answers.yes, transposingSelf: true))
        var expected = moved.multiplied(by: part.curves.probabilities, transposingOther: true)
          .scalingRows(by: counts)
        if let applies = part.answers.applies { expected.multiplyElements(by: applies) }
        let crossed = part.answers.yes.multiplied(by: expected, transposingSelf: true)
        for k in 0..<items {
          for j in 0..<items { sums[moment][j, k] -= crossed[j, k] + crossed[k, j] }
        }
        for node in powers.indices { powers[node] *= part.nodes[node] }
      }
      shared.add(part, counts: counts, to: &sums)
      let scores = scores(part).scalingRows(by: counts.map { $0.squareRoot() })
      means.add(scores.multiplied(by: scores, transposingSelf: true))
    }
    shared.finish(curves: { curves(parameters, at: $0) }, to: &sums)
    var missing = DenseMatrix(rows: 2 * items, columns: 2 * items)
    for k in 0..<items {
      for j in 0..<items {
        missing[j, k] = sums[2][j, k]
        missing[j, items + k] = sums[1][j, k]
        missing[items + j, k] = sums[1][j, k]
        missing[items + j, items + k] = sums[0][j, k]
      }
    }
    for index in missing.elements.indices { missing.elements[index] -= means.elements[index] }
    guard var information = evaluate(parameters, quadrature).hessian else { return missing }
    let lost = kind == .onePL ? withOneSlope(missing) : missing
    for index in information.elements.indices {
      information.elements[index] -= lost.elements[index]
    }
    return information
  }

  /// The derivatives of the log likelihood of each pattern, one row a pattern: by the
  /// discriminations of all items, then by their intercepts.
  func scores(_ part: Posterior) -> DenseMatrix {
    let (items, rows) = (patterns.itemCount, part.weights.rows)
    let moved = part.weights.scalingColumns(by: part.nodes)
    let abilities = part.weights.multiplied(by: part.nodes)
    var expected = part.weights.multiplied(by: part.curves.probabilities, transposingOther: true)
    var expectedMoved = moved.multiplied(by: part.curves.probabilities, transposingOther: true)
    if let applies = part.answers.applies {
      expected.multiplyElements(by: applies)
      expectedMoved.multiplyElements(by: applies)
    }
    var scores = DenseMatrix(rows: rows, columns: 2 * items)
    for item in 0..<items {
      for row in 0..<rows {
        let yes = part.answers.yes[row, item]
        scores[row, item] = yes * abilities[row] - expectedMoved[row, item]
        scores[row, items + item] = yes - expected[row, item]
      }
    }
    return scores
  }

  /// The weighted scores of the papers, summed over the papers of each unit; one row a unit.
  func unitScores(
    _ parameters: [Double], _ quadrature: AbilityQuadrature, design: SamplingDesign,
    weights: [Double]?
  ) -> DenseMatrix {
    let count = slopeCount + patterns.itemCount
    var byPattern = DenseMatrix(rows: patterns.count, columns: count)
    forEachPosterior(quadrature, curves: curves(parameters, quadrature)) { part in
      let scores = scores(part)
      for (row, pattern) in part.group.patterns.enumerated() {
        for (column, value) in reduced(scores.row(row)).enumerated() {
          byPattern[pattern, column] = value
        }
      }
    }
    var result = DenseMatrix(rows: design.unitCount, columns: count)
    for column in 0..<count {
      for (paper, pattern) in patterns.patternOfPaper.enumerated() {
        guard let pattern else { continue }
        result[design.unitOfPaper[paper], column] +=
          (weights?[paper] ?? 1) * byPattern[pattern, column]
      }
    }
    return result
  }
}

/// Sums over the nodes of products of two probabilities, over patterns to which both items apply.
///
/// Where many patterns share the items that apply, their posteriors are first added up.
private struct SharedApplicability {
  /// For each grid, one row a set of items that apply and one column a node; `nil` where nearly every
  /// pattern has a set of its own.
  private var posteriors: [DenseMatrix]?
  private let quadrature: AbilityQuadrature
  private let patterns: AnswerPatterns

  init(_ likelihood: ItemResponseLikelihood, _ quadrature: AbilityQuadrature) {
    patterns = likelihood.patterns
    self.quadrature = quadrature
    let sets = patterns.applicabilityExamples.count
    guard 8 * sets <= patterns.count || sets == 1 else { return }
    posteriors = quadrature.grids.map { DenseMatrix(rows: sets, columns: $0.range.count) }
  }

  /// Adds the posteriors of a group of patterns.
  mutating func add(
    _ part: ItemResponseLikelihood.Posterior, counts: [Double], to sums: inout [DenseMatrix]
  ) {
    let weights = part.weights.scalingRows(by: counts)
    guard posteriors != nil else {
      add(
        weights, applies: part.answers.applies, nodes: part.nodes,
        probabilities: part.curves.probabilities, to: &sums)
      return
    }
    let first = part.group.nodes.lowerBound
    for node in 0..<weights.columns {
      for (row, pattern) in part.group.patterns.enumerated() {
        posteriors?[part.group.grid][patterns.applicability[pattern], first + node] +=
          weights[row, node]
      }
    }
  }

  /// Adds the products for what was added up.
  func finish(
    curves: ([Double]) -> ItemResponseLikelihood.Curves, to sums: inout [DenseMatrix]
  ) {
    guard let posteriors else { return }
    let answers = patterns.answers(of: patterns.applicabilityExamples)
    for (grid, weights) in zip(quadrature.grids, posteriors) {
      let nodes = grid.nodes
      add(
        weights, applies: answers.applies, nodes: nodes,
        probabilities: curves(nodes).probabilities, to: &sums)
    }
  }

  private func add(
    _ weights: DenseMatrix, applies: DenseMatrix?, nodes: [Double], probabilities: DenseMatrix,
    to sums: inout [DenseMatrix]
  ) {
    let items = probabilities.rows
    guard let applies else {
      let totals = nodes.indices.map { weights.column($0).reduce(0, +) }
      for moment in 0..<3 {
        let factors = nodes.indices.map { node in
          (0..<moment).reduce(totals[node]) { product, _ in product * nodes[node] }
        }
        sums[moment].add(
          probabilities.scalingColumns(by: factors)
            .multiplied(by: probabilities, transposingOther: true))
      }
      return
    }
    for node in nodes.indices {
      let column = Array(weights.column(node))
      let rows = column.indices.filter { column[$0] > 1e-14 }
      guard !rows.isEmpty else { continue }
      let roots = rows.map { column[$0].squareRoot() }
      var scaled = DenseMatrix(rows: rows.count, columns: items)
      unsafe scaled.elements.withUnsafeMutableBufferPointer { elements in
        for item in 0..<items {
          let probability = probabilities[item, node]
          let (own, start) = (applies.column(item), item * rows.count)
          let first = own.startIndex
          for (place, row) in rows.enumerated() {
            unsafe elements[start + place] = own[first + row] * roots[place] * probability
          }
        }
      }
      let product = scaled.multiplied(by: scaled, transposingSelf: true)
      let (one, two) = (nodes[node], nodes[node] * nodes[node])
      for index in product.elements.indices {
        let value = product.elements[index]
        sums[0].elements[index] += value
        sums[1].elements[index] += one * value
        sums[2].elements[index] += two * value
      }
    }
  }
}

extension DenseMatrix {
  /// The variance of the sums of the rows, `sum_h G_h/(G_h - 1) sum (z - z_h)(z - z_h)'` over the
  /// strata h of G_h rows that are not zero throughout; `nil` for fewer than two such rows.
  ///
  /// The lone row of a stratum is centred at zero.
  func centeredProducts(stratumSizes: [Int]) -> DenseMatrix? {
    var centered = self
    var first = 0
    var used = 0
    for size in stratumSizes {
      let units = (first..<first + size).filter { row in
        (0..<columns).contains { self[row, $0] != 0 }
      }
      first += size
      used += units.count
      guard units.count > 1 else { continue }
      let scale = (Double(units.count) / Double(units.count - 1)).squareRoot()
      for column in 0..<columns {
        let mean = units.reduce(0) { $0 + self[$1, column] } / Double(units.count)
        for row in units { centered[row, column] = scale * (self[row, column] - mean) }
      }
    }
    return used > 1 ? centered.multiplied(by: centered, transposingSelf: true) : nil
  }

  /// Multiplies the elements by those of a matrix of the same shape.
  fileprivate mutating func multiplyElements(by other: DenseMatrix) {
    for index in elements.indices { elements[index] *= other.elements[index] }
  }
}

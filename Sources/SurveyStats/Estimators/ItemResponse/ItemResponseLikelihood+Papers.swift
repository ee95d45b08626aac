import RealModule

extension ItemResponseLikelihood {
  /// The ability of each pattern: mean and standard deviation of its posterior.
  func abilities(
    _ parameters: [Double], _ quadrature: AbilityQuadrature
  ) -> [ItemResponseFit.Ability] {
    posteriorMoments(parameters, quadrature) { $0.nodes }
  }

  /// The posterior mean and standard deviation, for each pattern, of a function of ability.
  ///
  /// - Parameter values: The function at the nodes of a group.
  func posteriorMoments(
    _ parameters: [Double], _ quadrature: AbilityQuadrature, of values: (Posterior) -> [Double]
  ) -> [ItemResponseFit.Ability] {
    var result = [ItemResponseFit.Ability?](repeating: nil, count: patterns.count)
    forEachPosterior(quadrature, curves: curves(parameters, quadrature)) { part in
      let values = values(part)
      let means = part.weights.multiplied(by: values)
      for (row, pattern) in part.group.patterns.enumerated() {
        var variance = 0.0
        for node in values.indices {
          let deviation = values[node] - means[row]
          variance += part.weights[row, node] * deviation * deviation
        }
        result[pattern] = ItemResponseFit.Ability(
          estimate: means[row], standardError: variance.squareRoot(),
          itemCount: patterns.applicableItems(of: pattern))
      }
    }
    return result.compactMap { $0 }
  }

  /// Mean squares of the residuals of each item from its prediction by each paper's other answers.
  ///
  /// With posterior weights w of a paper that passed, the prediction without that answer is
  /// `1 / sum(w / P)`, and one less `1 / sum(w / (1-P))` for a paper that did not. Posteriors are
  /// followed further than elsewhere, because those without an answer are wider.
  func itemFit(_ parameters: [Double]) -> [(outfit: Double, infit: Double)] {
    var standardized = [Double](repeating: 0, count: patterns.itemCount)
    var (squares, spread, count) = (standardized, standardized, standardized)
    let wide = quadrature(parameters, depth: 3 * Self.usualDepth)
    forEachPosterior(wide, curves: curves(parameters, wide)) { part in
      var (ofYes, ofNo) = (part.curves.logNo, part.curves.logNo)
      for index in ofNo.elements.indices {
        ofNo.elements[index] = Double.exp(-part.curves.logNo.elements[index])
        ofYes.elements[index] =
          Double.exp(-part.curves.logNo.elements[index] - part.curves.logits.elements[index])
      }
      let perYes = part.weights.multiplied(by: ofYes, transposingOther: true)
      let perNo = part.weights.multiplied(by: ofNo, transposingOther: true)
      for item in standardized.indices {
        for (row, pattern) in part.group.patterns.enumerated() {
          if let applies = part.answers.applies, applies[row, item] == 0 { continue }
          let isYes = part.answers.yes[row, item] == 1
          let residual = 1 - 1 / (isYes ? perYes : perNo)[row, item]
          let weight = patterns.counts[pattern]
          squares[item] += weight * residual * residual
          standardized[item] += weight * residual / (1 - residual)
          spread[item] += weight * residual * (1 - residual)
          count[item] += weight
        }
      }
    }
    return standardized.indices.map {
      (standardized[$0] / count[$0], squares[$0] / spread[$0])
    }
  }
}

import RealModule

extension ItemResponseLikelihood {
  /// The ability of each pattern: mean and standard deviation of its posterior.
  func abilities(_ parameters: [Double]) -> [ItemResponseFit.Ability] {
    posteriorMoments(parameters, of: rule.nodes)
  }

  /// The posterior mean and standard deviation, for each pattern, of a function of ability.
  ///
  /// - Parameter values: The function at the nodes.
  func posteriorMoments(
    _ parameters: [Double], of values: [Double]
  ) -> [ItemResponseFit.Ability] {
    let curves = curves(parameters)
    let squares = values.map { $0 * $0 }
    let itemCounts = patterns.applicableItems
    var first = 0
    return patterns.blocks.flatMap { block in
      let weights = posterior(block, curves).weights
      let means = weights.multiplied(by: values)
      let seconds = weights.multiplied(by: squares)
      defer { first += means.count }
      return means.indices.map { row in
        ItemResponseFit.Ability(
          estimate: means[row],
          standardError: max(seconds[row] - means[row] * means[row], 0).squareRoot(),
          itemCount: itemCounts[first + row])
      }
    }
  }

  /// Mean squares of the residuals of each item from its prediction by each paper's other answers.
  ///
  /// With posterior weights w of a paper that passed, the prediction without that answer is
  /// `1 / sum(w / P)`, and one less `1 / sum(w / (1-P))` for a paper that did not.
  func itemFit(_ parameters: [Double]) -> [(outfit: Double, infit: Double)] {
    let curves = curves(parameters)
    var (ofYes, ofNo) = (curves.logNo, curves.logNo)
    for index in ofNo.elements.indices {
      ofNo.elements[index] = Double.exp(-curves.logNo.elements[index])
      ofYes.elements[index] =
        Double.exp(-curves.logNo.elements[index] - curves.logits.elements[index])
    }
    var standardized = [Double](repeating: 0, count: patterns.itemCount)
    var (squares, spread, count) = (standardized, standardized, standardized)
    for block in patterns.blocks {
      let weights = posterior(block, curves).weights
      let perYes = weights.multiplied(by: ofYes, transposingOther: true)
      let perNo = weights.multiplied(by: ofNo, transposingOther: true)
      for item in standardized.indices {
        for row in block.counts.indices where block.applies[row, item] == 1 {
          let isYes = block.yes[row, item] == 1
          let residual = 1 - 1 / (isYes ? perYes : perNo)[row, item]
          let variance = residual * (1 - residual)
          squares[item] += block.counts[row] * residual * residual
          standardized[item] += block.counts[row] * residual / (1 - residual)
          spread[item] += block.counts[row] * variance
          count[item] += block.counts[row]
        }
      }
    }
    return standardized.indices.map {
      (standardized[$0] / count[$0], squares[$0] / spread[$0])
    }
  }
}

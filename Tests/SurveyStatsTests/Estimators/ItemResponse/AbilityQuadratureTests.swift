import RealModule
import SurveyStats
import Testing

/// The integrals over ability against plain sums over 16,001 nodes.
@Suite struct AbilityQuadratureTests {
  /// Papers of normal ability answer items of equal discrimination, a fifth of them not applicable.
  static func simulated(
    papers: Int, items: Int, discrimination: Double, missing: Double = 0.2
  ) -> BinaryMatrix {
    var random = RandomStream(seed: 5, stream: UInt64(items))
    let difficulties = (0..<items).map { _ in random.normal() }
    let cells = (0..<papers).map { _ in
      let ability = random.normal()
      return difficulties.map { difficulty -> Cell in
        let odds = Double.exp(discrimination * (ability - difficulty))
        let passes = random.uniform() < odds / (1 + odds)
        return random.uniform() < missing ? .notApplicable : passes ? .yes : .no
      }
    }
    return BinaryMatrix(
      papers: cells.indices.map { Paper(slug: "p\($0)") },
      items: (0..<items).map { Item(id: ItemID("i\($0)")) }
    ) { paper, item in cells[paper][item] }
  }

  /// Log likelihood, and mean and standard deviation of each posterior, by a plain sum.
  static func bruteForce(
    _ fit: ItemResponseFit, _ matrix: BinaryMatrix
  ) -> (logLikelihood: Double, means: [Double], deviations: [Double]) {
    let step = 1.0 / 800
    let nodes = (-8_000...8_000).map { Double($0) * step }
    let used = matrix.selecting(items: fit.names)
    var logits = DenseMatrix(rows: fit.names.count, columns: nodes.count)
    var logNo = logits
    for (node, ability) in nodes.enumerated() {
      for (item, parameters) in fit.items.enumerated() {
        let logit = parameters.discrimination * ability + parameters.intercept
        logits[item, node] = logit
        logNo[item, node] = -max(logit, 0) - Double.log(onePlus: Double.exp(-abs(logit)))
      }
    }
    var yes = DenseMatrix(rows: used.papers.count, columns: used.items.count)
    var applies = yes
    for item in used.items.indices {
      for paper in used.papers.indices where used.applies[paper, item] {
        applies[paper, item] = 1
        if used.yes[paper, item] { yes[paper, item] = 1 }
      }
    }
    let (first, second) = (yes.multiplied(by: logits), applies.multiplied(by: logNo))
    var total = 0.0
    var (means, deviations): ([Double], [Double]) = ([], [])
    for paper in used.papers.indices {
      let logs = nodes.indices.map {
        first[paper, $0] + second[paper, $0] - nodes[$0] * nodes[$0] / 2
      }
      let largest = logs.max() ?? 0
      let weights = logs.map { Double.exp($0 - largest) }
      let sum = weights.reduce(0, +)
      total += largest + Double.log(sum * step) - Double.log(2 * .pi) / 2
      let mean = zip(weights, nodes).reduce(0) { $0 + $1.0 * $1.1 } / sum
      let square = zip(weights, nodes).reduce(0) {
        $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean)
      }
      means.append(mean)
      deviations.append((square / sum).squareRoot())
    }
    return (total, means, deviations)
  }

  @Test(
    arguments: [
      (60, 5, 1.0), (60, 5, 8.0), (100, 40, 2.5), (100, 40, 8.0), (60, 150, 8.0), (60, 500, 0.5),
      (60, 500, 8.0),
    ])
  func `the log likelihood and abilities are exact for many and sharp items`(
    papers: Int, items: Int, discrimination: Double
  ) throws {
    let matrix = Self.simulated(papers: papers, items: items, discrimination: discrimination)
    // One discrimination for all, so that it stays where it was simulated.
    let fit = try ItemResponseModel(.onePL).fit(matrix)
    let expected = Self.bruteForce(fit, matrix)
    #expect(abs(fit.logLikelihood - expected.logLikelihood) < 1e-6)
    for (paper, ability) in fit.abilities.enumerated() {
      let ability = try #require(ability)
      #expect(abs(ability.estimate - expected.means[paper]) < 1e-6)
      #expect(
        abs(ability.standardError - expected.deviations[paper])
          < 1e-6 * max(expected.deviations[paper], 1e-3))
    }
  }

  @Test func `so they are for discriminations that differ, with some at their bound`() throws {
    let matrix = Self.simulated(papers: 300, items: 12, discrimination: 4)
    let fit = try ItemResponseModel(.twoPL).fit(matrix)
    let expected = Self.bruteForce(fit, matrix)
    #expect(abs(fit.logLikelihood - expected.logLikelihood) < 1e-6)
    #expect(fit.abilities(of: matrix) == fit.abilities)
    for (paper, ability) in fit.abilities.enumerated() {
      let error = try #require(ability).standardError
      #expect(abs(error / expected.deviations[paper] - 1) < 1e-6)
    }
  }

  @Test func `the information is the curvature of the likelihood`() throws {
    for missing in [0, 0.3] {
      let matrix = Self.simulated(papers: 400, items: 6, discrimination: 1.2, missing: missing)
      let fit = try ItemResponseModel(.twoPL).fit(matrix)
      // Numerical second derivatives of the plain sum are those of the brute force in R: here the
      // 1PL and 2PL errors must agree with a bootstrap-free check, the sandwich of a true model.
      let design = try SamplingDesign(
        paperCount: 400, clusters: matrix.papers.map(\.slug),
        weights: (0..<400).map { $0 % 2 == 0 ? 1 : 1.000001 })
      let robust = try ItemResponseModel(.twoPL).fit(matrix, design: design)
      for (model, sandwich) in zip(fit.items, robust.items) {
        let ratio =
          (try #require(sandwich.discriminationError)) / (try #require(model.discriminationError))
        #expect(ratio > 0.75 && ratio < 1.35)
      }
    }
  }
}

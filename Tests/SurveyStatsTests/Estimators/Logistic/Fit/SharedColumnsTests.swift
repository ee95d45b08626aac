import RealModule
import Testing

@testable import SurveyStats

/// Fits in the coordinates of all papers against fits with rows and coordinates of their own.
@Suite struct SharedColumnsTests {
  /// Numbers as covariates, the second of them near the first as far as asked for.
  private func design(papers: Int, likeness: Double = 0) throws -> DesignMatrix {
    var random = RandomStream(seed: 21, stream: UInt64(papers))
    let first = (0..<papers).map { _ in 2_000 + 5 * random.normal() }
    let second = first.map { likeness * $0 + (1 - likeness) * random.normal() }
    let flag = (0..<papers).map { _ in Double(random.index(below: 2)) }
    return try DesignMatrix(
      ModelFormula("first + second + flag"),
      from: CovariateColumns([
        "first": .numeric(first), "second": .numeric(second), "flag": .numeric(flag),
      ]))
  }

  private func outcomes(_ design: DesignMatrix) -> [BinaryOutcome] {
    var random = RandomStream(seed: 22)
    return (0..<6).map { index in
      BinaryOutcome(
        name: "y\(index)",
        values: (0..<design.paperCount).map { paper -> Bool? in
          let score = design.values[paper, 1] - 2_000
          if index % 2 == 1, random.uniform() < 0.3 { return nil }
          return random.uniform() < logistic(Double(index) - 3 + 0.2 * score)
        })
    }
  }

  @Test(arguments: [300, 5_000]) func `fits are those with coordinates of their own`(papers: Int)
    throws
  {
    let design = try design(papers: papers)
    let prepared = try PreparedDesign(design, weights: nil, offset: nil)
    let shared = try #require(prepared.sharedColumns)
    let regression = LogisticRegression()
    let outcomes = outcomes(design)
    let together = LogisticData.all(prepared, outcomes: outcomes, weighting: .frequencies)
    for (outcome, data) in zip(outcomes, together) {
      let data = try data.get()
      let alone = try LogisticData(prepared, outcome: outcome)
      #expect(data.patterns == alone.patterns && data.trials == alone.trials)
      #expect(data.successes == alone.successes && data.eventCount == alone.eventCount)
      #expect(data.allTotals.trials == alone.allTotals.trials)
      #expect(data.allTotals.successes == alone.allTotals.successes)
      for path in KernelPath.available {
        let found = try #require(shared.fit(data, path: path))
        let fit = LogisticFit(data: data, found: found, notes: [])
        #expect(LogisticLanesTests.areEqual(fit, try regression.fitAlone(alone)))
        let own = fit.found
        #expect(own.likelihood.count == 4 && own.optimum.beta == found.optimum.beta)
      }
    }
  }

  @Test func `separated outcomes and nearly dependent columns are left to others`() throws {
    let design = try design(papers: 300)
    let prepared = try PreparedDesign(design, weights: nil, offset: nil)
    let shared = try #require(prepared.sharedColumns)
    let separated = BinaryOutcome(
      name: "y", values: (0..<300).map { design.values[$0, 1] > 2_000 })
    #expect(shared.fit(try LogisticData(prepared, outcome: separated)) == nil)
    // Constant among the papers with the outcome, not among all.
    let flagged = BinaryOutcome(
      name: "y", values: (0..<300).map { design.values[$0, 3] == 1 ? $0 % 2 == 0 : nil })
    #expect(shared.fit(try LogisticData(prepared, outcome: flagged)) == nil)
    let near = try self.design(papers: 300, likeness: 0.99)
    #expect(try PreparedDesign(near, weights: nil, offset: nil).sharedColumns == nil)
    let weights = [Double](repeating: 2, count: 300)
    #expect(try PreparedDesign(design, weights: weights, offset: nil).sharedColumns == nil)
  }
}

import SurveyStats
import Testing

@Suite struct OrdinalAlphaStatisticTests {
  /// psych's tetrachoric correlations stop at 3e-5 (see `TetrachoricCorrelationTests`).
  @Test(arguments: ["lsat6", "lsat7"]) func `ordinal coefficients agree with psych`(
    name: String
  ) throws {
    let golden = try FactorGolden("ordinal_reliability")
    let matrix = name == "lsat7" ? try lsat7() : try CorrelationGolden("lsat6").binaryMatrix
    let correlations = try PairwiseAssociations(items: matrix, coefficient: .tetrachoric)
      .correlationMatrix()
    let reliability = try Reliability(correlations)
    let table = reliability.table(splits: reliability.splits(), isOrdinal: true)
    guard case .text(let terms)? = table["term"]?.values,
      case .real(let estimates)? = table["estimate"]?.values
    else { return }
    for (term, estimate) in zip(terms, estimates) {
      let term = try #require(term)
      guard term == "alpha" || term == "mean_correlation" || term.hasPrefix("lambda_") else {
        continue
      }
      let expected = try golden.values(name, term)[0]
      #expect(abs(try #require(estimate) - expected) < FactorTolerance.psychTetrachoric, "\(term)")
    }
  }

  @Test func `under weights of one it is the alpha of the sample`() throws {
    let matrix = try lsat7()
    let correlations = try PairwiseAssociations(items: matrix, coefficient: .tetrachoric)
      .correlationMatrix()
    let design = SamplingDesign(paperCount: matrix.papers.count)
    let pairs = ItemCorrelationStatistic(matrix, coefficient: .tetrachoric, design: design)
    let statistic = OrdinalAlphaStatistic(pairs, like: correlations)
    #expect(abs(statistic.original()[0] - (try Reliability(correlations).alpha)) < 1e-12)
  }
}

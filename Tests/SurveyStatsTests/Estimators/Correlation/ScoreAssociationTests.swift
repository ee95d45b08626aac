import RealModule
import Testing

@testable import SurveyStats

@Suite struct ScoreAssociationTests {
  @Test(arguments: ["airquality", "longley"], ScoreCoefficient.allCases)
  func `scores with ties and gaps agree with R`(data: String, coefficient: ScoreCoefficient) throws
  {
    let columns = try CorrelationGolden(data).scores
    let golden = try CorrelationGolden("scores").rows(where: "data", is: data)
      .rows(where: "coefficient", is: coefficient.rawValue)
    let pairs = PairwiseAssociations(scores: columns, coefficient: coefficient).pairs
    for row in golden.rows.indices {
      let pair = try #require(
        pairs.first {
          columns.names[$0.first] == golden["a"][row]
            && columns.names[$0.second] == golden["b"][row]
        })
      let found = pair.association
      #expect(Double(pair.count) == golden.numbers("n")[row])
      let expected = try #require(golden.numbers("estimate")[row])
      #expect(abs(try #require(found.estimate) - expected) < Tolerance.closedForm)
      var pValue = try #require(golden.numbers("p_value")[row])
      // R's t is infinite there; of all orders two are as far from zero.
      if coefficient == .spearman, abs(expected) == 1 {
        #expect(pair.count == 16 && found.test == .permutations)
        pValue = 9.55895466477477e-14
      }
      // R subtracts exact Kendall probabilities from 1.
      #expect(abs(try #require(found.pValue) - pValue) <= 1e-9 * pValue + 1e-15)
      guard let low = golden.numbers("low")[row], let high = golden.numbers("high")[row],
        let error = golden.numbers("std_error")[row]
      else { continue }
      #expect(abs(try #require(found.lower) - low) < 1e-11)
      #expect(abs(try #require(found.upper) - high) < 1e-11)
      #expect(abs(try #require(found.standardError) - error) < Tolerance.closedForm)
    }
  }

  @Test(arguments: ScoreCoefficient.allCases) func `weights are repeated papers`(
    coefficient: ScoreCoefficient
  ) {
    let (x, y): ([Double], [Double]) = ([1, 2, 2, 5, 7, 3], [2, 1, 4, 4, 9, 9])
    let weights: [Double] = [1, 3, 0, 2, 1, 2]
    let rows = x.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    let weighted = ScorePair(x, y, weights: weights).estimate(coefficient)
    let repeated = ScorePair(rows.map { x[$0] }, rows.map { y[$0] }).estimate(coefficient)
    #expect(abs(weighted - repeated) < 1e-14)
  }

  @Test(arguments: ScoreCoefficient.allCases) func `degenerate scores have named outcomes`(
    coefficient: ScoreCoefficient
  ) {
    let constant = ScorePair([1, 1, 1], [1, 2, 3]).association(coefficient)
    #expect(constant.note == .constantItem && constant.estimate == nil)
    let perfect = ScorePair([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]).association(coefficient)
    #expect(perfect.estimate == -1 && perfect.note == .boundaryCorrelation)
    #expect(perfect.lower == nil && perfect.pValue != nil)
    let few = ScorePair([1, 2, 3], [1, 3, 2]).association(coefficient)
    #expect(few.note == .tooFewForInterval && few.lower == nil)
    #expect(few.pValue.map { $0 > 0 && $0 <= 1 } ?? false)
    #expect(ScorePair([1], [2]).association(coefficient).note == .fewerThanTwoPapers)
    #expect(ScorePair([1, 2], [4, 3]).association(coefficient).estimate == -1)
  }

  @Test func `over some papers it is the correlation of these papers, bit by bit`() {
    var random = RandomStream(seed: 5)
    let x = (0..<200).map { _ in random.uniform() }
    let y = x.map { $0 + random.uniform() }
    for papers in [Array(0..<200), [3, 7, 8, 150], [4, 9], [0]] {
      let pair = ScorePair(papers.map { x[$0] }, papers.map { y[$0] })
      let found = ScorePair.correlation(x, y, in: papers)
      #expect(found.bitPattern == pair.estimate(.pearson).bitPattern || papers.count == 1)
    }
    #expect(ScorePair.correlation([1, 1, 2], [1, 2, 3], in: [0, 1]).isNaN)
    #expect(ScorePair.correlation(x, y, in: []).isNaN)
  }
}

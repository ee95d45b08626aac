import RealModule
import SurveyStats
import Testing

@Suite struct AssociationTests {
  @Test(arguments: ItemCoefficient.allCases.filter { $0 != .tetrachoric })
  func `coefficients and standard errors agree with 40-digit arithmetic`(
    coefficient: ItemCoefficient
  ) throws {
    let golden = try CorrelationGolden("two_by_two")
      .rows(where: "coefficient", is: coefficient.rawValue)
    let cells = ["n11", "n10", "n01", "n00"].map { golden.values($0) }
    for (row, expected) in golden.values("estimate").enumerated() {
      let table = TwoByTwoTable(
        n11: cells[0][row], n10: cells[1][row], n01: cells[2][row], n00: cells[3][row])
      let found = table.association(coefficient)
      let estimate = try #require(found.estimate)
      #expect(abs(estimate - expected) < Tolerance.closedForm * max(1, abs(expected)), "\(table)")
      let error = try #require(found.standardError, "\(table)")
      let expectedError = golden.values("std_error")[row]
      #expect(abs(error / expectedError - 1) < Tolerance.standardErrorRelative, "\(table)")
      let (lower, upper) = (try #require(found.lower), try #require(found.upper))
      #expect(lower < estimate && estimate < upper, "\(table)")
    }
    #expect(golden.rows.count == (coefficient == .phiRatio ? 17 : 22))
  }

  @Test func `p-values agree with R`() throws {
    let golden = try CorrelationGolden("independence")
    let cells = ["n11", "n10", "n01", "n00"].map { golden.values($0) }
    for row in golden.rows.indices {
      let table = TwoByTwoTable(
        n11: cells[0][row], n10: cells[1][row], n01: cells[2][row], n00: cells[3][row])
      let (square, exact) = (golden.values("chi_square")[row], golden.values("fisher")[row])
      #expect(abs(table.chiSquarePValue - square) <= Tolerance.pValueRelative * square, "\(table)")
      // R's own probabilities are good to about 1e-10.
      #expect(abs(table.fisherPValue - exact) <= 1e-9 * exact, "\(table)")
      let usesExact = table.smallestExpectedCell < 5
      #expect(table.independencePValue == (usesExact ? table.fisherPValue : table.chiSquarePValue))
    }
  }

  @Test func `the intervals of Yule's Q and the odds ratio are the same`() throws {
    let table = TwoByTwoTable(40, 10, 20, 30)
    let (q, odds) = (table.association(.yuleQ), table.association(.oddsRatio))
    let lower = try #require(odds.lower)
    #expect(abs(try #require(q.lower) - (lower - 1) / (lower + 1)) < 1e-14)
    // Woolf's interval: exp(log 6 ± 1.96 √(1/40 + 1/10 + 1/20 + 1/30)).
    let half = 1.959_963_984_540_054 * (1.0 / 40 + 1.0 / 10 + 1.0 / 20 + 1.0 / 30).squareRoot()
    #expect(abs(lower - Double.exp(Double.log(6) - half)) < 1e-12)
  }

  @Test func `phi-max is one when the margins allow no more`() {
    #expect(TwoByTwoTable(10, 0, 20, 30).association(.phiRatio).estimate == 1)
    #expect(TwoByTwoTable(0, 10, 20, 30).association(.phiRatio).estimate == -1)
    #expect(abs(TwoByTwoTable(10, 0, 20, 30).association(.phi).estimate ?? 1) < 0.5)
  }

  @Test(arguments: ItemCoefficient.allCases) func `identical items are at the boundary`(
    coefficient: ItemCoefficient
  ) {
    let found = TwoByTwoTable(20, 0, 0, 30).association(coefficient)
    if coefficient.isCorrelation {
      #expect(found.estimate == 1)
      #expect(found.standardError == nil && found.lower == nil)
      #expect(found.note == .boundaryCorrelation)
    } else {
      #expect(found.estimate?.isFinite == true)
    }
    #expect((found.pValue ?? 1) < 1e-10)
  }

  @Test(arguments: ItemCoefficient.allCases) func `constant items have no correlation`(
    coefficient: ItemCoefficient
  ) {
    for table in [
      TwoByTwoTable(20, 10, 0, 0), TwoByTwoTable(0, 10, 0, 20), TwoByTwoTable(0, 0, 0, 9),
    ] {
      let found = table.association(coefficient)
      #expect(found.note == .constantItem)
      #expect(found.pValue == nil)
      if coefficient.isCorrelation { #expect(found.estimate == nil) }
      #expect(found.estimate?.isFinite ?? true)
      #expect(found.standardError?.isFinite ?? true)
    }
  }

  @Test func `empty cells have named outcomes`() {
    let table = TwoByTwoTable(0, 10, 20, 30)
    #expect(table.association(.lift).estimate == 0)
    #expect(table.association(.lift).note == .emptyCell)
    #expect(table.association(.yuleQ).estimate == -1)
    #expect(table.association(.yuleQ).note == .boundaryCorrelation)
    #expect(table.association(.oddsRatio).estimate == 0.5 * 30.5 / (10.5 * 20.5))
    #expect(table.association(.oddsRatio).note == .zeroCellAdjusted)
    #expect(table.association(.jaccard).lower == 0)
    #expect(table.association(.conditional).estimate == 0)
  }
}

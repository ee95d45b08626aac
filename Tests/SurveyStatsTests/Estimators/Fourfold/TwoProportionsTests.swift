import RealModule
import Testing

@testable import SurveyStats

@Suite struct TwoProportionsTests {
  let golden = RegressionGolden("comparison")
  static let tables = [
    TwoProportions(56, of: 70, 48, of: 80), TwoProportions(9, of: 10, 3, of: 10),
    TwoProportions(6, of: 7, 2, of: 7), TwoProportions(5, of: 56, 0, of: 29),
    TwoProportions(0, of: 10, 0, of: 20), TwoProportions(10, of: 10, 0, of: 10),
    TwoProportions(212, of: 467, 150, of: 500),
  ]

  func name(_ pair: TwoProportions) -> String {
    "\(pair.firstYes)/\(pair.firstCount)/\(pair.secondYes)/\(pair.secondCount)"
  }

  func expect(_ interval: Estimate, _ model: String, _ quantity: String) {
    let values = golden.values(model, quantity)
    #expect(abs((interval.lower ?? .nan) - (values.first?.value ?? .nan)) < 1e-9)
    #expect(abs((interval.upper ?? .nan) - (values.last?.value ?? .nan)) < 1e-9)
  }

  @Test(arguments: tables)
  func `intervals of the difference follow their definitions`(pair: TwoProportions) {
    expect(pair.newcombeInterval(), name(pair), "newcombe")
    expect(pair.miettinenNurminenInterval(), name(pair), "miettinen")
  }

  @Test(arguments: tables)
  func `tests and ratios agree with R`(pair: TwoProportions) {
    func check(_ found: Double?, _ quantity: String) {
      guard let expected = golden.values(name(pair), quantity).first?.value else {
        #expect(found == nil)
        return
      }
      if let found { #expect(abs(found - expected) < 1e-9, "\(quantity)") }
    }
    if let exact = pair.test(.fisher) {
      check(exact.pValue, "fisher")
      check(pair.test(.fisherMidP)?.pValue, "fisher_mid")
      check(pair.test(.chiSquare)?.statistic, "chi")
      check(pair.test(.reducedChiSquare)?.pValue, "chi_n1")
    }
    if pair.table.smallestCell > 0 {
      check(pair.logRiskRatio?.estimate, "rr")
      check(pair.logRiskRatio?.standardError, "rr_se")
    }
    check(pair.logOddsRatio?.estimate, "or")
    check(pair.logOddsRatio?.standardError, "or_se")
  }

  @Test func `published intervals of Newcombe 1998 are met`() {
    let interval = TwoProportions(56, of: 70, 48, of: 80).newcombeInterval()
    #expect(abs((interval.lower ?? 0) - 0.0524) < 5e-5)
    #expect(abs((interval.upper ?? 0) - 0.3339) < 5e-5)
    let score = TwoProportions(56, of: 70, 48, of: 80).miettinenNurminenInterval()
    #expect(abs((score.lower ?? 0) - 0.0528) < 5e-5)
    #expect(abs((score.upper ?? 0) - 0.3382) < 5e-5)
  }

  @Test func `exchanging the groups mirrors the intervals`() {
    let pair = TwoProportions(7, of: 20, 15, of: 33)
    let mirrored = TwoProportions(15, of: 33, 7, of: 20)
    for (one, other) in [
      (pair.newcombeInterval(), mirrored.newcombeInterval()),
      (pair.miettinenNurminenInterval(), mirrored.miettinenNurminenInterval()),
    ] {
      #expect(abs((one.lower ?? 1) + (other.upper ?? 1)) < 1e-12)
    }
  }

  @Test func `empty groups and constant answers are undefined`() {
    let empty = TwoProportions(0, of: 0, 3, of: 5)
    #expect(empty.difference == nil)
    #expect(empty.newcombeInterval().lower == nil)
    #expect(empty.miettinenNurminenInterval().upper == nil)
    #expect(empty.test() == nil)
    let constant = TwoProportions(4, of: 4, 5, of: 5)
    #expect(constant.test() == nil)
    #expect(constant.logOddsRatio == nil)
    #expect(constant.difference == 0)
  }

  @Test func `the usual test is that of the score limits`() {
    for pair in [TwoProportions(6, of: 7, 2, of: 7), TwoProportions(56, of: 70, 48, of: 80)] {
      let result = pair.test()
      #expect(result?.test == .reducedChiSquare)
      #expect(abs((result?.pValue ?? 0) - (pair.score()?.pValue ?? 1)) < 1e-12)
    }
  }
}

@Suite struct PairedProportionsTests {
  let golden = RegressionGolden("comparison")
  static let pairs = [
    PairedProportions(both: 36, firstOnly: 12, secondOnly: 2, neither: 0),
    PairedProportions(both: 20, firstOnly: 12, secondOnly: 2, neither: 16),
    PairedProportions(both: 54, firstOnly: 0, secondOnly: 0, neither: 0),
    PairedProportions(both: 30, firstOnly: 1, secondOnly: 9, neither: 5),
    PairedProportions(both: 0, firstOnly: 30, secondOnly: 0, neither: 24),
    PairedProportions(both: 10, firstOnly: 5, secondOnly: 5, neither: 10),
  ]

  @Test(arguments: pairs)
  func `McNemar and Newcombe agree with R`(pair: PairedProportions) {
    let name = "\(pair.both)-\(pair.firstOnly)-\(pair.secondOnly)-\(pair.neither)"
    #expect(abs(pair.exactPValue - golden.value(name, "exact")) < 1e-12)
    #expect(abs(pair.midPValue - golden.value(name, "mid")) < 1e-12)
    if let statistic = pair.mcNemarStatistic {
      #expect(abs(statistic - golden.value(name, "mcnemar")) < 1e-12)
    }
    let interval = pair.newcombeInterval()
    let expected = golden.values(name, "paired")
    #expect(abs((interval.lower ?? .nan) - expected[0].value) < 1e-12)
    #expect(abs((interval.upper ?? .nan) - expected[1].value) < 1e-12)
  }

  @Test func `only papers to which both items apply count`() {
    let matrix = BinaryMatrix(
      papers: (0..<5).map { Paper(slug: "\($0)") },
      items: [Item(id: ItemID("a")), Item(id: ItemID("b"))]
    ) { paper, item in
      [[.yes, .yes], [.yes, .no], [.no, .yes], [.notApplicable, .yes], [.no, .absent]][paper][item]
    }
    #expect(
      PairedProportions(matrix, 0, 1)
        == PairedProportions(both: 1, firstOnly: 1, secondOnly: 1, neither: 0))
  }

  @Test func `no papers are undefined`() {
    let none = PairedProportions(both: 0, firstOnly: 0, secondOnly: 0, neither: 0)
    #expect(none.difference == nil)
    #expect(none.newcombeInterval().lower == nil)
    #expect(none.exactPValue == 1)
    #expect(none.midPValue == 1)
  }
}

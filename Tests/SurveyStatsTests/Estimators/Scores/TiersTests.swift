import SurveyStats
import Testing

@Suite struct TiersTests {
  @Test(arguments: [
    (100, 0), (70, 0), (69.999, 1), (60, 1), (59.9, 2), (50, 2), (40, 3), (30, 4), (29.99, 5),
    (0, 5),
  ]) func `a score belongs to the tier it reaches`(score: Double, tier: Int) {
    #expect(Tiers.standard.index(of: score) == tier)
  }

  @Test func `rounding does not decide about a tier`() {
    // A composite of dimensions that are all 60.
    let composite = 3 / (1 / 60.0 + 1 / 60.0 + 1 / 60.0)
    #expect(Tiers.standard.index(of: composite) == 1)
    #expect(Tiers.standard.index(of: 60 - 1e-12) == 1)
    #expect(Tiers.standard.index(of: 60 - 1e-6) == 2)
  }

  @Test func `names say the bounds`() {
    #expect(Tiers.standard.names == [">=70", "60-70", "50-60", "40-50", "30-40", "<30"])
    #expect(Tiers(bounds: [66.5])?.names == [">=66.5", "<66.5"])
    #expect(Tiers(bounds: [1e300, 0])?.names == [">=1e+300", "0-1e+300", "<0"])
  }

  @Test(arguments: ["", "30,40", "50,50", "a", "70,,60", "nan", "inf", "70,60,"])
  func `bounds must descend`(text: String) {
    #expect(Tiers(text: text) == nil)
  }

  @Test func `bounds are read with spaces around them`() {
    #expect(Tiers(text: " 70 , 60")?.bounds == [70, 60])
    #expect(Tiers(text: "50")?.bounds == [50])
  }
}

import Testing

@testable import SurveyFigures
@testable import SurveyReport
@testable import SurveyStats

/// What a post leads with.
@Suite struct FindingTests {
  private func finding(
    _ kind: Finding.Kind, _ effect: Double, _ limits: (Double, Double)?, among candidates: Int = 1,
    papers: Int = 100
  ) -> Finding {
    Finding(
      kind: kind, section: kind.rawValue, effect: effect, lower: limits?.0, upper: limits?.1,
      candidates: candidates, papers: papers, headline: "", sentence: "",
      number: .points("x", effect), statement: "")
  }

  @Test func `strength is the distance of zero from the nearer limit`() {
    #expect(finding(.pair, 0.4, (0.3, 0.5)).strength(level: 0.95) == 0.4 - (0.4 - 0.3))
    #expect(finding(.pair, -0.4, (-0.5, -0.25)).strength(level: 0.95) == 0.4 - (0.4 - 0.25))
    #expect(finding(.pair, 0.1, (-0.1, 0.3)).strength(level: 0.95) == 0)
    #expect(finding(.pair, 0.1, nil).strength(level: 0.95) == 0)
  }

  @Test func `limits are widened for the number of candidates`() {
    // Python 3.11, statistics.NormalDist: inv_cdf(1 - 0.05 / 16) / inv_cdf(0.975)
    let one = finding(.pair, 0.4, (0.3, 0.5)).strength(level: 0.95)
    let eight = finding(.pair, 0.4, (0.3, 0.5), among: 8).strength(level: 0.95)
    #expect(abs((0.4 - eight) / (0.4 - one) - 1.3951117511) < 1e-9)
    #expect(finding(.pair, 0.11, (0.01, 0.21), among: 8).strength(level: 0.95) == 0)
  }

  @Test
  func
    `the surer of two effects leads, and what is not clear or rests on few papers is no finding`()
  {
    let wide = finding(.pair, 0.5, (0.1, 0.9))
    let narrow = finding(.trend, 0.3, (0.25, 0.35))
    let unclear = finding(.group, 0.6, (-0.1, 1))
    let few = finding(.pattern, 0.45, (0.4, 0.5), papers: 9)
    let ranked = Finding.ranked([wide, narrow, unclear, few], leastPapers: 10, level: 0.95)
    #expect(ranked == [narrow, wide])
  }

  @Test func `a clear change since the last report leads, a slight one has to be stronger`() {
    let gap = finding(.pair, 0.5, (0.4, 0.6))
    let change = finding(.change, 0.06, (0.03, 0.09))
    let slight = finding(.change, 0.02, (0.01, 0.03))
    #expect(
      Finding.ranked([gap, change], leastPapers: 10, level: 0.95).map(\.kind) == [.change, .pair])
    #expect(
      Finding.ranked([gap, slight], leastPapers: 10, level: 0.95).map(\.kind) == [.pair, .change])
  }

  @Test func `of equal strength the order is that of the kinds, then that of the list`() {
    let pattern = finding(.pattern, 0.3, (0.2, 0.4))
    let pair = finding(.pair, 0.3, (0.2, 0.4))
    #expect(
      Finding.ranked([pattern, pair, pattern], leastPapers: 10, level: 0.95).map(\.kind)
        == [.pair, .pattern, .pattern])
  }
}

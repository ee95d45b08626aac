import SurveyStats
import Testing

@Suite struct EstimateTests {
  private let first = Estimate(0.6, standardError: 0.05, lower: 0.5, upper: 0.69, level: 0.95)
  private let second = Estimate(0.2, standardError: 0.04, lower: 0.14, upper: 0.3, level: 0.95)

  @Test func `limits of a difference follow from those of its terms`() throws {
    let difference = first.minus(second, correlation: 0)
    // Zou & Donner (2008), equation 2, by hand.
    let (value, lower) = (try #require(difference.value), try #require(difference.lower))
    let upper = try #require(difference.upper)
    let (below, above) = (0.02.squareRoot(), 0.0117.squareRoot())
    #expect(abs(value - 0.4) < 1e-15)
    #expect(abs(lower - 0.4 + below) < 1e-15)
    #expect(abs(upper - 0.4 - above) < 1e-15)
    #expect(difference.method == .mover && difference.level == 0.95)
    let error = try #require(difference.standardError)
    #expect(abs(error - 0.0041.squareRoot()) < 1e-15)
  }

  @Test func `correlated terms of equal width differ less`() throws {
    let independent = first.minus(second, correlation: 0)
    let correlated = first.minus(second, correlation: 0.5)
    #expect(try #require(correlated.lower) > #require(independent.lower))
    #expect(try #require(correlated.standardError) < #require(independent.standardError))
  }

  @Test func `a negative factor turns the limits around`() {
    let turned = second.times(-2)
    #expect(turned.value == -0.4 && turned.lower == -0.6 && turned.upper == -0.28)
    #expect(turned.standardError == 0.08)
    #expect(first.plus(.zero).value == first.value)
  }

  @Test func `without a value there is no difference, and the reasons stay`() {
    let missing = Estimate(nil, notes: [Note("never-applicable", effect: .noValue)])
    let difference = first.minus(missing, correlation: 0)
    #expect(difference.value == nil && difference.lower == nil && difference.method == nil)
    #expect(difference.notes.text == "never-applicable")
  }

  @Test func `notes stand in a table once each`() {
    let note = Note("few-clusters", detail: "7", effect: .doubt)
    #expect([note, .tooFewReplicates, note].text == "few-clusters: 7; too-few-replicates")
    #expect(note.words == "few clusters: 7")
    #expect([Note]().text == nil)
  }
}

import Testing

@testable import SurveySimulation
@testable import SurveyStats

@Suite struct ConditionFuzzTests {
  @Test func `a condition is answered or refused, and never names nothing`() {
    let variables = RandomCondition.corpus.variables
    var conditions = RandomCondition(seed: 1)
    var (answered, refused) = (0, 0)
    for _ in 0..<3_000 {
      let (text, namesNothing) = conditions.next()
      do {
        let expression = try Expression(text)
        let truths = try variables.truths(expression)
        answered += 1
        #expect(!namesNothing, "\(text)")
        #expect(truths.values.count == 70)
        #expect(try Expression(expression.description) == expression, "\(text)")
      } catch {
        refused += 1
        let said = "\(error)"
        #expect(!said.contains(where: { $0.isNewline }), "\(text)")
      }
    }
    #expect(answered > 900 && refused > 900)
  }
}

import SurveySimulation
import SurveyStats

/// What came of random conditions: each is answered, or refused with an error of one line; one that
/// names something that does not exist is refused.
struct ExpressionFuzz {
  private(set) var answeredCount = 0
  private(set) var refusedCount = 0
  private(set) var failures: [String] = []

  /// Tries so many conditions.
  mutating func run(_ count: Int, seed: UInt64, progress: (Int) -> Void) {
    let variables = RandomCondition.corpus.variables
    var conditions = RandomCondition(seed: seed)
    for number in 0..<count {
      if number % 10_000 == 0 { progress(number) }
      let (text, namesNothing) = conditions.next()
      do {
        let expression = try Expression(text)
        _ = try variables.truths(expression)
        answeredCount += 1
        if namesNothing { failures.append("answered though a name is none: \(text)") }
        if try Expression(expression.description) != expression {
          failures.append("what is written reads as another: \(text)")
        }
      } catch {
        refusedCount += 1
        if "\(error)".contains(where: \.isNewline) { failures.append("two lines: \(text)") }
      }
    }
  }

  /// The counts, one a line.
  var summary: String {
    "\(answeredCount + refusedCount) conditions\n\(answeredCount) answered\n"
      + "\(refusedCount) refused, each with a reason\n\(failures.count) broken promises"
      + failures.prefix(20).map { "\n  " + $0 }.joined()
  }
}

import SurveyStats

/// Random expressions about the papers of a small corpus, many of them damaged.
///
/// Each must be read and answered, or refused with an error of one line; one that names something
/// that does not exist must be refused.
struct ExpressionFuzz {
  private let variables: Variables
  private var stream: RandomStream
  private(set) var answeredCount = 0
  private(set) var refusedCount = 0
  private(set) var failures: [String] = []

  init(seed: UInt64) {
    stream = RandomStream(seed: seed, stream: 1)
    let names = ["a.x", "a.y", "b.x", "b.z", "c d.e"]
    let matrix = BinaryMatrix(
      papers: (0..<70).map { paper in
        Paper(
          slug: "p\(paper)", title: "Title \(paper)", year: 2020 + paper % 5,
          type: paper % 3 == 0 ? nil : "t\(paper % 3)", tags: paper % 2 == 0 ? ["u", "v"] : [],
          covariates: ["points": "\(paper)", "day": "2024-01-0\(1 + paper % 9)", "s": "k;l"])
      }, items: names.map { Item(id: ItemID($0)) }
    ) { paper, item in [.yes, .no, .notApplicable, .absent][(paper * 7 + item * 3) % 4] }
    variables = matrix.variables
  }

  /// Names that nothing has.
  private static let unknown = ["yaer", "a.w", "points2", "nothing", "`c d`"]
  private static let words = [
    "a.x", "z", "year", "points", "day", "type", "tags", "score", "a", "n_applicable", "and", "or",
    "not", "in", "at least", "at most 1 of", "exactly", "any of", "(", ")", ",", "=", "!=", "<",
    ">=",
    "+", "-", "*", "/", "1", "2.5", "2024-02-30", "'t1'", "\"", "`c d.e`", "t1", "score(", "known(",
    "contains(", "a.*", "é", "🙂", "\u{0}", "\\", "1e999", "claims(strong)", ".", "--", "*",
  ]

  /// Tries so many expressions.
  mutating func run(_ count: Int, progress: (Int) -> Void) {
    for number in 0..<count {
      if number % 10_000 == 0 { progress(number) }
      switch number % 3 {
      case 0: tryWords()
      case 1: tryWhole(naming: nil)
      default: tryWhole(naming: pick(Self.unknown))
      }
    }
  }

  private mutating func pick<Element>(_ list: [Element]) -> Element {
    list[Int(stream.uniform() * Double(list.count))]
  }

  /// Words in any order.
  private mutating func tryWords() {
    let count = 1 + Int(stream.uniform() * 12)
    let text = (0..<count).map { _ in pick(Self.words) }.joined(separator: pick([" ", "", " "]))
    answer(text, mayAnswer: true)
  }

  /// A well-formed condition, in which one name may be none.
  private mutating func tryWhole(naming unknown: String?) {
    var missing = unknown
    let text = condition(depth: 4, &missing)
    let isNamed = unknown == nil || missing == nil
    answer(isNamed ? text : "\(text) and \(unknown ?? "")", mayAnswer: unknown == nil)
  }

  private mutating func condition(depth: Int, _ missing: inout String?) -> String {
    if depth == 0 || stream.uniform() < 0.2 {
      if let name = missing, stream.uniform() < 0.3 {
        missing = nil
        return pick([name, "\(name) > 1", "1 = \(name)", "known(\(name))", "score(\(name)) > 3"])
      }
      return pick([
        "a.x", "z", "b.z", "`c d.e`", "year >= 2022", "points * 2 - 1 > year / 100", "type = t1",
        "tags in (u, w)", "score(a) > 40", "n_applicable < 3", "applies(a.y)", "known(type)",
        "at least 1 of (a.*)", "contains(title, '7')", "day < 2024-01-05", "s = k",
      ])
    }
    let parts = (0..<2 + Int(stream.uniform() * 2)).map { _ in condition(depth: depth - 1, &missing)
    }
    switch Int(stream.uniform() * 5) {
    case 0: return "(\(parts.joined(separator: " and ")))"
    case 1: return "(\(parts.joined(separator: " or ")))"
    case 2: return "not (\(parts.joined(separator: " and ")))"
    case 3: return "at least \(Int(stream.uniform() * 4)) of (\(parts.joined(separator: ", ")))"
    default: return "at most 1 of (\(parts.joined(separator: ", ")))"
    }
  }

  private mutating func answer(_ text: String, mayAnswer: Bool) {
    do {
      let expression = try Expression(text)
      let truths = try variables.truths(expression)
      answeredCount += 1
      if !mayAnswer { failures.append("answered though a name is none: \(text)") }
      if truths.values.count != variables.matrix.papers.count {
        failures.append("one truth a paper: \(text)")
      }
      if try Expression(expression.description) != expression {
        failures.append("what is written reads as another: \(text)")
      }
    } catch {
      refusedCount += 1
      if "\(error)".contains(where: \.isNewline) { failures.append("two lines: \(text)") }
    }
  }

  /// The counts, one a line.
  var summary: String {
    "\(answeredCount + refusedCount) expressions\n\(answeredCount) answered\n"
      + "\(refusedCount) refused, each with a reason\n\(failures.count) broken promises"
      + failures.prefix(20).map { "\n  " + $0 }.joined()
  }
}

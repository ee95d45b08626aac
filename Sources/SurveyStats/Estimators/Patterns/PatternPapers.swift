/// What decides whether a condition holds for a paper: its leaves, and how they are joined.
public struct DecidedCondition: Sendable {
  private enum Rule {
    case leaf
    case all, any
    case not
    case other
  }

  private let text: String
  private let truths: Truths
  private let rule: Rule
  private let parts: [DecidedCondition]

  /// Evaluates a condition with all its parts.
  public init(_ condition: Expression, of variables: Variables) throws(VariableError) {
    text = condition.description
    truths = try variables.truths(condition)
    var parts: [DecidedCondition] = []
    switch condition {
    case .all(let terms), .any(let terms), .count(_, _, let terms):
      for term in try variables.expanding(terms) {
        parts.append(try DecidedCondition(term, of: variables))
      }
    case .not(let inner): parts.append(try DecidedCondition(inner, of: variables))
    default: break
    }
    switch condition {
    case .all: rule = .all
    case .any: rule = .any
    case .count: rule = .other
    case .not: rule = .not
    default: rule = .leaf
    }
    self.parts = parts
  }

  /// Whether it holds for a paper; `nil` is undefined.
  subscript(paper: Int) -> Bool? { truths[paper] }

  /// The answers that decide it for a paper, as in `code_released yes`, each once.
  ///
  /// Of a conjunction that fails these are the parts that fail, of a disjunction that holds those that
  /// hold; where it is undefined, the parts that are.
  public func reasons(_ paper: Int) -> [String] {
    let holds = truths[paper]
    let deciding: [DecidedCondition]
    switch rule {
    case .leaf: return ["\(text) \(holds.map { $0 ? "yes" : "no" } ?? "undefined")"]
    case .not, .other: deciding = parts
    case .all: deciding = holds == true ? parts : parts.filter { $0.truths[paper] == holds }
    case .any: deciding = holds == false ? parts : parts.filter { $0.truths[paper] == holds }
    }
    var seen: [String] = []
    for reason in deciding.flatMap({ $0.reasons(paper) }) where !seen.contains(reason) {
      seen.append(reason)
    }
    return seen
  }
}

extension Table {
  /// The papers that show patterns, one row a pattern and paper, with the title and the answers that
  /// decide: `term`, `paper`, `title`, `year`, `shows` (yes, no or undefined), `answers`.
  ///
  /// - Parameters:
  ///   - patterns: The patterns.
  ///   - variables: The variables of the papers.
  ///   - showsAll: Whether papers that do not show a pattern have rows as well.
  public init(
    papersOf patterns: [NamedPatterns.Pattern], in variables: Variables, showsAll: Bool = false
  ) throws(VariableError) {
    let papers = variables.matrix.papers
    var rows: [(pattern: NamedPatterns.Pattern, paper: Paper, shows: String, answers: String)] = []
    for pattern in patterns {
      let condition = try DecidedCondition(pattern.condition, of: variables)
      for (index, paper) in papers.enumerated() where showsAll || condition[index] == true {
        rows.append(
          (
            pattern, paper, condition[index].map { $0 ? "yes" : "no" } ?? "undefined",
            condition.reasons(index).joined(separator: "; ")
          ))
      }
    }
    self.init(
      name: "papers", caption: "Papers that show a pattern, and the answers that decide.",
      columns: [
        Column("term", .text(rows.map(\.pattern.name))),
        Column("paper", .text(rows.map(\.paper.slug))),
        Column("title", .text(rows.map(\.paper.title))),
        Column("year", .integer(rows.map(\.paper.year))),
        Column("shows", .text(rows.map(\.shows))), Column("answers", .text(rows.map(\.answers))),
      ])
  }
}

public import SurveyStats

/// Random conditions on papers, many of them damaged, to try the reader of expressions on.
///
/// Of three conditions one is made of words in any order, one is well formed, and one is well formed
/// but names something that does not exist. They are about the papers of ``corpus``.
public struct RandomCondition: Sendable {
  private var stream: RandomStream
  private var number = 0

  /// Creates a source of conditions.
  public init(seed: UInt64) { stream = RandomStream(seed: seed, stream: 0x636f_6e64) }

  /// The papers that the conditions are about.
  public static var corpus: BinaryMatrix {
    BinaryMatrix(
      papers: (0..<70).map { paper in
        Paper(
          slug: "p\(paper)", title: "Title \(paper)", year: 2020 + paper % 5,
          type: paper % 3 == 0 ? nil : "t\(paper % 3)", tags: paper % 2 == 0 ? ["u", "v"] : [],
          covariates: ["points": "\(paper)", "day": "2024-01-0\(1 + paper % 9)", "s": "k;l"])
      }, items: ["a.x", "a.y", "b.x", "b.z", "c d.e"].map { Item(id: ItemID($0)) }
    ) { paper, item in [.yes, .no, .notApplicable, .absent][(paper * 7 + item * 3) % 4] }
  }

  /// The next condition, and whether it names something that does not exist.
  public mutating func next() -> (text: String, namesNothing: Bool) {
    number += 1
    switch number % 3 {
    case 0:
      let count = 1 + stream.index(below: 12)
      let blank = pick([" ", "", " "])
      var words: [String] = []
      for _ in 0..<count { words.append(pick(Self.words)) }
      return (words.joined(separator: blank), false)
    case 1:
      var none: String?
      return (condition(depth: 4, &none), false)
    default:
      let name = pick(Self.unknown)
      var missing: String? = name
      let text = condition(depth: 4, &missing)
      return (missing == nil ? text : "\(text) and \(name)", true)
    }
  }

  /// Names that nothing has.
  private static let unknown = ["yaer", "a.w", "points2", "nothing", "`e d`"]
  private static let words = [
    "a.x", "z", "year", "points", "day", "type", "tags", "score", "a", "n_applicable", "and", "or",
    "not", "in", "at least", "at most 1 of", "exactly", "any of", "(", ")", ",", "=", "!=", "<",
    ">=", "+", "-", "*", "/", "1", "2.5", "2024-02-30", "'t1'", "\"", "`c d.e`", "t1", "score(",
    "known(", "contains(", "a.*", "é", "🙂", "\u{0}", "\\", "1e999", "claims(strong)", ".", "--",
  ]
  private static let leaves = [
    "a.x", "z", "b.z", "`c d.e`", "year >= 2022", "points * 2 - 1 > year / 100", "type = t1",
    "tags in (u, w)", "score(a) > 40", "n_applicable < 3", "applies(a.y)", "known(type)",
    "at least 1 of (a.*)", "contains(title, '7')", "day < 2024-01-05", "s = k",
  ]

  private mutating func pick<Element>(_ list: [Element]) -> Element {
    list[stream.index(below: list.count)]
  }

  /// A well-formed condition, with the missing name in one place at most.
  private mutating func condition(depth: Int, _ missing: inout String?) -> String {
    if depth == 0 || stream.uniform() < 0.2 {
      if let name = missing, stream.uniform() < 0.3 {
        missing = nil
        return pick([
          name, "\(name) > 1", "1 = \(name)", "known(\(name))", "score(\(name)) > 3",
        ])
      }
      return pick(Self.leaves)
    }
    let count = 2 + stream.index(below: 2)
    var parts: [String] = []
    for _ in 0..<count { parts.append(condition(depth: depth - 1, &missing)) }
    switch stream.index(below: 5) {
    case 0: return "(\(parts.joined(separator: " and ")))"
    case 1: return "(\(parts.joined(separator: " or ")))"
    case 2: return "not (\(parts.joined(separator: " and ")))"
    case 3: return "at least \(stream.index(below: 4)) of (\(parts.joined(separator: ", ")))"
    default: return "at most 1 of (\(parts.joined(separator: ", ")))"
    }
  }
}

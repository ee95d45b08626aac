import RealModule
import Testing

@testable import SurveyStats

@Suite struct VariablesTests {
  private let matrix = BinaryMatrix(
    papers: [
      Paper(
        slug: "p", title: "An Agent's tale", year: 2024, venue: "arXiv.org", type: "survey",
        tags: ["RCT", "benchmark"], version: 3, weight: 2,
        covariates: [
          "points": "12", "claims": "4", "claims_strong": "3", "day": "2024-07-01", "open": "yes",
          "modules": "a;b", "engagement_fear": "1",
        ]),
      Paper(
        slug: "q", title: "Trees", year: 2020, venue: "ICSE", type: "a tool", tags: ["theory"],
        version: 4,
        covariates: [
          "points": "0", "claims": "2", "claims_odd": "1", "day": "2020-01-01", "open": "no",
          "modules": "b",
        ]),
      Paper(slug: "r", covariates: ["points": "NA", "empty": ""]),
    ],
    items: [
      Item(id: ItemID("open.code")), Item(id: ItemID("open.data")),
      Item(id: ItemID("old.data"), module: "extra"), Item(id: ItemID("old.year")),
    ]
  ) { paper, item in
    [
      [.yes, .no, .yes, .no], [.no, .notApplicable, .no, .yes], [.yes, .yes, .absent, .yes],
    ][paper][item]
  }

  private var variables: Variables { matrix.variables }

  private func truth(_ text: String) throws -> [Bool?] {
    try variables.truths(try Expression(text)).values
  }

  private func numbers(_ text: String) throws -> [Double?] {
    try variables.numbers(try Expression(text))
  }

  @Test(
    arguments: [
      ("code", [true, false, true]), ("open.code and not open.data", [true, false, false]),
      ("not code or open.data", [false, true, true]),
      ("not (code and open.data)", [true, true, false]),
      ("old.data and open.data", [false, false, nil]),
      ("old.year", [false, true, true]), ("year", [false, true, true]),
    ] as [(String, [Bool?])])
  func `conditions on answers follow three-valued logic`(text: String, expected: [Bool?]) throws {
    #expect(try truth(text) == expected)
  }

  @Test(
    arguments: [
      ("year >= 2024", [true, false, nil]), ("2024 <= year", [true, false, nil]),
      ("year <= 2020 and type = survey", [false, false, nil]),
      ("type = 'A Tool'", [false, true, nil]), ("type != survey", [false, true, nil]),
      ("score >= 60", [false, false, true]), ("score <= 50 or `open.code`", [true, true, true]),
      ("tag == 'rct'", [true, false, nil]), ("tags in (theory, rct)", [true, true, nil]),
      ("venue = 'arXiv preprint'", [true, false, nil]),
      ("venue in ('ICSE', 'FSE')", [false, true, nil]),
      ("version >= 4", [false, true, nil]), ("version = 3", [true, false, nil]),
      ("points > 0", [true, false, nil]), ("claims(strong) > 2", [true, false, nil]),
      ("claims(odd) = 1 or claims_strong / claims > 0.5", [true, true, nil]),
      ("engagement(fear) >= 1", [true, nil, nil]), ("day >= 2024-01-01", [true, false, nil]),
      ("day < 2024-07", [false, true, nil]), ("open", [true, false, nil]),
      ("modules = a", [true, false, nil]), ("count(tags) = 2", [true, false, false]),
      ("contains(title, 'AGENT''S')", [true, false, nil]),
      ("contains(tags, 'bench')", [true, false, nil]),
      ("applies(open.data)", [true, false, true]), ("asked(old.*)", [true, true, false]),
      ("known(year)", [true, true, false]), ("known(open.data)", [true, false, true]),
      ("at least 2 of (open.*, old.data)", [true, false, true]),
      ("at least 3 of (open.*, old.data)", [false, false, nil]),
      ("at most 1 of (open.*, old.data)", [false, true, false]),
      ("exactly 2 of (open.*, old.data)", [true, false, nil]),
      ("all of (open.*)", [false, false, true]), ("none of (open.*)", [false, nil, false]),
      ("open.data = na", [false, true, false]), ("old.data = absent", [false, false, true]),
      ("open.data = yes", [false, nil, true]), ("open.data != yes", [true, nil, false]),
      ("code = open.data", [false, nil, true]), ("n_applicable >= 4", [true, false, false]),
      ("n_yes(open) = 1", [true, false, false]), ("n_no(open.*) = 1", [true, true, false]),
      ("score(extra) = 100", [true, false, nil]), ("open > 50", nil),
      ("paper = q", [false, true, false]),
    ] as [(String, [Bool?]?)])
  func `conditions on variables`(text: String, expected: [Bool?]?) throws {
    guard let expected else {
      // A column named as a category comes first.
      #expect(throws: VariableError.self) { try truth(text) }
      return
    }
    #expect(try truth(text) == expected, "\(text)")
  }

  @Test func `numbers are computed where all their parts are known`() throws {
    #expect(try numbers("points * 2 - 1") == [23, -1, nil])
    #expect(try numbers("claims / points") == [4 / 12.0, nil, nil])
    #expect(try numbers("log(points)") == [Double(12).logarithm, nil, nil])
    #expect(try numbers("max(year, 2022)") == [2024, 2022, nil])
    #expect(try numbers("floor(day)") == [2024, 2020, nil])
    #expect(try numbers("sqrt(-1 * points)") == [nil, 0, nil])
    #expect(try numbers("abs(-points)") == [12, 0, nil])
    #expect(try numbers("day") == [2024 + 182 / 366.0, 2020, nil])
    #expect(try numbers("code") == [1, 0, 1])
    #expect(try numbers("score(old)") == [50, 50, 100])
    #expect(try variables.numbers("claims(strong)") == [3, 0, nil])
    #expect(try numbers("log1p(points)")[1] == 0 && numbers("min(points, 3)")[0] == 3)
  }

  @Test(
    arguments: [
      ("cod", "called 'cod'; the nearest are open.code, old"),
      ("data", "several items are called 'data'; write category.item, as in open.data, old.data"),
      ("yaer >= 2024", "called 'yaer'; the nearest are"), ("venu = x", "the nearest is venue"),
      ("rater = x", "no paper has a value in 'rater'"),
      ("empty > 1", "no paper has a value in 'empty'"),
      ("type = surveyy", "no paper has the value 'surveyy' in 'type'; the nearest is survey"),
      ("venue in (A, B)", "no paper has the value 'A' in 'venue'; the nearest is arXiv"),
      ("points", "'points' is a number, where a condition such as 'points >= 1' is needed"),
      ("type > 3", "'type' is not numeric: it holds 'survey'"), ("tags > 3", "'tags' is no number"),
      ("points + 1", "is a value, where a condition"), ("open.*", "write 'any of (open.*)'"),
      ("score(opn) > 1", "called 'opn'; the nearest are open, old"),
      ("claims(weird) > 0", "'claims_weird'"),
      ("applies('x')", "applies() takes items"), ("log(points, 1) > 0", "log() takes one number"),
      ("at least 1 of (opn.*)", "called 'opn.*'"), ("points = 'many'", "'many' is a text"),
      ("at least 1 of (code, yaer)", "'yaer'"), ("not (code and (yaer or code))", "'yaer'"),
    ])
  func `what nothing has is an error with the nearest names`(text: String, expected: String) {
    let error = #expect(throws: VariableError.self) { try truth(text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func `kinds are those of the values`() throws {
    let kinds = ["points": Variable.Kind.number, "claims_strong": .count, "day": .date]
    for (name, kind) in kinds { #expect(try variables(name).kind == kind, "\(name)") }
    #expect(try variables("modules").kind == .labels && variables("tags").kind == .labels)
    #expect(try variables("type").kind == .category && variables("year").kind == .number)
    #expect(try variables("code").kind == .answer && variables("old").kind == .number)
    #expect(variables.names.contains("points") && variables.names.contains("extra"))
  }

  @Test func `a column that is nearly numeric is refused`() throws {
    func matrix(_ values: [String]) -> BinaryMatrix {
      BinaryMatrix(
        text: values.map { _ in "1" },
        papers: values.enumerated().map { Paper(slug: "p\($0)", covariates: ["x": $1]) })
    }
    let commas = matrix(["0,5", "1", "1,5"])
    #expect(
      throws: VariableError.notNumber(
        "x", value: "0,5", paper: "p0", numbers: 1, hasDecimalComma: true)
    ) { try commas.variables.values(of: "x") }
    #expect(
      try commas.readingDecimalCommas().variables.values(of: "x") == .numeric([0.5, 1, 1.5]))
    let typo = matrix(["1", "2", "3", "4", "5", "6o"])
    #expect(
      throws: VariableError.notNumber(
        "x", value: "6o", paper: "p5", numbers: 5, hasDecimalComma: false)
    ) { try typo.variables.values(of: "x") }
    #expect(throws: VariableError.self) { try typo.variables.truths(try Expression("x > 3")) }
    #expect(
      try typo.variables.values(of: "x", asCategories: true)
        == .categorical(["1", "2", "3", "4", "5", "6o"]))
    #expect(try typo.variables.groups("x").count == 6)
    #expect(
      try matrix(["1", "2", "other"]).variables.values(of: "x")
        == .categorical(["1", "2", "other"]))
    #expect(try matrix(["1", "1e400"]).variables.values(of: "x") == .categorical(["1", "1e400"]))
  }

  @Test func `groups are of anything`() throws {
    func groups(_ text: String) throws -> [String: [Int]] {
      Dictionary(uniqueKeysWithValues: try variables.groups(text).map { ($0.name, $0.papers) })
    }
    #expect(try groups("open.data") == ["yes": [2], "no": [0], "does not apply": [1]])
    #expect(try groups("year >= 2024") == ["yes": [0], "no": [1]])
    #expect(try groups("modules") == ["a": [0], "b": [0, 1]])
    #expect(try groups("n_applicable") == ["4": [0], "3": [1, 2]])
    #expect(try groups("venue") == ["arXiv": [0], "ICSE": [1]])
    #expect(try matrix.strata(of: "type") == ["value survey", "value a tool", "missing"])
  }

  @Test func `the items of an expression are those it asks for`() throws {
    func items(_ text: String) throws -> [Int] { try variables.items(of: try Expression(text)) }
    #expect(try items("code and not open.data") == [0, 1])
    #expect(try items("at least 1 of (open.*) or year > 3") == [0, 1])
    #expect(try items("score(old) > 50 and applies(code)") == [0, 2, 3])
    #expect(try items("score > 50") == [0, 1, 2, 3] && items("type = survey").isEmpty)
  }
}

extension Double {
  fileprivate var logarithm: Double { Double.log(self) }
}

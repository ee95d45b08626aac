import RealModule

extension Variables {
  /// The values of an expression: numbers, categories, labels, or answers for a condition.
  public func values(of expression: Expression) throws(VariableError) -> VariableValues {
    var evaluation = ExpressionEvaluation(self)
    switch try evaluation.value(expression) {
    case .truths(let truths): return .answers(truths.values.map(Self.cell))
    case .answers(let item): return .answers(matrix.papers.indices.map { matrix[$0, item] })
    case .numbers(let values): return .numeric(values)
    case .texts(let values, _): return .categorical(values)
    case .labels(let values, _): return .labels(values)
    }
  }

  private static func cell(_ truth: Bool?) -> Cell {
    truth.map { $0 ? .yes : .no } ?? .notApplicable
  }

  /// The value of an expression as a number: dates are years with a fraction, yes is 1 and no is 0.
  public func numbers(_ expression: Expression) throws(VariableError) -> [Double?] {
    var evaluation = ExpressionEvaluation(self)
    return try evaluation.numbers(expression)
  }

  /// Whether a condition holds.
  ///
  /// An item is true for yes and false for no, and undefined where it does not apply or was never
  /// asked; a comparison is undefined where a side is missing.
  public func truths(_ condition: Expression) throws(VariableError) -> Truths {
    var evaluation = ExpressionEvaluation(self)
    return try evaluation.truths(condition)
  }

  /// Whether each of several conditions holds; variables are looked up once.
  public func truths(_ conditions: [Expression]) throws(VariableError) -> [Truths] {
    var evaluation = ExpressionEvaluation(self)
    var result: [Truths] = []
    for condition in conditions { result.append(try evaluation.truths(condition)) }
    return result
  }

  /// The items whose answers an expression asks for, in the order of the matrix.
  public func items(
    of expression: Expression, prefersItems: Bool = true
  ) throws(VariableError) -> [Int] {
    var found = Set<Int>()
    try collectItems(of: expression, prefersItems: prefersItems, into: &found)
    return found.sorted()
  }

  private func collectItems(
    of expression: Expression, prefersItems: Bool, into found: inout Set<Int>
  ) throws(VariableError) {
    switch expression {
    case .name(let name, let isQuoted):
      if !isQuoted, name.contains(where: { $0 == "*" || $0 == "?" }) {
        found.formUnion(try items(name))
        return
      }
      switch try source(of: name, prefersItems: prefersItems) {
      case .item(let item): found.insert(item)
      case .score(let items), .applicable(let items), .passed(let items): found.formUnion(items)
      default: break
      }
    case .call(let function, let arguments):
      for argument in arguments {
        if function.takesItems, case .name(let name, _) = argument {
          found.formUnion(try items(name))
        } else if ![.claims, .engagement].contains(function) {
          if case .text = argument { continue }
          try collectItems(of: argument, prefersItems: function == .known, into: &found)
        }
      }
    case .not(let inner): try collectItems(of: inner, prefersItems: true, into: &found)
    case .negative(let inner): try collectItems(of: inner, prefersItems: false, into: &found)
    case .all(let parts), .any(let parts), .count(_, _, let parts):
      for part in parts { try collectItems(of: part, prefersItems: true, into: &found) }
    case .comparison(_, let left, let right):
      for side in [left, right] {
        if case .name(let name, isQuoted: false) = side, (try? source(of: name)) == nil { continue }
        try collectItems(of: side, prefersItems: false, into: &found)
      }
    case .arithmetic(_, let left, let right):
      try collectItems(of: left, prefersItems: false, into: &found)
      try collectItems(of: right, prefersItems: false, into: &found)
    case .membership(let value, _):
      try collectItems(of: value, prefersItems: false, into: &found)
    case .number, .text: break
    }
  }

  /// The parts of a list with wildcards replaced by the items that fit them.
  func expanding(_ parts: [Expression]) throws(VariableError) -> [Expression] {
    var result: [Expression] = []
    for part in parts {
      if case .name(let name, isQuoted: false) = part,
        name.contains(where: { $0 == "*" || $0 == "?" })
      {
        result += try items(name).map {
          .name(matrix.items[$0].id.description, isQuoted: true)
        }
      } else {
        result.append(part)
      }
    }
    return result
  }
}

/// The evaluation of expressions over the papers of a matrix; looks every variable up once.
private struct ExpressionEvaluation {
  /// What an expression is worth.
  enum Value {
    case truths(Truths)
    case answers(Int)
    case numbers([Double?])
    case texts([String?], name: String)
    case labels([[String]], name: String)
  }

  let variables: Variables
  private var known: [String: Value] = [:]
  private var knownTruths: [String: Truths] = [:]

  private var matrix: BinaryMatrix { variables.matrix }
  private var count: Int { matrix.papers.count }

  init(_ variables: Variables) { self.variables = variables }

  // MARK: Conditions

  mutating func truths(_ expression: Expression) throws(VariableError) -> Truths {
    switch expression {
    case .name(let name, let isQuoted): return try truths(named: name, isQuoted: isQuoted)
    case .not(let inner): return !(try truths(inner))
    case .all(let parts): return Truths.all(try all(parts), count: count)
    case .any(let parts): return Truths.any(try all(parts), count: count)
    case .count(let quantifier, let bound, let parts):
      let parts = try all(parts)
      let reaches = Truths.atLeast(bound, of: parts, count: count)
      if quantifier == .atLeast { return reaches }
      let stays = !Truths.atLeast(bound + 1, of: parts, count: count)
      return quantifier == .atMost ? stays : Truths.all([reaches, stays], count: count)
    case .comparison(let comparison, let left, let right):
      return try compare(comparison, left, right)
    case .membership(let value, let choices): return try member(value, choices)
    case .call(let function, let arguments):
      if let truths = try condition(function, arguments) { return truths }
      throw notCondition(expression)
    case .number, .text, .arithmetic, .negative: throw notCondition(expression)
    }
  }

  private func notCondition(_ expression: Expression) -> VariableError {
    .wrongKind(
      "\(expression)", is: "a value", needed: "a condition, such as a comparison with >=,")
  }

  private mutating func all(_ parts: [Expression]) throws(VariableError) -> [Truths] {
    var result: [Truths] = []
    for part in try variables.expanding(parts) { result.append(try truths(part)) }
    return result
  }

  private mutating func truths(
    named name: String, isQuoted: Bool
  ) throws(VariableError) -> Truths {
    if let truths = knownTruths[name] { return truths }
    if !isQuoted, name.contains(where: { $0 == "*" || $0 == "?" }) {
      throw .wrongKind(name, is: "several items", needed: "one; write 'any of (\(name))'")
    }
    let source = try variables.source(of: name, prefersItems: true)
    let truths: Truths
    if case .item(let item) = source {
      truths = Truths(matrix, item: item)
    } else {
      truths = try flag(source, name)
    }
    knownTruths[name] = truths
    return truths
  }

  /// A column of yes and no as a condition.
  private func flag(_ source: Variables.Source, _ name: String) throws(VariableError) -> Truths {
    if case .covariate(let column) = source {
      let texts = variables.column(column).texts
      let truths = texts.map { $0.flatMap { Self.flags[$0.lowercased()] } }
      let areFlags = zip(texts, truths).allSatisfy { $0 == nil || $1 != nil }
      if areFlags { return Truths(truths) }
    }
    let kind = try variables(name).kind
    let example =
      switch kind {
      case .number, .count: "'\(name) >= 1'"
      case .date: "'\(name) >= 2025-01-01'"
      case .category, .labels, .answer: "'\(name) = WORD'"
      }
    throw .wrongKind(name, is: kind.words, needed: "a condition such as \(example)")
  }

  private static let flags = [
    "true": true, "false": false, "yes": true, "no": false, "1": true, "0": false,
  ]

  private mutating func condition(
    _ function: Expression.Function, _ arguments: [Expression]
  ) throws(VariableError) -> Truths? {
    switch function {
    case .applies, .asked:
      let items = try items(function, arguments)
      let plane = function == .applies ? matrix.applies : matrix.asked
      return Truths.all(items.map { Truths(bits: plane, column: $0) }, count: count)
    case .known:
      guard arguments.count == 1 else {
        throw .arguments(function.rawValue, takes: "one variable or condition")
      }
      if case .name = arguments[0] {
        switch try value(arguments[0]) {
        case .answers(let item): return Truths(matrix, item: item).isDefined
        case .truths(let truths): return truths.isDefined
        case .numbers(let values): return Truths(values.map { $0 != nil })
        case .texts(let values, _): return Truths(values.map { $0 != nil })
        case .labels(let values, _): return Truths(values.map { !$0.isEmpty })
        }
      }
      return try truths(arguments[0]).isDefined
    case .contains:
      guard arguments.count == 2, let part = Self.word(arguments[1])?.lowercased() else {
        throw .arguments(function.rawValue, takes: "a variable and a text, as in (title, 'agent')")
      }
      switch try value(arguments[0]) {
      case .texts(let values, _):
        return Truths(values.map { $0.map { $0.lowercased().contains(part) } })
      case .labels(let values, _):
        return Truths(
          values.map { labels in
            labels.isEmpty ? nil : labels.contains { $0.lowercased().contains(part) }
          })
      default: throw .arguments(function.rawValue, takes: "a variable of texts")
      }
    default: return nil
    }
  }

  // MARK: Comparisons

  private mutating func compare(
    _ comparison: Expression.Comparison, _ left: Expression, _ right: Expression
  ) throws(VariableError) -> Truths {
    if Self.isLiteral(left), !Self.isLiteral(right) {
      return try compare(comparison.mirrored, right, left)
    }
    switch try value(left) {
    case .texts(let values, let name):
      if case .name(let other, isQuoted: true) = right,
        case .texts(let others, _) = try value(right)
      {
        guard !comparison.isOrder else { throw noOrder(name, other) }
        return Truths(
          zip(values, others).map { a, b in
            guard let a, let b else { return nil }
            return (a.lowercased() == b.lowercased()) == (comparison == .equal)
          })
      }
      if comparison.isOrder { return try order(comparison, texts: values, name: name, right) }
      let truths = try equal(values.map { $0.map { [$0] } }, to: [right], name: name)
      return comparison == .equal ? truths : !truths
    case .labels(let values, let name):
      guard !comparison.isOrder else { throw noOrder(name, "a label") }
      let truths = try equal(values.map { $0.isEmpty ? nil : $0 }, to: [right], name: name)
      return comparison == .equal ? truths : !truths
    case .answers(let item):
      if !comparison.isOrder, let word = Self.word(right), let cell = Self.cells[word.lowercased()]
      {
        let truths = Truths(
          matrix.papers.indices.map { paper -> Bool? in
            let found = matrix[paper, item]
            if cell == .yes || cell == .no {
              return found == .yes || found == .no ? found == cell : nil
            }
            return found == cell
          })
        return comparison == .equal ? truths : !truths
      }
      return try compareNumbers(comparison, left, right)
    case .truths, .numbers: return try compareNumbers(comparison, left, right)
    }
  }

  private static let cells: [String: Cell] = [
    "yes": .yes, "no": .no, "true": .yes, "false": .no, "na": .notApplicable,
    "not_applicable": .notApplicable, "absent": .absent, "never_asked": .absent,
  ]

  private func noOrder(_ name: String, _ other: String) -> VariableError {
    .wrongKind(
      name, is: "no number", needed: "one to compare with \(other) by < or >; = and in work")
  }

  private mutating func compareNumbers(
    _ comparison: Expression.Comparison, _ left: Expression, _ right: Expression
  ) throws(VariableError) -> Truths {
    let (left, right) = (try numbers(left), try numbers(right))
    return Truths(
      zip(left, right).map { left, right in
        guard let left, let right else { return nil }
        return comparison.holds(left, right)
      })
  }

  /// Compares categories that are written as numbers, such as versions.
  private mutating func order(
    _ comparison: Expression.Comparison, texts: [String?], name: String, _ right: Expression
  ) throws(VariableError) -> Truths {
    let left = try Self.numeric(texts, name: name, variables)
    let right = try numbers(right)
    return Truths(
      zip(left, right).map { left, right in
        guard let left, let right else { return nil }
        return comparison.holds(left, right)
      })
  }

  /// The numbers that all texts are written as.
  static func numeric(
    _ texts: [String?], name: String, _ variables: Variables
  ) throws(VariableError) -> [Double?] {
    let column = TypedColumn(texts)
    if column.kind == .number || column.kind == .date { return column.numbers }
    if let stray = texts.indices.first(where: {
      column.texts[$0] != nil && column.numbers[$0] == nil
    }) {
      let numbers = column.numbers.count { $0 != nil }
      guard numbers > 0 || TypedColumn.hasDecimalComma(column.texts[stray] ?? "") else {
        throw .wrongKind(
          name, is: "not numeric: it holds '\(column.texts[stray] ?? "")'", needed: "a number")
      }
      throw variables.notNumber(
        name, column, stray, TypedColumn.hasDecimalComma(column.texts[stray] ?? ""))
    }
    throw .noValues(name)
  }

  private mutating func member(
    _ value: Expression, _ choices: [Expression]
  ) throws(VariableError) -> Truths {
    switch try self.value(value) {
    case .texts(let values, let name):
      return try equal(values.map { $0.map { [$0] } }, to: choices, name: name)
    case .labels(let values, let name):
      return try equal(values.map { $0.isEmpty ? nil : $0 }, to: choices, name: name)
    case .truths, .answers, .numbers:
      var parts: [Truths] = []
      for choice in choices { parts.append(try compare(.equal, value, choice)) }
      return Truths.any(parts, count: count)
    }
  }

  /// Whether some label of a paper is one of the words; undefined without labels.
  ///
  /// Words are compared without regard to case, those of a venue also to its spelling. At least one
  /// of them must be that of some paper.
  private func equal(
    _ labels: [[String]?], to choices: [Expression], name: String
  ) throws(VariableError) -> Truths {
    let isVenue = name == MetadataColumn.venue.rawValue
    var words: [String] = []
    for choice in choices {
      guard let word = Self.word(choice) else {
        throw .wrongKind("\(choice)", is: "no word", needed: "one to compare with '\(name)'")
      }
      words.append(isVenue ? Venue.normalized(word) ?? word : word)
    }
    let wanted = Set(words.map { $0.lowercased() })
    let numbers = Set(words.compactMap(TypedColumn.number))
    var isWanted: [String: Bool] = [:]
    for label in labels.lazy.compactMap({ $0 }).joined() where isWanted[label] == nil {
      isWanted[label] =
        wanted.contains(label.lowercased())
        || !numbers.isEmpty && TypedColumn.number(label).map(numbers.contains) == true
    }
    guard isWanted.isEmpty || isWanted.values.contains(true) else {
      let near = NearestNames(isWanted.keys).nearest(to: words.first ?? "")
      throw .noSuchValue(
        words.first ?? "", of: name,
        nearest: near.isEmpty ? Array(isWanted.keys.sorted().prefix(12)) : near)
    }
    return Truths(labels.map { $0.map { $0.contains { isWanted[$0] == true } } })
  }

  private static func isLiteral(_ expression: Expression) -> Bool {
    switch expression {
    case .number, .text: true
    default: false
    }
  }

  /// The word that stands for a value: a text, a bare name, a number as it is written shortest.
  private static func word(_ expression: Expression) -> String? {
    switch expression {
    case .text(let text), .name(let text, isQuoted: false): text
    case .number(let number): NumberFormat.shortest(number)
    default: nil
    }
  }

  // MARK: Values

  mutating func numbers(_ expression: Expression) throws(VariableError) -> [Double?] {
    switch expression {
    case .number(let number): return [Double?](repeating: number, count: count)
    case .text(let text):
      guard let number = TypedColumn.number(text) ?? ISODate(text)?.years else {
        throw .wrongKind(text, is: "a text", needed: "a number")
      }
      return [Double?](repeating: number, count: count)
    default: break
    }
    switch try value(expression) {
    case .numbers(let values): return values
    case .truths(let truths): return truths.values.map { $0.map { $0 ? 1 : 0 } }
    case .answers(let item):
      return Truths(matrix, item: item).values.map { $0.map { $0 ? 1 : 0 } }
    case .texts(let values, let name): return try Self.numeric(values, name: name, variables)
    case .labels(_, let name): throw .wrongKind(name, is: "a set of labels", needed: "a number")
    }
  }

  mutating func value(_ expression: Expression) throws(VariableError) -> Value {
    switch expression {
    case .name(let name, let isQuoted):
      if let value = known[name] { return value }
      if !isQuoted, name.contains(where: { $0 == "*" || $0 == "?" }) {
        throw .wrongKind(name, is: "several items", needed: "one; write 'score(\(name))'")
      }
      let value = try value(of: try variables.source(of: name), name: name)
      known[name] = value
      return value
    case .number, .text: return .numbers(try numbers(expression))
    case .not, .all, .any, .count, .comparison, .membership: return .truths(try truths(expression))
    case .negative(let inner): return .numbers(try numbers(inner).map { $0.map { -$0 } })
    case .arithmetic(let operation, let left, let right):
      let (left, right) = (try numbers(left), try numbers(right))
      return .numbers(
        zip(left, right).map { left, right in
          guard let left, let right else { return nil }
          return operation(left, right)
        })
    case .call(let function, let arguments):
      if let truths = try condition(function, arguments) { return .truths(truths) }
      return .numbers(try numbers(function, arguments))
    }
  }

  private func value(of source: Variables.Source, name: String) throws(VariableError) -> Value {
    if case .item(let item) = source { return .answers(item) }
    switch try variables.values(of: source, name: name) {
    case .numeric(let values): return .numbers(values)
    case .categorical(let values): return .texts(values, name: name)
    case .labels(let values): return .labels(values, name: name == "tag" ? "tags" : name)
    case .answers(let cells):
      return .truths(Truths(cells.map { $0 == .yes ? true : $0 == .no ? false : nil }))
    }
  }

  // MARK: Functions

  private func items(
    _ function: Expression.Function, _ arguments: [Expression]
  ) throws(VariableError) -> [Int] {
    var found: [Int] = []
    for argument in arguments {
      guard case .name(let name, _) = argument else {
        throw .arguments(function.rawValue, takes: "items, categories or modules by name")
      }
      found += try variables.items(name).filter { !found.contains($0) }
    }
    return found
  }

  private mutating func numbers(
    _ function: Expression.Function, _ arguments: [Expression]
  ) throws(VariableError) -> [Double?] {
    switch function {
    case .score: return matrix.percentYes(items: try items(function, arguments))
    case .applicableCount: return counted(matrix.applies, try items(function, arguments))
    case .yesCount: return counted(matrix.yes, try items(function, arguments))
    case .askedCount: return counted(matrix.asked, try items(function, arguments))
    case .noCount:
      let items = try items(function, arguments)
      return zip(matrix.applies.rowCounts(columns: items), matrix.yes.rowCounts(columns: items))
        .map { Double($0 - $1) }
    case .claims, .engagement:
      guard arguments.count == 1, let word = Self.word(arguments[0]) else {
        throw .arguments(function.rawValue, takes: "one name, as in claims(strong)")
      }
      let name = "\(function.rawValue)_\(word.lowercased().replacing(" ", with: "_"))"
      return try numbers(.name(name, isQuoted: true))
    case .count:
      guard arguments.count == 1, case .labels(let labels, _) = try value(arguments[0]) else {
        throw .arguments(function.rawValue, takes: "labels, as in count(tags)")
      }
      return labels.map { Double($0.count) }
    case .min, .max:
      var columns: [[Double?]] = []
      for argument in arguments { columns.append(try numbers(argument)) }
      return (0..<count).map { paper in
        let values = columns.compactMap { $0[paper] }
        guard values.count == columns.count else { return nil }
        return function == .min ? values.min() : values.max()
      }
    case .absolute: return try mapped(function, arguments) { $0.magnitude }
    case .log: return try mapped(function, arguments) { Double.log($0) }
    case .log1p: return try mapped(function, arguments) { Double.log(onePlus: $0) }
    case .squareRoot: return try mapped(function, arguments) { $0.squareRoot() }
    case .floor: return try mapped(function, arguments) { $0.rounded(.down) }
    case .applies, .asked, .known, .contains:
      return try truths(.call(function, arguments)).values.map { $0.map { $0 ? 1 : 0 } }
    }
  }

  private func counted(_ plane: BitColumns, _ items: [Int]) -> [Double?] {
    plane.rowCounts(columns: items).map { Double($0) }
  }

  /// A function of one number; undefined where it is not finite.
  private mutating func mapped(
    _ function: Expression.Function, _ arguments: [Expression], _ change: (Double) -> Double
  ) throws(VariableError) -> [Double?] {
    guard arguments.count == 1 else {
      throw .arguments(function.rawValue, takes: "one number")
    }
    return try numbers(arguments[0]).map { value in
      guard let changed = value.map(change), changed.isFinite else { return nil }
      return changed
    }
  }
}

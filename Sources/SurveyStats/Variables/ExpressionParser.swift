extension Expression {
  /// Reads an expression, with an own stack, so that no text is too long for it.
  ///
  /// `or` binds least, then `and`, `not`, comparisons, sums, products, signs. Words are in any case.
  ///
  ///     effect_sizes_reported and not confidence_intervals_or_error_bars
  ///     at least 3 of (artifacts.*) or score(artifacts) >= 50
  ///     year >= 2025 and venue in ('ICSE', 'FSE') and claims(strong) / claims > 0.5
  public init(_ text: String) throws(VariableError) {
    var parser = ExpressionParser(text)
    self = try parser.parse()
  }
}

/// A reader of expressions by precedence, without recursion.
private struct ExpressionParser {
  /// An expression with the number of its levels.
  private struct Operand {
    var expression: Expression
    var depth: Int
  }

  /// What of a list is to hold.
  private enum Quantity {
    case all, any
    case count(Expression.Quantifier, Int)
  }

  /// What waits for its operands.
  private enum Frame {
    case chain(isConjunction: Bool, count: Int)
    case not(isOdd: Bool)
    case comparison(Expression.Comparison)
    case arithmetic(Expression.Arithmetic)
    case minus(isOdd: Bool)
    case group
    case call(Expression.Function, base: Int)
    case list(Quantity, base: Int)
    case membership(isNegated: Bool, base: Int)

    /// How strongly it binds; 0 for what a parenthesis closes.
    var precedence: Int {
      switch self {
      case .chain(let isConjunction, _): isConjunction ? 2 : 1
      case .not: 3
      case .comparison: 4
      case .arithmetic(let operation): [.sum, .difference].contains(operation) ? 5 : 6
      case .minus: 7
      case .group, .call, .list, .membership: 0
      }
    }

    /// Whether names in it may have wildcards.
    var allowsWildcards: Bool {
      switch self {
      case .list: true
      case .call(let function, _): function.takesItems
      default: false
      }
    }
  }

  private var lexer: ExpressionLexer
  private var operands: [Operand] = []
  private var frames: [Frame] = []

  init(_ text: String) { lexer = ExpressionLexer(text) }

  mutating func parse() throws(VariableError) -> Expression {
    while true {
      try readOperand()
      if try !readOperator() { break }
    }
    guard let result = operands.last?.expression, operands.count == 1 else {
      throw .syntax(at: 1, expected: "one condition or value", found: "several")
    }
    return result
  }

  // MARK: Operands

  /// Reads prefixes and opening parentheses up to and including one operand.
  private mutating func readOperand() throws(VariableError) {
    while true {
      let isAtName = frames.last?.allowsWildcards ?? false
      let token = try lexer.next(allowsWildcards: isAtName)
      switch token.kind {
      case .sign("("): frames.append(.group)
      case .sign("-"):
        if case .minus(let isOdd)? = frames.last {
          frames[frames.count - 1] = .minus(isOdd: !isOdd)
        } else {
          frames.append(.minus(isOdd: true))
        }
      case .word(let word):
        if try open(word, token) { continue }
        return push(.name(word, isQuoted: false))
      case .quotedName(let name): return push(.name(name, isQuoted: true))
      case .text(let text): return push(.text(text))
      case .number(let number): return push(.number(number))
      case .sign, .end:
        throw unexpected("a variable, an item or a value", token)
      }
    }
  }

  /// Opens what a word begins; false for a plain name.
  private mutating func open(
    _ word: String, _ token: ExpressionToken
  ) throws(VariableError) -> Bool {
    switch word.lowercased() {
    case "not":
      if case .not(let isOdd)? = frames.last {
        frames[frames.count - 1] = .not(isOdd: !isOdd)
      } else {
        frames.append(.not(isOdd: true))
      }
      return true
    case "and", "or", "in": throw unexpected("a variable, an item or a value", token)
    case "at":
      var ahead = lexer
      let second = try ahead.next()
      let isLeast = second.isWord("least")
      guard isLeast || second.isWord("most") else { return false }
      lexer = ahead
      try openList(isLeast ? .atLeast : .atMost)
      return true
    case "exactly":
      var ahead = lexer
      guard case .number = try ahead.next().kind else { return false }
      try openList(.exactly)
      return true
    case "any", "all", "none":
      var ahead = lexer
      guard try ahead.next().isWord("of") else { return false }
      lexer = ahead
      try expectParenthesis(after: "\(word) of")
      let quantity: Quantity =
        switch word.lowercased() {
        case "any": .any
        case "all": .all
        default: .count(.atMost, 0)
        }
      frames.append(.list(quantity, base: operands.count))
      return true
    default:
      var ahead = lexer
      guard try ahead.next().isSign("(") else { return false }
      guard let function = Expression.Function(rawValue: word.lowercased()) else {
        let names = Expression.Function.allCases.map(\.rawValue)
        throw .syntax(
          at: token.range.lowerBound + 1, expected: "an operator after '\(word)', or a function",
          found: "'\(word)('" + NearestNames.suggestion(of: NearestNames(names).nearest(to: word)))
      }
      lexer = ahead
      frames.append(.call(function, base: operands.count))
      return true
    }
  }

  /// Reads `K of (`.
  private mutating func openList(
    _ quantifier: Expression.Quantifier
  ) throws(VariableError) {
    let number = try lexer.next()
    guard case .number(let value) = number.kind, value == value.rounded(), (0...1e6) ~= value
    else { throw unexpected("a whole number after '\(quantifier.rawValue)'", number) }
    let of = try lexer.next()
    guard of.isWord("of") else { throw unexpected("'of'", of) }
    try expectParenthesis(after: "of")
    frames.append(.list(.count(quantifier, Int(value)), base: operands.count))
  }

  private mutating func expectParenthesis(after words: String) throws(VariableError) {
    let token = try lexer.next()
    guard token.isSign("(") else { throw unexpected("'(' after '\(words)'", token) }
  }

  private mutating func push(_ expression: Expression) {
    operands.append(Operand(expression: expression, depth: 1))
  }

  // MARK: Operators

  /// Reads closing parentheses up to and including an operator after which an operand must follow;
  /// false at the end.
  private mutating func readOperator() throws(VariableError) -> Bool {
    while true {
      let token = try lexer.next()
      switch token.kind {
      case .end:
        try reduce(to: 1)
        guard frames.isEmpty else { throw unexpected("')'", token) }
        return false
      case .sign(")"):
        try reduce(to: 1)
        try close(token)
      case .sign(","):
        try reduce(to: 1)
        switch frames.last {
        case .call, .list, .membership: return true
        default: throw unexpected("an operator or ')'", token)
        }
      case .sign(let sign):
        if let comparison = Expression.Comparison(rawValue: sign) {
          try reduce(to: 5)
          try checkComparison(token)
          frames.append(.comparison(comparison))
        } else if let operation = Expression.Arithmetic(rawValue: sign) {
          let isSum = operation == .sum || operation == .difference
          try reduce(to: isSum ? 5 : 6)
          frames.append(.arithmetic(operation))
        } else {
          throw unexpected(endings, token)
        }
        return true
      case .word(let word) where ["and", "or"].contains(word.lowercased()):
        let isConjunction = word.lowercased() == "and"
        try reduce(to: isConjunction ? 3 : 2)
        if case .chain(isConjunction, let count)? = frames.last {
          frames[frames.count - 1] = .chain(isConjunction: isConjunction, count: count + 1)
        } else {
          frames.append(.chain(isConjunction: isConjunction, count: 1))
        }
        return true
      case .word(let word) where ["in", "not"].contains(word.lowercased()):
        let isNegated = word.lowercased() == "not"
        if isNegated {
          let second = try lexer.next()
          guard second.isWord("in") else { throw unexpected(endings, token) }
        }
        try expectParenthesis(after: "in")
        try reduce(to: 5)
        try checkComparison(token)
        frames.append(
          .membership(isNegated: isNegated, base: operands.count - 1))
        return true
      default: throw unexpected(endings, token)
      }
    }
  }

  private let endings = "'and', 'or' or a comparison"

  /// Refuses `1 < x < 3`.
  private func checkComparison(_ token: ExpressionToken) throws(VariableError) {
    if case .comparison? = frames.last { throw unexpected("'and' or 'or'", token) }
  }

  /// Applies the waiting operators that bind at least so strongly.
  private mutating func reduce(to precedence: Int) throws(VariableError) {
    while let frame = frames.last, frame.precedence >= precedence {
      frames.removeLast()
      switch frame {
      case .chain(let isConjunction, let count):
        let parts = pop(count + 1)
        try push(from: parts) { isConjunction ? .all($0) : .any($0) }
      case .not(let isOdd):
        if isOdd {
          let inner = pop(1)
          if case .not(let positive) = inner[0].expression {
            operands.append(Operand(expression: positive, depth: inner[0].depth - 1))
          } else {
            try push(from: inner) { .not($0[0]) }
          }
        }
      case .comparison(let comparison):
        try push(from: pop(2)) { .comparison(comparison, $0[0], $0[1]) }
      case .arithmetic(let operation):
        try push(from: pop(2)) { .arithmetic(operation, $0[0], $0[1]) }
      case .minus(let isOdd):
        guard isOdd else { break }
        let inner = pop(1)
        if case .number(let number) = inner[0].expression {
          push(.number(-number))
        } else {
          try push(from: inner) { .negative($0[0]) }
        }
      case .group, .call, .list, .membership: break
      }
    }
  }

  /// Ends what a closing parenthesis ends.
  private mutating func close(_ token: ExpressionToken) throws(VariableError) {
    guard let frame = frames.popLast() else { throw unexpected(endings, token) }
    switch frame {
    case .call(let function, let base):
      try push(from: pop(operands.count - base)) { .call(function, $0) }
    case .list(let quantity, let base):
      try push(from: pop(operands.count - base)) { parts in
        switch quantity {
        case .all: .all(parts)
        case .any: .any(parts)
        case .count(let quantifier, let bound): .count(quantifier, bound, parts)
        }
      }
    case .membership(let isNegated, let base):
      try push(from: pop(operands.count - base)) { .membership($0[0], Array($0.dropFirst())) }
      if isNegated { try push(from: pop(1)) { .not($0[0]) } }
    default: break
    }
  }

  private mutating func pop(_ count: Int) -> [Operand] {
    let popped = Array(operands.suffix(count))
    operands.removeLast(count)
    return popped
  }

  private mutating func push(
    from parts: [Operand], _ make: ([Expression]) -> Expression
  ) throws(VariableError) {
    let depth = 1 + (parts.map(\.depth).max() ?? 0)
    guard depth <= Expression.deepest else { throw .tooDeep(Expression.deepest) }
    operands.append(Operand(expression: make(parts.map(\.expression)), depth: depth))
  }

  private func unexpected(_ expected: String, _ token: ExpressionToken) -> VariableError {
    .syntax(
      at: token.range.lowerBound + 1, expected: expected,
      found: lexer.found(from: token.range.lowerBound))
  }
}

extension Expression.Function {
  /// Whether its arguments are items, which may be named with wildcards.
  var takesItems: Bool {
    switch self {
    case .score, .applicableCount, .yesCount, .noCount, .askedCount, .applies, .asked: true
    default: false
    }
  }
}

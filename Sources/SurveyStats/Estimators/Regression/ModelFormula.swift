/// The right-hand side of a regression: which variables enter a model, and how.
///
///     year + type + tags + setup_transparency.prompts_provided + hn_points:log
///     ns(year, 3) * type + poly(pages, 2) + version:factor + type:ref=survey
///
/// Terms are joined by `+`. A variable is named as in the corpus; a name with characters other
/// than letters, digits, `_`, `.` and `-` stands between backquotes. After a colon follows how it
/// is taken: `log` (natural), `log1p` (log(1 + x)), `sqrt`, `center` (minus its mean), `scale`
/// (minus its mean, over its standard deviation), `factor` (categorical), `numeric` (a categorical
/// variable whose levels are numbers), or `ref=LEVEL` (categorical with that reference level).
/// `a*b` means both variables and their interaction, `poly(x, d)` an orthogonal polynomial of
/// degree d and `ns(x, k)` a natural cubic spline with k degrees of freedom. The intercept is
/// always there. An empty formula, or `1`, is the intercept alone.
public struct ModelFormula: Sendable, Equatable, CustomStringConvertible {
  /// How a variable enters the model.
  public enum Form: Sendable, Hashable {
    /// As it is: numbers as numbers, text as categories.
    case plain
    /// The natural logarithm.
    case log
    /// The natural logarithm of one plus the value.
    case log1p
    /// The square root.
    case squareRoot
    /// The distance from the mean.
    case centered
    /// The distance from the mean in standard deviations.
    case scaled
    /// Categories, the most frequent one being the reference.
    case factor
    /// Numbers, though the variable would be categorical by itself.
    case numeric
    /// Categories with a chosen reference level.
    case reference(String)
    /// An orthogonal polynomial of the given degree.
    case polynomial(degree: Int)
    /// A natural cubic spline of the given degrees of freedom.
    case naturalSpline(degreesOfFreedom: Int)
  }

  /// A variable with the form in which it enters.
  public struct Variable: Sendable, Hashable, CustomStringConvertible {
    /// The name of the variable in the corpus.
    public var name: String
    /// How it enters.
    public var form: Form

    /// Creates a variable.
    public init(_ name: String, _ form: Form = .plain) {
      self.name = name
      self.form = form
    }

    /// The variable as it is written in a formula.
    public var description: String {
      switch form {
      case .plain: name
      case .log: "\(name):log"
      case .log1p: "\(name):log1p"
      case .squareRoot: "\(name):sqrt"
      case .centered: "\(name):center"
      case .scaled: "\(name):scale"
      case .factor: "\(name):factor"
      case .numeric: "\(name):numeric"
      case .reference(let level): "\(name):ref=\(level)"
      case .polynomial(let degree): "poly(\(name),\(degree))"
      case .naturalSpline(let degreesOfFreedom): "ns(\(name),\(degreesOfFreedom))"
      }
    }
  }

  /// A term: one variable, or the interaction of several.
  public struct Term: Sendable, Hashable, CustomStringConvertible {
    /// The variables whose product the term is.
    public var variables: [Variable]

    /// The term as it is written in results, the variables of an interaction joined by `*`.
    public var description: String { variables.map(\.description).joined(separator: "*") }

    /// Whether the other term holds every variable of this one, and more.
    func isMarginal(to other: Term) -> Bool {
      other.variables.count > variables.count && variables.allSatisfy(other.variables.contains)
    }
  }

  /// The terms, main effects before interactions, each once.
  public let terms: [Term]

  /// The formula in its canonical spelling.
  public var description: String {
    terms.isEmpty ? "1" : terms.map(\.description).joined(separator: " + ")
  }

  /// The variables in order of first mention, each once.
  public var variables: [Variable] {
    var seen: [Variable] = []
    for variable in terms.flatMap(\.variables) where !seen.contains(variable) {
      seen.append(variable)
    }
    return seen
  }

  /// Reads a formula.
  public init(_ text: String) throws(ModelFormulaError) {
    var parser = FormulaParser(text)
    var products = try parser.products()
    if products == [[Variable("1")]] { products = [] }
    let expanded = products.flatMap(Self.subsets(of:))
    var terms: [Term] = []
    for order in 1...max(expanded.map(\.count).max() ?? 1, 1) {
      for variables in expanded where variables.count == order {
        let known = terms.contains { Set($0.variables) == Set(variables) }
        if !known { terms.append(Term(variables: variables)) }
      }
    }
    self.terms = terms
  }

  /// Every non-empty choice of the variables of a product: `a*b*c` means a, b, a*b, c and so on.
  private static func subsets(of product: [Variable]) -> [[Variable]] {
    (1..<1 << product.count).map { mask in
      product.indices.filter { mask >> $0 & 1 == 1 }.map { product[$0] }
    }
  }
}

/// What is wrong with a formula or with the variables it names.
public enum ModelFormulaError: Error, Equatable, CustomStringConvertible {
  /// The text cannot be read from the given place on.
  case syntax(found: String, expected: String)
  /// No variable has that name.
  case unknownVariable(String)
  /// A transformation is not defined for some values of a variable.
  case undefinedTransformation(variable: String, values: Int, remedy: String)
  /// The variable is not a number, but its form asks for one.
  case notNumeric(String)
  /// The level asked for as reference does not occur.
  case unknownLevel(variable: String, level: String)
  /// The variable has too few distinct values for its polynomial or spline.
  case tooFewDistinctValues(variable: String, needed: Int, found: Int)

  /// One sentence that says what happened and what to do.
  public var description: String {
    switch self {
    case .syntax(let found, let expected):
      "the formula is not readable: expected \(expected), found \(found)"
    case .unknownVariable(let name): "no variable, item or category is named '\(name)'"
    case .undefinedTransformation(let variable, let values, let remedy):
      "'\(variable)' is undefined for \(values) papers; \(remedy)"
    case .notNumeric(let name): "'\(name)' is not numeric; write '\(name):factor' or leave it plain"
    case .unknownLevel(let variable, let level): "'\(variable)' has no level '\(level)'"
    case .tooFewDistinctValues(let variable, let needed, let found):
      "'\(variable)' needs \(needed) distinct values, it has \(found)"
    }
  }
}

/// A recursive-descent reader of formulas.
private struct FormulaParser {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  /// All products between plus signs.
  mutating func products() throws(ModelFormulaError) -> [[ModelFormula.Variable]] {
    skipBlanks()
    guard !rest.isEmpty else { return [] }
    var products = [try product()]
    while skip("+") { products.append(try product()) }
    guard rest.isEmpty else { throw unexpected("'+', '*' or ':'") }
    return products
  }

  private mutating func product() throws(ModelFormulaError) -> [ModelFormula.Variable] {
    var variables = [try variable()]
    while skip("*") {
      let next = try variable()
      if !variables.contains(next) { variables.append(next) }
    }
    return variables
  }

  private mutating func variable() throws(ModelFormulaError) -> ModelFormula.Variable {
    let name = try name()
    if name == "ns" || name == "poly", skip("(") {
      let inner = try self.name()
      guard skip(",") else { throw unexpected("','") }
      let size = try count()
      guard skip(")") else { throw unexpected("')'") }
      return ModelFormula.Variable(
        inner, name == "ns" ? .naturalSpline(degreesOfFreedom: size) : .polynomial(degree: size))
    }
    guard skip(":") else { return ModelFormula.Variable(name) }
    return ModelFormula.Variable(name, try form())
  }

  private mutating func form() throws(ModelFormulaError) -> ModelFormula.Form {
    let start = rest
    switch try name() {
    case "log": return .log
    case "log1p": return .log1p
    case "sqrt": return .squareRoot
    case "center": return .centered
    case "scale": return .scaled
    case "factor": return .factor
    case "numeric": return .numeric
    case "ref":
      guard skip("=") else { throw unexpected("'='") }
      return .reference(try name())
    default:
      rest = start
      throw unexpected("log, log1p, sqrt, center, scale, factor, numeric or ref=LEVEL")
    }
  }

  private mutating func name() throws(ModelFormulaError) -> String {
    skipBlanks()
    let name: String
    if rest.first == "`" {
      let quoted = rest.dropFirst()
      guard let end = quoted.firstIndex(of: "`") else { throw unexpected("a closing backquote") }
      name = String(quoted[..<end])
      rest = quoted[quoted.index(after: end)...]
    } else {
      let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "-" }
      name = String(word)
      rest = rest[word.endIndex...]
    }
    guard !name.isEmpty else { throw unexpected("a name") }
    skipBlanks()
    return name
  }

  private mutating func count() throws(ModelFormulaError) -> Int {
    let start = rest
    guard let value = Int(try name()), (1...20).contains(value) else {
      rest = start
      throw unexpected("a whole number from 1 to 20")
    }
    return value
  }

  private mutating func skip(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    skipBlanks()
    return true
  }

  private mutating func skipBlanks() { rest = rest.drop { $0.isWhitespace } }

  private func unexpected(_ expected: String) -> ModelFormulaError {
    .syntax(found: rest.isEmpty ? "the end" : "'\(rest)'", expected: expected)
  }
}

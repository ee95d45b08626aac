/// The right-hand side of a regression: which variables enter a model, and how.
///
///     year + type + tags + setup_transparency.prompts_provided + hn_points:log
///     ns(year, 3) * type + poly(pages, 2) + version:factor + type:ref=survey
///
/// Terms are joined by `+`. A variable is named as in the corpus; a name with characters other
/// than letters, digits, `_`, `.` and `-` stands between backquotes, as may a whole expression; functions
/// such as `score(artifacts)` and `claims(strong)` stand as they are. After a colon follows how it
/// is taken: `log` (natural), `log1p` (log(1 + x)), `sqrt`, `center` (minus its mean), `scale`
/// (minus its mean, over its standard deviation), `factor` (categorical), `numeric` (a categorical
/// variable whose levels are numbers), or `ref=LEVEL` (categorical with that reference level).
/// `log`, `log1p`, `sqrt` and `numeric` may be followed by another: `points:log:center`, and stand
/// inside `ns(points:log, 3)`.
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

    /// Whether it makes categories.
    var isCategorical: Bool {
      switch self {
      case .factor, .reference: true
      default: false
      }
    }

    /// Whether it changes values one by one, so that another form may follow.
    var isStep: Bool {
      switch self {
      case .log, .log1p, .squareRoot, .numeric: true
      default: false
      }
    }
  }

  /// A variable with the form in which it enters.
  public struct Variable: Sendable, Hashable, CustomStringConvertible {
    /// The name of the variable in the corpus.
    public var name: String
    /// What is done to every value first: logarithms and roots, in order.
    public var steps: [Form]
    /// How it then enters.
    public var form: Form

    /// Creates a variable.
    init(_ name: String, _ form: Form = .plain, after steps: [Form] = []) {
      self.name = name
      self.form = form
      self.steps = steps
    }

    /// The variable as it is written in a formula.
    public var description: String {
      let name = steps.reduce(self.name) { Variable($0, $1).description }
      return switch form {
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
    var seen: Set<Variable> = []
    return terms.flatMap(\.variables).filter { seen.insert($0).inserted }
  }

  /// Reads a formula.
  public init(_ text: String) throws(ModelFormulaError) {
    var parser = FormulaParser(text)
    var products = try parser.products()
    if products == [[Variable("1")]] { products = [] }
    if let product = products.first(where: { $0.count > Self.largestProduct }) {
      throw .largeProduct(count: product.count, limit: Self.largestProduct)
    }
    let expanded = products.flatMap(Self.subsets(of:))
    var terms: [Term] = []
    var known: Set<Set<Variable>> = []
    for order in 1...max(expanded.map(\.count).max() ?? 1, 1) {
      for variables in expanded where variables.count == order {
        if known.insert(Set(variables)).inserted { terms.append(Term(variables: variables)) }
      }
    }
    self.terms = terms
  }

  /// The most variables of a product, which means 2ⁿ − 1 terms.
  static let largestProduct = 6

  /// Every non-empty choice of the variables of a product: `a*b*c` means a, b, a*b, c and so on.
  private static func subsets(of product: [Variable]) -> [[Variable]] {
    (1..<1 << product.count).map { mask in
      product.indices.filter { mask >> $0 & 1 == 1 }.map { product[$0] }
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
      let steps = try forms()
      guard steps.allSatisfy(\.isStep) else { throw unexpected("log, log1p or sqrt before it") }
      guard skip(",") else { throw unexpected("','") }
      let size = try count()
      guard skip(")") else { throw unexpected("')'") }
      return ModelFormula.Variable(
        inner, name == "ns" ? .naturalSpline(degreesOfFreedom: size) : .polynomial(degree: size),
        after: steps)
    }
    let called = try Expression.Function(rawValue: name) == nil ? name : name + arguments()
    let forms = try forms()
    return ModelFormula.Variable(called, forms.last ?? .plain, after: forms.dropLast())
  }

  /// The arguments of a function, with their parentheses; empty where none follow.
  private mutating func arguments() throws(ModelFormulaError) -> String {
    guard rest.first == "(" else { return "" }
    var depth = 0
    for (place, character) in zip(rest.indices, rest) {
      depth += character == "(" ? 1 : character == ")" ? -1 : 0
      guard depth == 0 else { continue }
      let text = rest[...place]
      rest = rest[rest.index(after: place)...]
      skipBlanks()
      return String(text)
    }
    rest = rest[rest.endIndex...]
    throw unexpected("')'")
  }

  /// The most words after one name.
  private static let mostForms = 8

  /// The words after colons; all but the last change values one by one.
  private mutating func forms() throws(ModelFormulaError) -> [ModelFormula.Form] {
    var forms: [ModelFormula.Form] = []
    while rest.first == ":" {
      let before = rest
      _ = skip(":")
      let start = rest
      let next = try form()
      // A scaled variable is centred already.
      let isCentering = [.centered, .scaled].contains(next)
      if let last = forms.last, [.centered, .scaled].contains(last), isCentering {
        forms[forms.count - 1] = last == .scaled ? last : next
        continue
      }
      guard forms.last?.isStep ?? true else {
        rest = before
        throw unexpected("'+' or '*'")
      }
      guard forms.count < Self.mostForms else {
        rest = before
        throw unexpected("'+' or '*' after \(Self.mostForms) words")
      }
      if !forms.isEmpty, next.isCategorical {
        rest = start
        throw unexpected("log, log1p, sqrt, center or scale")
      }
      forms.append(next)
    }
    return forms
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

import RealModule

/// How one variable of a formula becomes columns: levels, centre, scale or knots, learnt once from
/// the papers and then applied to any value.
struct VariableEncoding: Sendable {
  /// A value of a variable for one paper; `nil` where it is missing.
  enum Value: Sendable, Equatable {
    case number(Double)
    case category(String)
    case labels([String])
  }

  /// The rule.
  enum Rule: Sendable {
    case number(center: Double, scale: Double)
    case polynomial(OrthogonalPolynomial)
    case spline(NaturalSpline)
    case categories(reference: String, levels: [String])
    case labels([String])
  }

  /// The variable.
  let variable: ModelFormula.Variable
  /// The value of each paper.
  let values: [Value?]
  /// The rule.
  let rule: Rule
  /// What a reader must know: the reference level, the centre and scale, the knots.
  let note: String?
  /// The names of the columns.
  let columnNames: [String]
  /// Whether it is the answer to an item, yes or no.
  let isAnswer: Bool

  /// Whether some paper has a value.
  var hasValues: Bool {
    if case .labels(let labels) = rule { return !labels.isEmpty }
    return values.contains { $0 != nil }
  }

  /// Whether its columns mean something only together.
  var isCurve: Bool {
    switch rule {
    case .polynomial, .spline: true
    default: false
    }
  }

  /// Learns the rule from the values of a variable.
  init(
    _ variable: ModelFormula.Variable, values source: VariableValues,
    rowName: String = "papers"
  ) throws(ModelFormulaError) {
    self.variable = variable
    if case .answers = source { isAnswer = true } else { isAnswer = false }
    if case .labels(let labels) = source {
      guard variable.form == .plain else { throw .notNumeric(variable.name) }
      let all = Set(labels.joined()).sorted()
      values = labels.map { .labels($0) }
      rule = .labels(all)
      note = nil
      columnNames = all.map { "\(variable.name)[\($0)]" }
      return
    }
    if Self.isCategorical(source, form: variable.form) {
      let levels = Self.categories(of: source)
      values = levels.map { $0.map(Value.category) }
      var counts: [String: Int] = [:]
      for level in levels { if let level { counts[level, default: 0] += 1 } }
      let names = counts.keys.sorted()
      var reference = names.max { (counts[$0] ?? 0, $1) < (counts[$1] ?? 0, $0) } ?? ""
      var reason = "the most frequent, \(counts[reference] ?? 0) \(rowName)"
      if case .reference(let level) = variable.form {
        guard counts[level] != nil else {
          throw .unknownLevel(variable: variable.name, level: level)
        }
        reference = level
        reason = "as chosen, \(counts[level] ?? 0) \(rowName)"
      }
      let others = names.filter { $0 != reference }
      rule = .categories(reference: reference, levels: others)
      note = "\(variable.name): reference level '\(reference)' (\(reason))"
      columnNames = others.map { "\(variable.name)[\($0)]" }
      return
    }
    let numbers = try Self.numbers(of: source, variable: variable)
    values = numbers.map { $0.map(Value.number) }
    let changed = try Self.stepped(variable, numbers.compactMap { $0 })
    (rule, note) = try Self.numericRule(variable, numbers: changed)
    switch rule {
    case .polynomial(let polynomial):
      columnNames = (1...polynomial.count).map { "\(variable)\($0)" }
    case .spline(let spline): columnNames = (1...spline.count).map { "\(variable)\($0)" }
    default: columnNames = [variable.description]
    }
  }

  /// The columns at a value.
  func columns(at value: Value) -> [Double] {
    switch (rule, value) {
    case (.number(let center, let scale), .number(let x)): [(changed(x) - center) / scale]
    case (.polynomial(let polynomial), .number(let x)): polynomial.values(at: changed(x))
    case (.spline(let spline), .number(let x)): spline.values(at: changed(x))
    case (.categories(_, let levels), .category(let level)): levels.map { $0 == level ? 1 : 0 }
    case (.labels(let all), .labels(let own)): all.map { own.contains($0) ? 1 : 0 }
    default: [Double](repeating: 0, count: columnNames.count)
    }
  }

  /// A value after the logarithms and roots of the variable.
  private func changed(_ value: Double) -> Double {
    variable.changes.reduce(value) { $1.changed($0) }
  }

  private static func isCategorical(_ source: VariableValues, form: ModelFormula.Form) -> Bool {
    switch form {
    case .factor, .reference: return true
    case .plain:
      if case .categorical = source { return true }
      return false
    default: return false
    }
  }

  private static func categories(of source: VariableValues) -> [String?] {
    switch source {
    case .categorical(let values): values
    case .numeric(let values):
      values.map { value in
        value.map { $0 == $0.rounded() && abs($0) < 1e15 ? String(Int($0)) : "\($0)" }
      }
    case .answers(let cells):
      cells.map { cell in
        switch cell {
        case .yes: "yes"
        case .no: "no"
        case .notApplicable: "does not apply"
        case .absent: nil
        }
      }
    case .labels: []
    }
  }

  private static func numbers(of source: VariableValues, variable: ModelFormula.Variable)
    throws(ModelFormulaError) -> [Double?]
  {
    switch source {
    case .numeric(let values): return values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    case .answers(let cells):
      return cells.map { $0 == .yes ? 1 : $0 == .no ? 0 : nil }
    case .categorical(let values):
      let numbers = values.map { $0.flatMap(Double.init) }
      let readable = zip(values, numbers).allSatisfy { $0 == nil || $1?.isFinite == true }
      guard readable else { throw .notNumeric(variable.name) }
      return numbers
    case .labels: throw .notNumeric(variable.name)
    }
  }

  private static func numericRule(_ variable: ModelFormula.Variable, numbers: [Double])
    throws(ModelFormulaError) -> (Rule, String?)
  {
    let name = variable.steps.reduce(variable.name) {
      ModelFormula.Variable($0, $1).description
    }
    func checkDistinct(_ needed: Int) throws(ModelFormulaError) {
      let found = Set(numbers).count
      guard found >= needed else {
        throw .tooFewDistinctValues(variable: name, needed: needed, found: found)
      }
    }
    let mean = numbers.isEmpty ? 0 : numbers.reduce(0, +) / Double(numbers.count)
    switch variable.form {
    case .centered:
      return (
        .number(center: mean, scale: 1), "\(variable): \(name) minus \(mean)"
      )
    case .scaled:
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(max(numbers.count - 1, 1))).squareRoot()
      return (
        .number(center: mean, scale: deviation > 0 ? deviation : 1),
        "\(variable): \(name) minus \(mean), divided by \(deviation)"
      )
    case .polynomial(let degree):
      try checkDistinct(degree + 1)
      return (.polynomial(OrthogonalPolynomial(values: numbers, degree: degree)), nil)
    case .naturalSpline(let degreesOfFreedom):
      try checkDistinct(degreesOfFreedom + 1)
      let spline = NaturalSpline(
        sortedValues: numbers.sorted(), degreesOfFreedom: degreesOfFreedom)
      return (.spline(spline), nil)
    default: break
    }
    return (.number(center: 0, scale: 1), nil)
  }
  /// The values after the logarithms and roots of a variable, all of which must be defined.
  private static func stepped(_ variable: ModelFormula.Variable, _ numbers: [Double])
    throws(ModelFormulaError) -> [Double]
  {
    var numbers = numbers
    var written = variable.name
    for step in variable.changes {
      let undefined = numbers.count { !step.changed($0).isFinite }
      let name = written
      written = ModelFormula.Variable(name, step).description
      guard undefined == 0 else {
        throw .undefinedTransformation(
          variable: written, values: undefined,
          remedy: step == .log ? "take \(name):log1p, log(1 + x)" : "take \(name) as it is")
      }
      numbers = numbers.map(step.changed)
    }
    return numbers
  }
}

extension ModelFormula.Variable {
  /// All forms that change values one by one, in order.
  fileprivate var changes: [ModelFormula.Form] { steps + (form.isStep ? [form] : []) }
}

extension ModelFormula.Form {
  /// A value after the form, if it changes values one by one; NaN or infinite where undefined.
  fileprivate func changed(_ value: Double) -> Double {
    switch self {
    case .log: Double.log(value)
    case .log1p: Double.log(onePlus: value)
    case .squareRoot: value < 0 ? .nan : value.squareRoot()
    default: value
    }
  }
}

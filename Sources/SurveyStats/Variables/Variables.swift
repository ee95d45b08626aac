/// The variables of the papers of a matrix: the one place that knows what a name means.
///
/// A name is looked up in this order:
///
/// 1. `paper` and the columns of metadata: `title`, `year`, `venue`, `type`, `tags` (also `tag`),
///    `version`, `rater`, `group`, `cluster`, `weight`, `arxiv_id`, `doi`;
/// 2. the further columns of the papers, of a matrix, of covariate files or of scans, such as
///    `hn_points` or `claims_strong`, typed by their values (``Variable/Kind``);
/// 3. items, `category.item`, or without the category where no other item has the name;
/// 4. `score` (percent of the applicable items answered yes), `n_applicable`, `n_yes`;
/// 5. categories and modules, which stand for their score;
/// 6. `flags` (`red_flags`) and `citations` (`cited_papers`).
///
/// Where an answer is asked for, as in a pattern, items come first. A name that nothing has is an
/// error with the nearest names, so is one whose values are all missing; neither is ever taken for an
/// undefined answer.
public struct Variables: Sendable {
  /// The papers and answers.
  public let matrix: BinaryMatrix
  private let itemOfID: [ItemID: Int]
  private let itemsOfName: [String: [Int]]

  /// The variables of a matrix.
  init(_ matrix: BinaryMatrix) {
    self.matrix = matrix
    itemOfID = Dictionary(
      matrix.items.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    itemsOfName = Dictionary(grouping: matrix.items.indices) { matrix.items[$0].id.name }
  }

  /// What a name means.
  enum Source: Equatable {
    case paper
    case metadata(MetadataColumn)
    case covariate(String)
    /// A count that is zero where another count is known.
    case count(String, of: String)
    case item(Int)
    case score([Int])
    case applicable([Int])
    case passed([Int])
  }

  /// The variable of a name.
  public func callAsFunction(_ name: String) throws(VariableError) -> Variable {
    Variable(name: name, kind: kind(of: try source(of: name)))
  }

  private func kind(of source: Source) -> Variable.Kind {
    switch source {
    case .paper: .category
    case .metadata(let column): column.kind
    case .covariate(let name): Self.countNames(name) ? .count : column(name).kind
    case .count, .applicable, .passed: .count
    case .item: .answer
    case .score: .number
    }
  }

  /// Whether a column of scans counts something.
  private static func countNames(_ name: String) -> Bool {
    ["claims", "red_flags", "cited_papers", "contradictory_answers"].contains(name)
      || name.hasPrefix("claims_")
  }

  /// What a name means; items first where an answer is asked for.
  func source(of name: String, prefersItems: Bool = false) throws(VariableError) -> Source {
    if prefersItems, let item = try item(named: name) { return .item(item) }
    if name == "paper" || name == "slug" { return .paper }
    let metadata = MetadataColumn(rawValue: name == "tag" ? "tags" : name)
    if let metadata, matrix.papers.contains(where: { !metadata.values(of: $0).isEmpty }) {
      return .metadata(metadata)
    }
    if isCovariate(name) {
      return name.hasPrefix("claims_") ? .count(name, of: "claims") : .covariate(name)
    }
    if metadata == nil || itemOfID[ItemID(name)] != nil, let item = try item(named: name) {
      return .item(item)
    }
    let all = Array(matrix.items.indices)
    switch name {
    case "score": return .score(all)
    case "n_applicable": return .applicable(all)
    case "n_yes": return .passed(all)
    case "flags" where isCovariate("red_flags"): return .covariate("red_flags")
    case "citations" where isCovariate("cited_papers"): return .covariate("cited_papers")
    default: break
    }
    let members = items(ofPart: name)
    if !members.isEmpty { return .score(members) }
    if metadata != nil || matrix.papers.contains(where: { $0.covariate(named: name) != nil }) {
      throw .noValues(name)
    }
    throw .unknown(name, nearest: nearest(to: name))
  }

  /// The items of a category, or else of a module.
  func items(ofPart name: String) -> [Int] {
    guard !name.isEmpty else { return [] }
    let items = matrix.items
    let members = items.indices.filter { items[$0].id.category == name }
    return members.isEmpty ? items.indices.filter { items[$0].module == name } : members
  }

  /// The item of a name, with its category or, if it is the only one, without.
  func item(named name: String) throws(VariableError) -> Int? {
    if let item = itemOfID[ItemID(name)] { return item }
    let found = itemsOfName[name] ?? []
    if found.count > 1 {
      throw .ambiguous(name, found.map { matrix.items[$0].id.description })
    }
    return found.first
  }

  /// The items that a name or pattern of items fits: a category, a module, an item, `artifacts.*`.
  func items(_ name: String) throws(VariableError) -> [Int] {
    if name.contains(where: { $0 == "*" || $0 == "?" }) {
      let pattern = GlobPattern(name)
      let found = matrix.items.indices.filter {
        pattern.matches(matrix.items[$0].id.description)
          || pattern.matches(matrix.items[$0].id.name)
      }
      if !found.isEmpty { return found }
    } else {
      let members = items(ofPart: name)
      if !members.isEmpty { return members }
      if let item = try item(named: name) { return [item] }
    }
    let names = matrix.items.map(\.id.description) + parts
    throw .unknown(name, nearest: NearestNames(names).nearest(to: name))
  }

  /// The categories and modules.
  private var parts: [String] {
    Set(matrix.items.flatMap { [$0.id.category, $0.module] }).subtracting([""]).sorted()
  }

  private func isCovariate(_ name: String) -> Bool {
    matrix.papers.contains { paper in
      paper.covariate(named: name).map { !$0.isEmpty && $0 != "NA" } ?? false
    }
  }

  /// The names that there are, in the order in which they are looked up.
  public var names: [String] {
    let metadata = MetadataColumn.allCases.filter { column in
      matrix.papers.contains { !column.values(of: $0).isEmpty }
    }
    return ["paper"] + metadata.map(\.rawValue) + matrix.papers.covariateNames.sorted()
      + matrix.items.map(\.id.description) + ["score", "n_applicable", "n_yes"] + parts
  }

  /// The names nearest to one that nothing has; all that are no items when none is near.
  func nearest(to name: String) -> [String] {
    let near = NearestNames(names).nearest(to: name)
    guard near.isEmpty else { return near }
    let items = Set(matrix.items.map(\.id.description))
    return Array(names.filter { !items.contains($0) }.prefix(24))
  }

  // MARK: Values

  /// The values of a variable or an expression.
  public func values(
    of text: String, asCategories: Bool = false
  ) throws(VariableError) -> VariableValues {
    let expression = try expression(text)
    if case .name(let name, _) = expression {
      return try values(of: try source(of: name), name: name, asCategories: asCategories)
    }
    return try values(of: expression)
  }

  /// The values of what a name means.
  func values(
    of source: Source, name: String, asCategories: Bool = false
  ) throws(VariableError) -> VariableValues {
    let papers = matrix.papers
    switch source {
    case .paper: return .categorical(papers.map(\.slug))
    case .metadata(.year): return .numeric(papers.map { $0.year.map(Double.init) })
    case .metadata(.weight): return .numeric(papers.map { $0.weight ?? 1 })
    case .metadata(.tags): return .labels(papers.map(\.tags))
    case .metadata(let column): return .categorical(papers.map { column.values(of: $0).first })
    case .covariate(let column):
      return try values(of: self.column(column), name: name, asCategories: asCategories)
    case .count(let column, let whole):
      let values = papers.map { $0.covariates[column] ?? ($0.covariates[whole] == nil ? nil : "0") }
      return try self.values(of: TypedColumn(values), name: name, asCategories: asCategories)
    case .item(let item): return .answers(papers.indices.map { matrix[$0, item] })
    case .score(let items): return .numeric(matrix.percentYes(items: items))
    case .applicable(let items): return counts(matrix.applies, items)
    case .passed(let items): return counts(matrix.yes, items)
    }
  }

  func counts(_ plane: BitColumns, _ items: [Int]) -> VariableValues {
    .numeric(plane.rowCounts(columns: items).map { Double($0) })
  }

  private func values(
    of column: TypedColumn, name: String, asCategories: Bool
  ) throws(VariableError) -> VariableValues {
    switch column.kind {
    case .labels where !asCategories:
      var hasDecimalComma = false
      if let stray = column.stray(decimalComma: &hasDecimalComma) {
        throw notNumber(name, column, stray, hasDecimalComma)
      }
      return .labels(column.texts.map { $0.map(TagList.split) ?? [] })
    case .category where !asCategories:
      var hasDecimalComma = false
      if let stray = column.stray(decimalComma: &hasDecimalComma) {
        throw notNumber(name, column, stray, hasDecimalComma)
      }
      return .categorical(column.texts)
    case .labels, .category: return .categorical(column.texts)
    case .number, .count, .date, .answer: return .numeric(column.numbers)
    }
  }

  func notNumber(
    _ name: String, _ column: TypedColumn, _ row: Int, _ hasDecimalComma: Bool
  ) -> VariableError {
    .notNumber(
      name, value: column.texts[row] ?? "", paper: matrix.papers[row].slug,
      numbers: column.numbers.count { $0 != nil }, hasDecimalComma: hasDecimalComma)
  }

  /// The further column of a name, with its type.
  func column(_ name: String) -> TypedColumn {
    TypedColumn(matrix.papers.map { $0.covariate(named: name) })
  }

  // MARK: Expressions

  /// The number that a variable or expression is for every paper, some of which must have one.
  public func numbers(_ text: String) throws(VariableError) -> [Double?] {
    let values = try numbers(try expression(text))
    guard values.contains(where: { $0 != nil }) else { throw .noValues(text) }
    return values
  }

  /// The one item of a name.
  public func item(_ name: String) throws(VariableError) -> Int {
    if let item = try item(named: name) { return item }
    throw .unknown(
      name, nearest: NearestNames(matrix.items.map(\.id.description)).nearest(to: name))
  }

  /// The expression that a text is: a name that there is as it stands, whatever its characters, else
  /// what it reads as.
  ///
  /// A text of words that is no expression is a name that nothing has.
  public func expression(_ text: String) throws(VariableError) -> Expression {
    let name = Expression.name(text, isQuoted: true)
    if (try? source(of: text)) != nil { return name }
    do {
      return try Expression(text)
    } catch {
      let words = text.lowercased().split(whereSeparator: \.isWhitespace)
      let isName =
        !text.contains { "<>=()!\"'`".contains($0) }
        && !words.contains { ["and", "or", "not", "in", "of"].contains($0) }
      guard isName else { throw error }
      throw .unknown(text, nearest: nearest(to: text))
    }
  }
}

extension MetadataColumn {
  /// The kind of variable that it is.
  public var kind: Variable.Kind {
    switch self {
    case .year, .weight: .number
    case .tags: .labels
    default: .category
    }
  }
}

extension BinaryMatrix {
  /// The matrix with the weights that a variable or expression gives: finite numbers of at least 0.
  public func weighted(by text: String) throws(VariableError) -> BinaryMatrix {
    let weights = try variables.numbers(text)
    var papers = papers
    for (index, weight) in weights.enumerated() {
      guard let weight, weight >= 0 else {
        throw .noWeight(text, paper: papers[index].slug, value: weight)
      }
      papers[index].weight = weight
    }
    return replacing(papers: papers)
  }

  /// The matrix with decimal points instead of commas in the further columns of its papers.
  public func readingDecimalCommas() -> BinaryMatrix {
    replacing(
      papers: papers.map { paper in
        var paper = paper
        for name in paper.covariates.keys {
          guard let text = paper.covariates[name], TypedColumn.hasDecimalComma(text) else {
            continue
          }
          paper.covariates[name] = text.replacing(",", with: ".")
        }
        return paper
      })
  }
}

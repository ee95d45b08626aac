public import SurveyStats

/// What a table and its codebook say differently.
///
/// Every item of the table and every name of the codebook is in it once or more: `same` where both have
/// it and agree. Metadata and columns that are left out need no codebook.
public struct CodebookComparison: Sendable, Equatable {
  /// One kind of difference.
  public enum Finding: String, Sendable, CaseIterable {
    /// Both have it, and agree.
    case same
    /// The codebook has it, the table has not.
    case notInTable = "not-in-table"
    /// The table has it as an item, the codebook has not.
    case notInCodebook = "not-in-codebook"
    /// The codebook has it with codes of answers, and the table's column is no item.
    case noItem = "no-item"
    /// The table or recipe has another label.
    case otherLabel = "other-label"
    /// The table or recipe has another category.
    case otherCategory = "other-category"
    /// The column has a code that the codebook does not declare.
    case undeclaredCode = "undeclared-code"
    /// The codebook declares a code that no cell has.
    case unusedCode = "unused-code"
  }

  /// One line.
  public struct Line: Sendable, Equatable {
    /// The item as `category.item`, or the name in the codebook.
    public let item: String
    /// The column of the table.
    public let column: String?
    /// What was found.
    public let finding: Finding
    /// The label, category or codes that differ.
    public let detail: String?
  }

  /// The lines: those of the codebook in its order, then the table's own.
  public private(set) var lines: [Line] = []

  /// Compares the columns of a table, as a recipe reads them, with a codebook.
  public init(_ recipe: Recipe, of grid: TableGrid, with codebook: Codebook) {
    let table = NamedTable(grid, header: recipe.layout.header)
    var rules: [String: Recipe.ColumnRule] = [:]
    for rule in recipe.columns { rules["\(rule.occurrence ?? 1)\u{0}\(rule.column)"] = rule }
    if let question = recipe.columns.first(where: { $0.role == .question }),
      let column = table.columns.first(where: { $0.name == question.column })
    {
      compare(names: column, recipe, with: codebook)
      return
    }
    let known = table.columns.indices.filter {
      codebook.place(ofColumn: table.columns[$0].name) != nil
    }.sorted {
      (codebook.place(ofColumn: table.columns[$0].name) ?? 0, $0)
        < (codebook.place(ofColumn: table.columns[$1].name) ?? 0, $1)
    }
    var used: Set<Int> = []
    for index in known {
      let column = table.columns[index]
      guard let place = codebook.place(ofColumn: column.name),
        let entry = codebook.entry(ofColumn: column.name)
      else { continue }
      addMissing(of: codebook, before: place, used: &used)
      used.insert(place)
      let rule = rules["\(column.occurrence)\u{0}\(column.name)"]
      add(column, rule, entry, decimal: recipe.source.decimal ?? .point)
    }
    addMissing(of: codebook, before: codebook.names.count, used: &used)
    for column in table.columns where codebook.place(ofColumn: column.name) == nil {
      guard let rule = rules["\(column.occurrence)\u{0}\(column.name)"], rule.role == .item else {
        continue
      }
      lines.append(
        Line(item: Self.name(rule), column: column.title, finding: .notInCodebook, detail: nil))
    }
  }

  private static func name(_ rule: Recipe.ColumnRule) -> String {
    ItemID(category: rule.category ?? "", name: rule.name ?? rule.column).description
  }

  /// The names of the codebook up to a place that no column has; columns come in its order.
  private mutating func addMissing(
    of codebook: Codebook, before end: Int, used: inout Set<Int>
  ) {
    for place in 0..<end where !used.contains(place) {
      used.insert(place)
      lines.append(
        Line(item: codebook.names[place], column: nil, finding: .notInTable, detail: nil))
    }
  }

  private mutating func add(
    _ column: NamedTable.Column, _ rule: Recipe.ColumnRule?, _ entry: Codebook.Entry,
    decimal: DecimalSign
  ) {
    let isItem = rule?.role == .item || rule?.role == .choices
    let item = rule.map(Self.name) ?? column.name
    var found: [(Finding, String?)] = []
    if !isItem, entry.choices.count > 1 {
      found.append((.noItem, rule.map { "its role is \($0.role.rawValue)" }))
    }
    func differs(_ mine: String?, _ theirs: String?) -> String? {
      guard let mine, let theirs, WordForm.trimmed(mine) != WordForm.trimmed(theirs) else {
        return nil
      }
      return "\(ScanProblem.quoted(mine)), in the codebook \(ScanProblem.quoted(theirs))"
    }
    if isItem {
      if let detail = differs(rule?.label ?? column.label, entry.label) {
        found.append((.otherLabel, detail))
      }
      if let detail = differs(rule?.category ?? column.category, entry.category) {
        found.append((.otherCategory, detail))
      }
    }
    if isItem, !entry.choices.isEmpty {
      let declared = Set(
        entry.choices.flatMap { [$0.key, $0.value] }.map {
          WordForm.normal($0, decimal: decimal)
        })
      let cells = Set(column.codes)
      let words = column.texts.indices.filter { cells.contains(Int32($0)) }
        .map { WordForm.trimmed(column.texts[$0]) }.filter { !$0.isEmpty }
      let normal = Set(words.map { WordForm.normal($0, decimal: decimal) })
      let undeclared = words.filter { !declared.contains(WordForm.normal($0, decimal: decimal)) }
      if !undeclared.isEmpty { found.append((.undeclaredCode, Self.listed(undeclared))) }
      let unused = entry.choices.sorted { $0.key < $1.key }.filter {
        !normal.contains(WordForm.normal($0.key, decimal: decimal))
          && !normal.contains(WordForm.normal($0.value, decimal: decimal))
      }
      if !unused.isEmpty {
        found.append((.unusedCode, Self.listed(unused.map { "\($0.key) (\($0.value))" })))
      }
    }
    if found.isEmpty { found.append((.same, nil)) }
    lines += found.map { Line(item: item, column: column.title, finding: $0.0, detail: $0.1) }
  }

  /// The items of a long or transposed table stand in a column.
  private mutating func compare(
    names column: NamedTable.Column, _ recipe: Recipe, with codebook: Codebook
  ) {
    let taken = Set(recipe.rows.map { WordForm.trimmed($0.row) })
    let cells = Set(column.codes)
    let names = column.texts.indices.filter { cells.contains(Int32($0)) }
      .map { WordForm.trimmed(column.texts[$0]) }.filter { !$0.isEmpty && !taken.contains($0) }
    let known = Set(names)
    for name in codebook.names {
      lines.append(
        Line(
          item: name, column: known.contains(name) ? column.title : nil,
          finding: known.contains(name) ? .same : .notInTable, detail: nil))
    }
    for name in names where codebook.place(ofColumn: name) == nil {
      lines.append(Line(item: name, column: column.title, finding: .notInCodebook, detail: nil))
    }
  }

  private static func listed(_ words: [String]) -> String {
    words.prefix(10).joined(separator: ", ")
      + (words.count > 10 ? " and \(words.count - 10) more" : "")
  }
}

extension Table {
  /// A table and its codebook, a finding a row.
  public init(codebook comparison: CodebookComparison) {
    let lines = comparison.lines
    let differing = Set(lines.filter { $0.finding != .same }.map(\.item)).count
    self.init(
      name: "codebook",
      caption: differing == 0
        ? "Table and codebook agree."
        : "Table and codebook differ in \(differing) name\(differing == 1 ? "" : "s").",
      columns: [
        Column("item", .text(lines.map(\.item))),
        Column("column", .text(lines.map(\.column))),
        Column("finding", .text(lines.map(\.finding.rawValue))),
        Column("detail", .text(lines.map(\.detail))),
      ])
  }
}

/// What a codebook says about items: labels, categories, order, and what codes stand for.
///
/// It is a table with a column of names (`item`, `name`, `variable`, or REDCap's `Variable / Field
/// Name`) and any of a category, a module (REDCap's `Form Name`), a label and choices such as
/// `1, Yes | 0, No`.
public struct Codebook: Sendable, Equatable {
  /// One line of a codebook.
  public struct Entry: Sendable, Equatable {
    /// The category, where there is one.
    public var category: String?
    /// The question or long name.
    public var label: String?
    /// The module or form.
    public var module: String?
    /// What codes stand for.
    public var choices: [String: String] = [:]
  }

  /// The lines by the name of their column.
  public private(set) var entries: [String: Entry] = [:]
  /// The names in the order of the codebook.
  public private(set) var names: [String] = []
  private var placeOfName: [String: Int] = [:]

  /// Why a table is no codebook.
  public struct NoNames: Error, CustomStringConvertible {
    /// One sentence with the remedy.
    public let description = "no column names items; call it 'item'"
  }

  /// Reads a codebook from a table of text.
  public init(_ grid: TableGrid) throws(NoNames) {
    let table = NamedTable(grid, header: [.name])
    func column(_ names: [String]) -> NamedTable.Column? {
      for name in names {
        if let found = table.columns.first(where: { ColumnNames.words($0.name) == name }) {
          return found
        }
      }
      return nil
    }
    guard
      let name = column([
        "variable field name", "item", "name", "variable", "column", "field", "question id", "id",
      ])
    else { throw NoNames() }
    let label = column(["field label", "label", "question", "question text", "text", "description"])
    let category = column(["category", "domain", "section", "dimension", "section header"])
    let module = column(["module", "form name", "form", "block", "instrument"])
    var section: String?
    let carriesSection = category.map { ColumnNames.words($0.name) == "section header" } ?? false
    let choices = column([
      "choices calculations or slider labels", "choices", "values", "value labels", "codes",
    ])
    for row in 0..<table.rowCount {
      func text(_ column: NamedTable.Column?) -> String? {
        guard let text = column.map({ WordForm.trimmed($0.text(row)) }), !text.isEmpty else {
          return nil
        }
        return text
      }
      // A section of REDCap's goes on until the next one.
      section = carriesSection ? text(category) ?? section : text(category)
      guard let key = text(name), entries[key] == nil else { continue }
      placeOfName[key] = names.count
      names.append(key)
      entries[key] = Entry(
        category: section, label: text(label), module: text(module),
        choices: text(choices).map(Self.choices) ?? [:])
    }
  }

  /// `1, Yes | 0, No`, or with `=` and `;`; words without codes stand for themselves.
  private static func choices(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    let divider: Character = text.contains("|") ? "|" : text.contains(";") ? ";" : "\n"
    let parts = text.split(separator: divider)
    for part in parts {
      guard let sign = part.firstIndex(where: { $0 == "," || $0 == "=" || $0 == ":" }) else {
        let word = WordForm.trimmed(String(part))
        if parts.count > 1, !word.isEmpty { result[word] = word }
        continue
      }
      result[WordForm.trimmed(String(part[..<sign]))] =
        WordForm.trimmed(String(part[part.index(after: sign)...]))
    }
    return result
  }

  /// What is said of a column, also by `category.item`, and of the boxes `question___code` of REDCap's.
  func entry(ofColumn name: String) -> Entry? {
    if let entry = entries[name] { return entry }
    if let box = name.firstRange(of: "___"), let question = entries[String(name[..<box.lowerBound])]
    {
      var entry = question
      let code = String(name[box.upperBound...])
      let option = question.choices[code] ?? code
      entry.label = question.label.map { "\($0): \(option)" } ?? option
      entry.choices = ["1": "Checked", "0": "Unchecked"]
      return entry
    }
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let (category, item) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
    guard let entry = entries[item], entry.category == nil || entry.category == category else {
      return nil
    }
    return entry
  }

  /// The place of a column in the order of the codebook.
  func place(ofColumn name: String) -> Int? {
    placeOfName[name]
      ?? name.firstRange(of: "___").flatMap { placeOfName[String(name[..<$0.lowerBound])] }
      ?? name.lastIndex(of: ".").flatMap { placeOfName[String(name[name.index(after: $0)...])] }
  }

  /// Puts what the codebook says beside the columns of a table.
  func annotate(_ table: inout NamedTable) {
    for index in table.columns.indices {
      let name = table.columns[index].name
      guard let entry = entry(ofColumn: name) else { continue }
      table.columns[index].label = entry.label ?? table.columns[index].label
      table.columns[index].category = entry.category ?? table.columns[index].category
      table.columns[index].module = entry.module ?? table.columns[index].module
      table.columns[index].notes.valueLabels.merge(entry.choices) { $1 }
    }
  }
}

/// What a codebook says about items: labels, categories, order, and what codes stand for.
///
/// It is a table with a column of names (`item`, `name`, `variable`, or REDCap's `Variable / Field
/// Name`) and any of a category, a label and choices such as `1, Yes | 0, No`.
public struct Codebook: Sendable, Equatable {
  /// One line of a codebook.
  public struct Entry: Sendable, Equatable {
    /// The category, where there is one.
    public var category: String?
    /// The question or long name.
    public var label: String?
    /// What codes stand for.
    public var choices: [String: String] = [:]
  }

  /// The lines by the name of their column.
  public private(set) var entries: [String: Entry] = [:]
  /// The names in the order of the codebook.
  public private(set) var names: [String] = []

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
    let category = column(["category", "domain", "section", "dimension", "module"])
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
      guard let key = text(name), entries[key] == nil else { continue }
      names.append(key)
      entries[key] = Entry(
        category: text(category), label: text(label),
        choices: text(choices).map(Self.choices) ?? [:])
    }
  }

  /// `1, Yes | 0, No`, or with `=` and `;`.
  private static func choices(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    let divider: Character = text.contains("|") ? "|" : text.contains(";") ? ";" : "\n"
    for part in text.split(separator: divider) {
      guard let sign = part.firstIndex(where: { $0 == "," || $0 == "=" || $0 == ":" }) else {
        continue
      }
      result[WordForm.trimmed(String(part[..<sign]))] =
        WordForm.trimmed(String(part[part.index(after: sign)...]))
    }
    return result
  }

  /// Puts what the codebook says beside the columns of a table.
  func annotate(_ table: inout NamedTable) {
    for index in table.columns.indices {
      let name = table.columns[index].name
      guard let entry = entries[name] else { continue }
      table.columns[index].label = entry.label ?? table.columns[index].label
      table.columns[index].category = entry.category ?? table.columns[index].category
      table.columns[index].notes.valueLabels.merge(entry.choices) { $1 }
    }
  }
}

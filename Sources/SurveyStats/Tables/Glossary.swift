/// What every column of every table means.
///
/// The entries are in ``columns``; ``estimates`` says what `estimate` is in each table, and ``families``
/// describes columns that data name. A test fails on a column of the sources without an entry.
public enum Glossary {
  /// The entry of a column; `nil` for one that data name, such as an item.
  public static func entry(for name: String) -> ColumnName? { entries[name] }

  /// The heading of a column: that of its entry, or its name in words.
  public static func heading(for name: String) -> String {
    if let heading = entries[name]?.heading { return heading }
    let words = name.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// Columns whose names are those of data, by what stands for the name.
  public static let families: [ColumnName] = [
    ColumnName(
      "ITEM", "An item", .text,
      "In a matrix: 1 yes, 0 no, NA does not apply, empty never asked. In a square table: the coefficient."
    ),
    ColumnName(
      "CATEGORY", "A category", .percent, "In a table of papers: the paper's score in the category."
    ),
    ColumnName("COVARIATE", "A covariate", .text, "Metadata of the paper, as they were read."),
    ColumnName(
      "answer_RATER", "An answer", .text, "What a rater says: yes, no or na; empty where not asked."
    ),
    ColumnName(
      "F1", "A factor", .number, "The loading on, or the score of, the factor of that number."),
    ColumnName(
      "component_1", "A component", .number,
      "The loading on, or the score of, the component of that number."),
    ColumnName(
      "dimension_NAME", "A dimension", .percent, "The paper's score in the dimension of that name."
    ),
    ColumnName(
      "threshold_YEAR", "A threshold", .number,
      "The threshold of an item's answer model in a year, in standard deviations."),
  ]

  /// All entries.
  public static let all = columns + estimates + families

  /// Entries as a table: name, table, heading, scale, unit, meaning.
  public static func table(of entries: [ColumnName] = all) -> Table {
    Table(
      name: "glossary", caption: "What the columns of all tables mean.",
      columns: [
        Column("name", .text(entries.map(\.name))),
        Column("table", .text(entries.map(\.table))),
        Column("heading", .text(entries.map(\.heading))),
        Column("scale", .text(entries.map(\.scale.rawValue))),
        Column("unit", .text(entries.map(\.unit)), isDetail: true),
        Column("meaning", .text(entries.map(\.sentence))),
      ])
  }

  private static let entries: [String: ColumnName] = Dictionary(
    columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}

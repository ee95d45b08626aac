/// A result: named, typed columns of equal length.
///
/// A table knows nothing of files and formats; the writers turn it into CSV, JSON, Markdown, HTML
/// or text. An undefined value is `nil` in its column, never a NaN.
public struct Table: Sendable, Equatable {
  /// A short name, such as `rates`.
  public var name: String
  /// What the table shows, with its denominators, in one sentence.
  public var caption: String
  /// The columns, in order.
  public var columns: [Column]
  /// Remarks that belong under the table.
  public var notes: [String]

  /// Creates a table from columns of equal length.
  public init(name: String, caption: String = "", columns: [Column], notes: [String] = []) {
    precondition(
      columns.allSatisfy { $0.count == columns.first?.count }, "columns of unequal length")
    self.name = name
    self.caption = caption
    self.columns = columns
    self.notes = notes
  }

  /// The number of rows.
  public var rowCount: Int { columns.first?.count ?? 0 }

  /// The column of that name.
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }
}

/// One column of a table.
public struct Column: Sendable, Equatable {
  /// The values of a column; `nil` is an undefined value.
  public enum Values: Sendable, Equatable {
    /// Text.
    case text([String?])
    /// Whole numbers.
    case integer([Int?])
    /// Real numbers; never NaN.
    case real([Double?])
  }

  /// How people want to read the values; machine formats ignore it.
  public enum Style: Sendable, Equatable {
    /// As it is.
    case plain
    /// A number that people need not see: undefined values are blank.
    case sparse
    /// A share of one, read as percent.
    case share
    /// A difference of shares, read as percentage points.
    case points
    /// A p-value.
    case pValue
    /// The lower limit of the interval around the column named.
    case lowerLimit(of: String)
    /// The upper limit of the interval around the column named.
    case upperLimit(of: String)
  }

  /// The name, in snake case.
  public var name: String
  /// The values.
  public var values: Values
  /// How people want to read them.
  public var style: Style
  /// Whether the column is for machines: text, Markdown and HTML leave it out unless asked for all.
  public var isDetail: Bool
  /// Whether the name comes from the data, such as that of a category: it gives way to another column
  /// of that name.
  var isNamedByData: Bool

  /// Creates a column.
  public init(
    _ name: String, _ values: Values, style: Style = .plain, isDetail: Bool = false,
    isNamedByData: Bool = false
  ) {
    self.name = name
    self.values = values
    self.style = style
    self.isDetail = isDetail
    self.isNamedByData = isNamedByData
  }

  /// The number of values.
  public var count: Int {
    switch values {
    case .text(let values): values.count
    case .integer(let values): values.count
    case .real(let values): values.count
    }
  }
}

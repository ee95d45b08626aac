/// A table as people read it: an estimate with its interval in one column, numbers rounded.
///
/// Text, Markdown and HTML share it. Compared with the table it comes from:
/// - a column with style `lowerLimit(of:)` and the first with `upperLimit(of:)` of the same target
///   are merged into the target, as `58.6% (54.1–63.0)`;
/// - columns without any value are left out, except the first and those with an interval;
/// - the columns named as constant are left out when they have one value only, which then
///   stands under the table, or for `conf_level` in the heading of the interval; so does a note that
///   all of several rows have;
/// - a row about a category names it once: its cell in `category` is empty where `term` says it.
struct ReadableTable {
  /// A column of finished cells; text cells are as in the table, not yet escaped.
  struct ReadableColumn {
    var name: String
    var heading: String
    var isNumeric: Bool
    var cells: [String]
    /// The intervals, empty where there is none; `nil` for a column that has no interval at all.
    var intervals: [String]?
    /// Of a column of shares with limits the share and its limits in every row, where they are known.
    var ranges: [(value: Double, low: Double, high: Double)?]?
    /// Whether its numbers have decimals.
    var isReal = false

    /// Whether it counts papers, answers or the like.
    var isCount: Bool { name == "n" || name.hasPrefix("n_") || name == "count" }

    /// The cell with its interval.
    func cell(_ row: Int) -> String {
      guard let interval = intervals?[row], !interval.isEmpty else { return cells[row] }
      return "\(cells[row]) \(interval)"
    }
  }

  var caption: String
  var columns: [ReadableColumn] = []
  var notes: [String]
  var rowCount: Int

  /// The column that names the rows: `term` or `paper`, else the first.
  var rowHeader: Int { columns.firstIndex { $0.name == "term" || $0.name == "paper" } ?? 0 }

  /// The columns that tell the rows apart: of those before the numbers as many as it takes.
  var keys: [Int] {
    let named = ["term", "paper", "item"].lazy.compactMap { name in
      columns.firstIndex { $0.name == name }
    }
    let header = named.first ?? 0
    func isUnique(_ keys: [Int]) -> Bool {
      var seen: Set<[String]> = []
      return (0..<rowCount).allSatisfy { row in
        seen.insert(keys.map { columns[$0].cells[row] }).inserted
      }
    }
    var keys: [Int] = []
    for (index, column) in columns.enumerated() where index <= header || !column.isCount {
      if index > header, column.isReal || column.name == "note" { break }
      keys.append(index)
      if index >= header, isUnique(keys) { break }
    }
    if !isUnique(keys) { keys.removeAll { $0 != header && columns[$0].isNumeric } }
    for index in keys where index != header {
      let others = keys.filter { $0 != index }
      if isUnique(others) { keys = others }
    }
    return keys
  }

  /// Of these columns the one that people look for: the first with an interval, else `estimate`, else the
  /// first with decimals, else the first number that is no count.
  func estimate(among values: [Int]) -> Int? {
    values.first { columns[$0].intervals != nil } ?? values.first { columns[$0].name == "estimate" }
      ?? values.first { columns[$0].isReal }
      ?? values.first { columns[$0].isNumeric && !columns[$0].isCount }
  }

  init(_ table: Table, options: TableOptions, heading: (String) -> String) {
    let table = table.namingColumnsOnce
    caption = table.caption
    notes = table.notes
    rowCount = table.rowCount
    let limits = Self.limits(in: table)
    let merged = Set(limits.values.flatMap { [$0.low, $0.high] })
    var constants: [String] = []
    var level: String?
    for (index, column) in table.columns.enumerated() where !merged.contains(index) {
      if column.name == "conf_level", !limits.isEmpty,
        options.constantColumns.contains(column.name),
        let stated = Self.level(in: column)
      {
        level = stated
        continue
      }
      if column.isDetail, !options.showsDetails { continue }
      let pair = limits[column.name].map { (table.columns[$0.low], table.columns[$0.high]) }
      if rowCount > 0, index > 0, pair == nil, column.style != .sparse, column.isUndefined {
        continue
      }
      var readable = Self.readable(column, limits: pair, in: table, digits: options.digits)
      if column.name == "category", case .text(let terms)? = table["term"]?.values {
        for row in terms.indices where readable.cells[row] == terms[row] {
          readable.cells[row] = ""
        }
        if rowCount > 0, readable.cells.allSatisfy(\.isEmpty) { continue }
      }
      if column.name == "note", rowCount > 1, let first = readable.cells.first, !first.isEmpty,
        readable.cells.allSatisfy({ $0 == first })
      {
        constants.append("\(heading(column.name)): \(first)")
        continue
      }
      if options.constantColumns.contains(column.name), let first = readable.cells.first,
        readable.cells.allSatisfy({ $0 == first })
      {
        constants.append("\(heading(column.name)): \(first)")
        continue
      }
      columns.append(readable)
      columns[columns.count - 1].heading =
        heading(column.name) + (column.style == .points ? " in points" : "")
    }
    for index in columns.indices where columns[index].intervals != nil {
      columns[index].heading += level.map { " (\($0) interval)" } ?? " (interval)"
    }
    if !constants.isEmpty { notes.append(constants.joined(separator: "; ")) }
  }

  /// The confidence level that all rows with limits have, for a heading.
  private static func level(in column: Column) -> String? {
    guard case .real(let values) = column.values else { return nil }
    let levels = Set(values.compactMap { $0 })
    return levels.count == 1
      ? levels.first.map { NumberFormat.shortest(($0 * 1e8).rounded() / 1e6) + "%" } : nil
  }

  /// The first pair of limit columns of each target, by the target's name.
  private static func limits(in table: Table) -> [String: (low: Int, high: Int)] {
    var result: [String: (low: Int, high: Int)] = [:]
    for target in table.columns where result[target.name] == nil {
      let low = table.columns.firstIndex { $0.style == .lowerLimit(of: target.name) }
      let high = table.columns.firstIndex { $0.style == .upperLimit(of: target.name) }
      if let low, let high { result[target.name] = (low, high) }
    }
    return result
  }

  private static func readable(
    _ column: Column, limits: (low: Column, high: Column)?, in table: Table, digits: Int?
  ) -> ReadableColumn {
    var result = ReadableColumn(name: column.name, heading: column.name, isNumeric: true, cells: [])
    switch column.values {
    case .text(let values):
      let isBlank = column.name == "note" || column.name == "category"
      let undefined = isBlank ? "" : NumberFormat.undefined
      result.isNumeric = false
      result.cells = values.map { $0 ?? undefined }
    case .integer(let values):
      result.cells = values.map { $0.map(\.description) ?? NumberFormat.undefined }
    case .real: result.isReal = true
    }
    let low = limits?.low.reals
    let high = limits?.high.reals
    let style = column.shownStyle(in: table)
    let isWhole = column.isWhole && limits?.low.isWhole != false && limits?.high.isWhole != false
    /// The decimals of a row: fewer for a share whose interval is wide.
    func decimals(_ row: Int) -> Int {
      if let digits { return digits }
      guard style == .share || style == .points else { return isWhole ? 0 : 3 }
      guard let low = low?[row], let high = high?[row] else { return 1 }
      return high - low < 0.2 ? 1 : 0
    }
    func number(_ value: Double?, _ row: Int) -> String {
      guard let value else { return style == .sparse ? "" : NumberFormat.undefined }
      switch style {
      case .share, .points: return NumberFormat.percentNumber(value, digits: decimals(row))
      case .pValue: return NumberFormat.pValue(value, digits: max(3, digits ?? 3))
      default: return NumberFormat.readable(value, digits: isWhole ? 0 : decimals(row))
      }
    }
    if case .real(let values) = column.values {
      let sign = style == .share ? "%" : ""
      result.cells = values.indices.map { row in
        let text = number(values[row], row)
        return values[row]?.isFinite == true ? text + sign : text
      }
    }
    if let low, let high, !(limits?.low.isUndefined == true && limits?.high.isUndefined == true) {
      result.intervals = low.indices.map { row in
        guard low[row] != nil || high[row] != nil else { return "" }
        return NumberFormat.interval(number(low[row], row), number(high[row], row))
      }
      if style == .share, case .real(let values) = column.values {
        result.ranges = values.indices.map { row in
          guard let value = values[row], let low = low[row], let high = high[row],
            [value, low, high].allSatisfy((0...1).contains)
          else { return nil }
          return (value, low, high)
        }
      }
    }
    return result
  }
}

extension Column {
  /// Whether no row has a value.
  fileprivate var isUndefined: Bool {
    switch values {
    case .text(let values): values.allSatisfy { $0?.isEmpty != false }
    case .integer(let values): values.allSatisfy { $0 == nil }
    case .real(let values): values.allSatisfy { $0 == nil }
    }
  }

  /// Whether all numbers are whole and small enough to be written out.
  fileprivate var isWhole: Bool {
    guard case .real(let values) = values else { return true }
    return values.allSatisfy { value in
      guard let value, value.isFinite else { return true }
      return value.rounded() == value && abs(value) < 1e15
    }
  }

  /// The values as numbers; `nil` for a column of text.
  fileprivate var reals: [Double?]? {
    switch values {
    case .text: nil
    case .integer(let values): values.map { $0.map(Double.init) }
    case .real(let values): values
    }
  }

  /// The style, where a limit has that of the column it limits.
  fileprivate func shownStyle(in table: Table) -> Style {
    switch style {
    case .lowerLimit(let target), .upperLimit(let target):
      target == name ? .plain : table[target]?.style ?? .plain
    default: style
    }
  }
}

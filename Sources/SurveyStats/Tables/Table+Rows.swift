extension Table {
  /// The table with the given rows, in the given order.
  public func selecting(rows: [Int]) -> Table {
    var table = self
    for index in table.columns.indices {
      switch table.columns[index].values {
      case .text(let values): table.columns[index].values = .text(rows.map { values[$0] })
      case .integer(let values): table.columns[index].values = .integer(rows.map { values[$0] })
      case .real(let values): table.columns[index].values = .real(rows.map { values[$0] })
      }
    }
    return table
  }

  /// The first rows.
  public func prefix(_ count: Int) -> Table {
    count < rowCount ? selecting(rows: Array(0..<count)) : self
  }

  /// The rows in the order of a column: undefined values last, ties as they were; `nil` when there
  /// is no such column.
  public func sorted(by name: String, descending: Bool = false) -> Table? {
    guard let column = self[name] else { return nil }
    func order<Value: Comparable>(_ values: [Value?]) -> [Int] {
      values.indices.sorted { left, right in
        switch (values[left], values[right]) {
        case (let a?, let b?) where a != b: descending ? a > b : a < b
        case (nil, .some): false
        case (.some, nil): true
        default: left < right
        }
      }
    }
    switch column.values {
    case .text(let values): return selecting(rows: order(values))
    case .integer(let values): return selecting(rows: order(values))
    case .real(let values): return selecting(rows: order(values))
    }
  }

  /// One table of the rows of several tables that have the same columns; `nil` for none.
  public init?(stacking tables: [Table]) {
    guard var result = tables.first else { return nil }
    for table in tables.dropFirst() {
      precondition(table.columns.map(\.name) == result.columns.map(\.name), "columns differ")
      for index in result.columns.indices {
        switch (result.columns[index].values, table.columns[index].values) {
        case (.text(let a), .text(let b)): result.columns[index].values = .text(a + b)
        case (.integer(let a), .integer(let b)): result.columns[index].values = .integer(a + b)
        case (.real(let a), .real(let b)): result.columns[index].values = .real(a + b)
        default: preconditionFailure("columns differ in kind")
        }
      }
      for note in table.notes where !result.notes.contains(note) { result.notes.append(note) }
    }
    self = result
  }
}

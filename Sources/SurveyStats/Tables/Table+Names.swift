extension Table {
  /// The table with column names that each occur once, as all writers write it.
  ///
  /// Columns that are named by the data, such as categories, can be called like another column. Of
  /// columns of one name the first that is not named by the data keeps it, else the first; the others
  /// get `_2`, `_3` and so on, skipping names that are taken.
  public var namingColumnsOnce: Table {
    guard Set(columns.map(\.name)).count < columns.count else { return self }
    var table = self
    var taken = Set(columns.map(\.name))
    var keepers: [String: Int] = [:]
    for (index, column) in columns.enumerated() where !column.isNamedByData {
      if keepers[column.name] == nil { keepers[column.name] = index }
    }
    for (index, column) in columns.enumerated() where keepers[column.name] == nil {
      keepers[column.name] = index
    }
    var next: [String: Int] = [:]
    for (index, column) in columns.enumerated() where keepers[column.name] != index {
      var number = next[column.name] ?? 2
      while !taken.insert("\(column.name)_\(number)").inserted { number += 1 }
      next[column.name] = number + 1
      table.columns[index].name = "\(column.name)_\(number)"
    }
    return table
  }
}

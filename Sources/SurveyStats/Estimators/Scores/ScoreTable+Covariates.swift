extension Table {
  /// Adds further columns of the papers, numbers as numbers, to a table with a row a paper.
  ///
  /// A column that is called like one of the table is added as `covariate_NAME`.
  public mutating func add(covariates names: [String], of matrix: BinaryMatrix) {
    for name in names {
      let column = matrix.variables.column(name)
      let title = columns.contains { $0.name == name } ? "covariate_\(name)" : name
      let values: Column.Values
      if column.kind != .number {
        values = .text(column.texts)
      } else if column.numbers.allSatisfy({ $0.map { Int(exactly: $0) != nil } ?? true }) {
        values = .integer(column.numbers.map { $0.flatMap { Int(exactly: $0) } })
      } else {
        values = .real(column.numbers)
      }
      columns.append(Column(title, values, isDetail: true))
    }
  }
}

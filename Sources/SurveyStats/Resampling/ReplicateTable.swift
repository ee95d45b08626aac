extension Table {
  /// The replicates of a sample, one row a replicate, one column a quantity.
  public init(replicates sample: BootstrapSample, terms: [String], group: String?, by: String?) {
    let count = sample.replicateCount
    var columns: [Column] = []
    if let by {
      columns.append(Column("by", .text([String?](repeating: by, count: count))))
      columns.append(Column("group", .text([String?](repeating: group, count: count))))
    }
    columns.append(Column("replicate", .integer((0..<count).map { $0 + 1 })))
    for (index, term) in terms.enumerated() {
      columns.append(
        Column(
          term, .real(sample.replicates.column(index).map { $0.isNaN ? nil : $0 }),
          isNamedByData: true))
    }
    self.init(name: "replicates", columns: columns)
  }
}

extension Table {
  /// The table with the confidence level beside its limits, if it has limits and does not say it.
  public func stating(level: Double) -> Table {
    guard self["conf_level"] == nil,
      let place = columns.lastIndex(where: { $0.name == "conf_high" })
    else { return self }
    var table = self
    table.columns.insert(
      Column("conf_level", .real((0..<rowCount).map { _ in level })), at: place + 1)
    return table
  }

  /// The table with a column `item` (`category.item`), the key by which tables are joined, if its rows name
  /// items in `term` and it has none.
  ///
  /// Rows about anything else have no item, and a square matrix, whose terms are its columns, stays one.
  public func naming(_ items: [Item]) -> Table {
    guard self["item"] == nil, case .text(let terms)? = self["term"]?.values else { return self }
    let headings = Set(columns.map(\.name))
    guard !terms.allSatisfy({ $0.map(headings.contains) ?? false }) else { return self }
    let known = Set(items.map(\.id.description))
    var names: [String?] = terms.map { $0.flatMap { known.contains($0) ? $0 : nil } }
    if case .text(let levels)? = self["level"]?.values,
      case .text(let categories)? = self["category"]?.values
    {
      for row in names.indices {
        guard levels[row] == RateTarget.Level.item.rawValue, let term = terms[row] else {
          names[row] = nil
          continue
        }
        names[row] = ItemID(category: categories[row] ?? "", name: term).description
      }
    }
    guard names.contains(where: { $0 != nil }) else { return self }
    var table = self
    let place = columns.lastIndex { $0.name == "note" } ?? columns.count
    table.columns.insert(Column("item", .text(names), isDetail: true), at: place)
    return table
  }
}

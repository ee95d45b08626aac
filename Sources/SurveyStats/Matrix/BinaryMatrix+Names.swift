extension BinaryMatrix {
  /// The matrix of the items with the given names (as `category.name`), in the given order.
  ///
  /// The names must be among those of the items.
  public func selecting(items names: [String]) -> BinaryMatrix {
    var columns: [String: Int] = [:]
    for (column, item) in items.enumerated() { columns[item.id.description] = column }
    let selected = names.compactMap { columns[$0] }
    precondition(selected.count == names.count, "no item of that name")
    return selecting(items: selected)
  }
}

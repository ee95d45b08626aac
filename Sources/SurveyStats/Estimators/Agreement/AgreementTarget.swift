/// What agreement is measured on: an item, the items of a category, or all items.
///
/// The coefficients of a category and of everything are the means of those of their items, as far as
/// these are defined. To put the cells of all items together instead would count the difference between
/// items that are common and items that are rare as agreement beyond chance.
public struct AgreementTarget: Sendable, Hashable {
  /// The kinds of targets and rows.
  public enum Level: String, Sendable, Hashable, CaseIterable {
    /// All items.
    case overall
    /// The items of a category.
    case category
    /// An item.
    case item
    /// Two of several raters, over all items.
    case pair
    /// The items of one paper.
    case paper
  }

  /// The kind.
  public let level: Level
  /// The category; `nil` where there is none.
  public let category: String?
  /// The name.
  public let term: String
  /// The columns of the items.
  public let items: [Int]

  /// Everything, the categories and the items of a list, those whose kind is wanted, in this order.
  static func all(of items: [Item], levels: Set<Level>) -> [AgreementTarget] {
    var targets: [AgreementTarget] = []
    if levels.contains(.overall) {
      targets.append(
        AgreementTarget(
          level: .overall, category: nil, term: "overall", items: Array(items.indices)))
    }
    if levels.contains(.category) {
      var columns: [String: [Int]] = [:]
      var order: [String] = []
      for (column, item) in items.enumerated() where !item.id.category.isEmpty {
        if columns[item.id.category] == nil { order.append(item.id.category) }
        columns[item.id.category, default: []].append(column)
      }
      targets += order.map {
        AgreementTarget(level: .category, category: $0, term: $0, items: columns[$0] ?? [])
      }
    }
    if levels.contains(.item) {
      targets += items.enumerated().map { column, item in
        AgreementTarget(
          level: .item, category: item.id.category.isEmpty ? nil : item.id.category,
          term: item.id.name, items: [column])
      }
    }
    return targets
  }
}

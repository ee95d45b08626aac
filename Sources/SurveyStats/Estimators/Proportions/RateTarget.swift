/// A set of items whose pass rate is wanted: one item, a category, a module, or all items.
public struct RateTarget: Sendable, Equatable {
  /// What kind of set it is.
  public enum Level: String, Sendable, CaseIterable {
    /// One item.
    case item
    /// The items of a category.
    case category
    /// The items of a module: the base layer, or a conditional part of the instrument.
    case module
    /// All items.
    case overall
  }

  /// The kind of set.
  public let level: Level
  /// The category of an item or of a category; empty otherwise.
  public let category: String
  /// The name of the item, category or module; `overall` for all.
  public let term: String
  /// The category for a table, where no category is an undefined value.
  var shownCategory: String? { category.isEmpty ? nil : category }
  /// The item as `category.item`, by which tables join; `nil` for anything else.
  var itemName: String? { level == .item ? columnName : nil }
  /// The columns of the matrix that belong to the set.
  public let items: [Int]

  /// Names a set of columns.
  public init(level: Level, category: String, term: String, items: [Int]) {
    self.level = level
    self.category = category
    self.term = term
    self.items = items
  }

  /// The name of the target's column among replicates: `category.item`, or the level and the name.
  public var columnName: String {
    switch level {
    case .item: category.isEmpty ? term : "\(category).\(term)"
    case .category, .module: "\(level.rawValue):\(term)"
    case .overall: "overall"
    }
  }

  /// All sets of the given levels: items in matrix order, then categories, modules, and everything.
  public static func all(in matrix: BinaryMatrix, levels: Set<Level>) -> [RateTarget] {
    var targets: [RateTarget] = []
    let columns = matrix.items.indices
    if levels.contains(.item) {
      targets += columns.map { column in
        let id = matrix.items[column].id
        return RateTarget(level: .item, category: id.category, term: id.name, items: [column])
      }
    }
    if levels.contains(.category) {
      targets += grouped(columns) { matrix.items[$0].id.category }.compactMap { name, items in
        name.isEmpty
          ? nil : RateTarget(level: .category, category: name, term: name, items: items)
      }
    }
    if levels.contains(.module) {
      targets += grouped(columns) { matrix.items[$0].module }.map { name, items in
        RateTarget(level: .module, category: "", term: name, items: items)
      }
    }
    if levels.contains(.overall), !columns.isEmpty {
      targets.append(
        RateTarget(level: .overall, category: "", term: "overall", items: Array(columns)))
    }
    return targets
  }

  /// The name of the module of all items that are not in the base layer, where there are several.
  public static let conditionalLayer = "conditional"

  /// All sets of the given levels, and after the modules all conditional ones together if there are
  /// several.
  public static func joiningModules(in matrix: BinaryMatrix, levels: Set<Level>) -> [RateTarget] {
    var targets = all(in: matrix, levels: levels)
    let conditional = matrix.items.indices.filter { matrix.items[$0].module != Item.baseModule }
    guard levels.contains(.module), Set(conditional.map { matrix.items[$0].module }).count > 1
    else {
      return targets
    }
    let end = targets.lastIndex { $0.level == .module }.map { $0 + 1 } ?? targets.count
    targets.insert(
      RateTarget(level: .module, category: "", term: conditionalLayer, items: conditional), at: end)
    return targets
  }

  /// Groups columns by a name, in the order in which the names first appear.
  private static func grouped(
    _ columns: Range<Int>, by name: (Int) -> String
  ) -> [(name: String, items: [Int])] {
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for column in columns {
      let key = name(column)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(column)
    }
    return order.map { ($0, members[$0] ?? []) }
  }
}

/// The identity of a checklist item: its category and its name within the category.
public struct ItemID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The category, empty for an item without one.
  public let category: String
  /// The name within the category.
  public let name: String

  /// Creates an identity from its two parts.
  public init(category: String, name: String) {
    self.category = category
    self.name = name
  }

  /// Reads `category.name`, split at the last dot; text without a dot, and what follows a dot at
  /// the start, is a name without category.
  public init(_ text: String) {
    guard text.first != "." else {
      self.init(category: "", name: String(text.dropFirst()))
      return
    }
    guard let dot = text.lastIndex(of: ".") else {
      self.init(category: "", name: text)
      return
    }
    self.init(category: String(text[..<dot]), name: String(text[text.index(after: dot)...]))
  }

  /// `category.name`, or the bare name when there is no category.
  public var description: String { category.isEmpty ? name : "\(category).\(name)" }

  /// Orders by category, then name.
  public static func < (left: ItemID, right: ItemID) -> Bool {
    (left.category, left.name) < (right.category, right.name)
  }
}

/// A column of the matrix: an item with what its instrument says about it.
public struct Item: Sendable, Hashable {
  /// The category and name.
  public let id: ItemID
  /// A human-readable label, when the instrument gives one.
  public let label: String?
  /// The module: `base`, or the name of a conditional or type-routed part of the instrument.
  public let module: String

  /// Creates an item.
  public init(id: ItemID, label: String? = nil, module: String = Item.baseModule) {
    self.id = id
    self.label = label
    self.module = module
  }

  /// The module of items that every paper is asked.
  public static let baseModule = "base"
}

import FoundationEssentials

/// Weights of categories, and of single items, for a weighted score.
///
/// A category or item without a weight takes no part. The JSON shape is
/// `{"name": …, "categories": {"artifacts": 0.51}, "items": {"artifacts.code_released": 2}}`;
/// an item's own weight goes before that of its category. One of `categories` and `items` must be
/// there. ``ScoreNames`` checks the names.
public struct CompositeWeights: Sendable, Hashable, Decodable {
  /// What the weights are called.
  public let name: String
  /// The weight of each category.
  public let categories: [String: Double]
  /// The weight of single items, by `category.name`.
  public let items: [String: Double]

  /// Creates weights; each must be finite and not negative.
  public init(name: String, categories: [String: Double], items: [String: Double] = [:]) {
    self.name = name
    self.categories = categories
    self.items = items
  }

  private enum CodingKeys: String, CodingKey { case name, categories, items }

  /// Decodes weights and checks that none is negative.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.contains(.categories) || container.contains(.items) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription:
            "these are no weights: there is neither 'categories' nor 'items'; write "
            + "{\"categories\": {\"name\": 0.5}}"))
    }
    name = try container.decodeIfPresent(String.self, forKey: .name) ?? "weights"
    categories = try container.decodeIfPresent([String: Double].self, forKey: .categories) ?? [:]
    items = try container.decodeIfPresent([String: Double].self, forKey: .items) ?? [:]
    for (key, weight) in categories.merging(items, uniquingKeysWith: { first, _ in first })
    where !(weight.isFinite && weight >= 0) {
      throw DecodingError.dataCorruptedError(
        forKey: .categories, in: container,
        debugDescription: "the weight of '\(key)' is \(weight); weights are 0 or more")
    }
  }

  /// The weight of an item.
  public func weight(of item: ItemID) -> Double {
    items[item.description] ?? categories[item.category] ?? 0
  }
}

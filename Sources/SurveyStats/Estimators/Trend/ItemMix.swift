/// How scores are made comparable where papers were asked, or could answer, different items.
public enum ItemMix: String, Sendable, Hashable, CaseIterable {
  /// Over the items that were asked everywhere, each with the same place everywhere.
  case common
  /// Over all items, each at a level of its own, with one effect for all (a logistic model).
  case model
  /// As the answers are: whatever was asked counts.
  case crude
}

import SurveyStats

/// Pairs of an item that readers see at a glance and one that takes work and is rarely looked for.
///
/// The JSON shape is `{"name": …, "pairs": [{"visible": "artifacts.code_released", "invisible":
/// "artifacts.reproduction_instructions"}]}`; further keys are ignored.
public struct ItemPairs: Sendable, Equatable, Decodable {
  /// One pair, each item by `category.name`.
  public struct Pair: Sendable, Equatable, Decodable {
    /// The item that is seen.
    public let visible: String
    /// The item that is not.
    public let invisible: String

    /// Creates a pair.
    public init(visible: String, invisible: String) {
      self.visible = visible
      self.invisible = invisible
    }
  }

  /// The pairs, in order.
  public let pairs: [Pair]

  /// Creates a list of pairs.
  public init(pairs: [Pair]) { self.pairs = pairs }
}

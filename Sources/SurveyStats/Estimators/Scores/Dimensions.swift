import FoundationEssentials

/// Groups of categories whose scores are joined by a harmonic mean.
///
/// The composite of a paper is `k / Σ 1/max(floor, s)` over its k dimension scores s, in percent.
/// A dimension's score is passed over applicable cells of its items. A dimension of which nothing
/// applies is skipped, or makes the composite undefined, as `missing` says. The JSON shape is
/// `{"name": …, "floor": 5, "missing": "skip", "dimensions": [{"name": "Rigor",
/// "categories": ["statistical_methodology"]}]}`.
public struct Dimensions: Sendable, Hashable, Decodable {
  /// What happens to the composite of a paper with an undefined dimension.
  public enum MissingRule: String, Sendable, Decodable {
    /// The harmonic mean is taken over the dimensions that are defined.
    case skip
    /// The composite is undefined.
    case undefined
  }

  /// One group of categories.
  public struct Dimension: Sendable, Hashable, Decodable {
    /// The name of the dimension.
    public let name: String
    /// Its categories.
    public let categories: [String]

    /// Creates a dimension.
    public init(name: String, categories: [String]) {
      self.name = name
      self.categories = categories
    }
  }

  /// What the set of dimensions is called.
  public let name: String
  /// The least value, in percent, that a dimension enters the mean with; more than 0.
  public let floor: Double
  /// What happens when a dimension is undefined.
  public let missing: MissingRule
  /// The dimensions, in order.
  public let dimensions: [Dimension]

  /// Creates a set of dimensions.
  public init(
    name: String, floor: Double = 5, missing: MissingRule = .skip, dimensions: [Dimension]
  ) {
    self.name = name
    self.floor = floor
    self.missing = missing
    self.dimensions = dimensions
  }

  private enum CodingKeys: String, CodingKey { case name, floor, missing, dimensions }

  /// Decodes dimensions and checks the floor.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decodeIfPresent(String.self, forKey: .name) ?? "dimensions"
    floor = try container.decodeIfPresent(Double.self, forKey: .floor) ?? 5
    missing = try container.decodeIfPresent(MissingRule.self, forKey: .missing) ?? .skip
    guard container.contains(.dimensions) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "these are no dimensions: there is no 'dimensions'; write "
            + "{\"dimensions\": [{\"name\": \"Rigor\", \"categories\": [\"name\"]}]}"))
    }
    dimensions = try container.decode([Dimension].self, forKey: .dimensions)
    var names: Set<String> = []
    for name in dimensions.map({ $0.name.lowercased() }) where !names.insert(name).inserted {
      throw DecodingError.dataCorruptedError(
        forKey: .dimensions, in: container,
        debugDescription: "'\(name)' occurs twice; remove one or rename it")
    }
    guard floor > 0, floor <= 100 else {
      throw DecodingError.dataCorruptedError(
        forKey: .floor, in: container,
        debugDescription: "the floor is \(floor); it lies above 0 and at most at 100")
    }
  }

  /// The composite of a paper from its dimension scores; `nil` when undefined.
  public func composite(of scores: [Double?]) -> Double? {
    let defined = scores.compactMap { $0 }
    guard !defined.isEmpty, missing == .skip || defined.count == scores.count else { return nil }
    return Double(defined.count) / defined.reduce(0) { $0 + 1 / max(floor, $1) }
  }
}

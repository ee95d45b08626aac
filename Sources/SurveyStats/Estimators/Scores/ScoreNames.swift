/// The categories and items that weights and dimensions may name: those of the data and those of the
/// instrument, which the data may lack.
public struct ScoreNames: Sendable {
  private let inData: Set<String>
  private let known: Set<String>
  private let categories: Set<String>

  /// Collects the names.
  ///
  /// - Parameters:
  ///   - data: the items of the matrix, before any selection.
  ///   - instrument: the instrument, whose categories and items the data may lack.
  public init(data: [ItemID], instrument: Instrument? = nil) {
    func names(_ items: [ItemID]) -> Set<String> {
      Set(items.map(\.category)).union(items.map(\.description))
    }
    inData = names(data)
    known = inData.union(names(instrument?.itemIDs ?? []))
    categories = Set(data.map(\.category)).union(instrument?.categories.map(\.name) ?? [])
      .subtracting([""])
  }

  /// Checks that every category and item of the weights is known, and that some weight counts.
  public func check(_ weights: CompositeWeights) throws(ScoreNameError) {
    try check(categories: weights.categories.keys.sorted())
    for name in weights.items.keys.sorted() where !known.contains(name) || categories.contains(name)
    {
      throw ScoreNameError.unknown(kind: "item", name, among: known.subtracting(categories))
    }
    let counting = weights.categories.merging(weights.items) { first, _ in first }
      .filter { $0.value > 0 }
    guard counting.keys.contains(where: inData.contains) else { throw .nothingInData }
  }

  /// Checks that every category of the dimensions is known, and that some are in the data.
  public func check(_ dimensions: Dimensions) throws(ScoreNameError) {
    let names = dimensions.dimensions.flatMap(\.categories)
    try check(categories: names)
    guard names.contains(where: inData.contains) else { throw .nothingInData }
  }

  private func check(categories names: [String]) throws(ScoreNameError) {
    for name in names where !categories.contains(name) {
      throw ScoreNameError.unknown(kind: "category", name, among: categories)
    }
  }
}

/// What is wrong with the names of weights or dimensions.
public enum ScoreNameError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A category or item is in neither the data nor the instrument.
  case unknown(kind: String, name: String, nearest: [String])
  /// Nothing that counts is in the data, so that no paper would have a score.
  case nothingInData

  static func unknown(kind: String, _ name: String, among names: Set<String>) -> ScoreNameError {
    .unknown(kind: kind, name: name, nearest: NearestNames(names).nearest(to: name))
  }

  /// One sentence with the nearest names.
  public var description: String {
    switch self {
    case .unknown(let kind, let name, let nearest):
      "no \(kind) is called '\(DisplayText.visible(name))'" + NearestNames.suggestion(of: nearest)
    case .nothingInData:
      "none of the categories and items that count is in the data; no paper would have a score"
    }
  }
}

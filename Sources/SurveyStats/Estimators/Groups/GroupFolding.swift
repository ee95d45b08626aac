/// Which groups are too small to stand alone, so that they are put together as `other`.
///
/// A column such as the venue has dozens of values with a paper or two; every pair of them would be a row
/// that says nothing and costs every other row its adjusted p-value. Unless a size is named, groups of
/// fewer than `usualFewest` papers are folded where there are more than ``mostGroups``.
public struct GroupFolding: Sendable, Hashable {
  /// More groups are too many to be all compared.
  public static let mostGroups = 12
  /// The papers that a group of too many needs.
  static let usualFewest = 5
  /// The most comparisons of groups that are made.
  static let mostContrasts = 5_000
  /// The name of the papers of all small groups.
  public static let other = "other"

  /// The papers that a group needs to stand alone; `nil` for the usual rule.
  public var fewest: Int?

  /// Creates a rule.
  public init(fewest: Int? = nil) { self.fewest = fewest }

  /// Folds groups.
  public func labels(
    _ groups: (labels: [String?], severalCount: Int)
  ) -> GroupLabels {
    var sizes: [String: Int] = [:]
    for label in groups.labels { if let label { sizes[label, default: 0] += 1 } }
    let least = fewest ?? (sizes.count > Self.mostGroups ? Self.usualFewest : 1)
    let small = Set(sizes.filter { $0.value < least }.keys)
    guard !small.isEmpty else {
      return GroupLabels(
        labels: groups.labels, severalCount: groups.severalCount, foldedCount: 0, fewest: least)
    }
    return GroupLabels(
      labels: groups.labels.map { $0.map { small.contains($0) ? Self.other : $0 } },
      severalCount: groups.severalCount, foldedCount: small.count, fewest: least)
  }
}

extension GroupFolding {
  /// The groups of a column, and which of them are compared with which; without a pair an error.
  func contrasts(
    of matrix: BinaryMatrix, by column: String, rule: GroupContrast.Rule
  ) throws -> (labels: GroupLabels, contrasts: [GroupContrast]) {
    let labels = try self.labels(matrix.disjointGroups(of: column))
    let count = Set(labels.labels.compactMap { $0 }).count
    let wanted =
      switch rule {
      case .pairs: count * (count - 1) / 2
      case .rest, .reference: count
      }
    guard wanted <= Self.mostContrasts else {
      throw Groups.GroupError.tooManyContrasts(column: column, groups: count, contrasts: wanted)
    }
    let contrasts = GroupContrast.all(of: labels.labels, rule: rule)
    if case .reference(let name) = rule, !labels.labels.contains(name) {
      throw Groups.GroupError.unknownReference(
        name, column: column, groups: Set(labels.labels.compactMap { $0 }).sorted())
    }
    guard !contrasts.isEmpty else { throw Groups.GroupError.fewerThanTwoGroups(column: column) }
    return (labels, contrasts)
  }
}

/// The group of every paper.
public struct GroupLabels: Sendable, Equatable {
  /// The group of each paper; `nil` for a paper without a value.
  public let labels: [String?]
  /// The papers with several values, which count with the first.
  public let severalCount: Int
  /// The groups that were folded into ``GroupFolding/other``.
  public let foldedCount: Int
  /// The papers that a group needed to stand alone.
  public let fewest: Int
}

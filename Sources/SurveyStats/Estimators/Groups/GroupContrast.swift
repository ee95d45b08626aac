/// Two sets of papers that are compared: a group with another, or with all the rest.
public struct GroupContrast: Sendable, Equatable {
  /// The name of the first group.
  public let first: String
  /// The name of the second group, or `rest`.
  public let second: String
  /// The papers of the first group.
  public let firstPapers: [Int]
  /// The papers of the second group.
  public let secondPapers: [Int]

  /// Which groups are compared with which.
  public enum Rule: Sendable, Hashable {
    /// Every pair of groups once, in ascending order of their names.
    case pairs
    /// Every group with the papers of all others.
    case rest
    /// Every other group with the one named.
    case reference(String)
  }

  /// The name of the second set when it is all other papers.
  public static let rest = "rest"

  /// The contrasts of labelled papers; papers without a label are in no group.
  ///
  /// Two groups make a single contrast under `rest` too. A reference that no paper has gives none.
  public static func all(of labels: [String?], rule: Rule) -> [GroupContrast] {
    var members: [String: [Int]] = [:]
    for (paper, label) in labels.enumerated() {
      if let label { members[label, default: []].append(paper) }
    }
    let names = members.keys.sorted()
    func contrast(_ first: String, _ second: String) -> GroupContrast {
      GroupContrast(
        first: first, second: second, firstPapers: members[first] ?? [],
        secondPapers: members[second] ?? [])
    }
    switch rule {
    case .rest where names.count > 2:
      return names.map { name in
        GroupContrast(
          first: name, second: rest, firstPapers: members[name] ?? [],
          secondPapers: labels.indices.filter { labels[$0] != nil && labels[$0] != name })
      }
    case .pairs, .rest:
      return names.indices.flatMap { first in
        names[(first + 1)...].map { contrast(names[first], $0) }
      }
    case .reference(let reference):
      guard members[reference] != nil else { return [] }
      return names.filter { $0 != reference }.map { contrast($0, reference) }
    }
  }

  /// The item whose applicability differs most between the groups, by 20 points or more.
  func applicabilityNote(_ target: RateTarget, in matrix: BinaryMatrix) -> Note? {
    func share(_ item: Int, _ papers: [Int]) -> Double? {
      let asked = papers.count { matrix.asked[$0, item] }
      return asked > 0 ? Double(papers.count { matrix.applies[$0, item] }) / Double(asked) : nil
    }
    let gaps = target.items.compactMap { item -> (item: Int, gap: Double)? in
      guard let first = share(item, firstPapers), let second = share(item, secondPapers) else {
        return nil
      }
      return (item, abs(first - second))
    }
    guard let widest = gaps.max(by: { $0.gap < $1.gap }), widest.gap >= 0.2 else { return nil }
    return .applicabilityDiffers(matrix.items[widest.item].id.description, points: widest.gap)
  }
}

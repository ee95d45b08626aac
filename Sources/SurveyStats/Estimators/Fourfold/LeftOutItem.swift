/// An item that cannot take part.
public struct LeftOutItem: Sendable, Equatable {
  /// What makes the pairs undefined that an item was left out for.
  public enum Relation: String, Sendable {
    /// The items have the same answer in all papers that have both.
    case identical
    /// They have opposite answers in all papers that have both.
    case complementary
    /// There is no coefficient, or one at its limit.
    case undefined
  }

  /// The name of the item.
  public let name: String
  /// Why it was left out.
  public let reason: AssociationNote
  /// The number of papers that have the item; `nil` where it is not known.
  public let count: Int?
  /// How it relates to its partners; `nil` where the reason is its own.
  public let relation: Relation?
  /// The items with which its pairs lack a coefficient for the reason given, in order.
  public let partners: [String]

  /// Creates the record of one item.
  public init(
    name: String, reason: AssociationNote, count: Int? = nil, relation: Relation? = nil,
    partners: [String] = []
  ) {
    self.name = name
    self.reason = reason
    self.count = count
    self.relation = relation
    self.partners = partners
  }

  /// The partners in a few words: the first, and how many more there are.
  var partnerSummary: String? {
    guard let first = partners.first else { return nil }
    return partners.count == 1 ? first : "\(first) and \(partners.count - 1) more"
  }

  /// The name, with the partner if it is the only one.
  fileprivate var phrase: String {
    guard let relation, let partner = partners.first else { return name }
    switch relation {
    case .identical: return "\(name) (identical to \(partner))"
    case .complementary: return "\(name) (complement of \(partner))"
    case .undefined: return partners.count == 1 ? "\(name) (with \(partner))" : name
    }
  }
}

extension [LeftOutItem] {
  /// One line for each reason, with how many variables it left out and the first of their names.
  public var summaries: [String] {
    AssociationNote.allCases.compactMap { reason in
      let items = filter { $0.reason == reason }
      guard !items.isEmpty else { return nil }
      let more = items.count > 6 ? " and \(items.count - 6) more" : ""
      return "\(items.count) left out (\(reason)): "
        + items.prefix(6).map(\.phrase).joined(separator: ", ") + more
    }
  }

  /// The end of a sentence that says that too few are left.
  var because: String { isEmpty ? "" : "; " + summaries.joined(separator: "; ") }

  /// One row an item: `term`, `n`, `relation`, `with`, `note`.
  ///
  /// `relation` and `with` name the items that it copies, opposes, or has no coefficient with.
  public func table() -> Table {
    Table(
      name: "left_out", caption: "Variables that cannot take part in a matrix, and why.",
      columns: [
        Column("term", .text(map(\.name))),
        Column("n", .integer(map(\.count))),
        Column("relation", .text(map { $0.relation?.rawValue })),
        Column("with", .text(map(\.partnerSummary))),
        Column("note", .text(map(\.reason.description))),
      ])
  }
}

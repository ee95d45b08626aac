/// Why items have no answer among some papers; the raw values are words of the `note` columns.
public enum Unanswered: String, Sendable {
  /// No paper was asked any of the items: nothing is known of them.
  case neverAsked = "never-asked"
  /// Papers were asked, and the items apply to none of them.
  case neverApplicable = "never-applicable"
}

extension BinaryMatrix {
  /// Why items have no answer among papers, all papers unless some are given; `nil` when one of the
  /// items applies to one of the papers.
  public func unanswered(items columns: [Int], papers rows: [Int]? = nil) -> Unanswered? {
    func occurs(in plane: BitColumns) -> Bool {
      columns.contains { column in
        rows.map { $0.contains { plane[$0, column] } } ?? (plane.count(column: column) > 0)
      }
    }
    if occurs(in: applies) { return nil }
    return occurs(in: asked) ? .neverApplicable : .neverAsked
  }
}

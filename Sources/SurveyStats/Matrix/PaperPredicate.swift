/// A condition on a paper and its answers, as a value.
///
/// Conditions on answers follow three-valued logic: an item that does not apply, or was never
/// asked, makes a condition neither true nor false, and a paper is selected only when the whole
/// condition is true.
public indirect enum PaperPredicate: Sendable, Equatable {
  /// A metadata column has the value, compared without regard to case.
  case column(String, equals: String)
  /// A numeric metadata column is at least the value.
  case columnAtLeast(String, Double)
  /// A numeric metadata column is at most the value.
  case columnAtMost(String, Double)
  /// The share of applicable items answered yes is at least so many percent.
  case scoreAtLeast(Double)
  /// The share of applicable items answered yes is at most so many percent.
  case scoreAtMost(Double)
  /// The item applies and is answered with yes.
  case item(ItemID)
  /// Both conditions hold.
  case and(PaperPredicate, PaperPredicate)
  /// At least one condition holds.
  case or(PaperPredicate, PaperPredicate)
  /// The condition does not hold.
  case not(PaperPredicate)

  /// The truth of the condition for one paper of a matrix; `nil` is undefined.
  public func holds(for paper: Int, in matrix: BinaryMatrix) -> Bool? {
    switch self {
    case .column(let name, let value):
      let values = matrix.papers[paper].values(of: name)
      return values.isEmpty ? nil : values.contains { $0.lowercased() == value.lowercased() }
    case .columnAtLeast(let name, let bound):
      return matrix.papers[paper].number(of: name).map { $0 >= bound }
    case .columnAtMost(let name, let bound):
      return matrix.papers[paper].number(of: name).map { $0 <= bound }
    case .scoreAtLeast(let bound): return score(of: paper, in: matrix).map { $0 >= bound }
    case .scoreAtMost(let bound): return score(of: paper, in: matrix).map { $0 <= bound }
    case .item(let id):
      guard let column = matrix.items.firstIndex(where: { $0.id == id }) else { return nil }
      switch matrix[paper, column] {
      case .yes: return true
      case .no: return false
      case .notApplicable, .absent: return nil
      }
    case .and(let left, let right):
      let sides = (left.holds(for: paper, in: matrix), right.holds(for: paper, in: matrix))
      if sides.0 == false || sides.1 == false { return false }
      return sides.0 == nil || sides.1 == nil ? nil : true
    case .or(let left, let right):
      return PaperPredicate.not(.and(.not(left), .not(right))).holds(for: paper, in: matrix)
    case .not(let inner):
      return inner.holds(for: paper, in: matrix).map { !$0 }
    }
  }

  /// The percentage of applicable items answered yes; `nil` when none applies.
  private func score(of paper: Int, in matrix: BinaryMatrix) -> Double? {
    let applicable = matrix.items.indices.filter { matrix.applies[paper, $0] }
    guard !applicable.isEmpty else { return nil }
    return 100 * Double(applicable.count { matrix.yes[paper, $0] }) / Double(applicable.count)
  }
}

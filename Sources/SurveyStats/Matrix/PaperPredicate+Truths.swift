extension PaperPredicate {
  /// The items that the condition names, each once, in their order.
  public var items: [ItemID] {
    var found: [ItemID] = []
    func visit(_ part: PaperPredicate) {
      switch part {
      case .column, .columnAtLeast, .columnAtMost, .scoreAtLeast, .scoreAtMost: break
      case .item(let id): if !found.contains(id) { found.append(id) }
      case .and(let left, let right), .or(let left, let right):
        visit(left)
        visit(right)
      case .not(let inner): visit(inner)
      }
    }
    visit(self)
    return found
  }

  /// The truth of the condition for every paper of a matrix; `nil` is undefined.
  ///
  /// It is that of ``holds(for:in:)``, but items are looked up once.
  public func truths(in matrix: BinaryMatrix) -> [Bool?] {
    switch self {
    case .column, .columnAtLeast, .columnAtMost, .scoreAtLeast, .scoreAtMost:
      return matrix.papers.indices.map { holds(for: $0, in: matrix) }
    case .item(let id):
      guard let item = matrix.items.firstIndex(where: { $0.id == id }) else {
        return [Bool?](repeating: nil, count: matrix.papers.count)
      }
      return matrix.papers.indices.map { matrix.applies[$0, item] ? matrix.yes[$0, item] : nil }
    case .and(let left, let right):
      return zip(left.truths(in: matrix), right.truths(in: matrix)).map { left, right in
        if left == false || right == false { return false }
        return left == nil || right == nil ? nil : true
      }
    case .or(let left, let right):
      return zip(left.truths(in: matrix), right.truths(in: matrix)).map { left, right in
        if left == true || right == true { return true }
        return left == nil || right == nil ? nil : false
      }
    case .not(let inner):
      return inner.truths(in: matrix).map { $0.map { !$0 } }
    }
  }
}

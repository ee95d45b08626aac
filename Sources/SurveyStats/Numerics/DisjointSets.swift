/// Sets without common members that are joined step by step.
///
/// The root of a set is its smallest member. Cost: near constant a step (Tarjan 1975), as paths are
/// halved on the way.
struct DisjointSets: Sendable {
  private var parents: [Int]

  /// Creates a set for each number below a count.
  init(count: Int) { parents = Array(0..<count) }

  /// The smallest member of a number's set.
  mutating func root(_ member: Int) -> Int {
    var member = member
    while parents[member] != member {
      parents[member] = parents[parents[member]]
      member = parents[member]
    }
    return member
  }

  /// Joins the sets of two numbers; false when they are one already.
  @discardableResult
  mutating func join(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (root(first), root(second))
    parents[max(a, b)] = min(a, b)
    return a != b
  }
}

/// The score by which papers of two groups are matched before their answers to an item are compared.
///
/// Where all items of the score apply to all papers it is the number of yes. Where they do not, a
/// percentage would compare papers that were asked hard items with papers that were asked easy ones; then
/// it is `(passed − expected) / applicable`, expected being the sum of the rates of the items that apply.
/// For complete data both order papers alike. A paper to which no item applies has none.
struct MatchingScore: Sendable {
  /// The passed items of each paper.
  private var passed: [Double]
  /// The expected number of passed items of each paper.
  private var expected: [Double]
  /// The applicable items of each paper.
  private var applicable: [Double]
  private let rates: [Double]
  private let matrix: BinaryMatrix

  /// The score over some items.
  init(_ matrix: BinaryMatrix, items: [Int]) {
    self.matrix = matrix
    rates = matrix.items.indices.map { item in
      let applies = matrix.applies.count(column: item)
      return applies > 0 ? Double(matrix.yes.count(column: item)) / Double(applies) : 0
    }
    passed = [Double](repeating: 0, count: matrix.papers.count)
    expected = passed
    applicable = passed
    for item in items { add(item) }
  }

  private mutating func add(_ item: Int) {
    matrix.applies.forEachRow(of: item) { paper in
      applicable[paper] += 1
      expected[paper] += rates[item]
    }
    matrix.yes.forEachRow(of: item) { passed[$0] += 1 }
  }

  /// The score with one item more.
  func adding(_ item: Int) -> MatchingScore {
    var score = self
    score.add(item)
    return score
  }

  /// The score of each paper; NaN where there is none.
  var values: [Double] {
    let most = applicable.max() ?? 0
    let isComplete = applicable.allSatisfy { $0 == most }
    return passed.indices.map { paper in
      guard applicable[paper] > 0 else { return .nan }
      return isComplete
        ? passed[paper] : (passed[paper] - expected[paper]) / applicable[paper]
    }
  }

  /// Levels of a score, none of which has papers of very different scores.
  struct Levels: Sendable {
    /// The level of each paper; −1 without a score.
    let ofPaper: [Int]
    /// The mean score of each level, ascending.
    let means: [Double]

    /// Every score a level, or, where there are more different ones, so many levels of about equal numbers
    /// of papers; papers of equal scores are always in one.
    init(_ values: [Double], most: Int) {
      self.init(values, order: Self.order(values), most: most)
    }

    /// The papers that have a score, the lowest first.
    static func order(_ values: [Double]) -> [Int] {
      values.indices.filter { !values[$0].isNaN }.sorted { values[$0] < values[$1] }
    }

    /// The same, of papers that are in order.
    init(_ values: [Double], order: [Int], most: Int) {
      var levels = [Int](repeating: -1, count: values.count)
      var distinct = 0
      for (place, paper) in order.enumerated()
      where place == 0 || values[order[place - 1]] != values[paper] {
        distinct += 1
      }
      var level = -1
      var sums: [Double] = []
      var counts: [Double] = []
      for (place, paper) in order.enumerated() {
        let isNew = place == 0 || values[order[place - 1]] != values[paper]
        if isNew,
          distinct <= most || level < 0
            || place * most >= (level + 1) * order.count
        {
          level += 1
          sums.append(0)
          counts.append(0)
        }
        levels[paper] = level
        sums[level] += values[paper]
        counts[level] += 1
      }
      ofPaper = levels
      means = zip(sums, counts).map { $0 / $1 }
    }
  }
}

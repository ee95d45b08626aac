/// Which rows of a corpus are scans of one paper: equal slugs have equal numbers.
///
/// Cost: a comparison a row when rows are in the order of their slugs, else a look-up.
package struct SlugNumbers: Sendable, Equatable {
  /// The number of each row's slug, in the order in which slugs come first.
  package let ofRow: [Int]
  /// How many slugs there are.
  package let count: Int

  /// Numbers the slugs of papers.
  package init(_ papers: [Paper]) {
    if papers.ascendingTable != nil {
      ofRow = Array(papers.indices)
      count = papers.count
      return
    }
    var numbers: [Int] = []
    numbers.reserveCapacity(papers.count)
    var count = 0
    if papers.areInOrder {
      for row in papers.indices {
        if row == 0 || !papers[row].hasSameSlug(as: papers[row - 1]) { count += 1 }
        numbers.append(count - 1)
      }
    } else {
      var known: [String: Int] = [:]
      known.reserveCapacity(papers.count)
      for paper in papers {
        let number = known[paper.slug] ?? count
        if number == count {
          known[paper.slug] = number
          count += 1
        }
        numbers.append(number)
      }
    }
    ofRow = numbers
    self.count = count
  }
}

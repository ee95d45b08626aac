/// What the raters together have said of each paper, item by item.
///
/// Papers of which all raters say the same have the same pattern, so that everything about an item
/// follows from how many papers have which. Two raters have at most 15 patterns, three 63.
struct RatingPatterns: Sendable {
  /// The cells of each pattern of each item, rater by rater; patterns in the order of their papers.
  let cells: [[[Cell]]]
  /// The pattern of each paper, item by item; negative where no rater was asked.
  let ofPaper: [[Int32]]
  /// The first column of each item where the patterns of all items stand side by side.
  let starts: [Int]

  /// The number of patterns of all items.
  var count: Int { starts[starts.count - 1] }

  /// Finds the patterns.
  ///
  /// Cost: a look-up a paper and item.
  init(_ ratings: Ratings) {
    var cells: [[[Cell]]] = []
    var ofPaper: [[Int32]] = []
    var starts = [0]
    let raters = ratings.raters.indices
    for item in ratings.items.indices {
      var known: [[Cell]: Int32] = [:]
      var patterns: [[Cell]] = []
      var numbers = [Int32](repeating: -1, count: ratings.papers.count)
      for paper in ratings.papers.indices {
        let pattern = raters.map { ratings[$0, paper, item] }
        if pattern.allSatisfy({ $0 == .absent }) { continue }
        if let number = known[pattern] {
          numbers[paper] = number
        } else {
          numbers[paper] = Int32(patterns.count)
          known[pattern] = Int32(patterns.count)
          patterns.append(pattern)
        }
      }
      cells.append(patterns)
      ofPaper.append(numbers)
      starts.append(starts[starts.count - 1] + patterns.count)
    }
    self.cells = cells
    self.ofPaper = ofPaper
    self.starts = starts
  }
}

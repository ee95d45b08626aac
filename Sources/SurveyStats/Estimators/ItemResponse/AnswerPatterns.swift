/// The distinct rows of answers of a matrix, with the weight of the papers that gave each.
///
/// Answers are kept as bits and unpacked for as many patterns as are worked on together.
struct AnswerPatterns: Sendable, Equatable {
  /// The answers of some patterns, one row a pattern and one column an item.
  struct Answers {
    /// One where the answer is yes.
    let yes: DenseMatrix
    /// One where the item applies; `nil` where every item applies to every pattern.
    let applies: DenseMatrix?
  }

  /// The weight of the papers of each pattern, in the order in which papers show them first.
  let counts: [Double]
  /// The pattern of each paper; `nil` for a paper to which no item applies.
  let patternOfPaper: [Int?]
  /// The number of items.
  let itemCount: Int
  /// The number of papers of positive weight to which each item applies.
  let applicablePapers: [Int]
  /// The number of papers of positive weight with an answer.
  let paperCount: Int
  /// For each pattern, the number of the set of items that apply in it.
  let applicability: [Int]
  /// A pattern of each such set.
  let applicabilityExamples: [Int]
  private let wordCount: Int
  /// For each pattern the bits of the items that apply, then those of yes.
  private let words: [UInt64]

  /// The number of patterns.
  var count: Int { counts.count }

  /// Collects the patterns of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The answers.
  ///   - weights: One weight a paper; `nil` for ones.
  init(_ matrix: BinaryMatrix, weights: [Double]? = nil) {
    let itemCount = matrix.items.count
    let wordCount = (itemCount + 63) / 64
    var known: [[UInt64]: Int] = [:]
    var words: [UInt64] = []
    var counts: [Double] = []
    var patternOfPaper: [Int?] = []
    var applicablePapers = [Int](repeating: 0, count: itemCount)
    var paperCount = 0
    var sets: [[UInt64]: Int] = [:]
    var applicability: [Int] = []
    var examples: [Int] = []
    for paper in matrix.papers.indices {
      let weight = weights?[paper] ?? 1
      var key = [UInt64](repeating: 0, count: 2 * wordCount)
      for item in 0..<itemCount where matrix.applies[paper, item] {
        key[item / 64] |= 1 << UInt64(item % 64)
        if matrix.yes[paper, item] { key[wordCount + item / 64] |= 1 << UInt64(item % 64) }
        if weight > 0 { applicablePapers[item] += 1 }
      }
      guard key.prefix(wordCount).contains(where: { $0 != 0 }) else {
        patternOfPaper.append(nil)
        continue
      }
      if weight > 0 { paperCount += 1 }
      let pattern = known[key] ?? counts.count
      if pattern == counts.count {
        known[key] = pattern
        counts.append(0)
        words += key
        let set = Array(key.prefix(wordCount))
        if sets[set] == nil {
          sets[set] = examples.count
          examples.append(pattern)
        }
        applicability.append(sets[set] ?? 0)
      }
      counts[pattern] += weight
      patternOfPaper.append(pattern)
    }
    self.counts = counts
    self.patternOfPaper = patternOfPaper
    self.itemCount = itemCount
    self.applicablePapers = applicablePapers
    self.paperCount = paperCount
    self.applicability = applicability
    self.words = words
    self.wordCount = wordCount
    applicabilityExamples = examples
  }

  /// The number of items that apply in a pattern.
  func applicableItems(of pattern: Int) -> Int {
    let first = 2 * wordCount * pattern
    return words[first..<first + wordCount].reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// The answers of some patterns.
  func answers(of patterns: [Int]) -> Answers {
    let applies = unpacked(patterns, from: 0)
    return Answers(
      yes: unpacked(patterns, from: wordCount),
      applies: applies.elements.allSatisfy { $0 == 1 } ? nil : applies)
  }

  /// Whether the items apply in some patterns, as ones and zeros.
  func applies(of patterns: [Int]) -> DenseMatrix { unpacked(patterns, from: 0) }

  private func unpacked(_ patterns: [Int], from word: Int) -> DenseMatrix {
    var result = DenseMatrix(rows: patterns.count, columns: itemCount)
    let rows = patterns.count
    unsafe result.elements.withUnsafeMutableBufferPointer { elements in
      for part in 0..<wordCount {
        let own = patterns.map { words[2 * wordCount * $0 + word + part] }
        for item in 64 * part..<min(64 * part + 64, itemCount) {
          let shift = UInt64(item - 64 * part)
          for row in 0..<rows {
            unsafe elements[item * rows + row] = Double(own[row] >> shift & 1)
          }
        }
      }
    }
    return result
  }
}

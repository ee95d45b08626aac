/// Items whose yes answers can be spread at random over the papers to which they apply.
///
/// Every set of papers of the right size is equally likely, for each item on its own. A set of `k`
/// of `m` papers comes in two steps. First every paper is taken with one and the same probability,
/// a little below `k / m`, for 64 papers at a time: with the binary digits of the probability
/// `0.d₁…d₈` from the last to the first, a word of random bits is joined to the word by *or* where
/// the digit is 1 and by *and* where it is 0. All sets of the size that comes out are equally
/// likely, so adding papers drawn from those outside one after the other, or removing some of those
/// inside, until there are `k`, makes all sets of size `k` equally likely. Items with more yes than
/// no have their no answers drawn.
///
/// The cost of a draw is eight random words for 64 papers and some `m / 256 + 2 √k` single draws
/// for each item. Memory is that of the plane, and of the lists of the papers of items that apply
/// to few.
struct PermutedItems: Sendable {
  private let applies: BitColumns
  private let items: [Item]

  /// How the answers of one item are drawn.
  private struct Item: Sendable {
    /// Whether the no answers are drawn, as they are fewer.
    let isComplemented: Bool
    /// How many papers are drawn.
    let count: Int
    /// The probability of the first step, in 256ths.
    let probability: Int
    /// The papers to which the item applies when they are few, else empty.
    let papers: [Int]
  }

  /// Items with the numbers of yes answers and the papers of a matrix.
  init(_ matrix: BinaryMatrix) {
    applies = matrix.applies
    items = matrix.items.indices.map { item in
      let applicable = matrix.applies.count(column: item)
      let yes = matrix.yes.count(column: item)
      let isComplemented = 2 * yes > applicable
      let count = isComplemented ? applicable - yes : yes
      let likely = Double(count) - 2 * Double(count).squareRoot()
      let isSparse = applicable < matrix.papers.count / 16
      return Item(
        isComplemented: isComplemented, count: count,
        probability: likely > 0 ? Int(256 * likely / Double(applicable)) : 0,
        papers: isSparse ? matrix.papers.indices.filter { matrix.applies[$0, item] } : [])
    }
  }

  /// A random plane of answers with as many yes in every column.
  func drawn(from random: inout RandomStream) -> BitColumns {
    let stride = applies.wordsPerColumn
    var words = [UInt64](repeating: 0, count: stride * items.count)
    unsafe words.withUnsafeMutableBufferPointer { words in
      unsafe applies.words.withUnsafeBufferPointer { applies in
        for (column, item) in items.enumerated() {
          let range = column * stride..<(column + 1) * stride
          unsafe draw(
            item, among: .init(rebasing: applies[range]), into: .init(rebasing: words[range]),
            from: &random)
        }
      }
    }
    return BitColumns(rowCount: applies.rowCount, columnCount: items.count, words: words)
  }

  /// Sets the bits of one column, whose words are zero.
  private func draw(
    _ item: Item, among applies: UnsafeBufferPointer<UInt64>,
    into words: UnsafeMutableBufferPointer<UInt64>, from random: inout RandomStream
  ) {
    var missing = item.count
    if item.probability > 0 {
      let digits = item.probability.trailingZeroBitCount..<8
      for index in words.indices where unsafe applies[index] != 0 {
        var word: UInt64 = 0
        for digit in digits {
          let bits = random.next()
          word = item.probability >> digit & 1 == 1 ? word | bits : word & bits
        }
        unsafe words[index] = unsafe word & applies[index]
        unsafe missing -= words[index].nonzeroBitCount
      }
    }
    while missing != 0 {
      let paper =
        item.papers.isEmpty
        ? random.index(below: self.applies.rowCount)
        : item.papers[random.index(below: item.papers.count)]
      let (index, bit) = (paper >> 6, UInt64(1) << UInt64(paper & 63))
      if missing > 0, unsafe applies[index] & ~words[index] & bit != 0 {
        unsafe words[index] |= bit
        missing -= 1
      } else if missing < 0, unsafe words[index] & bit != 0 {
        unsafe words[index] &= ~bit
        missing += 1
      }
    }
    if item.isComplemented {
      for index in words.indices { unsafe words[index] = unsafe applies[index] & ~words[index] }
    }
  }
}

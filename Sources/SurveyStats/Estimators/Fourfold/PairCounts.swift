import CKernels

/// The fourfold tables of all pairs of items of a matrix.
///
/// With the yes plane `Y` and the applies plane `A` of two items the table follows from the sizes
/// of three intersections: `n11 = |Yi Yj|`, `n10 = |Yi Aj| - n11`, `n01 = |Ai Yj| - n11` and
/// `n00 = |Ai Aj| - n11 - n10 - n01`. Cells that do not apply or were not asked are left out pair by
/// pair. Cost: p² · n / 256 word operations of 512 bits for p items and n papers; memory 12 p² bytes.
public struct PairCounts: Sendable, Equatable {
  /// The number of items.
  public let itemCount: Int
  private var bothYes: [UInt32]
  private var yesWhereApplies: [UInt32]
  private var bothApply: [UInt32]

  /// Counts the pairs of all items of a matrix.
  init(_ matrix: BinaryMatrix) { self.init(matrix, path: .best) }

  /// Counts the pairs with the given kernel path; all paths give the same counts.
  package init(_ matrix: BinaryMatrix, path: KernelPath) {
    self.init(yes: matrix.yes, applies: matrix.applies, path: path)
  }

  /// Counts the pairs of the columns of a yes and an applies plane.
  package init(yes: BitColumns, applies: BitColumns, path: KernelPath = .best) {
    precondition(yes.columnCount == applies.columnCount && yes.rowCount == applies.rowCount)
    itemCount = yes.columnCount
    bothYes = Self.shared(yes, yes, path: path)
    yesWhereApplies = Self.shared(yes, applies, path: path)
    bothApply = Self.shared(applies, applies, path: path)
  }

  /// Takes the counts of drawn papers, whose columns are those of yes to the items, then those of where
  /// the items apply.
  init(_ drawn: DrawnPairCounts, itemCount: Int) {
    self.itemCount = itemCount
    func shared(_ first: Int, _ second: Int) -> [UInt32] {
      var counts: [UInt32] = []
      counts.reserveCapacity(itemCount * itemCount)
      for i in first..<first + itemCount {
        for j in second..<second + itemCount { counts.append(drawn[i, j]) }
      }
      return counts
    }
    bothYes = shared(0, 0)
    yesWhereApplies = shared(0, itemCount)
    bothApply = shared(itemCount, itemCount)
  }

  /// The table of two items; the first may equal the second.
  public subscript(first: Int, second: Int) -> FourfoldTable {
    precondition(first >= 0 && first < itemCount && second >= 0 && second < itemCount)
    let n11 = Int(bothYes[first * itemCount + second])
    let n10 = Int(yesWhereApplies[first * itemCount + second]) - n11
    let n01 = Int(yesWhereApplies[second * itemCount + first]) - n11
    let both = Int(bothApply[first * itemCount + second])
    return FourfoldTable(n11: n11, n10: n10, n01: n01, n00: both - n11 - n10 - n01)
  }

  /// The number of papers that each column of `a` shares with each of `b`, row after row.
  private static func shared(_ a: BitColumns, _ b: BitColumns, path: KernelPath) -> [UInt32] {
    var counts = [UInt32](repeating: 0, count: a.columnCount * b.columnCount)
    unsafe a.words.withUnsafeBufferPointer { aWords in
      unsafe b.words.withUnsafeBufferPointer { bWords in
        guard let aWords = aWords.baseAddress, let bWords = bWords.baseAddress else { return }
        unsafe ck_pair_counts(
          path.rawValue, aWords, a.columnCount, bWords, b.columnCount, a.wordsPerColumn, &counts)
      }
    }
    return counts
  }
}

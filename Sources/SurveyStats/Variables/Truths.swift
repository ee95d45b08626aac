/// Whether a condition holds, for every paper: true, false, or undefined.
///
/// Two bits a paper: *true* and *defined* (true ⊆ defined). Conditions are joined word by word in
/// Kleene's strong three-valued logic: a part that is undefined leaves the whole undefined unless
/// the other parts decide it.
///
/// Reference: Kleene (1952), *Introduction to Metamathematics*, section 64.
public struct Truths: Sendable, Equatable {
  /// The number of papers.
  public let count: Int
  /// The bits of the papers for which it is true.
  private(set) var holding: [UInt64]
  /// The bits of the papers for which it is true or false.
  private(set) var defined: [UInt64]

  /// Truths from one optional value a paper.
  init(_ values: some Collection<Bool?>) {
    self.init(count: values.count)
    for (paper, value) in values.enumerated() {
      guard let value else { continue }
      let bit: UInt64 = 1 << UInt64(paper & 63)
      defined[paper >> 6] |= bit
      if value { holding[paper >> 6] |= bit }
    }
  }

  /// The answers to an item: yes is true, no is false.
  init(_ matrix: BinaryMatrix, item: Int) {
    self.init(
      count: matrix.papers.count, holding: matrix.yes.column(item),
      defined: matrix.applies.column(item))
  }

  /// Whether a bit of a column is set; defined everywhere.
  init(bits plane: BitColumns, column: Int) {
    let all = Truths(count: plane.rowCount, repeating: true)
    self.init(count: plane.rowCount, holding: plane.column(column), defined: all.defined)
  }

  /// The same for all papers.
  init(count: Int, repeating value: Bool) {
    var words = [UInt64](repeating: .max, count: (count + 63) / 64)
    if count & 63 != 0, let last = words.indices.last { words[last] = 1 << UInt64(count & 63) - 1 }
    let none = [UInt64](repeating: 0, count: words.count)
    self.init(count: count, holding: value ? words : none, defined: words)
  }

  /// Undefined for all papers.
  private init(count: Int) {
    let none = [UInt64](repeating: 0, count: (count + 63) / 64)
    self.init(count: count, holding: none, defined: none)
  }

  private init(count: Int, holding: [UInt64], defined: [UInt64]) {
    self.count = count
    self.holding = holding
    self.defined = defined
  }

  /// Whether it holds for a paper; `nil` is undefined.
  public subscript(paper: Int) -> Bool? {
    let bit: UInt64 = 1 << UInt64(paper & 63)
    guard defined[paper >> 6] & bit != 0 else { return nil }
    return holding[paper >> 6] & bit != 0
  }

  /// All values in order.
  public var values: [Bool?] { (0..<count).map { self[$0] } }

  /// The papers for which it is true.
  public var papers: [Int] { (0..<count).filter { self[$0] == true } }

  /// The number of papers for which it is true.
  var trueCount: Int { holding.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The number of papers for which it is true or false.
  var definedCount: Int { defined.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Whether it is defined, as a condition that always is.
  var isDefined: Truths {
    let all = Truths(count: count, repeating: true)
    return Truths(count: count, holding: defined, defined: all.defined)
  }

  /// The opposite.
  static prefix func ! (truths: Truths) -> Truths {
    Truths(
      count: truths.count, holding: zip(truths.defined, truths.holding).map { $0 & ~$1 },
      defined: truths.defined)
  }

  /// The same, undefined wherever another is not true.
  func limited(to other: Truths) -> Truths {
    Truths(
      count: count, holding: zip(holding, other.holding).map { $0 & $1 },
      defined: zip(defined, other.holding).map { $0 & $1 })
  }

  /// Whether all hold; true for none.
  public static func all(_ parts: some Collection<Truths>, count: Int) -> Truths {
    var result = Truths(count: count, repeating: true)
    for part in parts { result.formConjunction(part) }
    return result
  }

  /// Whether at least one holds; false for none.
  public static func any(_ parts: some Collection<Truths>, count: Int) -> Truths {
    var result = Truths(count: count, repeating: false)
    for part in parts { result.formDisjunction(part) }
    return result
  }

  private mutating func formConjunction(_ other: Truths) {
    for word in holding.indices {
      let (a, b) = (holding[word], other.holding[word])
      let isFalse = defined[word] & ~a | other.defined[word] & ~b
      holding[word] = a & b
      defined[word] = a & b | isFalse
    }
  }

  private mutating func formDisjunction(_ other: Truths) {
    for word in holding.indices {
      let (a, b) = (holding[word], other.holding[word])
      let isFalse = defined[word] & ~a & other.defined[word] & ~b
      holding[word] = a | b
      defined[word] = a | b | isFalse
    }
  }

  /// Whether at least so many hold: true when so many are true, false when too many are false.
  static func atLeast(
    _ bound: Int, of parts: some Collection<Truths>, count: Int
  ) -> Truths {
    var isTrue = [Int32](repeating: 0, count: count)
    var isOpen = isTrue
    let papers = Truths(count: count, repeating: true).defined
    for part in parts {
      part.holding.forEachBit { isTrue[$0] += 1 }
      zip(papers, part.defined).map { $0 & ~$1 }.forEachBit { isOpen[$0] += 1 }
    }
    return Truths(
      zip(isTrue, isOpen).map { certain, open in
        certain >= bound ? true : certain + open < bound ? false : nil
      })
  }

  /// Adds the truths to a plane of answers and one of what applies, as a column.
  func write(to column: Int, yes: inout BitColumns, applies: inout BitColumns) {
    holding.forEachBit { yes[$0, column] = true }
    defined.forEachBit { applies[$0, column] = true }
  }
}

extension [UInt64] {
  /// Calls with the position of every bit that is set.
  fileprivate func forEachBit(_ body: (Int) -> Void) {
    for (word, bits) in enumerated() {
      var rest = bits
      while rest != 0 {
        body(word * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}

extension BitColumns {
  /// The words of a column that hold rows.
  fileprivate func column(_ column: Int) -> [UInt64] {
    Array(words[column * wordsPerColumn..<column * wordsPerColumn + (rowCount + 63) / 64])
  }
}

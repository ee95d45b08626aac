/// What a rater can say of an item: yes, no, or that it does not apply.
public enum AnswerState: Int, Sendable, Hashable, CaseIterable {
  /// The item applies and the answer is yes.
  case yes
  /// The item applies and the answer is no.
  case no
  /// The item does not apply.
  case notApplicable

  /// The state of a cell; `nil` when it was never asked.
  init?(_ cell: Cell) {
    switch cell {
    case .yes: self = .yes
    case .no: self = .no
    case .notApplicable: self = .notApplicable
    case .absent: return nil
    }
  }

  /// The word in tables.
  public var name: String {
    switch self {
    case .yes: "yes"
    case .no: "no"
    case .notApplicable: "na"
    }
  }
}

/// How often one rater says one thing and another says another: a 3 × 3 table.
public struct StateTable: Sendable, Equatable {
  /// The counts, those of the first rater's yes first.
  public private(set) var counts: [Double]

  /// Creates an empty table.
  public init() { counts = [Double](repeating: 0, count: 9) }

  /// The number of papers of which the first rater says one thing and the second another.
  public subscript(first: AnswerState, second: AnswerState) -> Double {
    get { counts[first.rawValue * 3 + second.rawValue] }
    set { counts[first.rawValue * 3 + second.rawValue] = newValue }
  }

  /// The sum of all counts.
  public var total: Double { counts.reduce(0, +) }

  /// The sum of the counts in which the raters say the same.
  public var agreement: Double { counts[0] + counts[4] + counts[8] }

  /// How often the first rater says one thing.
  public func first(_ state: AnswerState) -> Double {
    AnswerState.allCases.reduce(0) { $0 + self[state, $1] }
  }

  /// How often the second rater says one thing.
  public func second(_ state: AnswerState) -> Double {
    AnswerState.allCases.reduce(0) { $0 + self[$1, state] }
  }

  /// The sum of two tables.
  static func + (left: StateTable, right: StateTable) -> StateTable {
    var sum = left
    for index in sum.counts.indices { sum.counts[index] += right.counts[index] }
    return sum
  }

  /// The table of an item over the papers of which both raters were asked it.
  ///
  /// - Parameters:
  ///   - first: The answers of one rater.
  ///   - second: Those of the other, for the same papers and items.
  ///   - item: The column of the item.
  ///   - weights: The weights of the papers; `nil` for ones.
  public init(
    _ first: Ratings.Reading, _ second: Ratings.Reading, item: Int, weights: [Double]? = nil
  ) {
    self.init()
    let paperCount = first.asked.rowCount
    precondition(second.asked.rowCount == paperCount)
    let start = item * first.asked.wordsPerColumn
    func planes(_ reading: Ratings.Reading, _ word: Int) -> [UInt64] {
      let (yes, applies) = (reading.yes.words[word], reading.applies.words[word])
      return [yes, applies & ~yes, reading.asked.words[word] & ~applies]
    }
    for word in 0..<(paperCount + 63) / 64 {
      let (one, other) = (planes(first, start + word), planes(second, start + word))
      for place in 0..<9 {
        var bits = one[place / 3] & other[place % 3]
        guard let weights else {
          counts[place] += Double(bits.nonzeroBitCount)
          continue
        }
        while bits != 0 {
          counts[place] += weights[word * 64 + bits.trailingZeroBitCount]
          bits &= bits - 1
        }
      }
    }
  }
}

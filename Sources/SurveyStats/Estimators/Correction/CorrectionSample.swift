/// What a rater says about all papers, and a better one about some, counted for some items together.
///
/// The cells of several items count as cells of one question, paper by paper. Papers may weigh
/// differently, belong to clusters and strata, and have been re-answered with known unequal probabilities.
public struct CorrectionSample: Sendable {
  /// The columns of the items.
  public let items: [Int]
  /// How often the rater says yes, no and does not apply, over all papers, weighted.
  public let rater: [Double]
  /// How often the rater says one thing and the better rater another, weighted and by the inverse
  /// probability of being re-answered.
  public let table: StateTable
  /// The papers of which both raters were asked something.
  public let papers: [Int]
  /// The number of these papers, each once however many rows of it there are.
  let distinctPaperCount: Int
  /// The cells of these papers, unweighted.
  let cellCount: Double
  /// The rater's states of each paper, three a paper.
  let states: [Double]
  /// The tables of the re-answered papers, in the order of `papers`.
  let tables: [StateTable]
  /// The weight of each paper among all, with a mean of one.
  let weights: [Double]
  /// The weight of each re-answered paper among these, with a mean of one.
  let tableWeights: [Double]
  /// The sampling unit of each paper, and the units of each stratum.
  let design: SamplingDesign
  /// Whether papers were re-answered with unequal probabilities.
  let isChosen: Bool
  /// Whether the cells are independent: one item of papers that were drawn and re-answered alike.
  let isPlain: Bool

  /// Counts the cells of some items.
  ///
  /// - Parameters:
  ///   - readings: The two raters' answers.
  ///   - items: The items.
  ///   - design: How the papers were sampled.
  ///   - probabilities: With what probability each paper was re-answered; `nil` for equal ones.
  init(
    _ readings: PairedReadings, items: [Int], design: SamplingDesign,
    probabilities: [Double]? = nil
  ) {
    self.items = items
    self.design = design
    isChosen = probabilities != nil
    isPlain = items.count == 1 && design.drawsPapersAlike && probabilities == nil
    let paperCount = readings.matrix.papers.count
    let all = design.weights ?? [Double](repeating: 1, count: paperCount)
    var states = [Double](repeating: 0, count: paperCount * 3)
    for item in items { readings.matrix.addStates(of: item, to: &states) }
    var tables: [StateTable] = []
    var papers: [Int] = []
    let own = Ratings.Reading(readings.matrix)
    for paper in readings.reanswered {
      var table = StateTable()
      for item in items {
        guard let first = AnswerState(own[paper, item]),
          let second = AnswerState(readings.better[paper, item])
        else { continue }
        table[first, second] += 1
      }
      guard table.total > 0 else { continue }
      papers.append(paper)
      tables.append(table)
    }
    weights = Self.scaled(all, over: Array(all.indices))
    let inverse = all.indices.map { all[$0] / (probabilities?[$0] ?? 1) }
    tableWeights = papers.isEmpty ? [] : Self.scaled(papers.map { inverse[$0] })
    var rater = [Double](repeating: 0, count: 3)
    for paper in 0..<paperCount {
      for state in 0..<3 { rater[state] += weights[paper] * states[paper * 3 + state] }
    }
    var sum = StateTable()
    for (table, weight) in zip(tables, tableWeights) { sum = sum + table.times(weight) }
    self.rater = rater
    self.states = states
    self.tables = tables
    self.papers = papers
    distinctPaperCount = Set(papers.map { readings.matrix.papers[$0].slug }).count
    cellCount = tables.reduce(0) { $0 + $1.total }
    table = sum
  }

  private static func scaled(_ weights: [Double], over places: [Int]) -> [Double] {
    scaled(places.map { weights[$0] })
  }

  /// Weights with a mean of one; as they are where all are zero.
  private static func scaled(_ weights: [Double]) -> [Double] {
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return weights }
    return weights.map { $0 * Double(weights.count) / sum }
  }

  /// The better rater's states of what the rater says does not occur among the re-answered papers, though
  /// it does among all: there a prior speaks.
  var unseenStates: [AnswerState] {
    AnswerState.allCases.filter { rater[$0.rawValue] > 0 && table.first($0) == 0 }
  }

  /// Of the cells that apply by both raters and are yes by the better one, the share of the rater's yes.
  public var sensitivity: Double? {
    Self.share(table[.yes, .yes], of: table[.yes, .yes] + table[.no, .yes])
  }
  /// Of the cells that apply by both raters and are no by the better one, the share of the rater's no.
  public var specificity: Double? {
    Self.share(table[.no, .no], of: table[.no, .no] + table[.yes, .no])
  }
  /// Of the cells that apply by the better rater, the share that the rater says do not.
  var missedApplies: Double? {
    Self.share(
      table[.notApplicable, .yes] + table[.notApplicable, .no],
      of: table.second(.yes) + table.second(.no))
  }
  /// Of the cells that do not apply by the better rater, the share that the rater says do.
  var falseApplies: Double? {
    Self.share(
      table[.yes, .notApplicable] + table[.no, .notApplicable], of: table.second(.notApplicable))
  }

  private static func share(_ part: Double, of whole: Double) -> Double? {
    whole > 0 ? part / whole : nil
  }
}

extension StateTable {
  /// All counts times a number.
  func times(_ factor: Double) -> StateTable {
    var result = self
    for first in AnswerState.allCases {
      for second in AnswerState.allCases { result[first, second] *= factor }
    }
    return result
  }
}

extension BinaryMatrix {
  /// Adds the states of an item's cells to counts of three a paper.
  fileprivate func addStates(of item: Int, to states: inout [Double]) {
    let start = item * asked.wordsPerColumn
    for word in 0..<(papers.count + 63) / 64 {
      let (yes, applies) = (yes.words[start + word], applies.words[start + word])
      let planes = [yes, applies & ~yes, asked.words[start + word] & ~applies]
      for (state, plane) in planes.enumerated() {
        var bits = plane
        while bits != 0 {
          states[(word * 64 + bits.trailingZeroBitCount) * 3 + state] += 1
          bits &= bits - 1
        }
      }
    }
  }
}

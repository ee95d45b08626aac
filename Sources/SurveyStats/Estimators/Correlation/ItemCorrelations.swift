extension PairwiseAssociations {
  /// Estimates a coefficient for all pairs of items of a matrix.
  ///
  /// A pair has no coefficient when no paper has both items (`never-jointly-applicable`), only one
  /// has (`fewer-than-2-papers`), fewer than `minimumCount` have (`below-minimum-n`), or one of the
  /// items does not vary among those that have (`constant-item`).
  ///
  /// Cost: counting is a pass of packed bits for each pair, estimating under a microsecond a pair; under
  /// a design other than of papers drawn alike some passes over the papers for each pair.
  ///
  /// - Parameters:
  ///   - matrix: The answers; NA and absent cells are in no table.
  ///   - coefficient: The coefficient.
  ///   - minimumCount: The fewest papers for which a pair gets a coefficient.
  ///   - level: The level of the intervals.
  ///   - zeroCells: What the tetrachoric correlation does with an empty cell.
  ///   - design: How the papers were sampled; `nil` for papers drawn alike.
  public init(
    items matrix: BinaryMatrix, coefficient: ItemCoefficient = .phi, minimumCount: Int = 10,
    level: Double = 0.95,
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy = .halfKeepingMargins,
    design: SamplingDesign? = nil
  ) {
    if let papers = DesignedPapers(design) {
      self.init(
        items: matrix, of: papers, coefficient: coefficient, minimumCount: minimumCount,
        level: level, zeroCells: zeroCells)
      return
    }
    var pairs: [AssociatedPair] = []
    let indices = Self.indices(
      count: matrix.items.count, isSymmetric: coefficient.isSymmetric)
    let tables = PairTables(matrix)
    var tetrachoric: [TetrachoricCorrelation] = []
    if coefficient == .tetrachoric {
      var all: [TwoByTwoTable] = []
      tables.forEach(indices) { all.append($1) }
      tetrachoric = TetrachoricCorrelation.fits(all, zeroCells: zeroCells)
    }
    tables.forEach(indices) { index, cells in
      let count = Int(cells.total)
      let reason = Self.shortage(count, minimumCount: minimumCount)
      pairs.append(
        AssociatedPair(
          first: indices[index].first, second: indices[index].second, count: count, cells: cells,
          association: reason.map { Association(note: $0) }
            ?? cells.association(coefficient, level: level) { tetrachoric[index] }))
    }
    let applicable = matrix.items.indices.map { matrix.applies.count(column: $0) }
    let passed = matrix.items.indices.map { matrix.yes.count(column: $0) }
    self.init(
      names: matrix.items.map(\.id.description), coefficient: coefficient.rawValue,
      ofItself: coefficient.ofItself, level: level, pairs: pairs, counts: applicable,
      rates: zip(passed, applicable).map { $1 > 0 ? Double($0) / Double($1) : nil },
      isConstant: zip(passed, applicable).map { $0 == 0 || $0 == $1 })
  }

  /// Estimates under a design other than of papers drawn alike.
  private init(
    items matrix: BinaryMatrix, of papers: DesignedPapers, coefficient: ItemCoefficient,
    minimumCount: Int, level: Double, zeroCells: TetrachoricCorrelation.ZeroCellPolicy
  ) {
    let rows = matrix.papers.indices.filter { papers.weights[$0] > 0 }
    let counted = rows.count < matrix.papers.count ? matrix.selecting(papers: rows) : matrix
    let indices = Self.indices(
      count: matrix.items.count, isSymmetric: coefficient.isSymmetric)
    var weighted: [TwoByTwoTable?] = indices.map { _ in nil }
    if papers.isWeighted {
      PairTables(yes: matrix.yes, applies: matrix.applies, realWeights: papers.weights)
        .forEach(indices) { weighted[$0] = $1 }
    }
    let answers = matrix.items.indices.map { item in
      rows.map { matrix.applies[$0, item] ? matrix.yes[$0, item] : nil as Bool? }
    }
    var pairs: [AssociatedPair] = []
    PairTables(counted).forEach(indices) { index, cells in
      let (first, second) = indices[index]
      let count = Int(cells.total)
      if let reason = Self.shortage(count, minimumCount: minimumCount) {
        pairs.append(
          AssociatedPair(
            first: first, second: second, count: count, cells: cells,
            association: Association(note: reason), weightedCells: weighted[index]))
        return
      }
      let shared = rows.indices.filter { answers[first][$0] != nil && answers[second][$0] != nil }
      let members = shared.map { rows[$0] }
      let found = (weighted[index] ?? cells).association(
        coefficient, level: level, zeroCells: zeroCells
      ) { influences in
        papers.errors(
          papers: members,
          influences: influences.map { influence in
            shared.map { influence[answers[first][$0] ?? false, answers[second][$0] ?? false] }
          })
      }
      pairs.append(
        AssociatedPair(
          first: first, second: second, count: count, cells: cells,
          association: found.association, weightedCells: weighted[index],
          effectiveCount: papers.isWeighted
            ? EffectiveNumber.kish(members.lazy.map { papers.weights[$0] }) : nil,
          designNotes: found.notes))
    }
    let rates = matrix.items.indices.map { item -> Double? in
      var (yes, all) = (0.0, 0.0)
      for (position, row) in rows.enumerated() {
        guard let answer = answers[item][position] else { continue }
        all += papers.weights[row]
        if answer { yes += papers.weights[row] }
      }
      return all > 0 ? yes / all : nil
    }
    let applicable = counted.items.indices.map { counted.applies.count(column: $0) }
    let passed = counted.items.indices.map { counted.yes.count(column: $0) }
    self.init(
      names: matrix.items.map(\.id.description), coefficient: coefficient.rawValue,
      ofItself: coefficient.ofItself, level: level, pairs: pairs, counts: applicable,
      rates: rates, isConstant: zip(passed, applicable).map { $0 == 0 || $0 == $1 },
      sampling: papers.design.sampling)
  }

  /// Why so few papers give no coefficient; `nil` when there are enough.
  static func shortage(_ count: Int, minimumCount: Int) -> AssociationNote? {
    switch count {
    case 0: .neverJointlyApplicable
    case 1: .fewerThanTwoPapers
    default: count < minimumCount ? .belowMinimumCount : nil
    }
  }

  /// The pairs of a table, in order.
  static func indices(count: Int, isSymmetric: Bool) -> [(first: Int, second: Int)] {
    indices(lower: 0..<count, count: count, isSymmetric: isSymmetric)
  }

  /// The pairs whose lower index is in a range.
  static func indices(
    lower: Range<Int>, count: Int, isSymmetric: Bool
  ) -> [(first: Int, second: Int)] {
    var pairs: [(first: Int, second: Int)] = []
    for first in lower {
      for second in first + 1..<max(count, first + 1) {
        pairs.append((first, second))
        if !isSymmetric { pairs.append((second, first)) }
      }
    }
    return pairs
  }
}

extension BinaryMatrix {
  /// The papers to which all items apply: the listwise alternative to pairwise-complete cells.
  public var completePapers: [Int] {
    let counts = applies.rowCounts(columns: Array(items.indices))
    return papers.indices.filter { counts[$0] == items.count }
  }
}

/// The coefficients of pairs of items as a function of unit weights, for the bootstrap.
///
/// The weight of a paper is that of its unit, times its own if papers are weighted (scaled to a mean of
/// one).
/// Undefined pairs are NaN; a tetrachoric correlation at the boundary is ±1. The minimum number of
/// papers is not applied to replicates.
public struct ItemCorrelationStatistic: Statistic {
  /// The pairs, by position of the items.
  public let pairs: [(first: Int, second: Int)]

  private let papers: WeightedPapers
  private let coefficient: ItemCoefficient
  private let zeroCells: TetrachoricCorrelation.ZeroCellPolicy
  private let design: PaperWeights

  /// Creates the statistic of all pairs, in the order of ``PairwiseAssociations``.
  public init(
    _ matrix: BinaryMatrix, coefficient: ItemCoefficient, design: SamplingDesign,
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy = .halfKeepingMargins
  ) {
    precondition(design.paperCount == matrix.papers.count)
    papers = WeightedPapers(matrix)
    self.coefficient = coefficient
    self.zeroCells = zeroCells
    self.design = PaperWeights(design)
    pairs = PairwiseAssociations.indices(
      count: matrix.items.count, isSymmetric: coefficient.isSymmetric)
  }

  /// The number of units of the design.
  public var unitCount: Int { design.unitCount }

  /// The number of pairs.
  public var valueCount: Int { pairs.count }

  /// Estimates all pairs.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let weights = design.paperWeights(unitWeights: weights)
    if coefficient == .phi {
      papers.phi(weights: weights, into: &values)
      return
    }
    let estimates = papers.tables(weights: weights)
      .estimates(coefficient, of: pairs, zeroCells: zeroCells)
    for index in pairs.indices {
      values[index] = estimates[index].isFinite ? estimates[index] : .nan
    }
  }
}

/// The weights of papers in replicates: that of the paper's unit, times its own, of mean one.
struct PaperWeights: Sendable {
  private let unitOfPaper: [Int]
  private let relative: [Double]?
  /// The number of units.
  let unitCount: Int

  init(_ design: SamplingDesign) {
    unitOfPaper = design.unitOfPaper
    relative = design.relativeWeights
    unitCount = design.unitCount
  }

  /// The weight of each paper.
  func paperWeights(unitWeights: Span<Double>) -> [Double] {
    var result = [Double](repeating: 0, count: unitOfPaper.count)
    for paper in result.indices {
      result[paper] = unitWeights[unitOfPaper[paper]] * (relative?[paper] ?? 1)
    }
    return result
  }
}

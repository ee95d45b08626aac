/// The 2×2 tables of all pairs of items under weights of papers, each over the papers to which both
/// items apply.
///
/// Cost: that of ``PairCounts``; with weights that are not whole numbers three matrix products.
struct PairTables: Sendable {
  private enum Sums: Sendable {
    case counts(PairCounts)
    case weights(WeightedSums)
  }

  /// Sums of real weights, in column-major order.
  private struct WeightedSums: Sendable {
    /// Over papers to which both items apply.
    let joint: [Double]
    /// At (i, j): over papers with yes to i to which j applies.
    let yes: [Double]
    /// Over papers with yes to both.
    let both: [Double]

    func table(_ first: Int, _ second: Int, count: Int) -> TwoByTwoTable {
      let index = first + second * count
      let n11 = both[index]
      let n10 = yes[index] - n11
      let n01 = yes[second + first * count] - n11
      let n00 = joint[index] - n11 - n10 - n01
      // Below this a cell is the rounding error of an empty one.
      let least = 1e-12 * joint[index]
      return TwoByTwoTable(
        n11: n11 < least ? 0 : n11, n10: n10 < least ? 0 : n10, n01: n01 < least ? 0 : n01,
        n00: n00 < least ? 0 : n00)
    }
  }

  /// The number of items.
  let count: Int
  private let sums: Sums

  /// Counts papers.
  init(yes: BitColumns, applies: BitColumns) {
    count = applies.columnCount
    sums = .counts(PairCounts(yes: yes, applies: applies))
  }

  /// Takes counts of papers.
  init(_ counts: PairCounts) {
    count = counts.itemCount
    sums = .counts(counts)
  }

  /// Counts the papers of a matrix.
  init(_ matrix: BinaryMatrix) { self.init(yes: matrix.yes, applies: matrix.applies) }

  /// Adds up real weights of papers.
  init(yes: BitColumns, applies: BitColumns, realWeights: [Double]) {
    let rows = 0..<applies.rowCount
    let (appliesValues, yesValues) = (applies.asDoubles(rows: rows), yes.asDoubles(rows: rows))
    var (weightedApplies, weightedYes) = (appliesValues, yesValues)
    for column in 0..<applies.columnCount {
      for row in rows {
        weightedApplies[row, column] *= realWeights[row]
        weightedYes[row, column] *= realWeights[row]
      }
    }
    count = applies.columnCount
    sums = .weights(
      WeightedSums(
        joint: appliesValues.multiplied(by: weightedApplies, transposingSelf: true).elements,
        yes: weightedYes.multiplied(by: appliesValues, transposingSelf: true).elements,
        both: yesValues.multiplied(by: weightedYes, transposingSelf: true).elements))
  }

  /// A coefficient of each pair, NaN where undefined or where fewer than two papers have both items.
  ///
  /// Tetrachoric correlations are estimated together, which is five times as fast.
  func estimates(
    _ coefficient: ItemCoefficient, of pairs: [(first: Int, second: Int)],
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy
  ) -> [Double] {
    guard coefficient == .tetrachoric else {
      var values = [Double](repeating: .nan, count: pairs.count)
      forEach(pairs) { index, cells in
        if cells.total >= 2 { values[index] = cells.estimate(coefficient, zeroCells: zeroCells) }
      }
      return values
    }
    var tables: [TwoByTwoTable] = []
    tables.reserveCapacity(pairs.count)
    // A table of fewer papers becomes one of none, which has no correlation.
    forEach(pairs) { _, cells in
      tables.append(cells.total >= 2 ? cells : TwoByTwoTable(0, 0, 0, 0))
    }
    return TetrachoricCorrelation.estimates(tables, zeroCells: zeroCells)
  }

  /// Calls a function with the table of each pair of items.
  func forEach(
    _ pairs: [(first: Int, second: Int)], _ body: (_ index: Int, _ table: TwoByTwoTable) -> Void
  ) {
    // The sums are unpacked once, not for every pair.
    switch sums {
    case .counts(let counts):
      for (index, pair) in pairs.enumerated() {
        body(index, TwoByTwoTable(counts[pair.first, pair.second]))
      }
    case .weights(let sums):
      for (index, pair) in pairs.enumerated() {
        body(index, sums.table(pair.first, pair.second, count: count))
      }
    }
  }
}

/// The papers of a matrix, ready to be drawn with weights.
struct WeightedPapers: Sendable {
  private let matrix: BinaryMatrix
  private let rows: BitRows

  init(_ matrix: BinaryMatrix) {
    self.matrix = matrix
    rows = BitRows(matrix.yes.appending(matrix.applies))
  }

  /// The tables under weights of papers; small whole weights are counted as repeated papers.
  func tables(weights: [Double]) -> PairTables {
    guard let drawn = Self.drawnRows(weights) else {
      return PairTables(yes: matrix.yes, applies: matrix.applies, realWeights: weights)
    }
    let itemCount = matrix.items.count
    return rows.withPairCounts(drawn: drawn) {
      PairTables(PairCounts($0, itemCount: itemCount))
    }
  }

  /// Sets the values to phi of all pairs of items under weights of papers, NaN where undefined; the
  /// order is that of ``PairwiseAssociations``.
  func phi(weights: [Double], into values: inout MutableSpan<Double>) {
    let itemCount = matrix.items.count
    if let drawn = Self.drawnRows(weights) {
      rows.withPairCounts(drawn: drawn) { $0.phi(itemCount: itemCount, into: &values) }
      return
    }
    let pairs = PairwiseAssociations.indices(count: itemCount, isSymmetric: true)
    let found = tables(weights: weights).estimates(.phi, of: pairs, zeroCells: .none)
    for index in found.indices { values[index] = found[index] }
  }

  /// The rows of papers, each as often as its weight says; `nil` unless all are small whole numbers.
  private static func drawnRows(_ weights: [Double]) -> [UInt32]? {
    var total = 0
    for weight in weights {
      guard weight >= 0, weight < 256, Double(Int(weight)) == weight else { return nil }
      total += Int(weight)
    }
    // How often a row was drawn cannot be foreseen: three places are written at once, and what is
    // too much is written over.
    return unsafe [UInt32](unsafeUninitializedCapacity: total + 3) { drawn, count in
      for (position, weight) in weights.enumerated() {
        let (row, weight) = (UInt32(truncatingIfNeeded: position), Int(weight))
        unsafe drawn[count] = row
        unsafe drawn[count + 1] = row
        unsafe drawn[count + 2] = row
        if weight > 3 { for place in 3..<weight { unsafe drawn[count + place] = row } }
        count += weight
      }
    }
  }
}

/// The yes and applicable cells of chosen items, papers in the order of their sampling units.
struct UnitCells: Sendable {
  /// The yes columns of the items, then their distinct applicable columns; one row a paper, the
  /// papers of a unit next to each other.
  let bits: BitColumns
  /// For each item of the matrix, the column of its yes bits, if it was chosen.
  let yesColumn: [Int]
  /// For each item of the matrix, the column of its applicable bits, if it was chosen.
  let appliesColumn: [Int]

  /// The row at which each unit begins, and the end of the last.
  private let starts: [Int]
  /// The sampling weight of each row.
  private let weights: [Double]?

  /// Collects the cells of items of a matrix.
  init(_ matrix: BinaryMatrix, items: [Int], design: SamplingDesign) {
    let applies = matrix.applies.selecting(columns: items)
    let distinct = applies.distinctColumns()
    var yesColumn = [Int](repeating: 0, count: matrix.items.count)
    var appliesColumn = yesColumn
    for (position, item) in items.enumerated() {
      yesColumn[item] = position
      appliesColumn[item] = items.count + distinct.place[position]
    }
    let columns = matrix.yes.selecting(columns: items)
      .appending(applies.selecting(columns: distinct.columns))
    self.yesColumn = yesColumn
    self.appliesColumn = appliesColumn
    if design.drawsPapersAlike {
      bits = columns
      starts = Array(0...design.unitCount)
      weights = nil
      return
    }
    let (papers, starts) = design.papersByUnit()
    let isInOrder = zip(papers, papers.dropFirst()).allSatisfy { $0 < $1 }
    bits = isInOrder ? columns : columns.selecting(rows: papers)
    self.starts = starts
    weights = design.weights.map { weights in papers.map { weights[$0] } }
  }

  /// The weighted numbers of yes and no cells of some items for each unit of a range.
  func totals(items: [Int], units: Range<Int>) -> (yes: [Double], no: [Double]) {
    let rows = starts[units.lowerBound]..<starts[units.upperBound]
    var yesOfRow = [Double](repeating: 0, count: rows.count)
    var noOfRow = yesOfRow
    for item in items {
      let yes = yesColumn[item] * bits.wordsPerColumn
      let applies = appliesColumn[item] * bits.wordsPerColumn
      for word in rows.lowerBound / 64..<(rows.upperBound + 63) / 64 {
        let (yesBits, appliesBits) = (bits.words[yes + word], bits.words[applies + word])
        Self.add(yesBits, word: word, rows: rows, to: &yesOfRow)
        Self.add(appliesBits & ~yesBits, word: word, rows: rows, to: &noOfRow)
      }
    }
    return (unitSums(yesOfRow, units: units), unitSums(noOfRow, units: units))
  }

  /// The number of units to which at least one of some items applies, with a positive weight.
  func participatingUnits(items: [Int]) -> Int {
    if starts.count - 1 == bits.rowCount, weights == nil {
      return bits.anyCount(columns: items.map { appliesColumn[$0] })
    }
    let (yes, no) = totals(items: items, units: 0..<starts.count - 1)
    return zip(yes, no).count { $0 + $1 > 0 }
  }

  /// Adds one to the rows of a word's bits.
  private static func add(
    _ bits: UInt64, word: Int, rows: Range<Int>, to counts: inout [Double]
  ) {
    var bits = bits
    while bits != 0 {
      let row = word * 64 + bits.trailingZeroBitCount
      if rows.contains(row) { counts[row - rows.lowerBound] += 1 }
      bits &= bits - 1
    }
  }

  /// The weighted sums of row counts over the rows of each unit of a range.
  private func unitSums(_ counts: [Double], units: Range<Int>) -> [Double] {
    let first = starts[units.lowerBound]
    return units.map { unit in
      var total = 0.0
      for row in starts[unit]..<starts[unit + 1] {
        total += counts[row - first] * (weights?[row] ?? 1)
      }
      return total
    }
  }
}

extension BitColumns {
  /// The columns that differ from all before them, and the place of each column's like among these.
  fileprivate func distinctColumns() -> (columns: [Int], place: [Int]) {
    var columns: [Int] = []
    var place: [Int] = []
    var placesByCount: [Int: [Int]] = [:]
    for column in 0..<columnCount {
      let count = count(column: column)
      let words = words[column * wordsPerColumn..<(column + 1) * wordsPerColumn]
      let equal = placesByCount[count, default: []].first { other in
        let start = columns[other] * wordsPerColumn
        return self.words[start..<start + wordsPerColumn] == words
      }
      place.append(equal ?? columns.count)
      if equal == nil {
        placesByCount[count, default: []].append(columns.count)
        columns.append(column)
      }
    }
    return (columns, place)
  }
}

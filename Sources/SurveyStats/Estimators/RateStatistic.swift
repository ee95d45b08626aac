import RealModule

/// The pass rates of many targets as a function of unit weights.
///
/// The rate of a target is a ratio of sums over units, `R = Σ w y / Σ w m`, where a unit has `m`
/// applicable cells among the target's items and `y` of them are yes. NA and absent cells are in
/// neither sum. A rate whose denominator is zero is undefined.
///
/// When asked for standard errors, each estimate is followed by its linearised standard error
/// `se² = G/(G−1) · Σ w (y − R m)² / (Σ w m)²` over the G units with m > 0 (Särndal, Swensson &
/// Wretman 1992, section 5.6), from weighted second moments. The factor G/(G−1) is that of the
/// sample also in replicates, where it cancels from every studentized quantity.
public struct RateStatistic: SummedStatistic {
  /// The targets, in order.
  public let targets: [RateTarget]
  /// Whether standard errors follow the rates.
  public let includesStandardErrors: Bool
  /// The columns of yes bits and applicable bits when units are unweighted papers; otherwise none.
  public let bitColumns: BitColumns

  private let matrix: BinaryMatrix
  private let design: SamplingDesign
  /// The papers of each unit, one unit after the other.
  private let papersByUnit: [Int]
  private let firstPaperOfUnit: [Int]
  /// For each target, the bit columns that add up to its numerator and denominator.
  private let numeratorColumns: [[Int]]
  private let denominatorColumns: [[Int]]
  /// For each target, whether it has value columns of its own for second moments.
  private let hasMoments: [Bool]
  private let unitFactors: [Double]
  private let usesBits: Bool

  /// Creates the statistic of the given targets under a sampling design.
  public init(
    _ matrix: BinaryMatrix, targets: [RateTarget], design: SamplingDesign,
    includesStandardErrors: Bool = false
  ) {
    precondition(design.paperCount == matrix.papers.count)
    self.matrix = matrix
    self.targets = targets
    self.design = design
    self.includesStandardErrors = includesStandardErrors
    usesBits = design.unitsArePapers && design.weights == nil
    var counts = [Int](repeating: 0, count: design.unitCount + 1)
    for unit in design.unitOfPaper { counts[unit + 1] += 1 }
    for unit in 0..<design.unitCount { counts[unit + 1] += counts[unit] }
    firstPaperOfUnit = counts
    var papers = [Int](repeating: 0, count: design.paperCount)
    for (paper, unit) in design.unitOfPaper.enumerated() {
      papers[counts[unit]] = paper
      counts[unit] += 1
    }
    papersByUnit = papers
    if usesBits {
      let packed = Self.pack(matrix, targets: targets, design: design, papersByUnit: papers)
      bitColumns = packed.columns
      numeratorColumns = targets.map { $0.items.map { packed.yes[$0] } }
      denominatorColumns = targets.map { $0.items.map { packed.applies[$0] } }
    } else {
      bitColumns = BitColumns(rowCount: design.unitCount, columnCount: 0)
      numeratorColumns = []
      denominatorColumns = []
    }
    let usesBits = usesBits
    hasMoments = targets.map { includesStandardErrors && !(usesBits && $0.items.count == 1) }
    let (first, byUnit) = (firstPaperOfUnit, papersByUnit)
    unitFactors =
      includesStandardErrors
      ? targets.map { target in
        var applicable = 0.0
        for unit in 0..<design.unitCount {
          let any = byUnit[first[unit]..<first[unit + 1]].contains { paper in
            target.items.contains { matrix.applies[paper, $0] }
          }
          if any { applicable += 1 }
        }
        return applicable > 1 ? applicable / (applicable - 1) : .nan
      } : []
  }

  /// The number of quantities: a rate for each target, and as many standard errors if asked for.
  public var valueCount: Int { includesStandardErrors ? 2 * targets.count : targets.count }

  /// The number of value columns: totals when units are not plain papers, second moments if needed.
  public var valueColumnCount: Int {
    (usesBits ? 0 : 2 * targets.count) + 3 * hasMoments.count { $0 }
  }

  /// The numerators and denominators of a target for each unit of a range.
  public func totals(
    of target: RateTarget, units: Range<Int>
  ) -> (yes: [Double], applicable: [Double]) {
    var yes = [Double](repeating: 0, count: units.count)
    var applicable = yes
    for unit in units {
      for paper in papersByUnit[firstPaperOfUnit[unit]..<firstPaperOfUnit[unit + 1]] {
        let weight = design.weights?[paper] ?? 1
        for item in target.items where matrix.applies[paper, item] {
          applicable[unit - units.lowerBound] += weight
          if matrix.yes[paper, item] { yes[unit - units.lowerBound] += weight }
        }
      }
    }
    return (yes, applicable)
  }

  /// The value columns for a range of units.
  public func valueColumns(units: Range<Int>) -> DenseMatrix {
    var elements: [Double] = []
    elements.reserveCapacity(valueColumnCount * units.count)
    for (index, target) in targets.enumerated() where !usesBits || hasMoments[index] {
      let (yes, applicable) = totals(of: target, units: units)
      if !usesBits { elements += yes + applicable }
      if hasMoments[index] {
        elements += zip(yes, yes).map { $0 * $1 }
        elements += zip(yes, applicable).map { $0 * $1 }
        elements += zip(applicable, applicable).map { $0 * $1 }
      }
    }
    return DenseMatrix(rows: units.count, columns: valueColumnCount, elements: elements)
  }

  /// Estimates the rates, and their standard errors if asked for, from the weighted sums.
  public func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
    var next = bitColumns.columnCount
    for target in targets.indices {
      var numerator = 0.0
      var denominator = 0.0
      if usesBits {
        for column in numeratorColumns[target] { numerator += sums[column] }
        for column in denominatorColumns[target] { denominator += sums[column] }
      } else {
        numerator = sums[next]
        denominator = sums[next + 1]
        next += 2
      }
      let rate = denominator > 0 ? numerator / denominator : .nan
      values[target] = rate
      guard includesStandardErrors else { continue }
      var residual = numerator * (1 - rate)
      if hasMoments[target] {
        residual = sums[next] - 2 * rate * sums[next + 1] + rate * rate * sums[next + 2]
        next += 3
      }
      values[targets.count + target] =
        (unitFactors[target] * max(residual, 0)).squareRoot() / denominator
    }
  }

  /// Packs the yes and applicable bits in the order of the units; equal applicable columns are
  /// packed once.
  private static func pack(
    _ matrix: BinaryMatrix, targets: [RateTarget], design: SamplingDesign, papersByUnit: [Int]
  ) -> (columns: BitColumns, yes: [Int], applies: [Int]) {
    let items = Set(targets.flatMap(\.items)).sorted()
    let applies = matrix.applies.selecting(columns: items)
    var firstEqual: [[UInt64]: Int] = [:]
    var distinct: [Int] = []
    var yesColumn = [Int](repeating: 0, count: matrix.items.count)
    var appliesColumn = yesColumn
    for (position, item) in items.enumerated() {
      let width = applies.wordsPerColumn
      let words = Array(applies.words[position * width..<(position + 1) * width])
      let column = firstEqual[words] ?? distinct.count
      if column == distinct.count {
        firstEqual[words] = column
        distinct.append(position)
      }
      yesColumn[item] = position
      appliesColumn[item] = items.count + column
    }
    let yes = matrix.yes.selecting(columns: items)
    let columns = yes.appending(applies.selecting(columns: distinct))
    let ordered =
      papersByUnit == Array(0..<design.paperCount)
      ? columns : columns.selecting(rows: papersByUnit)
    return (ordered, yesColumn, appliesColumn)
  }
}

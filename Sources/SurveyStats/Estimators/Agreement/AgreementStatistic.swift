/// Coefficients of agreement as functions of how often each pattern of ratings occurs.
///
/// Every coefficient of an item is a smooth function of a few sums over papers, so that papers can be
/// drawn again without looking at a rating twice, and so that its linearised error is exact. Those of
/// categories and of everything are means over items. Cost of a replicate: patterns × sums.
public struct AgreementStatistic: LaneStatistic {
  /// A coefficient of a part.
  struct Measure: Sendable, Hashable {
    let part: AgreementPart
    let coefficient: AgreementCoefficient
  }

  let targets: [AgreementTarget]
  let measures: [Measure]
  let patterns: RatingPatterns
  /// The unit of each paper, and its weight.
  private let unitOfPaper: [Int]
  private let weights: [Double]?
  private let stratumSizes: [Int]
  private let parts: [PartSums]
  /// The items that are needed.
  private let itemCount: Int
  /// The number of sampling units.
  public let unitCount: Int
  /// The bits that are counted.
  public let bitColumns: BitColumns

  /// What patterns add to the sums of a part.
  private struct PartSums: Sendable {
    let part: AgreementPart
    let layout: AgreementLayout
    /// The contributions of all patterns of all items, pattern after pattern.
    let contributions: [Double]
    /// The contributions of each pattern that are not zero: where they end, their places and values.
    let sparse: (ends: [Int], places: [Int], values: [Double])
    /// The coefficients wanted of each item, with their places among the measures.
    let coefficients: [(coefficient: AgreementCoefficient, measure: Int)]
    /// The place of the coefficient of all cells together.
    let pooled: Int?
  }

  /// Prepares the coefficients of ratings.
  ///
  /// - Parameters:
  ///   - ratings: The ratings.
  ///   - targets: What to measure agreement on.
  ///   - parts: The parts of the question.
  ///   - coefficients: The coefficients; those that are not defined for so many raters are left out.
  ///   - unitOfPaper: The sampling unit of each paper.
  ///   - weights: The weight of each paper; `nil` for ones.
  ///   - stratumSizes: The number of units in each stratum.
  init(
    _ ratings: Ratings, targets: [AgreementTarget], parts: [AgreementPart],
    coefficients: [AgreementCoefficient], unitOfPaper: [Int], weights: [Double]?,
    stratumSizes: [Int]
  ) {
    let raterCount = ratings.raters.count
    self.targets = targets
    let measures = parts.flatMap { part in
      coefficients.filter { $0.applies(to: part, raterCount: raterCount) }
        .map { Measure(part: part, coefficient: $0) }
    }
    let patterns = RatingPatterns(ratings)
    self.measures = measures
    self.patterns = patterns
    self.unitOfPaper = unitOfPaper
    self.weights = weights
    self.stratumSizes = stratumSizes
    itemCount = ratings.items.count
    unitCount = stratumSizes.reduce(0, +)
    self.parts = parts.map { part in
      let layout = AgreementLayout(categoryCount: part.categoryCount, raterCount: raterCount)
      let wanted = measures.enumerated().filter { $0.element.part == part }
      let contributions = patterns.cells.joined().flatMap { cells in
        layout.contributions(
          cells.map(part.category), countsSingle: part.countsSingleRatings)
      }
      return PartSums(
        part: part, layout: layout, contributions: contributions,
        sparse: Self.sparse(contributions, width: layout.count),
        coefficients: wanted.filter { $0.element.coefficient != .pooledKappa }
          .map { ($0.element.coefficient, $0.offset) },
        pooled: wanted.first { $0.element.coefficient == .pooledKappa }?.offset)
    }
    // With one paper a unit and no weights the columns are bits.
    let hasBits = weights == nil && unitCount == unitOfPaper.count
    var bits = BitColumns(rowCount: unitCount, columnCount: hasBits ? patterns.count : 0)
    if hasBits {
      for item in patterns.ofPaper.indices {
        for (paper, pattern) in patterns.ofPaper[item].enumerated() where pattern >= 0 {
          bits[unitOfPaper[paper], patterns.starts[item] + Int(pattern)] = true
        }
      }
    }
    bitColumns = bits
  }

  /// Whether each unit is one paper that counts once, of one stratum.
  var isPlain: Bool {
    weights == nil && unitCount == unitOfPaper.count && stratumSizes.count == 1
  }

  /// The number of quantities.
  public var valueCount: Int { targets.count * measures.count }

  /// The number of columns of values.
  public var valueColumnCount: Int { bitColumns.columnCount == 0 ? patterns.count : 0 }

  /// The values that are added up, one row a unit.
  public func valueColumns(units: Range<Int>) -> DenseMatrix {
    var columns = DenseMatrix(rows: units.count, columns: valueColumnCount)
    guard valueColumnCount > 0 else { return columns }
    for item in patterns.ofPaper.indices {
      for (paper, pattern) in patterns.ofPaper[item].enumerated()
      where pattern >= 0 && units.contains(unitOfPaper[paper]) {
        columns[unitOfPaper[paper] - units.lowerBound, patterns.starts[item] + Int(pattern)] +=
          weights?[paper] ?? 1
      }
    }
    return columns
  }

  /// The place of a quantity: target after target, measure after measure.
  func place(target: Int, measure: Int) -> Int { target * measures.count + measure }

  /// Estimates all coefficients from weighted sums.
  public func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
    var found = [Double](repeating: .nan, count: valueCount)
    unsafe sums.withUnsafeBufferPointer { counts in
      unsafe found.withUnsafeMutableBufferPointer { found in
        if let counts = counts.baseAddress, let found = found.baseAddress {
          unsafe estimate(counts, into: found)
        }
      }
    }
    for place in found.indices { values[place] = found[place] }
  }

  /// Estimates all coefficients of eight replicates.
  func estimate(
    lanes sums: UnsafePointer<SIMD8<Double>>, into values: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    unsafe values.update(repeating: SIMD8(repeating: .nan), count: valueCount)
    unsafe estimate(sums, into: values)
  }

  /// The contributions that are not zero, pattern after pattern.
  private static func sparse(
    _ contributions: [Double], width: Int
  ) -> (ends: [Int], places: [Int], values: [Double]) {
    var result: (ends: [Int], places: [Int], values: [Double]) = ([], [], [])
    for start in stride(from: 0, to: contributions.count, by: width) {
      for place in 0..<width where contributions[start + place] != 0 {
        result.places.append(place)
        result.values.append(contributions[start + place])
      }
      result.ends.append(result.places.count)
    }
    return result
  }

  /// Estimates all quantities from the numbers of papers of each pattern.
  @inline(__always)
  private func estimate<Number: AgreementLane>(
    _ counts: UnsafePointer<Number>, into found: UnsafeMutablePointer<Number>
  ) {
    let measureCount = measures.count
    let widest = parts.map(\.layout.count).max() ?? 0
    let size = 2 * widest + itemCount * measureCount
    unsafe withUnsafeTemporaryAllocation(of: Number.self, capacity: size) { work in
      guard let sums = work.baseAddress else { return }
      let pooled = unsafe sums + widest
      let byItem = unsafe pooled + widest
      unsafe byItem.initialize(repeating: Number(.nan), count: itemCount * measureCount)
      unsafe sums.initialize(repeating: Number(0), count: 2 * widest)
      for part in parts {
        unsafe pooled.update(repeating: Number(0), count: widest)
        let width = part.layout.count
        var entry = 0
        for item in 0..<itemCount {
          unsafe sums.update(repeating: Number(0), count: width)
          for pattern in patterns.starts[item]..<patterns.starts[item + 1] {
            let end = part.sparse.ends[pattern]
            let count = unsafe counts[pattern]
            while entry < end {
              unsafe sums[part.sparse.places[entry]].add(part.sparse.values[entry], times: count)
              entry += 1
            }
          }
          if part.pooled != nil {
            for place in 0..<width { unsafe pooled[place] += sums[place] }
          }
          let own = unsafe AgreementSums<Number>(layout: part.layout, values: UnsafePointer(sums))
          for (coefficient, measure) in part.coefficients {
            unsafe byItem[item * measureCount + measure] = own.value(coefficient)
          }
        }
        guard let place = part.pooled else { continue }
        let all = unsafe AgreementSums<Number>(layout: part.layout, values: UnsafePointer(pooled))
        for (target, items) in targets.enumerated() where items.level == .overall {
          unsafe found[target * measureCount + place] = all.value(.pooledKappa)
        }
      }
      for (target, items) in targets.enumerated() {
        for measure in 0..<measureCount where measures[measure].coefficient != .pooledKappa {
          var (sum, defined) = (Number(0), Number(0))
          for item in items.items {
            unsafe byItem[item * measureCount + measure].addFinite(to: &sum, count: &defined)
          }
          // Without a defined item 0 / 0, which is undefined too.
          unsafe found[target * measureCount + measure] = sum / defined
        }
      }
    }
  }
}

extension AgreementStatistic {
  /// What the whole sample says of one item and measure.
  struct ItemValue: Sendable {
    /// The coefficient; not finite where undefined.
    var value: Double
    /// The agreement that was seen; not finite where no paper has two ratings.
    var observed: Double
    /// The agreement that chance would give; not finite where there is none.
    var expected: Double
    /// The derivatives by the numbers of papers of each pattern.
    var slopes: [Double]
  }

  /// The values and derivatives of every item, measure by measure; those of pooled cells with the
  /// patterns of all items side by side in place of an item.
  func itemValues() -> (items: [[ItemValue]], pooled: [Int: ItemValue]) {
    var counts = [Double](repeating: 0, count: patterns.count)
    for item in patterns.ofPaper.indices {
      for (paper, pattern) in patterns.ofPaper[item].enumerated() where pattern >= 0 {
        counts[patterns.starts[item] + Int(pattern)] += weights?[paper] ?? 1
      }
    }
    let nothing = ItemValue(value: .nan, observed: .nan, expected: .nan, slopes: [])
    var items = [[ItemValue]](
      repeating: [ItemValue](repeating: nothing, count: measures.count), count: itemCount)
    var pooled: [Int: ItemValue] = [:]
    for part in parts {
      for item in 0..<itemCount {
        let columns = patterns.starts[item]..<patterns.starts[item + 1]
        for (coefficient, measure) in part.coefficients {
          items[item][measure] = value(coefficient, part, columns, counts)
        }
      }
      if let measure = part.pooled {
        pooled[measure] = value(.pooledKappa, part, 0..<patterns.count, counts)
      }
    }
    return (items, pooled)
  }

  private func value(
    _ coefficient: AgreementCoefficient, _ part: PartSums, _ columns: Range<Int>,
    _ counts: [Double]
  ) -> ItemValue {
    let width = part.layout.count
    var sums = [Dual](repeating: Dual(0), count: width)
    for column in columns {
      for place in 0..<width {
        sums[place].plain += counts[column] * part.contributions[column * width + place]
      }
    }
    func at(_ column: Int?) -> (value: Dual, chance: ChanceAgreement<Dual>?) {
      if let column {
        for place in 0..<width { sums[place].slope = part.contributions[column * width + place] }
      }
      return unsafe sums.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return (Dual(.nan), nil) }
        let sums = unsafe AgreementSums(layout: part.layout, values: base)
        return (sums.value(coefficient), sums.chance(coefficient))
      }
    }
    let whole = at(nil)
    return ItemValue(
      value: whole.value.plain, observed: whole.chance?.observed.plain ?? .nan,
      expected: whole.chance?.expected.plain ?? .nan, slopes: columns.map { at($0).value.slope })
  }

  /// The influence of each unit on a coefficient of some items, their mean where they are several.
  ///
  /// - Parameters:
  ///   - values: The values of the items.
  ///   - columns: The first column of the patterns that the derivatives of each are by.
  func influence(_ values: [(value: ItemValue, items: [Int])]) -> [Double] {
    var influence = [Double](repeating: 0, count: unitCount)
    let defined = values.filter { $0.value.value.isFinite }
    for (value, items) in defined {
      for item in items {
        let start = items.count == 1 ? 0 : patterns.starts[item]
        for (paper, pattern) in patterns.ofPaper[item].enumerated() where pattern >= 0 {
          influence[unitOfPaper[paper]] +=
            value.slopes[start + Int(pattern)] * (weights?[paper] ?? 1) / Double(defined.count)
        }
      }
    }
    return influence
  }

  /// The most units that are left out one by one; with more the linearised error is the same.
  static let mostJackknifed = 500

  /// The influence of each unit as the jackknife sees it, scaled so that
  /// ``standardError(_:units:)`` is the jackknife's.
  ///
  /// Means of κ over many items are less smooth than their linearisation with few papers.
  func influence(leavingOut values: DenseMatrix, place: Int, units takesPart: [Bool]) -> [Double] {
    var influence = [Double](repeating: 0, count: unitCount)
    var first = 0
    for size in stratumSizes {
      let units = (first..<first + size).filter { takesPart[$0] && values[$0, place].isFinite }
      first += size
      guard units.count > 1 else { continue }
      let count = Double(units.count)
      let mean = units.reduce(0) { $0 + values[$1, place] } / count
      for unit in units { influence[unit] = (mean - values[unit, place]) * (count - 1) / count }
    }
    return influence
  }

  /// What counts for some items of a part.
  struct Counts: Sendable {
    /// The papers that two raters have put into categories.
    var papers: Int
    /// The cells of which that holds.
    var cells: Int
    /// Whether each unit takes part.
    var units: [Bool]
    /// The units with such a paper.
    var pairedUnits: Int
  }

  /// Counts the papers, cells and units of some items of a part.
  func counts(items: [Int], part: AgreementPart) -> Counts {
    var isCounted = [Bool](repeating: false, count: patterns.ofPaper.first?.count ?? 0)
    var takesPart = [Bool](repeating: false, count: unitCount)
    var isPaired = takesPart
    var cells = 0
    for item in items {
      let ratings = patterns.cells[item].map { $0.count { part.category(of: $0) != nil } }
      for (paper, pattern) in patterns.ofPaper[item].enumerated() where pattern >= 0 {
        let count = ratings[Int(pattern)]
        if count >= 2 {
          isCounted[paper] = true
          if weights?[paper] != 0 { isPaired[unitOfPaper[paper]] = true }
          cells += 1
        }
        if weights?[paper] != 0, count >= 2 || count == 1 && part.countsSingleRatings {
          takesPart[unitOfPaper[paper]] = true
        }
      }
    }
    return Counts(
      papers: isCounted.count { $0 }, cells: cells, units: takesPart,
      pairedUnits: isPaired.count { $0 })
  }

  /// The linearised standard error of a sum over units, and the number of units that take part;
  /// `nil` with fewer than two.
  func standardError(_ influence: [Double], units takesPart: [Bool]) -> (error: Double, units: Int)?
  {
    var variance = 0.0
    var total = 0
    var first = 0
    for size in stratumSizes {
      let units = (first..<first + size).filter { takesPart[$0] }
      first += size
      total += units.count
      guard !units.isEmpty else { continue }
      let mean =
        units.count > 1 && stratumSizes.count > 1
        ? units.reduce(0) { $0 + influence[$1] } / Double(units.count) : 0
      let squares = units.reduce(0) { $0 + (influence[$1] - mean) * (influence[$1] - mean) }
      variance +=
        units.count > 1 ? squares * Double(units.count) / Double(units.count - 1) : squares
    }
    return total > 1 ? (variance.squareRoot(), total) : nil
  }
}

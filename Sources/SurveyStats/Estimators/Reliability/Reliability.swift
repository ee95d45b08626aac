/// The reliability of a sum of items: alpha, Guttman's bounds, and what each item contributes.
///
/// With item covariances `s_jk`, k items and `V = sum s_jk`,
/// `alpha = k/(k-1) (1 - sum s_jj / V)`; for binary items this is KR-20 with one divisor
/// throughout. Standardised alpha is the same on correlations. Feldt's interval takes
/// `(1-alpha)/(1-estimate)` as F with n-1 and (n-1)(k-1) degrees of freedom. Negative values are
/// reported as they are.
///
/// NA: covariances are pairwise (or listwise on request); n is the harmonic mean of the pair counts.
/// Items that do not vary, and items that share fewer papers with another than the caller's minimum
/// (at least two), are left out and named. Item-rest correlations are those of an item with the mean of the *other applicable* items
/// of each paper; from a covariance matrix alone they are those with the sum of the others.
///
/// High alpha is neither validity nor one dimension, and a checklist need not have it: its items
/// define quality rather than reflect it. On tetrachoric correlations the coefficients are "ordinal"
/// ones: reliabilities of the latent variables, not of the score anyone computes.
///
/// Errors: fewer than two items left. Cost: N p² for the covariances.
///
/// Reference: Cronbach (1951), Psychometrika 16:297; Kuder and Richardson (1937), Psychometrika
/// 2:151; Feldt (1965), Psychometrika 30:357; Guttman (1945), Psychometrika 10:255.
public struct Reliability: Sendable, Equatable {
  /// What one item contributes.
  public struct ItemContribution: Sendable, Equatable {
    /// The name of the item.
    public let name: String
    /// The number of papers it applies to; `nil` from a covariance matrix alone.
    public let count: Int?
    /// The share of yes among them; `nil` from a covariance matrix alone.
    public let mean: Double?
    /// The correlation with the score of all items, this one included.
    public let itemTotal: Double?
    /// The correlation with the score of the other items.
    public let itemRest: Double?
    /// Alpha without this item; `nil` with two items.
    public let alphaIfDropped: Double?
  }

  /// Why reliability could not be estimated.
  public enum ReliabilityError: Error, Equatable, CustomStringConvertible {
    /// Fewer than two items vary.
    case tooFewItems(left: Int, leftOut: [LeftOutItem])
    /// The pairwise covariances sum to a variance that is not positive.
    case noTotalVariance

    /// One sentence that says what happened.
    public var description: String {
      switch self {
      case .tooFewItems(let left, let leftOut):
        "reliability needs two items that vary and share papers, and \(left) "
          + "\(left == 1 ? "is" : "are") left" + leftOut.because
      case .noTotalVariance: "the covariances of the items sum to no positive variance"
      }
    }
  }

  /// The names of the items that take part.
  public let names: [String]
  /// Their covariances.
  public let covariance: DenseMatrix
  /// The number of papers: the harmonic mean over pairs of items; weighted papers count as the equal
  /// ones that they are worth.
  public let sampleSize: Double
  /// How the papers were sampled.
  public let sampling: PaperSampling
  /// The items that could not take part.
  public let leftOut: [LeftOutItem]
  /// What each item contributes.
  public let items: [ItemContribution]

  /// Estimates from the answers of papers.
  ///
  /// - Parameters:
  ///   - answers: The answers.
  ///   - papers: Which papers a pair of items uses.
  ///   - minimumCount: The fewest papers that two items must share; at least two.
  ///   - design: How the papers were sampled; `nil` for papers drawn alike. Covariances are those of the
  ///     weighted papers, of which those of weight zero take no part.
  public init(
    _ answers: BinaryMatrix, papers: PairwiseCovariance.Papers = .pairwise, minimumCount: Int = 2,
    design: SamplingDesign? = nil
  ) throws(ReliabilityError) {
    let relative = design?.relativeWeights
    let weighted = relative.map { weights in weights.indices.filter { weights[$0] > 0 } }
    let matrix =
      weighted.map { rows in
        rows.count < answers.papers.count ? answers.selecting(papers: rows) : answers
      } ?? answers
    let weights = relative.map { weights in weights.filter { $0 > 0 } }
    var kept = Array(matrix.items.indices)
    var leftOut: [LeftOutItem] = []
    let complete = PairwiseCovariance(matrix, papers: papers)
    let (plain, counts) = complete.estimate()
    let all = weights.map { complete.estimate(weights: $0).covariance } ?? plain
    func leave(_ item: Int, _ reason: AssociationNote, with partners: [Int] = []) {
      leftOut.append(
        LeftOutItem(
          name: matrix.items[item].id.description, reason: reason,
          count: Int(counts[item, item]), relation: partners.isEmpty ? nil : .undefined,
          partners: partners.map { matrix.items[$0].id.description }))
      kept.removeAll { $0 == item }
    }
    func shortage(_ first: Int, _ second: Int) -> AssociationNote? {
      PairwiseAssociations.shortage(
        Int(counts[first, second]), minimumCount: max(minimumCount, 2))
    }
    for item in matrix.items.indices {
      if let reason = shortage(item, item) {
        leave(item, reason)
      } else if all[item, item] <= 0 {
        leave(item, .constantItem)
      }
    }
    while let (item, reason) = Self.shortestOfPapers(kept, shortage) {
      leave(item, reason, with: kept.filter { $0 != item && shortage(item, $0) == reason })
    }
    guard kept.count >= 2 else { throw .tooFewItems(left: kept.count, leftOut: leftOut) }
    let used = matrix.selecting(items: kept)
    let covariance = all.selecting(rows: kept, columns: kept)
    let sampleSize: Double
    if let weights {
      let sums = complete.estimate(weights: weights).counts
      let squares = complete.estimate(weights: weights.map { $0 * $0 }).counts
      var (pairs, inverses) = (0.0, 0.0)
      for k in kept {
        for j in kept where j < k {
          pairs += 1
          inverses += squares[j, k] / (sums[j, k] * sums[j, k])
        }
      }
      sampleSize = inverses > 0 ? pairs / inverses : 0
    } else {
      var pairCounts: [Int] = []
      for k in kept { for j in kept where j < k { pairCounts.append(Int(counts[j, k])) } }
      sampleSize = pairCounts.harmonicMean ?? 0
    }
    try self.init(
      names: used.items.map(\.id.description), covariance: covariance, sampleSize: sampleSize,
      leftOut: leftOut, scores: ItemScores(used, rows: complete.rows, weights: weights),
      sampling: design?.sampling ?? .alike)
  }

  /// Estimates from a covariance matrix: of scores, or, for ordinal coefficients, of correlations.
  public init(
    names: [String], covariance: DenseMatrix, sampleSize: Double
  ) throws(ReliabilityError) {
    try self.init(
      names: names, covariance: covariance, sampleSize: sampleSize, leftOut: [], scores: nil)
  }

  /// Estimates the ordinal coefficients of a matrix of tetrachoric correlations, or the standardised
  /// ones of any other.
  public init(_ correlations: CorrelationMatrix) throws(ReliabilityError) {
    try self.init(
      names: correlations.names, covariance: correlations.values,
      sampleSize: correlations.harmonicMeanCount ?? 0,
      leftOut: correlations.leftOut, scores: nil, sampling: correlations.sampling)
  }

  private init(
    names: [String], covariance: DenseMatrix, sampleSize: Double,
    leftOut: [LeftOutItem], scores: ItemScores?, sampling: PaperSampling = .alike
  ) throws(ReliabilityError) {
    guard names.count >= 2 else { throw .tooFewItems(left: names.count, leftOut: leftOut) }
    let total = covariance.elements.reduce(0, +)
    guard Self.alpha(covariance) != nil else { throw .noTotalVariance }
    self.names = names
    self.covariance = covariance
    self.sampleSize = sampleSize
    self.sampling = sampling
    self.leftOut = leftOut
    items = names.indices.map { item in
      let own = covariance[item, item]
      let row = covariance.column(item).reduce(0, +)
      let rest = total - 2 * row + own
      let others = names.indices.filter { $0 != item }
      return ItemContribution(
        name: names[item], count: scores?.counts[item], mean: scores?.means[item],
        itemTotal: scores.map { $0.itemTotal[item] }
          ?? (own > 0 ? row / (own * total).squareRoot() : nil),
        itemRest: scores.map { $0.itemRest[item] }
          ?? (own > 0 && rest > 0 ? (row - own) / (own * rest).squareRoot() : nil),
        alphaIfDropped: others.count > 1
          ? Self.alpha(covariance.selecting(rows: others, columns: others)) : nil)
    }
  }

  /// Coefficient alpha, KR-20 for binary items.
  public var alpha: Double { Self.alpha(covariance) ?? 0 }

  /// Alpha of the standardised items.
  public var standardizedAlpha: Double? { Self.alpha(correlations) }

  /// The correlations that belong to the covariances.
  public var correlations: DenseMatrix {
    let scales = covariance.diagonal.map { 1 / $0.squareRoot() }
    return covariance.scalingRows(by: scales).transposed.scalingRows(by: scales)
  }

  /// The mean correlation of two different items.
  public var meanCorrelation: Double {
    let count = Double(names.count)
    return (correlations.elements.reduce(0, +) - count) / (count * (count - 1))
  }

  /// Feldt's interval for alpha; `nil` for fewer than two papers, and for papers that are weighted,
  /// clustered or stratified, for which it does not hold.
  public func feldtInterval(level: Double = 0.95) -> ClosedRange<Double>? {
    guard sampleSize > 1, sampling.isAlike else { return nil }
    let ratio = FDistribution(
      numeratorDegreesOfFreedom: sampleSize - 1,
      denominatorDegreesOfFreedom: (sampleSize - 1) * Double(names.count - 1))
    let tail = (1 - level) / 2
    let low = 1 - (1 - alpha) * ratio.upperQuantile(tail)
    let high = 1 - (1 - alpha) * ratio.quantile(tail)
    return low...max(low, high)
  }

  /// `k/(k-1) (1 - trace/sum)`; `nil` where the sum is not positive, rounding aside.
  static func alpha(_ covariance: DenseMatrix) -> Double? {
    let count = Double(covariance.rows)
    let total = covariance.elements.reduce(0, +)
    let trace = covariance.diagonal.reduce(0, +)
    guard count > 1, total > 1e-12 * trace else { return nil }
    return count / (count - 1) * (1 - trace / total)
  }

  /// The kept item that shares too few papers with the most others, the last among equals, and what
  /// most of those pairs lack; `nil` if there is none.
  private static func shortestOfPapers(
    _ kept: [Int], _ shortage: (Int, Int) -> AssociationNote?
  ) -> (item: Int, reason: AssociationNote)? {
    var worst: (item: Int, reasons: [AssociationNote])?
    for item in kept {
      let reasons = kept.compactMap { $0 == item ? nil : shortage(item, $0) }
      if !reasons.isEmpty, reasons.count >= worst?.reasons.count ?? 0 { worst = (item, reasons) }
    }
    return worst.flatMap { worst in
      AssociationNote.mostFrequent(worst.reasons).map { (worst.item, $0) }
    }
  }
}

/// Correlations of items with the scores of papers, over each paper's applicable items.
private struct ItemScores {
  private(set) var counts: [Int] = []
  private(set) var means: [Double?] = []
  private(set) var itemTotal: [Double?] = []
  private(set) var itemRest: [Double?] = []

  init(_ matrix: BinaryMatrix, rows: [Int], weights: [Double]?) {
    let items = matrix.items.indices
    let applicable = rows.map { paper in items.count { matrix.applies[paper, $0] } }
    let passed = rows.map { paper in items.count { matrix.yes[paper, $0] } }
    for item in items {
      var total = CorrelationSums()
      var rest = CorrelationSums()
      var papers = 0
      for (position, paper) in rows.enumerated() where matrix.applies[paper, item] {
        let answer: Double = matrix.yes[paper, item] ? 1 : 0
        let (y, m) = (Double(passed[position]), Double(applicable[position]))
        let weight = weights?[paper] ?? 1
        papers += 1
        total.add(answer, y / m, weight: weight)
        if m > 1 { rest.add(answer, (y - answer) / (m - 1), weight: weight) }
      }
      counts.append(papers)
      means.append(total.count > 0 ? total.first / total.count : nil)
      itemTotal.append(total.correlation)
      itemRest.append(rest.correlation)
    }
  }
}

/// Sums that a correlation of two variables is made of.
private struct CorrelationSums {
  var count = 0.0
  var first = 0.0
  var second = 0.0
  var firstSquares = 0.0
  var secondSquares = 0.0
  var products = 0.0

  mutating func add(_ x: Double, _ y: Double, weight: Double) {
    count += weight
    first += weight * x
    second += weight * y
    firstSquares += weight * x * x
    secondSquares += weight * y * y
    products += weight * x * y
  }

  /// The correlation; `nil` where either variable does not vary.
  var correlation: Double? {
    let x = count * firstSquares - first * first
    let y = count * secondSquares - second * second
    guard x > 1e-12 * count * firstSquares, y > 1e-12 * count * secondSquares else { return nil }
    return (count * products - first * second) / (x * y).squareRoot()
  }
}

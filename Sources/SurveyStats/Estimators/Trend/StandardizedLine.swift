import RealModule

/// The straight line of a share over a covariate when every item keeps its place in the mix.
///
/// Every item has a least-squares line of its own, b_j = Σ (x − x̄_j) y / Σ (x − x̄_j)² over the papers
/// to which it applies; the slope is their mean Σ ω_j b_j with weights ω_j that are the shares of the
/// answers. So it does not matter which papers were asked, or could answer, which items: an item counts
/// alike at all values of the covariate. Where all items apply to all papers it is the slope of the
/// papers' mean scores. An item that applies at a single value of the covariate has no slope and is left
/// out.
///
/// The error is that of papers, or of clusters of papers: what a paper contributes to b_j is corrected
/// for its leverage there as by HC0 to HC3, or CR0 to CR3, weighted with ω_j, added over the items, and
/// squared. Degrees of freedom are n − 2 (with weights Kish's number − 2, if smaller), those of CR2
/// Satterthwaite's (the mean over items), of other clustered errors the clusters less one.
///
/// Cost: O(answers).
///
/// References: MacKinnon & White (1985), Journal of Econometrics 29:305; Bell & McCaffrey (2002), Survey
/// Methodology 28:169; for direct standardisation Fleiss, Levin & Paik (2003), chapter 19.
struct StandardizedLine {
  /// The answers of one item: its papers, and what they answered, 0 to 1.
  struct Answers {
    var papers: [Int]
    var values: [Double]
  }

  /// The slope.
  let slope: Double
  /// The items with a slope, as positions among those given.
  let used: [Int]
  /// The number of items with a slope.
  var itemCount: Int { used.count }
  /// The number of papers with an answer to one of them.
  let paperCount: Int
  /// The number of clusters, with clustered errors.
  let clusterCount: Int?
  /// The standard error of the slope; `nil` with a single cluster, or where one paper determines a line.
  let standardError: Double?
  /// The degrees of freedom of the t statistic.
  let degreesOfFreedom: Double
  /// The mean share and the mean of the covariate that the line goes through.
  private let center: (share: Double, covariate: Double)

  /// Fits the lines of items.
  ///
  /// - Parameters:
  ///   - items: The answers.
  ///   - covariate: The covariate of every paper of the corpus.
  ///   - weights: The weight of every paper of the corpus.
  ///   - type: The error; `model` means HC3.
  ///   - clusters: The cluster of every paper of the corpus.
  init?(
    _ items: [Answers], covariate: [Double?], weights: [Double]? = nil,
    type: CovarianceType = .hc3, clusters: [String?]? = nil
  ) {
    let type = type == .model ? .hc3 : type
    let all = items.map { Line($0, covariate: covariate, weights: weights) }
    used = all.indices.filter { all[$0] != nil }
    let lines = all.compactMap { $0 }
    let total = lines.reduce(0) { $0 + $1.total }
    guard total > 0 else { return nil }
    var isUsed = [Bool](repeating: false, count: covariate.count)
    for line in lines { for paper in line.papers { isUsed[paper] = true } }
    let papers = isUsed.indices.filter { isUsed[$0] }
    guard papers.count > 2 else { return nil }
    let mean = lines.reduce(0) { $0 + $1.total / total * $1.slope }
    let size = lines.reduce(0) { $0 + $1.total / total * abs($1.slope) }
    slope = abs(mean) <= 1e-13 * size ? 0 : mean
    center = lines.reduce(into: (0, 0)) { sum, line in
      sum.0 += line.total / total * (line.meanValue - line.slope * line.meanCovariate)
    }
    paperCount = papers.count
    let labels = type.needsClusters ? papers.map { clusters?[$0] } : papers.map { _ in nil }
    let members = ClusterMembers(labels)
    clusterCount = type.needsClusters ? members.count : nil
    var unitOfPaper = [Int](repeating: 0, count: covariate.count)
    for (unit, rows) in members.rows.enumerated() {
      for row in rows { unitOfPaper[papers[row]] = unit }
    }
    var sums = [Double](repeating: 0, count: members.count)
    var freedom = 0.0
    var isDetermined = members.count < 2
    for line in lines {
      let share = line.total / total
      let found = line.contributions(type, unitOfPaper: unitOfPaper)
      isDetermined = isDetermined || found == nil
      guard let found else { continue }
      for (unit, value) in found.values { sums[unit] += share * value }
      freedom += share * found.degreesOfFreedom
    }
    if !type.needsClusters { freedom = Double(papers.count - 2) }
    if let weights {
      var (sum, squares) = (0.0, 0.0)
      for paper in papers {
        sum += weights[paper]
        squares += weights[paper] * weights[paper]
      }
      freedom = min(freedom, max(1, sum * sum / squares - 2))
    }
    degreesOfFreedom = freedom
    standardError = isDetermined ? nil : sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// The mean share on the line.
  func share(at value: Double) -> Double { center.share + slope * (value - center.covariate) }

  /// The change over a span, and the same cut at the range of shares: a line may leave it.
  ///
  /// The limits are those of Student's t, cut at −1 and 1, which leaves the test as it is. They need a
  /// standard error above rounding.
  func change(over span: Double, level: Double) -> Estimate {
    let change = slope * span
    guard let error = definedError else { return Estimate(change) }
    let distance =
      StudentT(degreesOfFreedom: degreesOfFreedom).upperQuantile((1 - level) / 2) * error * span
    return Estimate(
      change, lower: max(-1, min(1, change - distance)), upper: min(1, max(-1, change + distance)),
      level: level)
  }

  /// The standard error, if it is more than rounding.
  var definedError: Double? { standardError.flatMap { $0 > 1e-12 ? $0 : nil } }

  /// The t statistic of no change.
  var statistic: Double? { definedError.map { slope / $0 } }

  /// The p-value of no change, two-sided.
  var pValue: Double? {
    statistic.map { 2 * StudentT(degreesOfFreedom: degreesOfFreedom).survival(abs($0)) }
  }
}

/// The line of one item.
private struct Line {
  let papers: [Int]
  let total: Double
  let slope: Double
  let meanValue: Double
  let meanCovariate: Double
  private let gaps: [Double]
  private let residuals: [Double]
  private let squares: Double
  private let weights: [Double]?

  init?(_ answers: StandardizedLine.Answers, covariate: [Double?], weights all: [Double]?) {
    var (papers, x, y): ([Int], [Double], [Double]) = ([], [], [])
    for (paper, value) in zip(answers.papers, answers.values) {
      guard let position = covariate[paper], all.map({ $0[paper] > 0 }) ?? true else { continue }
      papers.append(paper)
      x.append(position)
      y.append(value)
    }
    let weights = all.map { all in papers.map { all[$0] } }
    let total = weights?.reduce(0, +) ?? Double(papers.count)
    guard papers.count > 2 else { return nil }
    func mean(_ values: [Double]) -> Double {
      var sum = 0.0
      for index in values.indices { sum += (weights?[index] ?? 1) * values[index] }
      return sum / total
    }
    let (meanX, meanY) = (mean(x), mean(y))
    let gaps = x.map { $0 - meanX }
    var (xx, xy) = (0.0, 0.0)
    for index in gaps.indices {
      let pull = (weights?[index] ?? 1) * gaps[index]
      xx += pull * gaps[index]
      xy += pull * (y[index] - meanY)
    }
    guard xx > 1e-24 * max(1, meanX * meanX) * total else { return nil }
    let slope = abs(xy) <= 1e-14 * (xx * total).squareRoot() ? 0 : xy / xx
    residuals = zip(gaps, y).map { $1 - meanY - slope * $0 }
    self.total = total
    self.papers = papers
    self.gaps = gaps
    self.slope = slope
    self.weights = weights
    squares = xx
    meanValue = meanY
    meanCovariate = meanX
  }

  /// What every unit contributes to the error of the slope; `nil` where a paper alone determines it.
  func contributions(_ type: CovarianceType, unitOfPaper: [Int])
    -> (values: [(unit: Int, value: Double)], degreesOfFreedom: Double)?
  {
    if !type.needsClusters { return paperContributions(type, unitOfPaper: unitOfPaper) }
    var units: [Int] = []
    var known: [Int: Int] = [:]
    var rows: [[Int]] = []
    for (row, paper) in papers.enumerated() {
      let unit = unitOfPaper[paper]
      if let position = known[unit] {
        rows[position].append(row)
      } else {
        known[unit] = rows.count
        units.append(unit)
        rows.append([row])
      }
    }
    let line = ClusteredLine(gaps: gaps, residuals: residuals, squares: squares, weights: weights)
    guard let found = line.contributions(type, clusters: ClusterMembers(rows: rows)) else {
      return nil
    }
    return (
      zip(units, found.values).map { (unit: $0, value: $1) }, found.degreesOfFreedom
    )
  }

  private func paperContributions(_ type: CovarianceType, unitOfPaper: [Int])
    -> (values: [(unit: Int, value: Double)], degreesOfFreedom: Double)?
  {
    let count = Double(papers.count)
    let factor = type == .hc1 ? (count / (count - 2)).squareRoot() : 1
    var values: [(unit: Int, value: Double)] = []
    values.reserveCapacity(papers.count)
    for row in papers.indices {
      let weight = weights?[row] ?? 1
      let rest = 1 - weight * (1 / total + gaps[row] * gaps[row] / squares)
      guard rest > 1e-10 else { return nil }
      let correction =
        switch type {
        case .hc2: 1 / rest.squareRoot()
        case .hc3: 1 / rest
        default: factor
        }
      values.append(
        (unitOfPaper[papers[row]], correction * weight * gaps[row] * residuals[row] / squares))
    }
    return (values, count - 2)
  }
}

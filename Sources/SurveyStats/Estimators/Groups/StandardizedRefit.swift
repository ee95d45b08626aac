/// What of a standardised difference is estimated again in a replicate.
struct StandardizedRefit: Sendable {
  struct Row: Sendable {
    let paper: Int
    let isFirst: Bool
    let value: Double
    /// The stratum, or the covariate pattern of the model of the group.
    var stratum: Int
  }

  let rows: [Row]
  private let strataCount: Int
  private let fit: LogisticFit?

  init(rows: [Row], strataCount: Int) {
    self.rows = rows
    self.strataCount = strataCount
    fit = nil
  }

  init(rows: [Row], fit: LogisticFit) {
    self.rows = rows
    self.fit = fit
    strataCount = fit.likelihood.x.rows
  }

  /// The standardised means with the weights of papers; `nil` where undefined.
  func means(_ weight: (Int) -> Double) -> (first: Double, second: Double)? {
    var cells = Cells(count: strataCount)
    for row in rows { cells.add(row, weight: weight(row.paper)) }
    return fit.map { cells.weightedMeans($0) } ?? cells.directMeans
  }

  /// Adds the columns of the strata: papers and sums of values of the first group, then of the second.
  func addColumns(to builder: inout UnitEntries.Builder, weights: [Double]?) -> Int {
    let places = rows.map { 4 * $0.stratum + ($0.isFirst ? 0 : 2) }
    let papers = rows.map(\.paper)
    let own = papers.map { weights?[$0] ?? 1 }
    return builder.add(
      papers: papers + papers, cells: places + places.map { $0 + 1 }, count: 4 * strataCount,
      weights: own + zip(own, rows).map { $0 * $1.value })
  }

  /// The standardised means from the sums of the columns; `nil` where undefined.
  func means(_ sums: Span<Double>, from first: Int) -> (first: Double, second: Double)? {
    var cells = Cells(count: strataCount)
    for stratum in 0..<strataCount {
      let column = first + 4 * stratum
      cells.weights.first[stratum] = sums[column]
      cells.sums.first[stratum] = sums[column + 1]
      cells.weights.second[stratum] = sums[column + 2]
      cells.sums.second[stratum] = sums[column + 3]
    }
    return fit.map { cells.weightedMeans($0) } ?? cells.directMeans
  }

  /// Whether the model of the groups has fewer than ten papers of a group for each coefficient.
  var hasFewPapers: Bool {
    guard let fit else { return false }
    let smaller = min(fit.eventCount, fit.paperCount - fit.eventCount)
    return smaller < 10 * fit.coefficients.count
  }

  /// Sums of weights and of weighted values by stratum.
  private struct Cells {
    var weights: (first: [Double], second: [Double])
    var sums: (first: [Double], second: [Double])

    init(count: Int) {
      let zeros = [Double](repeating: 0, count: count)
      weights = (zeros, zeros)
      sums = (zeros, zeros)
    }

    mutating func add(_ row: Row, weight: Double) {
      if row.isFirst {
        weights.first[row.stratum] += weight
        sums.first[row.stratum] += weight * row.value
      } else {
        weights.second[row.stratum] += weight
        sums.second[row.stratum] += weight * row.value
      }
    }

    /// The averages over strata with papers of both groups.
    var directMeans: (first: Double, second: Double)? {
      var (first, second, total) = (0.0, 0.0, 0.0)
      for stratum in weights.first.indices
      where weights.first[stratum] > 0 && weights.second[stratum] > 0 {
        let share = weights.first[stratum] + weights.second[stratum]
        first += share * sums.first[stratum] / weights.first[stratum]
        second += share * sums.second[stratum] / weights.second[stratum]
        total += share
      }
      return total > 0 ? (first / total, second / total) : nil
    }

    /// The ratios of sums weighted by the inverse probability of the group, estimated anew.
    func weightedMeans(_ fit: LogisticFit) -> (first: Double, second: Double)? {
      let likelihood = fit.likelihood.replacing(
        successes: weights.first, trials: zip(weights.first, weights.second).map { $0 + $1 })
      guard let optimum = try? likelihood.maximized(from: fit.optimum.beta, iterations: 50) else {
        return nil
      }
      var (first, second, firstTotal, secondTotal) = (0.0, 0.0, 0.0, 0.0)
      for (pattern, probability) in likelihood.probabilities(optimum.beta).enumerated() {
        if weights.first[pattern] > 0 {
          first += sums.first[pattern] / probability
          firstTotal += weights.first[pattern] / probability
        }
        if weights.second[pattern] > 0 {
          second += sums.second[pattern] / (1 - probability)
          secondTotal += weights.second[pattern] / (1 - probability)
        }
      }
      guard firstTotal > 0, secondTotal > 0, (first + second).isFinite else { return nil }
      return (first / firstTotal, second / secondTotal)
    }
  }

  /// The standard error of the difference of the means of the full sample.
  func standardError(_ means: (first: Double, second: Double)) -> Double {
    fit.map { weightedError(means, $0) } ?? directError
  }

  /// The fewest papers of a group in a stratum whose own variance is taken.
  private static let fewestForVariance = 5

  private var directError: Double {
    var values = [[[Double]]](repeating: [[], []], count: strataCount)
    for row in rows { values[row.stratum][row.isFirst ? 0 : 1].append(row.value) }
    let cells = values.map { $0.map { Moments($0) } }
    // Sums of squares, with the variance of a cell having the denominator n: p(1 − p) for answers.
    func squares(_ cell: Moments) -> Double { cell.variance * Double(cell.count - 1) }
    let filled = cells.joined().filter { $0.count > 0 }
    let freedom = rows.count - filled.count
    let pooled = freedom > 0 ? filled.reduce(0) { $0 + squares($1) } / Double(freedom) : 0
    var variance = 0.0
    for stratum in cells {
      let share = Double(stratum[0].count + stratum[1].count) / Double(rows.count)
      for cell in stratum where cell.count > 0 {
        let size = Double(cell.count)
        let own = cell.count < Self.fewestForVariance ? pooled : squares(cell) / size
        variance += share * share * own / size
      }
    }
    return variance.squareRoot()
  }

  private func weightedError(_ means: (first: Double, second: Double), _ fit: LogisticFit)
    -> Double
  {
    let probabilities = fit.fittedProbabilities
    let x = fit.likelihood.x
    let width = fit.coefficients.count
    var (firstTotal, secondTotal) = (0.0, 0.0)
    for (row, probability) in zip(rows, probabilities) {
      if row.isFirst { firstTotal += 1 / probability } else { secondTotal += 1 / (1 - probability) }
    }
    var pull = [Double](repeating: 0, count: width)
    for (row, probability) in zip(rows, probabilities) {
      let slope =
        row.isFirst
        ? (row.value - means.first) * (1 - probability) / probability / firstTotal
        : (row.value - means.second) * probability / (1 - probability) / secondTotal
      for column in 0..<width { pull[column] += slope * x[row.stratum, column] }
    }
    let projection = fit.optimum.inverseInformation.multiplied(by: pull)
    var sum = 0.0
    for (row, probability) in zip(rows, probabilities) {
      var influence =
        row.isFirst
        ? (row.value - means.first) / probability / firstTotal
        : -(row.value - means.second) / (1 - probability) / secondTotal
      let gap = (row.isFirst ? 1 : 0) - probability
      for column in 0..<width { influence -= projection[column] * x[row.stratum, column] * gap }
      sum += influence * influence
    }
    return sum.squareRoot()
  }
}

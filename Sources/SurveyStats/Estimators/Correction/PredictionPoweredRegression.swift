import RealModule

/// Coefficients of a linear or logistic regression of what a better rater would say, from what a rater
/// says of all papers and the better one of some.
///
/// With scores `m = a (μ − y) x` of the better rater's word y and `m̂ = â (μ − ŷ) x` of the rater's (a and â
/// say whether the paper has an outcome by either), the coefficients of a logistic curve solve
/// `⟨λ m̂⟩ᵤ + ⟨m − λ m̂⟩ₗ = 0`; u are the papers without, l those with a second reading. Those of a line are
/// `λ β̂ᵤ + β(y)ₗ − λ β̂ₗ`, each by least squares. λ = 0 uses the better rater's papers alone, λ = 1 is plain
/// prediction-powered inference; a tuned λ has the least variance, within 0 and 1, of one
/// coefficient or of the sum over all. With unequal known probabilities of being re-answered, l is
/// weighted by their inverse and u are all papers (design-based supervised learning).
///
/// The covariance is `H⁻¹ (cov(λ m̂)ᵤ / N + cov(m − λ m̂)ₗ / n) H⁻¹`, over sampling units. For small samples
/// the better rater's residuals are divided by one less their leverage (HC3), and limits are Student's with
/// Satterthwaite's degrees of freedom of the two parts.
///
/// Reference: Angelopoulos, Duchi & Zrnic (2023), arXiv 2311.01453, sections 3 to 6, in the form of the
/// program ppi-python; with known probabilities Egami et al. (2023), *NeurIPS* 36.
public struct PredictionPoweredRegression: Sendable {
  /// The mean of the outcome as a function of the predictors.
  public enum Curve: Sendable, Hashable {
    /// A straight line.
    case line
    /// A logistic curve.
    case logistic
  }

  /// A paper with its predictors.
  public struct Paper: Sendable {
    /// The predictors, with a one for the intercept.
    public var x: [Double]
    /// The outcome by the rater; `nil` where there is none.
    public var prediction: Double?
    /// The outcome by the better rater; `nil` where there is none.
    public var outcome: Double?
    /// How much it counts.
    public var weight: Double
    /// The sampling unit.
    public var unit: Int

    /// A paper.
    public init(
      x: [Double], prediction: Double?, outcome: Double? = nil, weight: Double = 1, unit: Int
    ) {
      self.x = x
      self.prediction = prediction
      self.outcome = outcome
      self.weight = weight
      self.unit = unit
    }
  }

  /// How λ is chosen.
  public enum Power: Sendable, Hashable {
    /// As given.
    case fixed(Double)
    /// The least sum of the variances of all coefficients.
    case total
    /// The least variance of one coefficient.
    case coefficient(Int)
  }

  /// What was found.
  public struct Fit: Sendable {
    /// The coefficients.
    public let coefficients: [Double]
    /// Their covariance.
    public let covariance: DenseMatrix
    /// The degrees of freedom of each.
    public let degreesOfFreedom: [Double]
    /// λ, its mean where it differs between folds.
    public let power: Double

    /// A linear combination of the coefficients with its limits.
    ///
    /// - Parameters:
    ///   - weights: What the coefficients are multiplied with.
    ///   - place: The coefficient whose degrees of freedom count.
    ///   - level: The confidence level.
    public func estimate(_ weights: [Double], place: Int, level: Double) -> Estimate {
      let value = zip(weights, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      var variance = 0.0
      for (i, a) in weights.enumerated() {
        for (j, b) in weights.enumerated() { variance += a * b * covariance[i, j] }
      }
      let error = max(0, variance).squareRoot()
      let freedom = degreesOfFreedom[place]
      let quantile = StudentT(degreesOfFreedom: freedom)
        .upperQuantile(ConfidenceLevel.tail(level))
      return Estimate(
        value, standardError: error, lower: value - quantile * error,
        upper: value + quantile * error, level: level,
        degreesOfFreedom: freedom.isFinite ? freedom : nil)
    }

    /// A coefficient with its limits.
    public func estimate(_ place: Int, level: Double) -> Estimate {
      estimate(
        coefficients.indices.map { $0 == place ? 1 : 0 }, place: place, level: level)
    }
  }

  /// The curve.
  public let curve: Curve
  private let width: Int
  private let labeled: [Paper]
  private let unlabeled: [Paper]
  private let overlaps: Bool
  private let isSmall: Bool

  /// Takes the papers.
  ///
  /// - Parameters:
  ///   - curve: The curve that is fitted.
  ///   - labeled: The papers with a second reading; weights have a mean of one.
  ///   - unlabeled: Those without, or all (`overlaps`); weights have a mean of one.
  ///   - overlaps: Whether `unlabeled` are all papers.
  ///   - correctsSmallSamples: Whether residuals and quantiles are those of small samples.
  public init(
    _ curve: Curve, labeled: [Paper], unlabeled: [Paper], overlaps: Bool = false,
    correctsSmallSamples: Bool = true
  ) {
    self.curve = curve
    self.labeled = labeled
    self.unlabeled = unlabeled
    self.overlaps = overlaps
    isSmall = correctsSmallSamples
    width = labeled.first?.x.count ?? unlabeled.first?.x.count ?? 0
  }

  /// The coefficients; `nil` where there is no finite solution, or fewer re-answered units than are needed
  /// for a variance.
  ///
  /// - Parameters:
  ///   - power: How λ is chosen.
  ///   - folds: λ of a paper is chosen by the papers that are not in its fold; 1 for none.
  public func fit(_ power: Power = .total, folds: Int = 1) -> Fit? {
    guard width > 0, Set(labeled.map(\.unit)).count > width else { return nil }
    if case .fixed(let value) = power {
      return solved(unlabeled.isEmpty ? alone : [Double](repeating: value, count: labeled.count))
    }
    guard !unlabeled.isEmpty else { return solved(alone) }
    var powers = [Double](repeating: 1, count: labeled.count)
    var found = solved(powers)
    // λ depends on the coefficients and they on λ; two rounds are what ppi-python does.
    for _ in 0..<2 {
      let start = found ?? solved(alone)
      guard let start else { return nil }
      powers = tuned(at: start, power, folds: folds)
      found = solved(powers)
    }
    return found ?? solved(alone)
  }

  /// No use of the rater's words.
  private var alone: [Double] { [Double](repeating: 0, count: labeled.count) }

  // MARK: Coefficients

  private func solved(_ powers: [Double]) -> Fit? {
    let mean = powers.reduce(0, +) / Double(max(powers.count, 1))
    guard
      let coefficients = curve == .line ? line(powers, mean) : logistic(powers, mean),
      let inverse = inverseHessian(at: coefficients, power: mean)
    else { return nil }
    return Fit(
      coefficients, inverse, parts(at: coefficients, powers, mean, inverse: inverse),
      units: (
        Set(labeled.map(\.unit)).count, Set(unlabeled.map(\.unit)).count, isSmall ? width : nil
      ), power: mean)
  }

  /// `λ β̂ᵤ + β(y)ₗ − β(λ ŷ)ₗ`.
  private func line(_ powers: [Double], _ mean: Double) -> [Double]? {
    let places = labeled.indices
    guard
      let own = leastSquares(
        places.compactMap { place in
          labeled[place].outcome.map { (labeled[place], $0) }
        })
    else { return nil }
    guard mean > 0 else { return own }
    guard
      let all = leastSquares(
        unlabeled.compactMap { paper in paper.prediction.map { (paper, $0) } }),
      let shared = leastSquares(
        places.compactMap { place in
          labeled[place].prediction.map { (labeled[place], powers[place] * $0) }
        })
    else { return nil }
    return (0..<width).map { mean * all[$0] + own[$0] - shared[$0] }
  }

  private func leastSquares(_ rows: [(paper: Paper, y: Double)]) -> [Double]? {
    var gram = DenseMatrix(rows: width, columns: width)
    var right = DenseMatrix(rows: width, columns: 1)
    for (paper, y) in rows {
      for i in 0..<width {
        right[i, 0] += paper.weight * paper.x[i] * y
        for j in 0..<width { gram[i, j] += paper.weight * paper.x[i] * paper.x[j] }
      }
    }
    return try? gram.solvingPositiveDefinite(right).elements
  }

  /// Newton's steps from the fit of the rater's words about all papers.
  private func logistic(_ powers: [Double], _ mean: Double) -> [Double]? {
    let zero = [Double](repeating: 0, count: width)
    if mean == 0 { return newton(from: zero, powers, 0) }
    let naive = newton(
      from: zero, unlabeledShare: 1, powers: powers.map { _ in -1 }, countsOutcomes: false)
    return newton(from: naive ?? zero, powers, mean)
  }

  private func newton(from start: [Double], _ powers: [Double], _ mean: Double) -> [Double]? {
    newton(from: start, unlabeledShare: mean, powers: powers, countsOutcomes: true)
  }

  /// The root of `s ⟨m̂⟩ᵤ + ⟨m − λ m̂⟩ₗ`, m left out where outcomes do not count.
  private func newton(
    from start: [Double], unlabeledShare share: Double, powers: [Double], countsOutcomes: Bool
  ) -> [Double]? {
    var beta = start
    var state = equations(beta, share, powers, countsOutcomes)
    for _ in 0..<60 {
      let right = DenseMatrix(rows: width, columns: 1, elements: state.values)
      guard let step = try? state.slopes.solving(right).elements, step.allSatisfy(\.isFinite)
      else { return nil }
      var factor = 1.0
      var next = beta
      var found = state
      while factor > 1e-6 {
        next = (0..<width).map { beta[$0] - factor * step[$0] }
        found = equations(next, share, powers, countsOutcomes)
        if found.norm < state.norm || found.norm < 1e-300 { break }
        factor /= 2
      }
      let moved = (0..<width).reduce(0) { max($0, abs(next[$1] - beta[$1])) }
      let size = beta.reduce(1) { max($0, abs($1)) }
      // Nothing more to gain: at the root but for rounding, or on the way to infinity.
      guard factor > 1e-6 else {
        return step.allSatisfy { abs($0) < 1e-8 * size } ? beta : nil
      }
      (beta, state) = (next, found)
      if moved < 1e-12 * size { return beta }
    }
    return nil
  }

  private struct Equations {
    var values: [Double]
    var slopes: DenseMatrix
    var norm: Double { values.reduce(0) { $0 + $1 * $1 } }
  }

  private func equations(
    _ beta: [Double], _ share: Double, _ powers: [Double], _ countsOutcomes: Bool
  ) -> Equations {
    var values = [Double](repeating: 0, count: width)
    var slopes = DenseMatrix(rows: width, columns: width)
    func add(_ paper: Paper, _ factor: Double, _ y: Double, _ mu: Double) {
      let (first, second) = (factor * (mu - y), factor * mu * (1 - mu))
      for i in 0..<width {
        values[i] += first * paper.x[i]
        for j in 0...i { slopes[i, j] += second * paper.x[i] * paper.x[j] }
      }
    }
    if share != 0 {
      let factor = share / Double(unlabeled.count)
      for paper in unlabeled {
        if let y = paper.prediction { add(paper, factor * paper.weight, y, mean(paper, beta)) }
      }
    }
    let factor = 1 / Double(labeled.count)
    for (paper, power) in zip(labeled, powers) {
      let mu = mean(paper, beta)
      if countsOutcomes, let y = paper.outcome { add(paper, factor * paper.weight, y, mu) }
      if power != 0, let y = paper.prediction { add(paper, -power * factor * paper.weight, y, mu) }
    }
    for i in 0..<width { for j in 0..<i { slopes[j, i] = slopes[i, j] } }
    return Equations(values: values, slopes: slopes)
  }

  private func mean(_ paper: Paper, _ beta: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<width { sum += paper.x[i] * beta[i] }
    return curve == .line ? sum : 1 / (1 + .exp(-sum))
  }

  // MARK: Covariance

  /// H⁻¹: the rater's papers, corrected by what it says does not have an outcome and does.
  private func inverseHessian(at beta: [Double], power: Double) -> DenseMatrix? {
    var sum = DenseMatrix(rows: width, columns: width)
    func add(_ paper: Paper, _ factor: Double) {
      let mu = mean(paper, beta)
      let slope = factor * paper.weight * (curve == .line ? 1 : mu * (1 - mu))
      for i in 0..<width { for j in 0..<width { sum[i, j] += slope * paper.x[i] * paper.x[j] } }
    }
    let own = Double(labeled.count)
    if power == 0 {
      for paper in labeled where paper.outcome != nil { add(paper, 1 / own) }
    } else {
      let all = overlaps ? Double(unlabeled.count) : Double(labeled.count + unlabeled.count)
      for paper in unlabeled where paper.prediction != nil { add(paper, 1 / all) }
      for paper in labeled {
        if !overlaps, paper.prediction != nil { add(paper, 1 / all) }
        add(
          paper, ((paper.outcome == nil ? 0 : 1) - (paper.prediction == nil ? 0 : 1)) / own)
      }
    }
    return try? sum.positiveDefiniteInverse()
  }

  /// The scores of the sampling units, divided by the number of papers a unit has on average.
  private func scores(
    _ papers: [Paper], _ beta: [Double], _ score: (Int, Double) -> Double
  ) -> [[Double]] {
    var places: [Int: Int] = [:]
    var sums: [[Double]] = []
    for (index, paper) in papers.enumerated() {
      let place = places[paper.unit] ?? sums.count
      if place == sums.count { sums.append([Double](repeating: 0, count: width)) }
      places[paper.unit] = place
      let factor = paper.weight * score(index, mean(paper, beta))
      for i in 0..<width { sums[place][i] += factor * paper.x[i] }
    }
    let scale = Double(sums.count) / Double(max(papers.count, 1))
    return scale == 1 ? sums : sums.map { $0.map { $0 * scale } }
  }

  private func ownScores(_ beta: [Double], leverages: [Double]? = nil) -> [[Double]] {
    scores(labeled, beta) { place, mu in
      labeled[place].outcome.map { (mu - $0) / (1 - (leverages?[place] ?? 0)) } ?? 0
    }
  }

  private func raterScores(
    _ papers: [Paper], _ beta: [Double], powers: [Double]? = nil
  ) -> [[Double]] {
    scores(papers, beta) { place, mu in
      papers[place].prediction.map { (powers?[place] ?? 1) * (mu - $0) } ?? 0
    }
  }

  /// The covariance of the part of the re-answered papers, and that of the others.
  private func parts(
    at beta: [Double], _ powers: [Double], _ mean: Double, inverse: DenseMatrix
  ) -> (own: DenseMatrix, others: DenseMatrix) {
    var leverages: [Double]?
    if isSmall {
      leverages = labeled.map { paper in
        let mu = self.mean(paper, beta)
        var h = 0.0
        for i in 0..<width {
          for j in 0..<width { h += paper.x[i] * inverse[i, j] * paper.x[j] }
        }
        let slope = curve == .line ? 1 : mu * (1 - mu)
        return min(0.9, h * slope * paper.weight / Double(labeled.count))
      }
    }
    let own = ownScores(beta, leverages: leverages)
    let shared = raterScores(labeled, beta, powers: powers)
    let rest = zip(own, shared).map { zip($0, $1).map { $0 - $1 } }
    var first = Self.covariance(rest, rest).divided(by: Double(rest.count))
    var second = DenseMatrix(rows: width, columns: width)
    if mean != 0, unlabeled.count > 1 {
      let others = raterScores(unlabeled, beta)
      second = Self.covariance(others, others).divided(by: Double(others.count) / (mean * mean))
      if overlaps {
        let cross = Self.covariance(rest, raterScores(labeled, beta))
        for i in 0..<width {
          for j in 0..<width {
            first[i, j] += mean * (cross[i, j] + cross[j, i]) / Double(others.count)
          }
        }
      }
    }
    func around(_ middle: DenseMatrix) -> DenseMatrix {
      inverse.multiplied(by: middle).multiplied(by: inverse)
    }
    return (around(first), around(second))
  }

  /// The λ of each re-answered paper, from the units that are not in its fold.
  private func tuned(at fit: Fit, _ power: Power, folds: Int) -> [Double] {
    let beta = fit.coefficients
    guard let inverse = inverseHessian(at: beta, power: 1) else { return alone }
    let own = ownScores(beta)
    let shared = raterScores(labeled, beta)
    let all = shared + raterScores(unlabeled, beta)
    let spread = size(Self.covariance(all, all), inverse, power)
    let ratio = 1 + Double(own.count) / Double(max(all.count - own.count, 1))
    var places: [Int: Int] = [:]
    for paper in labeled where places[paper.unit] == nil { places[paper.unit] = places.count }
    let found = (0..<folds).map { fold -> Double in
      let units = own.indices.filter { folds == 1 || $0 % folds != fold }
      guard spread > 0, units.count > 1 else { return 0 }
      let together = Self.covariance(units.map { own[$0] }, units.map { shared[$0] })
        .divided(by: Double(units.count) / Double(units.count - 1))
      return min(max(size(together, inverse, power) / (ratio * spread), 0), 1)
    }
    return labeled.map { found[(places[$0.unit] ?? 0) % folds] }
  }

  /// The trace of H⁻¹ C H⁻¹, or its diagonal at one place.
  private func size(_ middle: DenseMatrix, _ inverse: DenseMatrix, _ power: Power) -> Double {
    let whole = inverse.multiplied(by: middle).multiplied(by: inverse).diagonal
    if case .coefficient(let place) = power { return whole[place] }
    return whole.reduce(0, +)
  }

  private static func covariance(_ a: [[Double]], _ b: [[Double]]) -> DenseMatrix {
    let (count, width) = (Double(a.count), a.first?.count ?? 0)
    func means(_ rows: [[Double]]) -> [Double] {
      (0..<width).map { column in rows.reduce(0) { $0 + $1[column] } / count }
    }
    let (first, second) = (means(a), means(b))
    var result = DenseMatrix(rows: width, columns: width)
    for (left, right) in zip(a, b) {
      for i in 0..<width {
        for j in 0..<width { result[i, j] += (left[i] - first[i]) * (right[j] - second[j]) }
      }
    }
    return result.divided(by: max(count - 1, 1))
  }
}

extension PredictionPoweredRegression.Fit {
  fileprivate init(
    _ coefficients: [Double], _ inverse: DenseMatrix,
    _ parts: (own: DenseMatrix, others: DenseMatrix),
    units: (labeled: Int, unlabeled: Int, width: Int?), power: Double
  ) {
    self.coefficients = coefficients
    self.power = power
    var sum = parts.own
    sum.add(parts.others)
    covariance = sum
    guard let width = units.width else {
      degreesOfFreedom = coefficients.map { _ in .infinity }
      return
    }
    degreesOfFreedom = coefficients.indices.map { place in
      let (a, b) = (max(0, parts.own[place, place]), max(0, parts.others[place, place]))
      let below =
        a * a / Double(max(units.labeled - width, 1))
        + b * b / Double(max(units.unlabeled - width, 1))
      return below > 0 ? (a + b) * (a + b) / below : Double(max(units.labeled - width, 1))
    }
  }
}

extension DenseMatrix {
  fileprivate func divided(by number: Double) -> DenseMatrix {
    DenseMatrix(rows: rows, columns: columns, elements: elements.map { $0 / number })
  }
}

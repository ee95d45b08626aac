/// The coefficients of logistic fits as a function of unit weights, for the bootstrap.
///
/// One resample serves all fits. Each replicate starts from the estimates of the full sample, on
/// the fitted columns and by the same criterion (maximum likelihood or Firth). A replicate in which
/// a fit is singular, does not converge within thirty iterations, or runs to a standardised
/// coefficient beyond 15 (separation) is undefined, that is NaN. The iterations of a replicate end with
/// a step shorter than 10⁻⁷ standard errors, far below what replicates differ by. Cost of a replicate: O(papers) +
/// a few iterations × O(patterns × columns²), eight fits at a time.
public struct LogisticStatistic: Statistic {
  /// The fits.
  public let fits: [LogisticFit]
  private let design: SamplingDesign
  private let together: ReplicateLanes?

  /// Creates the statistic of fits under a sampling design.
  ///
  /// The fits' own weights multiply those of the units; the weights of the design are taken to be
  /// among the fits' weights already.
  public init(_ fits: [LogisticFit], design: SamplingDesign) {
    self.fits = fits
    self.design = design
    together = ReplicateLanes(fits)
  }

  /// The outcome and term of each value, in order.
  public var terms: [(outcome: String, term: String)] {
    fits.flatMap { fit in fit.columnNames.map { (fit.outcome, $0) } }
  }

  /// The number of resampling units.
  public var unitCount: Int { design.unitCount }

  /// The number of coefficients of all fits.
  public var valueCount: Int { fits.reduce(0) { $0 + $1.coefficients.count } }

  /// The largest standardised coefficient that counts as finite.
  static let largestCoefficient = 15.0

  /// Estimates all coefficients under the given unit weights.
  public func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let units = design.unitOfPaper
    let unitWeights = weights.indices.map { weights[$0] }
    var all = [Double](repeating: .nan, count: valueCount)
    let isMade =
      together?.estimate(unitWeights: unitWeights, units: units, into: &all)
      ?? [Bool](repeating: false, count: fits.count)
    var position = 0
    for (fit, isMade) in zip(fits, isMade) {
      let count = fit.coefficients.count
      if !isMade, let own = coefficients(fit, unitWeights: unitWeights, units: units) {
        all.replaceSubrange(position..<position + count, with: own)
      }
      position += count
    }
    for index in all.indices { values[index] = all[index] }
  }

  /// The coefficients of one fit, `nil` where undefined.
  func coefficients(_ fit: LogisticFit, unitWeights: [Double], units: [Int]) -> [Double]? {
    let full = fit.likelihood
    var successes = [Double](repeating: 0, count: full.x.rows)
    var trials = successes
    let used = fit.data.papers
    for index in used.papers.indices {
      let weight = unitWeights[units[used.papers[index]]] * used.weights[index]
      let pattern = used.patternOfRow[index]
      trials[pattern] += weight
      successes[pattern] += used.isYes[index] ? weight : 0
    }
    let likelihood = full.replacing(successes: successes, trials: trials)
    let optimum = try? likelihood.maximized(
      from: fit.optimum.beta, iterations: 30, tolerance: 1e-7)
    guard let optimum,
      optimum.beta.dropFirst().allSatisfy({ abs($0) <= Self.largestCoefficient })
    else { return nil }
    return likelihood.coefficients(of: optimum.beta)
  }
}

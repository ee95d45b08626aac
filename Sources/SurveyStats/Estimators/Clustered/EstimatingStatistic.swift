/// The coefficients of estimating equations as a function of unit weights, for the bootstrap of clusters.
///
/// A unit's weight multiplies the equations of its rows. Each replicate starts from the full solution and
/// has its own correlation, if the solution has one; a replicate that does not converge, whose correlation is
/// infeasible, or that runs to a standardised coefficient beyond ``LogisticStatistic/largestCoefficient`` is undefined, that
/// is NaN. Cost of a replicate: a few steps of O(rows × columns + patterns × columns²).
struct EstimatingStatistic: Statistic {
  private let solution: EstimatingEquations.Solution
  private let unitOfRow: [Int]
  /// The number of resampling units.
  let unitCount: Int

  /// Creates the statistic of a solution whose rows belong to units; weights of papers are among the
  /// solution's own.
  init(_ solution: EstimatingEquations.Solution, unitOfRow: [Int], unitCount: Int) {
    self.solution = solution
    self.unitOfRow = solution.fit.papers.map { unitOfRow[$0] }
    self.unitCount = unitCount
  }

  /// The number of coefficients.
  var valueCount: Int { solution.coefficients.count }

  /// Estimates all coefficients under the given unit weights.
  func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    let own = zip(solution.fit.data.weights, unitOfRow).map { $0 * weights[$1] }
    let end = solution.system.weighted(by: own).solve(
      from: solution.beta, correlation: solution.correlation,
      correctsDegreesOfFreedom: solution.correctsDegreesOfFreedom, tolerance: 1e-7)
    guard case .solved(let beta) = end,
      beta.dropFirst().allSatisfy({ abs($0) <= LogisticStatistic.largestCoefficient })
    else {
      for index in values.indices { values[index] = .nan }
      return
    }
    let coefficients = solution.fit.likelihood.coefficients(of: beta)
    for index in values.indices { values[index] = coefficients[index] }
  }
}

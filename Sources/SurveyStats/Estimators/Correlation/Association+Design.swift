import RealModule

extension TwoByTwoTable {
  /// A coefficient of this table, whose cells are sums of weights, with the errors of a design.
  ///
  /// Standard errors, intervals and tests are those of ``AssociationError`` with Student's t, on the
  /// scales of ``association(_:level:zeroCells:)``. The p-value is that of phi, on Fisher's scale, for
  /// every coefficient, so that it agrees with the interval of phi.
  ///
  /// - Parameters:
  ///   - coefficient: The coefficient.
  ///   - level: The level of the interval.
  ///   - zeroCells: What the tetrachoric correlation does with an empty cell.
  ///   - errors: The errors of quantities with the given influences.
  func association(
    _ coefficient: ItemCoefficient, level: Double,
    zeroCells: TetrachoricCorrelation.ZeroCellPolicy,
    errors: ([CellInfluence]) -> DesignedPapers.Errors
  ) -> (association: Association, notes: [String]) {
    let isConstant = hasConstantItem
    let fit =
      coefficient == .tetrachoric && !isConstant
      ? TetrachoricCorrelation(self, zeroCells: zeroCells) : nil
    let plain = association(coefficient, level: level) {
      fit ?? TetrachoricCorrelation(self, zeroCells: zeroCells)
    }
    var result = Association(estimate: plain.estimate, note: plain.note)
    guard let estimate = plain.estimate else { return (result, []) }
    let own = influence(coefficient, of: plain, tetrachoric: fit).map { CellInfluence(self, $0) }
    let phi = isConstant ? nil : phi
    let ofPhi = phi.flatMap { abs($0) < 1 ? CellInfluence(self, phiInfluence($0)) : nil }
    guard own != nil || ofPhi != nil else { return (result, []) }
    let found = errors([own, ofPhi].compactMap { $0 })
    if own != nil, let error = found.errors.first {
      set(&result, estimate, error, coefficient, level: level)
    }
    if let phi, ofPhi != nil, let error = found.errors.last {
      result.pValue = error.pValue(Double.atanh(phi) * (1 - phi) * (1 + phi))
      result.test = result.pValue.map { _ in .linearised }
    }
    return (result, found.notes)
  }

  /// The influence on a coefficient, on the scale of its interval; `nil` at a boundary.
  private func influence(
    _ coefficient: ItemCoefficient, of plain: Association, tetrachoric: TetrachoricCorrelation?
  ) -> Influence? {
    guard let estimate = plain.estimate, plain.note != .boundaryCorrelation else { return nil }
    switch coefficient {
    case .phi: return phiInfluence(estimate)
    case .phiRatio: return phiRatioInfluence(estimate, bound: phiBound / (total * total))
    case .tetrachoric: return tetrachoric?.influence
    case .yuleQ, .yuleY: return smallestCell > 0 ? logOddsInfluence(self) : nil
    case .oddsRatio: return logOddsInfluence(filledOdds)
    case .lift: return n11 > 0 ? logLiftInfluence : nil
    case .jaccard:
      return shareInfluence(estimate, of: n11 + n10 + n01) { a, b in max(a, b) }
    case .conditional: return shareInfluence(estimate, of: first) { a, _ in a }
    }
  }

  /// Sets standard error, limits and sampling variance of a coefficient.
  private func set(
    _ result: inout Association, _ estimate: Double, _ error: AssociationError,
    _ coefficient: ItemCoefficient, level: Double
  ) {
    let half = error.half(level: level)
    func fisher(_ center: Double, _ half: Double) {
      (result.lower, result.upper) = (Double.tanh(center - half), Double.tanh(center + half))
    }
    switch coefficient {
    case .phi, .phiRatio, .tetrachoric:
      guard error.variance > 0, abs(estimate) < 1 else { return }
      result.standardError = error.standardError
      fisher(Double.atanh(estimate), half / ((1 - estimate) * (1 + estimate)))
      if coefficient != .phiRatio { result.samplingVariance = error.variance }
    case .yuleQ, .yuleY:
      guard error.variance > 0 else { return }
      let power: Double = coefficient == .yuleQ ? 2 : 4
      let root = Double.pow(oddsRatio, 2 / power)
      result.standardError = 4 * root / ((1 + root) * (1 + root)) / power * error.standardError
      fisher(Double.log(oddsRatio) / power, half / power)
    case .oddsRatio, .lift:
      guard error.variance > 0 else { return }
      result.standardError = estimate * error.standardError
      (result.lower, result.upper) = (
        estimate * Double.exp(-half), estimate * Double.exp(half)
      )
    case .jaccard, .conditional:
      // Wilson's limits on the number of papers that the error is worth.
      let whole = coefficient == .jaccard ? n11 + n10 + n01 : first
      let ratio = Normal().upperQuantile((1 - level) / 2) / error.quantile(level: level)
      let papers =
        (error.variance > 0
          ? estimate * (1 - estimate) / error.variance : error.effectiveCount * whole / total)
        * ratio * ratio
      guard papers > 0,
        let limits = ProportionInterval.wilson.limits(
          successes: estimate * papers, trials: papers, level: level)
      else { return }
      result.standardError = error.standardError
      (result.lower, result.upper) = (limits.lower, limits.upper)
    }
  }
}

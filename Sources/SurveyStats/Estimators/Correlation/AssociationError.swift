import RealModule

/// The error of a coefficient from papers that are weighted, clustered or stratified.
///
/// The variance is that of the weighted influences of the papers, summed by cluster, with the
/// bias-reduced adjustment and degrees of freedom of ``UnitVariance``. Where papers are weighted, it is
/// no smaller than that of as many equal papers as the weights are worth (Kish), and where they are
/// weighted alone the degrees of freedom are that number less one.
struct AssociationError: Sendable, Equatable {
  /// The variance of the coefficient on the scale of its influence.
  let variance: Double
  /// The degrees of freedom of Student's t.
  let degreesOfFreedom: Double
  /// Kish's effective number of papers, `(Σ w)² / Σ w²`.
  let effectiveCount: Double

  /// The standard error.
  var standardError: Double { variance.squareRoot() }

  /// Half the width of an interval on the scale of the influence.
  func half(level: Double) -> Double { quantile(level: level) * standardError }

  /// The quantile of Student's t.
  func quantile(level: Double) -> Double {
    StudentT(degreesOfFreedom: max(degreesOfFreedom, 0.1)).upperQuantile((1 - level) / 2)
  }

  /// The two-sided p-value of the hypothesis that an estimate on the scale of the influence is zero.
  func pValue(_ estimate: Double) -> Double? {
    guard variance > 0 else { return nil }
    return min(
      1,
      2
        * StudentT(degreesOfFreedom: max(degreesOfFreedom, 0.1))
        .survival(abs(estimate) / standardError))
  }
}

/// The papers of a design that is not one of papers drawn alike, as the errors of coefficients need them.
struct DesignedPapers: Sendable {
  /// The design.
  let design: SamplingDesign
  /// The weight of each paper, of mean one.
  let weights: [Double]

  /// The errors of some quantities, and what is doubtful about them.
  struct Errors {
    /// One error a quantity; none where all papers are of one unit.
    var errors: [AssociationError]
    /// What the `note` column says.
    var notes: [String]
  }

  /// Takes a design; `nil` for papers drawn alike.
  init?(_ design: SamplingDesign?) {
    guard let design, !design.drawsPapersAlike else { return nil }
    self.design = design
    weights =
      design.relativeWeights ?? [Double](repeating: 1, count: design.paperCount)
  }

  /// Whether papers weigh differently.
  var isWeighted: Bool { design.weights != nil }
  /// Whether the units are clusters of papers.
  var areClusters: Bool { !design.unitsArePapers }

  /// The errors of some quantities of the papers that have both of two variables.
  ///
  /// - Parameters:
  ///   - papers: The papers.
  ///   - influences: For each quantity the influence of each of the papers.
  func errors(papers: [Int], influences: [[Double]]) -> Errors {
    var shares = [Double](repeating: 0, count: design.unitCount)
    var (total, squares) = (0.0, 0.0)
    for paper in papers {
      shares[design.unitOfPaper[paper]] += weights[paper]
      total += weights[paper]
      squares += weights[paper] * weights[paper]
    }
    let effectiveCount = squares > 0 ? total * total / squares : 0
    for unit in shares.indices { shares[unit] /= total }
    guard shares.count(where: { $0 > 0 }) > 1 else {
      return Errors(errors: [], notes: [areClusters ? "one-cluster" : "one-paper"])
    }
    var hasNoSpread = false
    let errors = influences.map { influence -> AssociationError in
      var contributions = [Double](repeating: 0, count: design.unitCount)
      var square = 0.0
      for (position, paper) in papers.enumerated() {
        let value = weights[paper] * influence[position] / total
        contributions[design.unitOfPaper[paper]] += value
        square += value * influence[position]
      }
      let units = UnitVariance(
        contributions: contributions, shares: shares, stratumSizes: design.stratumSizes)
      // A sum of contributions that cancel leaves the rounding of its terms.
      let variance = units.variance > 1e-24 * square ? units.variance : 0
      let floor = isWeighted ? square / effectiveCount : 0
      if max(variance, floor) == 0, square > 0 { hasNoSpread = true }
      return AssociationError(
        variance: max(variance, floor),
        degreesOfFreedom: isWeighted && !areClusters
          ? effectiveCount - 1 : units.degreesOfFreedom,
        effectiveCount: effectiveCount)
    }
    let few =
      isWeighted || areClusters
      ? EffectiveNumber.note(EffectiveNumber.kish(shares), areClusters: areClusters) : nil
    return Errors(
      errors: errors,
      notes: [few?.description, hasNoSpread ? "all-clusters-equal" : nil].compactMap { $0 })
  }
}

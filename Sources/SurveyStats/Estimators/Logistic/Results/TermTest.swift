/// The test of a term of a logistic model: of all its columns at once.
///
/// With model-based errors it is the likelihood-ratio test: twice the fall of the maximised
/// likelihood without the term (with Firth's penalty, of the penalised likelihood with the term's
/// coefficients held at zero), referred to χ² with as many degrees of freedom as the term has
/// columns. Likelihoods know nothing of clusters or unequal variances, so that with a robust
/// covariance V it is Wald's test b'V⁻¹b, referred to χ², or with clusters divided by the columns to
/// F with the fewest degrees of freedom of the coefficients. A term that is part of an interaction in
/// the model is not tested, since the interaction would have no meaning without it.
///
/// Reference: McCullagh & Nelder (1989), section 4.4; Heinze & Schemper (2002), section 3.2;
/// Cameron & Miller (2015), Journal of Human Resources 50:317, section VII.
public struct TermTest: Sendable, Equatable {
  /// The term as written in the formula.
  public let term: String
  /// The number of fitted columns of the term.
  public let degreesOfFreedom: Int
  /// The likelihood-ratio or Wald statistic, referred to χ²; `nil` when undefined.
  public let statistic: Double?
  /// The degrees of freedom of the denominator, infinite for χ².
  let denominator: Double
  /// The name of the test.
  public let method: MethodName
  /// Why the statistic is missing.
  public let note: String?

  /// The p-value.
  public var pValue: Double? {
    statistic.map {
      denominator.isFinite
        ? FDistribution(
          numeratorDegreesOfFreedom: Double(degreesOfFreedom),
          denominatorDegreesOfFreedom: denominator
        ).survival($0 / Double(degreesOfFreedom))
        : ChiSquared(degreesOfFreedom: Double(degreesOfFreedom)).survival($0)
    }
  }
}

extension TermTest {
  /// The same term without a test, and why.
  func undefined(_ note: Note) -> TermTest {
    TermTest(
      term: term, degreesOfFreedom: degreesOfFreedom, statistic: nil, denominator: denominator,
      method: method, note: note.description)
  }
}

extension LogisticFit {
  /// Tests every term that is not part of an interaction, in the order of the formula.
  ///
  /// Terms all of whose columns were left out are not listed. With a robust covariance the tests
  /// are Wald's, but for terms that separate the outcome. Cost: one fit a term, or none.
  public func termTests(robust: RobustCovariance? = nil) -> [TermTest] {
    let terms = design.formula.terms
    return terms.indices.compactMap { position -> TermTest? in
      guard !terms.contains(where: { terms[position].isMarginal(to: $0) }) else { return nil }
      let own = columns.indices.filter { design.termOfColumn[columns[$0]] == position }
      guard !own.isEmpty else { return nil }
      let term = terms[position].description
      if let robust, robust.type != .model, !own.contains(where: isSeparated) {
        return wald(own, term: term, robust)
      }
      let statistic = likelihoodRatio(zero: own)
      return TermTest(
        term: term, degreesOfFreedom: own.count, statistic: statistic, denominator: .infinity,
        method: "\(method.rawValue), likelihood ratio",
        note: statistic == nil ? "the model without the term did not converge" : nil)
    }
  }

  private func wald(_ own: [Int], term: String, _ robust: RobustCovariance) -> TermTest {
    let covariance = robust.matrix.selecting(rows: own, columns: own)
    let values = DenseMatrix(rows: own.count, columns: 1, elements: own.map { coefficients[$0] })
    let solution = try? covariance.solvingPositiveDefinite(values)
    let statistic = solution.map {
      zip($0.elements, values.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return TermTest(
      term: term, degreesOfFreedom: own.count, statistic: statistic,
      denominator: own.map { robust.degreesOfFreedom[$0] }.min() ?? .infinity,
      method: "\(method.rawValue), Wald, \(robust.type.rawValue)",
      note: statistic == nil ? "the covariance is singular: too few clusters" : nil)
  }
}

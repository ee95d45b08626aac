/// The likelihood-ratio test of a term of a logistic model: of all its columns at once.
///
/// The statistic is twice the fall of the maximised likelihood without the term (with Firth's
/// penalty, of the penalised likelihood with the term's coefficients held at zero), referred to χ²
/// with as many degrees of freedom as the term has columns. A term that is part of an interaction
/// in the model is not tested, since the interaction would have no meaning without it.
///
/// Reference: McCullagh & Nelder (1989), section 4.4; Heinze & Schemper (2002), section 3.2.
public struct TermTest: Sendable, Equatable {
  /// The term as written in the formula.
  public let term: String
  /// The number of fitted columns of the term.
  public let degreesOfFreedom: Int
  /// The likelihood-ratio statistic; `nil` when the smaller model has no maximum.
  public let statistic: Double?

  /// The p-value.
  public var pValue: Double? {
    statistic.map { ChiSquared(degreesOfFreedom: Double(degreesOfFreedom)).survival($0) }
  }
}

extension LogisticFit {
  /// Tests every term that is not part of an interaction, in the order of the formula.
  ///
  /// Terms all of whose columns were left out are not listed. Cost: one fit a term.
  public func termTests() -> [TermTest] {
    let terms = design.formula.terms
    return terms.indices.compactMap { position -> TermTest? in
      guard !terms.contains(where: { terms[position].isMarginal(to: $0) }) else { return nil }
      let own = columns.indices.filter { design.termOfColumn[columns[$0]] == position }
      guard !own.isEmpty else { return nil }
      return TermTest(
        term: terms[position].description, degreesOfFreedom: own.count,
        statistic: likelihoodRatio(zero: own))
    }
  }
}

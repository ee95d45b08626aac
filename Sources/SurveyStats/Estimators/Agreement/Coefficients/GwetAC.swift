extension AgreementSums {
  /// Gwet's AC₁: chance agrees only on papers that are hard to place, e = Σₖ πₖ (1 − πₖ) / (q − 1).
  ///
  /// Never undefined, and 1 where one category is chosen throughout. πₖ is as in Fleiss's κ.
  ///
  /// Reference: Gwet (2008), *British Journal of Mathematical and Statistical Psychology* 61:29.
  var ac1: ChanceAgreement<Number> {
    ChanceAgreement(observed: observed, expected: hardChance(weightSum: layout.categoryCount))
  }

  /// AC₂, with half an agreement between neighbouring states in the order no, does not apply, yes;
  /// e is that of AC₁ times the sum of all weights over q.
  ///
  /// Reference: Gwet (2014), *Handbook of Inter-Rater Reliability*, and the package irrCAC.
  var ac2: ChanceAgreement<Number> {
    ChanceAgreement(
      observed: weightedObserved,
      expected: hardChance(weightSum: layout.categoryCount == 3 ? 5 : layout.categoryCount))
  }

  private func hardChance(weightSum: Int) -> Number {
    let categories = layout.categoryCount
    var sum = Number(0)
    for category in 0..<categories {
      sum = sum + prevalence(category) * (Number(1) - prevalence(category))
    }
    return Number(Double(weightSum) / Double(categories * (categories - 1))) * sum
  }
}

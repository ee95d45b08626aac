extension AgreementSums {
  /// Cohen's κ of two raters, and Conger's of more: chance is that raters choose independently, each as
  /// often as it did.
  ///
  /// e = Σₖ p̄ₖ² − s²ₖ / r, with the mean p̄ₖ and the variance s²ₖ of the raters' shares of category k;
  /// of two raters Σₖ p₁ₖ p₂ₖ. Of two raters only papers count that both have read. Undefined when all
  /// choose one category throughout. Its error is the delta method's, which for two raters is that of
  /// Fleiss, Cohen & Everitt.
  ///
  /// References: Cohen (1960), *Educational and Psychological Measurement* 20:37; Conger (1980),
  /// *Psychological Bulletin* 88:322; Fleiss, Cohen & Everitt (1969), *Psychological Bulletin* 72:323;
  /// for missing ratings the package irrCAC.
  var kappa: ChanceAgreement<Number> {
    ChanceAgreement(observed: observed, expected: raterChance(isWeighted: false))
  }

  /// κ with half an agreement between neighbouring states in the order no, does not apply, yes.
  ///
  /// Reference: Cohen (1968), *Psychological Bulletin* 70:213.
  var weightedKappa: ChanceAgreement<Number> {
    ChanceAgreement(observed: weightedObserved, expected: raterChance(isWeighted: true))
  }

  /// The mean over pairs of raters of the agreement of independent choices: Σₖₗ wₖₗ (p̄ₖ p̄ₗ − sₖₗ / r).
  private func raterChance(isWeighted: Bool) -> Number {
    let (raters, categories) = (layout.raterCount, layout.categoryCount)
    // Σ over different raters g ≠ h of p_gk p_hl is (Σ_g p_gk)(Σ_h p_hl) − Σ_g p_gk p_gl.
    var expected = Number(0)
    unsafe withUnsafeTemporaryAllocation(of: Number.self, capacity: raters * categories) { work in
      guard let shares = work.baseAddress else { return }
      unsafe setShares(shares)
      for category in 0..<categories {
        for other in 0..<categories {
          let weight = isWeighted ? weight(category, other) : category == other ? 1 : 0
          if weight == 0 { continue }
          var (sum, otherSum, own) = (Number(0), Number(0), Number(0))
          for rater in 0..<raters {
            let share = unsafe shares[rater * categories + category]
            let otherShare = unsafe shares[rater * categories + other]
            sum = sum + share
            otherSum = otherSum + otherShare
            own = own + share * otherShare
          }
          expected = expected + Number(weight) * (sum * otherSum - own)
        }
      }
    }
    return expected / Number(Double(raters * (raters - 1)))
  }
}

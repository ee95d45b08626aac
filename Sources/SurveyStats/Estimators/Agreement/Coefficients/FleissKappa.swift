extension AgreementSums {
  /// Fleiss's κ, of two raters Scott's π: chance is that all raters choose as all do together,
  /// e = Σₖ πₖ², with the mean πₖ over papers of the share of raters that chose k.
  ///
  /// Undefined when one category is chosen throughout.
  ///
  /// References: Scott (1955), *Public Opinion Quarterly* 19:321; Fleiss (1971), *Psychological Bulletin*
  /// 76:378; for missing ratings Gwet (2014), *Handbook of Inter-Rater Reliability*, and irrCAC.
  var fleiss: ChanceAgreement<Number> {
    var expected = Number(0)
    for category in 0..<layout.categoryCount {
      expected = expected + prevalence(category) * prevalence(category)
    }
    return ChanceAgreement(observed: observed, expected: expected)
  }
}

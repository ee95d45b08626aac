extension AgreementSums {
  /// Krippendorff's α of nominal categories, `1 − Dₒ / Dₑ` from the coincidences of the ratings of
  /// papers that at least two raters have put into a category.
  ///
  /// With N such ratings, Nₖ of them in category k, the observed agreement is Σ rₖ (rₖ − 1) / (r − 1)
  /// over N, the expected one Σₖ Nₖ (Nₖ − 1) / (N (N − 1)). Ratings may be missing. Undefined when one
  /// category is chosen throughout.
  ///
  /// Reference: Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*; the package
  /// krippendorff.
  var alpha: ChanceAgreement<Number> {
    let total = unsafe values[layout.ratings]
    var expected = Number(0)
    for category in 0..<layout.categoryCount {
      let count = unsafe values[layout.pairable(category)]
      expected = expected + count * (count - Number(1))
    }
    return unsafe ChanceAgreement(
      observed: values[layout.coincidences] / total,
      expected: expected / (total * (total - Number(1))))
  }
}

extension AgreementSums {
  /// How unequal two categories are among two raters: (a − d) / n, with a papers that both put into the
  /// second category and d that both put into the first.
  ///
  /// κ is low where it is far from 0, whatever the raters do.
  ///
  /// Reference: Byrt, Bishop & Carlin (1993), *Journal of Clinical Epidemiology* 46:423.
  var prevalenceIndex: Number {
    // a − d is the sum over both raters of second less first, halved, as b and c cancel out.
    (share(of: 0, 1) + share(of: 1, 1) - share(of: 0, 0) - share(of: 1, 0)) / Number(2)
  }

  /// How differently two raters use two categories: (b − c) / n, the first rater's share of the second
  /// category less the second rater's.
  ///
  /// Reference: Byrt, Bishop & Carlin (1993), *Journal of Clinical Epidemiology* 46:423.
  var biasIndex: Number { share(of: 0, 1) - share(of: 1, 1) }

  /// The greatest κ that two raters could reach, each choosing every category as often as it did:
  /// o = Σₖ min(p₁ₖ, p₂ₖ).
  ///
  /// Reference: Cohen (1960), *Educational and Psychological Measurement* 20:37, page 42.
  var greatestKappa: ChanceAgreement<Number> {
    var greatest = Number(0)
    for category in 0..<layout.categoryCount {
      greatest = greatest + Number.lesser(share(of: 0, category), share(of: 1, category))
    }
    return ChanceAgreement(observed: greatest, expected: kappa.expected)
  }
}

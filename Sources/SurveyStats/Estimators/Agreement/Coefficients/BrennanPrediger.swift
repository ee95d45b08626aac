extension AgreementSums {
  /// The coefficient of Brennan & Prediger, with two categories the PABAK of Byrt, Bishop & Carlin:
  /// chance is that every category is chosen alike, e = 1 / q.
  ///
  /// Never undefined. The number of categories q is that of the part, whether all occur or not.
  ///
  /// References: Brennan & Prediger (1981), *Educational and Psychological Measurement* 41:687; Byrt,
  /// Bishop & Carlin (1993), *Journal of Clinical Epidemiology* 46:423.
  var pabak: ChanceAgreement<Number> {
    ChanceAgreement(observed: observed, expected: Number(1 / Double(layout.categoryCount)))
  }
}

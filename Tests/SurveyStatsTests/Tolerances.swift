/// How close estimates must come to reference values, in one place.
enum Tolerance {
  /// Closed forms and counts against references of full precision.
  static let closedForm = 1e-12
  /// p-values, relative to their size.
  static let pValueRelative = 1e-10
  /// The tetrachoric correlation against 40-digit arithmetic.
  static let tetrachoric = 2e-13
  /// Standard errors by the delta method, relative to their size.
  static let standardErrorRelative = 1e-9
  /// Packages that iterate to 1e-4 or so: psych's and lavaan's tetrachorics, polycor's errors.
  static let packageIteration = 5e-5
  /// The nearest correlation matrix against alternating projections run to 1e-15.
  static let nearestCorrelation = 1e-8
  /// Eigenvalues, loadings and scores of well separated components.
  static let components = 1e-9
  /// Maximum likelihood by EM.
  static let expectationMaximization = 1e-5
}

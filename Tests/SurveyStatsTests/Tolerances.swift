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

/// How close factors, reliabilities and item response models must come to reference values.
enum FactorTolerance {
  /// Closed forms on the same correlations.
  static let closedForm = 1e-10
  /// Communalities and uniquenesses of converged extractions.
  static let communality = 1e-6
  /// Communalities of psych's minres, which stops early (see `FactorAnalysisTests`).
  static let psychCommunality = 1e-4
  /// Fit statistics, relative to their size.
  static let fit = 1e-6
  /// Loadings of orthogonal rotations.
  static let orthogonalLoading = 2e-6
  /// Loadings and factor correlations of oblique rotations, and scores on them.
  static let obliqueLoading = 2e-5
  /// The same for geomin, whose criterion is flat.
  static let geominLoading = 2e-4
  /// Coefficients of reliability on the same covariances.
  static let reliability = 1e-11
  /// Omega total.
  static let omega = 1e-6
  /// Omega hierarchical and what rests on an oblique rotation.
  static let omegaHierarchical = 2e-5
  /// Coefficients of psych's tetrachoric correlations, which stop at 3e-5.
  static let psychTetrachoric = 1e-4
  /// psych's omega, which rests on loadings that stop early.
  static let psychOmega = 2e-4
  /// Parameters of the 1PL and 2PL.
  static let itemParameter = 1e-5
  /// Log likelihoods.
  static let logLikelihood = 1e-6
  /// Standard errors, relative to their size.
  static let standardError = 1e-5
  /// Values published with four decimals by programs that stop early (ltm).
  static let published = 3e-3
}

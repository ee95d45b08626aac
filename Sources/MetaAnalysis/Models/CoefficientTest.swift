/// From which distribution tests and limits of coefficients come, and with which standard errors.
public enum CoefficientTest: String, Sendable, CaseIterable {
  /// Normal, with errors that take the variance between studies as known.
  case normal = "z"
  /// Student's t with k − p degrees of freedom, with the same errors.
  case t
  /// Knapp & Hartung (2003): t, errors scaled by the weighted spread of the effects.
  case knappHartung = "knha"
  /// Knapp and Hartung's with a scale of at least one, so that limits are never narrower than those of t
  /// (Jackson et al. 2017, *Statistics in Medicine* 36:3923).
  case boundedKnappHartung = "adhoc"
  /// t with Satterthwaite's degrees of freedom, of restricted likelihood.
  case satterthwaite
  /// Kenward & Roger's (``KenwardRoger``): the same with errors that know of estimated variances.
  case kenwardRoger = "kr"
}

/// How the variance between studies is estimated.
///
/// References: Viechtbauer (2005), *Journal of Educational and Behavioral Statistics* 30:261; Veroniki et
/// al. (2016), *Research Synthesis Methods* 7:55; Viechtbauer (2021), in *Handbook of Meta-Analysis*, for
/// the median-unbiased estimate.
public enum HeterogeneityMethod: String, Sendable, CaseIterable {
  /// A common effect: no variance between studies.
  case commonEffect = "CE"
  /// DerSimonian & Laird (1986).
  case derSimonianLaird = "DL"
  /// Hedges & Olkin (1985), also of Cochran.
  case hedges = "HE"
  /// Hunter & Schmidt.
  case hunterSchmidt = "HS"
  /// Sidik & Jonkman (2005).
  case sidikJonkman = "SJ"
  /// Maximum likelihood.
  case maximumLikelihood = "ML"
  /// Restricted maximum likelihood.
  case restrictedLikelihood = "REML"
  /// Empirical Bayes (Morris 1983); the same estimate as Paule and Mandel's.
  case empiricalBayes = "EB"
  /// Paule & Mandel (1982).
  case pauleMandel = "PM"
  /// Paule and Mandel's made median-unbiased.
  case medianUnbiased = "PMM"
}

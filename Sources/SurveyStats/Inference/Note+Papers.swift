/// What estimators of several kinds say of too few papers, or of papers that are too much alike.
extension Note {
  /// A single paper or cluster has no spread.
  static let singleUnit = Note("fewer-than-2-papers", effect: .noLimits)
  /// Fewer than three papers have a value.
  static let fewerThanThreePapers = Note("fewer-than-3-papers", effect: .noValue)
  /// All papers have the same value of the covariate.
  static let constantCovariate = Note("constant-covariate", effect: .noValue)
  /// There is one cluster, so that nothing says how far clusters differ.
  static let oneCluster = Note(
    "one-cluster", effect: .noLimits, words: "there is a single cluster, so no error is known")
  /// One paper alone determines a slope, so that its error is unknown.
  static let paperDeterminesSlope = Note("one-paper-determines-the-slope", effect: .noLimits)
}

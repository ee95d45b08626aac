/// Something about how papers were sampled that an analysis must not ignore in silence.
public enum SamplingFeature: String, Sendable, Hashable, CaseIterable {
  /// Papers stand for different numbers of papers: a `weight` column.
  case weights
  /// Papers of a cluster depend on each other.
  case clusters
  /// The numbers of papers of the strata were fixed.
  case strata
  /// Several rows are of one paper: versions of the instrument, or raters.
  case repeatedPapers = "repeated-papers"
}

/// What an analysis does about a feature of the sample.
public enum Handling: Sendable, Hashable {
  /// The estimate, its error and its tests take account of it.
  case honoured
  /// It plays no part, in the estimate as in the replicates, and every row says so.
  case noted(Note)
  /// The analysis cannot be had with it; one sentence says why and what to do.
  case refused(String)

  /// It plays no part, which every row says in the usual words.
  public static func ignored(_ feature: SamplingFeature) -> Handling { .noted(.ignored(feature)) }
}

extension Note {
  /// A feature of the sample that an analysis does not use, which is said in each of its rows.
  public static func ignored(_ feature: SamplingFeature) -> Note {
    Note("\(feature.rawValue)-not-used", effect: .doubt)
  }
}

/// An analysis that a feature of the sample does not allow.
public struct AnalysisRefused: Error, Equatable, CustomStringConvertible {
  /// The feature.
  public let feature: SamplingFeature
  /// One sentence with the remedy.
  public let description: String

  /// Creates a refusal.
  public init(_ feature: SamplingFeature, _ description: String) {
    self.feature = feature
    self.description = description
  }
}

extension Note {
  /// The rows of several raters of a paper share its weight.
  static let sharedByRaters = Note(
    "raters-share-papers", effect: .remark,
    words: "the raters of a paper share its weight, and a paper is drawn whole")
}

public import SurveyStats

/// The studies that inverse-variance weights can pool: known effects with positive variances.
struct UsableStudies: Sendable {
  let labels: [String]
  let effects: [Double]
  let variances: [Double]
  /// What is known of each; sizes are taken from it.
  let counts: [StudyCounts?]

  init(_ studies: StudyEffects) {
    let usable = studies.usable
    labels = usable.map { studies.labels[$0] }
    effects = usable.compactMap { studies.effects[$0].value }
    variances = usable.compactMap { studies.effects[$0].variance }
    counts = usable.map { studies.counts[$0] }
  }

  /// The numbers of papers; `nil` where one is unknown or zero.
  var sizes: [Double]? {
    let known = counts.compactMap { $0?.size }
    return known.count == counts.count && known.allSatisfy { $0 > 0 } ? known : nil
  }
}

extension Note {
  /// No study is left.
  public static let noOtherStudy = Note(
    "no-other-study", effect: .noValue, words: "no study is left to pool")
  /// There are too few studies for the method.
  static func tooFewStudies(_ least: Int) -> Note {
    Note(
      "too-few-studies", detail: "\(least)", effect: .noValue,
      words: "takes at least \(least) studies")
  }
}

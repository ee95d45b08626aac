/// The mean scores that a better rater would have found in all papers, having answered some of them.
///
/// The mean of the rater's scores over all papers is corrected by its mean error in the papers that both
/// have answered (``PredictionPoweredRegression`` with an intercept alone), so that the whole of the better
/// rater's score counts, and what applies by either may differ. Only papers of which the better rater was
/// asked everything that the rater was asked count as re-answered; items that it was never asked of any
/// paper are left out of both scores (`items-compared`).
///
/// Medians, quantiles and shares of tiers are not corrected: they are no means of what was re-answered
/// alike. Cost: some passes over the cells.
public struct CorrectedScores: Analysis {
  /// Whose answers correct, and how.
  public var correction: PoweredCorrection
  /// The scores: `score`, categories; `nil` for all.
  public var names: [String]?

  /// One row a score.
  public typealias Result = [CorrectedEffect]

  /// Asks for the mean scores that a better rater would have found.
  public init(
    better: String, names: [String]? = nil, method: PoweredMethod = .ppiPlusPlus,
    level: Double = 0.95, probability: String? = nil
  ) {
    correction = PoweredCorrection(
      better: better, method: method, level: level, probability: probability)
    self.names = names
  }

  /// What is done about a feature of the sample.
  public func handling(of feature: SamplingFeature) -> Handling {
    correction.handling(of: feature)
  }

  /// Works out all rows; nothing is drawn.
  public func begin(_ sample: Sample, _ run: Run) async throws -> Prepared<Result> {
    guard let found = try correction.readings(of: sample)
    else { return Prepared(draws: []) { _ in [] } }
    let scored = ScoredReadings(found)
    let all = scored.own.names
    if let unknown = names?.first(where: { !all.contains($0) }) {
      throw Scores.UnknownScore(name: unknown, known: all)
    }
    let rows = (names ?? all).map { name in row(name, found, scored) }
    return Prepared(draws: []) { _ in rows }
  }

  private func row(
    _ name: String, _ found: CorrectedReadings, _ scored: ScoredReadings
  ) -> CorrectedEffect {
    let papers = found.own.papers.indices.map { (paper: $0, x: [1.0]) }
    var row = CorrectedEffect(
      term: name,
      found.effect(.line, papers, scored.readings(name), correction, place: 0),
      bounds: 0...100)
    row.estimate.notes += scored.notes + found.notes
    return row
  }
}

/// The scores of all papers by two raters, over the items that both were asked.
struct ScoredReadings: Sendable {
  /// The rater's scores.
  let own: PaperScores
  /// The better rater's, of the papers that it has answered.
  let better: PaperScores
  /// Which of these papers it has answered wholly, by their place among all; `nil` elsewhere.
  let placeOfPaper: [Int?]
  /// What is to be said of the items.
  let notes: [Note]

  init(_ found: CorrectedReadings, items wanted: [Int]? = nil) {
    let reanswered = Set(found.reansweredItems)
    let wanted = wanted ?? Array(found.own.items.indices)
    let items = reanswered.isEmpty ? wanted : wanted.filter(reanswered.contains)
    let matrices = found.selecting(items: items)
    own = PaperScores(matrices.own)
    better = PaperScores(matrices.better)
    let whole = Set(found.wholePapers(items: items))
    var places = [Int?](repeating: nil, count: found.own.papers.count)
    for (place, paper) in found.readings.reanswered.enumerated() where whole.contains(paper) {
      places[paper] = place
    }
    placeOfPaper = places
    let partly = found.readings.reanswered.count - whole.count
    notes =
      (items.count < wanted.count ? [.itemsReanswered(items.count, of: wanted.count)] : [])
      + (partly > 0 ? [.partlyReanswered(partly)] : [])
  }

  /// What both say of a score.
  func readings(_ name: String) -> (prediction: [Double?], outcome: [SecondReading]) {
    let (mine, theirs) = (own[name]?.values ?? [], better[name]?.values ?? [])
    return (
      mine,
      placeOfPaper.map { place in
        place.map { theirs[$0].map(SecondReading.value) ?? .undefined } ?? .unread
      }
    )
  }
}

extension Note {
  /// The better rater was not asked all items.
  static func itemsReanswered(_ count: Int, of all: Int) -> Note {
    Note(
      "items-compared", detail: "\(count) of \(all)", effect: .remark,
      words: "scores are over the \(count) of \(all) items that the better rater was asked")
  }
  /// Papers that were re-answered in part have no score by the better rater.
  static func partlyReanswered(_ count: Int) -> Note {
    Note(
      "partly-re-answered", detail: "\(count)", effect: .remark,
      words: "\(count) papers were re-answered in part and count as not re-answered")
  }
}

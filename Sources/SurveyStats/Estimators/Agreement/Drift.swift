/// Whether raters agree less, or more, in later batches of papers than in the first.
///
/// A paper counts by the share of its cells on which two raters differ, of those that both were asked. The
/// mean of the first batch and the mean of all later papers each have a confidence sequence
/// (``ConfidenceSequence``) of half the error, so that one may look after every batch, as often as one likes:
/// where the agreement never changes, they are found apart at any time with at most the error of the level.
public struct Drift: Sendable {
  /// A batch.
  public struct Batch: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its papers.
    public let paperCount: Int
    /// The mean share of cells on which the raters differ; `nil` without papers.
    public let share: Double?
    /// The papers after the first batch, up to this one.
    public let laterCount: Int
    /// Their mean.
    public let later: Double?
    /// The limits at this time: those of the first batch in its own row, else of all later papers.
    public let limits: ClosedRange<Double>
    /// Whether these and the limits of the first batch are apart, or those of some earlier time.
    public let hasDrifted: Bool
  }

  /// The batches, in order.
  public let batches: [Batch]
  /// The confidence level.
  public let level: Double

  /// Looks at two raters batch by batch.
  ///
  /// - Parameters:
  ///   - ratings: The ratings.
  ///   - raters: The places of two raters.
  ///   - batchOf: The batch of each paper; `nil` for papers that take no part.
  ///   - level: The confidence level.
  public init(
    _ ratings: Ratings, raters: (Int, Int), batchOf: [String?], level: Double = 0.95
  ) {
    self.level = level
    var shares: [(batch: String, share: Double)] = []
    for paper in ratings.papers.indices {
      guard let batch = batchOf[paper] else { continue }
      var (cells, differing) = (0.0, 0.0)
      for item in ratings.items.indices {
        guard let one = AnswerState(ratings[raters.0, paper, item]),
          let other = AnswerState(ratings[raters.1, paper, item])
        else { continue }
        cells += 1
        if one != other { differing += 1 }
      }
      if cells > 0 { shares.append((batch, differing / cells)) }
    }
    let names = Set(shares.map(\.batch)).sorted {
      (Double($0) ?? .infinity, $0) < (Double($1) ?? .infinity, $1)
    }
    let each = 1 - (1 - level) / 2
    var first = ConfidenceSequence(level: each)
    var later = ConfidenceSequence(level: each)
    var batches: [Batch] = []
    for (place, name) in names.enumerated() {
      let own = shares.filter { $0.batch == name }.map(\.share)
      for share in own { place == 0 ? first.add(share) : later.add(share) }
      let now = place == 0 ? first : later
      batches.append(
        Batch(
          name: name, paperCount: own.count,
          share: own.isEmpty ? nil : own.reduce(0, +) / Double(own.count), laterCount: later.count,
          later: later.mean, limits: now.lower...now.upper,
          hasDrifted: first.isContradicted || later.isContradicted || later.lower > first.upper
            || later.upper < first.lower))
    }
    self.batches = batches
  }
}

extension Table {
  /// How far two raters differ, batch by batch.
  public init(_ drift: Drift, raters: [String], by column: String) {
    let batches = drift.batches
    self.init(
      name: "drift",
      caption:
        "The share of answers on which \(raters[0]) and \(raters[1]) differ, by \(column); the limits hold at "
        + "all times at once.",
      columns: [
        Column("batch", .text(batches.map(\.name))),
        Column("n_papers", .integer(batches.map(\.paperCount))),
        Column("estimate", .real(batches.map(\.share)), style: .share),
        Column("n_later", .integer(batches.map(\.laterCount))),
        Column("later", .real(batches.map(\.later)), style: .share),
        Column("conf_low", .real(batches.map(\.limits.lowerBound)), style: .share),
        Column("conf_high", .real(batches.map(\.limits.upperBound)), style: .share),
        Column("conf_level", .real(batches.map { _ in drift.level }), isDetail: true),
        Column("drift", .text(batches.map { $0.hasDrifted ? "yes" : "no" })),
      ])
    notes.append(
      "The limits of the first row are of the first batch, those of a later one of all papers since; drift is "
        + "yes where the two, or limits of different times, are apart.")
  }
}

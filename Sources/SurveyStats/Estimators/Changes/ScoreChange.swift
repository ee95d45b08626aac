/// How the distribution of the scores differs between two states of a corpus that share papers.
///
/// * The mean: its change is the sum of what the papers that only the earlier state has, those that
///   only the later one has and those in both contribute, `−Σ x/n₁`, `Σ x/n₂` and `Σ (x₂/n₂ − x₁/n₁)`.
///   The three are independent and have limits of Student's t each (see ``Estimate/plus(_:)``); a group
///   of a single paper takes the spread of all papers.
/// * Shares of tiers: as rates (`RateChange`).
/// * Everything else, and the mean of papers that are clustered, stratified or weighted: percentile
///   limits of bootstrap replicates that draw a paper in both states or in neither. There are none
///   where a state, or the papers that only one state has, are fewer than ten: too few to be resampled.
struct ScoreChange: Sendable {
  /// The score of each paper in the earlier state; `nil` where it has none.
  let earlier: [Double?]
  /// The score of each paper in the later state.
  let later: [Double?]
  let design: SamplingDesign
  let tiers: Tiers
  let level: Double

  /// The differences, in the order of ``ScoreDistribution``.
  func differences(_ bootstrap: Bootstrap) async throws -> [Estimate] {
    let summaries: [Estimate]
    let count = ScoreDistribution.summaryTerms.count
    if earlier == later {
      summaries = [Estimate](repeating: .unchanged, count: count)
    } else if isResampled {
      summaries = Array(try await resampled(bootstrap).prefix(count))
    } else {
      let (before, now) = (summary(earlier), summary(later))
      summaries = zip(before, now).map { old, new in
        let difference = new - old
        return difference.isNaN
          ? Estimate(nil, notes: [.noScores]) : Estimate(difference, notes: [.tooFewToResample])
      }
    }
    let mean = design.drawsPapersAlike && earlier != later ? meanDifference : summaries[0]
    return [mean] + summaries.dropFirst() + tiers.names.indices.map(tierDifference)
  }

  /// Whether all groups of papers are large enough to be resampled.
  private var isResampled: Bool {
    let pairs = zip(earlier, later)
    let (old, new) = (earlier.count { $0 != nil }, later.count { $0 != nil })
    let (left, joined) = (
      pairs.count { $0 != nil && $1 == nil }, pairs.count { $0 == nil && $1 != nil }
    )
    let least = ScoreDistributionTable.fewestPapers
    return min(old, new) >= least && [left, joined].allSatisfy { $0 == 0 || $0 >= least }
  }

  private func summary(_ scores: [Double?]) -> [Double] {
    let distribution = ScoreDistribution(scores: scores, design: design, tiers: tiers)
    return Array(distribution.original().prefix(ScoreDistribution.summaryTerms.count))
  }

  private func resampled(_ bootstrap: Bootstrap) async throws -> [Estimate] {
    var samples: [BootstrapSample] = []
    for scores in [earlier, later] {
      samples.append(
        try await bootstrap(ScoreDistribution(scores: scores, design: design, tiers: tiers)))
    }
    return samples[0].original.indices.map { quantity in
      let difference = samples[1].original[quantity] - samples[0].original[quantity]
      guard difference.isFinite else {
        return Estimate(nil, notes: [.noScores])
      }
      let replicates = zip(samples[0].values(of: quantity), samples[1].values(of: quantity))
        .map { $1 - $0 }
      do throws(IntervalFailure) {
        let limits = try BootstrapInterval.percentile.limits(
          estimate: difference, replicates: replicates, level: level)
        return Estimate(difference, lower: limits.lower, upper: limits.upper, level: level)
      } catch {
        return Estimate(difference, notes: [Note(error.note, effect: .noLimits)])
      }
    }
  }

  /// The difference of the means of papers drawn one by one.
  private var meanDifference: Estimate {
    let (old, new) = (earlier.compactMap { $0 }, later.compactMap { $0 })
    guard !old.isEmpty, !new.isEmpty else {
      return Estimate(nil, notes: [.noScores])
    }
    let (before, now) = (Double(old.count), Double(new.count))
    let pairs = Array(zip(earlier, later))
    let groups = [
      (pairs.compactMap { $1 == nil ? $0.map { -$0 / before } : nil }, 1 / before),
      (pairs.compactMap { $0 == nil ? $1.map { $0 / now } : nil }, 1 / now),
      (
        pairs.compactMap { pair in
          pair.0.flatMap { old in pair.1.map { $0 / now - old / before } }
        }, 1 / min(before, now)
      ),
    ]
    let spread = SampleMean(old + new)
    let sums = groups.map { values, scale in
      SampleMean(values).sum(
        level: level, standIn: (spread.deviation.map { $0 * scale }, spread.count - 1))
    }
    let difference = new.reduce(0, +) / now - old.reduce(0, +) / before
    guard sums.allSatisfy({ $0 != nil }) else {
      return Estimate(difference, notes: [.singlePaper])
    }
    var sum = sums.compactMap { $0 }.reduce(Estimate.zero) { $0.plus($1) }
    // Scores lie between 0 and 100.
    sum.value = difference
    sum.lower = sum.lower.map { max(-100, $0) }
    sum.upper = sum.upper.map { min(100, $0) }
    return sum
  }

  /// The difference of the shares of papers with a score in a tier.
  private func tierDifference(_ tier: Int) -> Estimate {
    func cells(_ scores: [Double?]) -> RateChange.Cells {
      RateChange.Cells(
        yes: scores.map { $0.map { tiers.index(of: $0) == tier ? 1 : 0 } ?? 0 },
        applicable: scores.map { $0 == nil ? 0 : 1 })
    }
    return RateChange(
      earlier: cells(earlier), later: cells(later), design: design, isSingleItem: true, level: level
    ).difference
  }
}

extension Note {
  /// No paper of a state has a score.
  fileprivate static let noScores = Note("no-scores", effect: .noValue)
  /// A group of papers is too small to be resampled.
  fileprivate static let tooFewToResample = Note("fewer-than-10-papers", effect: .noLimits)
  /// One paper has no spread.
  fileprivate static let singlePaper = Note("fewer-than-2-papers", effect: .noLimits)
}

/// How a rate differs between two states of a corpus that share papers.
///
/// The papers to which the target applies fall into three groups that are independent of each other:
/// those that it applies to earlier only (E), later only (L), and in both states (B). With the
/// applicable cells M of each group, weights included, and of both states, `M₁` and `M₂`,
///
/// `p₂ − p₁ = M_L/M₂ p_L − M_E/M₁ p_E + (M_B2/M₂ p_B2 − M_B1/M₁ p_B1)`
///
/// and the limits follow from Wilson's of each rate, on effective sample sizes as in ``RateEstimator``
/// (see ``Estimate/minus(_:correlation:)``). Where no cell of B has changed, its two terms are one, `(M_B/M₂ −
/// M_B/M₁) p_B`: a paper that is in both states with the same answers moves the rate by its smaller
/// share alone. Otherwise the two terms are those of the same papers, correlated as their residuals
/// are. Clusters with papers in several groups count as independent in each, which makes the interval
/// of a corpus that only grew somewhat too wide.
struct RateChange: Sendable {
  /// The cells of a target in one state, by paper; zero where the state lacks the paper.
  struct Cells: Sendable, Equatable {
    var yes: [Int]
    var applicable: [Int]
  }

  let earlier: Cells
  let later: Cells
  let design: SamplingDesign
  /// Whether a paper has at most one cell, so that cells of plain papers are independent draws.
  let isSingleItem: Bool
  let level: Double

  /// The difference, later less earlier.
  var difference: Estimate {
    let (before, now) = (ratio(earlier), ratio(later))
    guard let old = before.estimate, let new = now.estimate else {
      return Estimate(nil, notes: [.neverApplicable])
    }
    let papers = earlier.applicable.indices
    let isEarlier = papers.map { earlier.applicable[$0] > 0 }
    let isLater = papers.map { later.applicable[$0] > 0 }
    let isBoth = papers.map { isEarlier[$0] && isLater[$0] }
    let isSame = papers.allSatisfy {
      !isBoth[$0]
        || (earlier.yes[$0] == later.yes[$0] && earlier.applicable[$0] == later.applicable[$0])
    }
    let hasSamePapers = isEarlier == isBoth && isLater == isBoth
    if isSame, hasSamePapers { return .unchanged }
    let left = part(earlier, papers.map { isEarlier[$0] && !isBoth[$0] }, of: before)
    let joined = part(later, papers.map { isLater[$0] && !isBoth[$0] }, of: now)
    let stayed = (part(earlier, isBoth, of: before), part(later, isBoth, of: now))
    var shared = Estimate.zero
    if isSame {
      shared = stayed.0.rate.times(stayed.1.share - stayed.0.share)
    } else {
      shared = stayed.1.rate.times(stayed.1.share).minus(
        stayed.0.rate.times(stayed.0.share),
        correlation: stayed.0.ratio.correlation(with: stayed.1.ratio))
    }
    var sum = joined.rate.times(joined.share).plus(left.rate.times(-left.share)).plus(shared)
    // The sum of the parts, but without their rounding errors.
    let rounding = new - old - (sum.value ?? 0)
    sum.value = new - old
    sum.lower = sum.lower.map { $0 + rounding }
    sum.upper = sum.upper.map { $0 + rounding }
    return sum
  }

  /// The rate in the earlier state; `nil` when nothing applies.
  var oldRate: Double? { ratio(earlier).estimate }

  /// The rate in the later state; `nil` when nothing applies.
  var newRate: Double? { ratio(later).estimate }

  /// How much each sampling unit moves the difference.
  var influences: [Double] {
    let (before, now) = (ratio(earlier), ratio(later))
    return zip(before.residuals, now.residuals).map {
      $1 / now.denominator - $0 / before.denominator
    }
  }

  /// The rate of some of the papers, and their share of the cells of a state.
  private struct Part {
    var ratio: RatioOfSums
    var rate: Estimate
    var share: Double
  }

  private func part(_ cells: Cells, _ isMember: [Bool], of whole: RatioOfSums) -> Part {
    let ratio = ratio(cells, isMember)
    guard let estimate = ratio.estimate else {
      return Part(ratio: ratio, rate: .zero, share: 0)
    }
    let count = isMember.indices.reduce(0) { $0 + (isMember[$1] ? cells.applicable[$1] : 0) }
    let trials =
      isSingleItem && design.drawsPapersAlike
      ? Double(count) : RatioEstimate(ratio).effectiveTrials(cells: count, level: level)
    let limits = ProportionInterval.wilson.limits(
      successes: estimate * trials, trials: trials, level: level)
    return Part(
      ratio: ratio,
      rate: Estimate(estimate, lower: limits?.lower ?? 0, upper: limits?.upper ?? 1),
      share: ratio.denominator / whole.denominator)
  }

  /// The ratio of yes to applicable cells, of all papers or of some.
  private func ratio(_ cells: Cells, _ isMember: [Bool]? = nil) -> RatioOfSums {
    RatioOfSums(
      numerators: design.unitTotals { isMember?[$0] ?? true ? Double(cells.yes[$0]) : 0 },
      denominators: design.unitTotals { isMember?[$0] ?? true ? Double(cells.applicable[$0]) : 0 },
      stratumSizes: design.stratumSizes)
  }
}

import RealModule

/// Two rates or mean scores between 0 and 1, of groups of papers that may be weighted, clustered, or
/// have other items applicable: their difference, ratio and odds ratio by the score method, each rate as
/// if from so many independent answers as have its variance.
///
/// Of each side there are, by sampling unit, what it contributes to the error of the mean (adding up to
/// zero), its share in the mean (adding up to one), and what it would contribute if both sides had the
/// same rates.
///
/// * A mean m with the variance V (``UnitVariance``) has the size m(1 − m)/V. Where all its values are
///   equal there is no variance, and it has the number of its papers over the design effect of the other
///   side, or that of its units where neither side has a variance.
/// * Units with papers on both sides make the variance of the difference another than the sum; both
///   sizes are multiplied with V₁ + V₂ over it.
/// * With fewer than ``fewestRare`` effective yes or no on a side, the variance if both had the same rates
///   counts where it is larger: of papers drawn alike the one
///   that permuted papers would have, S²(1/n₁ + 1/n₂) with the variance S² of all values; of clusters
///   Σ e₀² G/(G − 1). Of rare answers and small groups the own variance is often far too small, so that
///   Welch's test and CR2 errors find up to eight times too much (`docs/inference.md`).
/// * With fewer than ``fewestPapers`` papers on a side, drawn alike, the p-value is at least that of the
///   permutation test; limits widen accordingly.
/// * Degrees of freedom: N − 2 for papers drawn alike, else Satterthwaite's of Bell and McCaffrey's.
///
/// For answers 0 and 1 of papers drawn alike the result is Miettinen and Nurminen's, but for Student's t.
struct DesignContrast: Sendable {
  /// One of the two means.
  struct Side: Sendable {
    /// The mean.
    var mean: Double
    /// The number of papers.
    var count: Int
    /// Kish's number of papers for their weights.
    var effectiveCount: Double
    /// What every unit contributes to the error.
    var contributions: [Double]
    /// The share of every unit.
    var shares: [Double]
    /// What every unit contributes if both sides have the same rates.
    var nullContributions: [Double]
  }

  /// With fewer papers on a side permutations are looked at.
  static let fewestPapers = 10
  /// With fewer expected yes or no on a side its own variance is not to be trusted.
  static let fewestRare = 15.0
  /// The random permutations, where there are too many to look at all.
  static let permutations = 9_999

  let first: Side
  let second: Side
  let design: SamplingDesign

  /// The standard error of the difference; `nil` where no value varies.
  var standardError: Double? {
    let variance = differenceVariance
    return variance > 1e-24 ? variance.squareRoot() : nil
  }

  /// The variance of the difference, with the units that both sides have.
  private var differenceVariance: Double {
    let (a, b) = (adjusted(first), adjusted(second))
    return a.indices.reduce(0) { $0 + (a[$1] - b[$1]) * (a[$1] - b[$1]) }
  }

  private func adjusted(_ side: Side) -> [Double] {
    UnitVariance.adjusted(
      contributions: side.contributions, shares: side.shares, stratumSizes: design.stratumSizes)
  }

  private func accuracy(_ side: Side) -> UnitVariance {
    UnitVariance(
      contributions: side.contributions, shares: side.shares, stratumSizes: design.stratumSizes)
  }

  /// Whether papers are drawn alike and on one side each.
  private var drawsPapersAlike: Bool {
    design.drawsPapersAlike
      && !first.shares.indices.contains { first.shares[$0] > 0 && second.shares[$0] > 0 }
  }

  /// The score contrast; `seed` is that of the permutations of small groups.
  func score(seed: UInt64 = 1) -> ScoreContrast {
    let own = (accuracy(first), accuracy(second))
    let variances = (own.0.variance, own.1.variance)
    /// What the variance is beside that of so many answers.
    func effect(_ side: Side, _ own: UnitVariance) -> Double? {
      let binomial = side.mean * (1 - side.mean) / side.effectiveCount
      return own.variance > 1e-18 && binomial > 1e-18 ? own.variance / binomial : nil
    }
    let effects = (effect(first, own.0), effect(second, own.1))
    func size(_ side: Side, _ own: UnitVariance, _ effect: Double?) -> Double {
      effect.map { side.effectiveCount / $0 } ?? own.effectiveUnitCount
    }
    var sizes = (
      size(first, own.0, effects.0 ?? effects.1), size(second, own.1, effects.1 ?? effects.0)
    )
    let sum = variances.0 + variances.1
    // At least that of two papers that differ, where the sides share units.
    let papers = Double(max(1, first.count + second.count)) / 2
    let joint = max(differenceVariance, min(2 / (papers * papers), sum))
    let scale = sum > 0 ? sum / joint : 1
    sizes = (sizes.0 * scale, sizes.1 * scale)
    let freedom = degreesOfFreedom(own)
    var score = ScoreContrast(
      first: first.mean, of: sizes.0, second: second.mean, of: sizes.1,
      degreesOfFreedom: freedom)
    if score.fewestRare < Self.fewestRare {
      let nullVariance = nullVariance
      if nullVariance > score.variance, score.variance > 0 {
        score = score.widened(by: nullVariance / score.variance)
      }
    }
    if drawsPapersAlike, min(first.count, second.count) < Self.fewestPapers,
      let permuted = permuted(seed: seed)?.pValue, permuted > score.pValue
    {
      let quantile = StudentT(degreesOfFreedom: freedom).upperQuantile(min(permuted, 1) / 2)
      let ratio = abs(score.statistic) / max(quantile, 1e-3)
      score = score.widened(by: ratio * ratio)
    }
    return score
  }

  private func degreesOfFreedom(_ own: (UnitVariance, UnitVariance)) -> Double {
    if drawsPapersAlike { return Double(max(1, first.count + second.count - 2)) }
    let (a, b) = (own.0.variance, own.1.variance)
    let (df, other) = (own.0.degreesOfFreedom, own.1.degreesOfFreedom)
    guard a > 0, b > 0, df > 0, other > 0 else {
      return max(1, a > 0 ? df : b > 0 ? other : df + other)
    }
    return max(1, (a + b) * (a + b) / (a * a / df + b * b / other))
  }

  /// The variance of the difference if both sides have the same rates.
  private var nullVariance: Double {
    if drawsPapersAlike {
      var squares = 0.0
      for side in [first, second] {
        let n = Double(side.count)
        for unit in side.shares.indices where side.shares[unit] > 0 {
          let residual = side.nullContributions[unit]
          squares += n * residual * residual / side.shares[unit]
        }
      }
      let shares = [first, second].reduce(0) { sum, side in
        sum + side.shares.reduce(0) { $0 + $1 * $1 }
      }
      return squares / Double(max(1, first.count + second.count - 1)) * shares
    }
    var (squares, units) = (0.0, 0)
    for unit in first.shares.indices where first.shares[unit] > 0 || second.shares[unit] > 0 {
      let residual = first.nullContributions[unit] - second.nullContributions[unit]
      squares += residual * residual
      units += 1
    }
    return units > 1 ? squares * Double(units) / Double(units - 1) : 0
  }

  /// The permutation test of the contributions.
  func permuted(seed: UInt64, replicates: Int = Self.permutations) -> PermutationTest? {
    let smaller = first.count <= second.count
    var (values, labels): ([Double], [Bool]) = ([], [])
    for (side, isFirst) in [(first, smaller), (second, !smaller)] {
      let n = Double(side.count)
      for unit in side.shares.indices where side.shares[unit] > 0 {
        values.append(n * side.nullContributions[unit])
        labels.append(isFirst)
      }
    }
    return PermutationTest(values: values, isFirst: labels, replicates: replicates, seed: seed)
  }
}

extension ScoreContrast {
  /// The rarer answer that the smaller side would have if both had the same rate.
  var fewestRare: Double {
    let rate = (firstSize * first + secondSize * second) / (firstSize + secondSize)
    return min(rate, 1 - rate) * min(firstSize, secondSize)
  }

  /// The same rates with a variance so many times as large.
  func widened(by factor: Double) -> ScoreContrast {
    ScoreContrast(
      first: first, of: firstSize / factor, second: second, of: secondSize / factor,
      inflation: inflation, degreesOfFreedom: degreesOfFreedom)
  }
}

extension DesignContrast {
  /// The means of the values of two sets of papers, which may share papers or units.
  ///
  /// `nil` when one of the two has no value.
  init?(
    _ first: [(paper: Int, value: Double)], _ second: [(paper: Int, value: Double)],
    design: SamplingDesign
  ) {
    func weight(_ paper: Int) -> Double { design.weights?[paper] ?? 1 }
    func total(_ papers: [(paper: Int, value: Double)]) -> (weight: Double, mean: Double)? {
      var (sum, all) = (0.0, 0.0)
      for (paper, value) in papers {
        sum += weight(paper) * value
        all += weight(paper)
      }
      return all > 0 ? (all, sum / all) : nil
    }
    guard let one = total(first), let other = total(second) else { return nil }
    let pooled = (one.weight * one.mean + other.weight * other.mean) / (one.weight + other.weight)
    func side(
      _ papers: [(paper: Int, value: Double)], _ own: (weight: Double, mean: Double)
    ) -> Side {
      var side = Side(
        mean: own.mean, count: papers.count(where: { weight($0.paper) > 0 }),
        effectiveCount: EffectiveNumber.kish(papers.lazy.map { weight($0.paper) }),
        contributions: [Double](repeating: 0, count: design.unitCount),
        shares: [Double](repeating: 0, count: design.unitCount),
        nullContributions: [Double](repeating: 0, count: design.unitCount))
      for (paper, value) in papers {
        let unit = design.unitOfPaper[paper]
        let share = weight(paper) / own.weight
        side.shares[unit] += share
        side.contributions[unit] += share * (value - own.mean)
        side.nullContributions[unit] += share * (value - pooled)
      }
      return side
    }
    self.init(first: side(first, one), second: side(second, other), design: design)
  }

  /// The rates of two groups over the same mix of items; `nil` when one of the two has none.
  init?(_ mix: ItemMix, _ first: Int, _ second: Int) {
    guard let sides = mix.sides(first, second) else { return nil }
    self.init(first: sides.0, second: sides.1, design: mix.design)
  }
}

extension ItemMix {
  /// The two sides of a comparison of groups.
  fileprivate func sides(
    _ first: Int, _ second: Int
  ) -> (DesignContrast.Side, DesignContrast.Side)? {
    func side(_ group: Int) -> DesignContrast.Side? {
      guard let mean = value(group), let own = contributions(group) else { return nil }
      let papers = groups[group].filter { paper in
        mixedItems.contains { matrix.applies[paper, $0] }
      }
      return DesignContrast.Side(
        mean: min(max(mean, 0), 1), count: papers.count,
        effectiveCount: EffectiveNumber.kish(papers.lazy.map { design.weights?[$0] ?? 1 }),
        contributions: own,
        shares: shares(group), nullContributions: own)
    }
    guard var one = side(first), var other = side(second) else { return nil }
    guard method == .common else { return (one, other) }
    // With the same rates of items in both, the residuals of a group no longer add up to zero.
    for (position, item) in mixedItems.enumerated() {
      let column = positions[position]
      let counts = (applicable[first][column], applicable[second][column])
      let total = counts.0 + counts.1
      guard total > 0 else { continue }
      let pooled = (yes[first][column] + yes[second][column]) / total
      func shift(_ group: Int, _ count: Double, _ side: inout DesignContrast.Side) {
        guard count > 0 else { return }
        let factor = weights[position] * (yes[group][column] / count - pooled) / count
        for paper in groups[group] where matrix.applies[paper, item] {
          side.nullContributions[design.unitOfPaper[paper]] +=
            factor * (design.weights?[paper] ?? 1)
        }
      }
      shift(first, counts.0, &one)
      shift(second, counts.1, &other)
    }
    return (one, other)
  }
}

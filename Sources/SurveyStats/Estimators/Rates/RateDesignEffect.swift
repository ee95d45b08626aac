/// What clusters and weights do to the accuracy of a rate: the design effect, and how alike the papers of a
/// cluster are.
///
/// The design effect is the variance of the rate (its reported standard error squared) over that of as many
/// papers drawn alike, `V₀ = n/(n − 1) · Σ w e²/Σ w · n/(Σ w m/Σ w · n)²` with the residuals e = y − R m of
/// the papers that take part. For a mean it is `deff = "replace"` of R's `survey`, but for the bias reduction of
/// the cluster variance. Below one clusters are more alike to each other than chance.
///
/// The intraclass correlation is the analysis of variance's of the residuals, `(MSB − MSW)/(MSB + (m₀ − 1) MSW)`
/// with `m₀ = (n − Σ n_g²/n)/(G − 1)`, papers counted once; of an item that of its answers. It may be negative
/// down to −1/(m₀ − 1), and is undefined with fewer than two clusters, or when no cluster has two papers.
///
/// References: Kish (1965), *Survey Sampling*, section 8.2; Donner (1986), *International Statistical Review*
/// 54:67, equation 2.
public struct RateDesignEffect: Sendable, Equatable {
  /// The design effect; `nil` where the rate has no standard error.
  public let value: Double?
  /// The intraclass correlation; `nil` of papers that are not in clusters.
  public let intraclassCorrelation: Double?
  /// The number of clusters, or of papers, that take part.
  public let unitCount: Int
  /// Bell and McCaffrey's degrees of freedom of the error of clusters.
  public let degreesOfFreedom: Double?

  /// Estimates both for a rate of a target.
  init(
    _ matrix: BinaryMatrix, target: RateTarget, design: SamplingDesign, ratio: RatioEstimate
  ) {
    unitCount = ratio.unitCount
    degreesOfFreedom = ratio.clusterDegreesOfFreedom
    guard let rate = ratio.value else {
      (value, intraclassCorrelation) = (nil, nil)
      return
    }
    let yes = matrix.yes.rowCounts(columns: target.items)
    let cells = matrix.applies.rowCounts(columns: target.items)
    let papers = matrix.papers.indices.filter { cells[$0] > 0 && (design.weights?[$0] ?? 1) > 0 }
    let residuals = papers.map { Double(yes[$0]) - rate * Double(cells[$0]) }
    var (weights, squares, sizes) = (0.0, 0.0, 0.0)
    for (position, paper) in papers.enumerated() {
      let weight = design.weights?[paper] ?? 1
      weights += weight
      squares += weight * residuals[position] * residuals[position]
      sizes += weight * Double(cells[paper])
    }
    let count = Double(papers.count)
    let mean = sizes / weights
    let alike = squares / weights / (count - 1) / (mean * mean)
    value = ratio.standardError.flatMap { alike > 0 ? $0 * $0 / alike : nil }
    intraclassCorrelation =
      design.unitsArePapers
      ? nil : Self.intraclass(residuals, clusters: papers.map { design.unitOfPaper[$0] })
  }

  /// The analysis of variance's intraclass correlation.
  static func intraclass(_ values: [Double], clusters: [Int]) -> Double? {
    var members: [Int: [Double]] = [:]
    for (value, cluster) in zip(values, clusters) { members[cluster, default: []].append(value) }
    let groups = members.keys.sorted().compactMap { members[$0] }
    let (n, g) = (Double(values.count), Double(groups.count))
    guard g > 1, n > g else { return nil }
    let mean = values.reduce(0, +) / n
    var (between, within, squares) = (0.0, 0.0, 0.0)
    for group in groups {
      let size = Double(group.count)
      let own = group.reduce(0, +) / size
      between += size * (own - mean) * (own - mean)
      within += group.reduce(0) { $0 + ($1 - own) * ($1 - own) }
      squares += size * size
    }
    let (meanBetween, meanWithin) = (between / (g - 1), within / (n - g))
    let size = (n - squares / n) / (g - 1)
    let spread = meanBetween + (size - 1) * meanWithin
    return spread > 1e-12 ? (meanBetween - meanWithin) / spread : nil
  }
}

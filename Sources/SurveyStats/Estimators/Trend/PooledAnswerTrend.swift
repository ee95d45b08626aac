import RealModule

/// The slope of the log odds of yes over all applicable answers of a category, module or checklist.
///
/// The answers of papers with m applicable items and k yes are pooled as k of m at the paper's
/// covariate x, as the rate of a category is in `rates`; the slope maximises the binomial
/// likelihood. Answers of one paper (or cluster) hang together, so the standard error is
/// cluster-robust (CR1: the sandwich times G/(G − 1)) and the interval a t interval with G − 1
/// degrees of freedom. Undefined without variation of x or of the answers, with separation, and with
/// fewer than two clusters. Cost: O(papers log papers).
///
/// Reference: Liang & Zeger (1986), Biometrika 73:13.
public struct PooledAnswerTrend: Sendable {
  /// The log odds ratio per unit of the covariate.
  public let estimate: Double
  /// Its cluster-robust standard error.
  public let standardError: Double
  /// The number of clusters.
  public let clusterCount: Int
  let likelihood: BinomialLikelihood
  let optimum: BinomialLikelihood.Optimum
  /// The pattern of each paper, and its answers.
  let patternOfPaper: [Int]
  let yes: [Int]
  let applicable: [Int]

  /// Fits the slope; papers without a cluster's name are clusters of their own.
  public init?(_ x: [Double], yes: [Int], applicable: [Int], clusters: [String?]? = nil) {
    let design = DenseMatrix(
      rows: x.count, columns: 2, elements: [Double](repeating: 1, count: x.count) + x)
    let patterns = CovariatePatterns(design)
    var successes = [Double](repeating: 0, count: patterns.count)
    var trials = successes
    for (paper, pattern) in patterns.patternOfRow.enumerated() {
      successes[pattern] += Double(yes[paper])
      trials[pattern] += Double(applicable[paper])
    }
    let likelihood = BinomialLikelihood(
      columns: patterns.values, successes: successes, trials: trials, offset: patterns.offset,
      isPenalized: false)
    let members = ClusterMembers(x.indices.map { clusters?[$0] })
    let total = successes.reduce(0, +)
    guard patterns.count > 1, total > 0, total < trials.reduce(0, +), members.count > 1,
      Separation.find(in: likelihood) == nil,
      let optimum = try? likelihood.maximized(from: likelihood.start)
    else { return nil }
    let probabilities = likelihood.probabilities(optimum.beta)
    var meat = DenseMatrix(rows: 2, columns: 2)
    for papers in members.rows {
      var score = [0.0, 0.0]
      for paper in papers {
        let pattern = patterns.patternOfRow[paper]
        let gap = Double(yes[paper]) - Double(applicable[paper]) * probabilities[pattern]
        score[0] += gap
        score[1] += gap * likelihood.x[pattern, 1]
      }
      for row in 0..<2 { for column in 0..<2 { meat[row, column] += score[row] * score[column] } }
    }
    let inverse = optimum.inverseInformation
    let robust = likelihood.covariance(
      ofStandardized: inverse.multiplied(by: meat).multiplied(by: inverse))
    let count = Double(members.count)
    estimate = likelihood.coefficients(of: optimum.beta)[1]
    standardError = (max(0, robust[1, 1]) * count / (count - 1)).squareRoot()
    clusterCount = members.count
    self.likelihood = likelihood
    self.optimum = optimum
    patternOfPaper = patterns.patternOfRow
    self.yes = yes
    self.applicable = applicable
  }

  /// The t interval of the log odds ratio.
  public func interval(level: Double = 0.95) -> CoefficientInterval {
    let quantile = StudentT(degreesOfFreedom: Double(clusterCount - 1))
      .upperQuantile((1 - level) / 2)
    return CoefficientInterval(
      low: estimate - quantile * standardError, high: estimate + quantile * standardError)
  }
}

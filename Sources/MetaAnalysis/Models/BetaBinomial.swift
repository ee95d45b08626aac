import RealModule
import SurveyStats

/// Binomial events whose rates have a beta distribution between studies.
///
/// `xᵢ ~ Bin(nᵢ, πᵢ)`, `πᵢ ~ Beta(μ/φ, (1 − μ)/φ)`, so that the correlation of two papers of a study is
/// ρ = φ / (1 + φ). For each φ the likelihood is concave in μ; φ is searched from 0 to
/// ``greatestDispersion`` on a grid, and the highest maximum is refined. The estimate is the mean rate μ.
/// It is fitted by sums over papers, as fractional counts have no such likelihood: cost O(Σ nᵢ) for each
/// pair of parameters tried.
///
/// Reference: Griffiths (1973), *Biometrics* 29:637.
public struct BetaBinomial: Sendable {
  /// The confidence level.
  public var level: Double
  /// The greatest φ tried; the correlation is 0.999 there.
  static let greatestDispersion = 1_000.0

  /// Creates the model.
  public init(level: Double = 0.95) { self.level = level }

  /// The fitted distribution of rates.
  public struct Fit: Sendable, Equatable {
    /// The mean rate.
    public var mean: Double
    /// φ; zero for one rate in all studies.
    public var dispersion: Double
    /// The correlation of two papers of a study.
    public var correlation: Double { dispersion / (1 + dispersion) }
    /// The log-likelihood.
    public var logLikelihood: Double
    /// The variance of the logit of the mean rate; `nil` at an end.
    var logitVariance: Double?
    /// The log-likelihood with one rate in all studies.
    var commonLogLikelihood: Double
  }

  /// Fits events among totals, whole numbers.
  public func fit(_ studies: [(events: Int, total: Int)]) -> Fit {
    let search = BetaBinomialSearch(studies)
    return search.best()
  }
}

/// The search for the parameters of a ``BetaBinomial``.
struct BetaBinomialSearch {
  private let constant: Double
  /// How many studies have more than j events, non-events and papers.
  private let yes: [Double]
  private let no: [Double]
  private let all: [Double]

  init(_ studies: [(events: Int, total: Int)]) {
    func exceeding(_ counts: [Int]) -> [Double] {
      var result = [Double](repeating: 0, count: counts.max() ?? 0)
      for count in counts where count > 0 { result[count - 1] += 1 }
      for index in result.indices.reversed().dropFirst() { result[index] += result[index + 1] }
      return result
    }
    yes = exceeding(studies.map(\.events))
    no = exceeding(studies.map { $0.total - $0.events })
    all = exceeding(studies.map(\.total))
    constant = studies.reduce(0) { sum, study in
      sum + Double.logGamma(Double(study.total) + 1) - Double.logGamma(Double(study.events) + 1)
        - Double.logGamma(Double(study.total - study.events) + 1)
    }
  }

  /// The log-likelihood with its derivatives.
  struct Point {
    var value = 0.0
    var byMean = 0.0
    var byDispersion = 0.0
    var meanMean = 0.0
    var meanDispersion = 0.0
    var dispersionDispersion = 0.0
  }

  func evaluate(_ mean: Double, _ dispersion: Double) -> Point {
    var point = Point(value: constant)
    func add(_ counts: [Double], _ base: Double, _ sign: Double) {
      for (index, count) in counts.enumerated() {
        let j = Double(index)
        let term = base + j * dispersion
        point.value += count * Double.log(term)
        let slope = count / term
        point.byMean += sign * slope
        point.byDispersion += j * slope
        point.meanMean -= slope / term
        point.meanDispersion -= sign * j * slope / term
        point.dispersionDispersion -= j * j * slope / term
      }
    }
    add(yes, mean, 1)
    add(no, 1 - mean, -1)
    for (index, count) in all.enumerated() {
      let j = Double(index)
      let term = 1 + j * dispersion
      point.value -= count * Double.log(term)
      point.byDispersion -= count * j / term
      point.dispersionDispersion += count * j * j / (term * term)
    }
    return point
  }

  /// The mean of the highest likelihood at a dispersion, by Newton's steps between bounds.
  func mean(at dispersion: Double) -> Double {
    if yes.isEmpty { return 0 }
    if no.isEmpty { return 1 }
    var (low, high) = (0.0, 1.0)
    var mean = yes.reduce(0, +) / all.reduce(0, +)
    for _ in 0..<200 {
      let point = evaluate(mean, dispersion)
      if point.byMean > 0 { low = mean } else { high = mean }
      var next = mean - point.byMean / point.meanMean
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - mean) <= 1e-15 * mean || high - low < 1e-300 { return next }
      mean = next
    }
    return mean
  }

  func best() -> BetaBinomial.Fit {
    let common = mean(at: 0)
    if yes.isEmpty || no.isEmpty {
      return BetaBinomial.Fit(
        mean: common, dispersion: 0, logLikelihood: constant, logitVariance: nil,
        commonLogLikelihood: constant)
    }
    let start = evaluate(common, 0)
    var best = (mean: common, dispersion: 0.0, value: start.value)
    var grid = [0.0]
    var next = 1e-5
    while next < BetaBinomial.greatestDispersion {
      grid.append(next)
      next *= 2.5
    }
    grid.append(BetaBinomial.greatestDispersion)
    func slope(_ dispersion: Double) -> Double {
      evaluate(mean(at: dispersion), dispersion).byDispersion
    }
    func consider(_ dispersion: Double) {
      let mean = mean(at: dispersion)
      let value = evaluate(mean, dispersion).value
      if value > best.value + 1e-12 { best = (mean, dispersion, value) }
    }
    var left = start.byDispersion
    for index in grid.indices.dropFirst() {
      let right = slope(grid[index])
      if left > 0, right <= 0 {
        let range = grid[index - 1]...grid[index]
        consider(Brent.root(in: range, tolerance: grid[index] * 1e-14, of: slope) ?? grid[index])
      }
      left = right
    }
    if left > 0 { consider(BetaBinomial.greatestDispersion) }
    let point = evaluate(best.mean, best.dispersion)
    // Information of the logit: the mean's slope of the inverse logit squared.
    let isInner = best.dispersion > 0 && best.dispersion < BetaBinomial.greatestDispersion
    let information =
      isInner
      ? -(point.meanMean
        - point.meanDispersion * point.meanDispersion / point.dispersionDispersion)
      : -point.meanMean
    let slope = best.mean * (1 - best.mean)
    let variance = information > 0 ? 1 / (information * slope * slope) : nil
    return BetaBinomial.Fit(
      mean: best.mean, dispersion: best.dispersion, logLikelihood: best.value,
      logitVariance: variance, commonLogLikelihood: start.value)
  }
}

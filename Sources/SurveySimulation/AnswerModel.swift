import RealModule
import SurveyStats

/// The latent answers of a simulated corpus: a multivariate probit with factors.
///
/// Paper i has independent standard normal factors f. Its latent answer to item j is
/// z = Σₖ λⱼₖ fₖ + √(1 − Σₖ λⱼₖ²) e with standard normal e, so that z is standard normal too and
/// cov(zⱼ, zₗ) = Σₖ λⱼₖ λₗₖ, the tetrachoric correlation of the two items. The answer is yes where
/// z is above the threshold of the item and the year of the paper.
///
/// The pass rate of a year is logistic(α + slope · year) and its threshold −Φ⁻¹(rate), where α
/// makes the rate over all years the target exactly; without a slope every year has the target.
public struct AnswerModel: Sendable {
  /// The thresholds: one list an item, one number a year of the distribution of years.
  ///
  /// A pass rate of 0 or 1 has an infinite threshold.
  public let thresholds: [[Double]]
  /// The pass rates the thresholds stand for, in the same layout.
  public let yearRates: [[Double]]
  /// √(1 − Σλ²) of every item.
  public let uniqueDeviations: [Double]
  /// The loadings that are not zero, item after item, and where each item's begin.
  let loadings: [(factor: Int, value: Double)]
  let starts: [Int]

  /// Solves for the thresholds.
  init(items: [SimulatedItem], years: DiscreteDistribution<Int>) {
    var loadings: [(factor: Int, value: Double)] = []
    var starts = [0]
    for item in items {
      for (factor, value) in item.loadings.enumerated() where value != 0 {
        loadings.append((factor, value))
      }
      starts.append(loadings.count)
    }
    self.loadings = loadings
    self.starts = starts
    uniqueDeviations = items.map { item in
      max(0, 1 - item.loadings.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
    yearRates = items.map { item in
      Self.rates(of: item, years: years)
    }
    let normal = Normal()
    thresholds = yearRates.map { rates in rates.map { normal.upperQuantile($0) } }
  }

  /// The correlation of the latent answers to two different items.
  public func latentCorrelation(_ first: Int, _ second: Int) -> Double {
    var sum = 0.0
    for left in starts[first]..<starts[first + 1] {
      for right in starts[second]..<starts[second + 1]
      where loadings[left].factor == loadings[right].factor {
        sum += loadings[left].value * loadings[right].value
      }
    }
    return sum
  }

  /// The pass rate of an item in each year.
  private static func rates(
    of item: SimulatedItem, years: DiscreteDistribution<Int>
  ) -> [Double] {
    let target = item.passRate
    guard item.yearSlope != 0, target > 0, target < 1, let origin = years.values.first else {
      return years.values.map { _ in target }
    }
    let shifts = years.values.map { item.yearSlope * Double($0 - origin) }
    func rates(_ intercept: Double) -> [Double] { shifts.map { logistic(intercept + $0) } }
    // The rate over all years rises with the intercept, and lies between those of the extremes.
    let logit = Double.log(target) - Double.log(onePlus: -target)
    var low = logit - (shifts.max() ?? 0)
    var high = logit - (shifts.min() ?? 0)
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      let mean = zip(rates(middle), years.probabilities).reduce(0) { $0 + $1.0 * $1.1 }
      if mean < target { low = middle } else { high = middle }
    }
    return rates(low + (high - low) / 2)
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Double.exp(-x)) }
}

import RealModule
public import SurveyStats

/// Tests of whether effects and the precision of studies go together, as they do when small studies are
/// published for their results.
public enum FunnelAsymmetry {
  /// What a regression of effects on imprecision says.
  public struct Regression: Sendable, Equatable {
    /// The slope, with its test.
    public var slope: Estimate
    /// The statistic of the slope.
    public var statistic: Double?
    /// The p-value of the slope.
    public var pValue: Double?
    /// The effect of a study without any imprecision: the intercept.
    public var limit: Estimate
    /// The p-value of the intercept.
    var limitPValue: Double?
  }

  /// Regresses effects on a measure of imprecision.
  ///
  /// - Parameters:
  ///   - effects: The effects.
  ///   - variances: Their variances; the inverse of a weight for weighted least squares.
  ///   - predictor: The imprecision of each study.
  ///   - model: How heterogeneity beyond the predictor is treated: a common effect with Knapp and Hartung's
  ///     scale is weighted least squares.
  static func regression(
    _ effects: [Double], variances: [Double], on predictor: [Double], model: RandomEffects
  ) throws(MetaError) -> Regression {
    guard effects.count >= 3 else {
      throw .tooFewStudies(studies: effects.count, coefficients: 2)
    }
    let fit = try model.fit(
      effects, variances: variances,
      design: DenseMatrix(
        rows: effects.count, columns: 2,
        elements: [Double](repeating: 1, count: effects.count) + predictor))
    func statistic(_ index: Int) -> Double? {
      let error = fit.standardErrors[index]
      return error > 0 ? fit.coefficients[index] / error : nil
    }
    return Regression(
      slope: fit.estimate(ofCoefficient: 1), statistic: statistic(1),
      pValue: fit.pValue(ofCoefficient: 1), limit: fit.estimate(ofCoefficient: 0),
      limitPValue: fit.pValue(ofCoefficient: 0))
  }

  /// Weighted least squares, with a dispersion that is estimated.
  static func weightedLine(level: Double) -> RandomEffects {
    RandomEffects(method: .commonEffect, test: .knappHartung, level: level)
  }

  /// The rank correlation of standardised effects and variances (Begg & Mazumdar 1994, *Biometrics*
  /// 50:1088): Kendall's τ-b, with an exact p-value below 50 studies without ties, else a normal one.
  static func rankCorrelation(
    _ effects: [Double], variances: [Double]
  ) -> (tau: Double, statistic: Double?, pValue: Double)? {
    let weight = variances.reduce(0) { $0 + 1 / $1 }
    let mean = zip(effects, variances).reduce(0) { $0 + $1.0 / $1.1 } / weight
    let scores = zip(effects, variances).map { effect, variance in
      (effect - mean) / max(variance - 1 / weight, .leastNormalMagnitude).squareRoot()
    }
    return Kendall(scores, variances).map { ($0.tau, $0.statistic, $0.pValue) }
  }
}

/// Kendall's rank correlation τ-b with its test.
struct Kendall: Sendable {
  let tau: Double
  /// The normal statistic; `nil` where the p-value is exact.
  let statistic: Double?
  let pValue: Double

  /// Correlates two lists; `nil` when one of them is constant or there are fewer than two values.
  init?(_ x: [Double], _ y: [Double]) {
    let count = x.count
    var (concordant, tiesX, tiesY) = (0, 0, 0)
    for i in 0..<count {
      for j in 0..<i {
        let (a, b) = (x[i] - x[j], y[i] - y[j])
        if a == 0 { tiesX += 1 }
        if b == 0 { tiesY += 1 }
        if a * b > 0 { concordant += 1 } else if a * b < 0 { concordant -= 1 }
      }
    }
    let pairs = count * (count - 1) / 2
    guard tiesX < pairs, tiesY < pairs else { return nil }
    tau = Double(concordant) / (Double(pairs - tiesX) * Double(pairs - tiesY)).squareRoot()
    if tiesX == 0, tiesY == 0, count < 50 {
      statistic = nil
      pValue = Self.exact(concordant, count: count)
      return
    }
    func groups(_ values: [Double]) -> [Double] {
      Dictionary(grouping: values, by: { $0 }).values.map { Double($0.count) }
    }
    let (n, gx, gy) = (Double(count), groups(x), groups(y))
    func sum(_ groups: [Double], _ term: (Double) -> Double) -> Double {
      groups.map(term).sorted().reduce(0, +)
    }
    let v0 = n * (n - 1) * (2 * n + 5)
    let vt = sum(gx) { $0 * ($0 - 1) * (2 * $0 + 5) }
    let vu = sum(gy) { $0 * ($0 - 1) * (2 * $0 + 5) }
    let v1 = sum(gx) { $0 * ($0 - 1) } * sum(gy) { $0 * ($0 - 1) }
    let v2 = sum(gx) { $0 * ($0 - 1) * ($0 - 2) } * sum(gy) { $0 * ($0 - 1) * ($0 - 2) }
    var variance = (v0 - vt - vu) / 18 + v1 / (2 * n * (n - 1))
    if count > 2 { variance += v2 / (9 * n * (n - 1) * (n - 2)) }
    guard variance > 0 else { return nil }
    let z = Double(concordant) / variance.squareRoot()
    statistic = z
    pValue = min(1, 2 * Normal().survival(abs(z)))
  }

  /// The two-sided probability of a sum of signs at least as far from zero in orders that are alike.
  private static func exact(_ concordant: Int, count: Int) -> Double {
    // The distribution of the number of inversions, as probabilities.
    var inversions = [1.0]
    for n in 2...max(count, 2) {
      var next = [Double](repeating: 0, count: inversions.count + n - 1)
      for (index, value) in inversions.enumerated() {
        for shift in 0..<n { next[index + shift] += value / Double(n) }
      }
      inversions = next
    }
    let pairs = count * (count - 1) / 2
    let agreeing = (concordant + pairs) / 2
    let tail = min(agreeing, pairs - agreeing)
    return min(1, 2 * inversions[...tail].reduce(0, +))
  }
}

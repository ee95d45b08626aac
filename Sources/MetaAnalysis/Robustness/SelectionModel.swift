import RealModule
public import SurveyStats

/// A model in which the chance that a study is published depends on its p-value.
///
/// The likelihood of a published effect is `f(yᵢ) w(pᵢ) / E w`, with the p-value one-sided in the direction
/// expected. Mean, variance between studies and the parameters of w are estimated together by maximum
/// likelihood; the test of no selection is the likelihood-ratio test against the model with w = 1. The
/// standard error is that of the observed information, with a variance at zero held there.
///
/// References: Hedges (1992), *Statistical Science* 7:246; Vevea & Hedges (1995), *Psychometrika* 60:419
/// (steps); Citkowicz & Vevea (2017), *Psychological Methods* 22:28 (beta).
public struct SelectionModel: Sendable, Equatable {
  /// The chance of publication as a function of the p-value.
  public enum Weights: Sendable, Hashable {
    /// One between steps; p-values of the steps ascending, the last range ends at one.
    case steps([Double])
    /// `p^(a − 1) (1 − p)^(b − 1)`, with p-values cut at 1e-5 from both ends as in metafor.
    case beta
  }

  /// Why the model cannot be fitted.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// No p-value lies in a range.
    case emptyRange(Double, Double)
    /// Too few studies.
    case tooFewStudies(Int)
    /// The search did not end.
    case notConverged

    /// One sentence with the remedy.
    public var description: String {
      switch self {
      case .emptyRange(let low, let high):
        "no study has a p-value between \(NumberFormat.shortest(low)) and \(NumberFormat.shortest(high)); "
          + "take other steps"
      case .tooFewStudies(let least): "a selection model needs at least \(least) studies"
      case .notConverged: "the likelihood of the selection model has no maximum that was found"
      }
    }
  }

  /// The adjusted mean effect with normal limits.
  public let effect: Estimate
  /// The variance between studies.
  public let tau2: Double
  /// The chances of the ranges relative to the first, which is 1; or the two parameters of beta.
  public let parameters: [Double]
  /// The log-likelihood.
  public let logLikelihood: Double
  /// The likelihood-ratio statistic of no selection, its degrees of freedom and p-value.
  public let statistic: Double
  /// The free parameters of selection.
  public let degreesOfFreedom: Int
  /// The p-value of no selection.
  public let pValue: Double
  /// Remarks.
  public let notes: [Note]

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - effects: The effects.
  ///   - variances: Their variances, positive.
  ///   - weights: The form of selection.
  ///   - expectsPositive: Whether positive effects are favoured.
  ///   - level: The confidence level.
  public init(
    _ effects: [Double], variances: [Double], weights: Weights, expectsPositive: Bool,
    level: Double = 0.95
  ) throws(Failure) {
    let sign = expectsPositive ? 1.0 : -1.0
    let y = effects.map { sign * $0 }
    let likelihood: any SelectionLikelihood
    let least: Int
    switch weights {
    case .steps(let steps):
      least = 2 + steps.count
      guard effects.count >= least else { throw .tooFewStudies(least) }
      likelihood = try StepLikelihood(y, variances, steps: steps)
    case .beta:
      least = 4
      guard effects.count >= least else { throw .tooFewStudies(least) }
      likelihood = BetaLikelihood(y, variances)
    }
    guard
      let plain = try? RandomEffects(method: .maximumLikelihood, test: .normal).fit(
        y, variances: variances)
    else { throw .notConverged }
    let count = likelihood.parameterCount
    // Variables: mean and variance in units of the data, logarithms of the parameters.
    let scale = max(
      (plain.tau2 + variances.reduce(0, +) / Double(variances.count)).squareRoot(),
      .leastNormalMagnitude)
    func evaluation(_ point: [Double]) -> Evaluation {
      var result = likelihood.evaluate(
        mean: scale * point[0], tau2: scale * scale * point[1],
        logParameters: Array(point[2...]))
      result.value.negate()
      result.gradient = result.gradient.map { -$0 }
      result.gradient[0] *= scale
      result.gradient[1] *= scale * scale
      return result
    }
    let minimizer = BoundedMinimizer(
      lower: [-1e3, 0] + [Double](repeating: -12, count: count),
      upper: [1e3, 1e4] + [Double](repeating: Double.log(100), count: count),
      gradientTolerance: 1e-8, maximumIterations: 400)
    var best: Minimum?
    for (mean, variance, parameter) in [(1.0, 1.0, 0.0), (0.5, 1.0, -0.7), (1.0, 0.25, 0.4)] {
      let start =
        [plain.coefficients[0] / scale * mean, plain.tau2 / (scale * scale) * variance + 1e-3]
        + [Double](repeating: parameter, count: count)
      let found = minimizer.minimum(from: start) { evaluation($0) }
      guard found.value.isFinite, found.gradientNorm < 1e-4 else { continue }
      if best.map({ found.value < $0.value - 1e-10 }) ?? true { best = found }
    }
    guard let best else { throw .notConverged }
    let point = best.point
    let atZero = point[1] * scale * scale <= 1e-10
    var notes: [Note] = atZero ? [.noHeterogeneity] : []
    let ends = (2..<(2 + count)).filter { point[$0] <= -12 || point[$0] >= Double.log(100) }
    if !ends.isEmpty { notes.append(.selectionAtBound) }
    let free = point.indices.filter { !($0 == 1 && atZero) && !ends.contains($0) }
    let error = Self.standardError(at: point, free: free, evaluation).map { $0 * scale }
    if error == nil { notes.append(.flatLikelihood) }
    let mean = point[0] * scale
    let z = Normal().upperQuantile(ConfidenceLevel.tail(level))
    effect = Estimate(
      mean, standardError: error, lower: error.map { mean - z * $0 },
      upper: error.map { mean + z * $0 }, level: level, method: MethodName(rawValue: "z"),
      count: effects.count, notes: notes
    ).times(sign)
    tau2 = point[1] * scale * scale
    let values = point[2...].map { Double.exp($0) }
    if case .steps = weights { parameters = [1] + values } else { parameters = values }
    logLikelihood = -best.value
    statistic = max(0, 2 * (-best.value - plain.logLikelihood))
    degreesOfFreedom = count
    pValue = ChiSquared(degreesOfFreedom: Double(count)).survival(statistic)
    self.notes = notes
  }

  /// The standard error of the first variable, from differences of the gradient.
  private static func standardError(
    at point: [Double], free: [Int], _ evaluation: ([Double]) -> Evaluation
  ) -> Double? {
    var hessian = DenseMatrix(rows: free.count, columns: free.count)
    for (column, variable) in free.enumerated() {
      let step = 1e-4 * max(1, abs(point[variable]))
      var (low, high) = (point, point)
      low[variable] -= step
      high[variable] += step
      if variable == 1, low[1] < 0 { low[1] = 0 }
      let (below, above) = (evaluation(low), evaluation(high))
      for (row, other) in free.enumerated() {
        hessian[row, column] =
          (above.gradient[other] - below.gradient[other]) / (high[variable] - low[variable])
      }
    }
    for i in 0..<free.count {
      for j in 0..<i {
        let mean = (hessian[i, j] + hessian[j, i]) / 2
        hessian[i, j] = mean
        hessian[j, i] = mean
      }
    }
    guard let inverse = try? hessian.positiveDefiniteInverse(), inverse[0, 0] > 0 else {
      return nil
    }
    return inverse[0, 0].squareRoot()
  }
}

extension Note {
  /// A parameter of selection lies at the end of its range.
  static let selectionAtBound = Note(
    "selection-at-bound", effect: .doubt,
    words: "a chance of publication lies at the end of its range")
  /// The likelihood has no peak from which an error could be told.
  static let flatLikelihood = Note("flat-likelihood", effect: .noLimits)
}

/// The log-likelihood of published effects with its derivatives.
protocol SelectionLikelihood: Sendable {
  /// The parameters of selection, without that of the first range.
  var parameterCount: Int { get }
  /// The value, and the derivatives along mean, variance and logarithms of the parameters.
  func evaluate(mean: Double, tau2: Double, logParameters: [Double]) -> Evaluation
}

/// Chances that are constant between steps of the one-sided p-value.
struct StepLikelihood: SelectionLikelihood {
  private let effects: [Double]
  private let variances: [Double]
  private let errors: [Double]
  /// The z-values of the steps, descending.
  private let cuts: [Double]
  /// The range of each study.
  private let ranges: [Int]

  var parameterCount: Int { cuts.count }

  init(
    _ effects: [Double], _ variances: [Double], steps: [Double]
  ) throws(SelectionModel.Failure) {
    self.effects = effects
    self.variances = variances
    errors = variances.map { $0.squareRoot() }
    let steps = steps.filter { $0 > 0 && $0 < 1 }.sorted()
    cuts = steps.map { Normal().upperQuantile($0) }
    let pValues = zip(effects, errors).map { Normal().survival($0 / $1) }
    ranges = pValues.map { p in steps.firstIndex { p <= $0 } ?? steps.count }
    let ends = [0] + steps + [1]
    for range in 0...steps.count where !ranges.contains(range) {
      throw .emptyRange(ends[range], ends[range + 1])
    }
  }

  func evaluate(mean: Double, tau2: Double, logParameters: [Double]) -> Evaluation {
    let parameters = [1] + logParameters.map { Double.exp($0) }
    var (value, gradient) = (0.0, [Double](repeating: 0, count: 2 + cuts.count))
    let root = (2 * Double.pi).squareRoot()
    for study in effects.indices {
      let total = variances[study] + tau2
      let deviation = total.squareRoot()
      let residual = effects[study] - mean
      value -= (Double.log(2 * .pi * total) + residual * residual / total) / 2
      gradient[0] += residual / total
      gradient[1] += (residual * residual / total - 1) / (2 * total)
      if ranges[study] > 0 {
        value += logParameters[ranges[study] - 1]
        gradient[1 + ranges[study]] += 1
      }
      // E w = Σ (wⱼ − wⱼ₊₁) P(beyond cut j) + w of the last range.
      var (expected, alongMean, alongVariance) = (parameters[cuts.count], 0.0, 0.0)
      var tails = [Double](repeating: 0, count: cuts.count + 2)
      for (index, cut) in cuts.enumerated() {
        let z = (cut * errors[study] - mean) / deviation
        let tail = Normal().survival(z)
        let density = Double.exp(-z * z / 2) / root
        let fall = parameters[index] - parameters[index + 1]
        expected += fall * tail
        alongMean += fall * density / deviation
        alongVariance += fall * density * z / (2 * total)
        tails[index + 1] = tail
      }
      tails[cuts.count + 1] = 1
      value -= Double.log(expected)
      gradient[0] -= alongMean / expected
      gradient[1] -= alongVariance / expected
      for index in 1...cuts.count {
        gradient[1 + index] -= parameters[index] * (tails[index + 1] - tails[index]) / expected
      }
    }
    return Evaluation(value: value, gradient: gradient)
  }
}

/// Chances that follow a beta density of the one-sided p-value.
///
/// The expectation is an integral over z between the ends of the p-values, by 6 panels of a Gauss–Legendre
/// rule with 16 nodes, and two normal tails beyond.
struct BetaLikelihood: SelectionLikelihood {
  private let effects: [Double]
  private let variances: [Double]
  private let errors: [Double]
  private let logP: [Double]
  private let logQ: [Double]
  private let nodes: [(z: Double, weight: Double, logP: Double, logQ: Double)]

  let parameterCount = 2
  private static let least = 1e-5
  private static let reach = Normal().upperQuantile(least)

  init(_ effects: [Double], _ variances: [Double]) {
    self.effects = effects
    self.variances = variances
    errors = variances.map { $0.squareRoot() }
    let z = zip(effects, errors).map { min(max($0 / $1, -Self.reach), Self.reach) }
    logP = z.map { Double.log(Normal().survival($0)) }
    logQ = z.map { Double.log(Normal().survival(-$0)) }
    var nodes: [(Double, Double, Double, Double)] = []
    if let rule = try? GaussLegendre(count: 16) {
      let panel = 2 * Self.reach / 6
      for index in 0..<6 {
        for (node, weight) in zip(rule.nodes, rule.weights) {
          let z = -Self.reach + panel * (Double(index) + node)
          nodes.append(
            (
              z, weight * panel, Double.log(Normal().survival(z)),
              Double.log(Normal().survival(-z))
            ))
        }
      }
    }
    self.nodes = nodes
  }

  func evaluate(mean: Double, tau2: Double, logParameters: [Double]) -> Evaluation {
    let (a, b) = (Double.exp(logParameters[0]), Double.exp(logParameters[1]))
    var (value, gradient) = (0.0, [Double](repeating: 0, count: 4))
    let root = (2 * Double.pi).squareRoot()
    let chances = nodes.map { $0.weight * .exp((a - 1) * $0.logP + (b - 1) * $0.logQ) }
    let (logLeast, logMost) = (Double.log(Self.least), Double.log(onePlus: -Self.least))
    for study in effects.indices {
      let total = variances[study] + tau2
      let deviation = total.squareRoot()
      let residual = effects[study] - mean
      value -= (Double.log(2 * .pi * total) + residual * residual / total) / 2
      gradient[0] += residual / total
      gradient[1] += (residual * residual / total - 1) / (2 * total)
      value += (a - 1) * logP[study] + (b - 1) * logQ[study]
      gradient[2] += a * logP[study]
      gradient[3] += b * logQ[study]
      var (expected, alongMean, alongVariance) = (0.0, 0.0, 0.0)
      var (alongA, alongB) = (0.0, 0.0)
      let jacobian = errors[study] / (deviation * root)
      for (node, chance) in zip(nodes, chances) {
        let z = (node.z * errors[study] - mean) / deviation
        let density = chance * jacobian * .exp(-z * z / 2)
        expected += density
        alongMean += density * z / deviation
        alongVariance += density * (z * z - 1) / (2 * total)
        alongA += density * node.logP
        alongB += density * node.logQ
      }
      for side in [1.0, -1.0] {
        // Beyond the end the chance is that at the end; p is least at the upper end.
        let z = (side * Self.reach * errors[study] - mean) / deviation
        let tail = Normal().survival(side * z)
        let density = Double.exp(-z * z / 2) / root
        let (lp, lq) = side > 0 ? (logLeast, logMost) : (logMost, logLeast)
        let chance = Double.exp((a - 1) * lp + (b - 1) * lq)
        expected += chance * tail
        alongMean += side * chance * density / deviation
        alongVariance += side * chance * density * z / (2 * total)
        alongA += chance * tail * lp
        alongB += chance * tail * lq
      }
      value -= Double.log(expected)
      gradient[0] -= alongMean / expected
      gradient[1] -= alongVariance / expected
      gradient[2] -= a * alongA / expected
      gradient[3] -= b * alongB / expected
    }
    return Evaluation(value: value, gradient: gradient)
  }
}

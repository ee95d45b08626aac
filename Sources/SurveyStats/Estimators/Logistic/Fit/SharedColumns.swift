import CKernels
import RealModule

/// The columns of a design, standardised over all its patterns, for the plain fits of many outcomes.
///
/// Outcomes are defined for different papers, which would give each fit a copy of its rows and coordinates
/// of its own. Here all fits look at one matrix; a paper without the outcome is a pattern without trials,
/// which adds nothing. A fit is Newton's method with step halving, as in ``BinomialLikelihood``, each step
/// one pass in which a chunk of patterns stays in the nearest cache (`ck_logistic_points`). It ends with a
/// step shorter than 10⁻¹¹ standard errors. What needs care is left to ``LogisticRegression``: columns of
/// which less than a hundredth is left beside those before them among the papers with the outcome, and
/// linear predictors that may reach 30, as those of separated outcomes do.
///
/// Cost: about six passes an outcome, O(patterns × columns²) each; no memory for each outcome.
final class SharedColumns: Sendable {
  /// The likelihood of all patterns, without successes.
  let template: BinomialLikelihood
  /// The largest size of each column.
  private let reach: [Double]

  /// With fewer patterns fits are short anyway.
  private static let fewestPatterns = 256
  private static let mostColumns = 64
  private static let tolerance = 1e-11

  /// Standardises the columns; `nil` where they are not for this.
  init?(_ prepared: PreparedDesign) {
    let patterns = prepared.patterns
    guard prepared.weights == nil, patterns.count >= Self.fewestPatterns,
      (2...Self.mostColumns).contains(patterns.values.columns),
      prepared.rankCheck.dropped.isEmpty
    else { return nil }
    template = BinomialLikelihood(
      columns: patterns.values, successes: [Double](repeating: 0, count: patterns.count),
      trials: [Double](repeating: 1, count: patterns.count), offset: patterns.offset,
      isPenalized: false)
    guard template.basis == nil, template.offset.allSatisfy({ $0 == 0 }) else { return nil }
    let x = template.x
    reach = (0..<x.columns).map { x.column($0).reduce(0) { max($0, abs($1)) } }
  }

  /// The likelihood of an outcome, on the shared columns.
  func likelihood(of data: LogisticData) -> BinomialLikelihood {
    let totals = data.allTotals
    return template.replacing(successes: totals.successes, trials: totals.trials)
  }

  /// The maximum of an outcome's likelihood; `nil` where all care is needed.
  func fit(_ data: LogisticData, path: KernelPath = .best) -> SharedFit? {
    let likelihood = likelihood(of: data)
    let width = likelihood.count
    var beta = likelihood.start
    var step = [Double](repeating: 0, count: width)
    var (value, decrement) = (-Double.infinity, Double.infinity)
    var (iterations, halvings) = (0, 0)
    var inverse = DenseMatrix(rows: width, columns: width)
    while iterations < 20, halvings < 10 {
      let point = likelihood.point(beta, path: path)
      if iterations > 0, point.value < value - 1e-12 * abs(value) {
        halvings += 1
        for index in step.indices {
          step[index] /= 2
          beta[index] -= step[index]
        }
        continue
      }
      (value, halvings) = (point.value, 0)
      iterations += 1
      guard iterations > 1 || Self.areIndependent(point.information),
        let found = try? point.information.positiveDefiniteInverse()
      else { return nil }
      inverse = found
      step = inverse.multiplied(by: point.score)
      let last = decrement
      decrement = dot(step, point.score)
      guard decrement.isFinite else { return nil }
      if decrement < Self.tolerance * Self.tolerance || (decrement < 1e-14 && decrement >= last) {
        guard zip(beta, reach).reduce(0, { $0 + abs($1.0) * $1.1 }) < 30 else { return nil }
        return SharedFit(
          shared: self,
          optimum: BinomialLikelihood.Optimum(
            beta: beta, criterion: value, iterations: iterations, inverseInformation: inverse))
      }
      for index in step.indices { beta[index] += step[index] }
    }
    return nil
  }

  /// Whether columns after the intercept keep a hundredth of their variance beside those before them.
  private static func areIndependent(_ products: DenseMatrix) -> Bool {
    guard let factor = try? products.cholesky(), products[0, 0] > 0 else { return false }
    return (1..<products.rows).allSatisfy { column in
      let mean = products[0, column] / products[0, 0]
      let variance = products[column, column] - mean * products[0, column]
      return variance > 1e-6 * products[column, column]
        && factor[column, column] * factor[column, column] > 0.01 * variance
    }
  }
}

/// A plain fit in the coordinates of ``SharedColumns``.
struct SharedFit: Sendable {
  let shared: SharedColumns
  /// The maximum there.
  let optimum: BinomialLikelihood.Optimum

  /// The same point in the coordinates of the outcome's own likelihood.
  func optimum(in likelihood: BinomialLikelihood) -> BinomialLikelihood.Optimum {
    let template = shared.template
    if likelihood.basis != nil, let again = try? likelihood.maximized(from: likelihood.start) {
      return again
    }
    let width = optimum.beta.count
    var change = DenseMatrix(rows: width, columns: width)
    for column in 0..<width {
      change[column, column] = likelihood.scales[column] / template.scales[column]
      guard column > 0 else { continue }
      change[0, column] =
        (likelihood.centers[column] - template.centers[column]) / template.scales[column]
    }
    return BinomialLikelihood.Optimum(
      beta: change.multiplied(by: optimum.beta), criterion: optimum.criterion,
      iterations: optimum.iterations,
      inverseInformation: change.multiplied(by: optimum.inverseInformation)
        .multiplied(by: change, transposingOther: true))
  }
}

extension BinomialLikelihood {
  /// The log-likelihood at a point, without penalty, with its gradient and information.
  fileprivate func point(
    _ beta: [Double], path: KernelPath
  ) -> (value: Double, score: [Double], information: DenseMatrix) {
    var value = 0.0
    var score = [Double](repeating: 0, count: count)
    var information = DenseMatrix(rows: count, columns: count)
    unsafe withUnsafeTemporaryAllocation(
      byteCount: 8 * ck_logistic_points_work(count, 1), alignment: 64
    ) { work in
      unsafe ck_logistic_points(
        path.rawValue, x.elements, x.rows, count, successes, trials, offset, beta, 1, 1, &value,
        &score, &information.elements, work.bindMemory(to: Double.self).baseAddress)
    }
    return (value, score, information)
  }
}

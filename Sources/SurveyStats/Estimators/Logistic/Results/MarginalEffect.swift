import RealModule

/// By how much the probability of the outcome changes with a variable, on average over the papers.
///
/// For a number it is the mean of ∂π/∂x over the papers of the fit, the change of probability per
/// unit; for a yes-or-no variable, a level of a category or a label it is the mean of
/// π(with) − π(without or at the reference level), every paper keeping its other values.
/// Interactions, splines and polynomials of the variable move along. Standard errors are by the
/// delta method from a covariance of the coefficients. After Firth's penalty the probabilities are
/// those with the corrected intercept (see ``LogisticFit/predictiveIntercept``). Of a variable that
/// separates the outcome the standard error is `nil`: near probabilities of zero and one the
/// derivatives that the delta method needs vanish, however uncertain the effect.
///
/// Reference: Williams (2012), Stata Journal 12:308; Bartus (2005), Stata Journal 5:309.
public struct MarginalEffect: Sendable, Equatable {
  /// The variable, with its level or label in brackets.
  public let term: String
  /// The average change of the probability, as a fraction.
  public internal(set) var estimate: Double
  /// The standard error by the delta method; `nil` of a variable that separates the outcome.
  public let standardError: Double?
  /// The level that others are compared with; `nil` of numbers and labels.
  public let reference: String?
  /// Whether it is a difference of two probabilities, not a slope.
  var isContrast = true
}

extension LogisticFit {
  /// The average marginal effects of all variables of the formula.
  ///
  /// The covariance is the model-based one unless another is given. An effect that is not finite
  /// (the slope of a logarithm or root at zero) is left out. Cost: O(papers × columns) a level.
  /// Variables in `excluding` are left out.
  public func marginalEffects(
    covariance matrix: DenseMatrix? = nil, excluding excluded: [String] = []
  ) -> [MarginalEffect] {
    let matrix = matrix ?? covariance
    var names = excluded
    var effects: [MarginalEffect] = []
    for encoding in design.encodings where !names.contains(encoding.variable.name) {
      let name = encoding.variable.name
      names.append(name)
      switch encoding.rule {
      case .categories(let reference, let levels):
        for level in levels {
          let with = rows(replacing: name) { _ in .category(level) }
          let without = rows(replacing: name) { _ in .category(reference) }
          effects.append(
            contrast(
              "\(name)[\(level)]", name, with, without, matrix, reference: reference))
        }
      case .labels(let labels):
        for label in labels {
          let with = rows(replacing: name) { $0.inserting(label) }
          let without = rows(replacing: name) { $0.removing(label) }
          effects.append(contrast("\(name)[\(label)]", name, with, without, matrix))
        }
      case .number, .polynomial, .spline:
        let isBinary = encoding.values.allSatisfy {
          $0 == nil || $0 == .number(0) || $0 == .number(1)
        }
        if isBinary {
          let with = rows(replacing: name) { _ in .number(1) }
          let without = rows(replacing: name) { _ in .number(0) }
          effects.append(contrast(name, name, with, without, matrix))
        } else {
          effects.append(slope(name, encoding, matrix))
        }
      }
    }
    return effects.filter { $0.estimate.isFinite && $0.standardError?.isFinite ?? true }
  }

  /// The intercept with which the mean fitted probability equals the observed rate.
  ///
  /// Firth's penalty pulls probabilities towards one half; keeping its slopes and fitting the
  /// intercept by maximum likelihood undoes that (FLIC; Puhr et al. 2017, Statistics in Medicine
  /// 36:2302). For maximum likelihood it is the intercept itself.
  public var predictiveIntercept: Double { coefficients[0] + interceptShift }

  /// The standard error of ``predictiveIntercept``, by the information at the probabilities with it; `nil`
  /// where that has no inverse.
  var correctedInterceptError: Double? {
    let rows = rows
    let probabilities = predictors(rows).map(logistic)
    var information = DenseMatrix(rows: rows.columns, columns: rows.columns)
    for (row, probability) in probabilities.enumerated() {
      let weight = data.weights[row] * probability * (1 - probability)
      for column in 0..<rows.columns {
        for other in 0...column {
          information[other, column] += weight * rows[row, other] * rows[row, column]
        }
      }
    }
    for column in 0..<rows.columns {
      for other in 0..<column { information[column, other] = information[other, column] }
    }
    guard let inverse = try? information.positiveDefiniteInverse(), inverse[0, 0] > 0 else {
      return nil
    }
    return inverse[0, 0].squareRoot()
  }

  var interceptShift: Double { likelihood.interceptShift(at: optimum.beta) }

  /// The fitted columns of the used papers with one variable replaced.
  func rows(
    replacing variable: String,
    with value: @escaping (VariableEncoding.Value) -> VariableEncoding.Value
  ) -> DenseMatrix {
    design.values(replacing: variable, with: value)
      .selecting(rows: data.rows, columns: columns)
  }

  /// The linear predictor of rows of fitted columns, with the intercept for predictions.
  func predictors(_ rows: DenseMatrix) -> [Double] {
    var beta = coefficients
    beta[0] += interceptShift
    var eta = rows.multiplied(by: beta)
    if let offset = data.prepared.offset {
      for (index, row) in data.rows.enumerated() { eta[index] += offset[row] }
    }
    return eta
  }

  /// Whether a variable takes part in separating the outcome.
  func isSeparated(by variable: String) -> Bool {
    columns.indices.contains { index in
      guard let term = design.termOfColumn[columns[index]], isSeparated(index) else { return false }
      return design.formula.terms[term].variables.contains { $0.name == variable }
    }
  }

  private func contrast(
    _ term: String, _ variable: String, _ with: DenseMatrix, _ without: DenseMatrix,
    _ matrix: DenseMatrix, reference: String? = nil
  ) -> MarginalEffect {
    let high = averageProbability(with)
    let low = averageProbability(without)
    let gradient = zip(high.gradient, low.gradient).map { $0 - $1 }
    return MarginalEffect(
      term: term, estimate: high.mean - low.mean,
      standardError: isSeparated(by: variable) ? nil : Self.deltaError(gradient, matrix),
      reference: reference)
  }

  /// The weighted mean probability of some rows and its gradient in the coefficients, and in the
  /// standard deviation of intercepts if clusters differ.
  func averageProbability(_ rows: DenseMatrix) -> (mean: Double, gradient: [Double]) {
    let total = data.weights.reduce(0, +)
    var slopes = [Double](repeating: 0, count: rows.rows)
    var (mean, spread) = (0.0, 0.0)
    for (row, predictor) in predictors(rows).enumerated() {
      let value = probability(at: predictor)
      let share = data.weights[row] / total
      mean += share * value.mean
      spread += share * value.spread
      slopes[row] = share * value.slope
    }
    let gradient = rows.multiplied(by: slopes, transposingSelf: true)
    return (mean, mixing == nil ? gradient : gradient + [spread])
  }

  static func deltaError(_ gradient: [Double], _ matrix: DenseMatrix) -> Double {
    let product = zip(matrix.multiplied(by: gradient), gradient).reduce(0) { $0 + $1.0 * $1.1 }
    return max(0, product).squareRoot()
  }

  /// The average slope: the derivatives of the columns are central differences.
  private func slope(_ name: String, _ encoding: VariableEncoding, _ matrix: DenseMatrix)
    -> MarginalEffect
  {
    if isLine(encoding) { return slopeOfLine(name, matrix) }
    let values = papers.map { paper -> Double in
      if case .number(let value)? = encoding.values[paper] { return value }
      return 0
    }
    let deviation = Moments(values).standardDeviation
    let step: @Sendable (Double) -> Double = { value in
      abs(value) > 1e-3 * deviation ? 1e-5 * abs(value) : 1e-8 * deviation
    }
    let up = rows(replacing: name) { $0.shifted { $0 + step($0) } }
    let down = rows(replacing: name) { $0.shifted { $0 - step($0) } }
    var derivatives = up
    for column in 0..<up.columns {
      for row in 0..<up.rows {
        let width = (values[row] + step(values[row])) - (values[row] - step(values[row]))
        derivatives[row, column] = (up[row, column] - down[row, column]) / width
      }
    }
    let base = rows
    let rates = derivatives.multiplied(by: coefficients)
    let total = data.weights.reduce(0, +)
    var (estimate, spread) = (0.0, 0.0)
    var curvature = [Double](repeating: 0, count: base.rows)
    var slopes = curvature
    for (row, predictor) in predictors(base).enumerated() {
      let value = probability(at: predictor)
      let share = data.weights[row] / total
      estimate += share * value.slope * rates[row]
      spread += share * value.slopeSpread * rates[row]
      slopes[row] = share * value.slope
      curvature[row] = share * value.curvature * rates[row]
    }
    var gradient = zip(
      base.multiplied(by: curvature, transposingSelf: true),
      derivatives.multiplied(by: slopes, transposingSelf: true)
    ).map { $0 + $1 }
    if mixing != nil { gradient.append(spread) }
    return MarginalEffect(
      term: name, estimate: estimate,
      standardError: isSeparated(by: name) ? nil : Self.deltaError(gradient, matrix),
      reference: nil, isContrast: false)
  }

  /// Whether the formula is one number as it is, so that papers of a pattern are alike.
  private func isLine(_ encoding: VariableEncoding) -> Bool {
    guard case .number = encoding.rule, encoding.variable.form == .plain,
      encoding.variable.steps.isEmpty
    else { return false }
    return design.encodings.count == 1 && columns.count == 2 && mixing == nil
      && data.prepared.offset == nil
  }

  /// The average slope over the patterns of a single number.
  private func slopeOfLine(_ name: String, _ matrix: DenseMatrix) -> MarginalEffect {
    let x = data.prepared.patterns.values.selecting(rows: data.patterns, columns: [columns[1]])
    let (intercept, rate) = (predictiveIntercept, coefficients[1])
    let total = data.trials.reduce(0, +)
    var estimate = 0.0
    var gradient = [0.0, 0.0]
    for (row, value) in x.elements.enumerated() {
      let own = probability(at: intercept + rate * value)
      let share = data.trials[row] / total
      estimate += share * own.slope * rate
      gradient[0] += share * own.curvature * rate
      gradient[1] += share * (own.curvature * rate * value + own.slope)
    }
    return MarginalEffect(
      term: name, estimate: estimate,
      standardError: isSeparated(by: name) ? nil : Self.deltaError(gradient, matrix),
      reference: nil, isContrast: false)
  }
}

extension VariableEncoding.Value {
  /// A number moved by a function; anything else as it is.
  func shifted(_ move: (Double) -> Double) -> Self {
    if case .number(let value) = self { return .number(move(value)) }
    return self
  }

  /// The labels with one more.
  func inserting(_ label: String) -> Self {
    if case .labels(let labels) = self, !labels.contains(label) { return .labels(labels + [label]) }
    return self
  }

  /// The labels without one.
  func removing(_ label: String) -> Self {
    if case .labels(let labels) = self { return .labels(labels.filter { $0 != label }) }
    return self
  }
}

extension BinomialLikelihood {
  /// What to add to the intercept so that the mean probability is the observed rate; zero without
  /// Firth's penalty.
  func interceptShift(at beta: [Double]) -> Double {
    guard isPenalized else { return 0 }
    let shifted = BinomialLikelihood(
      columns: DenseMatrix(rows: x.rows, columns: 1, repeating: 1), successes: successes,
      trials: trials, offset: linearPredictors(beta), isPenalized: false)
    return (try? shifted.maximized(from: [0]))?.beta[0] ?? 0
  }
}

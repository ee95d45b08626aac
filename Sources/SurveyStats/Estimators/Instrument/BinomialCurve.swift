import RealModule

/// The maximum of a logistic likelihood of grouped answers, for few columns and many small fits.
///
/// Newton's method with halved steps from given coefficients. There is none (`nil`) where the answers are
/// separated by the columns or the columns depend on each other.
struct BinomialCurve: Sendable {
  /// The coefficients.
  let coefficients: [Double]
  /// The log-likelihood, without the constant of the counts.
  let logLikelihood: Double

  /// Fits answers.
  ///
  /// - Parameters:
  ///   - columns: The columns, the first of ones, each with a value a group of answers.
  ///   - yes: The yes of each group.
  ///   - counts: The answers of each group.
  ///   - start: Where to begin; zeros for further columns.
  init?(columns: [[Double]], yes: [Double], counts: [Double], start: [Double]) {
    let width = columns.count
    var beta = start + [Double](repeating: 0, count: width - start.count)
    var information = DenseMatrix(rows: width, columns: width)
    var score = [Double](repeating: 0, count: width)
    func evaluate(_ beta: [Double], derivatives: Bool) -> Double {
      var value = 0.0
      if derivatives {
        for index in information.elements.indices { information.elements[index] = 0 }
        for index in 0..<width { score[index] = 0 }
      }
      for row in yes.indices {
        var linear = 0.0
        for column in 0..<width { linear += beta[column] * columns[column][row] }
        let power = Double.exp(-abs(linear))
        let logOne = Double.log(onePlus: power)
        let probability = linear < 0 ? power / (1 + power) : 1 / (1 + power)
        // log p = −log(1 + e⁻ˣ), log(1 − p) = −x − log(1 + e⁻ˣ), turned round for x < 0.
        let logYes = linear < 0 ? linear - logOne : -logOne
        let logNo = linear < 0 ? -logOne : -linear - logOne
        value += yes[row] * logYes + (counts[row] - yes[row]) * logNo
        if derivatives {
          let weight = counts[row] * probability * (1 - probability)
          let residual = yes[row] - counts[row] * probability
          for i in 0..<width {
            score[i] += residual * columns[i][row]
            for j in 0...i { information[i, j] += weight * columns[i][row] * columns[j][row] }
          }
        }
      }
      return value
    }
    var value = evaluate(beta, derivatives: true)
    for _ in 0..<60 {
      for i in 0..<width { for j in 0..<i { information[j, i] = information[i, j] } }
      let right = DenseMatrix(rows: width, columns: 1, elements: score)
      guard let step = try? information.solvingPositiveDefinite(right).elements,
        step.allSatisfy(\.isFinite)
      else { return nil }
      let gain = zip(step, score).reduce(0) { $0 + $1.0 * $1.1 }
      var scale = 1.0
      var next = zip(beta, step).map { $0 + $1 }
      if gain > 1e-9 {
        while evaluate(next, derivatives: false) < value - 1e-12 * abs(value) {
          scale /= 2
          guard scale > 1e-6 else { return nil }
          next = zip(beta, step).map { $0 + scale * $1 }
        }
      }
      beta = next
      // Coefficients of standardised columns beyond this belong to separated answers.
      guard beta.allSatisfy({ abs($0) < 25 }) else { return nil }
      value = evaluate(beta, derivatives: true)
      if gain < 1e-12 * max(1, abs(value)) {
        coefficients = beta
        logLikelihood = value
        return
      }
    }
    return nil
  }
}

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
    // Row after row.
    let x = yes.indices.flatMap { row in columns.map { $0[row] } }
    /// The log-likelihood; `score` and `information` become those of the point.
    func evaluate(_ beta: [Double]) -> Double {
      var value = 0.0
      unsafe x.withUnsafeBufferPointer { x in
        unsafe score.withUnsafeMutableBufferPointer { score in
          unsafe information.elements.withUnsafeMutableBufferPointer { information in
            for index in information.indices { unsafe information[index] = 0 }
            for index in score.indices { unsafe score[index] = 0 }
            for row in yes.indices {
              let first = row * width
              var linear = 0.0
              for column in 0..<width { unsafe linear += beta[column] * x[first + column] }
              let power = Double.exp(-abs(linear))
              let logOne = Double.log(1 + power)
              let likely = 1 / (1 + power)
              let probability = linear < 0 ? power * likely : likely
              // log p = −log(1 + e⁻ˣ), log(1 − p) = −x − log(1 + e⁻ˣ), turned round for x < 0.
              let unlikely = linear < 0 ? yes[row] : counts[row] - yes[row]
              value -= counts[row] * logOne + unlikely * abs(linear)
              let weight = counts[row] * probability * (1 - probability)
              let residual = yes[row] - counts[row] * probability
              for i in 0..<width {
                let own = unsafe x[first + i]
                unsafe score[i] += residual * own
                for j in 0...i { unsafe information[j * width + i] += weight * own * x[first + j] }
              }
            }
          }
        }
      }
      return value
    }
    var value = evaluate(beta)
    for _ in 0..<60 {
      for i in 0..<width { for j in 0..<i { information[j, i] = information[i, j] } }
      let right = DenseMatrix(rows: width, columns: 1, elements: score)
      guard let step = try? information.solvingPositiveDefinite(right).elements,
        step.allSatisfy(\.isFinite)
      else { return nil }
      let gain = zip(step, score).reduce(0) { $0 + $1.0 * $1.1 }
      var scale = 1.0
      var next = zip(beta, step).map { $0 + $1 }
      var reached = evaluate(next)
      if gain > 1e-9 {
        while reached < value - 1e-12 * abs(value) {
          scale /= 2
          guard scale > 1e-6 else { return nil }
          next = zip(beta, step).map { $0 + scale * $1 }
          reached = evaluate(next)
        }
      }
      beta = next
      // Coefficients of standardised columns beyond this belong to separated answers.
      guard beta.allSatisfy({ abs($0) < 25 }) else { return nil }
      value = reached
      if gain < 1e-12 * max(1, abs(value)) {
        coefficients = beta
        logLikelihood = value
        return
      }
    }
    return nil
  }
}

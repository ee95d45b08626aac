import RealModule
import Testing

@testable import SurveyStats

/// The loop of the logistic fit as a textbook has it, beside the one that is used.
///
/// Iteratively reweighted least squares: z = Xβ + (y − π)/π(1 − π), β ← (X'WX)⁻¹ X'Wz with
/// W = diag π(1 − π) (McCullagh & Nelder 1989, section 4.4.2; GLM.jl `_fit!`). Firth's penalty adds
/// h(½ − π) to y − π, h being the leverages (Heinze & Schemper 2002, equation 2).
@Suite struct LogisticTwinTests {
  struct Twin {
    var coefficients: [Double]
    var covariance: DenseMatrix
    var logLikelihood: Double
  }

  /// Solves A x = b by elimination with pivots.
  static func solution(_ matrix: DenseMatrix, _ right: [Double]) -> [Double] {
    let n = right.count
    var a = (0..<n).map { i in (0..<n).map { matrix[i, $0] } + [right[i]] }
    for column in 0..<n {
      let pivot =
        (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
      a.swapAt(column, pivot)
      for row in (0..<n) where row != column {
        let factor = a[row][column] / a[column][column]
        for k in column...n { a[row][k] -= factor * a[column][k] }
      }
    }
    return (0..<n).map { a[$0][n] / a[$0][$0] }
  }

  static func inverse(_ matrix: DenseMatrix) -> DenseMatrix {
    let n = matrix.rows
    var result = DenseMatrix(rows: n, columns: n)
    for column in 0..<n {
      let unit = (0..<n).map { $0 == column ? 1.0 : 0 }
      for (row, value) in solution(matrix, unit).enumerated() { result[row, column] = value }
    }
    return result
  }

  static func twin(_ x: DenseMatrix, _ y: [Bool], isPenalized: Bool = false) -> Twin {
    let (n, k) = (x.rows, x.columns)
    var beta = [Double](repeating: 0, count: k)
    var information = DenseMatrix(rows: k, columns: k)
    for _ in 0..<200 {
      let eta = (0..<n).map { i in (0..<k).reduce(0) { $0 + x[i, $1] * beta[$1] } }
      let pi = eta.map { 1 / (1 + Double.exp(-$0)) }
      information = DenseMatrix(rows: k, columns: k)
      for i in 0..<n {
        for a in 0..<k {
          for b in 0..<k { information[a, b] += pi[i] * (1 - pi[i]) * x[i, a] * x[i, b] }
        }
      }
      var residual = (0..<n).map { (y[$0] ? 1 : 0) - pi[$0] }
      if isPenalized {
        let covariance = inverse(information)
        for i in 0..<n {
          var leverage = 0.0
          for a in 0..<k { for b in 0..<k { leverage += x[i, a] * covariance[a, b] * x[i, b] } }
          residual[i] += pi[i] * (1 - pi[i]) * leverage * (0.5 - pi[i])
        }
      }
      let score = (0..<k).map { a in (0..<n).reduce(0) { $0 + x[$1, a] * residual[$1] } }
      let step = solution(information, score)
      for a in 0..<k { beta[a] += step[a] }
      if step.allSatisfy({ abs($0) < 1e-13 }) { break }
    }
    let logLikelihood = (0..<n).reduce(0.0) { sum, i in
      let eta = (0..<k).reduce(0) { $0 + x[i, $1] * beta[$1] }
      return sum - Double.log(onePlus: Double.exp(y[i] ? -eta : eta))
    }
    return Twin(
      coefficients: beta, covariance: inverse(information), logLikelihood: logLikelihood)
  }

  let birthwt = RegressionGolden.data("logistic", "birthwt")

  @Test(arguments: [false, true]) func `the fit is that of the textbook`(isPenalized: Bool) throws {
    let design = try DesignMatrix(ModelFormula("age + lwt + smoke"), from: birthwt)
    let fit = try LogisticRegression(estimation: isPenalized ? .firth : .maximumLikelihood).fit(
      design, outcome: birthwt.outcome("low"))
    let outcome = birthwt.outcome("low")
    let twin = Self.twin(
      design.values, design.papers.map { outcome.values[$0] == true }, isPenalized: isPenalized)
    for index in twin.coefficients.indices {
      #expect(abs(fit.coefficients[index] - twin.coefficients[index]) < 1e-9)
      #expect(abs(fit.covariance[index, index] / twin.covariance[index, index] - 1) < 1e-7)
    }
    #expect(abs(fit.logLikelihood - twin.logLikelihood) < 1e-10)
  }

  @Test func `a fitted model says the same by the common names`() throws {
    let design = try DesignMatrix(ModelFormula("age + smoke"), from: birthwt)
    let fit = try LogisticRegression(estimation: .maximumLikelihood).fit(
      design, outcome: birthwt.outcome("low"))
    let statistics = LogisticFitStatistics(fit)
    #expect(fit.akaikeCriterion == statistics.aic)
    #expect(fit.schwarzCriterion == statistics.bic)
    #expect(fit.estimates().map(\.standardError) == fit.standardErrors.map { $0 })
    let tidy = Table(tidy: fit)
    #expect(tidy.columns.map(\.name).prefix(3) == ["term", "estimate", "std_error"])
    #expect(tidy.rowCount == 3)
    #expect(Table(glance: fit).rowCount == 1)
    for column in tidy.columns + Table(glance: fit).columns {
      #expect(Glossary.all.contains { $0.name == column.name }, "\(column.name)")
    }
  }
}

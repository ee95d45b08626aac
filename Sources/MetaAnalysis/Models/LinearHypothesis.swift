import RealModule
import SurveyStats

/// That contrasts of coefficients are all zero.
struct LinearHypothesis {
  /// C, a row a contrast.
  let contrasts: DenseMatrix
  /// Cβ.
  let values: [Double]

  init(_ contrasts: DenseMatrix, of coefficients: [Double]) {
    self.contrasts = contrasts
    values = contrasts.multiplied(by: coefficients)
  }

  /// The covariance of the contrasts, CMC'.
  func covariance(_ matrix: DenseMatrix) -> DenseMatrix {
    contrasts.multiplied(by: matrix).multiplied(by: contrasts, transposingOther: true)
  }

  /// Wald's form (Cβ)'(CMC')⁻¹Cβ; `nil` where CMC' is singular.
  func form(_ matrix: DenseMatrix) -> Double? {
    let right = DenseMatrix(rows: values.count, columns: 1, elements: values)
    guard let solved = try? covariance(matrix).solvingPositiveDefinite(right) else { return nil }
    return zip(values, solved.elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The test of a statistic: F's, or χ² without residual degrees of freedom.
  func test(
    _ term: String, statistic: Double, residualFreedom: Double?
  ) -> MetaRegression.Test {
    let count = Double(contrasts.rows)
    let pValue =
      residualFreedom.map {
        FDistribution(numeratorDegreesOfFreedom: count, denominatorDegreesOfFreedom: $0)
          .survival(statistic)
      } ?? ChiSquared(degreesOfFreedom: count).survival(statistic)
    return MetaRegression.Test(
      term: term, statistic: statistic, freedom: contrasts.rows, residualFreedom: residualFreedom,
      pValue: pValue)
  }
}

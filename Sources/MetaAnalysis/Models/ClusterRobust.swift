import RealModule
public import SurveyStats

/// Cluster-robust errors of coefficients: CR2 of Bell & McCaffrey with the fitted model as working
/// covariance.
///
/// Limits of a coefficient have Satterthwaite's degrees of freedom. Several coefficients are tested by the
/// approximate Hotelling's T² whose degrees of freedom match the variance of the whole covariance
/// matrix (HTZ).
///
/// References: Pustejovsky & Tipton (2018), *Journal of Business & Economic Statistics* 36:672, equations
/// 5, 11 and 14; Tipton & Pustejovsky (2015), *Journal of Educational and Behavioral Statistics* 40:604,
/// for HTZ.
public struct ClusterRobust: Sendable, Equatable {
  /// The covariance of the coefficients.
  public let covariance: DenseMatrix
  /// That of the working model.
  public let modelCovariance: DenseMatrix
  /// Of each cluster the covariance of its part of the coefficients, were residuals errors.
  let scoreVariances: [DenseMatrix]
  /// Of each cluster what estimated coefficients take away from that.
  let designSums: [DenseMatrix]

  /// Satterthwaite's degrees of freedom of each coefficient.
  var freedoms: [Double] {
    (0..<covariance.rows).map { column in
      var contrast = DenseMatrix(rows: covariance.rows, columns: 1)
      contrast[column, 0] = 1
      let (trace, squares) = spread(contrast)
      return squares > 0 ? 2 * trace * trace / squares : 0
    }
  }

  /// The sums over pairs of clusters of the covariances K of their parts: Σ tr Kᵢᵢ, and Σ tr K² + (tr K)².
  private func spread(_ contrasts: DenseMatrix) -> (trace: Double, squares: Double) {
    let sums = designSums.map { $0.multiplied(by: contrasts) }
    let turned = sums.map { modelCovariance.multiplied(by: $0) }
    let q = contrasts.columns
    var (trace, squares) = (0.0, 0.0)
    for i in sums.indices {
      for j in sums.indices {
        var part = sums[i].multiplied(by: turned[j], transposingSelf: true)
        for index in part.elements.indices { part.elements[index] *= -1 }
        if i == j {
          part.add(
            contrasts.multiplied(
              by: scoreVariances[i].multiplied(by: contrasts), transposingSelf: true))
          trace += part.diagonal.reduce(0, +)
        }
        let diagonal = part.diagonal.reduce(0, +)
        squares += diagonal * diagonal
        for a in 0..<q { for b in 0..<q { squares += part[a, b] * part[b, a] } }
      }
    }
    return (trace, squares)
  }

  /// The test that contrasts, a row each, are all zero; `nil` where it is not defined.
  func test(_ contrasts: DenseMatrix, of coefficients: [Double], term: String)
    -> MetaRegression.Test?
  {
    let hypothesis = LinearHypothesis(contrasts, of: coefficients)
    let q = Double(contrasts.rows)
    let model = hypothesis.covariance(modelCovariance)
    // C'Ω^(−1/2), for which any root serves.
    guard let root = try? model.cholesky(), let inverse = try? model.positiveDefiniteInverse(),
      let form = hypothesis.form(covariance)
    else { return nil }
    let scaled = contrasts.multiplied(
      by: inverse.multiplied(by: root), transposingSelf: true)
    let (_, squares) = spread(scaled)
    guard squares > 0 else { return nil }
    let freedom = q * (q + 1) / squares
    let residual = freedom - q + 1
    guard residual > 0 else { return nil }
    return hypothesis.test(
      term, statistic: residual / (freedom * q) * form, residualFreedom: residual)
  }
}

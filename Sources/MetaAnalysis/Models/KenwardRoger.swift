import RealModule
public import SurveyStats

/// Errors and degrees of freedom of coefficients that know that variances are estimated, by restricted
/// likelihood.
///
/// For a covariance that is linear in its parameters θ, with W the inverse of their expected information,
/// `Sᵣ = X'V⁻¹GᵣV⁻¹X` and `Qᵣₛ = X'V⁻¹GᵣV⁻¹GₛV⁻¹X`, the covariance of coefficients Φ = (X'V⁻¹X)⁻¹ becomes
/// `Φ + 2 Φ (Σ Wᵣₛ (Qᵣₛ − SᵣΦSₛ)) Φ` (Kenward & Roger 1997, *Biometrics* 53:983). A single contrast l has
/// t with `2 (l'Φl)² / Σ Wᵣₛ (l'ΦSᵣΦl)(l'ΦSₛΦl)` degrees of freedom, which are Satterthwaite's (Fai &
/// Cornelius 1996, *Journal of Statistical Computation and Simulation* 54:363): there the two differ in the
/// error alone. Several contrasts have Kenward and Roger's scaled F. Variances that are estimated to be
/// zero count as estimated.
public struct KenwardRoger: Sendable, Equatable {
  /// Φ.
  public let covariance: DenseMatrix
  /// Φ adjusted.
  public let adjusted: DenseMatrix
  let slopes: [DenseMatrix]
  /// W.
  let parameterCovariance: DenseMatrix

  /// Creates the adjustment; `nil` where the information of the parameters is singular.
  ///
  /// - Parameters:
  ///   - covariance: Φ.
  ///   - slopes: S of each parameter.
  ///   - products: Q of each pair.
  ///   - traces: tr(V⁻¹GᵣV⁻¹Gₛ).
  init?(
    covariance: DenseMatrix, slopes: [DenseMatrix], products: [[DenseMatrix]],
    traces: DenseMatrix
  ) {
    let turned = slopes.map { covariance.multiplied(by: $0) }
    var information = traces
    for a in slopes.indices {
      for b in slopes.indices {
        information[a, b] -= 2 * covariance.multiplied(by: products[a][b]).diagonal.reduce(0, +)
        information[a, b] += turned[a].multiplied(by: turned[b]).diagonal.reduce(0, +)
        information[a, b] /= 2
      }
    }
    for a in slopes.indices where !(information[a, a] > 0) { return nil }
    // Parameters that only act together are not told apart: correlations of one, to rounding.
    guard let inverse = try? information.positiveDefiniteInverse(),
      slopes.indices.allSatisfy({ inverse[$0, $0] * information[$0, $0] < 1e10 })
    else { return nil }
    var sum = DenseMatrix(rows: covariance.rows, columns: covariance.columns)
    for a in slopes.indices {
      for b in slopes.indices {
        let taken = slopes[a].multiplied(by: turned[b])
        for index in sum.elements.indices {
          sum.elements[index] +=
            2 * inverse[a, b] * (products[a][b].elements[index] - taken.elements[index])
        }
      }
    }
    let extra = covariance.multiplied(by: sum).multiplied(by: covariance)
    var adjusted = covariance
    for row in 0..<adjusted.rows {
      for column in 0..<adjusted.columns {
        adjusted[row, column] += (extra[row, column] + extra[column, row]) / 2
      }
    }
    self.covariance = covariance
    self.adjusted = adjusted
    self.slopes = slopes
    parameterCovariance = inverse
  }

  private init(
    covariance: DenseMatrix, adjusted: DenseMatrix, slopes: [DenseMatrix],
    parameterCovariance: DenseMatrix
  ) {
    self.covariance = covariance
    self.adjusted = adjusted
    self.slopes = slopes
    self.parameterCovariance = parameterCovariance
  }

  /// The degrees of freedom of each coefficient.
  var freedoms: [Double] {
    (0..<covariance.rows).map { row in
      freedom(of: (0..<covariance.rows).map { $0 == row ? 1 : 0 })
    }
  }

  /// The degrees of freedom of a contrast.
  func freedom(of contrast: [Double]) -> Double {
    let turned = covariance.multiplied(by: contrast)
    let variance = zip(contrast, turned).reduce(0) { $0 + $1.0 * $1.1 }
    let slopes = slopes.map { slope in
      zip(turned, slope.multiplied(by: turned)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var sum = 0.0
    for a in slopes.indices {
      for b in slopes.indices { sum += parameterCovariance[a, b] * slopes[a] * slopes[b] }
    }
    return 2 * variance * variance / sum
  }

  /// The test that contrasts, a row each, are all zero; `nil` where their covariance is singular.
  ///
  /// Where the degrees of freedom are too few for Kenward and Roger's moments, F is not scaled and has
  /// those of equal variances. Satterthwaite's test differs in the covariance alone.
  func test(
    _ contrasts: DenseMatrix, of coefficients: [Double], isAdjusted: Bool, term: String
  ) -> MetaRegression.Test? {
    let hypothesis = LinearHypothesis(contrasts, of: coefficients)
    let l = Double(contrasts.rows)
    guard let inner = try? hypothesis.covariance(covariance).positiveDefiniteInverse(),
      let form = hypothesis.form(isAdjusted ? adjusted : covariance)
    else { return nil }
    // ΘΦSΦ of each parameter has the traces of (LΦL')⁻¹ LΦSΦL'.
    let parts = slopes.map { slope in
      inner.multiplied(
        by: hypothesis.covariance(covariance.multiplied(by: slope).multiplied(by: covariance)))
    }
    var (first, second) = (0.0, 0.0)
    for a in parts.indices {
      for b in parts.indices {
        let weight = parameterCovariance[a, b]
        first += weight * parts[a].diagonal.reduce(0, +) * parts[b].diagonal.reduce(0, +)
        second += weight * parts[a].multiplied(by: parts[b]).diagonal.reduce(0, +)
      }
    }
    let (scale, residual) = Self.moments(l, first, second)
    return hypothesis.test(term, statistic: scale * (form / l), residualFreedom: residual)
  }

  /// Kenward and Roger's scale and degrees of freedom of l contrasts, from their A₁ and A₂.
  private static func moments(
    _ l: Double, _ first: Double, _ second: Double
  ) -> (scale: Double, freedom: Double) {
    let plain = (1.0, 2 * l / second)
    let b = (first + 6 * second) / (2 * l)
    let g = ((l + 1) * first - (l + 4) * second) / ((l + 2) * second)
    let below = 3 * l + 2 * (1 - g)
    let (c1, c2, c3) = (g / below, (l - g) / below, (l + 2 - g) / below)
    guard second < l, c2 * b < 1, c3 * b < 1 else { return plain }
    let mean = 1 / (1 - second / l)
    let variance = 2 / l * (1 + c1 * b) / ((1 - c2 * b) * (1 - c2 * b) * (1 - c3 * b))
    let ratio = variance / (2 * mean * mean)
    guard l * ratio > 1 else { return plain }
    let freedom = 4 + (l + 2) / (l * ratio - 1)
    return (freedom / (mean * (freedom - 2)), freedom)
  }

  /// The adjustment of linear combinations of the coefficients, whose matrix is square and regular.
  func transformed(by transform: DenseMatrix) throws(LinearAlgebraError) -> KenwardRoger {
    func turned(_ matrix: DenseMatrix) -> DenseMatrix {
      transform.multiplied(by: matrix).multiplied(by: transform, transposingOther: true)
    }
    // The inverse of the transform's transpose, T⁻ᵀ = (TΦT')⁻¹TΦ.
    let back = try turned(covariance).positiveDefiniteInverse().multiplied(
      by: transform.multiplied(by: covariance))
    return KenwardRoger(
      covariance: turned(covariance), adjusted: turned(adjusted),
      slopes: slopes.map {
        back.multiplied(by: $0).multiplied(by: back, transposingOther: true)
      }, parameterCovariance: parameterCovariance)
  }
}

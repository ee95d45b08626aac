import Testing

@testable import SurveyStats

@Suite struct NegativeBinomialTests {
  @Test func `a fit is that of MASS`() throws {
    // R 4.2.2, MASS 7.3-58.2: glm.nb(breaks ~ wool + tension, data = warpbreaks).
    let data = RegressionGolden.data("counts", "warpbreaks")
    let design = try DesignMatrix(
      try ModelFormula("wool:ref=A + tension:ref=L"), from: data)
    let columns = (0..<design.columnCount).map { Array(design.values.column($0)) }
    let counts = data.numbers("breaks")
    let fit = try #require(
      NegativeBinomial(
        columns: columns, counts: counts, logExposure: counts.map { _ in 0 }))
    let expected = Self.massValues
    for (place, name) in design.columnNames.enumerated() {
      let (value, error) = try #require(expected[place == 0 ? "(Intercept)" : name])
      #expect(abs(fit.coefficients[place] - value) < 1e-6)
      #expect(abs(fit.covariance[place, place].squareRoot() - error) < 1e-6)
    }
    #expect(abs(1 / fit.dispersion - Self.massTheta) < 1e-3)
    #expect(abs(fit.logLikelihood - Self.massLogLikelihood) < 1e-6)
    // An exposure of two halves the rate.
    let twice = try #require(
      NegativeBinomial(
        columns: columns, counts: counts, logExposure: counts.map { _ in 0.6931471805599453 }))
    #expect(abs(twice.coefficients[0] - fit.coefficients[0] + 0.6931471805599453) < 1e-6)
    #expect(abs(twice.coefficients[1] - fit.coefficients[1]) < 1e-6)
  }

  @Test func `counts without overdispersion end at Poisson`() throws {
    let ones = [Double](repeating: 1, count: 20)
    let fit = try #require(
      NegativeBinomial(
        columns: [ones], counts: (0..<20).map { Double(2 + $0 % 2) },
        logExposure: ones.map { _ in 0 }))
    #expect(fit.isPoisson && abs(fit.coefficients[0] - 0.9162907318741551) < 1e-9)
    #expect(
      NegativeBinomial(
        columns: [ones], counts: ones.map { _ in 0 }, logExposure: ones.map { _ in 0 }) == nil)
    #expect(
      NegativeBinomial(
        columns: [ones, ones], counts: ones, logExposure: ones.map { _ in 0 }) == nil)
  }

  private static let massTheta = 9.94438543590047
  private static let massLogLikelihood = -199.381903889003
  private static let massValues = [
    "(Intercept)": (3.673354566579143, 0.0979030472904469),
    "wool[B]": (-0.186211052351014, 0.1009613994288242),
    "tension[M]": (-0.299227238628679, 0.1217284968022338),
    "tension[H]": (-0.511395515191388, 0.1237398644650356),
  ]
}

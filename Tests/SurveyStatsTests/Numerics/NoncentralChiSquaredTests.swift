import SurveyStats
import Testing

@Suite struct NoncentralChiSquaredTests {
  /// R 4.2.2: `sprintf("%.17g", pchisq(x, df, ncp))`.
  @Test(arguments: [
    (10, 5, 3, 0.7172368464311434),
    (1, 2, 0.5, 0.3243507037050955),
    (0.01, 1, 4, 0.01085213925318525),
    (50, 10, 40, 0.5287105342177715),
    (226, 226, 80, 0.0008625493672626294),
    (500, 300, 150, 0.9221787286222156),
    (1200, 276, 900, 0.6499517988483148),
    (90000, 2000, 88000, 0.500666125481298),
    (3, 200, 1, 6.029134583127758e-142),
  ])
  func `probabilities agree with R`(x: Double, df: Double, ncp: Double, expected: Double) {
    let distribution = NoncentralChiSquared(degreesOfFreedom: df, noncentrality: ncp)
    #expect(abs(distribution.cumulativeProbability(x) - expected) < 1e-11)
  }

  @Test func `without noncentrality it is the chi-square`() {
    for x in [0.1, 1, 5, 30] {
      let central = ChiSquared(degreesOfFreedom: 4).cumulativeProbability(x)
      let mixture = NoncentralChiSquared(degreesOfFreedom: 4, noncentrality: 0)
      #expect(abs(mixture.cumulativeProbability(x) - central) < 1e-15)
    }
  }

  @Test func `nothing lies below zero and everything below infinity`() {
    let distribution = NoncentralChiSquared(degreesOfFreedom: 2, noncentrality: 7)
    #expect(distribution.cumulativeProbability(0) == 0)
    #expect(distribution.cumulativeProbability(.infinity) == 1)
  }
}

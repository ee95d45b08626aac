import RealModule
import Testing

@testable import SurveyStats

@Suite struct SimultaneousBandTests {
  /// Rates of 1/2 and 1/5 with their standard errors; replicates as given.
  private func sample(_ rates: [[Double]], _ errors: [[Double]]) -> BootstrapSample {
    BootstrapSample(
      original: [0.5, 0.2, 0.05, 0.04],
      replicates: DenseMatrix(
        rows: rates[0].count, columns: 4, elements: (rates + errors).flatMap { $0 }))
  }

  @Test func `the critical value is a quantile of the largest distance`() throws {
    // The second rate never moves; the first is at logit distances 1, 2, …, 9 standard errors.
    let rates = (1...9).map { 1 / (1 + Double.exp(-Double($0))) }
    let errors = rates.map { $0 * (1 - $0) }
    let band = SimultaneousBand(
      sample([rates, [Double](repeating: 0.2, count: 9)], [errors, errors]), quantities: [0, 1],
      firstStandardError: 2, errorShare: 0.1)
    // The level is 1 − 2 · 0.1, the position 0.8 · 10.
    #expect(isClose(band.criticalValue, 8, within: 1e-9))
    #expect(band.quantities == [0, 1])
    let limits = try #require(band.limits(of: 0))
    #expect(isClose(limits.upper, 1 / (1 + Double.exp(-1.6)), within: 1e-9))
    #expect(isClose(limits.lower, 1 - limits.upper))
  }

  @Test func `rates that are too often 0 leave, the others stay`() {
    let steady = [Double](repeating: 0.5, count: 10)
    let errors = [Double](repeating: 0.05, count: 10)
    let often = [0, 0, 0] + [Double](repeating: 0.2, count: 7)
    let band = SimultaneousBand(
      sample([steady, often], [errors, [0, 0, 0] + [Double](repeating: 0.04, count: 7)]),
      quantities: [0, 1], firstStandardError: 2, errorShare: 0.1)
    #expect(band.quantities == [0])
    #expect(band.limits(of: 1) == nil)
    #expect(band.limits(of: 0)?.lower == 0.5)
  }

  @Test func `too few replicates and no rates make no band`() {
    let few = SimultaneousBand(
      sample([[0.5, 0.4], [0.2, 0.1]], [[0.1, 0.1], [0.1, 0.1]]), quantities: [0, 1],
      firstStandardError: 2, errorShare: 0.025)
    #expect(few.quantities.isEmpty && few.limits(of: 0) == nil)
    let none = SimultaneousBand(
      sample([[0.5], [0.2]], [[0.1], [0.1]]), quantities: [], firstStandardError: 2,
      errorShare: 0.05)
    #expect(none.quantities.isEmpty && none.criticalValue == 0)
  }
}

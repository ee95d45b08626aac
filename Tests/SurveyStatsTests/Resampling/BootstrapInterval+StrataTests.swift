import SurveyStats
import Testing

@Suite struct StratifiedAccelerationTests {
  @Test func `with one stratum it is the acceleration of the jackknife`() {
    let values = [0.2, 0.25, 0.3, 0.5, 0.22]
    #expect(
      BootstrapInterval.acceleration(jackknife: values, stratumSizes: [5])
        == BootstrapInterval.acceleration(jackknife: values))
  }

  @Test func `the mean of two strata is skewed as the deviations within them`() throws {
    let strata = [[1.0, 2, 6], [10.0, 10, 10, 40]]
    let all = strata.joined()
    let total = all.reduce(0, +)
    let left = all.map { (total - $0) / 6 }
    let deviations = strata.flatMap { stratum in
      let mean = stratum.reduce(0, +) / Double(stratum.count)
      return stratum.map { $0 - mean }
    }
    let squares = deviations.reduce(0) { $0 + $1 * $1 }
    let cubes = deviations.reduce(0) { $0 + $1 * $1 * $1 }
    let found = try #require(
      BootstrapInterval.acceleration(jackknife: left, stratumSizes: [3, 4]))
    #expect(abs(found - cubes / (6 * squares * squares.squareRoot())) < 1e-12)
  }

  @Test func `undefined values take no part, and a constant has no acceleration`() {
    #expect(
      BootstrapInterval.acceleration(jackknife: [1, .nan, 2, 4], stratumSizes: [4])
        == BootstrapInterval.acceleration(jackknife: [1, 2, 4]))
    #expect(BootstrapInterval.acceleration(jackknife: [3, 3, 5, 5], stratumSizes: [2, 2]) == nil)
    #expect(BootstrapInterval.acceleration(jackknife: [], stratumSizes: []) == nil)
  }
}

import RealModule
import SurveyStats
import Testing

@Suite struct BootstrapIntervalTests {
  /// The replicates of `scripts/golden/bootstrap_limits.R`.
  static func replicates(_ set: String, count: Int, seed: Int) -> [Double] {
    var state = seed
    let uniforms = (0..<3 * count).map { _ in
      state = (1_103_515_245 * state + 12_345) % (1 << 31)
      return (Double(state) + 0.5) / 2_147_483_648
    }
    return (0..<count).map { index in
      let first = uniforms[index]
      let second = uniforms[count + index]
      let third = uniforms[2 * count + index]
      switch set {
      case "uniform": return first
      case "skewed": return -Double.log(1 - first)
      case "discrete": return (20 * first * first).rounded(.down) / 20
      case "lattice":
        return (100 * (first + second + third) / 3).rounded(.toNearestOrEven) / 100
      default: return (first + second) / 2
      }
    }
  }

  static let influence = [-3, -1.5, -0.25, 0, 0.5, 0.75, 1, 2.5]

  @Test func `limits match boot`() throws {
    let acceleration = try #require(BootstrapInterval.acceleration(influence: Self.influence))
    for row in try NumericsGolden("bootstrap_limits").rows {
      let replicates = Self.replicates(
        row["set"], count: Int(try row.number("replicates")), seed: Int(try row.number("seed")))
      let estimate = try row.number("estimate")
      let standardError = (estimate * (1 - estimate) / 50).squareRoot()
      let method: BootstrapInterval =
        switch row["method"] {
        case "normal": .normal
        case "basic": .basic
        case "percentile": .percentile
        case "bca": .bca(acceleration: acceleration, ties: .strict)
        default:
          .studentized(
            standardError: standardError,
            replicateStandardErrors: replicates.map { ($0 * (1 - $0) / 50).squareRoot() },
            scale: row["method"] == "studentized" ? .identity : .logit)
        }
      let limits = try method.limits(
        estimate: estimate, replicates: replicates, level: try row.number("level"))
      let lower = try row.number("lower")
      let upper = try row.number("upper")
      #expect(abs(limits.lower - lower) < 1e-10 * max(1, abs(lower)), "\(row)")
      #expect(abs(limits.upper - upper) < 1e-10 * max(1, abs(upper)), "\(row)")
    }
  }

  @Test func `both tie rules agree without ties`() throws {
    let replicates = Self.replicates("skewed", count: 1999, seed: 3)
    let half = try BootstrapInterval.bca(acceleration: 0.03).limits(
      estimate: 0.7, replicates: replicates, level: 0.95)
    let strict = try BootstrapInterval.bca(acceleration: 0.03, ties: .strict).limits(
      estimate: 0.7, replicates: replicates, level: 0.95)
    #expect(half == strict)
  }

  @Test func `half of the ties are below the estimate`() throws {
    // 40 below, 30 equal up to rounding, 30 above: 55 percent are below.
    let below = (0..<40).map { 0.1 + Double($0) / 1000 }
    let equal = (0..<30).map { 0.3 + Double($0 % 3 - 1) * 1e-16 }
    let replicates = below + equal + [Double](repeating: 0.5, count: 30)
    let limits = try BootstrapInterval.bca(acceleration: 0).limits(
      estimate: 0.3, replicates: replicates, level: 0.9)
    #expect(limits.biasCorrection == Normal().quantile(0.55))
    #expect(limits.acceleration == 0)
  }

  @Test func `BCa without bias and acceleration is the percentile interval`() throws {
    let replicates = (1...999).map { Double($0) / 1000 }
    let bca = try BootstrapInterval.bca(acceleration: 0).limits(
      estimate: 0.5, replicates: replicates, level: 0.9)
    let percentile = try BootstrapInterval.percentile.limits(
      estimate: 0.5, replicates: replicates, level: 0.9)
    #expect(abs(bca.lower - percentile.lower) < 1e-12)
    #expect(abs(bca.upper - percentile.upper) < 1e-12)
    #expect(percentile.lower == 0.05 && percentile.upper == 0.95)
  }

  @Test(arguments: ["uniform", "skewed", "discrete", "lattice"])
  func `intervals are nested in level`(set: String) throws {
    let replicates = Self.replicates(set, count: 999, seed: 11)
    let methods: [BootstrapInterval] = [
      .normal, .basic, .percentile, .bca(acceleration: 0.02),
      .studentized(
        standardError: 0.1, replicateStandardErrors: replicates.map { 0.1 + $0 * $0 / 20 }),
    ]
    for method in methods {
      var outer = (lower: -Double.infinity, upper: Double.infinity)
      for level in [0.99, 0.95, 0.9, 0.5] {
        let limits = try method.limits(estimate: 0.4, replicates: replicates, level: level)
        #expect(limits.lower >= outer.lower && limits.upper <= outer.upper)
        outer = (limits.lower, limits.upper)
      }
    }
  }

  @Test func `limits of the complement are mirrored`() throws {
    // Multiples of 1/64, so that one minus a replicate is exact.
    let replicates = Self.replicates("uniform", count: 1999, seed: 5).map {
      ($0 * 64).rounded() / 64
    }
    let mirrored = replicates.map { 1 - $0 }
    let methods: [(BootstrapInterval, BootstrapInterval)] = [
      (.normal, .normal), (.basic, .basic), (.percentile, .percentile),
      (.bca(acceleration: 0.05), .bca(acceleration: -0.05)),
    ]
    for (method, opposite) in methods {
      let limits = try method.limits(estimate: 0.375, replicates: replicates, level: 0.95)
      let flipped = try opposite.limits(estimate: 0.625, replicates: mirrored, level: 0.95)
      #expect(abs(limits.lower - (1 - flipped.upper)) < 1e-12)
      #expect(abs(limits.upper - (1 - flipped.lower)) < 1e-12)
    }
  }

  @Test func `undefined replicates are left out and counted`() throws {
    var replicates = Self.replicates("uniform", count: 200, seed: 5)
    let whole = try BootstrapInterval.percentile.limits(
      estimate: 0.5, replicates: replicates, level: 0.9)
    replicates.insert(contentsOf: [.nan, .infinity, -.infinity], at: 50)
    let limits = try BootstrapInterval.percentile.limits(
      estimate: 0.5, replicates: replicates, level: 0.9)
    #expect(limits.undefinedReplicates == 3 && limits.replicates == 200)
    #expect(limits.lower == whole.lower && limits.upper == whole.upper)
    replicates.append(contentsOf: [Double](repeating: .nan, count: 17))
    #expect(throws: IntervalFailure.tooManyUndefinedReplicates(share: 20.0 / 220)) {
      try BootstrapInterval.percentile.limits(estimate: 0.5, replicates: replicates, level: 0.9)
    }
  }

  @Test func `replicates without a standard error are left out and counted`() throws {
    let replicates = Self.replicates("proportion", count: 99, seed: 5)
    var errors = replicates.map { ($0 * (1 - $0) / 50).squareRoot() }
    errors[3] = 0
    errors[4] = .nan
    let method = BootstrapInterval.studentized(
      standardError: 0.07, replicateStandardErrors: errors, scale: .logit)
    let limits = try method.limits(estimate: 0.5, replicates: replicates, level: 0.9)
    #expect(limits.undefinedReplicates == 2 && limits.replicates == 97)
    #expect(limits.lower > 0 && limits.upper < 1 && limits.lower < limits.upper)
  }

  @Test func `extreme replicates are reported`() throws {
    let replicates = Self.replicates("uniform", count: 30, seed: 5)
    let limits = try BootstrapInterval.percentile.limits(
      estimate: 0.5, replicates: replicates, level: 0.99)
    #expect(limits.usesExtremeReplicates)
    #expect(limits.lower == replicates.min() && limits.upper == replicates.max())
  }

  @Test func `every failure has its name`() {
    let spread = Self.replicates("uniform", count: 100, seed: 5)
    let equal = [Double](repeating: 0.3, count: 100)
    func failure(
      _ method: BootstrapInterval, _ estimate: Double, _ replicates: [Double],
      level: Double = 0.95
    ) -> IntervalFailure? {
      do throws(IntervalFailure) {
        _ = try method.limits(estimate: estimate, replicates: replicates, level: level)
        return nil
      } catch {
        return error
      }
    }
    func studentized(_ error: Double) -> BootstrapInterval {
      .studentized(
        standardError: error, replicateStandardErrors: equal, scale: .logit)
    }
    #expect(failure(.normal, .nan, spread) == .undefinedEstimate)
    #expect(failure(.percentile, 0.3, equal) == .allReplicatesEqual)
    #expect(failure(.percentile, 0.3, [0.3]) == .tooFewReplicates)
    #expect(failure(.percentile, 0.3, []) == .tooFewReplicates)
    #expect(failure(.bca(acceleration: 0), 2, spread) == .infiniteBiasCorrection)
    #expect(failure(.bca(acceleration: .nan), 0.5, spread) == .undefinedAcceleration)
    #expect(failure(.bca(acceleration: 3), 0.5, spread) == .accelerationOutOfRange)
    #expect(failure(studentized(0), 0.5, spread) == .noStandardErrors)
    #expect(failure(studentized(0.1), 1, spread) == .undefinedEstimate)
    #expect(
      IntervalFailure.tooManyUndefinedReplicates(share: 0.0912).description
        == "9.1 percent of the replicates are undefined")
  }

  @Test func `the acceleration of a proportion is its closed form`() throws {
    // Efron 1987: (1 - 2p) / (6 √(npq)) for s successes in n trials.
    let values = (0..<40).map { $0 < 7 ? 1.0 : 0.0 }
    let mean = 7.0 / 40
    let influence = try #require(
      BootstrapInterval.acceleration(influence: values.map { $0 - mean }))
    let jackknife = try #require(
      BootstrapInterval.acceleration(jackknife: values.map { (7 - $0) / 39 }))
    let expected = (1 - 2 * mean) / (6 * (40 * mean * (1 - mean)).squareRoot())
    #expect(relativeError(influence, expected) < 1e-13)
    #expect(relativeError(jackknife, expected) < 1e-12)
    #expect(BootstrapInterval.acceleration(influence: [0, 0]) == nil)
    #expect(BootstrapInterval.acceleration(jackknife: []) == nil)
  }
}

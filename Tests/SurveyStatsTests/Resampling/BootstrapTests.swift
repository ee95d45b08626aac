import SurveyStats
import Synchronization
import Testing

/// The weights of all units, as a statistic.
struct WeightEcho: Statistic {
  let unitCount: Int
  var valueCount: Int { unitCount }

  func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for unit in 0..<unitCount { values[unit] = weights[unit] }
  }
}

/// A statistic that hides that it needs sums only.
struct Unsummed<Base: Statistic>: Statistic {
  let base: Base
  var unitCount: Int { base.unitCount }
  var valueCount: Int { base.valueCount }

  func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
    base.estimate(weights: weights, into: &values)
  }
}

/// The designs that every invariant of the bootstrap is tried on.
enum ExampleDesign: String, CaseIterable, CustomTestStringConvertible {
  case plain, stratified, clustered, weighted, everything

  var testDescription: String { rawValue }

  func design(papers: Int) throws -> SamplingDesign {
    let strata = (0..<papers).map { "\($0 / 7 % 3)" }
    let clusters = (0..<papers).map { "\($0 / 7)" }
    let weights = (0..<papers).map { [0.5, 1, 1.25, 2][$0 % 4] }
    return switch self {
    case .plain: SamplingDesign(paperCount: papers)
    case .stratified: try SamplingDesign(paperCount: papers, strata: strata)
    case .clustered: try SamplingDesign(paperCount: papers, clusters: clusters)
    case .weighted: try SamplingDesign(paperCount: papers, weights: weights)
    case .everything:
      try SamplingDesign(
        paperCount: papers, strata: strata, clusters: clusters, weights: weights)
    }
  }
}

@Suite struct BootstrapTests {
  @Test(arguments: Bootstrap.Scheme.allCases)
  func `weights have the moments of their scheme`(scheme: Bootstrap.Scheme) async throws {
    let n = 12
    let replicates = 20_000
    let sample = try await Bootstrap(
      design: SamplingDesign(paperCount: n), scheme: scheme, replicates: replicates, seed: 5)(
        WeightEcho(unitCount: n))
    let (first, second) = (sample.values(of: 0), sample.values(of: 7))
    let variance =
      switch scheme {
      case .multinomial: 1 - 1 / Double(n)
      case .poisson: 1.0
      case .bayesian: Double(n - 1) / Double(n + 1)
      }
    let covariance = scheme == .poisson ? 0 : -variance / Double(n - 1)
    let b = Double(replicates)
    let mean = first.reduce(0, +) / b
    #expect(abs(mean - 1) < 4 * (variance / b).squareRoot())
    #expect(abs(first.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / b - variance) < 0.06)
    let product = zip(first, second).reduce(0) { $0 + ($1.0 - 1) * ($1.1 - 1) } / b
    #expect(abs(product - covariance) < 0.04)
    for replicate in 0..<100 {
      let total = sample.replicates.row(replicate).reduce(0, +)
      if scheme != .poisson { #expect(abs(total - Double(n)) < 1e-9) }
      if scheme == .bayesian { #expect(sample.replicates.row(replicate).allSatisfy { $0 > 0 }) }
    }
  }

  @Test(arguments: [Bootstrap.Scheme.multinomial, .bayesian])
  func `strata keep their sizes in every replicate`(scheme: Bootstrap.Scheme) async throws {
    // Three strata over three blocks of 4,096 units; the last has a single unit.
    let sizes = [5_000, 4_100, 1]
    let strata = sizes.enumerated().flatMap { [String](repeating: "\($0)", count: $1) }
    let design = try SamplingDesign(paperCount: strata.count, strata: strata)
    let sample = try await Bootstrap(design: design, scheme: scheme, replicates: 70)(
      WeightEcho(unitCount: strata.count))
    for replicate in 0..<70 {
      var first = 0
      for size in sizes {
        var total = 0.0
        for unit in first..<first + size { total += sample.replicates[replicate, unit] }
        #expect(abs(total - Double(size)) < 1e-6)
        first += size
      }
    }
    #expect(sample.values(of: strata.count - 1).allSatisfy { abs($0 - 1) < 1e-12 })
  }

  @Test func `replicates of an item have the mean and variance of a binomial share`() async throws {
    let matrix = BinaryMatrix(text: (0..<50).map { $0 < 15 ? "1" : "0" })
    let statistic = RateStatistic(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]),
      design: SamplingDesign(paperCount: 50))
    let sample = try await Bootstrap(design: SamplingDesign(paperCount: 50), replicates: 20_000)(
      statistic)
    let values = sample.values(of: 0)
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19_999
    let expected = 0.3 * 0.7 / 50
    #expect(abs(mean - 0.3) < 4 * (expected / 20_000).squareRoot())
    #expect(abs(variance / expected - 1) < 0.04)
    for value in values { #expect(isClose(value * 50, (value * 50).rounded(), within: 1e-9)) }
  }

  @Test(arguments: Bootstrap.Scheme.allCases, ExampleDesign.allCases)
  func `sums of columns give what the unit weights give`(
    scheme: Bootstrap.Scheme, example: ExampleDesign
  ) async throws {
    let matrix = BinaryMatrix.random(papers: example == .plain ? 5_000 : 300, items: 6)
    let design = try example.design(papers: matrix.papers.count)
    let statistic = RateStatistic(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item, .category, .overall]),
      design: design, includesStandardErrors: true)
    let bootstrap = Bootstrap(design: design, scheme: scheme, replicates: 40, seed: 3)
    let summed = try await bootstrap(statistic)
    let unsummed = try await bootstrap(Unsummed(base: statistic))
    #expect(summed.original.count == unsummed.original.count)
    for (a, b) in zip(summed.original, unsummed.original) { #expect(abs(a - b) < 1e-12) }
    for (a, b) in zip(summed.replicates.elements, unsummed.replicates.elements) {
      #expect(a.isNaN == b.isNaN && !(abs(a - b) > 1e-12))
    }
  }

  @Test(arguments: Bootstrap.Scheme.allCases, ExampleDesign.allCases)
  func `results do not depend on jobs, nor on how a run is split`(
    scheme: Bootstrap.Scheme, example: ExampleDesign
  ) async throws {
    let matrix = BinaryMatrix.random(papers: 200, items: 4)
    let design = try example.design(papers: 200)
    let statistic = RateStatistic(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item, .overall]), design: design,
      includesStandardErrors: true)
    var bootstrap = Bootstrap(design: design, scheme: scheme, replicates: 1_000, seed: 11)
    let all = try await bootstrap(statistic)
    for jobs in [2, 7] {
      bootstrap.jobs = jobs
      #expect(try await bootstrap(statistic) == all)
    }
    for range in [0..<37, 37..<130, 130..<1_000] {
      bootstrap.replicates = range
      let part = try await bootstrap(statistic)
      for quantity in all.original.indices {
        #expect(part.values(of: quantity) == Array(all.values(of: quantity)[range]))
      }
    }
  }

  @Test func `another seed gives other replicates`() async throws {
    let design = SamplingDesign(paperCount: 20)
    let echo = WeightEcho(unitCount: 20)
    let one = try await Bootstrap(design: design, replicates: 10, seed: 1)(echo)
    #expect(try await Bootstrap(design: design, replicates: 10, seed: 1)(echo) == one)
    #expect(try await Bootstrap(design: design, replicates: 10, seed: 2)(echo) != one)
  }

  @Test func `progress counts every replicate once`() async throws {
    let counted = Mutex(0)
    let matrix = BinaryMatrix.random(papers: 9_000, items: 2)
    let design = SamplingDesign(paperCount: 9_000)
    let statistic = RateStatistic(
      matrix, targets: RateTarget.all(in: matrix, levels: [.item]), design: design)
    for jobs in [1, 2] {
      let bootstrap = Bootstrap(design: design, replicates: 131, jobs: jobs)
      counted.withLock { $0 = 0 }
      _ = try await bootstrap(statistic) { count in counted.withLock { $0 += count } }
      #expect(counted.withLock { $0 } == 131)
    }
    counted.withLock { $0 = 0 }
    _ = try await Bootstrap(design: design, replicates: 10)(WeightEcho(unitCount: 9_000)) { count in
      counted.withLock { $0 += count }
    }
    #expect(counted.withLock { $0 } == 10)
  }

  @Test(arguments: [1, 2])
  func `a cancelled task draws nothing`(jobs: Int) async throws {
    let design = SamplingDesign(paperCount: 1_000)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await Bootstrap(design: design, replicates: 10_000, jobs: jobs)(
        WeightEcho(unitCount: 1_000))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `no replicates and no papers are no trouble`() async throws {
    let none = try await Bootstrap(design: SamplingDesign(paperCount: 3), replicates: 0)(
      WeightEcho(unitCount: 3))
    #expect(none.replicateCount == 0 && none.original == [1, 1, 1])
    let matrix = BinaryMatrix(text: [], items: ["a"])
    let empty = try await Bootstrap(design: SamplingDesign(paperCount: 0), replicates: 5)(
      RateStatistic(
        matrix, targets: RateTarget.all(in: matrix, levels: [.item]),
        design: SamplingDesign(paperCount: 0)))
    #expect(empty.original[0].isNaN)
    #expect(empty.replicates.elements.allSatisfy { $0.isNaN })
  }
}

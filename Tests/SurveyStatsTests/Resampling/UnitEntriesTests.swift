import CKernels
import Testing

@testable import SurveyStats

@Suite struct UnitEntriesTests {
  /// A statistic whose values are the sums of the columns.
  struct Sums: EntryStatistic {
    var entries: UnitEntries
    var valueCount: Int { entries.columnCount }

    func estimate(sums: Span<Double>, into values: inout MutableSpan<Double>) {
      for column in 0..<entries.columnCount { values[column] = sums[column] }
    }
  }

  /// The same, which shows the engine no entries.
  struct Plain: Statistic {
    var sums: Sums
    var unitCount: Int { sums.entries.unitCount }
    var valueCount: Int { sums.valueCount }

    func estimate(weights: Span<Double>, into values: inout MutableSpan<Double>) {
      sums.estimate(weights: weights, into: &values)
    }
  }

  /// Random cells of random papers, some of them with values.
  private static func statistic(_ design: SamplingDesign, valued: Bool) -> Sums {
    var random = RandomStream(seed: 5, stream: UInt64(design.paperCount))
    var builder = UnitEntries.Builder(design)
    for block in 0..<5 {
      let papers = (0..<design.paperCount).filter { _ in random.uniform() < 0.6 }
      let cells = papers.map { _ in Int(random.next() % 7) }
      let weights = papers.map { _ in random.uniform() }
      _ = builder.add(
        papers: papers, cells: cells, count: 7, weights: valued && block > 2 ? weights : nil)
    }
    return Sums(entries: builder.finished())
  }

  @Test(arguments: KernelPath.available, [1, 7, 63, 64, 65, 100, 4096])
  func `every path gives the sums of the definition`(path: KernelPath, units: Int) {
    for valued in [false, true] {
      let statistic = Self.statistic(SamplingDesign(paperCount: units), valued: valued)
      var random = RandomStream(seed: 6, stream: UInt64(units))
      for replicates in [1, 9, 64] {
        // Whole bytes: the 16-bit sums would overflow were they not emptied.
        var counts = MultinomialCounts(capacity: replicates)
        counts.fill(block: 0, paperCount: units, replicates: 0..<replicates) { replicate in
          (0..<units).map { _ in replicate == 0 ? 255 : UInt8(truncatingIfNeeded: random.next()) }
        }
        var whole = EntrySums(columnCount: statistic.entries.columnCount)
        var real = EntrySums(columnCount: statistic.entries.columnCount)
        var weights = DenseMatrix(rows: units, columns: replicates)
        for unit in 0..<units {
          for replicate in 0..<replicates {
            weights[unit, replicate] = Double(counts[replicate, unit])
          }
        }
        // Twice, to see that sums are added to.
        for _ in 0..<2 {
          whole.add(counts, statistic.entries, path: path)
          real.add(weights, from: 0, statistic.entries, path: path)
        }
        var found = [Double](repeating: 0, count: statistic.entries.columnCount)
        for place in 0..<replicates {
          let own = Array(weights.column(place))
          let expected = statistic.entries.sums(weights: own.span).map { 2 * $0 }
          whole.copy(place: place, to: &found)
          expectClose(found, expected)
          real.copy(place: place, to: &found)
          expectClose(found, expected)
        }
      }
    }
  }

  private func expectClose(_ found: [Double], _ expected: [Double]) {
    for (one, other) in zip(found, expected) {
      #expect(abs(one - other) <= 1e-12 * max(1, abs(other)))
    }
  }

  @Test(arguments: Bootstrap.Scheme.allCases)
  func `replicates are those of a statistic that is given all weights`(scheme: Bootstrap.Scheme)
    async throws
  {
    let papers = 5_000
    let strata = (0..<papers).map { "\($0 % 3)" }
    let clusters = (0..<papers).map { "\($0 % 3) \($0 / 60)" }
    for design in [
      SamplingDesign(paperCount: papers),
      try SamplingDesign(paperCount: papers, strata: strata),
      try SamplingDesign(paperCount: papers, clusters: clusters),
    ] {
      let statistic = Self.statistic(design, valued: true)
      let bootstrap = Bootstrap(design: design, scheme: scheme, replicates: 70, seed: 3, jobs: 2)
      let found = try await bootstrap(statistic)
      let expected = try await bootstrap(Plain(sums: statistic))
      #expect(found.original == expected.original)
      for (one, other) in zip(found.replicates.elements, expected.replicates.elements) {
        #expect(abs(one - other) <= 1e-11 * max(1, abs(other)))
      }
    }
  }

  @Test func `the same cells of the same papers are the same columns`() {
    var builder = UnitEntries.Builder(SamplingDesign(paperCount: 4))
    let first = builder.add(papers: [0, 2], cells: [0, 1], count: 2)
    let again = builder.add(papers: [0, 2], cells: [0, 1], count: 2)
    let wider = builder.add(papers: [0, 2], cells: [0, 1], count: 3)
    let weighted = builder.add(papers: [0, 2], cells: [0, 1], count: 2, weights: [1, 2])
    #expect([first, again, wider, weighted] == [0, 0, 2, 5])
    let entries = builder.finished()
    #expect(entries.columnCount == 7)
    #expect(entries.sums(weights: [1, 5, 10, 5].span) == [1, 10, 1, 10, 0, 1, 20])
  }

  @Test func `without entries there are no columns`() async throws {
    let design = SamplingDesign(paperCount: 10)
    let statistic = Sums(entries: UnitEntries.Builder(design).finished())
    let sample = try await Bootstrap(design: design, replicates: 3)(statistic)
    #expect(sample.replicateCount == 3 && sample.original.isEmpty)
  }
}

import SurveyStats

/// How much work goes into the study.
struct InferencePlan: Sendable {
  /// The number of simulated corpora of each situation.
  let repetitions: Int
  /// The number of bootstrap replicates of each.
  let replicates: Int
  /// The seed.
  let seed: UInt64
  /// The number of tasks that work at a time.
  let jobs: Int
  /// The confidence level.
  static let level = 0.95

  /// The corpora that one task works on; fixed, so that sums do not depend on the jobs.
  private static let chunkSize = 50

  /// What is found out about all methods in a situation.
  func results(of situation: Situation) async throws -> [InferenceResult] {
    let count = max(1, Int(Double(repetitions) * situation.scenario.share))
    let chunks = stride(from: 0, to: count, by: Self.chunkSize).map {
      $0..<min($0 + Self.chunkSize, count)
    }
    var findings = [[[Finding]]](repeating: [], count: chunks.count)
    try await withThrowingTaskGroup(of: (Int, [[Finding]]).self) { group in
      var next = 0
      func add(to group: inout ThrowingTaskGroup<(Int, [[Finding]]), any Error>) {
        guard next < chunks.count else { return }
        let (index, chunk) = (next, chunks[next])
        next += 1
        group.addTask {
          var found: [[Finding]] = []
          for repetition in chunk {
            var stream = RandomStream(
              seed: seed, stream: UInt64(repetition), substream: situation.number)
            found.append(try await situation.findings(from: &stream, plan: self))
          }
          return (index, found)
        }
      }
      for _ in 0..<max(1, jobs) { add(to: &group) }
      while let (index, found) = try await group.next() {
        findings[index] = found
        add(to: &group)
      }
    }
    let all = findings.flatMap { $0 }
    guard let first = all.first else { return [] }
    return first.indices.map { position in
      var tally = InferenceTally()
      for found in all { tally.add(found[position]) }
      return InferenceResult(
        situation: situation, method: first[position].method, tally: tally)
    }
  }

  /// Draws a bootstrap of a statistic of so many papers, in clusters if given.
  func bootstrap(
    _ design: SamplingDesign, from stream: inout RandomStream, _ statistic: some Statistic
  ) async throws -> BootstrapSample {
    try await Bootstrap(
      design: design, replicates: replicates, seed: stream.next(), jobs: 1)(statistic)
  }
}

/// One corpus, one method: the interval, the test, and the truth.
struct Finding: Sendable {
  let method: Method
  let truth: Double
  var low: Double?
  var high: Double?
  var pValue: Double?

  /// An estimate with its limits.
  init(_ method: Method, truth: Double, _ estimate: Estimate?, pValue: Double? = nil) {
    self.method = method
    self.truth = truth
    low = estimate?.lower
    high = estimate?.upper
    self.pValue = pValue
  }

  /// A bootstrap interval of a quantity.
  init(
    _ method: Method, truth: Double, _ sample: BootstrapSample, quantity: Int,
    _ interval: BootstrapInterval = .percentile
  ) {
    let found = try? interval.limits(
      estimate: sample.original[quantity], replicates: sample.values(of: quantity),
      level: InferencePlan.level)
    self.init(
      method, truth: truth,
      Estimate(sample.original[quantity], lower: found?.lower, upper: found?.upper))
  }
}

/// A method, and what it is about.
struct Method: Sendable, Hashable {
  /// What is estimated or tested.
  let quantity: String
  /// How.
  let name: String

  init(_ quantity: String, _ name: String) {
    self.quantity = quantity
    self.name = name
  }
}

/// What was found out about one method in one situation.
struct InferenceResult: Sendable {
  let situation: Situation
  let method: Method
  let tally: InferenceTally
}

/// How often intervals missed the truth and tests rejected.
struct InferenceTally: Sendable {
  private(set) var samples = 0
  private var intervals = 0
  private var below = 0
  private var above = 0
  private var tests = 0
  private var rejections = 0
  private var lengths: [Double] = []

  /// Counts a finding; without a test the interval tests whether it holds zero.
  mutating func add(_ finding: Finding) {
    samples += 1
    if let low = finding.low, let high = finding.high {
      intervals += 1
      if finding.truth < low - 1e-9 { below += 1 }
      if finding.truth > high + 1e-9 { above += 1 }
      lengths.append(high - low)
      if finding.pValue == nil {
        tests += 1
        if low > 0 || high < 0 { rejections += 1 }
      }
    }
    if let pValue = finding.pValue {
      tests += 1
      if pValue < 1 - InferencePlan.level { rejections += 1 }
    }
  }

  private func share(_ count: Int, of total: Int) -> Double? {
    total > 0 ? Double(count) / Double(total) : nil
  }

  /// The share of intervals that held the truth; `nil` for methods without intervals.
  var coverage: Double? { share(intervals - below - above, of: intervals) }
  /// The share of intervals above the truth.
  var missedBelow: Double? { share(below, of: intervals) }
  /// The share of intervals below the truth.
  var missedAbove: Double? { share(above, of: intervals) }
  /// The share of tests that rejected no effect at 5%.
  var rejected: Double? { share(rejections, of: tests) }
  /// The share of corpora in which the method gave no interval; `nil` for mere tests.
  var withoutInterval: Double? { intervals > 0 ? share(samples - intervals, of: samples) : nil }

  /// The median length.
  var medianLength: Double? {
    let sorted = lengths.sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

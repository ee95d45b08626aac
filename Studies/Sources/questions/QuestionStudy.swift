import SurveyStats

/// How often the intervals of a quantity hold the truth, over many corpora of one size.
struct QuestionResult: Sendable {
  let quantity: String
  let paperCount: Int
  let truth: Double
  /// The corpora, those with limits, and those whose limits hold the truth.
  var samples = 0
  var limited = 0
  var covered = 0
  /// Limits wholly above the truth, and wholly below it.
  var above = 0
  var below = 0
  var lengths: [Double] = []

  /// The share of limits that hold the truth; `nil` without limits.
  var coverage: Double? { limited > 0 ? Double(covered) / Double(limited) : nil }
  /// The share of corpora without limits.
  var withoutLimits: Double { Double(samples - limited) / Double(samples) }
  /// The length in the middle.
  var medianLength: Double? { lengths.isEmpty ? nil : lengths.sorted()[lengths.count / 2] }

  /// Counts what was found in one corpus.
  mutating func add(_ found: QuestionScenario.Found) {
    samples += 1
    guard let low = found.low, let high = found.high else { return }
    limited += 1
    lengths.append(high - low)
    if low > truth { above += 1 } else if high < truth { below += 1 } else { covered += 1 }
  }
}

/// The study: corpora of several sizes in every scenario.
struct QuestionStudy: Sendable {
  /// The corpora of each size.
  var repetitions = 500
  /// The sizes.
  var sizes = [50, 200, 1_000]
  /// The seed.
  var seed: UInt64 = 1
  /// The number of tasks that work at a time.
  var jobs = 2

  /// What is found in a scenario, quantity after quantity.
  func results(of scenario: QuestionScenario) async throws -> [QuestionResult] {
    let number = UInt64(QuestionScenario.allCases.firstIndex(of: scenario) ?? 0)
    var stream = RandomStream(seed: seed, stream: 1 << 40, substream: number)
    var truths: [String: Double] = [:]
    for found in try await scenario.found(papers: scenario.largeCount, from: &stream) {
      truths[found.quantity] = found.estimate
    }
    var results: [QuestionResult] = []
    for size in sizes {
      let corpora = try await corpora(of: scenario, size, number)
      guard let first = corpora.first else { continue }
      for (place, quantity) in first.map(\.quantity).enumerated() {
        guard let truth = QuestionScenario.truth(of: quantity) ?? truths[quantity] else { continue }
        var result = QuestionResult(quantity: quantity, paperCount: size, truth: truth)
        for found in corpora { result.add(found[place]) }
        results.append(result)
      }
    }
    return results
  }

  private func corpora(
    of scenario: QuestionScenario, _ size: Int, _ number: UInt64
  ) async throws -> [[QuestionScenario.Found]] {
    try await withThrowingTaskGroup(of: [(Int, [QuestionScenario.Found])].self) { group in
      for job in 0..<jobs {
        group.addTask {
          var found: [(Int, [QuestionScenario.Found])] = []
          for repetition in stride(from: job, to: repetitions, by: jobs) {
            var stream = RandomStream(
              seed: seed, stream: UInt64(size << 20 + repetition), substream: number)
            found.append((repetition, try await scenario.found(papers: size, from: &stream)))
          }
          return found
        }
      }
      var all: [(Int, [QuestionScenario.Found])] = []
      for try await found in group { all += found }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}

extension Table {
  /// The results, one row a quantity and size.
  init(questions results: [QuestionResult]) {
    func rounded(_ value: (QuestionResult) -> Double?) -> Column.Values {
      .real(results.map { value($0).map { ($0 * 1e4).rounded() / 1e4 } })
    }
    self.init(
      name: "questions",
      columns: [
        Column("quantity", .text(results.map(\.quantity))),
        Column("papers", .integer(results.map(\.paperCount))), Column("truth", rounded(\.truth)),
        Column("coverage", rounded(\.coverage)),
        Column("above", .integer(results.map(\.above))),
        Column("below", .integer(results.map(\.below))),
        Column("without_limits", rounded(\.withoutLimits)),
        Column("median_length", rounded(\.medianLength)),
        Column("samples", .integer(results.map(\.samples))),
      ])
  }
}

extension [QuestionResult] {
  /// The results as a Markdown table, one row a quantity; coverage below 93 % is bold.
  var markdown: String {
    var quantities: [String] = []
    for result in self where !quantities.contains(result.quantity) {
      quantities.append(result.quantity)
    }
    var sizes: [Int] = []
    for result in self where !sizes.contains(result.paperCount) { sizes.append(result.paperCount) }
    let header = ["quantity", "truth"] + sizes.map { "\($0)" } + ["none of \(sizes.first ?? 0)"]
    let rows = quantities.map { quantity -> [String] in
      let own = filter { $0.quantity == quantity }
      let cells = sizes.map { size -> String in
        guard let coverage = own.first(where: { $0.paperCount == size })?.coverage else {
          return "–"
        }
        let text = NumberFormat.fixed(100 * coverage, digits: 1)
        return coverage < 0.93 ? "**\(text)**" : text
      }
      let truth = own.first.map { NumberFormat.fixed($0.truth, digits: 3) } ?? "–"
      let none = own.first.map { NumberFormat.fixed(100 * $0.withoutLimits, digits: 1) } ?? "–"
      return [quantity, truth] + cells + [none]
    }
    let rule = ["---", "--:"] + sizes.map { _ in "--:" } + ["--:"]
    return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}

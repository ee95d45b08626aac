import ArgumentParser
import Foundation
import SurveyStats

/// How often the intervals of fits, trends and comparisons hold the truth, and how often their
/// tests reject it.
@main
struct Inference: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures errors of tests and coverage of intervals of logit, trend and compare.",
    discussion: """
      Corpora with a known truth are drawn, and the intervals and tests of metastat made for each.
      The results depend on the seed only.

      EXAMPLE
        swift run -c release --package-path Studies inference \\
          --csv docs/inference.csv --page docs/inference.md
      """)

  @Argument(
    help: """
      logit, clusters, all-items, trend, compare, strata, pairs, sparse, rare-trend, mixed-trend; \
      all without any.
      """)
  var scenarios = InferenceScenario.allCases

  @Option(help: "The number of simulated corpora of each situation.")
  var repetitions = 500

  @Option(help: "The number of bootstrap replicates of each.")
  var replicates = 499

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "The number of tasks that work at a time.")
  var jobs = 2

  @Option(help: "Where to write the CSV; standard output without it.")
  var csv: String?

  @Option(help: "Where to write the page of results.")
  var page: String?

  func run() async throws {
    NumericCore.prepare()
    let plan = InferencePlan(
      repetitions: repetitions, replicates: replicates, seed: seed, jobs: jobs)
    var results: [InferenceResult] = []
    for scenario in scenarios {
      let clock = ContinuousClock()
      let start = clock.now
      for situation in scenario.situations {
        results += try await plan.results(of: situation)
      }
      FileHandle.standardError.write(
        Data("\(scenario.rawValue) took \(clock.now - start)\n".utf8))
    }
    let bytes = Data(CSVWriter().write(Table(inference: results)))
    if let csv { try bytes.write(to: URL(filePath: csv)) }
    if csv == nil { FileHandle.standardOutput.write(bytes) }
    if let page {
      let text = InferencePage(results: results, plan: plan).text
      try Data(text.utf8).write(to: URL(filePath: page))
    }
  }
}

extension Table {
  /// The results, one row a method in a situation, to six decimals.
  init(inference results: [InferenceResult]) {
    func rounded(_ value: (InferenceTally) -> Double?) -> Column.Values {
      .real(results.map { value($0.tally).map { ($0 * 1e6).rounded() / 1e6 } })
    }
    self.init(
      name: "inference",
      columns: [
        Column("scenario", .text(results.map(\.situation.scenario.rawValue))),
        Column("units", .integer(results.map(\.situation.unitCount))),
        Column("effect", .text(results.map { $0.situation.hasEffect ? "yes" : "no" })),
        Column("quantity", .text(results.map(\.method.quantity))),
        Column("method", .text(results.map(\.method.name))),
        Column("coverage", rounded(\.coverage)),
        Column("missed_below", rounded(\.missedBelow)),
        Column("missed_above", rounded(\.missedAbove)),
        Column("rejected", rounded(\.rejected)),
        Column("median_length", rounded(\.medianLength)),
        Column("without_interval", rounded(\.withoutInterval)),
        Column("samples", .integer(results.map(\.tally.samples))),
      ])
  }
}

import ArgumentParser
import Foundation
import SurveyStats

/// How often the intervals of pass rates hold the truth.
@main
struct Coverage: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage", abstract: "Measures coverage and length of intervals.",
    subcommands: [IntervalsCommand.self, AwkwardCommand.self],
    defaultSubcommand: IntervalsCommand.self)
}

/// How often the intervals of pass rates hold the truth.
struct IntervalsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intervals",
    abstract: "Measures coverage and length of every interval of pass rates.",
    discussion: """
      Samples with known rates are drawn, and the intervals of metastat made for each. Writes the
      results as CSV, and with --page the page of results. The results depend on the seed only.

      EXAMPLE
        swift run -c release --package-path Studies coverage \\
          --csv docs/coverage.csv --page docs/coverage.md
      """)

  @Argument(help: "item, item-with-na, category, clusters, bands; all of them without any.")
  var scenarios = Scenario.allCases

  @Option(help: "The number of simulated samples for each rate and number of papers.")
  var repetitions = 5_000

  @Option(help: "The number of bootstrap replicates of a simulated sample.")
  var replicates = 999

  @Option(help: "The number of bootstrap replicates where coverage is summed over all samples.")
  var exactReplicates = 1_999

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "The number of tasks that work at a time.")
  var jobs = 1

  @Option(help: "Where to write the CSV; standard output without it.")
  var csv: String?

  @Option(help: "Where to write the page of results.")
  var page: String?

  @Option(help: "The CSV of an earlier study, for the scenarios that are not tried now.")
  var keep: String?

  func run() async throws {
    NumericCore.prepare()
    let plan = StudyPlan(
      repetitions: repetitions, replicates: replicates, exactReplicates: exactReplicates,
      seed: seed, jobs: jobs)
    var results: [CoverageResult] = []
    for scenario in scenarios {
      for unitCount in scenario.unitCounts {
        FileHandle.standardError.write(
          Data("\(scenario.rawValue), \(unitCount) \(scenario.unitName)\n".utf8))
        results += try await plan.results(of: scenario, unitCount: unitCount)
      }
    }
    if let keep {
      let kept = try CoverageResult.read(keep).filter { !scenarios.contains($0.scenario) }
      results = Scenario.allCases.flatMap { scenario in
        (kept + results).filter { $0.scenario == scenario }
      }
    }
    let bytes = Data(CSVWriter().write(Table(coverage: results)))
    if let csv { try bytes.write(to: URL(filePath: csv)) }
    if csv == nil { FileHandle.standardOutput.write(bytes) }
    if let page {
      let old = (try? String(contentsOf: URL(filePath: page), encoding: .utf8)) ?? ""
      var text = CoveragePage(results: results, plan: plan).text
      if let part = AwkwardPage.part(of: old) { text = AwkwardPage.renewing(part, in: text) }
      try Data(text.utf8).write(to: URL(filePath: page))
    }
  }
}

extension CoverageResult {
  /// The results of an earlier study.
  static func read(_ path: String) throws -> [CoverageResult] {
    try String(contentsOf: URL(filePath: path), encoding: .utf8).split(separator: "\n").dropFirst()
      .compactMap { line in
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let shares = fields.dropFirst(4).prefix(5).compactMap(Double.init)
        guard let scenario = Scenario(rawValue: fields[0]), let units = Int(fields[1]),
          shares.count == 5
        else { return nil }
        return CoverageResult(
          scenario: scenario, unitCount: units, rate: Double(fields[2]), interval: fields[3],
          tally: Tally(
            coverage: shares[0], missedBelow: shares[1], missedAbove: shares[2],
            meanLength: shares[3], analyticShare: shares[4]),
          repetitions: Int(fields[9]))
      }
  }
}

extension StudyPlan {
  /// What is found out about all intervals in a scenario with so many papers or clusters.
  func results(of scenario: Scenario, unitCount: Int) async throws -> [CoverageResult] {
    switch scenario {
    case .item:
      try await ExactStudy(paperCount: unitCount, plan: self).results()
    case .itemWithNA, .category, .clusters:
      try await SimulatedStudy(scenario: scenario, unitCount: unitCount, plan: self).results()
    case .bands:
      try await BandStudy(paperCount: unitCount, plan: self).results()
    }
  }
}

extension Table {
  /// The results of a study, one row an interval in a situation, to six decimals.
  init(coverage results: [CoverageResult]) {
    func shares(_ value: (Tally) -> Double) -> Column.Values {
      .real(results.map { (value($0.tally) * 1e6).rounded() / 1e6 })
    }
    self.init(
      name: "coverage",
      columns: [
        Column("scenario", .text(results.map(\.scenario.rawValue))),
        Column("units", .integer(results.map(\.unitCount))),
        Column("rate", .real(results.map(\.rate))),
        Column("interval", .text(results.map(\.interval))),
        Column("coverage", shares(\.coverage)),
        Column("missed_below", shares(\.missedBelow)),
        Column("missed_above", shares(\.missedAbove)),
        Column("mean_length", shares(\.meanLength)),
        Column("analytic_share", shares(\.analyticShare)),
        Column("samples", .integer(results.map(\.repetitions))),
      ])
  }
}

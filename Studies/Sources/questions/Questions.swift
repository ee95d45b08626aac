import ArgumentParser
import Foundation
import SurveyStats

/// How often the intervals that answer the questions of a survey hold the truth.
@main
struct Questions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "questions",
    abstract: "Measures the coverage of the intervals that answer the questions of a survey.",
    discussion: """
      Papers with one trait behind their answers, claims, flags and points are drawn, and the tables
      of metastat made of them; the truth is what the same tables say of 200,000 papers. The results
      depend on the seed only.

      EXAMPLE
        swift run -c release --package-path Studies questions --csv docs/questions-coverage.csv
      """)

  @Option(help: "The samples of each number of papers.")
  var samples = 1_000

  @Option(help: "The numbers of papers.")
  var papers = [20, 60, 228]

  @Option(help: "The samples for which weights, classes, short forms and components are made.")
  var slowSamples = 300

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "Where to write the CSV; standard output without it.")
  var csv: String?

  func run() async throws {
    NumericCore.prepare()
    var study = QuestionStudy(seed: seed)
    for count in papers {
      try await study.add(count: count, samples: samples, slowSamples: slowSamples)
      FileHandle.standardError.write(Data("\(count) papers\n".utf8))
    }
    let bytes = Data(CSVWriter().write(study.table))
    if let csv {
      try bytes.write(to: URL(filePath: csv))
    } else {
      FileHandle.standardOutput.write(bytes)
    }
  }
}

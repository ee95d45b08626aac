import ArgumentParser
import Foundation
import SurveyStats

/// How often the intervals of the survey's questions hold the truth.
@main
struct Questions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how often intervals of questions about items and papers hold the truth.",
    discussion: """
      Corpora with a known truth are drawn, and asked what docs/questions.md asks. Where the truth has
      no formula it is the estimate of a corpus of 50,000 papers or more. The results depend on the
      seed only. Standard output gets the table of docs/question-coverage.md.

      EXAMPLE
        swift run -c release --package-path Studies questions --csv docs/question-coverage.csv
      """)

  @Option(help: "The number of simulated corpora of each size.")
  var repetitions = 500

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "The number of tasks that work at a time.")
  var jobs = 2

  @Option(help: "Where to write the CSV.")
  var csv: String?

  func run() async throws {
    NumericCore.prepare()
    let study = QuestionStudy(repetitions: repetitions, seed: seed, jobs: jobs)
    var results: [QuestionResult] = []
    for scenario in QuestionScenario.allCases {
      results += try await study.results(of: scenario)
      FileHandle.standardError.write(Data("\(scenario.rawValue) is done\n".utf8))
    }
    print(results.markdown)
    if let csv {
      try Data(CSVWriter().write(Table(questions: results))).write(to: URL(filePath: csv))
    }
  }
}

import ArgumentParser
import Foundation
import SurveyStats

/// Coverage where units differ in size or weight, means have bounds, and groups were asked other items.
struct AwkwardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "awkward",
    abstract: "Coverage with unequal clusters and weights, of bounded means, with different items.")

  @Option(help: "The samples of a true value; means and mixes take a quarter.")
  var samples = 2_000

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  @Option(help: "Where to write the CSV; standard output without it.")
  var csv: String?

  @Option(help: "The page whose part on awkward data is renewed.")
  var page: String?

  func run() async throws {
    NumericCore.prepare()
    let study = AwkwardStudy(seed: seed, samples: samples)
    let results = study.results { topic in
      FileHandle.standardError.write(Data("\(topic)\n".utf8))
    }
    let bytes = Data(CSVWriter().write(Table(awkward: results)))
    if let csv { try bytes.write(to: URL(filePath: csv)) }
    if csv == nil { FileHandle.standardOutput.write(bytes) }
    guard let page else { return }
    let url = URL(filePath: page)
    let old = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    let part = AwkwardPage(results: results, study: study).text
    try Data(AwkwardPage.renewing(part, in: old).utf8).write(to: url)
  }
}

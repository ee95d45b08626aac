// Repeats `metastat rates`, `compare`, `trend` and `correlate` from another package.
//
// usage: rigor MATRIX.csv rates|pairs|trends|correlations

import Foundation
import SurveyStats

@main
struct Rigor {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else { fatalError("usage: rigor MATRIX.csv QUESTION") }
    NumericCore.prepare()
    let bytes = try Array(Data(contentsOf: URL(filePath: arguments[1])))
    let matrix = try MatrixCSV().read(bytes)
    let study = Study(matrix)
    let run = Run(seed: 1, jobs: 2)
    let table: Table
    switch arguments[2] {
    case "rates":
      let rates = try await run(Rates(levels: [.category, .overall]), of: study)
      table = Table(rates: [(group: nil, rates: rates)], by: nil, level: 0.95)
    case "pairs":
      let pair = Pairs.Pair("effect_sizes_reported", "confidence_intervals_or_error_bars")
      table = Table(pairs: try await run(Pairs([pair]), of: study), level: 0.95)
    case "trends":
      let found = try await run(Trends(on: "year", levels: [.overall]), of: study)
      table = Table(trends: found.trends, on: "year", level: 0.95)
    default:
      let variables = CorrelatedVariables(.categories(.pearson))
      table = try await run(Correlations(variables), of: study).table()
    }
    // With the columns that every table of the program has.
    let complete = table.stating(level: 0.95).naming(matrix.items)
    print(String(decoding: CSVWriter().write(complete), as: UTF8.self), terminator: "")
  }
}

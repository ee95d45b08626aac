import SurveyImport
import SurveyStats

extension TableGrid {
  /// Reads the cells of a table of any format, the first row being its header.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - choices: What was said of its format.
  ///   - content: What its rows hold, for a table without any: "there is no study".
  static func reading(
    _ path: String, choices: ImportChoices, orSay content: String
  ) throws(CommandFailure) -> TableGrid {
    let file = TableFile(
      try InputBytes.read(path, checksFields: true), name: path, choices: choices)
    if let problem = file.problems.first(where: { $0.severity == .refused }) {
      throw CommandFailure(.invalidInput, problem.description)
    }
    guard file.grid.rowCount > 1 else {
      throw CommandFailure(.noInput, "\(path): \(content) in the table")
    }
    return file.grid
  }
}

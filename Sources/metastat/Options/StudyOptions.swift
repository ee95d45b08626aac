import ArgumentParser
import MetaAnalysis
import SurveyImport
import SurveyStats

/// Which columns of a table of studies say what is known of each.
struct StudyOptions: ParsableArguments {
  @Option(help: "The column that names studies.")
  var study: String?

  @Option(help: "Events of the (first) group.")
  var events: String?

  @Option(help: "The size of the (first) group.")
  var total: String?

  @Option(help: "Events of the second group.")
  var events2: String?

  @Option(help: "The size of the second group.")
  var total2: String?

  @Option(help: "The mean of the (first) group.")
  var mean: String?

  @Option(help: "Its standard deviation.")
  var sd: String?

  @Option(help: "Its size; of a correlation the number of papers.")
  var n: String?

  @Option(help: "The mean of the second group.")
  var mean2: String?

  @Option(help: "Its standard deviation.")
  var sd2: String?

  @Option(help: "Its size.")
  var n2: String?

  @Option(name: .customLong("r"), help: "A correlation.")
  var correlation: String?

  @Option(help: "The person-time of the (first) group.")
  var time: String?

  @Option(help: "The person-time of the second group.")
  var time2: String?

  @Option(help: "An effect, with --sei or --vi.")
  var yi: String?

  @Option(help: "The variance of --yi.")
  var vi: String?

  @Option(help: "The standard error of --yi.")
  var sei: String?

  /// The columns that were named.
  var roles: [StudyTable.Role: String] {
    let named: [(StudyTable.Role, String?)] = [
      (.study, study), (.events, events), (.total, total), (.events2, events2), (.total2, total2),
      (.mean, mean), (.sd, sd), (.n, n), (.mean2, mean2), (.sd2, sd2), (.n2, n2),
      (.r, correlation), (.time, time), (.time2, time2), (.yi, yi), (.vi, vi), (.sei, sei),
    ]
    return Dictionary(
      uniqueKeysWithValues: named.compactMap { role, name in name.map { (role, $0) } })
  }

  func validate() throws {
    if vi != nil, sei != nil {
      throw ValidationError("--vi and --sei say the same; leave one out.")
    }
  }
}

extension StudyTable {
  /// Reads a table of studies of any format.
  init(reading path: String, choices: ImportChoices) throws(CommandFailure) {
    let file = TableFile(
      try InputBytes.read(path, checksFields: true), name: path, choices: choices)
    if let problem = file.problems.first(where: { $0.severity == .refused }) {
      throw CommandFailure(.invalidInput, problem.description)
    }
    let grid = file.grid
    guard grid.rowCount > 1 else {
      throw CommandFailure(.noInput, "\(path): there is no study in the table")
    }
    let rows = 1..<grid.rowCount
    self.init(
      names: grid.row(0),
      cells: grid.columns.map { column in rows.map { column[$0] } },
      places: rows.map { grid.places[$0] }, hasDecimalCommas: choices.decimal == .comma)
  }
}

import ArgumentParser
import MetaAnalysis
import SurveyImport
import SurveyStats

/// Which columns of a table of studies say what is known of each.
struct StudyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The column that names studies.", valueName: "column"),
    completion: .header)
  var study: String?

  @Option(
    help: ArgumentHelp("Events of the (first) group.", valueName: "column"),
    completion: .header)
  var events: String?

  @Option(
    help: ArgumentHelp("The size of the (first) group.", valueName: "column"),
    completion: .header)
  var total: String?

  @Option(
    help: ArgumentHelp("Events of the second group.", valueName: "column"),
    completion: .header)
  var events2: String?

  @Option(
    help: ArgumentHelp("The size of the second group.", valueName: "column"),
    completion: .header)
  var total2: String?

  @Option(
    help: ArgumentHelp("The mean of the (first) group.", valueName: "column"),
    completion: .header)
  var mean: String?

  @Option(
    help: ArgumentHelp("Its standard deviation.", valueName: "column"), completion: .header)
  var sd: String?

  @Option(
    help: ArgumentHelp("Its size; of a correlation the number of papers.", valueName: "column"),
    completion: .header)
  var n: String?

  @Option(
    help: ArgumentHelp("The mean of the second group.", valueName: "column"),
    completion: .header)
  var mean2: String?

  @Option(
    help: ArgumentHelp("Its standard deviation.", valueName: "column"), completion: .header)
  var sd2: String?

  @Option(help: ArgumentHelp("Its size.", valueName: "column"), completion: .header)
  var n2: String?

  @Option(
    name: .customLong("r"), help: ArgumentHelp("A correlation.", valueName: "column"),
    completion: .header)
  var correlation: String?

  @Option(
    help: ArgumentHelp("The person-time of the (first) group.", valueName: "column"),
    completion: .header)
  var time: String?

  @Option(
    help: ArgumentHelp("The person-time of the second group.", valueName: "column"),
    completion: .header)
  var time2: String?

  @Option(
    help: ArgumentHelp("An effect, with --sei or --vi.", valueName: "column"),
    completion: .header)
  var yi: String?

  @Option(
    help: ArgumentHelp("The variance of --yi.", valueName: "column"), completion: .header)
  var vi: String?

  @Option(
    help: ArgumentHelp("The standard error of --yi.", valueName: "column"),
    completion: .header)
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
    let grid = try TableGrid.reading(path, choices: choices, orSay: "there is no study")
    let rows = 1..<grid.rowCount
    self.init(
      names: grid.row(0),
      cells: grid.columns.map { column in rows.map { column[$0] } },
      places: rows.map { grid.places[$0] }, hasDecimalCommas: choices.decimal == .comma)
  }
}

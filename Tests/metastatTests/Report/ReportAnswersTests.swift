import Testing

/// Tables of a report and of the commands that answer the same questions agree to the last digit.
@Suite struct ReportAnswersTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// A table of the report, what names its rows, and the command that answers the same question.
  static let questions: [(table: String, keys: [String], command: [String])] = [
    ("rates", ["level", "category", "term"], ["rates", "--rows", "item", "category", "overall"]),
    ("items", ["level", "category", "term"], ["rates", "--rows", "item"]),
    ("categories", ["level", "category", "term"], ["rates", "--rows", "category"]),
    ("distribution", ["term"], ["scores"]),
    ("tiers", ["term"], ["scores"]),
    ("papers", ["paper"], ["scores", "--table", "papers"]),
    ("groups", ["by", "group"], ["rates", "--by", "year", "--rows", "overall"]),
    ("groups", ["by", "group"], ["rates", "--by", "tags", "--rows", "overall"]),
    ("trends", ["level", "category", "term"], ["trend"]),
    ("item-check", ["category", "item"], ["check", "--table", "items"]),
  ]

  @Test(arguments: [[], ["--cluster", "venue"]])
  func `a question has one answer`(sampling: [String]) throws {
    let matrix = workspace.path("matrix.csv")
    let simulated = try workspace.run(
      "simulate", "--papers", "150", "--seed", "5", "--versions", "2=0.5,3=0.5", "-o", matrix)
    #expect(simulated.exitCode == 0)
    let report = try workspace.run(
      ["report", matrix, "-o", workspace.path("report"), "--replicates", "199"] + sampling)
    #expect(report.exitCode == 0)
    for (table, keys, command) in Self.questions {
      let told = Rows(try workspace.read("report/tables/\(table).csv"), keys: keys)
      let draws = command[0] == "check" ? [] : ["--replicates", "199"] + sampling
      let run = try workspace.run([command[0], matrix] + command.dropFirst() + draws)
      #expect(run.exitCode == 0, "\(command): \(run.errors)")
      let asked = Rows(run.output, keys: keys)
      let common = told.rows.keys.filter { asked.rows[$0] != nil }
      #expect(!common.isEmpty, "no row of \(table) is one of \(command)")
      for column in told.columns where asked.columns.contains(column) {
        for key in common {
          #expect(
            told.rows[key]?[column] == asked.rows[key]?[column],
            "\(column) of \(key) in \(table) is that of \(command)")
        }
      }
    }
  }

  /// A CSV as rows by their names.
  private struct Rows {
    let columns: [String]
    var rows: [[String]: [String: String]] = [:]

    init(_ text: String, keys: [String]) {
      let lines = CSVText.rows(text)
      columns = lines.first ?? []
      for line in lines.dropFirst() {
        let row = Dictionary(zip(columns, line)) { first, _ in first }
        rows[keys.map { row[$0] ?? "" }] = row
      }
    }
  }
}

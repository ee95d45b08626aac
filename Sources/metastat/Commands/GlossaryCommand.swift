import ArgumentParser
import SurveyStats

/// `metastat glossary` says what the columns of all tables mean.
struct GlossaryCommand: ParsableCommand, CommandWithFiles {
  static let configuration = CommandConfiguration(
    commandName: "glossary",
    abstract: "What every column of every table means: meaning, unit, scale.",
    discussion: """
      Columns that data name (items, factors, covariates) are described as families, by what stands \
      for the name; 'estimate' has a row for each table.

      EXAMPLES
        metastat glossary
        metastat glossary n_applicable conf_low
        metastat glossary --format json

      OUTPUT (CSV)
        name, table, heading, scale, unit, meaning
      """)

  @Argument(
    help: ArgumentHelp("The columns; all without any.", valueName: "column"),
    completion: .resultColumns)
  var names: [String] = []

  @OptionGroup(title: "Output") var output: OutputOptions

  var readPaths: [String] { [] }
  var writtenPaths: [String] { output.writtenPaths }

  func run() throws {
    try output.checkFiles()
    let all = Glossary.all
    for name in names where !all.contains(where: { $0.name == name }) {
      throw CommandFailure(
        .usage,
        "there is no column '\(name)'"
          + NearestNames.suggestion(of: NearestNames(all.map(\.name)).nearest(to: name)))
    }
    let chosen = names.flatMap { name in all.filter { $0.name == name } }
    try output.write(Glossary.table(of: names.isEmpty ? all : chosen))
  }
}

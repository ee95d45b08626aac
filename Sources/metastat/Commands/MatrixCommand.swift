import ArgumentParser
import SurveyStats

/// `metastat matrix`: the paper × item matrix.
struct MatrixCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case matrix, long, items, covariates
  }

  static let configuration = CommandConfiguration(
    commandName: "matrix",
    abstract: "The paper x item matrix as CSV, which every command reads back.",
    discussion: """
      Cells: 1 yes, 0 no, NA does not apply, empty never asked. Reading scans once and working on \
      the matrix gives the same results. Counts from the scans (claims, red flags, attention) are \
      in the covariates table, which --covariates joins to a matrix.

      EXAMPLES
        metastat matrix papers > matrix.csv
        metastat matrix papers --long -o cells.csv
        metastat matrix papers --table covariates -o covariates.csv
        metastat rates matrix.csv --covariates covariates.csv --by claims_strong
        metastat matrix papers --shard 1/2 -o 1.csv
        metastat matrix papers --shard 2/2 -o 2.csv   # on another machine
        metastat matrix 1.csv 2.csv -o matrix.csv     # joins them

      OUTPUT (CSV)
        matrix: paper, metadata, one column an item
        long: paper, version, [rater], category, term, item, cell, [credit], [source] (who answered, if
          scans say so)
        items: category, term, item, label, module, n_yes, n_no, n_not_applicable,
          n_absent, note
        covariates: paper, one column a covariate
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "matrix (default), long, items or covariates.")
  var table = TableName.matrix

  @Flag(help: "The same as --table long.")
  var long = false

  @Option(help: "Read share I of N (I/N) of the papers only; see docs/scaling.md.")
  var shard: ScanShare?

  @OptionGroup var tasks: JobsOption

  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] { output.writtenPaths }

  func validate() throws {
    if shard != nil, let path = corpus.inputs.first(where: { InputKind($0) == .matrix }) {
      throw ValidationError("--shard divides scans; \(path) is a matrix already.")
    }
  }

  func run() async throws {
    try output.checkFiles()
    let table = long ? .long : table
    let loaded = try await corpus.load(
      console: output.console, jobs: tasks.jobs, isStrict: output.strict,
      keepsSources: table == .long, share: shard)
    let matrix = loaded.matrix
    switch table {
    case .matrix:

      let names = corpus.metadata + loaded.metadata.filter { !corpus.metadata.contains($0) }
      try output.writeCSV(try Self.csv(matrix, metadata: names))
    case .long: try output.write(MatrixCSV().longTable(matrix, sources: loaded.sources))
    case .items: try output.write(Table(itemsOf: matrix))
    case .covariates: try output.write(Table(covariatesOf: matrix))
    }
    try output.writeManifest(of: loaded, seed: nil, replicates: nil)
  }

  private static func csv(
    _ matrix: BinaryMatrix, metadata: [String]
  ) throws(CommandFailure) -> [UInt8] {
    do throws(MatrixCSVError) {
      return try MatrixCSV(metadata: metadata).write(matrix)
    } catch {
      throw CommandFailure(.invalidInput, "\(error)")
    }
  }
}

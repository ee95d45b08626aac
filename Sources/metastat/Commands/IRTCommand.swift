import ArgumentParser
import SurveyStats

extension ItemResponseModel.Kind: ExpressibleByArgument {}

/// `metastat irt` scores papers that answered different items on one scale.
struct IRTCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case items, abilities, information, fit
  }

  static let configuration = CommandConfiguration(
    commandName: "irt",
    abstract: "Item response model: item difficulty and discrimination, rigor scores.",
    discussion: """
      A paper of rigor theta passes item j with probability logit^-1(a_j theta + d_j). Items that do \
      not apply drop out of the likelihood, so that papers that were asked different things are \
      scored on one scale. That is honest as long as, given its rigor, what applies to a paper says \
      nothing about its answers. 'scores --composite irt' gives the same as a percent.

      Rigor has mean 0 and standard deviation 1 among the papers. Difficulty is the rigor at which \
      half pass; discrimination is how sharply the item tells papers below it from those above. \
      outfit and infit are near 1 for items that fit, above for erratic ones. A discrimination at its \
      bound says that an item nearly copies another (named in the note), or is determined by the \
      others; a difficulty is undefined for an item that does not tell papers apart.

      Weights of papers enter the likelihood; with weights, clusters or several scans of a paper \
      standard errors are those of the sandwich over the units.

      EXAMPLES
        metastat irt matrix.csv --format text
        metastat irt papers --model 1pl --table abilities -o rigor.csv
        metastat irt matrix.csv --table information

      OUTPUT (CSV)
        items: term, n, discrimination, difficulty, intercept, with standard errors, outfit,
          infit, note
        abilities: paper, n_applicable, estimate, std_error, note
        information: ability, estimate, std_error
        fit: term, estimate, n, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "items (default), abilities, information or fit.")
  var table = TableName.items

  @Option(help: "2pl (default) or 1pl: one discrimination for all items.")
  var model = ItemResponseModel.Kind.twoPL

  @Option(help: "Leave out items that apply to fewer papers.")
  var minN = 10

  @Option(help: "The steps of Newton's method after which the search gives up.")
  var maxIterations = 100

  @Option(
    help: ArgumentHelp(
      "Papers that share a value of COLUMN depend on each other.", valueName: "column"),
    completion: .names(.variables))
  var cluster: String?

  @Option(
    help: ArgumentHelp(
      "The numbers of papers of the values of COLUMN were fixed.", valueName: "column"),
    completion: .names(.variables))
  var stratify: String?

  @Flag(help: "Ignore the 'weight' column.")
  var unweighted = false

  @OptionGroup var tasks: JobsOption

  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] { output.writtenPaths }

  func validate() throws {
    guard minN >= 2 else { throw ValidationError("--min-n takes a number of 2 or more.") }
    guard maxIterations >= 1 else {
      throw ValidationError("--max-iterations takes a number of 1 or more.")
    }
  }

  func run() async throws {
    try output.checkFiles()
    let loaded = try await corpus.load(
      console: output.console, jobs: tasks.jobs, isStrict: output.strict)
    let fit = try await fit(loaded.matrix)
    for line in fit.leftOut.summaries { output.console.note("\(line)") }
    for line in fit.warnings { output.console.warning("\(line)") }
    switch table {
    case .items: try output.write(fit.itemsTable().naming(loaded.matrix.items))
    case .abilities: try output.write(fit.abilitiesTable(papers: loaded.matrix.papers))
    case .information: try output.write(fit.informationTable())
    case .fit: try output.write(fit.fitTable())
    }
    try output.writeManifest(of: loaded, seed: nil, replicates: nil)
  }

  private func fit(_ matrix: BinaryMatrix) async throws -> ItemResponseFit {
    let study = Study(
      matrix, plan: SamplingPlan(stratum: stratify, cluster: cluster, usesWeights: !unweighted))
    do {
      return try await Run()(
        ItemResponse(
          ItemResponseModel(model, maximumIterations: maxIterations, minimumCount: minN)),
        of: study)
    } catch let error as SamplingPlan.PlanError {
      throw CommandFailure(error)
    } catch let error as ItemResponseModel.ModelError {
      var message = error.description
      if case .tooFewItems(_, _, let leftOut) = error,
        leftOut.contains(where: { $0.reason == .belowMinimumCount })
      {
        message += "; \(matrix.papers.count) papers take part, and an item needs \(minN) (--min-n)"
      }
      throw CommandFailure(.estimation, message)
    }
  }
}

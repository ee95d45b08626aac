import ArgumentParser
import SurveyStats

extension ItemResponseModel.Kind: ExpressibleByArgument {}

/// `metastat irt` scores papers that answered different items on one scale.
struct IRTCommand: AsyncParsableCommand, CommandWithFiles {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case items, abilities, information, fit, rasch, andersen
    case itemFit = "item-fit"
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

      --table rasch has the difficulties of Rasch's model by conditional likelihood, which needs no \
      distribution of rigor, and --table andersen its test: whether items are as hard, relative to \
      each other, in several groups of papers (--by), or in those of few and of many yes. --table \
      item-fit compares answers with the model among papers of the same number of yes (S-X2).

      EXAMPLES
        metastat irt matrix.csv --format text
        metastat irt matrix.csv --table andersen --by version
        metastat irt matrix.csv --item 'artifacts.*' --table item-fit
        metastat irt papers --model 1pl --table abilities -o rigor.csv
        metastat irt matrix.csv --table information

      OUTPUT (CSV)
        items: term, n, discrimination, difficulty, intercept, with standard errors, outfit,
          infit, note
        abilities: paper, n_applicable, estimate, std_error, note
        information: ability, estimate, std_error
        fit: term, estimate, n, note
        rasch: term, n, estimate, std_error, conf_low, conf_high, conf_level, note
        andersen: by, group, n, n_items, statistic, df, p_value, note
        item-fit: term, n, statistic, df, p_value, p_adjusted, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "items (default), abilities, information, fit, rasch, andersen or item-fit.")
  var table = TableName.items

  @Option(
    name: .customLong("model"),
    help: "2pl (default) or 1pl: one discrimination for all items.")
  var chosenModel: ItemResponseModel.Kind?

  /// The model.
  var model: ItemResponseModel.Kind { chosenModel ?? .twoPL }

  @Option(
    help: ArgumentHelp(
      "Of --table andersen: the groups. (default: few and many yes)", valueName: "column"),
    completion: .names(.variables))
  var by: String?

  @Option(
    name: .customLong("adjust"),
    help: "Of --table item-fit: adjustment of p-values. (default: holm)")
  var chosenAdjustment: PValueAdjustment?

  @Option(
    name: .customLong("level"), help: "Of --table rasch: the confidence level. (default: 0.95)")
  var chosenLevel: Double?

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
    let isConditional = table == .rasch || table == .andersen
    let idle: [(isIdle: Bool, option: String, of: String)] = [
      (by != nil && table != .andersen, "--by", "is of --table andersen"),
      (chosenAdjustment != nil && table != .itemFit, "--adjust", "is of --table item-fit"),
      (chosenLevel != nil && table != .rasch, "--level", "is of --table rasch"),
      (
        chosenModel == .twoPL && isConditional, "--model 2pl",
        "has no conditional likelihood; leave it out"
      ),
    ]
    if let found = idle.first(where: \.isIdle) {
      throw ValidationError("\(found.option) \(found.of).")
    }
    if let chosenLevel, !(chosenLevel > 0 && chosenLevel < 1) {
      throw ValidationError("--level takes a number between 0 and 1, not \(chosenLevel).")
    }
  }

  func run() async throws {
    try output.checkFiles()
    let loaded = try await corpus.load(
      console: output.console, jobs: tasks.jobs, isStrict: output.strict)
    if table == .rasch || table == .andersen {
      try output.write(try await conditional(loaded))
      try output.writeManifest(of: loaded, seed: nil, replicates: nil)
      return
    }
    let fit = try await fit(loaded.matrix)
    for line in fit.leftOut.summaries { output.console.note("\(line)") }
    for line in fit.warnings { output.console.warning("\(line)") }
    switch table {
    case .items: try output.write(fit.itemsTable().naming(loaded.matrix.items))
    case .abilities: try output.write(fit.abilitiesTable(papers: loaded.matrix.papers))
    case .information: try output.write(fit.informationTable())
    case .fit: try output.write(fit.fitTable())
    case .itemFit, .rasch, .andersen:
      var rows = Table(
        itemScoreFits: ItemScoreFit.all(fit, loaded.matrix), adjustment: chosenAdjustment ?? .holm)
      if fit.isWeighted { rows.notes.append("Papers count one by one, whatever their weights.") }
      try output.write(rows.naming(loaded.matrix.items))
    }
    try output.writeManifest(of: loaded, seed: nil, replicates: nil)
  }

  private func study(_ matrix: BinaryMatrix) -> Study {
    Study(
      matrix, plan: SamplingPlan(stratum: stratify, cluster: cluster, usesWeights: !unweighted))
  }

  /// Difficulties by conditional likelihood, or Andersen's test.
  private func conditional(_ loaded: LoadedCorpus) async throws -> Table {
    let level = chosenLevel ?? 0.95
    do {
      let found = try await Run()(
        RaschItems(
          table == .rasch ? .difficulties : .test, by: by, minimumCount: minN, level: level),
        of: study(loaded.matrix))
      return table == .rasch
        ? Table(rasch: found, level: level).naming(loaded.matrix.items) : Table(andersen: found)
    } catch let error as SamplingPlan.PlanError {
      throw CommandFailure(error)
    } catch let error as VariableError {
      throw CommandFailure(error, option: "--by", in: corpus)
    } catch let error as ConditionalRasch.ModelError {
      throw CommandFailure(.estimation, error.description)
    }
  }

  private func fit(_ matrix: BinaryMatrix) async throws -> ItemResponseFit {
    let study = study(matrix)
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

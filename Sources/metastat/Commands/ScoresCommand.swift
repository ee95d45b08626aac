import ArgumentParser
import SurveyStats

/// `metastat scores`: each paper's scores, and their distribution.
struct ScoresCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case distribution, papers
  }

  /// Composites that are estimated rather than counted.
  enum Composite: String, ExpressibleByArgument, CaseIterable {
    case irt
    case irt1PL = "irt-1pl"
  }

  static let configuration = CommandConfiguration(
    commandName: "scores",
    abstract: "Each paper's scores and tier, and the distribution of scores.",
    discussion: """
      A paper's score is 100 x passed / applicable over all its items; a category score the same \
      within the category. Composites: --weights adds composite_items (weights on every cell) and \
      composite_categories (weights on category scores); --dimensions adds dimension_<name> and \
      composite_dimensions (harmonic mean with a floor; a dimension of which nothing applies to a \
      paper is skipped, or makes the composite undefined with "missing": "undefined" in the file). \
      --composite irt adds composite_irt: the \
      percent of all items that a paper of its rigor is expected to pass, from an item response \
      model. A percent of what applies is easy to get where only easy items apply; this score is \
      not, because items that do not apply drop out of the likelihood and hard ones count for what \
      they are.

      GROUPS
      With --by and --checkpoints papers are scored on the items that every group, or every part of the \
      growing corpus, was asked (--mix common), and 'crude' is over whatever they were asked.

      EXAMPLES
        metastat scores papers
        metastat scores papers --table papers --sort -score --top 20
        metastat scores papers --weights weights.json --of composite_categories
        metastat scores matrix.csv --checkpoints 100,200,400 --by type
        metastat scores papers --composite irt --table papers --sort -composite_irt --top 20

      OUTPUT (CSV)
        distribution: [by, group], [checkpoint], score, term (mean, median, sd,
          min, q25, q75, max, share of each tier), n, count, estimate, std_error,
          conf_low, conf_high, conf_level, interval, [crude], note
        papers: paper, metadata, n_applicable, n_yes, score, one column a
          category, composites, [composite_irt_std_error, rigor_irt,
          rigor_irt_std_error], tier, [covariates]
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var split: SplitOptions
  @OptionGroup var replicateFile: ReplicateOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "distribution (default) or papers.")
  var table = TableName.distribution

  @Option(
    help: """
      The score to describe: score, a category, or a composite. (default: score, and all \
      composites of --weights and --dimensions; with --composite only composites)
      """)
  var of: String?

  @Option(help: "Add the score of an item response model: irt (2PL) or irt-1pl.")
  var composite: Composite?

  @Option(help: "Category and item weights, a JSON file.")
  var weights: String?

  @Option(help: "Dimensions of a harmonic-mean composite, a JSON file.")
  var dimensions: String?

  @Option(help: "Lower bounds of the tiers, descending.")
  var tiers = "70,60,50,40,30"

  @Option(help: "Describe only papers with at least N applicable items.")
  var minApplicable = 1

  @Option(
    help: """
      The interval: percentile, basic, normal, bca, or automatic: for the mean of up to 200 papers one \
      that never leaves 0 to 100 (dirichlet), for shares of tiers that of rates, percentile for the \
      rest, from ten papers on.
      """)
  var interval = ScoreInterval.automatic

  @Option(help: "The distribution for every group of papers with the same value of COLUMN.")
  var by: String?

  @Option(help: "Also after these many papers: 100,200,…; or 'every 100'.")
  var checkpoints: String?

  @Option(
    help: """
      The order of papers for checkpoints: a numeric COLUMN, or 'input', which for a folder is the \
      alphabetical order of paths and says nothing about time.
      """)
  var order = "input"

  @Option(
    help: """
      With --by or --checkpoints, the items that papers are scored on: common or crude. (default: common)
      """)
  var mix: ItemMix.Method?

  var readPaths: [String] { corpus.readPaths + [weights, dimensions].compactMap { $0 } }

  func validate() throws {
    if interval == .bca { try resampling.checkBCa() }
    if mix != nil, by == nil, checkpoints == nil {
      throw ValidationError("--mix is about groups; add --by COLUMN or --checkpoints.")
    }
    if mix == .model { throw ValidationError("--mix: \(Scores.ScoresError.modelOfMix).") }
  }

  func answer(_ ask: Ask) async throws -> Answer {
    guard let tierBounds = Tiers(text: tiers) else {
      throw CommandFailure(
        .usage, "--tiers takes numbers in descending order, such as 70,60,50,40,30; not '\(tiers)'")
    }
    let loaded = ask.loaded
    var question = Scores(
      interval: interval, level: resampling.level, tiers: tierBounds, by: by)
    question.names = of.map { [$0] }
    question.itemResponse = composite.map { $0 == .irt ? .twoPL : .onePL }
    question.leastApplicable = minApplicable
    question.checkpoints = try checkpointCounts()
    question.order = try loaded.ordered(Array(loaded.matrix.papers.indices), by: order)
    question.mix = mix ?? .common
    try addComposites(to: &question, loaded)
    do {
      if table == .papers {
        let (scores, response) = try question.paperScores(
          loaded.matrix, design: resampling.design(of: loaded.matrix))
        var table = Table(scores: scores, of: loaded.matrix, tiers: tierBounds)
        if let response {
          say(response, ask.console)
          table.add(response)
        }
        table.add(covariates: loaded.covariateNames, of: loaded.matrix)
        return Answer(table)
      }
      let found = try await ask(question)
      if let response = found.response { say(response, ask.console) }
      if found.leftOutCount > 0, minApplicable > 1 {
        ask.console.note(
          "\(found.leftOutCount) papers have fewer than \(minApplicable) applicable items and are left "
            + "out")
      }
      guard found.distributions.contains(where: \.hasEstimate) else {
        throw CommandFailure(
          .estimation,
          "no paper has a score '\(found.distributions.first?.score ?? "score")'; nothing could be "
            + "estimated")
      }
      return Answer(Table(scores: found))
    } catch let error as Scores.UnknownScore {
      throw CommandFailure(.usage, "--of: \(error)")
    } catch let error as ItemResponseModel.ModelError {
      throw CommandFailure(.estimation, "composite_irt: \(error.description)")
    }
  }

  /// Says which items the model of a composite leaves out.
  private func say(_ response: ItemResponseFit, _ console: Console) {
    for line in response.leftOut.summaries { console.note("composite_irt: \(line)") }
    for line in response.warnings { console.warning("composite_irt: \(line)") }
  }

  /// Adds the composites of the files named, whose names must exist.
  private func addComposites(to question: inout Scores, _ loaded: LoadedCorpus) throws {
    question.weights = try weights.map { try JSONFile.decode($0) }
    question.dimensions = try dimensions.map { try JSONFile.decode($0) }
    var file = weights
    do throws(ScoreNameError) {
      if let weights = question.weights { try loaded.scoreNames.check(weights) }
      file = dimensions
      if let dimensions = question.dimensions { try loaded.scoreNames.check(dimensions) }
    } catch {
      throw CommandFailure(.invalidInput, "\(file ?? ""): \(error)")
    }
  }

  /// The numbers of papers at which the distribution is wanted.
  private func checkpointCounts() throws(CommandFailure) -> Scores.Checkpoints? {
    guard let checkpoints else { return nil }
    if checkpoints.hasPrefix("every "), let step = Int(checkpoints.dropFirst(6)), step > 0 {
      return .every(step)
    }
    let counts = checkpoints.split(separator: ",").map { Int($0) }
    guard !counts.isEmpty, counts.allSatisfy({ $0.map { $0 > 0 } ?? false }) else {
      throw CommandFailure(
        .usage,
        "--checkpoints takes numbers of papers, such as 100,200,400, or 'every 100'; not "
          + "'\(checkpoints)'")
    }
    return .counts(counts.compactMap { $0 })
  }
}

extension ScoreInterval: ExpressibleByArgument {}

import ArgumentParser
import SurveyStats

/// `metastat stability`: whether headline numbers settle, and what they rest on.
struct StabilityCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case growth
    case leftOut = "left-out"
  }

  static let configuration = CommandConfiguration(
    commandName: "stability",
    abstract: "Do the headline numbers settle as papers come in, and on which papers do they rest?",
    discussion: """
      Headline numbers are the mean and median score, the shares of the highest and lowest tier, and the \
      share of yes among all answers and in each category. growth has them after ever more papers in \
      their order, and the band of the same numbers over random orders: a corpus that took other papers \
      first leaves the band. left-out has them without each venue, version, rater and tag (--by takes \
      others), with the change in standard errors. For the distribution at chosen sizes see 'scores \
      --checkpoints'. Weights and clusters play no part.

      EXAMPLES
        metastat stability papers
        metastat stability papers --order year --steps 20 --replicates 999
        metastat stability papers --table left-out --sort -in_errors

      OUTPUT (CSV)
        growth: term, n, estimate, random_median, random_low, random_high,
          conf_level, note
        left-out: by, group, n_group, term, n, estimate, std_error, conf_low,
          conf_high, conf_level, whole, moved, in_errors, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "growth (default) or left-out.")
  var table = TableName.growth

  @Option(
    help: """
      The order of papers: a numeric COLUMN or expression, or 'input', which for a folder is the \
      alphabetical order of paths and says nothing about time.
      """)
  var order = "input"

  @Option(help: "The number of sizes of growth.")
  var steps = 10

  @Option(
    help: ArgumentHelp(
      "The variable whose groups are left out; repeatable. (default: venue, version, rater, tags)",
      valueName: "column"), completion: .names(.variables))
  var by: [String] = []

  @Option(help: "Lower bounds of the tiers, descending.")
  var tiers = "70,60,50,40,30"

  func validate() throws {
    guard steps >= 1, steps <= 1_000 else {
      throw ValidationError("--steps takes a number from 1 to 1000, not \(steps).")
    }
    guard by.isEmpty || table == .leftOut else {
      throw ValidationError("--by is of --table left-out.")
    }
    if resampling.cluster != nil || resampling.stratify != nil {
      throw ValidationError(
        "stability takes papers one by one; leave out --cluster and --stratify.")
    }
  }

  func answer(_ ask: Ask) async throws -> Answer {
    guard let bounds = Tiers(text: tiers) else {
      throw CommandFailure(
        .usage, "--tiers takes numbers in descending order, such as 70,60,50,40,30; not '\(tiers)'")
    }
    let matrix = ask.loaded.matrix
    let level = resampling.level
    switch table {
    case .growth:
      var question = GrowthStability(steps: steps, tiers: bounds, level: level)
      question.order = try ask.loaded.ordered(Array(matrix.papers.indices), by: order)
      let rows = try await ask(question)
      guard rows.contains(where: { $0.value != nil }) else {
        throw CommandFailure(.estimation, "no item applies to any paper")
      }
      return Answer(Table(growthStability: rows, level: level))
    case .leftOut:
      let variables = by.isEmpty ? LeaveOut.usualVariables(of: matrix) : by
      guard !variables.isEmpty else {
        throw CommandFailure(
          .usage,
          "the papers are all of one venue, version, rater and tag; name a variable with --by")
      }
      return Answer(
        Table(
          leaveOut: try await ask(LeaveOut(variables, tiers: bounds, level: level)), level: level))
    }
  }
}

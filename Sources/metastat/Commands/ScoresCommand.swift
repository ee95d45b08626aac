import ArgumentParser
import SurveyStats

/// `metastat scores`: each paper's scores, and their distribution.
struct ScoresCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case distribution, papers, against, weights, anchors
    case anchorPairs = "anchor-pairs"
    case shift
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

      AGAINST
      --against NUMBER says how the score goes with attention, or any number: correlations, slope, means \
      between cuts and a smooth, on a logarithmic axis of 1 + x, which keeps zeros, where values are \
      skewed. Weights, clusters and strata count.

      WEIGHTS
      --fit-weights FILE learns weights from 0 to 5 from anchors, papers whose score should lie in a band, \
      and ordered pairs. weights has them with their range over fits that leave an anchor out, and says \
      which are not identified; anchors and anchor-pairs say which are where they should be; shift what \
      becomes of the mean and median of the corpus, and how many anchors and pairs are where they should \
      be, anchors also under weights learned without them. --weights-out writes them for --weights.

      CORRECTION (--correct BETTER)
      Mean scores as a better rater, who has answered some of the papers again, would have found them in
      all, by power-tuned prediction-powered inference; medians and tiers have no such correction.

      EXAMPLES
        metastat scores papers
        metastat scores papers --table papers --sort -score --top 20
        metastat scores papers --weights weights.json --of composite_categories
        metastat scores matrix.csv --checkpoints 100,200,400 --by type
        metastat scores papers --composite irt --table papers --sort -composite_irt --top 20
        metastat scores papers --against hn_points --cuts 1,8
        metastat scores papers --fit-weights anchors.json --weights-out weights.json
        metastat scores haiku.csv --correct opus.csv

      OUTPUT (CSV)
        distribution: [by, group], [checkpoint], score, term (mean, median, sd,
          min, q25, q75, max, share of each tier), n, count, estimate, std_error,
          conf_low, conf_high, conf_level, interval, [crude], note
        papers: paper, metadata, n_applicable, n_yes, score, one column a
          category, composites, [composite_irt_std_error, rigor_irt,
          rigor_irt_std_error], tier, [covariates]
        against: variable, part (correlation, slope, mean, difference, smooth),
          term, x, n, estimate, std_error, conf_low, conf_high, conf_level,
          p_value, p_adjusted, method, note
        weights: term, n_papers, estimate, range_low, range_high, data_share, note
        anchors: paper, band, band_low, band_high, equal_weights, estimate,
          in_band, left_out, left_out_in_band
        anchor-pairs: better, worse, equal_weights, estimate, satisfied
        shift: term, n, old, equal_weights, new, estimate, std_error, conf_low,
          conf_high, conf_level, note
        --correct: [by, group], score, term (mean), n_papers, n_gold, n_effective, estimate
          (corrected), std_error, conf_low, conf_high, conf_level, df, method, power, naive,
          naive_low, naive_high, gold, gold_low, gold_high, note
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Correction for a rater's errors") var correction: CorrectionOptions

  @Option(
    name: .customLong("table"),
    help: """
      distribution (default) or papers; with --against against; with --fit-weights weights (default), \
      anchors, anchor-pairs or shift.
      """)
  var chosenTable: TableName?

  @Option(
    help: ArgumentHelp("Learn weights from the anchors of FILE, JSON.", valueName: "file"),
    completion: .file())
  var fitWeights: String?

  @Option(
    help: """
      What is weighed: categories (as composite_categories), cells (categories, as composite_items) or items.
      """)
  var weigh = WeightFit.Basis.categories

  @Option(help: "How strongly learned weights are drawn to equal ones.")
  var pull = 0.05

  @Option(
    help: ArgumentHelp("Write the learned weights to FILE, JSON.", valueName: "file"),
    completion: .file())
  var weightsOut: String?

  @Flag(help: "Leave the anchors out of --table shift.")
  var withoutAnchors = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "How the score goes with these numbers: variables or expressions, such as hn_points.",
      valueName: "variable"), completion: .names(.variables))
  var against: [String] = []

  @Option(help: "The axis of --against: automatic (log for skewed values), linear or log.")
  var axis = ScoresAgainst.Axis.automatic

  @Option(help: "Where groups of --against begin, such as 1,8. (default: zero, and thirds)")
  var cuts: String?

  @Option(help: "Adjustment of p-values of --against over the rows of a part: none, holm, bh, …")
  var adjust = PValueAdjustment.holm

  /// The table asked for.
  private var table: TableName {
    chosenTable
      ?? (fitWeights != nil ? .weights : against.isEmpty ? .distribution : .against)
  }

  @Option(
    help: """
      The score to describe: score, a category, or a composite. (default: score, and all \
      composites of --weights and --dimensions; with --composite only composites)
      """)
  var of: String?

  @Option(help: "Add the score of an item response model: irt (2PL) or irt-1pl.")
  var composite: Composite?

  @Option(
    help: ArgumentHelp("Category and item weights, a JSON file.", valueName: "file"),
    completion: .file())
  var weights: String?

  @Option(
    help: ArgumentHelp("Dimensions of a harmonic-mean composite, a JSON file.", valueName: "file"),
    completion: .file())
  var dimensions: String?

  @Option(help: "Lower bounds of the tiers, descending.")
  var tiers = Self.usualTiers

  private static let usualTiers = "70,60,50,40,30"

  @Option(help: "Describe only papers with at least N applicable items.")
  var minApplicable = 1

  @Option(
    help: """
      The interval: percentile, basic, normal, bca, or automatic: for the mean of up to 200 papers one \
      that never leaves 0 to 100 (dirichlet), for shares of tiers that of rates, percentile for the \
      rest, from ten papers on.
      """)
  var interval = ScoreInterval.automatic

  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(
      "The distribution for every group of papers with the same value of COLUMN; repeatable, for their combinations.",
      valueName: "column"),
    completion: .names(.variables))
  var groupColumns: [String] = []

  /// The column, or columns, of the groups.
  var by: String? { groupColumns.joinedColumns }

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

  var readPaths: [String] {
    corpus.readPaths + correction.readPaths
      + [weights, dimensions, fitWeights].compactMap { $0 }
  }
  var writtenPaths: [String] {
    output.writtenPaths + [split.part, replicateFile.replicatesOut, weightsOut].compactMap { $0 }
  }

  func validate() throws {
    if correction.isWanted {
      try correction.validatePowered("scores")
      try correction.refuse(
        [
          "--table \(table.rawValue)": table != .distribution, "--against": !against.isEmpty,
          "--fit-weights": fitWeights != nil, "--composite": composite != nil,
          "--weights": weights != nil, "--dimensions": dimensions != nil,
          "--checkpoints": checkpoints != nil, "--interval": interval != .automatic,
          "--min-applicable": minApplicable != 1, "--tiers": tiers != Self.usualTiers,
          "--mix": mix != nil,
        ], for: "mean scores")
    }
    if interval == .bca { try resampling.checkBCa() }
    if mix != nil, by == nil, checkpoints == nil {
      throw ValidationError("--mix is about groups; add --by COLUMN or --checkpoints.")
    }
    guard (table == .against) == !against.isEmpty else {
      throw ValidationError("--table against and --against VARIABLE go together.")
    }
    let learns = [TableName.weights, .anchors, .anchorPairs, .shift].contains(table)
    guard learns == (fitWeights != nil) else {
      throw ValidationError(
        "--fit-weights FILE goes with --table weights, anchors, anchor-pairs and shift.")
    }
    guard fitWeights != nil || weightsOut == nil && !withoutAnchors else {
      throw ValidationError("--weights-out and --without-anchors are of --fit-weights FILE.")
    }
    guard pull > 0, pull.isFinite else {
      throw ValidationError("--pull takes a number above 0, not \(pull).")
    }
    guard
      fitWeights == nil
        || against.isEmpty && by == nil && checkpoints == nil && composite == nil && of == nil
          && weights == nil && dimensions == nil && interval == .automatic && minApplicable == 1
          && resampling.cluster == nil && resampling.stratify == nil
    else {
      throw ValidationError(
        "--fit-weights learns from the papers one by one; leave out options of distributions, of other "
          + "composites, --cluster and --stratify.")
    }
    guard against.isEmpty || by == nil && checkpoints == nil && composite == nil else {
      throw ValidationError(
        "--against is of all papers and of scores that are counted; leave out --by, --checkpoints and "
          + "--composite.")
    }
    guard
      against.isEmpty
        || interval == .automatic && minApplicable == 1 && tiers == Self.usualTiers
    else {
      throw ValidationError(
        "--interval, --tiers and --min-applicable are of distributions; for papers with enough items say "
          + "--where 'n_applicable >= 10'.")
    }
    guard !against.isEmpty || cuts == nil && axis == .automatic else {
      throw ValidationError("--cuts and --axis are of --against VARIABLE.")
    }
    if mix == .model { throw ValidationError("--mix: \(Scores.ScoresError.modelOfMix).") }
  }

  func load() async throws -> LoadedCorpus {
    try await corpus.loadCorrected(
      by: correction, console: output.console, jobs: resampling.jobs, isStrict: output.strict)
  }

  func answer(_ ask: Ask) async throws -> Answer {
    if let better = ask.loaded.betterRater { return try await corrected(ask, better: better) }
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
    sayFewItems(loaded.matrix, ask.console)
    if table == .against { return try await relations(ask) }
    if let fitWeights { return try learn(fitWeights, ask) }
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

  /// The mean scores that the better rater would have found.
  private func corrected(_ ask: Ask, better: String) async throws -> Answer {
    let question = CorrectedScores(
      better: better, names: of.map { [$0] }, method: correction.powered, level: resampling.level,
      probability: correction.probability)
    do {
      let groups = try await ask.corrected(question.grouped(by: by), correction)
      try ask.check(groups.flatMap { $0.result.map(\.estimate) }, better: better)
      return Answer(Table(correctedScores: groups, by: by, better: better))
    } catch let error as Scores.UnknownScore {
      throw CommandFailure(.usage, "--of: \(error)")
    }
  }

  /// Weights learned from anchors.
  private func learn(_ path: String, _ ask: Ask) throws -> Answer {
    let matrix = ask.loaded.matrix
    let anchors: WeightAnchors = try JSONFile.decode(path)
    let file = try weightsOut.map { path throws(CommandFailure) in try OutputFile(path) }
    if matrix.papers.contains(where: { $0.weight != nil }), !resampling.unweighted {
      ask.console.note("the 'weight' column plays no part in learning weights of categories")
    }
    let fit: WeightFit
    do throws(WeightFit.Failure) {
      fit = try WeightFit(anchors, matrix, basis: weigh, pull: pull)
    } catch {
      throw CommandFailure(.invalidInput, "\(path): \(error)")
    }
    if !fit.converged {
      ask.console.warning("the search for weights did not end; they may not be the best")
    }
    try file?.write(Array(fit.json.utf8))
    switch table {
    case .anchors: return Answer(Table(anchors: fit))
    case .anchorPairs: return Answer(Table(anchorPairs: fit))
    case .shift:
      let names = Set(anchors.papers)
      let left =
        withoutAnchors
        ? Set(matrix.papers.indices.filter { names.contains(matrix.papers[$0].slug) }) : []
      return Answer(Table(shift: fit, leavingOut: left, level: resampling.level))
    default: return Answer(Table(weights: fit, of: matrix))
    }
  }

  /// How the score goes with numbers of papers.
  private func relations(_ ask: Ask) async throws -> Answer {
    var question = ScoresAgainst(
      against, score: of ?? "score", axis: axis, level: resampling.level)
    question.cuts = try cuts.map { text throws(CommandFailure) in
      let numbers = text.split(separator: ",").map { Double($0.trimmingPrefix(" ")) }
      guard !numbers.isEmpty, numbers.allSatisfy({ $0?.isFinite ?? false }) else {
        throw CommandFailure(.usage, "--cuts takes numbers, such as 1,8; not '\(text)'")
      }
      return numbers.compactMap { $0 }
    }
    let matrix = ask.loaded.matrix
    if weights != nil || dimensions != nil {
      throw CommandFailure(
        .usage,
        "--against takes scores that are counted, 'score' or a category by --of; not composites")
    }
    for (option, names) in [("--against", against), ("--of", [question.score])] {
      do throws(VariableError) {
        for name in names { _ = try matrix.variables.numbers(name) }
      } catch { throw CommandFailure(error, option: option, in: corpus) }
    }
    do {
      let rows = try await ask(question)
      guard rows.contains(where: { $0.estimate.value != nil }) else {
        throw CommandFailure(
          .estimation, "no paper has both a score and \(against.joined(separator: ", "))")
      }
      return Answer(Table(against: rows, level: resampling.level, adjustment: adjust))
    } catch let error as ScoresAgainst.Failure {
      throw CommandFailure(.usage, "--against: \(error)")
    }
  }

  /// Says which papers are scored on so few items that one answer moves their score far.
  private func sayFewItems(_ matrix: BinaryMatrix, _ console: Console) {
    let fewest = 10
    guard matrix.items.count >= 2 * fewest, minApplicable < fewest else { return }
    let few = matrix.papersScoredOnFewItems(below: fewest)
    guard !few.isEmpty else { return }
    let names = few.prefix(3).map { matrix.papers[$0].slug }.joined(separator: ", ")
    console.note(
      "\(few.count) of \(matrix.papers.count) papers are scored on fewer than \(fewest) applicable "
        + "items (\(names)\(few.count > 3 ? ", …" : "")), so that one answer moves them by more than "
        + "\(100 / fewest) points; --min-applicable \(fewest) leaves them out of distributions")
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
extension ScoresAgainst.Axis: ExpressibleByArgument {}
extension WeightFit.Basis: ExpressibleByArgument {}

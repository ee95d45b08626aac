import ArgumentParser
import SurveyStats

/// `metastat scores`: each paper's scores, and their distribution.
struct ScoresCommand: SplittableCommand, CommandWithFiles {
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

      EXAMPLES
        metastat scores papers
        metastat scores papers --table papers --sort -score --top 20
        metastat scores papers --weights weights.json --of composite_categories
        metastat scores matrix.csv --checkpoints 100,200,400 --by type
        metastat scores papers --composite irt --table papers --sort -composite_irt --top 20

      OUTPUT (CSV)
        distribution: [by, group], [checkpoint], score, term (mean, median, sd,
          min, q25, q75, max, share of each tier), n, count, estimate, std_error,
          conf_low, conf_high, conf_level, interval, note
        papers: paper, metadata, n_applicable, n_yes, score, one column a
          category, composites, [composite_irt_std_error, rigor_irt,
          rigor_irt_std_error], tier
      """)

  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var resampling: ResamplingOptions
  @OptionGroup var split: SplitOptions
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
      The interval: percentile, basic, normal, bca, or automatic: percentile, but Wilson for shares of \
      tiers, and for fewer than ten papers Student's t for the mean and none for the rest.
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

  @Option(help: "Write the replicates to FILE, one row a replicate.")
  var replicatesOut: String?

  var readPaths: [String] { corpus.readPaths + [weights, dimensions].compactMap { $0 } }
  var writtenPaths: [String] {
    output.writtenPaths + [split.part, replicatesOut].compactMap { $0 }
  }

  func validate() throws {
    if interval == .bca { try resampling.checkBCa() }
  }

  func run(replicates source: ReplicateSource) async throws {
    var source = source
    try output.checkFiles()
    let replicatesFile = try replicatesOut.map { path throws(CommandFailure) in
      try OutputFile(path)
    }
    guard let tierBounds = Tiers(text: tiers) else {
      throw CommandFailure(
        .usage, "--tiers takes numbers in descending order, such as 70,60,50,40,30; not '\(tiers)'")
    }
    let console = output.console
    let loaded = try await corpus.load(
      console: console, jobs: resampling.jobs, isStrict: output.strict)
    try source.begin(
      split, seed: resampling.seed, replicates: resampling.replicates, matrix: loaded.matrix)
    var scores = try paperScores(loaded)
    let response = try composite.map { try fit($0, loaded.matrix, console: console) }
    if let response {
      scores.append(
        PaperScores.Score(
          name: "composite_irt", values: response.expectedScores.map { $0?.estimate }))
    }
    if table == .papers {
      if source.drawsPart { return try source.finish() }
      var table = Table(scores: scores, of: loaded.matrix, tiers: tierBounds)
      if let response { table.add(response) }
      try output.write(table)
    } else {
      guard
        let result = try await distributions(
          of: scores, loaded: loaded, tiers: tierBounds, console: console, replicates: &source)
      else { return try source.finish() }
      if let replicatesFile, let replicates = result.replicates {
        try replicatesFile.write(output.csv(replicates))
      }
      try output.write(result.table)
    }
    try output.writeManifest(
      of: loaded, seed: resampling.seed, replicates: resampling.replicates,
      arguments: source.arguments)
  }

  /// The scores, with the composites of the files named, whose names must exist.
  private func paperScores(_ loaded: LoadedCorpus) throws -> PaperScores {
    let weights: CompositeWeights? = try self.weights.map { try JSONFile.decode($0) }
    let dimensions: Dimensions? = try self.dimensions.map { try JSONFile.decode($0) }
    var file = self.weights
    do throws(ScoreNameError) {
      if let weights { try loaded.scoreNames.check(weights) }
      file = self.dimensions
      if let dimensions { try loaded.scoreNames.check(dimensions) }
    } catch {
      throw CommandFailure(.invalidInput, "\(file ?? ""): \(error)")
    }
    return PaperScores(loaded.matrix, weights: weights, dimensions: dimensions)
  }

  /// The names of the scores to describe.
  private func described(_ scores: PaperScores) -> [String] {
    if let of { return [of] }
    let composites = scores.composites.map(\.name).filter { $0.hasPrefix("composite_") }
    return (composite == nil ? ["score"] : []) + composites
  }

  /// The distributions of the chosen scores; `nil` if a part was drawn.
  private func distributions(
    of scores: PaperScores, loaded: LoadedCorpus, tiers: Tiers, console: Console,
    replicates source: inout ReplicateSource
  ) async throws -> (table: Table, replicates: Table?)? {
    let names = described(scores)
    var tables: [(name: String, table: Table, replicates: Table?)] = []
    for name in names {
      let result = try await distribution(
        of: name, label: names.count > 1 ? name + " " : "", scores, loaded: loaded, tiers: tiers,
        console: console, replicates: &source)
      if let result { tables.append((name, result.table, result.replicates)) }
    }
    if source.drawsPart { return nil }
    guard tables.count > 1 else { return tables.first.map { ($0.table, $0.replicates) } }
    var table = Table(stacking: tables.map(\.table))
    if let column = table?.columns.firstIndex(where: { $0.name == "score" }) {
      table?.columns[column].isDetail = false
    }
    table?.caption =
      "Distributions of scores in percent of applicable items; shares of tiers are fractions of the "
      + "papers with a score."
    let replicates = tables.map { name, _, replicates in
      replicates.map { table in
        var table = table
        table.columns.insert(
          Column("score", .text(Array(repeating: name, count: table.rowCount))), at: 0)
        return table
      }
    }
    return table.map { ($0, Table(stacking: replicates.compactMap { $0 })) }
  }

  /// The distribution of one score for every group and checkpoint; `nil` if a part was drawn.
  private func distribution(
    of: String, label prefix: String, _ scores: PaperScores, loaded: LoadedCorpus, tiers: Tiers,
    console: Console, replicates source: inout ReplicateSource
  ) async throws -> (table: Table, replicates: Table?)? {
    guard let score = scores[of] else {
      let nearest = NearestNames(scores.names).nearest(to: of)
      throw CommandFailure(
        .usage,
        "--of: there is no score '\(of)'"
          + (nearest.isEmpty
            ? "; there are " + scores.names.joined(separator: ", ")
            : NearestNames.suggestion(of: nearest)))
    }
    let values = zip(score.values, scores.applicable).map { value, applicable in
      applicable >= minApplicable ? value : nil
    }
    let short = zip(score.values, values).count { $0 != nil && $1 == nil }
    if short > 0 {
      console.note(
        "\(short) papers have fewer than \(minApplicable) applicable items and are left out")
    }
    var parts: [ScoreDistributionTable.Part] = []
    for (group, rows) in try loaded.matrix.groups(by: by) {
      let ordered = try loaded.ordered(rows, by: order)
      for count in try checkpointCounts(of: ordered.count) {
        parts.append(
          ScoreDistributionTable.Part(
            group: group, checkpoint: checkpoints == nil ? nil : count,
            papers: ordered.prefix(count).sorted()))
      }
    }
    let bar = ProgressBar(
      "bootstrap", total: resampling.replicates * parts.count, console: console)
    defer { bar.finish() }
    var result = ScoreDistributionTable(
      score: score.name, by: by, level: resampling.level, interval: interval, tiers: tiers)
    for part in parts {
      let matrix = loaded.matrix.selecting(papers: part.papers)
      let design = try resampling.design(of: matrix)
      let distribution = ScoreDistribution(
        scores: part.papers.map { values[$0] }, design: design, tiers: tiers)
      let bootstrap = Bootstrap(
        design: design, scheme: resampling.scheme, replicates: resampling.replicates,
        seed: resampling.seed, jobs: resampling.jobs)
      let label = prefix + (part.group ?? "") + (part.checkpoint.map { " \($0)" } ?? "")
      let sample = try await source.sample(label, count: resampling.replicates) { range in
        var bootstrap = bootstrap
        bootstrap.replicates = range
        return try await bootstrap(distribution) { bar.advance($0) }
      }
      if let sample { result.add(part, distribution, sample) }
    }
    if source.drawsPart { return nil }
    guard result.hasEstimate else {
      throw CommandFailure(
        .estimation, "no paper has a score '\(of)'; nothing could be estimated")
    }
    var table = result.table
    if of == "composite_irt" {
      table.notes.append(
        "composite_irt is the expected percent of all items at a paper's rigor; intervals take the "
          + "item parameters as known.")
    }
    return (table, replicatesOut == nil ? nil : result.replicates)
  }

  /// The numbers of papers at which the distribution is wanted.
  private func checkpointCounts(of total: Int) throws -> [Int] {
    guard let checkpoints else { return [total] }
    if checkpoints.hasPrefix("every "), let step = Int(checkpoints.dropFirst(6)), step > 0 {
      return Array(stride(from: step, to: total, by: step)) + [total]
    }
    let counts = checkpoints.split(separator: ",").map { Int($0) }
    guard !counts.isEmpty, counts.allSatisfy({ $0.map { $0 > 0 } ?? false }) else {
      throw CommandFailure(
        .usage,
        "--checkpoints takes numbers of papers, such as 100,200,400, or 'every 100'; not "
          + "'\(checkpoints)'")
    }
    return counts.compactMap { $0 }.sorted().filter { $0 < total } + [total]
  }
}

extension ScoreInterval: ExpressibleByArgument {}

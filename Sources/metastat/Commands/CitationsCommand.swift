import ArgumentParser
import SurveyStats

/// `metastat citations`: which papers of a corpus cite which, and their scores.
struct CitationsCommand: AnalysisCommand {
  /// The tables of the command.
  enum TableName: String, ExpressibleByArgument, CaseIterable {
    case summary, inside, outside, scores, edges
  }

  static let configuration = CommandConfiguration(
    commandName: "citations",
    abstract:
      "Which papers of the corpus cite which, what else is cited, and whether scores go with it.",
    discussion: """
      Entries of 'cited_papers' are papers of the corpus by arXiv identifier, else DOI, else title; \
      what is ambiguous is counted. inside and outside are the most cited papers of the corpus and \
      works that are not in it. scores says how often papers are cited against their score (Spearman; \
      negative binomial regression, the papers that could cite a paper being its exposure) and whether \
      papers cite papers that score like them (assortativity, with limits for citations that share a \
      paper and a permutation test). edges has the graph, --graphml writes it for other programs.

      EXAMPLES
        metastat citations papers
        metastat citations papers --table inside --top 20
        metastat citations papers --table scores --replicates 9999 --seed 7
        metastat citations papers --table edges -o edges.csv --graphml citations.graphml

      OUTPUT (CSV)
        summary: term, count, n, estimate, conf_low, conf_high, conf_level, note
        inside: paper, title, year, n_cited, n_cites, exposure, estimate,
          conf_low, conf_high, conf_level, score, note
        outside: title, year, arxiv_id, doi, n_papers, n, estimate, conf_low,
          conf_high, conf_level
        scores: term, n, estimate, std_error, conf_low, conf_high, conf_level,
          p_value, p_adjusted, rate_ratio, ratio_low, ratio_high, method, note
        edges: citing, cited, matched_by, score_citing, score_cited
      """)

  @OptionGroup(title: "Papers and items") var corpus: CorpusOptions
  @OptionGroup(title: "Sampling and replicates") var resampling: ResamplingOptions
  @OptionGroup(title: "Sampling and replicates") var split: SplitOptions
  @OptionGroup(title: "Sampling and replicates") var replicateFile: ReplicateOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "summary (default), inside, outside, scores or edges.")
  var table = TableName.summary

  @Option(
    help: ArgumentHelp("Write the graph as GraphML to FILE.", valueName: "file"),
    completion: .file())
  var graphml: String?

  @Option(help: "Adjustment of p-values over the rows of scores: none, holm, bh, by, …")
  var adjust = PValueAdjustment.holm

  var writtenPaths: [String] {
    output.writtenPaths + [split.part, replicateFile.replicatesOut, graphml].compactMap { $0 }
  }

  func load() async throws -> LoadedCorpus {
    try await corpus.load(
      console: output.console, jobs: resampling.jobs, isStrict: output.strict,
      keepsCitations: true)
  }

  func validate() throws {
    if resampling.cluster != nil || resampling.stratify != nil {
      throw ValidationError(
        "citations takes papers one by one; leave out --cluster and --stratify.")
    }
  }

  func answer(_ ask: Ask) async throws -> Answer {
    let graphFile = try graphml.map { path throws(CommandFailure) in try OutputFile(path) }
    let loaded = ask.loaded
    guard let texts = loaded.texts else {
      throw CommandFailure(
        .usage, "citations needs scans, which have the lists of cited works; a matrix has none")
    }
    guard loaded.matrix.distinctPaperCount == loaded.matrix.papers.count else {
      throw CommandFailure(
        .usage,
        "citations take one scan of each paper; leave out --instrument all, or choose a --rater")
    }
    let cited = loaded.inputPositions.map { texts[$0].cited }
    let graph = CitationGraph(loaded.matrix.papers, cited: cited)
    guard graph.hasList.contains(true) else {
      throw CommandFailure(.estimation, "no paper has a list of cited works ('cited_papers')")
    }
    let scores = PaperScores(loaded.matrix).overall.values
    if let graphFile { try graphFile.write(Array(graph.graphML(scores: scores).utf8)) }
    let level = resampling.level
    if !resampling.unweighted, loaded.matrix.papers.contains(where: { $0.weight != nil }) {
      ask.console.note("the 'weight' column plays no part in citations")
    }
    switch table {
    case .summary: return Answer(Table(citations: graph, level: level))
    case .inside: return Answer(Table(citedInside: graph, scores: scores, level: level))
    case .outside: return Answer(Table(citedOutside: graph, level: level))
    case .edges: return Answer(Table(citationEdges: graph, scores: scores))
    case .scores:
      let rows = try await ask(CitationScores(graph, scores: scores, level: level))
      return Answer(Table(citationScores: rows, level: level, adjustment: adjust))
    }
  }
}

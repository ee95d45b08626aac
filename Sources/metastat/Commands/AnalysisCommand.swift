import ArgumentParser
import SurveyStats

/// A command that asks questions of a corpus and writes the answer as a table.
///
/// The command chooses the questions and arranges the answers. Loading, drawing, splitting, joining,
/// replicates, manifest and exit codes are the same for all, and stand here.
protocol AnalysisCommand: SplittableCommand, CommandWithFiles {
  /// The input.
  var corpus: CorpusOptions { get }
  /// How papers were sampled and replicates are drawn.
  var resampling: ResamplingOptions { get }
  /// Which of the replicates to draw.
  var split: SplitOptions { get }
  /// Where replicates go.
  var replicateFile: ReplicateOptions { get }
  /// Where results go.
  var output: OutputOptions { get }
  /// Reads the input.
  func load() async throws -> LoadedCorpus
  /// Asks and arranges.
  func answer(_ ask: Ask) async throws -> Answer
}

/// What a command writes.
struct Answer {
  /// The table.
  var table: Table
  /// A matrix as CSV, in place of the table.
  var matrix: [UInt8]?
  /// What text, Markdown and HTML show instead.
  var readable: Table?
  /// Rows that only machines, and people who ask for all columns, see.
  var hiddenRows: Set<Int> = []
  /// What each row says in words.
  var sentences: [String?]?
  /// What shows the columns for which a terminal has no room.
  var widthRemedy = "--wide shows all"
  /// Whether the seed made numbers without replicates, as that of a cross-validation does.
  var usesSeed = false
  /// Whether the number of replicates counts though none is drawn of a statistic, as of random signs.
  var usesReplicates = false

  /// Answers with a table.
  init(_ table: Table) { self.table = table }

  /// Answers with a matrix as CSV.
  init(matrix: [UInt8]) {
    table = Table(name: "matrix", columns: [])
    self.matrix = matrix
  }
}

extension AnalysisCommand {
  var readPaths: [String] { corpus.readPaths }
  var writtenPaths: [String] {
    output.writtenPaths + [split.part, replicateFile.replicatesOut].compactMap { $0 }
  }

  func load() async throws -> LoadedCorpus {
    try await corpus.load(
      console: output.console, jobs: resampling.jobs, isStrict: output.strict)
  }

  func run(replicates source: ReplicateSource) async throws {
    try output.checkFiles()
    let replicatesFile = try replicateFile.replicatesOut.map { path throws(CommandFailure) in
      try OutputFile(path)
    }
    let loaded = try await load()
    let ask = Ask(
      loaded, resampling: resampling, split: split, source: source,
      keepsReplicates: replicatesFile != nil, console: output.console)
    var answer: Answer
    do {
      answer = try await self.answer(ask)
      if split.part != nil { throw Ask.PartDrawn() }
    } catch is Ask.PartDrawn {
      return try await ask.writePart()
    }
    answer.table = answer.table.stating(level: resampling.level).naming(loaded.matrix.items)
    if let versions = loaded.matrix.versionSentence { answer.table.notes.append(versions) }
    if let replicatesFile {
      guard let replicates = await ask.replicates else {
        throw CommandFailure(
          .usage,
          "--replicates-out: this run draws no replicates; choose an --interval that resamples, such "
            + "as percentile")
      }
      try replicatesFile.write(output.csv(replicates))
    }
    if let matrix = answer.matrix {
      try output.writeCSV(matrix)
    } else {
      try output.write(
        answer.table, readable: answer.readable, hiddenRows: answer.hiddenRows,
        sentences: answer.sentences, widthRemedy: answer.widthRemedy)
    }
    let drawn = await ask.drawnCount
    if drawn == nil, !answer.usesReplicates,
      resampling.chosenReplicates != nil || resampling.scheme != .multinomial
    {
      output.console.note("this run draws no replicates: --replicates and --scheme play no part")
    }
    try output.writeManifest(
      of: loaded, seed: drawn == nil && !answer.usesSeed ? nil : resampling.seed,
      replicates: drawn ?? (answer.usesReplicates ? resampling.replicates : nil),
      arguments: source.arguments)
  }
}

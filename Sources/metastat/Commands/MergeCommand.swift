import ArgumentParser
import SurveyStats

/// A command whose replicates can be drawn in parts.
protocol SplittableCommand: AsyncParsableCommand {
  /// Runs the command with replicates from a source.
  func run(replicates: ReplicateSource) async throws
}

extension SplittableCommand {
  /// Runs the command, drawing its replicates at once.
  func run() async throws { try await run(replicates: .drawn) }
}

/// `metastat merge`: joins the parts of a split run.
struct MergeCommand: AsyncParsableCommand, CommandWithFiles {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Joins the parts of a run that was split over processes or machines.",
    discussion: """
      Each part holds some replicates of one command (--replicate-range and --part of 'rates', \
      'scores', 'trend' and 'logit') and the command line. 'merge' reads the same input again and writes what the \
      command would have written in one go, byte for byte, to the same places. Parts may come in \
      any order; a missing replicate, one that is there twice, and parts of another run are \
      errors.

      EXAMPLES
        metastat rates papers --interval bca -o rates.csv \\
          --replicate-range 1/2 --part 1.part
        metastat rates papers --interval bca -o rates.csv \\
          --replicate-range 2/2 --part 2.part
        metastat merge 1.part 2.part          # writes rates.csv
        metastat matrix papers --shard 1/2 -o 1.csv
        metastat matrix papers --shard 2/2 -o 2.csv
        metastat merge 1.csv 2.csv -o matrix.csv

      Matrices of the shares of a corpus (--shard of 'matrix') are joined into the matrix of the \
      whole, as 'metastat matrix 1.csv 2.csv' does with all options of that command. \
      docs/scaling.md has a Slurm job array and GNU parallel.
      """)

  @Argument(
    help: ArgumentHelp("The parts, or the matrices (.csv), in any order.", valueName: "file"),
    completion: .file())
  var parts: [String]

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "Write the joined matrix to FILE; parts say themselves where results go.", valueName: "file"),
    completion: .file())
  var output: String?

  /// Whether matrices are joined, not parts.
  private var joinsMatrices: Bool { parts.allSatisfy { InputKind($0) == .matrix } }

  var readPaths: [String] { parts.filter { $0 != "-" } }
  var writtenPaths: [String] { [output].compactMap { $0 } }

  func validate() throws {
    if output != nil, !joinsMatrices {
      throw ValidationError("-o is for matrices; the parts say where their results go.")
    }
  }

  func run() async throws {
    if joinsMatrices {
      let arguments = ["matrix"] + parts + (output.map { ["--output", $0] } ?? [])
      guard let command = try Metastat.parseAsRoot(arguments) as? MatrixCommand else { return }
      return try await command.run()
    }
    let joined: ReplicatePart
    do {
      joined = try ReplicatePart.joining(
        parts.map { path in
          (path, try ReplicatePart(decoding: try InputBytes.read(path), name: path))
        })
    } catch let error as ReplicatePartError {
      throw CommandFailure(.invalidInput, error.description)
    }
    guard joined.run.version == Version.text else {
      throw CommandFailure(
        .invalidInput,
        "the parts were drawn by metastat \(joined.run.version); this is \(Version.text)")
    }
    let command = try Metastat.parseAsRoot(joined.run.arguments)
    guard let command = command as? any SplittableCommand else {
      throw CommandFailure(.invalidInput, "the parts hold a command that cannot be split")
    }
    if let files = command as? any CommandWithFiles { try RunFiles.plan(files) }
    try await command.run(replicates: .merged(joined))
  }
}

import ArgumentParser
import Glibc
import SurveyStats

/// The root of the command line.
struct Metastat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metastat",
    abstract: "Field-wide rigor statistics from checklist scans of papers.",
    discussion: """
      INPUT is a folder of scans (papers/<slug>/scan.json), scan files, a .jsonl of scans, or a \
      paper x item matrix as CSV ('-' reads one from standard input). Cells are yes, no, or "does \
      not apply"; the last is neither, and stays out of every denominator.

      EXAMPLES
        metastat check papers
        metastat rates papers --top 10 --sort estimate
        metastat rates matrix.csv --by year -o rates.csv
        metastat scores papers --table papers
      """,
    version: Version.text,
    subcommands: [
      CheckCommand.self, MatrixCommand.self, RatesCommand.self, ScoresCommand.self,
      PatternsCommand.self, ClaimsCommand.self,
      CorrelateCommand.self, PCACommand.self, FactorCommand.self, IRTCommand.self,
      LogitCommand.self, TrendCommand.self, CompareCommand.self, ReportCommand.self,
      SimulateCommand.self, MergeCommand.self, GlossaryCommand.self, BenchCommand.self,
    ])
}

/// Starts the program: one BLAS thread, interruptible work, documented exit codes.
@main
enum Program {
  static func main() async {
    NumericCore.prepare()
    signal(SIGPIPE, SIG_IGN)
    let work = Task { await run() }
    Interrupt.handle { work.cancel() }
    let code = await work.value
    exit(code)
  }

  /// Reads the command line; common slips are called by their names.
  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    if let repeated = CommandLineCheck.repeatedOption(in: arguments) {
      throw CommandFailure(.usage, repeated)
    }
    let expanded = try ReportReplay.expanding(arguments)
    do {
      return try Metastat.parseAsRoot(expanded)
    } catch {
      if Metastat.exitCode(for: error) == .validationFailure,
        let mistake = CommandLineCheck(expanded).mistake
      {
        throw CommandFailure(.usage, mistake)
      }
      throw error
    }
  }

  /// Runs the command given on the command line and says with which code to exit.
  private static func run() async -> Int32 {
    do {
      var command = try parse(Array(CommandLine.arguments.dropFirst()))
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch is CancellationError {
      Console.standard.error("interrupted; nothing was left half written")
      return CommandFailure.Kind.interrupted.rawValue
    } catch let failure as CommandFailure {
      if !failure.message.isEmpty { Console.standard.error(failure.message) }
      return failure.kind.rawValue
    } catch {
      let code = Metastat.exitCode(for: error)
      let text = Metastat.fullMessage(for: error)
      if !text.isEmpty {
        if code == .success { try? StandardOutput.write(Array((text + "\n").utf8)) }
        if code != .success {
          let start = "Error: "
          Console.standard.plain(
            text.hasPrefix(start) ? "error: " + text.dropFirst(start.count) : text)
        }
      }
      return code == .failure ? CommandFailure.Kind.unexpected.rawValue : code.rawValue
    }
  }
}

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
      CheckCommand.self, ImportCommand.self, MatrixCommand.self, RatesCommand.self,
      ScoresCommand.self, PatternsCommand.self, ClaimsCommand.self, CitationsCommand.self,
      ClassesCommand.self,
      StabilityCommand.self,
      CorrelateCommand.self, PCACommand.self, FactorCommand.self, IRTCommand.self,
      LogitCommand.self, TrendCommand.self, CompareCommand.self, AgreeCommand.self,
      MetaCommand.self,
      ReportCommand.self, ExploreCommand.self, SimulateCommand.self, MergeCommand.self,
      GlossaryCommand.self,
      BenchCommand.self,
    ])
}

/// Starts the program: one BLAS thread, interruptible work, documented exit codes.
@main
enum Program {
  static func main() async {
    do throws(CommandFailure) { try Descriptors.prepare() } catch {
      Console.standard.error("\(error.message)")
      exit(error.kind.rawValue)
    }
    NumericCore.prepare()
    signal(SIGPIPE, SIG_IGN)
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "---completion" { exit(complete(arguments)) }
    let work = Task { await run() }
    Interrupt.handle { work.cancel() }
    exit(await work.value)
  }

  /// Reads the command line; common slips are called by their names.
  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    if let repeated = CommandLineCheck.repeatedOption(in: arguments) {
      throw CommandFailure(.usage, repeated)
    }
    let expanded = CheckCommand.expanding(try ReportReplay.expanding(arguments))
    if expanded.first == "help", let mistake = CommandLineCheck(expanded).mistake {
      throw CommandFailure(.usage, mistake)
    }
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

  /// Says what a shell can complete, on the main thread, which waits for the names of the data.
  private static func complete(_ arguments: [String]) -> Int32 {
    do { _ = try Metastat.parseAsRoot(arguments) } catch { return report(error, arguments) }
    return 0
  }

  /// Runs the command given on the command line and says with which code to exit.
  private static func run() async -> Int32 {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parse(arguments)
      if let command = command as? any CommandWithFiles { try RunFiles.plan(command) }
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch {
      if let signal = Interrupt.signal {
        Console.standard.error("\(Interrupt.message)")
        return 128 + signal
      }
      return report(error, arguments)
    }
  }

  /// Says why there is no result, and gives the exit code.
  private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
    if let failure = error as? CommandFailure {
      if !failure.message.isEmpty { Console.standard.error("\(failure.message)") }
      return failure.kind.rawValue
    }
    if let refusal = error as? TableRefusal {
      Console.standard.error("\(VisibleText(lines: refusal.message))")
      return CommandFailure.Kind.invalidInput.rawValue
    }
    let code = Metastat.exitCode(for: error)
    let text = Metastat.fullMessage(for: error)
    if code == .success {
      let page = HelpPage(arguments, text)
      let isShort = arguments.contains("-h") && !arguments.contains("--help")
      let shown = page.map { isShort ? $0.short : $0.whole } ?? text
      if !shown.isEmpty { try? StandardOutput.write(Array((shown + "\n").utf8)) }
      return 0
    }
    // What was typed stands in the message; help and usage, which have lines, come after it. A message has
    // lines of its own where nothing typed has one.
    let message = Metastat.message(for: error)
    if text.hasPrefix("Error: " + message) {
      let rest = text.dropFirst(7 + message.count)
      let isOneLine = arguments.contains { $0.contains(where: \.isNewline) }
      let words: VisibleText = isOneLine ? "\(message)" : VisibleText(lines: message)
      Console.standard.plain("error: \(words)\(VisibleText(lines: String(rest)))")
    } else if !text.isEmpty {
      Console.standard.plain("\(VisibleText(lines: text))")
    }
    return code == .failure ? CommandFailure.Kind.unexpected.rawValue : code.rawValue
  }
}

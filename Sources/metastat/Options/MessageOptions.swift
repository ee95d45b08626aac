import ArgumentParser

/// How much a command says on standard error, and whether problems of the input end it.
struct MessageOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more: timings and details.")
  var verbose = false

  @Flag(help: "No colour, as with NO_COLOR set.")
  var noColor = false

  @Flag(help: "Fail with exit code 65 when any input has a problem.")
  var strict = false

  /// Standard error as these options want it.
  var console: Console {
    var console = Console.standard
    console.isQuiet = quiet
    console.isVerbose = verbose
    if noColor { console.isColored = false }
    return console
  }
}

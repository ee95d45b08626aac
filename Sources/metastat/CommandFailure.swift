import SurveyStats

/// Why a command ends without a result, with the exit code that says so.
struct CommandFailure: Error, Equatable {
  /// The documented exit codes; a run that a signal ends has 128 and the signal's number.
  enum Kind: Int32 {
    /// Something that should not happen.
    case unexpected = 1
    /// The command line makes no sense.
    case usage = 64
    /// The input is not valid.
    case invalidInput = 65
    /// There is no such input, or no papers are left after selection.
    case noInput = 66
    /// Nothing could be estimated.
    case estimation = 70
    /// Memory, descriptors or another resource ran out, or would.
    case resource = 71
    /// The output cannot be written.
    case output = 73
  }

  let kind: Kind
  let message: String
  /// What is wrong with the input, where that is why.
  var problems: [ScanProblem] = []

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The most problems in a message.
  private static let shownProblems = 20

  /// A matrix cannot be read; everything that is wrong with it is said.
  static func matrix(
    _ name: String, faults: [MatrixCSVError], first: MatrixCSVError
  ) -> CommandFailure {
    let problems = (faults.isEmpty ? [first] : faults).map { $0.problem(in: name) }
    let lines = problems.prefix(shownProblems).map(\.description)
    let more = problems.count - lines.count
    let end = more > 0 ? ["and \(more) more; 'metastat check' lists all"] : []
    let heading = problems.count > 1 ? ["\(name): \(problems.count) problems"] : []
    var failure = CommandFailure(
      .invalidInput, (heading + lines + end).joined(separator: "\n"))
    failure.problems = problems
    return failure
  }
}

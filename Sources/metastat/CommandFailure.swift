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
    /// The output cannot be written.
    case output = 73
  }

  let kind: Kind
  let message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

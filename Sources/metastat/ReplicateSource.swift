import SurveyStats

/// Where the replicates of a run come from.
///
/// A command asks for its samples one after another and gets them drawn at once, or taken from the
/// parts of a split run. When it draws a part itself, it gets none: the sample goes into the part,
/// and the command has no results yet.
struct ReplicateSource {
  private enum Mode {
    case drawn
    case part(ReplicatePart, OutputFile)
    case merged(ReplicatePart, next: Int)
  }

  private var mode: Mode
  /// The command line of the run.
  private(set) var arguments: [String]

  /// Replicates that are drawn at once.
  static let drawn = ReplicateSource(
    mode: .drawn, arguments: Array(CommandLine.arguments.dropFirst()))

  /// Replicates that were drawn in parts.
  static func merged(_ part: ReplicatePart) -> ReplicateSource {
    ReplicateSource(mode: .merged(part, next: 0), arguments: part.run.arguments)
  }

  /// Whether only a part of the run is drawn, and the command has no results.
  var drawsPart: Bool { if case .part = mode { true } else { false } }

  /// Checks that the data are those of the parts, or starts the part that the options ask for.
  mutating func begin(
    _ split: SplitOptions, seed: UInt64, replicates: Int, matrix: BinaryMatrix
  ) throws {
    let run: ReplicatePart.Run
    switch mode {
    case .drawn: if split.part == nil { return }
    case .merged, .part: break
    }
    do {
      run = ReplicatePart.Run(
        version: Version.text, arguments: Self.withoutSplit(arguments), seed: seed,
        replicates: replicates, data: SHA256.hexDigest(of: try MatrixCSV().write(matrix)))
    } catch {
      throw CommandFailure(.invalidInput, "\(error)")
    }
    if case .merged(let part, _) = mode {
      guard part.run.data == run.data else {
        throw CommandFailure(
          .invalidInput, "the input is not the one from which the parts were drawn")
      }
      return
    }
    guard let file = split.part, let range = split.replicateRange?.resolved(of: run.replicates)
    else {
      throw CommandFailure(
        .usage, "--replicate-range lies outside the \(run.replicates) replicates")
    }
    mode = .part(ReplicatePart(run: run, range: range), try OutputFile(file))
  }

  /// The next sample of the run; `nil` if it went into a part.
  ///
  /// - Parameters:
  ///   - label: What is drawn, as a check.
  ///   - count: The number of replicates.
  ///   - draw: Draws a range of the replicates; none when only the values of the whole sample are
  ///     wanted.
  mutating func sample(
    _ label: String, count: Int,
    draw: @Sendable (Range<Int>) async throws -> BootstrapSample
  ) async throws -> BootstrapSample? {
    switch mode {
    case .drawn:
      return try await draw(0..<count)
    case .part(var part, let file):
      part.samples.append(
        ReplicatePart.Sample(label: label, values: try await draw(part.range)))
      mode = .part(part, file)
      return nil
    case .merged(let part, let next):
      guard next < part.samples.count, part.samples[next].label == label,
        try await draw(0..<0).hasSameOriginal(as: part.samples[next].values)
      else {
        throw CommandFailure(
          .invalidInput,
          "the parts hold other values of the whole sample than this machine finds\(inGroup(label))"
        )
      }
      mode = .merged(part, next: next + 1)
      return part.samples[next].values
    }
  }

  /// Writes the part, if one was drawn.
  func finish() throws {
    guard case .part(let part, let file) = mode else { return }
    guard !part.samples.isEmpty else {
      throw CommandFailure(
        .usage, "nothing in this run draws replicates, so that it cannot be split")
    }
    try file.write(part.encoded())
  }

  private func inGroup(_ label: String) -> String { label.isEmpty ? "" : " for '\(label)'" }

  /// The command line without the options that say how a run is split or run.
  static func withoutSplit(_ arguments: [String]) -> [String] {
    let names = ["--replicate-range", "--part", "--jobs", "-j", "--memory"]
    var kept: [String] = []
    var skipsValue = false
    for argument in arguments {
      if skipsValue {
        skipsValue = false
      } else if names.contains(argument) {
        skipsValue = true
      } else if !names.contains(where: { argument.hasPrefix($0 + "=") }) {
        kept.append(argument)
      }
    }
    return kept
  }
}

import SurveyStats

extension LogitCommand {
  /// The outcomes asked for: patterns and scores as they were named, items in the order of the
  /// matrix.
  func outcomes(of matrix: BinaryMatrix) throws -> [BinaryOutcome] {
    let known = try namedPatterns()
    var outcomes: [BinaryOutcome] = []
    for text in outcome {
      let named = known.filter { GlobPattern(text).matches($0.name) }
      if !named.isEmpty {
        outcomes += try named.map { try pattern($0.name, $0.expression, of: matrix) }
      } else if text.contains(where: { $0.isWhitespace || ">=<()".contains($0) }) {
        outcomes.append(try pattern(text, text, of: matrix))
      } else {
        outcomes += try items(text, of: matrix, known: known).map { matrix.outcome(item: $0) }
      }
    }
    outcomes += scoreAtLeast.map { matrix.outcome(scoreAtLeast: $0) }
    var seen: [String] = []
    return outcomes.filter { outcome in
      defer { seen.append(outcome.name) }
      return !seen.contains(outcome.name)
    }
  }

  /// Why there is no fit: a formula that names its own outcomes makes no sense.
  static func nothingFitted<Fit>(_ results: [Result<Fit, LogisticRegressionError>])
    -> CommandFailure
  {
    let isOwn = results.allSatisfy { result in
      if case .failure(.ownPredictor) = result { return true }
      return false
    }
    return CommandFailure(isOwn ? .usage : .estimation, "no outcome could be fitted")
  }

  /// The items that the names and patterns of items fit; all without any.
  func chosenItems(of matrix: BinaryMatrix) throws -> [Int] {
    guard !outcome.isEmpty else { return Array(matrix.items.indices) }
    let chosen = Set(try outcome.flatMap { try items($0, of: matrix, known: []) })
    return chosen.sorted()
  }

  private func namedPatterns() throws(CommandFailure) -> [NamedPatterns.Pattern] {
    guard let patterns else { return [] }
    let file: NamedPatterns = try JSONFile.decode(patterns)
    return file.patterns
  }

  private func pattern(
    _ name: String, _ expression: String, of matrix: BinaryMatrix
  ) throws(CommandFailure) -> BinaryOutcome {
    do throws(VariableError) {
      return try matrix.outcome(name, where: try Expression(expression))
    } catch { throw CommandFailure(error, option: "--outcome '\(name)'", in: corpus) }
  }

  private func items(
    _ text: String, of matrix: BinaryMatrix, known: [NamedPatterns.Pattern]
  ) throws(CommandFailure) -> [Int] {
    var selection = Selection()
    selection.items = [GlobPattern(text)]
    do throws(Selection.SelectionError) {
      return try selection.items(of: matrix)
    } catch {
      let patterns = known.map(\.name).joined(separator: ", ")
      throw CommandFailure(
        .usage, "--outcome: \(error)" + (known.isEmpty ? "" : "; the patterns are \(patterns)"))
    }
  }
}

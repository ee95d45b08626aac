import SurveyStats

extension LogitCommand {
  /// The outcomes asked for: patterns and scores as they were named, items in the order of the
  /// matrix.
  func outcomes(of matrix: BinaryMatrix) throws -> [Logits.Outcome] {
    let known = try namedPatterns()
    var outcomes: [Logits.Outcome] = []
    for text in outcome {
      let named = known.filter { GlobPattern(text).matches($0.name) }
      if !named.isEmpty {
        outcomes += named.map { .pattern(name: $0.name, condition: $0.expression) }
      } else if text.contains(where: { $0.isWhitespace || ">=<()".contains($0) }) {
        outcomes.append(.pattern(name: text, condition: text))
      } else {
        outcomes += try items(text, of: matrix, known: known).map { .item(matrix.items[$0].id) }
      }
    }
    outcomes += scoreAtLeast.map { .scoreAtLeast($0) }
    var seen: Set<String> = []
    return outcomes.filter { seen.insert($0.name).inserted }
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

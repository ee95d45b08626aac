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
        outcomes += named.map { matrix.outcome($0.name, where: $0.condition) }
      } else if let percent = Self.leastScore(text) {
        outcomes.append(matrix.outcome(scoreAtLeast: percent))
      } else if text.contains(where: { $0.isWhitespace || "()".contains($0) }) {
        outcomes.append(
          matrix.outcome(text, where: try condition(text, items: matrix.items.map(\.id))))
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

  /// The percentage of `score >= 60`.
  private static func leastScore(_ text: String) -> Double? {
    let words = text.replacing(">=", with: " >= ").split(whereSeparator: \.isWhitespace)
    guard words.count == 3, words[0] == "score", words[1] == ">=" else { return nil }
    return Double(words[2])
  }

  /// A condition in words; an item may stand without its category where no other has its name.
  private func condition(_ text: String, items ids: [ItemID]) throws(CommandFailure)
    -> PaperPredicate
  {
    let predicate: PaperPredicate
    do throws(PaperExpressionError) {
      predicate = try PaperPredicate(expression: text)
    } catch { throw CommandFailure(.usage, "--outcome '\(text)': \(error)") }
    return try Self.resolved(predicate, items: ids)
  }

  private static func resolved(_ predicate: PaperPredicate, items ids: [ItemID])
    throws(CommandFailure) -> PaperPredicate
  {
    switch predicate {
    case .and(let left, let right):
      return .and(try resolved(left, items: ids), try resolved(right, items: ids))
    case .or(let left, let right):
      return .or(try resolved(left, items: ids), try resolved(right, items: ids))
    case .not(let inner): return .not(try resolved(inner, items: ids))
    case .item(let id) where !ids.contains(id):
      let found = ids.filter { $0.description == id.description || $0.name == id.description }
      guard found.count == 1 else {
        let nearest = NearestNames(ids.map(\.description)).nearest(to: id.description)
          .joined(separator: ", ")
        throw CommandFailure(
          .usage,
          found.isEmpty
            ? "--outcome: no item is called '\(id)'"
              + (nearest.isEmpty ? "" : "; the nearest are \(nearest)")
            : "--outcome: several items are called '\(id)'; write category.item")
      }
      return .item(found[0])
    default: return predicate
    }
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

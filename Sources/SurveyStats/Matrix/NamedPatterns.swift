/// Named conditions on the answers of a paper, such as code that is released
/// but cannot be run.
///
/// The JSON shape is `{"patterns": [{"name": "theater", "label": "Open-source theater",
/// "expression": "artifacts.code_released and not artifacts.reproduction_instructions"}]}`; a pattern without a
/// label goes by its name. Expressions are those of ``PatternExpression``.
public struct NamedPatterns: Sendable, Equatable, Decodable {
  /// One pattern.
  public struct Pattern: Sendable, Equatable, Decodable {
    /// The name in tables.
    public let name: String
    /// The name for people.
    public let label: String
    /// What makes a paper show it, in words.
    public let expression: String
    /// What makes a paper show it.
    public let condition: PaperPredicate

    /// Creates a pattern.
    public init(name: String, label: String, expression: String) throws(PatternError) {
      self.name = name
      self.label = label
      self.expression = expression
      condition = try PatternExpression(expression).predicate
    }

    private enum CodingKeys: String, CodingKey { case name, label, expression }

    /// Reads a pattern with its expression.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let name = try container.decode(String.self, forKey: .name)
      let label = try container.decodeIfPresent(String.self, forKey: .label) ?? name
      let expression = try container.decode(String.self, forKey: .expression)
      do throws(PatternError) {
        try self.init(name: name, label: label, expression: expression)
      } catch {
        throw DecodingError.dataCorruptedError(
          forKey: .expression, in: container, debugDescription: "\(name): \(error)")
      }
    }
  }

  /// The patterns, in order.
  public let patterns: [Pattern]

  /// Creates a list of patterns.
  public init(patterns: [Pattern]) { self.patterns = patterns }

  /// The patterns all of whose items a matrix has.
  public func known(in matrix: BinaryMatrix) -> [Pattern] {
    let items = Set(matrix.items.map(\.id))
    return patterns.filter { $0.condition.items.allSatisfy(items.contains) }
  }
}

extension BinaryMatrix {
  /// Patterns as items: yes where the condition holds, no where it does not, and not applicable
  /// where it is neither.
  ///
  /// - Parameters:
  ///   - patterns: The patterns, one column each.
  ///   - isStrict: Whether a condition counts only when each of its items applies, also where
  ///     three-valued logic can decide it without.
  func answers(to patterns: [NamedPatterns.Pattern], isStrict: Bool = false) -> BinaryMatrix {
    let truths = patterns.map { pattern in
      let decided = pattern.condition.truths(in: self)
      guard isStrict else { return decided }
      let columns = pattern.condition.items.compactMap { id in
        items.firstIndex { $0.id == id }
      }
      return decided.enumerated().map { paper, truth in
        columns.allSatisfy { applies[paper, $0] } ? truth : nil
      }
    }
    return BinaryMatrix(
      papers: papers,
      items: patterns.map {
        Item(id: ItemID(category: Self.patternCategory, name: $0.name), label: $0.label)
      }
    ) { paper, pattern in
      truths[pattern][paper].map { $0 ? .yes : .no } ?? .notApplicable
    }
  }

  /// The category under which patterns stand in tables.
  static let patternCategory = "pattern"
}

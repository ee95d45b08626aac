/// Named conditions on papers and their answers, such as code that is released but cannot be run.
///
/// The JSON shape is `{"patterns": [{"name": "theater", "label": "Open-source theater",
/// "reading": "code is there, and cannot be run", "expression": "artifacts.code_released and not
/// artifacts.reproduction_instructions"}]}`; further keys are ignored, and a pattern without a label
/// goes by its name. With `"optional": true` beside the patterns, those of which an input has not all
/// variables are left out of it; else they are an error.
public struct NamedPatterns: Sendable, Hashable, Decodable {
  /// One pattern.
  public struct Pattern: Sendable, Hashable, Decodable {
    /// The name in tables.
    public let name: String
    /// The name for people.
    public let label: String
    /// What it says of a paper, in plain words.
    public let reading: String?
    /// What makes a paper show it, as written.
    public let expression: String
    /// What makes a paper show it.
    public let condition: Expression

    /// Creates a pattern.
    public init(
      name: String, label: String? = nil, reading: String? = nil, expression: String
    ) throws(VariableError) {
      self.name = name
      self.label = label ?? name
      self.reading = reading
      self.expression = expression
      condition = try Expression(expression)
    }

    /// Creates a pattern of a condition.
    init(name: String, condition: Expression) {
      self.name = name
      label = name
      reading = nil
      expression = condition.description
      self.condition = condition
    }

    private enum CodingKeys: String, CodingKey { case name, label, reading, expression }

    /// Reads a pattern with its expression.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let name = try container.decode(String.self, forKey: .name)
      let label = try container.decodeIfPresent(String.self, forKey: .label)
      let reading = try container.decodeIfPresent(String.self, forKey: .reading)
      let expression = try container.decode(String.self, forKey: .expression)
      do throws(VariableError) {
        try self.init(name: name, label: label, reading: reading, expression: expression)
      } catch {
        throw DecodingError.dataCorruptedError(
          forKey: .expression, in: container, debugDescription: "\(name): \(error)")
      }
    }
  }

  /// The patterns, in order.
  public let patterns: [Pattern]
  /// Whether patterns are left out of which an input has not all variables.
  public let isOptional: Bool

  /// Creates a list of patterns.
  public init(patterns: [Pattern], isOptional: Bool = false) {
    self.patterns = patterns
    self.isOptional = isOptional
  }

  private enum CodingKeys: String, CodingKey {
    case patterns
    case isOptional = "optional"
  }

  /// Reads a list of patterns.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    patterns = try container.decode([Pattern].self, forKey: .patterns)
    isOptional = try container.decodeIfPresent(Bool.self, forKey: .isOptional) ?? false
  }

  /// The patterns whose variables all exist, and why the others are left out.
  public func resolved(
    in variables: Variables
  ) -> (known: [Pattern], unknown: [(pattern: Pattern, error: VariableError)]) {
    var known: [Pattern] = []
    var unknown: [(pattern: Pattern, error: VariableError)] = []
    for pattern in patterns {
      do throws(VariableError) {
        _ = try variables.truths(pattern.condition)
        known.append(pattern)
      } catch { unknown.append((pattern, error)) }
    }
    return (known, unknown)
  }
}

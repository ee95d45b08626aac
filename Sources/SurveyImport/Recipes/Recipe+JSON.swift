import SurveyStats
import FoundationEssentials
import SurveyStats

/// Why a file is no recipe, and where in it.
public struct RecipeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The JSON path, such as `columns[3].role`.
  public let place: String
  /// What is wrong, and what to do.
  public let message: String

  /// One line with the place.
  public var description: String {
    DisplayText.visible(
      place.isEmpty
        ? message : "\(DisplayText.abridged(place, to: 200)): \(message)")
  }
}

extension Recipe {
  /// Reads a recipe; an error points into it.
  public init(json: [UInt8]) throws(RecipeError) {
    do {
      self = try JSONDecoder().decode(Recipe.self, from: Data(json))
    } catch let error as DecodingError {
      throw RecipeError(error)
    } catch let error as RecipeError {
      throw error
    } catch {
      throw RecipeError(place: "", message: "not valid JSON")
    }
  }

  /// The recipe as JSON that is made to be edited: a column a line, in the order of the file.
  public var json: [UInt8] {
    var lines = ["{", "  \"metastat_recipe\": \(version),"]
    func compact(_ value: some Encodable) -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
    func member(_ key: String, _ value: (some Encodable)?) -> String? {
      value.map { "\"\(key)\": \(compact($0))" }
    }
    func words(_ words: Words) -> [String] {
      [
        ("yes", words.yes), ("no", words.no), ("na", words.na), ("absent", words.absent),
      ].compactMap { key, list in list.isEmpty ? nil : member(key, list) }
        + [
          words.credit.isEmpty ? nil : member("credit", words.credit),
          member("scale", words.scale.map { [$0.worst, $0.best] }),
          words.undecided.isEmpty ? nil : member("undecided", words.undecided),
        ].compactMap { $0 }
    }
    let source = [
      member("file", source.file), member("sha256", source.sha256), member("format", source.format),
      member("delimiter", source.delimiter), member("encoding", source.encoding),
      member("decimal", source.decimal), member("sheet", source.sheet),
    ].compactMap { $0 }
    lines.append("  \"source\": {\(source.joined(separator: ", "))},")
    lines.append(
      "  \"layout\": {\"kind\": \(compact(layout.kind)), \"header\": \(compact(layout.header))},")
    lines.append("  \"columns\": [")
    for (index, rule) in columns.enumerated() {
      let members: [String?] = [
        member("column", rule.column), member("occurrence", rule.occurrence),
        member("role", rule.role), member("name", rule.name), member("category", rule.category),
        member("label", rule.label), member("module", rule.module), member("rater", rule.rater),
        member("labels", rule.labels),
        member("separator", rule.separator),
        rule.words.map { "\"words\": {\(words($0).joined(separator: ", "))}" },
        member("reason", rule.reason),
      ]
      let text = members.compactMap { $0 }.joined(separator: ", ")
      lines.append("    {\(text)}" + (index + 1 < columns.count ? "," : ""))
    }
    lines.append("  ],")
    if !rows.isEmpty {
      lines.append("  \"rows\": [")
      for (index, rule) in rows.enumerated() {
        let text = [
          member("row", rule.row), member("role", rule.role), member("name", rule.name),
          member("reason", rule.reason),
        ].compactMap { $0 }.joined(separator: ", ")
        lines.append("    {\(text)}" + (index + 1 < rows.count ? "," : ""))
      }
      lines.append("  ],")
    }
    lines.append("  \"words\": {")
    let lists = words(self.words)
    for (index, list) in lists.enumerated() {
      lines.append("    \(list)" + (index + 1 < lists.count ? "," : ""))
    }
    lines.append("  }" + (matrix == nil ? "" : ","))
    if let matrix {
      lines.append(
        "  \"matrix\": {\"sha256\": \(compact(matrix.sha256)), \"metadata\": "
          + "\(compact(matrix.metadata))}")
    }
    lines.append("}\n")
    return Array(lines.joined(separator: "\n").utf8)
  }

  /// Decodes a recipe; missing parts are the usual ones, unknown names are errors.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseNames(outside: CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    version = try container.decode(Int.self, forKey: .version)
    guard version == 1 else {
      throw RecipeError(
        place: "metastat_recipe", message: "this program reads recipes of version 1, not \(version)"
      )
    }
    source = try container.decodeIfPresent(Source.self, forKey: .source) ?? Source()
    layout = try container.decodeIfPresent(Layout.self, forKey: .layout) ?? Layout()
    columns = try container.decode([ColumnRule].self, forKey: .columns)
    rows = try container.decodeIfPresent([RowRule].self, forKey: .rows) ?? []
    words = try container.decodeIfPresent(Words.self, forKey: .words) ?? Words()
    matrix = try container.decodeIfPresent(Output.self, forKey: .matrix)
    if layout.header.count(where: { $0 == .name }) != 1 {
      throw RecipeError(place: "layout.header", message: "one header row must be \"name\"")
    }
  }
}

extension Recipe.Source {
  /// Decodes a source; unknown names are errors.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseNames(outside: CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    file = try container.decodeIfPresent(String.self, forKey: .file)
    sha256 = try container.decodeIfPresent(String.self, forKey: .sha256)
    format = try container.decodeChoice(TableFormatName.self, forKey: .format)
    delimiter = try container.decodeIfPresent(String.self, forKey: .delimiter)
    if let delimiter, delimiter.utf8.count != 1 {
      throw RecipeError(
        place: container.place(of: .delimiter), message: "a delimiter is one ASCII character")
    }
    encoding = try container.decodeChoice(TextEncoding.self, forKey: .encoding)
    decimal = try container.decodeChoice(DecimalSign.self, forKey: .decimal, among: [".", ","])
    sheet = try container.decodeIfPresent(String.self, forKey: .sheet)
  }
}

extension Recipe.Layout {
  /// Decodes a layout; unknown names are errors.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseNames(outside: CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decodeChoice(Kind.self, forKey: .kind) ?? .wide
    header = try container.decodeIfPresent([HeaderRow].self, forKey: .header) ?? [.name]
  }
}

extension Recipe.ColumnRule {
  /// Decodes a rule; unknown names are errors.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseNames(outside: CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    column = try container.decode(String.self, forKey: .column)
    occurrence = try container.decodeIfPresent(Int.self, forKey: .occurrence)
    guard let role = try container.decodeChoice(Recipe.Role.self, forKey: .role) else {
      throw RecipeError(place: container.place(of: .role), message: "the role is missing")
    }
    self.role = role
    name = try container.decodeIfPresent(String.self, forKey: .name)
    category = try container.decodeIfPresent(String.self, forKey: .category)
    label = try container.decodeIfPresent(String.self, forKey: .label)
    module = try container.decodeIfPresent(String.self, forKey: .module)
    rater = try container.decodeIfPresent(String.self, forKey: .rater)
    if rater?.isEmpty == true {
      throw RecipeError(place: container.place(of: .rater), message: "the rater has no name")
    }
    labels = try container.decodeIfPresent([String: String].self, forKey: .labels)
    separator = try container.decodeIfPresent(String.self, forKey: .separator)
    if separator?.isEmpty == true {
      throw RecipeError(place: container.place(of: .separator), message: "the separator is empty")
    }
    words = try container.decodeIfPresent(Recipe.Words.self, forKey: .words)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
  }
}

extension Recipe.RowRule {
  /// Decodes a rule; unknown names are errors.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseNames(outside: CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    row = try container.decode(String.self, forKey: .row)
    guard let role = try container.decodeChoice(Role.self, forKey: .role) else {
      throw RecipeError(place: container.place(of: .role), message: "the role is missing")
    }
    self.role = role
    name = try container.decodeIfPresent(String.self, forKey: .name)
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
  }
}

extension Recipe.Words {
  /// Encodes the lists.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    for (key, list) in [
      (CodingKeys.yes, yes), (.no, no), (.na, na), (.absent, absent), (.undecided, undecided),
    ] where !list.isEmpty {
      try container.encode(list, forKey: key)
    }
    if !credit.isEmpty { try container.encode(credit, forKey: .credit) }
    if let scale { try container.encode([scale.worst, scale.best], forKey: .scale) }
  }

  /// Decodes lists of words; unknown names are errors.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseNames(outside: CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func list(_ key: CodingKeys) throws -> [String] {
      try container.decodeIfPresent([String].self, forKey: key) ?? []
    }
    yes = try list(.yes)
    no = try list(.no)
    na = try list(.na)
    absent = try list(.absent)
    undecided = try list(.undecided)
    credit = try container.decodeIfPresent([String: Double].self, forKey: .credit) ?? [:]
    for (word, share) in credit.sorted(by: { $0.key < $1.key }) where !(0...1 ~= share) {
      throw RecipeError(
        place: container.place(of: .credit) + ".\(word)",
        message: "a credit is a share of a point, 0 to 1, not \(share)")
    }
    if let ends = try container.decodeIfPresent([Double].self, forKey: .scale) {
      guard ends.count == 2, let scale = Recipe.Scale(worst: ends[0], best: ends[1]) else {
        throw RecipeError(
          place: container.place(of: .scale),
          message: "a scale is its worst and its best number, such as [0, 4]")
      }
      self.scale = scale
    }
  }
}

extension Recipe.Output {
  /// Decodes an output; unknown names are errors.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseNames(outside: CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    sha256 = try container.decode(String.self, forKey: .sha256)
    metadata = try container.decodeIfPresent([String].self, forKey: .metadata) ?? []
  }
}

private struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}

extension Decoder {
  fileprivate func refuseNames<Key: CodingKey & CaseIterable>(outside keys: Key.Type) throws {
    let known = keys.allCases.map(\.stringValue)
    let container = try container(keyedBy: AnyKey.self)
    for key in container.allKeys.map(\.stringValue).sorted() where !known.contains(key) {
      throw RecipeError(
        place: RecipeError.path(codingPath + [AnyKey(stringValue: key) as any CodingKey]),
        message: "a recipe has no such name here; it has \(known.joined(separator: ", "))")
    }
  }
}

extension KeyedDecodingContainer {
  fileprivate func place(of key: Key) -> String {
    RecipeError.path(codingPath + [key as any CodingKey])
  }

  /// Decodes one of some words, or says which there are.
  fileprivate func decodeChoice<Choice: RawRepresentable<String> & CaseIterable>(
    _ type: Choice.Type, forKey key: Key
  ) throws -> Choice? {
    try decodeChoice(type, forKey: key, among: type.allCases.map(\.rawValue))
  }

  fileprivate func decodeChoice<Choice: RawRepresentable<String>>(
    _ type: Choice.Type, forKey key: Key, among known: [String]
  ) throws -> Choice? {
    guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw RecipeError(
        place: place(of: key),
        message: "'\(text)' is none of \(known.joined(separator: ", "))")
    }
    return choice
  }
}

extension RecipeError {
  fileprivate static func path(_ keys: [any CodingKey]) -> String {
    var path = ""
    for key in keys {
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return path
  }

  fileprivate init(_ error: DecodingError) {
    let (context, message): (DecodingError.Context, String) =
      switch error {
      case .typeMismatch(let type, let context): (context, "expected \(Self.name(of: type))")
      case .valueNotFound(let type, let context): (context, "expected \(Self.name(of: type))")
      case .keyNotFound(let key, let context): (context, "'\(key.stringValue)' is missing")
      case .dataCorrupted(let context):
        (context, context.codingPath.isEmpty ? "not valid JSON" : context.debugDescription)
      @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "no recipe")
      }
    self.init(place: Self.path(context.codingPath), message: message)
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "text"
    case is Int.Type: "a whole number"
    case is any RangeReplaceableCollection.Type: "a list"
    default: "an object"
    }
  }
}

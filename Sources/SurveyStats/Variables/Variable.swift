/// A thing that is measured on papers, with what kind of thing it is.
public struct Variable: Sendable, Hashable {
  /// The kinds of variables.
  public enum Kind: String, Sendable, CaseIterable {
    /// A number.
    case number
    /// How many of something there are.
    case count
    /// A day or month; as a number, years with a fraction.
    case date
    /// One word or text of several.
    case category
    /// Any number of words.
    case labels
    /// An answer to an item: yes, no, or neither.
    case answer

    /// The kind in words.
    var words: String {
      switch self {
      case .number: "a number"
      case .count: "a count"
      case .date: "a date"
      case .category: "a category"
      case .labels: "a set of labels"
      case .answer: "an answer"
      }
    }
  }

  /// The name.
  public let name: String
  /// The kind.
  public let kind: Kind
}

/// The texts of a column of metadata, and what kind of variable they make.
///
/// A column is numeric when all its values are finite numbers, of dates when all are ISO dates, of
/// labels when some value has a semicolon and no label is longer than sixty characters; else its
/// values are categories.
struct TypedColumn {
  let kind: Variable.Kind
  /// The values as written; `nil` for an empty value or `NA`.
  let texts: [String?]
  /// The numbers, of numbers and dates.
  let numbers: [Double?]

  init(_ texts: [String?]) {
    let values = texts.map { $0.flatMap { $0.isEmpty || $0 == "NA" ? nil : $0 } }
    self.texts = values
    let known = values.compactMap { $0 }
    let numbers = values.map { $0.flatMap(Self.number) }
    if !known.isEmpty, numbers.count(where: { $0 != nil }) == known.count {
      kind = .number
      self.numbers = numbers
    } else if let first = known.first, ISODate(first) != nil,
      known.allSatisfy({ ISODate($0) != nil })
    {
      kind = .date
      self.numbers = values.map { $0.flatMap { ISODate($0)?.years } }
    } else {
      let hasSeveral = known.contains { $0.utf8.contains(UInt8(ascii: ";")) }
      let areLabels =
        hasSeveral
        && known.allSatisfy {
          TagList.split($0).allSatisfy { $0.count <= 60 }
        }
      kind = areLabels ? .labels : .category
      self.numbers = numbers
    }
  }

  /// The finite number that a text is.
  static func number(_ text: String) -> Double? {
    guard let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// The first value that is none among many numbers, when a mistake is more likely than a category:
  /// where all would be numbers if commas were decimal signs, or four of five are.
  func stray(decimalComma: inout Bool) -> Int? {
    guard kind == .category || kind == .labels else { return nil }
    let known = texts.indices.filter { texts[$0] != nil }
    let strays = known.filter { numbers[$0] == nil }
    decimalComma = strays.allSatisfy { Self.hasDecimalComma(texts[$0] ?? "") }
    let numeric = known.count - strays.count
    guard decimalComma || numeric >= 5 && numeric >= 4 * strays.count else { return nil }
    return strays.first
  }

  /// Whether a text is a number with a decimal comma.
  static func hasDecimalComma(_ text: String) -> Bool {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.allSatisfy(\.isASCIIDigit) else {
      return false
    }
    return number(parts.joined(separator: ".")) != nil
  }
}

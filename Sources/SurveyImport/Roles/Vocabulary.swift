import FoundationEssentials
public import SurveyStats

/// Which words are answers: those of `Resources/vocabularies.json`, in several languages.
public struct Vocabulary: Sendable {
  private struct Language: Decodable {
    let yes: [String]
    let no: [String]
    let na: [String]
    let absent: [String]
  }

  private let cells: [String: Cell]

  /// The words that are built in.
  static let builtIn = Vocabulary(json: PackageResources.vocabularies_json)

  private init(json: [UInt8]) {
    let languages = (try? JSONDecoder().decode([Language].self, from: Data(json))) ?? []
    var cells: [String: Cell] = [:]
    for language in languages {
      let lists: [(Cell, [String])] = [
        (.yes, language.yes), (.no, language.no), (.notApplicable, language.na),
        (.absent, language.absent),
      ]
      for (cell, words) in lists {
        for word in words where cells[word] == nil {
          cells[word] = cell
        }
      }
    }
    self.cells = cells
  }

  /// The answer that a word in its normal form stands for; `nil` for other words.
  public func cell(_ normalWord: String) -> Cell? { cells[normalWord] }
}

/// The form in which words are compared: without outer space, in lower case, whole numbers without
/// their zeros.
public enum WordForm {
  /// The normal form of a word; with a decimal comma, `1,0` is `1`.
  public static func normal(_ text: String, decimal: DecimalSign = .point) -> String {
    let trimmed = trimmed(text)
    if let first = trimmed.utf8.first,
      first < 0x3A && first >= 0x30 || first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        || first == UInt8(ascii: "."),
      let number = number(trimmed, decimal: decimal)
    {
      if let whole = Int(exactly: number) { return String(whole) }
      return "\(number)"
    }
    return trimmed.lowercased()
  }

  /// The text without spaces, tabs and no-break spaces at its ends.
  static func trimmed(_ text: String) -> String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar == " " || scalar == "\t" || scalar == "\u{A0}" || scalar == "\n" || scalar == "\r"
    }
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last, isSpace(first) || isSpace(last) else {
      return text
    }
    var view = scalars[...]
    while let first = view.first, isSpace(first) { view = view.dropFirst() }
    while let last = view.last, isSpace(last) { view = view.dropLast() }
    return String(view)
  }

  /// The value of a number as people write it; `nil` for other text.
  public static func number(_ text: String, decimal: DecimalSign) -> Double? {
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= 40,
      bytes.allSatisfy({
        $0 >= 0x30 && $0 <= 0x39 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
          || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "e")
          || $0 == UInt8(ascii: "E")
      })
    else { return nil }
    let written: String
    switch decimal {
    case .point: written = text
    case .comma:
      guard !text.contains(".") else { return nil }
      written = String(text.map { $0 == "," ? "." : $0 })
    }
    guard let number = Double(written), number.isFinite else { return nil }
    return number
  }
}

/// What stands before the fraction of a number.
public enum DecimalSign: String, Sendable, Codable {
  /// `0.5`.
  case point = "."
  /// `0,5`.
  case comma = ","
}

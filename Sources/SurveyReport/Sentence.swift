import SurveyStats

/// Prose that is computed: words, names from the data, and facts.
///
/// A sentence is written as an interpolated string. Numbers can enter it only as ``Fact`` values,
/// so that everything a report says in numbers is also in its table of facts:
///
/// ```swift
/// let sentence: Sentence = "\(.count("papers", 215)) papers were scanned."
/// ```
public struct Sentence: Sendable, Equatable {
  /// A part of a sentence.
  public enum Fragment: Sendable, Equatable {
    /// Words of the report itself; they hold no number.
    case words(String)
    /// Text from the data or the command line, which can hold anything.
    case name(String)
    /// A number.
    case fact(Fact)
  }

  /// The parts, in order.
  public var fragments: [Fragment]

  /// Creates a sentence from its parts.
  init(fragments: [Fragment] = []) {
    self.fragments = fragments
  }

  /// The sentence as plain text.
  public var text: String {
    fragments.reduce(into: "") { text, fragment in
      switch fragment {
      case .words(let part), .name(let part): text += part
      case .fact(let fact): text += fact.text
      }
    }
  }

  /// The numbers in the sentence.
  public var facts: [Fact] {
    fragments.compactMap { if case .fact(let fact) = $0 { fact } else { nil } }
  }

  /// Whether there is nothing in the sentence.
  public var isEmpty: Bool { fragments.isEmpty }

  /// Two sentences, one after the other.
  public static func + (left: Sentence, right: Sentence) -> Sentence {
    Sentence(fragments: left.fragments + right.fragments)
  }

  /// Sentences with a space between each two.
  static func paragraph(_ sentences: [Sentence]) -> Sentence {
    sentences.enumerated().reduce(into: Sentence()) { whole, next in
      if next.offset > 0 { whole.fragments.append(.words(" ")) }
      whole.fragments += next.element.fragments
    }
  }

  /// Sentences in which the level of intervals in brackets is said once, in the first: `(95% interval 12–20%)`, then
  /// `(12–20%)`.
  static func sayingLevelOnce(_ sentences: [Sentence]) -> [Sentence] {
    let announcement = " interval "
    var isSaid = false
    return sentences.map { sentence in
      var kept: [Fragment] = []
      var place = 0
      let fragments = sentence.fragments
      while place < fragments.count {
        if case .fact(let fact) = fragments[place], fact.term == Fact.level(0).term,
          case .words(let before)? = kept.last, before.hasSuffix("("), place + 1 < fragments.count,
          case .words(let after) = fragments[place + 1], after.hasPrefix(announcement)
        {
          if isSaid {
            let rest = String(after.dropFirst(announcement.count))
            if !rest.isEmpty { kept.append(.words(rest)) }
            place += 2
            continue
          }
          isSaid = true
        }
        kept.append(fragments[place])
        place += 1
      }
      return Sentence(fragments: kept)
    }
  }

  /// The sentence with all shares and points in the fewest decimals that any of them has.
  ///
  /// It stays as it is where a number that is neither nothing nor all would then read so.
  var inOnePrecision: Sentence {
    let digits = facts.compactMap(\.percentDigits)
    guard let fewest = digits.min(), digits.contains(where: { $0 > fewest }) else { return self }
    var result = self
    for (place, fragment) in fragments.enumerated() {
      guard case .fact(let fact) = fragment, fact.percentDigits.map({ $0 > fewest }) == true else {
        continue
      }
      guard let rounded = fact.percent(digits: fewest) else { return self }
      // `1.0 points`, but not `1 points`.
      if place + 1 < fragments.count, case .words(let next) = fragments[place + 1],
        next.hasPrefix(" points"), ["1", "−1"].contains(rounded.text)
      {
        return self
      }
      result.fragments[place] = .fact(rounded)
    }
    return result
  }

  /// The phrases that there are.
  static func some(_ phrases: Sentence?...) -> [Sentence] { phrases.compactMap { $0 } }

  /// Several phrases as an enumeration: `a, b and c`.
  public static func list(_ phrases: [Sentence], conjunction: String = "and") -> Sentence {
    var result = Sentence()
    for (index, phrase) in phrases.enumerated() {
      if index > 0 {
        let isLast = index == phrases.count - 1
        result.fragments.append(.words(isLast ? " \(conjunction) " : ", "))
      }
      result.fragments += phrase.fragments
    }
    return result
  }
}

extension Sentence: ExpressibleByStringInterpolation {
  /// Collects the parts of an interpolated string.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var fragments: [Fragment] = []

    /// Starts without any part.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Appends words.
    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { fragments.append(.words(literal)) }
    }

    /// Appends a number.
    public mutating func appendInterpolation(_ fact: Fact) { fragments.append(.fact(fact)) }

    /// Appends text from the data.
    public mutating func appendInterpolation(name: String) { fragments.append(.name(name)) }

    /// Appends words that the report chose.
    public mutating func appendInterpolation(words: String) { appendLiteral(words) }

    /// Appends a phrase.
    public mutating func appendInterpolation(_ phrase: Sentence) {
      fragments += phrase.fragments
    }
  }

  /// Creates a sentence without numbers.
  public init(stringLiteral value: String) {
    self.init(fragments: value.isEmpty ? [] : [.words(value)])
  }

  /// Creates a sentence from an interpolated string.
  public init(stringInterpolation: StringInterpolation) {
    self.init(fragments: stringInterpolation.fragments)
  }
}

import SurveyStats

/// Random damage to the text of a scan, to test what reads scans.
///
/// A mutant has one to four kinds of damage. One half of all mutants have damage of any kind: a
/// flipped bit, an exchanged byte, a cut end, a part removed or repeated elsewhere, a word or a piece
/// of JSON put in, deep nesting, or a part of a second text; hardly any of them is JSON still. The
/// other half mostly is, but has members that are exchanged, renamed, removed or repeated. Mutant n
/// is a function of the texts, the seed and n alone.
public struct ScanMutation: Sendable, Equatable {
  /// The seed.
  public let seed: UInt64
  /// Keeps the random numbers of mutants apart from those of other uses of the same seed.
  private static let substream: UInt64 = 0x6D75_7461_6E74

  /// Creates the mutations of a seed.
  public init(seed: UInt64) { self.seed = seed }

  /// The text with damage.
  ///
  /// - Parameters:
  ///   - number: the number of the mutant, not negative.
  ///   - text: the text to damage.
  ///   - donor: the text that parts are taken from; the text itself if it is `nil` or empty.
  public func mutant(_ number: Int, of text: [UInt8], donor: [UInt8]? = nil) -> [UInt8] {
    var stream = RandomStream(seed: seed, stream: UInt64(number), substream: Self.substream)
    var bytes = text
    let keepsSyntax = stream.index(below: 2) == 0
    for _ in 0...stream.index(below: 4) where !bytes.isEmpty {
      if keepsSyntax {
        Self.changeMember(of: &bytes, donor: donor ?? text, from: &stream)
      } else {
        Self.damage(&bytes, donor: donor ?? text, from: &stream)
      }
    }
    return bytes
  }

  /// A `"key": value` of JSON text, by the places of its parts.
  private struct Member {
    let key: Range<Int>
    let value: Range<Int>

    /// The first member whose colon is not before a place; nil without one.
    init?(after place: Int, in bytes: [UInt8]) {
      let quote = UInt8(ascii: "\"")
      guard place < bytes.count,
        let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")),
        let keyEnd = bytes[..<colon].lastIndex(of: quote),
        let keyStart = bytes[..<keyEnd].lastIndex(of: quote)
      else { return nil }
      key = keyStart..<keyEnd + 1
      var end = colon + 1
      var depth = 0
      var isInString = false
      scan: while end < bytes.count {
        switch bytes[end] {
        case UInt8(ascii: "\\") where isInString: end += 1
        case quote: isInString.toggle()
        case _ where isInString: break
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { break scan }
          depth -= 1
        case UInt8(ascii: ",") where depth == 0: break scan
        default: break
        }
        end += 1
      }
      value = colon + 1..<min(end, bytes.count)
    }
  }

  private static let values = [
    "true", "false", "null", "0", "1", "-1", "2025", "1e999", "99999999999999999999", "\"\"",
    "\"yes\"", "\"\\ud800\"", "\"\\u0000\"", "{}", "[]", "[true]",
    #"{"applies": true, "answer": true}"#, #"{"applies": false}"#,
  ].map { Array($0.utf8) }

  /// Changes a member of an object and leaves the rest as it is.
  private static func changeMember(
    of bytes: inout [UInt8], donor: [UInt8], from stream: inout RandomStream
  ) {
    guard let member = Member(after: stream.index(below: bytes.count), in: bytes) else { return }
    let other = donor.isEmpty ? nil : Member(after: stream.index(below: donor.count), in: donor)
    switch stream.index(below: 6) {
    case 0: bytes.replaceSubrange(member.value, with: values[stream.index(below: values.count)])
    case 1: if let other { bytes.replaceSubrange(member.value, with: donor[other.value]) }
    case 2: if let other { bytes.replaceSubrange(member.key, with: donor[other.key]) }
    case 3:
      let comma = bytes[member.value.upperBound...].first == UInt8(ascii: ",") ? 1 : 0
      bytes.removeSubrange(member.key.lowerBound..<member.value.upperBound + comma)
    case 4:
      let copy = bytes[member.key.lowerBound..<member.value.upperBound] + [UInt8(ascii: ",")]
      bytes.insert(contentsOf: copy, at: member.key.lowerBound)
    default:
      guard let other else { return }
      let copy = donor[other.key.lowerBound..<other.value.upperBound] + [UInt8(ascii: ",")]
      bytes.insert(contentsOf: copy, at: member.key.lowerBound)
    }
  }

  private static let tokens = [
    "{", "}", "[", "]", ":", ",", "\"", "\\", "true", "false", "null", "0", "-1", "1e999", "\"\"",
    "99999999999999999999", "\\ud800", "\\u0000", "{}", "[]", "\n", "\u{FEFF}", "\"applies\":",
    "\"sub_questions\":{", "\"paper\":",
  ].map { Array($0.utf8) }

  private static let words = [
    "true", "false", "null", "1", "applies", "answer", "\"\"", "{}", "-1e400",
  ].map { Array($0.utf8) }

  private static func damage(
    _ bytes: inout [UInt8], donor: [UInt8], from stream: inout RandomStream
  ) {
    let place = stream.index(below: bytes.count)
    let end = min(bytes.count, place + 1 + stream.index(below: 200))
    switch stream.index(below: 9) {
    case 0: bytes[place] ^= 1 << UInt8(stream.index(below: 8))
    case 1: bytes[place] = UInt8(stream.index(below: 256))
    case 2: bytes.removeLast(bytes.count - place)
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: bytes[place..<end], at: stream.index(below: bytes.count))
    case 5: replaceWord(after: place, in: &bytes, with: words[stream.index(below: words.count)])
    case 6: bytes.insert(contentsOf: tokens[stream.index(below: tokens.count)], at: place)
    case 7:
      let depth = 1 << stream.index(below: 14)
      let opening = Array((stream.index(below: 2) == 0 ? "[" : "{\"a\":").utf8)
      bytes.insert(contentsOf: repeatElement(opening, count: depth).joined(), at: place)
    default:
      let source = donor.isEmpty ? bytes : donor
      let start = stream.index(below: source.count)
      let stop = min(source.count, start + 1 + stream.index(below: 2_000))
      bytes.replaceSubrange(place..<end, with: source[start..<stop])
    }
  }

  /// Replaces the next run of letters and digits, so that the text often stays JSON.
  private static func replaceWord(after place: Int, in bytes: inout [UInt8], with word: [UInt8]) {
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard let start = bytes[place...].firstIndex(where: isWord) else { return }
    let end = bytes[start...].firstIndex { !isWord($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: word)
  }
}

/// How the bytes of a file stand for text.
public enum TextEncoding: String, Sendable, Codable, CaseIterable {
  /// UTF-8, with or without a byte order mark.
  case utf8 = "utf-8"
  /// UTF-16, low byte first.
  case utf16LittleEndian = "utf-16le"
  /// UTF-16, high byte first.
  case utf16BigEndian = "utf-16be"
  /// Western European, as older spreadsheets write it; ISO 8859-1 is read as this.
  case windows1252 = "windows-1252"

  /// The encoding of that name, common other names included; `utf-16` goes by its byte order mark.
  init?(name: String, of bytes: [UInt8] = []) {
    switch name.lowercased() {
    case "utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii": self = .utf8
    case "utf-16", "utf16", "unicode":
      self = Self.sniffed(bytes) == .utf16BigEndian ? .utf16BigEndian : .utf16LittleEndian
    case "utf-16le", "utf16le", "utf-16-le": self = .utf16LittleEndian
    case "utf-16be", "utf16be", "utf-16-be": self = .utf16BigEndian
    case "windows-1252", "cp1252", "latin1", "latin-1", "iso-8859-1", "iso8859-1", "iso-8859-15":
      self = .windows1252
    default: return nil
    }
  }

  /// The encoding that bytes seem to be in: by their mark, by zeros at every second place, by
  /// whether they are UTF-8; else Windows-1252.
  public static func sniffed(_ bytes: [UInt8]) -> TextEncoding {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
    if bytes.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    if bytes.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    let start = bytes.prefix(1024)
    let zeros = (
      even: start.indices.count { $0 % 2 == 0 && start[$0] == 0 },
      odd: start.indices.count { $0 % 2 == 1 && start[$0] == 0 }
    )
    if zeros.odd * 3 > start.count, zeros.even == 0 { return .utf16LittleEndian }
    if zeros.even * 3 > start.count, zeros.odd == 0 { return .utf16BigEndian }
    return validUTF8Count(bytes) == bytes.count ? .utf8 : .windows1252
  }

  /// The bytes as UTF-8 without a mark, and the places in the result of characters that could not be
  /// read and became U+FFFD.
  public func decode(_ bytes: [UInt8]) -> (utf8: [UInt8], faults: [Int]) {
    switch self {
    case .utf8:
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      if start == 0, Self.validUTF8Count(bytes) == bytes.count { return (bytes, []) }
      return Self.repaired(bytes[start...])
    case .utf16LittleEndian: return decode16(bytes, low: 0)
    case .utf16BigEndian: return decode16(bytes, low: 1)
    case .windows1252:
      var (text, faults): ([UInt8], [Int]) = ([], [])
      text.reserveCapacity(bytes.count + bytes.count / 8)
      for byte in bytes {
        if byte < 0x80 {
          text.append(byte)
        } else {
          let value = byte < 0xA0 ? Self.windows[Int(byte) - 0x80] : UInt16(byte)
          if value == 0xFFFD { faults.append(text.count) }
          Self.append(UInt32(value), to: &text)
        }
      }
      return (text, faults)
    }
  }

  private func decode16(_ bytes: [UInt8], low: Int) -> (utf8: [UInt8], faults: [Int]) {
    var (text, faults): ([UInt8], [Int]) = ([], [])
    text.reserveCapacity(bytes.count)
    func unit(_ index: Int) -> UInt32 {
      UInt32(bytes[index + low]) | UInt32(bytes[index + 1 - low]) << 8
    }
    var index = 0
    if bytes.count >= 2, unit(0) == 0xFEFF { index = 2 }
    while index + 1 < bytes.count {
      var value = unit(index)
      index += 2
      if value & 0xF800 == 0xD800 {
        if value < 0xDC00, index + 1 < bytes.count, unit(index) & 0xFC00 == 0xDC00 {
          value = 0x10000 + (value & 0x3FF) << 10 + (unit(index) & 0x3FF)
          index += 2
        } else {
          value = 0xFFFD
          faults.append(text.count)
        }
      }
      Self.append(value, to: &text)
    }
    if index < bytes.count {
      faults.append(text.count)
      Self.append(0xFFFD, to: &text)
    }
    return (text, faults)
  }

  private static func append(_ value: UInt32, to text: inout [UInt8]) {
    guard value >= 0x80 else { return text.append(UInt8(value)) }
    if value < 0x800 {
      text.append(UInt8(0xC0 | value >> 6))
    } else {
      if value < 0x10000 {
        text.append(UInt8(0xE0 | value >> 12))
      } else {
        text.append(UInt8(0xF0 | value >> 18))
        text.append(UInt8(0x80 | value >> 12 & 0x3F))
      }
      text.append(UInt8(0x80 | value >> 6 & 0x3F))
    }
    text.append(UInt8(0x80 | value & 0x3F))
  }

  private static func repaired(_ bytes: ArraySlice<UInt8>) -> (utf8: [UInt8], faults: [Int]) {
    var (text, faults): ([UInt8], [Int]) = ([], [])
    text.reserveCapacity(bytes.count)
    var rest = bytes
    while !rest.isEmpty {
      let valid = validUTF8Count(Array(rest))
      text += rest.prefix(valid)
      rest = rest.dropFirst(valid)
      guard !rest.isEmpty else { break }
      // After many faults the text is no text: the rest is counted as one.
      guard faults.count < 100 else {
        faults.append(text.count)
        append(0xFFFD, to: &text)
        text += rest.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
        break
      }
      faults.append(text.count)
      append(0xFFFD, to: &text)
      rest = rest.dropFirst()
    }
    return (text, faults)
  }

  private static func validUTF8Count(_ bytes: [UInt8]) -> Int {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return bytes.count
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  private static let windows: [UInt16] = [
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
  ]
}

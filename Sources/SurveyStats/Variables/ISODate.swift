/// A day or month as ISO 8601 writes it: `2025-03-01`, `2025-03`, or a time `2025-03-01T12:30:00Z`.
///
/// In formulas a date is a number, years with a fraction: the middle of 2025 is 2025.5. A month
/// counts from its first day. What follows the minutes of a time, and its zone, is not looked at.
public struct ISODate: Sendable, Equatable {
  /// The year.
  public let year: Int
  /// The day of the year, from 0, with a fraction for the time of the day.
  let day: Double

  /// Reads a date; `nil` when it is none.
  init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count, bytes[range].allSatisfy(\.isASCIIDigit) else {
        return nil
      }
      return bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    guard bytes.count >= 7, bytes[4] == UInt8(ascii: "-"), let year = number(0..<4),
      let month = number(5..<7), (1...12).contains(month)
    else { return nil }
    let lengths = [31, Self.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    self.year = year
    let before = lengths.prefix(month - 1).reduce(0, +)
    if bytes.count == 7 {
      day = Double(before)
      return
    }
    guard bytes.count >= 10, bytes[7] == UInt8(ascii: "-"), let ofMonth = number(8..<10),
      (1...lengths[month - 1]).contains(ofMonth)
    else { return nil }
    var fraction = 0.0
    if bytes.count > 10 {
      guard bytes.count >= 16, [UInt8(ascii: "T"), UInt8(ascii: " ")].contains(bytes[10]),
        let hour = number(11..<13), bytes[13] == UInt8(ascii: ":"), let minute = number(14..<16),
        hour < 24, minute < 60
      else { return nil }
      fraction = (Double(hour) + Double(minute) / 60) / 24
    }
    day = Double(before + ofMonth - 1) + fraction
  }

  /// The date in years, with a fraction.
  public var years: Double { Double(year) + day / (Self.isLeap(year) ? 366 : 365) }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }
}

/// The spellings of numbers in tables, independent of any locale.
///
/// Machine formats use ``shortest(_:)``, which reads back exactly. The other spellings are for
/// people. They round the shortest decimal half away from zero, so a rounded number always agrees
/// with the one in the CSV rounded by hand (0.15 to one digit is 0.2, though the binary value is a
/// little below), and never write a negative zero. NaN is `NA`; infinities are `Inf` and `-Inf`.
public enum NumberFormat {
  /// The spelling of an undefined value.
  public static let undefined = "NA"

  /// The fewest digits that read back as exactly this number: `0.1`, `3`, `1e-05`, `1e+16`.
  ///
  /// An exponent appears only below 0.0001 and above 2⁵³, as Swift, R and Python do.
  public static func shortest(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.append(shortest: value)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The number with exactly that many decimals.
  public static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return shortest(value) }
    return DecimalDigits(value).fixed(digits: max(0, digits))
  }

  /// A whole number with commas between thousands: `1,000`.
  public static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A share of one as percent: 0.586 is `58.6%`.
  public static func percent(_ share: Double, digits: Int = 1) -> String {
    share.isFinite ? percentNumber(share, digits: digits) + "%" : shortest(share)
  }

  /// A p-value with a fixed number of decimals, or `<0.001` when it is below the last of them.
  public static func pValue(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return shortest(value) }
    let smallest = "0." + String(repeating: "0", count: max(1, digits) - 1) + "1"
    if let limit = Double(smallest), value < limit { return "<\(smallest)" }
    return fixed(value, digits: max(1, digits))
  }

  /// The limits of an interval, already spelled: `(54.1–63.0)`.
  ///
  /// With a negative limit the dash would mislead, and the interval reads `(-0.3 to 0.1)`.
  public static func interval(_ low: String, _ high: String) -> String {
    let isSigned = low.utf8.first == UInt8(ascii: "-") || high.utf8.first == UInt8(ascii: "-")
    return isSigned ? "(\(low) to \(high))" : "(\(low)–\(high))"
  }

  /// A number for people: fixed decimals, but in scientific notation where these would hide it.
  ///
  /// That is when a number other than zero would read as zero, or is 10¹⁵ and above.
  public static func readable(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return shortest(value) }
    let decimal = DecimalDigits(value)
    let isHidden = decimal.isZero(digits: max(0, digits)) && !decimal.digits.isEmpty
    if isHidden || decimal.point > 15 { return decimal.scientific(digits: max(1, digits)) }
    return decimal.fixed(digits: max(0, digits))
  }

  /// A share as percent without the sign.
  static func percentNumber(_ share: Double, digits: Int) -> String {
    guard share.isFinite else { return shortest(share) }
    var decimal = DecimalDigits(share)
    decimal.point += 2
    return decimal.fixed(digits: max(0, digits))
  }
}

/// The shortest decimal of a finite number: 0.d₁d₂d₃… × 10^point.
private struct DecimalDigits {
  /// Whether the number is below zero.
  var isNegative = false
  /// The digits without leading or trailing zeros; none for zero.
  var digits: [UInt8] = []
  /// Where the decimal point is, counted from before the first digit.
  var point = 0

  init(_ value: Double) {
    let parts = value.description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    var hasPoint = false
    for byte in parts[0].utf8 {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): hasPoint = true
      default:
        digits.append(byte - UInt8(ascii: "0"))
        if !hasPoint { point += 1 }
      }
    }
    let leadingZeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leadingZeros)
    while digits.last == 0 { digits.removeLast() }
    point = digits.isEmpty ? 0 : point - leadingZeros + exponent
  }

  /// The decimal cut to so many digits, the last rounded half away from zero.
  private func rounded(keeping count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      return result
    }
    result.digits.removeLast(digits.count - count)
    guard digits[count] >= 5 else { return result }
    while let last = result.digits.popLast() {
      if last < 9 {
        result.digits.append(last + 1)
        return result
      }
    }
    result.digits = [1]
    result.point += 1
    return result
  }

  /// Whether so many decimals are all zeros.
  func isZero(digits decimals: Int) -> Bool {
    rounded(keeping: point + decimals).digits.isEmpty
  }

  func fixed(digits decimals: Int) -> String {
    let rounded = rounded(keeping: point + decimals)
    func digit(_ index: Int) -> Character {
      let value = rounded.digits.indices.contains(index) ? rounded.digits[index] : 0
      return Character(UnicodeScalar(value + UInt8(ascii: "0")))
    }
    let isZero = rounded.digits.isEmpty
    var text = isNegative && !isZero ? "-" : ""
    if rounded.point > 0 && !isZero {
      for index in 0..<rounded.point { text.append(digit(index)) }
    } else {
      text.append("0")
    }
    guard decimals > 0 else { return text }
    text.append(".")
    for index in rounded.point..<rounded.point + decimals { text.append(digit(index)) }
    return text
  }

  func scientific(digits count: Int) -> String {
    var mantissa = rounded(keeping: count)
    let exponent = mantissa.point - 1
    mantissa.point = 1
    let sign = exponent < 0 ? "-" : "+"
    let power = String(abs(exponent))
    return mantissa.fixed(digits: count - 1) + "e" + sign + (power.utf8.count < 2 ? "0" : "")
      + power
  }
}

extension NumberFormat {
  /// The decimals with which all of several shares in percent can be told from none and from all.
  ///
  /// None, or one where a share would read as 0% or 100% and is not.
  public static func shareDigits(_ shares: [Double]) -> Int {
    shares.allSatisfy { $0 == 0 || $0 == 1 || (0.005..<0.995).contains($0) } ? 0 : 1
  }
}

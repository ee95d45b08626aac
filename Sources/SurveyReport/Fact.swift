import SurveyStats

/// A number that a report states, under the name by which its tables publish it.
public struct Fact: Sendable, Equatable {
  /// The name, in snake case.
  public let term: String
  /// The value, unrounded; shares are fractions.
  public let value: Double
  /// The value as readers see it, with a minus sign.
  public let text: String

  /// Creates a fact from its spelling.
  public init(_ term: String, value: Double, text: String) {
    self.term = term
    self.value = value
    self.text = text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  /// A number of things: `1,000`.
  public static func count(_ term: String, _ value: Int) -> Fact {
    Fact(term, value: Double(value), text: NumberFormat.grouped(value))
  }

  /// A share of one, in percent: `58.6%`.
  public static func share(_ term: String, _ value: Double, digits: Int = 1) -> Fact {
    Fact(term, value: value, text: NumberFormat.percent(value, digits: digits))
  }

  /// A difference of shares, in percentage points: `47.7`.
  public static func points(_ term: String, _ value: Double, digits: Int = 1) -> Fact {
    Fact(
      term, value: value, text: NumberFormat.percent(value, digits: digits).replacing("%", with: "")
    )
  }

  /// A confidence level: `95%`.
  public static func level(_ value: Double) -> Fact {
    Fact(
      "conf_level", value: value,
      text: NumberFormat.shortest((value * 1e8).rounded() / 1e6) + "%")
  }

  /// The decimals of a share or of points, in percent; `nil` for any other number.
  var percentDigits: Int? {
    guard term != Self.level(0).term, value.isFinite else { return nil }
    let digits = text.replacing("%", with: "").replacing("−", with: "-")
    guard value != 0 || digits.contains(".") || text.hasSuffix("%") else { return nil }
    return (0...3).first {
      NumberFormat.percent(value, digits: $0).replacing("%", with: "") == digits
    }
  }

  /// The share or the points with other decimals; `nil` where what is not zero or all would read so.
  func percent(digits: Int) -> Fact? {
    let shown = NumberFormat.percent(value, digits: digits)
    let isEnd = [0, 1, -1].contains(value)
    guard
      isEnd || ![0, 1, -1].contains(where: { shown == NumberFormat.percent($0, digits: digits) })
    else { return nil }
    return Fact(
      term, value: value, text: text.hasSuffix("%") ? shown : shown.replacing("%", with: ""))
  }

  /// Any other number, with fixed decimals.
  public static func number(_ term: String, _ value: Double, digits: Int = 1) -> Fact {
    Fact(term, value: value, text: NumberFormat.fixed(value, digits: digits))
  }

  /// A year or another number that is a name: never with a comma.
  public static func label(_ term: String, _ value: Int) -> Fact {
    Fact(term, value: Double(value), text: String(value))
  }
}

extension NumberFormat {
  /// The decimals of shares in a sentence that ends with their difference: as many as that has.
  static func shareDigits(beside difference: Estimate) -> Int {
    guard let lower = difference.lower, let upper = difference.upper else { return 1 }
    return upper - lower < 0.2 ? 1 : 0
  }
}

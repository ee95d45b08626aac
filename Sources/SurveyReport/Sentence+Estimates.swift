public import SurveyStats

extension Sentence {
  /// A number of things with the word for them: `1 paper`, `2 papers`.
  public static func number(
    _ term: String, _ count: Int, of one: String, _ several: String
  ) -> Sentence {
    "\(.count(term, count)) \(words: count == 1 ? one : several)"
  }

  /// A number of papers: `1 paper`, `2 papers`.
  static func papers(_ count: Int, as term: String = "papers") -> Sentence {
    number(term, count, of: "paper", "papers")
  }

  /// A number of items: `1 item`, `2 items`.
  static func items(_ count: Int, as term: String = "items") -> Sentence {
    number(term, count, of: "item", "items")
  }

  /// A number of components: `no component`, `1 component`, `2 components`.
  static func components(_ count: Int, as term: String) -> Sentence {
    count == 0 ? "no component" : number(term, count, of: "component", "components")
  }

  /// A rate with its interval and n: `58.6% (95% interval 54.1–63.0%, n = 932)`.
  ///
  /// As in tables there are no decimals when the interval is 20 points wide or wider. n is the number of papers to
  /// which anything of the target applies.
  public static func rate(_ term: String, _ rate: Rate, level: Double) -> Sentence {
    estimate(
      term, rate.estimate ?? .nan, lower: rate.lower, upper: rate.upper, level: level,
      n: rate.paperCount)
  }

  /// A share with its interval and n.
  public static func estimate(
    _ term: String, _ value: Double, lower: Double?, upper: Double?, level: Double, n: Int?,
    unit: String = ""
  ) -> Sentence {
    let size: Sentence? = n.map { "n = \(.count("\(term).n", $0))\(words: unit)" }
    guard let lower, let upper else {
      return size.map { "\(.share(term, value)) (\($0))" } ?? "\(.share(term, value))"
    }
    let digits = upper - lower < 0.2 ? 1 : 0
    let low = Fact.points("\(term).conf_low", lower, digits: digits)
    let high = Fact.share("\(term).conf_high", upper, digits: digits)
    return """
      \(.share(term, value, digits: digits)) (\(.level(level)) interval \(low)–\(high)\
      \(size.map { ", \($0)" } ?? ""))
      """
  }

  /// A difference of shares with its interval: `47.7 points (95% interval 43.0 to 52.1)`.
  public static func difference(
    _ term: String, _ difference: Estimate, level: Double
  ) -> Sentence {
    let value = difference.value ?? .nan
    guard let lower = difference.lower, let upper = difference.upper else {
      return "\(.points(term, value)) points"
    }
    let digits = digits(of: lower, upper, scale: 100, least: upper - lower < 0.2 ? 1 : 0)
    let low = Fact.points("\(term).conf_low", lower, digits: digits)
    let high = Fact.points("\(term).conf_high", upper, digits: digits)
    let size = Fact.points(term, value, digits: digits)
    let unit = ["1", "−1"].contains(size.text) ? "point" : "points"
    return "\(size) \(words: unit) (\(.level(level)) interval \(low) to \(high))"
  }

  /// A number on the scale of scores with its interval: `51.0 (95% interval 49.5–52.4)`.
  public static func score(
    _ term: String, _ value: Double, lower: Double?, upper: Double?, level: Double
  ) -> Sentence {
    guard let lower, let upper else { return "\(.number(term, value))" }
    return """
      \(.number(term, value)) (\(.level(level)) interval \
      \(.number("\(term).conf_low", lower))\(words: lower < 0 ? " to " : "–")\
      \(.number("\(term).conf_high", upper)))
      """
  }

  /// A difference of scores with its interval: `2.0 points (95% interval -1.5 to 5.4)`.
  static func scoreDifference(
    _ term: String, _ difference: Estimate, level: Double
  ) -> Sentence {
    let value = difference.value ?? .nan
    guard let lower = difference.lower, let upper = difference.upper else {
      return "\(.number(term, value)) points"
    }
    let digits = digits(of: lower, upper, scale: 1, least: 1)
    return """
      \(.number(term, value, digits: digits)) points (\(.level(level)) interval \
      \(.number("\(term).conf_low", lower, digits: digits)) to \
      \(.number("\(term).conf_high", upper, digits: digits)))
      """
  }

  /// The decimals with which a limit that leaves out zero does not read as zero; at most three.
  private static func digits(
    of lower: Double, _ upper: Double, scale: Double, least: Int
  ) -> Int {
    let nearest = min(abs(lower), abs(upper)) * scale
    guard lower > 0 || upper < 0 else { return least }
    var digits = least
    var half = [0.5, 0.05, 0.005, 0.0005][least]
    while digits < 3, nearest < half {
      digits += 1
      half /= 10
    }
    return digits
  }
}

/// What an interval says about one half.
public enum Majority: String, Sendable {
  /// The whole interval lies above one half.
  case most = "more than half"
  /// The whole interval lies below one half.
  case few = "fewer than half"
  /// One half lies within the interval, or there is none.
  case unclear = "cannot tell"

  /// Reads an interval.
  public init(lower: Double?, upper: Double?) {
    if let lower, lower > 0.5 {
      self = .most
    } else if let upper, upper < 0.5 {
      self = .few
    } else {
      self = .unclear
    }
  }
}

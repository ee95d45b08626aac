public import SurveyStats

/// An estimate of a picture with its label, interval and size.
public struct EstimateRow: Sendable, Equatable {
  /// The label.
  public var label: String
  /// The estimate.
  public var estimate: Double
  /// The lower limit, if there is one.
  public var lower: Double?
  /// The upper limit, if there is one.
  public var upper: Double?
  /// What the estimate rests on, if it is written.
  public var count: Int?

  /// Creates a row.
  public init(
    label: String, estimate: Double, lower: Double?, upper: Double?, count: Int? = nil
  ) {
    self.label = label
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
    self.count = count
  }

  /// A rate; its n is the number of papers to which anything of it applies.
  public init(_ rate: Rate, label: String) {
    self.init(
      label: label, estimate: rate.estimate ?? 0, lower: rate.lower, upper: rate.upper,
      count: rate.paperCount)
  }

  /// The right end of what is drawn.
  var rightEnd: Double { max(upper ?? estimate, estimate) }
  /// The left end of what is drawn.
  var leftEnd: Double { min(lower ?? estimate, estimate) }
  /// Whether a number has room at the right.
  var endsEarly: Bool { rightEnd <= 0.8 || leftEnd < 0.2 && rightEnd <= 0.9 }
  /// The estimate in percent, with decimals where it would read as none or all.
  var percentText: String {
    NumberFormat.percent(estimate, digits: NumberFormat.shareDigits([estimate]))
  }

  /// Whether the row rests on fewer than so many.
  func isPale(below least: Int) -> Bool { count.map { $0 < least } ?? false }

  /// The values of the row for a layer, without those of its place.
  func values(palerBelow least: Int) -> VegaLiteValue {
    [
      "label": .text(label), "estimate": .number(estimate), "conf_low": VegaLiteValue(lower),
      "conf_high": VegaLiteValue(upper), "n": VegaLiteValue(count.map(Double.init)),
      "opacity": .number(isPale(below: least) ? 0.45 : 1),
    ]
  }

  /// What the rows rest on, written with separators; empty where it is not written.
  static func countTexts(_ rows: [EstimateRow]) -> [String] {
    rows.map { $0.count.map { NumberFormat.grouped($0) } ?? "" }
  }
}

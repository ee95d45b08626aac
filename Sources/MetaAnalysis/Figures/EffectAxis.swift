import RealModule
import SurveyFigures
import SurveyStats

/// The axis on which the effects of studies are drawn.
public enum EffectAxis: Sendable, Equatable {
  /// Shares of one, read as percent.
  case share
  /// Ratios, on a logarithmic axis.
  case ratio
  /// Any other number.
  case number

  /// What follows a number in prose.
  var unit: String { self == .share ? "%" : "" }

  /// How a number is written beside the plot.
  func text(_ value: Double) -> String {
    switch self {
    case .share: Theme.minus(NumberFormat.fixed(100 * value, digits: 1))
    case .ratio, .number: Theme.minus(NumberFormat.fixed(value, digits: 2))
    }
  }

  /// An estimate with its limits, as it is written beside the plot.
  func text(_ estimate: Double, _ lower: Double?, _ upper: Double?) -> String {
    guard let lower, let upper else { return text(estimate) }
    return "\(text(estimate)) [\(text(lower)), \(text(upper))]"
  }

  /// Ratios beyond are cut.
  private static let ratioLimits = (0.02, 50.0)

  /// The scale and the axis for effects and limits.
  func axis(
    of values: [Double], null: Double?, title: String, orient: String = "bottom"
  ) -> (scale: VegaLiteValue, axis: VegaLiteValue) {
    let shown = (values + (null.map { [$0] } ?? [])).filter(\.isFinite)
    var low = shown.min() ?? 0
    var high = shown.max() ?? 1
    var axis: VegaLiteValue = [
      "title": .text(title), "titleLimit": 320, "labelFlush": false, "orient": .text(orient),
    ]
    var scale: VegaLiteValue = ["nice": false, "clamp": true]
    switch self {
    case .share:
      let pad = max(0.02, 0.05 * (high - low))
      (low, high) = (max(0, low - pad), min(1, high + pad))
      axis["format"] = "~%"
      axis["tickCount"] = 5
    case .ratio:
      let (least, most) = Self.ratioLimits
      low = min(max(low, least), 0.8) * 0.9
      high = max(min(high, most), 1.25) * 1.1
      scale["type"] = "log"
      axis["values"] = .array(Self.ticks(low, high).map(VegaLiteValue.number))
      axis["format"] = ".6~g"
    case .number:
      let pad = high > low ? 0.05 * (high - low) : max(0.5, abs(high) * 0.5)
      (low, high) = (low - pad, high + pad)
      axis["tickCount"] = 5
      axis["format"] = ".6~g"
    }
    scale["domain"] = [.number(low), .number(high)]
    return (scale, axis)
  }

  /// Ratios that are marked: 1, 2 and 5 times powers of ten, fewer where these are many.
  static func ticks(_ low: Double, _ high: Double) -> [Double] {
    let fine = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
    let shown = fine.filter { $0 >= low && $0 <= high }
    return shown.count <= 6
      ? shown : [0.03, 0.1, 0.3, 1, 3, 10, 30].filter { $0 >= low && $0 <= high }
  }
}

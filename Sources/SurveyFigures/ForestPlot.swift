import SurveyStats

/// Effects with their intervals, one row each, with the numbers written to the right.
///
/// Odds ratios stand on a logarithmic axis with a rule at one, differences and slopes of shares on
/// a linear one with a rule at zero. Limits beyond the axis are cut at its ends; the numbers at the
/// right are not.
public struct ForestPlot: Sendable, Equatable {
  /// What the effects are.
  public enum Scale: Sendable, Equatable {
    /// Ratios, without effect at one.
    case ratio
    /// Differences of shares, without effect at zero.
    case difference
  }

  /// The rows, from top to bottom.
  public var rows: [EstimateRow]
  /// What the effects are.
  public var scale: Scale
  /// The title of the axis.
  var axisTitle: String

  /// Creates a plot.
  public init(rows: [EstimateRow], scale: Scale, axisTitle: String) {
    self.rows = rows
    self.scale = scale
    self.axisTitle = axisTitle
  }

  /// The smallest and largest ratio that an axis shows.
  private static let ratioLimits = (0.05, 20.0)

  /// Where the axis begins and ends: round numbers around all limits and the rule.
  private var domain: (low: Double, high: Double) {
    let ends = rows.flatMap { [$0.lower, $0.estimate, $0.upper].compactMap { $0 } }
      .filter(\.isFinite)
    switch scale {
    case .ratio:
      let (least, most) = Self.ratioLimits
      let inner = ends.map { min(max($0, least), most) }
      return (min(0.5, inner.min() ?? 1) * 0.9, max(2, inner.max() ?? 1) * 1.1)
    case .difference:
      let reach = max(0.01, ends.map(abs).max() ?? 0) * 1.05
      return (min(0, ends.min() ?? 0) < 0 ? -reach : 0, max(0, ends.max() ?? 0) > 0 ? reach : 0)
    }
  }

  /// The ticks of a logarithmic axis that lie on it: 1, 2 and 5 times the powers of ten, or fewer
  /// when these would be crowded.
  static func ticks(_ domain: (low: Double, high: Double)) -> [Double] {
    let fine = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]
    let coarse = [0.1, 0.3, 1, 3, 10]
    let shown = fine.filter { $0 >= domain.low && $0 <= domain.high }
    return shown.count <= 6
      ? shown : coarse.filter { $0 >= domain.low && $0 <= domain.high }
  }

  /// The effect with its limits in words, with the minus of the axis.
  private func numbers(_ row: EstimateRow) -> String {
    let text = { (value: Double) in
      let written =
        scale == .ratio
        ? NumberFormat.fixed(value, digits: 2) : NumberFormat.fixed(100 * value, digits: 1)
      return Theme.minus(written)
    }
    guard let lower = row.lower, let upper = row.upper else { return text(row.estimate) }
    return "\(text(row.estimate)) [\(text(lower)), \(text(upper))]"
  }

  /// The specification: a line for the interval, a square for the effect, the numbers, a rule where
  /// there is no effect.
  public var specification: VegaLite {
    let numbers = rows.map(numbers)
    let widest = numbers.map { FigureText.width($0, size: RowLayout.fontSize) }.max() ?? 0
    let layout = RowLayout(labels: rows.map(\.label), labelWidth: 120, rightWidth: widest + 10)
    let values = rows.indices.map { index in
      rows[index].values(palerBelow: 0).merging(layout.place(index))
        .merging(["numbers": .text(numbers[index])])
    }
    let (place, axis) = axis
    let y = RowLayout.vertical("y")
    return VegaLite(
      width: layout.plotWidth, height: layout.height, rows: values,
      layers: [
        [
          "mark": ["type": "rule", "strokeDash": [3, 3], "color": "currentColor", "opacity": 0.5],
          "encoding": ["x": ["datum": .number(scale == .ratio ? 1 : 0)]],
        ],
        [
          "mark": ["type": "rule", "color": .text(Theme.blue), "strokeWidth": 2],
          "encoding": [
            "y": y, "x": ["field": "conf_low", "type": "quantitative", "scale": place],
            "x2": ["field": "conf_high"],
          ],
        ],
        [
          "mark": [
            "type": "point", "filled": true, "shape": "square", "size": 36,
            "color": .text(Theme.blue), "opacity": 1,
          ],
          "encoding": [
            "y": y,
            "x": ["field": "estimate", "type": "quantitative", "scale": place, "axis": axis],
          ],
        ],
        [
          "mark": RowLayout.text(align: "right"),
          "encoding": [
            "y": y, "x": ["value": .number(layout.plotWidth + widest + 10)],
            "text": ["field": "numbers"],
          ],
        ],
        layout.labelLayer,
      ])
  }

  /// The scale and the axis of the effects.
  private var axis: (scale: VegaLiteValue, axis: VegaLiteValue) {
    let domain = domain
    var axis: VegaLiteValue = [
      "title": .text(axisTitle), "titleLimit": 200, "labelFlush": false,
    ]
    if rows.count > 20 { axis["orient"] = "top" }
    var place: VegaLiteValue = [
      "domain": [.number(domain.low), .number(domain.high)], "nice": false, "clamp": true,
    ]
    if scale == .ratio {
      place["type"] = "log"
      axis["values"] = .array(Self.ticks(domain).map(VegaLiteValue.number))
      axis["format"] = "~g"
    } else {
      axis["tickCount"] = 4
      axis["labelExpr"] = "datum.value == 0 ? '0' : format(100 * datum.value, '+~g')"
    }
    return (place, axis)
  }
}

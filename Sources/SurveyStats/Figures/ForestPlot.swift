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

  /// One row.
  public struct Row: Sendable, Equatable {
    /// The label.
    public var label: String
    /// The effect.
    public var estimate: Double
    /// The lower limit, if there is one.
    public var lower: Double?
    /// The upper limit, if there is one.
    public var upper: Double?

    /// Creates a row.
    public init(label: String, estimate: Double, lower: Double?, upper: Double?) {
      self.label = label
      self.estimate = estimate
      self.lower = lower
      self.upper = upper
    }
  }

  /// The rows, from top to bottom.
  public var rows: [Row]
  /// What the effects are.
  public var scale: Scale
  /// The title of the axis.
  public var axisTitle: String

  /// Creates a plot.
  public init(rows: [Row], scale: Scale, axisTitle: String) {
    self.rows = rows
    self.scale = scale
    self.axisTitle = axisTitle
  }

  /// The smallest and largest ratio that an axis shows.
  private static let ratioLimits = (0.05, 20.0)
  /// The width of the axis.
  private static let width = 100

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

  /// The ticks of a logarithmic axis that lie on it.
  private func ticks(_ domain: (low: Double, high: Double)) -> VegaLiteValue {
    let all = domain.high / domain.low > 20 ? [0.1, 1, 10] : [0.25, 0.5, 1, 2, 4, 8]
    return .array(all.filter { $0 >= domain.low && $0 <= domain.high }.map(VegaLiteValue.number))
  }

  /// The effect with its limits in words.
  private func numbers(_ row: Row) -> String {
    let text = { (value: Double) in
      scale == .ratio
        ? NumberFormat.fixed(value, digits: 2) : NumberFormat.fixed(100 * value, digits: 1)
    }
    guard let lower = row.lower, let upper = row.upper else { return text(row.estimate) }
    return "\(text(row.estimate)) [\(text(lower)), \(text(upper))]"
  }

  /// The specification: a line for the interval, a square for the effect, the numbers, a rule where
  /// there is no effect.
  public var specification: VegaLite {
    let labels = IntervalPlot.unique(rows.map(\.label))
    let domain = domain
    let values = zip(rows, labels).map { row, label -> VegaLiteValue in
      [
        "label": .text(label), "estimate": .number(row.estimate),
        "conf_low": VegaLiteValue(row.lower), "conf_high": VegaLiteValue(row.upper),
        "numbers": .text(numbers(row)),
      ]
    }
    let y: VegaLiteValue = [
      "field": "label", "type": "nominal", "sort": nil, "title": nil,
      "axis": [
        "grid": false, "ticks": false, "domain": false, "labelPadding": 6, "labelLimit": 205,
        "labelFontSize": 10,
      ],
    ]
    var axis: VegaLiteValue = ["title": .text(axisTitle), "titleLimit": 200]
    if rows.count > 20 { axis["orient"] = "top" }
    var place: VegaLiteValue = [
      "domain": [.number(domain.low), .number(domain.high)], "nice": false, "clamp": true,
    ]
    if scale == .ratio {
      place["type"] = "log"
      axis["values"] = ticks(domain)
      axis["format"] = "~g"
    } else {
      axis["tickCount"] = 4
      axis["labelExpr"] = "datum.value == 0 ? '0' : format(100 * datum.value, '+~g')"
    }
    let x: VegaLiteValue = [
      "field": "estimate", "type": "quantitative", "scale": place, "axis": axis,
    ]
    return VegaLite(
      width: Self.width, height: max(2, rows.count) * 15, rows: values,
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
          "encoding": ["y": y, "x": x],
        ],
        [
          "mark": ["type": "text", "align": "left", "fontSize": 10, "color": "currentColor"],
          "encoding": [
            "y": y, "x": ["value": .number(Double(Self.width) + 6)], "text": ["field": "numbers"],
          ],
        ],
      ])
  }
}

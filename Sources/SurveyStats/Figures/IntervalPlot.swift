/// Estimates with their intervals, one row each, on a common axis of shares.
public struct IntervalPlot: Sendable, Equatable {
  /// One row.
  public struct Row: Sendable, Equatable {
    /// The label.
    public var label: String
    /// The estimate.
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
  /// The title of the axis.
  public var axisTitle: String

  /// Creates a plot.
  public init(rows: [Row], axisTitle: String = "Share that passes") {
    self.rows = rows
    self.axisTitle = axisTitle
  }

  /// The specification: a line for the interval, a point for the estimate, a rule at one half.
  public var specification: VegaLite {
    let labels = Self.unique(rows.map(\.label))
    let values = zip(rows, labels).map { row, label -> VegaLiteValue in
      [
        "label": .text(label), "estimate": .number(row.estimate),
        "conf_low": VegaLiteValue(row.lower), "conf_high": VegaLiteValue(row.upper),
      ]
    }
    let y: VegaLiteValue = [
      "field": "label", "type": "nominal", "sort": nil, "title": nil,
      "axis": ["grid": false, "ticks": false, "domain": false, "labelPadding": 6],
    ]
    let isLong = rows.count > 20
    var axis = Theme.shareAxis(axisTitle)
    if isLong { axis["orient"] = "top" }
    return VegaLite(
      width: 190, height: max(2, rows.count) * 15, rows: values,
      layers: [
        [
          "mark": ["type": "rule", "strokeDash": [3, 3], "color": "currentColor", "opacity": 0.5],
          "encoding": ["x": ["datum": 0.5]],
        ],
        [
          "mark": ["type": "rule", "color": .text(Theme.blue), "strokeWidth": 3, "opacity": 0.55],
          "encoding": [
            "y": y, "x": ["field": "conf_low", "type": "quantitative"],
            "x2": ["field": "conf_high"],
          ],
        ],
        [
          "mark": [
            "type": "point", "filled": true, "size": 42, "color": .text(Theme.blue), "opacity": 1,
          ],
          "encoding": [
            "y": y,
            "x": [
              "field": "estimate", "type": "quantitative", "scale": Theme.shareScale, "axis": axis,
            ],
          ],
        ],
      ])
  }

  /// Labels that are safe to show and all different: a repeated one gets a number.
  static func unique(_ labels: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return labels.map { label in
      let shown = DisplayText.visible(label, foldingSpace: true)
      let count = (seen[shown] ?? 0) + 1
      seen[shown] = count
      return count == 1 ? shown : "\(shown) (\(count))"
    }
  }
}

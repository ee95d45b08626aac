import SurveyStats

/// Estimates along an axis of numbers, with their intervals as a band.
///
/// It serves the trend over years and the growth of a corpus.
public struct BandPlot: Sendable, Equatable {
  /// One estimate.
  public struct Point: Sendable, Equatable {
    /// The place on the axis.
    public var position: Double
    /// The estimate.
    public var estimate: Double
    /// The lower limit, if there is one.
    public var lower: Double?
    /// The upper limit, if there is one.
    public var upper: Double?

    /// Creates a point.
    public init(position: Double, estimate: Double, lower: Double?, upper: Double?) {
      self.position = position
      self.estimate = estimate
      self.lower = lower
      self.upper = upper
    }
  }

  /// The points, in ascending order.
  public var points: [Point]
  /// The title of the horizontal axis.
  var axisTitle: String
  /// Whether the axis shows whole years.
  var showsYears: Bool

  /// Creates a plot.
  public init(points: [Point], axisTitle: String, showsYears: Bool) {
    self.points = points
    self.axisTitle = axisTitle
    self.showsYears = showsYears
  }

  /// The specification: a band, a line, points.
  public var specification: VegaLite {
    let values = points.map { point -> VegaLiteValue in
      [
        "position": .number(point.position), "estimate": .number(point.estimate),
        "conf_low": VegaLiteValue(point.lower), "conf_high": VegaLiteValue(point.upper),
      ]
    }
    var axis: VegaLiteValue = ["title": .text(axisTitle), "grid": false, "labelFlush": false]
    if showsYears {
      axis["format"] = "d"
      axis["tickMinStep"] = 1
      axis["tickCount"] = .number(Double(min(8, max(1, points.count))))
    } else {
      axis["format"] = ",.0f"
      axis["tickCount"] = 5
    }
    let x: VegaLiteValue = [
      "field": "position", "type": "quantitative", "axis": axis,
      "scale": ["zero": .boolean(!showsYears), "nice": false, "padding": 10],
    ]
    let y: VegaLiteValue = [
      "field": "estimate", "type": "quantitative", "scale": Theme.shareScale,
      "axis": Theme.shareAxis("Share that passes", orient: "left"),
    ]
    return VegaLite(
      width: 322, height: 200, rows: values,
      layers: [
        [
          "mark": ["type": "area", "color": .text(Theme.blue), "opacity": 0.22],
          "encoding": [
            "x": x, "y": ["field": "conf_low", "type": "quantitative"],
            "y2": ["field": "conf_high"],
          ],
        ],
        [
          "mark": ["type": "rule", "color": .text(Theme.blue), "opacity": 0.45],
          "encoding": [
            "x": x, "y": ["field": "conf_low", "type": "quantitative"],
            "y2": ["field": "conf_high"],
          ],
        ],
        [
          "mark": ["type": "line", "color": .text(Theme.blue), "strokeWidth": 2],
          "encoding": ["x": x, "y": y],
        ],
        [
          "mark": [
            "type": "point", "filled": true, "size": 42, "color": .text(Theme.blue), "opacity": 1,
          ],
          "encoding": ["x": x, "y": y],
        ],
      ])
  }
}

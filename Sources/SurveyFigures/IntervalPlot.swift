import SurveyStats

/// Estimates with their intervals, one row each, on a common axis of shares.
public struct IntervalPlot: Sendable, Equatable {
  /// The rows, from top to bottom; those that rest on few are below the rest.
  public var rows: [EstimateRow]
  /// Rows that rest on fewer are drawn paler.
  public var least: Int
  /// The title of the axis.
  var axisTitle: String

  /// Creates a plot.
  public init(
    rows: [EstimateRow], least: Int = 0, axisTitle: String = "Share that passes"
  ) {
    self.rows = rows.filter { !$0.isPale(below: least) } + rows.filter { $0.isPale(below: least) }
    self.least = least
    self.axisTitle = axisTitle
  }

  /// The specification: a line for the interval, a point for the estimate with its number, a rule at one half,
  /// and n at the right.
  public var specification: VegaLite {
    let layout = RowLayout(
      labels: rows.map(\.label), labelWidth: 150,
      rightWidth: RowLayout.rightWidth(EstimateRow.countTexts(rows)))
    let values = rows.indices.map {
      rows[$0].values(palerBelow: least).merging(layout.place($0))
    }
    let isLong = rows.count > 20
    var axis = Theme.shareAxis(axisTitle)
    if isLong { axis["orient"] = "top" }
    let layers: [VegaLiteValue] = [
      [
        "mark": ["type": "rule", "strokeDash": [3, 3], "color": "currentColor", "opacity": 0.5],
        "encoding": ["x": ["datum": 0.5]],
      ],
      [
        "mark": ["type": "rule", "color": .text(Theme.sky), "strokeWidth": 3],
        "encoding": [
          "y": RowLayout.vertical("y"), "x": ["field": "conf_low", "type": "quantitative"],
          "x2": ["field": "conf_high"], "opacity": RowLayout.opacity,
        ],
      ],
      [
        "mark": ["type": "point", "filled": true, "size": 42, "color": .text(Theme.blue)],
        "encoding": [
          "y": RowLayout.vertical("y"), "opacity": RowLayout.opacity,
          "x": [
            "field": "estimate", "type": "quantitative", "scale": Theme.shareScale, "axis": axis,
          ],
        ],
      ],
      layout.labelLayer,
    ]
    return VegaLite(
      width: layout.plotWidth, height: layout.height, rows: values,
      layers: layers + RowLayout.numberLayers(rows, layout, rule: 0.5)
        + layout.countLayers(rows, least: least, isOnTop: isLong))
  }
}

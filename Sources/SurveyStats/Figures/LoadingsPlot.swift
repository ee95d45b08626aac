/// The loadings of items on a few components, as a heat map.
public struct LoadingsPlot: Sendable, Equatable {
  /// The labels of the items, from top to bottom.
  public var labels: [String]
  /// The loadings of each item, component by component.
  public var loadings: [[Double]]
  /// Loadings of a smaller size are coloured, but not written.
  public var cut: Double
  /// What the columns are.
  public var axisTitle: String

  /// Creates a plot.
  public init(
    labels: [String], loadings: [[Double]], cut: Double = 0, axisTitle: String = "Component"
  ) {
    self.labels = labels
    self.loadings = loadings
    self.cut = cut
    self.axisTitle = axisTitle
  }

  /// The specification: a square a loading with its number.
  public var specification: VegaLite {
    let shown = IntervalPlot.unique(labels)
    let rows = zip(shown, loadings).flatMap { label, values in
      values.enumerated().map { index, value -> VegaLiteValue in
        [
          "label": .text(label), "component": .number(Double(index + 1)), "loading": .number(value),
          "text": .text(abs(value) < cut ? "" : NumberFormat.fixed(value, digits: 2)),
        ]
      }
    }
    let x: VegaLiteValue = [
      "field": "component", "type": "ordinal",
      "axis": ["title": .text(axisTitle), "orient": "top", "labelAngle": 0, "format": "d"],
    ]
    let y: VegaLiteValue = [
      "field": "label", "type": "nominal", "sort": nil, "title": nil,
      "axis": [
        "grid": false, "ticks": false, "domain": false, "labelFontSize": 10, "labelLimit": 215,
      ],
    ]
    return VegaLite(
      width: 190, height: max(2, shown.count) * 15, rows: rows,
      layers: [
        [
          "mark": ["type": "rect"],
          "encoding": [
            "x": x, "y": y,
            "color": [
              "field": "loading", "type": "quantitative", "legend": nil,
              "scale": ["domain": [-1, 0, 1], "range": ["#E66100", "#F2F2F2", "#0060A8"]],
            ],
          ],
        ],
        [
          "mark": ["type": "text", "fontSize": 10],
          "encoding": [
            "x": x, "y": y, "text": ["field": "text"],
            "color": [
              "condition": ["test": "datum.loading > 0.75", "value": "#FFFFFF"],
              "value": "#1B1B1B",
            ],
          ],
        ],
      ])
  }
}

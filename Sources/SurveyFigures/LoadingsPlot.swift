import SurveyStats

/// The loadings of items on a few components, as a heat map.
public struct LoadingsPlot: Sendable, Equatable {
  /// The labels of the items, from top to bottom.
  public var labels: [String]
  /// The loadings of each item, component by component.
  public var loadings: [[Double]]
  /// Loadings of a smaller size are coloured, but not written.
  public var cut: Double
  /// What the columns are.
  var axisTitle: String

  /// Creates a plot.
  public init(
    labels: [String], loadings: [[Double]], cut: Double = 0, axisTitle: String = "Component"
  ) {
    self.labels = labels
    self.loadings = loadings
    self.cut = cut
    self.axisTitle = axisTitle
  }

  /// The specification: a rectangle a loading with its number.
  public var specification: VegaLite {
    let layout = RowLayout(labels: labels, labelWidth: 150, rightWidth: 0)
    let shown = RowLayout.unique(labels)
    let rows = loadings.indices.flatMap { row in
      loadings[row].enumerated().map { index, value -> VegaLiteValue in
        let text = abs(value) < cut ? "" : Theme.minus(NumberFormat.fixed(value, digits: 2))
        return layout.place(row).merging([
          "label": .text(shown[row]), "component": .number(Double(index + 1)),
          "loading": .number(value), "text": .text(text),
        ])
      }
    }
    let x: VegaLiteValue = [
      "field": "component", "type": "ordinal",
      "axis": ["title": .text(axisTitle), "orient": "top", "labelAngle": 0, "format": "d"],
    ]
    return VegaLite(
      width: layout.plotWidth, height: layout.height, rows: rows,
      layers: [
        [
          "mark": ["type": "rect"],
          "encoding": [
            "x": x, "y": RowLayout.vertical("top"), "y2": ["field": "bottom"],
            "color": [
              "field": "loading", "type": "quantitative", "legend": nil,
              "scale": Theme.divergingScale(reach: 1),
            ],
          ],
        ],
        [
          "mark": ["type": "text", "fontSize": 10],
          "encoding": [
            "x": x, "y": RowLayout.vertical("y"), "text": ["field": "text"],
            "color": [
              "condition": ["test": "datum.loading > 0.75", "value": "#FFFFFF"],
              "value": "#1B1B1B",
            ],
          ],
        ],
        layout.labelLayer,
      ])
  }
}

/// A square of coefficients between -1 and 1, in the order of clusters.
public struct CorrelationHeatmap: Sendable, Equatable {
  /// The labels, in order.
  public var labels: [String]
  /// The coefficients, row by row; `nil` where there is none.
  public var values: [[Double?]]

  /// Creates a heat map.
  public init(labels: [String], values: [[Double?]]) {
    self.labels = labels
    self.values = values
  }

  /// The specification: the lower triangle, blue for positive and orange for negative; small squares
  /// have their numbers written in.
  public var specification: VegaLite {
    let shown = IntervalPlot.unique(labels)
    var rows: [VegaLiteValue] = []
    for row in shown.indices {
      for column in 0..<row {
        guard let value = values[row][column] else { continue }
        rows.append([
          "a": .text(shown[column]), "b": .text(shown[row]), "r": .number(value),
          "text": .text(
            NumberFormat.fixed(value, digits: 1).replacing("0.", with: ".")
              .replacing("-.0", with: ".0")),
        ])
      }
    }
    let isLarge = shown.count > 20
    let axis: VegaLiteValue = [
      "grid": false, "ticks": false, "domain": false, "title": nil,
      "labelLimit": .number(isLarge ? 180 : 150),
      "labelFontSize": .number(isLarge ? 9 : 10), "labelOverlap": false,
    ]
    let x: VegaLiteValue = [
      "field": "a", "type": "nominal", "sort": VegaLiteValue(shown),
      "scale": ["domain": VegaLiteValue(Array(shown.dropLast()))],
      "axis": axis.merging(["labelAngle": -90, "labels": .boolean(!isLarge)]),
    ]
    let y: VegaLiteValue = [
      "field": "b", "type": "nominal", "sort": VegaLiteValue(shown),
      "scale": ["domain": VegaLiteValue(Array(shown.dropFirst()))], "axis": axis,
    ]
    var layers: [VegaLiteValue] = [
      [
        "mark": ["type": "rect"],
        "encoding": [
          "x": x, "y": y,
          "color": [
            "field": "r", "type": "quantitative",
            "scale": ["domain": [-1, 0, 1], "range": ["#E66100", "#F2F2F2", "#0060A8"]],
            "legend": ["orient": "top", "title": "coefficient", "gradientLength": 150],
          ],
        ],
      ]
    ]
    if shown.count <= 14 {
      layers.append([
        "mark": ["type": "text", "fontSize": 9],
        "encoding": [
          "x": x, "y": y, "text": ["field": "text"],
          "color": [
            "condition": ["test": "datum.r > 0.75", "value": "#FFFFFF"], "value": "#1B1B1B",
          ],
        ],
      ])
    }
    return VegaLite(
      width: 230, height: isLarge ? shown.count * 10 : 230, rows: rows, layers: layers)
  }
}

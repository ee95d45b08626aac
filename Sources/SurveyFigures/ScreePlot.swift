import SurveyStats

/// Eigenvalues from the largest down, against those of data without structure.
public struct ScreePlot: Sendable, Equatable {
  /// The eigenvalues.
  public var eigenvalues: [Double]
  /// The eigenvalues that chance gives.
  public var reference: [Double]

  /// Creates a plot.
  public init(eigenvalues: [Double], reference: [Double]) {
    self.eigenvalues = eigenvalues
    self.reference = reference
  }

  /// The specification: two lines that differ in colour, dash and shape.
  public var specification: VegaLite {
    let series = [("data", eigenvalues), ("chance", reference)]
    let rows = series.flatMap { name, values in
      values.prefix(20).enumerated().map { index, value -> VegaLiteValue in
        [
          "component": .number(Double(index + 1)), "eigenvalue": .number(value),
          "series": .text(name),
        ]
      }
    }
    let encoding: VegaLiteValue = [
      "x": [
        "field": "component", "type": "quantitative",
        "axis": ["title": "Component", "grid": false, "format": "d", "tickMinStep": 1],
        "scale": ["zero": false, "nice": false, "padding": 8],
      ],
      "y": ["field": "eigenvalue", "type": "quantitative", "axis": ["title": "Eigenvalue"]],
      "color": [
        "field": "series", "type": "nominal", "sort": nil,
        "scale": ["range": [.text(Theme.blue), .text(Theme.orange)]],
        "legend": ["symbolType": "stroke", "symbolSize": 250, "symbolStrokeWidth": 2],
      ],
    ]
    return VegaLite(
      width: 325, height: 200, rows: rows,
      layers: [
        [
          "mark": [
            "type": "line", "strokeWidth": 2, "point": ["filled": true, "size": 40, "opacity": 1],
          ],
          "encoding": encoding.merging([
            "strokeDash": ["field": "series", "type": "nominal", "sort": nil]
          ]),
        ]
      ])
  }
}

import SurveyStats

/// Two shares of the same papers, one below the other, pair by pair.
public struct PairPlot: Sendable, Equatable {
  /// One pair.
  public struct Row: Sendable, Equatable {
    /// The share above.
    public var first: EstimateRow
    /// The share below.
    public var second: EstimateRow

    /// Creates a pair.
    public init(first: EstimateRow, second: EstimateRow) {
      self.first = first
      self.second = second
    }
  }

  /// The pairs, from top to bottom.
  public var rows: [Row]
  /// Shares that rest on fewer are drawn paler.
  public var least: Int
  /// What the first shares are called.
  var firstName: String
  /// What the second shares are called.
  var secondName: String

  /// Creates a plot.
  public init(rows: [Row], least: Int = 0, firstName: String, secondName: String) {
    self.rows = rows
    self.least = least
    self.firstName = firstName
    self.secondName = secondName
  }

  /// The specification: two points that differ in colour and shape, each with its interval and number,
  /// on lines of their own with n at the right, and a line between them.
  public var specification: VegaLite {
    let all = rows.flatMap { [$0.first, $0.second] }
    let layout = RowLayout(
      labels: all.map(\.label), labelWidth: 150,
      rightWidth: RowLayout.rightWidth(EstimateRow.countTexts(all)), groupSize: 2)
    let values = all.indices.map { index in
      all[index].values(palerBelow: least).merging(layout.place(index))
        .merging(["kind": .text(index % 2 == 0 ? firstName : secondName)])
    }
    let kind: VegaLiteValue = ["field": "kind", "type": "nominal", "sort": nil]
    let color = kind.merging(["scale": ["range": [.text(Theme.blue), .text(Theme.orange)]]])
    let layers: [VegaLiteValue] = [
      connections(layout),
      [
        "mark": ["type": "rule", "strokeWidth": 2],
        "encoding": [
          "y": RowLayout.vertical("y"), "x": ["field": "conf_low", "type": "quantitative"],
          "x2": ["field": "conf_high"], "stroke": color.merging(["legend": nil]),
          "opacity": RowLayout.opacity,
        ],
      ],
      [
        "mark": ["type": "point", "filled": true, "size": 60],
        "encoding": [
          "y": RowLayout.vertical("y"), "color": color, "shape": kind,
          "opacity": RowLayout.opacity,
          "x": [
            "field": "estimate", "type": "quantitative", "scale": Theme.shareScale,
            "axis": Theme.shareAxis("Share that passes"),
          ],
        ],
      ],
      layout.labelLayer,
    ]
    return VegaLite(
      width: layout.plotWidth, height: layout.height, rows: values,
      layers: layers + RowLayout.numberLayers(all, layout)
        + layout.countLayers(all, least: least, isOnTop: false))
  }

  /// The lines between the points of the pairs.
  private func connections(_ layout: RowLayout) -> VegaLiteValue {
    let values = rows.enumerated().map { index, row -> VegaLiteValue in
      [
        "from": .number(row.first.estimate), "to": .number(row.second.estimate),
        "y": .number(layout.centers[2 * index]), "y2": .number(layout.centers[2 * index + 1]),
      ]
    }
    return [
      "data": ["values": .array(values)],
      "mark": ["type": "rule", "color": .text(Theme.grey), "opacity": 0.6],
      "encoding": [
        "x": ["field": "from", "type": "quantitative"], "x2": ["field": "to"],
        "y": RowLayout.vertical("y"), "y2": ["field": "y2"],
      ],
    ]
  }
}

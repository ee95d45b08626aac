/// Two shares of the same papers side by side, pair by pair.
public struct PairPlot: Sendable, Equatable {
  /// One pair.
  public struct Row: Sendable, Equatable {
    /// The label of the pair.
    public var label: String
    /// The first share.
    public var first: Double
    /// The second share.
    public var second: Double

    /// Creates a pair.
    public init(label: String, first: Double, second: Double) {
      self.label = label
      self.first = first
      self.second = second
    }
  }

  /// The pairs, from top to bottom.
  public var rows: [Row]
  /// What the first shares are called.
  public var firstName: String
  /// What the second shares are called.
  public var secondName: String

  /// Creates a plot.
  public init(rows: [Row], firstName: String, secondName: String) {
    self.rows = rows
    self.firstName = firstName
    self.secondName = secondName
  }

  /// The specification: a line between two points that differ in colour and shape.
  public var specification: VegaLite {
    let labels = IntervalPlot.unique(rows.map(\.label))
    let values = zip(rows, labels).flatMap { row, label -> [VegaLiteValue] in
      [(firstName, row.first), (secondName, row.second)].map { kind, share in
        [
          "label": VegaLiteValue(label.split(separator: "|").map(String.init)), "key": .text(label),
          "kind": .text(kind), "estimate": .number(share),
        ]
      }
    }
    let y: VegaLiteValue = [
      "field": "key", "type": "nominal", "sort": nil, "title": nil,
      "axis": [
        "grid": false, "ticks": false, "domain": false, "labelPadding": 6,
        "labelExpr": "split(datum.label, '|')",
      ],
    ]
    return VegaLite(
      width: 190, height: max(2, rows.count) * 38, rows: values,
      layers: [
        [
          "mark": ["type": "line", "color": .text(Theme.grey), "strokeWidth": 3],
          "encoding": [
            "y": y, "x": ["field": "estimate", "type": "quantitative"],
            "detail": ["field": "key"],
          ],
        ],
        [
          "mark": ["type": "point", "filled": true, "size": 80, "opacity": 1],
          "encoding": [
            "y": y,
            "x": [
              "field": "estimate", "type": "quantitative", "scale": Theme.shareScale,
              "axis": Theme.shareAxis("Share that passes"),
            ],
            "color": [
              "field": "kind", "type": "nominal", "sort": nil,
              "scale": ["range": [.text(Theme.blue), .text(Theme.orange)]],
            ],
            "shape": ["field": "kind", "type": "nominal", "sort": nil],
          ],
        ],
      ])
  }
}

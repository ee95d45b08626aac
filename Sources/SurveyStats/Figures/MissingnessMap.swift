/// What became of the cells: a bar a row, divided by cell state.
public struct MissingnessMap: Sendable, Equatable {
  /// One row with its number of cells in each state.
  public struct Row: Sendable, Equatable {
    /// The label.
    public var label: String
    /// The cells answered with yes.
    public var yes: Int
    /// The cells answered with no.
    public var no: Int
    /// The cells whose item does not apply.
    public var notApplicable: Int
    /// The cells never asked.
    public var absent: Int

    /// Creates a row.
    public init(label: String, yes: Int, no: Int, notApplicable: Int, absent: Int) {
      self.label = label
      self.yes = yes
      self.no = no
      self.notApplicable = notApplicable
      self.absent = absent
    }
  }

  /// The rows, from top to bottom.
  public var rows: [Row]

  /// Creates a map.
  public init(rows: [Row]) { self.rows = rows }

  /// The states with their colours, in the order of the bars.
  static let states = [
    ("yes", Theme.blue), ("no", Theme.orange), ("does not apply", Theme.grey),
    ("never asked", "rgba(128,128,128,0.22)"),
  ]

  /// The specification: stacked bars of shares.
  public var specification: VegaLite {
    let labels = IntervalPlot.unique(rows.map(\.label))
    let values = zip(rows, labels).flatMap { row, label -> [VegaLiteValue] in
      let counts = [row.yes, row.no, row.notApplicable, row.absent]
      let total = max(1, counts.reduce(0, +))
      return counts.indices.map { state in
        [
          "label": .text(label), "state": .text(Self.states[state].0),
          "order": .number(Double(state)),
          "share": .number(Double(counts[state]) / Double(total)),
        ]
      }
    }
    return VegaLite(
      width: 200, height: max(2, rows.count) * 18, rows: values,
      layers: [
        [
          "mark": ["type": "bar"],
          "encoding": [
            "y": [
              "field": "label", "type": "nominal", "sort": nil, "title": nil,
              "axis": ["grid": false, "ticks": false, "domain": false, "labelPadding": 6],
            ],
            "x": [
              "field": "share", "type": "quantitative", "stack": "zero",
              "scale": Theme.shareScale, "axis": Theme.shareAxis("Share of cells"),
            ],
            "order": ["field": "order", "type": "quantitative"],
            "color": [
              "field": "state", "type": "nominal",
              "scale": [
                "domain": VegaLiteValue(Self.states.map(\.0)),
                "range": VegaLiteValue(Self.states.map(\.1)),
              ],
              "legend": ["columns": 4, "orient": "top", "title": nil],
            ],
          ],
        ]
      ])
  }
}

import SurveyStats

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

  /// The specification: stacked bars of shares.
  public var specification: VegaLite {
    let layout = RowLayout(
      labels: rows.map(\.label), labelWidth: 150, rightWidth: RowLayout.rightWidth([]), margin: 7)
    let labels = RowLayout.unique(rows.map(\.label))
    let values = rows.indices.flatMap { index -> [VegaLiteValue] in
      let row = rows[index]
      let counts = [row.yes, row.no, row.notApplicable, row.absent]
      let total = max(1, counts.reduce(0, +))
      var before = 0
      return counts.indices.map { state in
        let from = Double(before) / Double(total)
        before += counts[state]
        return [
          "label": .text(labels[index]), "state": .text(Theme.cellStates[state].name),
          "share": .number(Double(counts[state]) / Double(total)), "share_from": .number(from),
          "share_to": .number(Double(before) / Double(total)),
          "top": .number(layout.centers[index] - layout.heights[index] / 2 + 1.5),
          "bottom": .number(layout.centers[index] + layout.heights[index] / 2 - 1.5),
        ]
      }
    }
    return VegaLite(
      width: layout.plotWidth, height: layout.height, rows: values,
      layers: [
        [
          "mark": ["type": "rect"],
          "encoding": [
            "y": RowLayout.vertical("top"), "y2": ["field": "bottom"],
            "x": [
              "field": "share_from", "type": "quantitative", "scale": Theme.shareScale,
              "axis": Theme.shareAxis("Share of cells"),
            ],
            "x2": ["field": "share_to"], "color": Theme.cellStateColor,
          ],
        ],
        layout.labelLayer,
      ])
  }
}

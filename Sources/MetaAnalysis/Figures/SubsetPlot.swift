import RealModule
public import SurveyFigures
import SurveyStats

/// The pooled effects and I² of subsets of the studies, counted in cells ("GOSH").
///
/// A cell is the darker the more subsets lie in it. With a study named, its colour says how many of them
/// hold that study: a second cloud of one colour is that study's doing.
public struct SubsetPlot: Sendable, Equatable {
  /// One cell of the plane.
  struct Cell: Equatable {
    var count = 0
    var holding = 0
  }

  private let cells: [[Cell]]
  private let low: Double
  private let high: Double
  /// The study whose presence is coloured.
  public let study: String?
  /// The title of the axis.
  let axisTitle: String

  private static let columns = 64
  private static let rows = 40

  /// Counts subsets of two studies or more.
  ///
  /// - Parameters:
  ///   - pooling: The subsets.
  ///   - highlighting: The position of a study among the pooled ones.
  ///   - axisTitle: The title of the axis of effects, on the scale of analysis.
  init(_ pooling: SubsetPooling, highlighting: Int? = nil, axisTitle: String) {
    let shown = pooling.subsets.filter { $0.count > 1 }
    let low = shown.map(\.estimate).min() ?? 0
    let high = shown.map(\.estimate).max() ?? 1
    var cells = [[Cell]](
      repeating: [Cell](repeating: Cell(), count: Self.rows), count: Self.columns)
    let width = high > low ? (high - low) / Double(Self.columns) : 1
    for subset in shown {
      let column = min(Self.columns - 1, max(0, Int((subset.estimate - low) / width)))
      let row = min(Self.rows - 1, max(0, Int(subset.iSquared * Double(Self.rows))))
      cells[column][row].count += 1
      if let highlighting, subset.contains(highlighting) { cells[column][row].holding += 1 }
    }
    self.cells = cells
    self.low = low
    self.high = high > low ? high : low + 1
    study = highlighting.map { pooling.studies[$0] }
    self.axisTitle = axisTitle
  }

  /// The specification.
  public var specification: VegaLite {
    let most = Double(cells.joined().map(\.count).max() ?? 1)
    let width = (high - low) / Double(Self.columns)
    var values: [VegaLiteValue] = []
    for (column, cellsOfColumn) in cells.enumerated() {
      for (row, cell) in cellsOfColumn.enumerated() where cell.count > 0 {
        let x = low + Double(column) * width
        values.append([
          "x": .number(x), "x2": .number(x + width),
          "y": .number(Double(row) / Double(Self.rows)),
          "y2": .number(Double(row + 1) / Double(Self.rows)), "n": .number(Double(cell.count)),
          "share": .number(Double(cell.holding) / Double(cell.count)),
          "opacity": .number(
            0.25 + 0.75 * Double.log(Double(cell.count) + 1) / Double.log(most + 1)),
        ])
      }
    }
    var encoding: VegaLiteValue = [
      "x": [
        "field": "x", "type": "quantitative",
        "axis": ["title": .text(axisTitle), "tickCount": 5, "grid": false, "titleLimit": 320],
        "scale": [
          "domain": [.number(low - 2 * width), .number(high + 2 * width)], "nice": false,
          "zero": false,
        ],
      ],
      "x2": ["field": "x2"],
      "y": [
        "field": "y", "type": "quantitative",
        "axis": ["title": "I²", "format": "~%", "tickCount": 5, "grid": false],
        "scale": ["domain": [0, 1], "nice": false],
      ],
      "y2": ["field": "y2"], "opacity": RowLayout.opacity,
    ]
    if let study {
      let name = DisplayText.visible(study, foldingSpace: true)
      let short = FigureText.lines(name, within: 150, size: 11, limit: 1).first ?? ""
      encoding["color"] = [
        "field": "share", "type": "quantitative",
        "scale": [
          "domain": [0, 1], "range": [.text(Theme.blue), .text(Theme.orange)],
          "interpolate": "lab",
        ],
        "legend": [
          "title": .text("share of subsets with \(short)"), "format": "~%", "orient": "top",
          "gradientLength": 150, "values": [0, 0.5, 1],
        ],
      ]
    } else {
      encoding["color"] = ["value": .text(Theme.blue)]
    }
    return VegaLite(
      width: 310, height: 230, rows: values,
      layers: [["mark": ["type": "rect", "stroke": nil], "encoding": encoding]])
  }
}

import SurveyStats

/// A square of coefficients in the order of clusters.
///
/// Up to ``labelledLimit`` variables stand beside their rows and columns, with the coefficients
/// written in; more have numbers, which a list below explains.
public struct CorrelationHeatmap: Sendable, Equatable {
  /// The most variables whose names stand at the cells.
  static let labelledLimit = 14

  /// The labels, in order.
  public var labels: [String]
  /// The coefficients, row by row; `nil` where there is none.
  public var values: [[Double?]]
  /// The name of the coefficient.
  public var coefficient: String

  /// Creates a heat map.
  public init(labels: [String], values: [[Double?]], coefficient: String) {
    self.labels = labels
    self.values = values
    self.coefficient = coefficient
  }

  /// The greatest size of a coefficient off the diagonal, rounded up to a tenth: there the colours
  /// are full.
  public var reach: Double {
    let sizes = values.indices.flatMap { row in values[row].prefix(row).compactMap { $0 } }
      .map(abs)
    return max(1, ((sizes.max() ?? 1) * 10 - 1e-9).rounded(.up)) / 10
  }

  /// Whether the variables have numbers instead of names.
  private var isNumbered: Bool { labels.count > Self.labelledLimit }
  /// The width of names at the left of the cells.
  private static let labelWidth = 84.0

  /// The side of a cell.
  private var cell: Double {
    let room = RowLayout.figureWidth - (isNumbered ? 26 : Self.labelWidth + RowLayout.labelGap)
    return min(36, (room / Double(max(1, labels.count - 1)) * 10).rounded(.down) / 10)
  }

  /// The specification: the lower triangle, blue for positive and orange for negative.
  public var specification: VegaLite {
    let side = cell * Double(max(1, labels.count - 1))
    var layers: [VegaLiteValue] = [
      [
        "mark": ["type": "rect"],
        "encoding": position.merging([
          "color": [
            "field": "r", "type": "quantitative", "scale": Theme.divergingScale(reach: reach),
            "legend": legend(side),
          ]
        ]),
      ]
    ]
    if !isNumbered {
      layers.append([
        "mark": ["type": "text", "fontSize": .number(RowLayout.fontSize)],
        "encoding": position.merging([
          "text": ["field": "text"],
          "color": [
            "condition": ["test": .text("datum.r > \(0.75 * reach)"), "value": "#FFFFFF"],
            "value": "#1B1B1B",
          ],
        ]),
      ])
    }
    layers += isNumbered ? [list(below: side)] : names(side)
    return VegaLite(width: side, height: side, rows: cells, layers: layers)
  }

  /// The coefficients with the numbers of their variables, counted from 1.
  private var cells: [VegaLiteValue] {
    let shown = RowLayout.unique(labels)
    return shown.indices.flatMap { row in
      (0..<row).compactMap { column -> VegaLiteValue? in
        guard let value = values[row][column] else { return nil }
        let text = NumberFormat.fixed(value, digits: 2).replacing("0.", with: ".")
        return [
          "a": .text(shown[column]), "b": .text(shown[row]), "r": .number(value),
          "column": .number(Double(column + 1)), "row": .number(Double(row + 1)),
          "text": .text(Theme.minus(text)),
        ]
      }
    }
  }

  private var position: VegaLiteValue {
    let count = labels.count
    let fives = VegaLiteValue.array(
      stride(from: 5, through: count, by: 5).map { .number(Double($0)) })
    let axis: VegaLiteValue =
      isNumbered
      ? [
        "title": nil, "grid": false, "domain": false, "labelAngle": 0, "values": fives,
        "labelFontSize": .number(RowLayout.fontSize), "labelOverlap": false,
      ] : nil
    func place(_ field: String, _ numbers: Range<Int>) -> VegaLiteValue {
      [
        "field": .text(field), "type": "ordinal", "axis": axis,
        "scale": [
          "domain": .array(numbers.map { .number(Double($0)) }), "paddingInner": 0,
          "paddingOuter": 0,
        ],
      ]
    }
    return ["x": place("column", 1..<max(2, count)), "y": place("row", 2..<max(3, count + 1))]
  }

  private func legend(_ side: Double) -> VegaLiteValue {
    [
      "orient": .text(side < 220 ? "top" : "top-right"), "gradientLength": 140,
      "title": .text("\(coefficient), full colour at ±\(NumberFormat.fixed(reach, digits: 1))"),
      "values": [.number(-reach), 0, .number(reach)], "format": ".1f", "titleLimit": 250,
    ]
  }

  /// The names at the left of the rows and below the columns.
  private func names(_ side: Double) -> [VegaLiteValue] {
    let lines = RowLayout.unique(labels).map {
      FigureText.lines(
        $0, within: Self.labelWidth, size: RowLayout.fontSize,
        limit: cell < 34 ? 2 : 3)
    }
    func layer(_ shown: ArraySlice<[String]>, angle: Double) -> VegaLiteValue {
      let values = shown.enumerated().map { index, lines -> VegaLiteValue in
        let half = Double(lines.count - 1) * RowLayout.lineHeight / 2
        return ["lines": VegaLiteValue(lines), "at": .number((Double(index) + 0.5) * cell - half)]
      }
      let along = RowLayout.vertical("at")
      return [
        "data": ["values": .array(values)],
        "mark": RowLayout.text(align: "right").merging([
          "lineHeight": .number(RowLayout.lineHeight), "angle": .number(angle),
        ]),
        "encoding": [
          "x": angle == 0 ? ["value": -6] : along,
          "y": angle == 0 ? along : ["value": .number(side + 6)], "text": ["field": "lines"],
        ],
      ]
    }
    return [layer(lines.dropFirst(), angle: 0), layer(lines.dropLast(), angle: -90)]
  }

  /// The numbered names below the cells, in two columns.
  private func list(below side: Double) -> VegaLiteValue {
    let width = RowLayout.figureWidth / 2
    let entries = RowLayout.unique(labels).map {
      FigureText.lines($0, within: width - 28, size: RowLayout.fontSize, limit: 2)
    }
    let half = (entries.count + 1) / 2
    var values: [VegaLiteValue] = []
    for (column, part) in [0..<half, half..<entries.count].enumerated() {
      var y = side + 34
      for index in part {
        let x = Double(column) * width - 6
        values.append(["lines": [.text("\(index + 1)")], "x": .number(x - 16), "y": .number(y)])
        values.append([
          "lines": VegaLiteValue(entries[index]), "x": .number(x), "y": .number(y),
        ])
        y += Double(entries[index].count) * RowLayout.lineHeight + 2
      }
    }
    return [
      "data": ["values": .array(values)],
      "mark": RowLayout.text(align: "left").merging([
        "lineHeight": .number(RowLayout.lineHeight)
      ]),
      "encoding": [
        "x": RowLayout.vertical("x"), "y": RowLayout.vertical("y"), "text": ["field": "lines"],
      ],
    ]
  }
}

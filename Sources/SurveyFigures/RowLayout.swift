import SurveyStats

/// Where the rows of a picture stand: labels in lines at the left, the plot in the width they leave,
/// numbers at the right.
///
/// All pictures of rows are equally wide, so that their text has the same size on a phone.
package struct RowLayout {
  /// The width of a picture without its padding.
  package static let figureWidth = 372.0
  /// The size of labels and numbers.
  package static let fontSize = 10.0
  /// The distance of two lines of a label.
  package static let lineHeight = 11.0
  /// The distance of labels and plot.
  package static let labelGap = 10.0

  /// The labels in lines.
  package let labels: [[String]]
  /// The middle of each row.
  package let centers: [Double]
  /// The height of each row.
  package let heights: [Double]
  /// The height of all rows.
  package let height: Double
  /// The width that labels and what is at the right leave for the plot, at least 80 points.
  package let plotWidth: Double

  /// Places rows.
  ///
  /// - Parameters:
  ///   - labels: The labels; equal ones get numbers, invisible characters are shown.
  ///   - labelWidth: The greatest width of a label; longer ones are broken.
  ///   - rightWidth: The width of what stands at the right of the plot.
  ///   - margin: The distance of the labels of two rows.
  ///   - groupSize: The rows that belong together; 6 points are between such groups.
  package init(
    labels: [String], labelWidth: Double, rightWidth: Double, margin: Double = 4,
    groupSize: Int = .max
  ) {
    let broken = Self.unique(labels).map {
      FigureText.lines($0, within: labelWidth, size: Self.fontSize, limit: 3)
    }
    let heights = broken.map { margin + Self.lineHeight * Double(max(1, $0.count)) }
    var (centers, top): ([Double], Double) = ([], 0)
    for (index, height) in heights.enumerated() {
      if index > 0, index % groupSize == 0 { top += 6 }
      centers.append(top + height / 2)
      top += height
    }
    let widest = broken.joined().map { FigureText.width($0, size: Self.fontSize) }.max() ?? 0
    self.labels = broken
    self.heights = heights
    self.centers = centers
    height = max(30, top)
    let left = Self.figureWidth - widest - Self.labelGap - rightWidth
    plotWidth = max(80, left.rounded(.down))
  }

  /// The place of one row, for the values of a layer.
  package func place(_ row: Int) -> VegaLiteValue {
    [
      "y": .number(centers[row]), "top": .number(centers[row] - heights[row] / 2),
      "bottom": .number(centers[row] + heights[row] / 2),
    ]
  }

  /// A field whose values are vertical places.
  package static func vertical(_ field: String) -> VegaLiteValue {
    ["field": .text(field), "type": "quantitative", "scale": nil, "axis": nil]
  }

  /// The opacity of the rows.
  package static let opacity: VegaLiteValue = [
    "field": "opacity", "type": "quantitative", "scale": nil, "legend": nil,
  ]

  /// The layer of the labels.
  package var labelLayer: VegaLiteValue {
    let values = zip(labels, centers).map { lines, center -> VegaLiteValue in
      [
        "lines": VegaLiteValue(lines),
        "y": .number(center - Double(max(0, lines.count - 1)) * Self.lineHeight / 2),
      ]
    }
    return [
      "data": ["values": .array(values)],
      "mark": Self.text(align: "right").merging(["lineHeight": .number(Self.lineHeight)]),
      "encoding": [
        "x": ["value": .number(-Self.labelGap)], "y": Self.vertical("y"),
        "text": ["field": "lines"],
      ],
    ]
  }

  /// The layers that write the n of each row at the right below a heading, and say at the left which
  /// rows are paler; none without n.
  package func countLayers(_ rows: [EstimateRow], least: Int, isOnTop: Bool) -> [VegaLiteValue] {
    let texts = EstimateRow.countTexts(rows)
    guard texts.contains(where: { !$0.isEmpty }) else { return [] }
    let edge = VegaLiteValue.number(plotWidth + Self.rightWidth(texts))
    let values = zip(texts, centers).map { text, center -> VegaLiteValue in
      ["text": .text(text), "y": .number(center)]
    }
    var layers: [VegaLiteValue] = [
      [
        "data": ["values": .array(values)], "mark": Self.text(align: "right"),
        "encoding": [
          "x": ["value": edge], "y": Self.vertical("y"), "text": ["field": "text"],
        ],
      ]
    ]
    let y = isOnTop ? -13 : height + 13
    layers.append(Self.note("n", x: plotWidth + Self.rightWidth(texts), y: y))
    if rows.contains(where: { $0.isPale(below: least) }) {
      layers.append(Self.note("paler: n < \(least)", x: -Self.labelGap - 8, y: y))
    }
    return layers
  }

  /// The layers that write the estimate of each row in percent beside its interval: at the right, or at the left
  /// where the interval ends near the right edge, or where the number would stand on the rule.
  package static func numberLayers(
    _ rows: [EstimateRow], _ layout: RowLayout, rule: Double? = nil
  ) -> [VegaLiteValue] {
    let sides = rows.map { row -> Bool in
      guard let rule else { return row.endsEarly }
      let width = (FigureText.width(row.percentText, size: fontSize) + 8) / layout.plotWidth
      if row.endsEarly {
        let isCrossed = row.rightEnd <= rule && row.rightEnd + width > rule
        return !(isCrossed && row.leftEnd > width)
      }
      let isCrossed = row.leftEnd >= rule && row.leftEnd - width < rule
      return isCrossed && row.rightEnd + width <= 1
    }
    return [true, false].map { isRight -> VegaLiteValue in
      let values = rows.indices.filter { sides[$0] == isRight }.map { row in
        let number: VegaLiteValue = [
          "text": .text(rows[row].percentText),
          "end": .number(isRight ? rows[row].rightEnd : rows[row].leftEnd),
        ]
        return number.merging(layout.place(row))
      }
      return [
        "data": ["values": .array(values)],
        "mark": text(align: isRight ? "left" : "right")
          .merging(["dx": .number(isRight ? 5 : -5)]),
        "encoding": [
          "x": ["field": "end", "type": "quantitative"], "y": vertical("y"),
          "text": ["field": "text"],
        ],
      ]
    }
  }

  /// A layer with a few words at a place.
  package static func note(
    _ words: String, align: String = "right", x: Double, y: Double
  ) -> VegaLiteValue {
    [
      "data": ["values": [[:]]], "mark": text(align: align),
      "encoding": [
        "x": ["value": .number(x)], "y": ["value": .number(y)], "text": ["value": .text(words)],
      ],
    ]
  }

  /// The width that right-aligned texts need beside an axis whose last label is "100%".
  package static func rightWidth(_ texts: [String]) -> Double {
    let widest = texts.map { FigureText.width($0, size: fontSize) }.max() ?? 0
    return widest == 0 ? 15 : 20 + widest
  }

  /// A mark of text in the colour of the text around the picture.
  package static func text(align: String) -> VegaLiteValue {
    [
      "type": "text", "align": .text(align), "baseline": "middle",
      "fontSize": .number(fontSize), "color": "currentColor",
    ]
  }

  /// Labels that are safe to show and all different: a repeated one gets a number.
  package static func unique(_ labels: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return labels.map { label in
      let shown = DisplayText.visible(label, foldingSpace: true)
      let count = (seen[shown] ?? 0) + 1
      seen[shown] = count
      return count == 1 ? shown : "\(shown) (\(count))"
    }
  }
}

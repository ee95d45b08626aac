public import SurveyFigures
import SurveyStats

/// What each study adds to heterogeneity, and how far it moves the pooled effect.
///
/// Reference: Baujat, Mahé, Pignon & Hill (2002), *Statistics in Medicine* 21:2641.
public struct BaujatPlot: Sendable, Equatable {
  /// The studies.
  public var studies: [StudyInfluence]

  /// Creates a plot.
  init(_ studies: [StudyInfluence]) { self.studies = studies }

  /// The most studies that are named: those farthest from the origin.
  private static let named = 8

  /// The specification.
  public var specification: VegaLite {
    let shown = studies.filter { $0.change != nil }
    let mostX = max(shown.map(\.heterogeneity).max() ?? 1, 1e-300)
    let mostY = max(shown.map { $0.change ?? 0 }.max() ?? 1, 1e-300)
    let far = shown.indices.sorted { left, right in
      func distance(_ index: Int) -> Double {
        let (x, y) = (shown[index].heterogeneity / mostX, (shown[index].change ?? 0) / mostY)
        return x * x + y * y
      }
      let (a, b) = (distance(left), distance(right))
      return a != b ? a > b : left < right
    }.prefix(Self.named)
    let labels = RowLayout.unique(shown.map(\.study))
    // The farthest studies are named first; a name that would cover another, or a point, is left out.
    var names = [String](repeating: "", count: shown.count)
    var boxes: [(left: Double, right: Double, middle: Double)] = []
    for index in far {
      let name = FigureText.lines(labels[index], within: 110, size: 9, limit: 1).first ?? ""
      let width = FigureText.width(name, size: 9) + 8
      let x = 310 * shown[index].heterogeneity / (mostX * 1.05)
      let middle = 230 * (shown[index].change ?? 0) / (mostY * 1.08)
      let isRight = shown[index].heterogeneity > 0.6 * mostX
      let box = (left: isRight ? x - width : x, right: isRight ? x : x + width, middle: middle)
      let isFree =
        boxes.allSatisfy {
          $0.right < box.left || $0.left > box.right || abs($0.middle - box.middle) > 10
        }
        && shown.indices.allSatisfy { other in
          let place = 310 * shown[other].heterogeneity / (mostX * 1.05)
          let height = 230 * (shown[other].change ?? 0) / (mostY * 1.08)
          return other == index || place < box.left - 4 || place > box.right + 4
            || abs(height - middle) > 8
        }
      guard isFree else { continue }
      boxes.append(box)
      names[index] = name
    }
    let values = shown.indices.map { index -> VegaLiteValue in
      let isRight = shown[index].heterogeneity > 0.6 * mostX
      return [
        "label": .text(labels[index]), "heterogeneity": .number(shown[index].heterogeneity),
        "change": VegaLiteValue(shown[index].change), "left": .text(isRight ? "" : names[index]),
        "right": .text(isRight ? names[index] : ""),
      ]
    }
    let x: VegaLiteValue = [
      "field": "heterogeneity", "type": "quantitative",
      "axis": ["title": "Contribution to heterogeneity", "tickCount": 5, "format": ".6~g"],
      "scale": ["domain": [0, .number(mostX * 1.05)], "nice": false],
    ]
    let y: VegaLiteValue = [
      "field": "change", "type": "quantitative",
      "axis": ["title": "Influence on the pooled effect", "tickCount": 5, "format": ".6~g"],
      "scale": ["domain": [0, .number(mostY * 1.08)], "nice": false],
    ]
    func text(_ field: String, _ align: String, _ shift: Double) -> VegaLiteValue {
      [
        "mark": RowLayout.text(align: align).merging([
          "dx": .number(shift), "fontSize": 9,
        ]),
        "encoding": ["x": x, "y": y, "text": ["field": .text(field)]],
      ]
    }
    return VegaLite(
      width: 310, height: 230, rows: values,
      layers: [
        [
          "mark": [
            "type": "point", "filled": true, "size": 42, "color": .text(Theme.blue),
            "opacity": 0.85,
          ],
          "encoding": ["x": x, "y": y],
        ],
        text("left", "left", 6), text("right", "right", -6),
      ])
  }
}

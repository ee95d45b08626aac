public import SurveyFigures
import SurveyStats

/// Effects over a moderator, studies as circles with the area of their weight, and the regression line with
/// its limits.
public struct BubblePlot: Sendable, Equatable {
  /// The studies: name, moderator, effect on the natural scale, weight.
  public struct Study: Sendable, Equatable {
    var label: String
    var moderator: Double
    var effect: Double
    var weight: Double

    /// Creates a study.
    init(label: String, moderator: Double, effect: Double, weight: Double) {
      self.label = label
      self.moderator = moderator
      self.effect = effect
      self.weight = weight
    }
  }

  /// The studies.
  public var studies: [Study]
  /// The regression line.
  public var line: [BandPlot.Point]
  /// The axis of effects.
  public var axis: EffectAxis
  /// The title of the axis of effects.
  var axisTitle: String
  /// The title of the axis of the moderator.
  var moderatorTitle: String

  /// Creates a plot.
  init(
    studies: [Study], line: [BandPlot.Point], axis: EffectAxis, axisTitle: String,
    moderatorTitle: String
  ) {
    self.studies = studies
    self.line = line
    self.axis = axis
    self.axisTitle = axisTitle
    self.moderatorTitle = moderatorTitle
  }

  /// The specification.
  public var specification: VegaLite {
    let greatest = max(studies.map(\.weight).max() ?? 1, 1e-300)
    let values = studies.map { study -> VegaLiteValue in
      [
        "label": .text(DisplayText.visible(study.label, foldingSpace: true)),
        "position": .number(study.moderator), "estimate": .number(study.effect),
        "size": .number(15 + 285 * study.weight / greatest),
      ]
    }
    let points = line.map { point -> VegaLiteValue in
      [
        "position": .number(point.position), "estimate": .number(point.estimate),
        "conf_low": VegaLiteValue(point.lower), "conf_high": VegaLiteValue(point.upper),
      ]
    }
    let (scale, marks) = axis.axis(
      of: studies.map(\.effect) + line.flatMap { [$0.lower, $0.upper].compactMap { $0 } },
      null: nil, title: axisTitle, orient: "left")
    let isYears = studies.allSatisfy {
      $0.moderator == $0.moderator.rounded() && (1500...2500).contains($0.moderator)
    }
    let x: VegaLiteValue = [
      "field": "position", "type": "quantitative",
      "axis": [
        "title": .text(DisplayText.visible(moderatorTitle, foldingSpace: true)), "grid": false,
        "tickCount": 6, "format": isYears ? "d" : ".6~g", "titleLimit": 320,
      ],
      "scale": ["zero": false, "nice": false, "padding": 14],
    ]
    let y: VegaLiteValue = [
      "field": "estimate", "type": "quantitative", "scale": scale, "axis": marks,
    ]
    return VegaLite(
      width: 310, height: 220, rows: values,
      layers: [
        [
          "data": ["values": .array(points)],
          "mark": ["type": "area", "color": .text(Theme.orange), "opacity": 0.2],
          "encoding": [
            "x": x, "y": ["field": "conf_low", "type": "quantitative", "scale": scale],
            "y2": ["field": "conf_high"],
          ],
        ],
        [
          "data": ["values": .array(points)],
          "mark": ["type": "line", "color": .text(Theme.orange), "strokeWidth": 2],
          "encoding": ["x": x, "y": y],
        ],
        [
          "mark": [
            "type": "point", "filled": true, "color": .text(Theme.blue), "opacity": 0.55,
            "stroke": .text(Theme.blue),
          ],
          "encoding": [
            "x": x, "y": y,
            "size": ["field": "size", "type": "quantitative", "scale": nil, "legend": nil],
          ],
        ],
      ])
  }
}

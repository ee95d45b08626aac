import RealModule
public import SurveyFigures
import SurveyStats

/// Effects over their standard errors, with contours of significance around no effect, the pooled effect
/// with the limits that its studies would keep to, and filled-in studies as rings.
///
/// Effects are on the scale of analysis, where errors are symmetric.
///
/// References: Peters et al. (2008), *Journal of Clinical Epidemiology* 61:991 (contours); Sterne & Egger
/// (2001), *Journal of Clinical Epidemiology* 54:1046 (axes).
public struct FunnelPlot: Sendable, Equatable {
  /// The names of the studies.
  public var labels: [String]
  /// Their effects.
  public var effects: [Double]
  /// Their standard errors.
  public var errors: [Double]
  /// The pooled effect.
  public var center: Double
  /// Studies filled in by trim and fill: effects and errors.
  public var filled: [(effect: Double, error: Double)]
  /// The value of no effect around which contours stand; `nil` draws none.
  public var null: Double?
  /// The title of the axis.
  var axisTitle: String

  /// Creates a plot.
  init(
    labels: [String], effects: [Double], errors: [Double], center: Double,
    filled: [(effect: Double, error: Double)] = [], null: Double?, axisTitle: String
  ) {
    self.labels = labels
    self.effects = effects
    self.errors = errors
    self.center = center
    self.filled = filled
    self.null = null
    self.axisTitle = axisTitle
  }

  /// Compares what is drawn.
  public static func == (left: FunnelPlot, right: FunnelPlot) -> Bool {
    left.specification == right.specification
  }

  /// The specification.
  public var specification: VegaLite {
    let most = max((errors + filled.map(\.error)).max() ?? 1, 1e-12) * 1.05
    let all = effects + filled.map(\.effect)
    let z = Normal().upperQuantile(0.025)
    let reach = max(
      all.map { abs($0 - center) }.max() ?? 1, z * most)
    let domain: VegaLiteValue = [
      "domain": [.number(center - reach * 1.08), .number(center + reach * 1.08)], "nice": false,
    ]
    let x: VegaLiteValue = [
      "field": "effect", "type": "quantitative", "scale": domain,
      "axis": ["title": .text(axisTitle), "grid": false, "tickCount": 5, "titleLimit": 320],
    ]
    let y: VegaLiteValue = [
      "field": "error", "type": "quantitative",
      "scale": ["domain": [.number(most), 0], "nice": false],
      "axis": ["title": "Standard error", "grid": false, "tickCount": 5],
    ]
    func points(_ effects: [Double], _ errors: [Double], _ labels: [String]) -> [VegaLiteValue] {
      effects.indices.map {
        [
          "label": .text(DisplayText.visible(labels[$0], foldingSpace: true)),
          "effect": .number(effects[$0]), "error": .number(errors[$0]),
        ]
      }
    }
    var layers: [VegaLiteValue] = []
    if let null {
      // The widest contour first; each one lies over the one before.
      for (quantile, opacity) in [(0.005, 0.10), (0.025, 0.12), (0.05, 0.14)] {
        let width = Normal().upperQuantile(quantile)
        layers.append([
          "data": [
            "values": .array(
              [0, most].map { error in
                [
                  "error": .number(error), "low": .number(null - width * error),
                  "high": .number(null + width * error),
                ]
              })
          ],
          "mark": [
            "type": "area", "color": .text(Theme.grey), "opacity": .number(opacity * 2),
            "clip": true,
          ],
          "encoding": [
            "y": y, "x": ["field": "low", "type": "quantitative", "scale": domain],
            "x2": ["field": "high"],
          ],
        ])
      }
    }
    for side in [-1.0, 0, 1] {
      layers.append([
        "data": [
          "values": .array(
            [0, most].map { error in
              ["error": .number(error), "effect": .number(center + side * z * error)]
            })
        ],
        "mark": [
          "type": "line", "color": .text(Theme.orange), "strokeWidth": side == 0 ? 2 : 1,
          "strokeDash": side == 0 ? [1, 0] : [4, 3], "clip": true,
        ],
        "encoding": ["x": x, "y": y, "order": ["field": "error"]],
      ])
    }
    layers.append([
      "mark": [
        "type": "point", "filled": true, "size": 42, "color": .text(Theme.blue), "opacity": 0.85,
      ],
      "encoding": ["x": x, "y": y],
    ])
    if !filled.isEmpty {
      layers.append([
        "data": [
          "values": .array(
            points(
              filled.map(\.effect), filled.map(\.error),
              filled.map { _ in "filled in" }))
        ],
        "mark": [
          "type": "point", "filled": false, "size": 42, "color": .text(Theme.blue),
          "strokeWidth": 1.5,
        ],
        "encoding": ["x": x, "y": y],
      ])
    }
    return VegaLite(
      width: 310, height: 230, rows: points(effects, errors, labels), layers: layers)
  }
}

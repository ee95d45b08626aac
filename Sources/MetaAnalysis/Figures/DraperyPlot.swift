import RealModule
public import SurveyFigures
import SurveyStats

/// The p-value of every value of the effect, of each study, of the pooled effect and of a new study.
///
/// Every horizontal cut through a curve is a confidence interval, at 0.05 that of 95 %.
///
/// Reference: Rücker & Schwarzer (2021), *Research Synthesis Methods* 12:13.
public struct DraperyPlot: Sendable, Equatable {
  /// An effect whose curve is drawn.
  public struct Curve: Sendable, Equatable {
    var value: Double
    var error: Double
    var degreesOfFreedom: Double?

    /// Creates a curve; without degrees of freedom it is normal.
    init(value: Double, error: Double, degreesOfFreedom: Double? = nil) {
      self.value = value
      self.error = error
      self.degreesOfFreedom = degreesOfFreedom
    }

    func pValue(at effect: Double) -> Double {
      guard error > 0 else { return effect == value ? 1 : 0 }
      let z = abs(effect - value) / error
      return 2
        * (degreesOfFreedom.map { StudentT(degreesOfFreedom: $0).survival(z) }
          ?? Normal().survival(z))
    }
  }

  /// The studies.
  public var studies: [Curve]
  /// The pooled effect.
  public var pooled: Curve
  /// The effect of a new study; `nil` where none can be told.
  public var prediction: Curve?
  /// The value of no effect.
  public var null: Double?
  /// The title of the axis, of the scale of analysis.
  var axisTitle: String

  /// Creates a plot.
  init(
    studies: [Curve], pooled: Curve, prediction: Curve?, null: Double?, axisTitle: String
  ) {
    self.studies = studies
    self.pooled = pooled
    self.prediction = prediction
    self.null = null
    self.axisTitle = axisTitle
  }

  private static let steps = 120

  /// The specification.
  public var specification: VegaLite {
    let spread = studies.map(\.error).sorted()
    let typical = spread.isEmpty ? pooled.error : spread[spread.count / 2]
    let values = studies.map(\.value) + [pooled.value]
    let low = (values.min() ?? 0) - 2 * typical
    let high = (values.max() ?? 1) + 2 * typical
    let step = max(high - low, 1e-12) / Double(Self.steps)
    func points(_ curve: Curve, _ id: Int, _ kind: String) -> [VegaLiteValue] {
      // The even steps, and the top of the curve.
      var places = (0...Self.steps).map { low + Double($0) * step }
      places.append(curve.value)
      return places.sorted().map { effect in
        [
          "effect": .number(effect), "p_value": .number(curve.pValue(at: effect)),
          "id": .number(Double(id)), "kind": .text(kind),
        ]
      }
    }
    let thin = studies.enumerated().flatMap { points($1, $0, "study") }
    var thick = points(pooled, studies.count, "pooled")
    if let prediction { thick += points(prediction, studies.count + 1, "new study") }
    let x: VegaLiteValue = [
      "field": "effect", "type": "quantitative",
      "axis": ["title": .text(axisTitle), "tickCount": 5, "grid": false, "titleLimit": 320],
      "scale": ["domain": [.number(low), .number(high)], "nice": false, "zero": false],
    ]
    let y: VegaLiteValue = [
      "field": "p_value", "type": "quantitative", "axis": ["title": "p-value", "tickCount": 5],
      "scale": ["domain": [0, 1], "nice": false],
    ]
    var layers: [VegaLiteValue] = [
      [
        "mark": ["type": "line", "color": .text(Theme.grey), "strokeWidth": 1, "opacity": 0.6],
        "encoding": ["x": x, "y": y, "detail": ["field": "id", "type": "nominal"]],
      ],
      [
        "data": ["values": .array(thick)],
        "mark": ["type": "line", "strokeWidth": 2.5, "strokeJoin": "round"],
        "encoding": [
          "x": x, "y": y,
          "color": [
            "field": "kind", "type": "nominal",
            "scale": [
              "domain": ["pooled", "new study"],
              "range": [.text(Theme.blue), .text(Theme.orange)],
            ],
            "legend": ["orient": "top", "title": nil],
          ],
        ],
      ],
    ]
    if let null {
      layers.append([
        "data": ["values": [[:]]],
        "mark": ["type": "rule", "strokeDash": [3, 3], "color": "currentColor", "opacity": 0.5],
        "encoding": ["x": ["datum": .number(null)]],
      ])
    }
    return VegaLite(width: 310, height: 220, rows: thin, layers: layers)
  }
}

public import SurveyFigures
import SurveyStats

/// The effects of studies with their intervals and weights, summaries as polygons, the prediction interval.
///
/// Values are on the natural scale. Squares have the area of the weight; limits beyond the axis are cut at
/// its ends, the numbers at the right are not.
public struct StudyForestPlot: Sendable, Equatable {
  /// What a row shows.
  public enum Kind: Sendable, Equatable {
    /// The name of a group of studies.
    case heading
    /// A study with its weight, a share of one.
    case study(weight: Double?)
    /// A pooled effect: a polygon from limit to limit.
    case summary
    /// Where the effect of a new study lies.
    case prediction
  }

  /// One row.
  public struct Row: Sendable, Equatable {
    /// What it shows.
    public var kind: Kind
    /// The label.
    public var label: String
    /// The effect; `nil` where there is none.
    public var estimate: Double?
    /// The lower limit.
    public var lower: Double?
    /// The upper limit.
    public var upper: Double?

    /// Creates a row.
    init(
      _ kind: Kind, label: String, estimate: Double? = nil, lower: Double? = nil,
      upper: Double? = nil
    ) {
      self.kind = kind
      self.label = label
      self.estimate = estimate
      self.lower = lower
      self.upper = upper
    }
  }

  /// The rows, from top to bottom.
  public var rows: [Row]
  /// The axis.
  public var axis: EffectAxis
  /// The title of the axis.
  var axisTitle: String
  /// The value of no effect, where there is a rule; `nil` where nothing is none.
  public var null: Double?

  /// Creates a plot.
  init(rows: [Row], axis: EffectAxis, axisTitle: String, null: Double?) {
    self.rows = rows
    self.axis = axis
    self.axisTitle = axisTitle
    self.null = null
  }

  private func numbers(_ row: Row) -> String {
    switch row.kind {
    case .heading: return ""
    case .prediction:
      guard let lower = row.lower, let upper = row.upper else { return "none" }
      return "[\(axis.text(lower)), \(axis.text(upper))]"
    case .study, .summary:
      guard let estimate = row.estimate else { return "none" }
      return axis.text(estimate, row.lower, row.upper)
    }
  }

  private func weight(_ row: Row) -> String {
    guard case .study(let weight?) = row.kind else { return "" }
    return NumberFormat.fixed(100 * weight, digits: 1) + "%"
  }

  /// The specification.
  public var specification: VegaLite {
    let numbers = rows.map(numbers)
    let weights = rows.map(weight)
    func widest(_ texts: [String]) -> Double {
      texts.map { FigureText.width($0, size: RowLayout.fontSize) }.max() ?? 0
    }
    let hasWeights = weights.contains { !$0.isEmpty }
    let weightWidth = hasWeights ? max(widest(weights), widest(["weight"])) + 8 : 0
    let right = widest(numbers) + 8 + weightWidth
    let layout = RowLayout(labels: rows.map(\.label), labelWidth: 110, rightWidth: right)
    let isLong = rows.count > 20
    let (scale, marks) = axis.axis(
      of: rows.flatMap { [$0.lower, $0.estimate, $0.upper].compactMap { $0 } }, null: null,
      title: axisTitle, orient: isLong ? "top" : "bottom")
    let greatest =
      rows.compactMap { row -> Double? in
        if case .study(let weight?) = row.kind { weight } else { nil }
      }.max() ?? 1
    var studies: [VegaLiteValue] = []
    var predictions: [VegaLiteValue] = []
    var polygons: [VegaLiteValue] = []
    for (index, row) in rows.enumerated() {
      var value: VegaLiteValue = [
        "label": .text(row.label), "estimate": VegaLiteValue(row.estimate),
        "conf_low": VegaLiteValue(row.lower), "conf_high": VegaLiteValue(row.upper),
      ]
      value = value.merging(layout.place(index))
      switch row.kind {
      case .heading: break
      case .study(let weight):
        guard row.estimate != nil else { break }
        value["weight"] = VegaLiteValue(weight)
        value["size"] = .number(12 + 88 * (weight ?? greatest) / max(greatest, 1e-12))
        studies.append(value)
      case .prediction: if row.lower != nil { predictions.append(value) }
      case .summary:
        guard let estimate = row.estimate, let lower = row.lower, let upper = row.upper else {
          break
        }
        let middle = layout.centers[index]
        for (x, half) in [(lower, 0.0), (estimate, 5.5), (upper, 0.0)] {
          polygons.append([
            "row": .number(Double(index)), "x": .number(x), "y": .number(middle - half),
            "y2": .number(middle + half), "label": .text(row.label),
          ])
        }
      }
    }
    let y = RowLayout.vertical("y")
    let low: VegaLiteValue = ["field": "conf_low", "type": "quantitative", "scale": scale]
    var layers: [VegaLiteValue] = []
    if let null {
      layers.append([
        "data": ["values": [[:]]],
        "mark": ["type": "rule", "strokeDash": [3, 3], "color": "currentColor", "opacity": 0.5],
        "encoding": ["x": ["datum": .number(null)]],
      ])
    }
    layers += [
      [
        "mark": ["type": "rule", "color": .text(Theme.blue), "strokeWidth": 1.5],
        "encoding": [
          "y": y, "x": low.merging(["axis": marks]), "x2": ["field": "conf_high"],
        ],
      ],
      [
        "mark": [
          "type": "point", "filled": true, "shape": "square", "color": .text(Theme.blue),
          "opacity": 1,
        ],
        "encoding": [
          "y": y, "x": ["field": "estimate", "type": "quantitative", "scale": scale],
          "size": ["field": "size", "type": "quantitative", "scale": nil, "legend": nil],
        ],
      ],
      [
        "data": ["values": .array(polygons)],
        "mark": ["type": "area", "color": .text(Theme.orange), "opacity": 1, "line": false],
        "encoding": [
          "x": ["field": "x", "type": "quantitative", "scale": scale],
          "y": y, "y2": ["field": "y2"], "detail": ["field": "row", "type": "nominal"],
        ],
      ],
      [
        "data": ["values": .array(predictions)],
        "mark": ["type": "rule", "color": .text(Theme.green), "strokeWidth": 4],
        "encoding": ["y": y, "x": low, "x2": ["field": "conf_high"]],
      ],
      layout.labelLayer,
      Self.texts(numbers, layout, at: layout.plotWidth + right - weightWidth),
    ]
    if hasWeights {
      layers += [
        Self.texts(weights, layout, at: layout.plotWidth + right),
        RowLayout.note(
          "weight", x: layout.plotWidth + right, y: isLong ? -13 : layout.height + 13),
      ]
    }
    return VegaLite(
      width: layout.plotWidth, height: layout.height, rows: studies, layers: layers)
  }

  private static func texts(
    _ texts: [String], _ layout: RowLayout, at edge: Double
  ) -> VegaLiteValue {
    [
      "data": [
        "values": .array(
          zip(texts, layout.centers).map { ["text": .text($0), "y": .number($1)] })
      ],
      "mark": RowLayout.text(align: "right"),
      "encoding": [
        "x": ["value": .number(edge)], "y": RowLayout.vertical("y"), "text": ["field": "text"],
      ],
    ]
  }
}

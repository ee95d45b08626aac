import SurveyStats

/// A Vega-Lite specification with the theme of the reports.
///
/// The theme is readable in light and dark from one SVG: the background is transparent, and text,
/// axes and grid take the colour of the text around the picture. Categories have the colours of
/// Okabe & Ito (2008), which colour-blind readers can tell apart; pictures are 380 points wide, so
/// that they stay legible on a phone.
///
/// Reference: Satyanarayan et al. (2017), *IEEE TVCG* 23:341.
public struct VegaLite: Sendable, Equatable {
  /// The specification.
  public var root: VegaLiteValue

  /// Creates a specification from layers that share data and scales.
  ///
  /// - Parameters:
  ///   - width: The width of the plot itself, without labels.
  ///   - height: Its height.
  ///   - rows: The data, one object a row.
  ///   - layers: The layers, from back to front.
  public init(width: Double, height: Double, rows: [VegaLiteValue], layers: [VegaLiteValue]) {
    root = [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "background": nil, "padding": 4,
      "width": .number(width), "height": .number(height),
      "data": ["values": .array(rows)], "layer": .array(layers), "config": Theme.config,
    ]
  }

  /// The specification with a title, broken into lines, and an alternative text.
  public func titled(_ title: String, description: String) -> VegaLite {
    var result = self
    result.root["description"] = .text(DisplayText.visible(description, foldingSpace: true))
    let lines = FigureText.lines(
      DisplayText.visible(title, foldingSpace: true),
      within: RowLayout.figureWidth / Self.boldness, size: 13)
    result.root["title"] = ["text": VegaLiteValue(lines), "anchor": "start", "frame": "bounds"]
    return result
  }

  /// How much wider bold text is.
  private static let boldness = 1.08
}

/// Colours, fonts and lines of all figures.
public enum Theme {
  /// Blue: yes, and whatever stands alone.
  public static let blue = "#0072B2"
  /// Orange: no.
  public static let orange = "#E69F00"
  /// Green, the third of the palette.
  public static let green = "#009E73"
  /// Light blue: intervals.
  static let sky = "#56B4E9"
  /// Grey: lines that lead the eye.
  public static let grey = "#9A9A9A"
  /// The font whose widths the renderer knows, and its equals elsewhere.
  package static let font = "Liberation Sans, Arial, Helvetica, sans-serif"

  static let config: VegaLiteValue = [
    "aria": false, "font": .text(font),
    "view": ["stroke": nil],
    "axis": [
      "labelColor": "currentColor", "titleColor": "currentColor", "gridColor": "currentColor",
      "domainColor": "currentColor", "tickColor": "currentColor", "gridOpacity": 0.15,
      "domainOpacity": 0.4, "tickOpacity": 0.4, "labelFontSize": 11, "titleFontSize": 11,
      "titleFontWeight": "normal", "labelLimit": 200,
    ],
    "legend": [
      "labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 11,
      "titleFontSize": 11, "titleFontWeight": "normal", "orient": "top", "title": nil,
      "symbolOpacity": 1,
    ],
    "title": [
      "color": "currentColor", "subtitleColor": "currentColor", "fontSize": 13, "offset": 12,
      "fontWeight": "bold",
    ],
    "range": ["category": ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]],
  ]

  /// The axis of a share: from 0 to 100 %.
  package static func shareAxis(_ title: String, orient: String = "bottom") -> VegaLiteValue {
    [
      "title": .text(title), "format": "%", "orient": .text(orient), "labelFlush": false,
      "values": [0, 0.25, 0.5, 0.75, 1],
    ]
  }

  /// The scale of a share.
  package static let shareScale: VegaLiteValue = ["domain": [0, 1], "nice": false]

  /// The scale of coefficients: orange below zero, blue above, in full colour at both ends.
  static func divergingScale(reach: Double) -> VegaLiteValue {
    [
      "domain": [.number(-reach), 0, .number(reach)], "range": ["#E66100", "#F2F2F2", "#0060A8"],
    ]
  }

  /// A number with the minus of the axes.
  package static func minus(_ number: String) -> String { number.replacing("-", with: "−") }

  /// A state of a cell in the pictures; the greys let light and dark grounds through.
  struct CellState {
    let name: String
    let red: UInt8
    let green: UInt8
    let blue: UInt8
    let alpha: UInt8

    /// The colour as CSS.
    var color: String {
      alpha == 255
        ? "rgb(\(red),\(green),\(blue))"
        : "rgba(\(red),\(green),\(blue),\(NumberFormat.fixed(Double(alpha) / 255, digits: 3)))"
    }
  }

  /// The states of cells, in the order of bars and legends.
  static let cellStates = [
    CellState(name: "yes", red: 0x00, green: 0x72, blue: 0xB2, alpha: 255),
    CellState(name: "no", red: 0xE6, green: 0x9F, blue: 0x00, alpha: 255),
    CellState(name: "does not apply", red: 128, green: 128, blue: 128, alpha: 128),
    CellState(name: "never asked", red: 128, green: 128, blue: 128, alpha: 36),
  ]

  /// The colours of the states with their legend.
  static var cellStateColor: VegaLiteValue {
    [
      "field": "state", "type": "nominal",
      "scale": [
        "domain": VegaLiteValue(cellStates.map(\.name)),
        "range": VegaLiteValue(cellStates.map(\.color)),
      ],
      "legend": [
        "columns": 4, "columnPadding": 7, "orient": "top", "title": nil, "symbolType": "square",
        "symbolSize": 80, "labelFontSize": .number(RowLayout.fontSize),
      ],
    ]
  }
}

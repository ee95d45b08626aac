/// A Vega-Lite specification with the theme of the reports.
///
/// The theme is readable in light and dark from one SVG: the background is transparent, and text,
/// axes and grid take the colour of the text around the picture. Categories have the colours of
/// Okabe & Ito (2008), which colour-blind readers can tell apart; pictures are 400 points wide, so
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
  public init(width: Int, height: Int, rows: [VegaLiteValue], layers: [VegaLiteValue]) {
    root = [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "background": nil, "padding": 4,
      "width": .number(Double(width)), "height": .number(Double(height)),
      "data": ["values": .array(rows)], "layer": .array(layers), "config": Theme.config,
    ]
  }

  /// The specification with a title, broken into lines, and an alternative text.
  public func titled(_ title: String, description: String) -> VegaLite {
    var result = self
    result.root["description"] = .text(DisplayText.visible(description, foldingSpace: true))
    let lines = Self.wrapped(DisplayText.visible(title, foldingSpace: true), width: 52)
    result.root["title"] = ["text": VegaLiteValue(lines), "anchor": "start", "frame": "bounds"]
    return result
  }

  /// Text in lines of at most so many characters, broken at spaces.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

/// Colours, fonts and lines of all figures.
public enum Theme {
  /// Blue: yes, and whatever stands alone.
  public static let blue = "#0072B2"
  /// Orange: no.
  public static let orange = "#E69F00"
  /// Green, the third of the palette.
  public static let green = "#009E73"
  /// Grey: does not apply.
  public static let grey = "#9A9A9A"
  /// The font whose widths the renderer knows, and its equals elsewhere.
  static let font = "Liberation Sans, Arial, Helvetica, sans-serif"

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
  static func shareAxis(_ title: String, orient: String = "bottom") -> VegaLiteValue {
    [
      "title": .text(title), "format": "%", "orient": .text(orient),
      "values": [0, 0.25, 0.5, 0.75, 1],
    ]
  }

  /// The scale of a share.
  static let shareScale: VegaLiteValue = ["domain": [0, 1], "nice": false]
}

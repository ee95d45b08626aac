import SurveyStats

/// A card of 1200 × 630 points for links in social media: one number and what it means.
public struct SocialCard: Sendable, Equatable {
  /// The number, such as `58.6%`.
  public var number: String
  /// What the number is, with its interval and n.
  public var statement: String
  /// The title of the report.
  public var title: String

  /// Creates a card.
  public init(number: String, statement: String, title: String) {
    self.number = number
    self.statement = statement
    self.title = title
  }

  /// The specification, on white.
  public var specification: VegaLite {
    let title = DisplayText.visible(title, foldingSpace: true)
    let statement = DisplayText.visible(statement, foldingSpace: true)
    func text(
      _ lines: [String], y: Int, size: Int, color: String, weight: String = "normal"
    ) -> VegaLiteValue {
      [
        "mark": [
          "type": "text", "align": "left", "baseline": "top", "fontSize": .number(Double(size)),
          "fontWeight": .text(weight), "color": .text(color),
          "lineHeight": .number(Double(size) * 1.3),
        ],
        "encoding": [
          "x": ["value": 80], "y": ["value": .number(Double(y))],
          "text": [
            "value": VegaLiteValue(lines)
          ],
        ],
      ]
    }
    var card = VegaLite(
      width: 1200, height: 630, rows: [[:]],
      layers: [
        [
          "mark": ["type": "rect", "color": .text(Theme.blue)],
          "encoding": [
            "x": ["value": 0], "x2": ["value": 24], "y": ["value": 0], "y2": ["value": 630],
          ],
        ],
        text(
          FigureText.lines(title, within: 1_040, size: 34, limit: 2), y: 60, size: 34,
          color: "#444444"),
        text([number], y: 165, size: 170, color: Theme.blue, weight: "bold"),
        text(
          FigureText.lines(statement, within: 1_040, size: 36, limit: 4), y: 390, size: 36,
          color: "#1B1B1B"),
      ])
    card.root["padding"] = 0
    card.root["background"] = "#FFFFFF"
    card.root["description"] = .text("\(number): \(statement)")
    return card
  }
}

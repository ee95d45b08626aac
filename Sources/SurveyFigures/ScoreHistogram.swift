public import SurveyStats

/// The distribution of scores in percent, with the median.
public struct ScoreHistogram: Sendable, Equatable {
  /// The lower bounds of the bins, ascending from 0.
  public let bounds: [Double]
  /// The width of a bin; the last one includes 100.
  public let width: Double
  /// The number of papers in each bin.
  public let counts: [Int]
  /// The scores, ascending.
  public let scores: [Double]
  /// The median, if there is one.
  public var median: Double?

  /// Fewer papers than these are drawn as dots, one each, since bars of them would say little.
  static let fewestInBars = 10

  /// Whether each paper is a dot of its own.
  public var drawsDots: Bool { scores.count < Self.fewestInBars }

  /// Counts scores in bins of five points, or of ten when there are fewer than a hundred scores.
  public init(scores: [Double], median: Double?) {
    width = scores.count < 100 ? 10 : 5
    let binCount = Int(100 / width)
    bounds = (0..<binCount).map { [width] in Double($0) * width }
    var counts = [Int](repeating: 0, count: binCount)
    for score in scores { counts[min(max(0, Int(score / width)), binCount - 1)] += 1 }
    self.counts = counts
    self.scores = scores.sorted()
    self.median = median
  }

  /// The bins as a table.
  public var table: Table {
    Table(
      name: "score-bins",
      columns: [
        Column("score_from", .real(bounds)), Column("score_to", .real(bounds.map { $0 + width })),
        Column("n_papers", .integer(counts)),
      ])
  }

  /// The specification: a bar a bin, or a dot a paper, and a rule at the median.
  public var specification: VegaLite {
    var layers = [drawsDots ? dotLayer : barLayer]
    if let median {
      // The line is in front of bars, but behind dots, which it would hide.
      layers.insert(
        [
          "mark": [
            "type": "rule", "color": .text(Theme.orange), "strokeWidth": 2.5, "strokeDash": [5, 3],
          ],
          "encoding": ["x": ["datum": .number(median)]],
        ], at: drawsDots ? 0 : 1)
    }
    return VegaLite(
      width: 325, height: drawsDots ? 80 : 200, rows: drawsDots ? dots : bars, layers: layers)
  }

  private static let axis: VegaLiteValue = [
    "title": "Score (% of applicable items passed)", "grid": false, "labelFlush": false,
    "values": [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
  ]

  private var bars: [VegaLiteValue] {
    zip(bounds, counts).map { bound, count in
      [
        "score_from": .number(bound), "score_to": .number(bound + width),
        "n_papers": .number(Double(count)),
      ]
    }
  }

  private var barLayer: VegaLiteValue {
    var countAxis: VegaLiteValue = [
      "title": "Papers", "tickCount": 5, "tickMinStep": 1, "format": "d",
    ]
    if let most = counts.max(), most <= 5 {
      countAxis["values"] = .array((0...max(1, most)).map { .number(Double($0)) })
    }
    return [
      "mark": ["type": "bar", "color": .text(Theme.blue), "binSpacing": 1],
      "encoding": [
        "x": [
          "field": "score_from", "type": "quantitative", "bin": ["binned": true],
          "scale": ["domain": [0, 100]], "axis": Self.axis,
        ],
        "x2": ["field": "score_to"],
        "y": ["field": "n_papers", "type": "quantitative", "axis": countAxis],
      ],
    ]
  }

  /// The dots: those that would overlap stand on one another.
  private var dots: [VegaLiteValue] {
    var ends: [Double] = []
    return scores.map { score in
      let level = ends.firstIndex { score - $0 >= 3.5 } ?? ends.count
      if level == ends.count { ends.append(score) } else { ends[level] = score }
      return ["score": .number(score), "y": .number(70 - 12 * Double(level))]
    }
  }

  private var dotLayer: VegaLiteValue {
    [
      "mark": ["type": "point", "filled": true, "size": 90, "color": .text(Theme.blue)],
      "encoding": [
        "x": [
          "field": "score", "type": "quantitative", "scale": ["domain": [0, 100]],
          "axis": Self.axis,
        ],
        "y": RowLayout.vertical("y"), "opacity": ["value": 1],
      ],
    ]
  }
}

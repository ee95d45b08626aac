/// The distribution of scores in percent, with the median.
public struct ScoreHistogram: Sendable, Equatable {
  /// The lower bounds of the bins, ascending from 0.
  public let bounds: [Double]
  /// The width of a bin; the last one includes 100.
  public let width: Double
  /// The number of papers in each bin.
  public let counts: [Int]
  /// The median, if there is one.
  public var median: Double?

  /// Counts scores in bins of five points, or of ten when there are fewer than a hundred scores.
  public init(scores: [Double], median: Double?) {
    width = scores.count < 100 ? 10 : 5
    let binCount = Int(100 / width)
    bounds = (0..<binCount).map { [width] in Double($0) * width }
    var counts = [Int](repeating: 0, count: binCount)
    for score in scores { counts[min(max(0, Int(score / width)), binCount - 1)] += 1 }
    self.counts = counts
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

  /// The specification: a bar a bin, a rule at the median.
  public var specification: VegaLite {
    let values = zip(bounds, counts).map { bound, count -> VegaLiteValue in
      [
        "score_from": .number(bound), "score_to": .number(bound + width),
        "n_papers": .number(Double(count)),
      ]
    }
    var countAxis: VegaLiteValue = [
      "title": "Papers", "tickCount": 5, "tickMinStep": 1, "format": "d",
    ]
    if let most = counts.max(), most <= 5 {
      countAxis["values"] = .array((0...max(1, most)).map { .number(Double($0)) })
    }
    var layers: [VegaLiteValue] = [
      [
        "mark": ["type": "bar", "color": .text(Theme.blue), "binSpacing": 1],
        "encoding": [
          "x": [
            "field": "score_from", "type": "quantitative", "bin": ["binned": true],
            "scale": ["domain": [0, 100]],
            "axis": [
              "title": "Score (% of applicable items passed)", "grid": false,
              "values": [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
            ],
          ],
          "x2": ["field": "score_to"],
          "y": [
            "field": "n_papers", "type": "quantitative",
            "axis": countAxis,
          ],
        ],
      ]
    ]
    if let median {
      layers.append([
        "mark": [
          "type": "rule", "color": .text(Theme.orange), "strokeWidth": 2.5, "strokeDash": [5, 3],
        ],
        "encoding": ["x": ["datum": .number(median)]],
      ])
    }
    return VegaLite(width: 345, height: 200, rows: values, layers: layers)
  }
}

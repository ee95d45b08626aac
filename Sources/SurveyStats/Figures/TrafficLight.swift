/// All cells of a matrix as coloured squares: papers across, items down.
///
/// The cells are one small palette image, since thousands of shapes would make a picture of
/// megabytes. Papers beyond the limit are thinned out evenly.
public struct TrafficLight: Sendable, Equatable {
  /// The most papers that are drawn.
  public static let paperLimit = 1_200

  /// The labels of the items, from top to bottom.
  public let labels: [String]
  /// The rows of the matrix that are drawn, from left to right.
  public let papers: [Int]
  private let pixels: [UInt8]

  /// Draws a matrix with its papers in the given order.
  public init(_ matrix: BinaryMatrix, papers order: [Int], labels: [String]) {
    let step = max(1, (order.count + Self.paperLimit - 1) / Self.paperLimit)
    papers = stride(from: 0, to: order.count, by: step).map { order[$0] }
    self.labels = labels
    var pixels: [UInt8] = []
    pixels.reserveCapacity(papers.count * matrix.items.count)
    for item in matrix.items.indices {
      for paper in papers {
        switch matrix[paper, item] {
        case .yes: pixels.append(1)
        case .no: pixels.append(2)
        case .notApplicable: pixels.append(3)
        case .absent: pixels.append(0)
        }
      }
    }
    self.pixels = pixels
  }

  /// The pixels of a row of the image: those of the cells, then a gap.
  private static let rowHeight = 5
  /// The pixels of a column of the image, so that few papers do not blur.
  private var columnWidth: Int { max(1, 600 / max(1, papers.count)) }

  /// The cells as blocks of pixels.
  private var enlarged: [UInt8] {
    var result: [UInt8] = []
    let width = papers.count * columnWidth
    result.reserveCapacity(width * labels.count * Self.rowHeight)
    for item in labels.indices {
      let row = pixels[item * papers.count..<(item + 1) * papers.count].flatMap {
        repeatElement($0, count: columnWidth)
      }
      for _ in 1..<Self.rowHeight { result += row }
      result += repeatElement(0, count: width)
    }
    return result
  }

  /// The specification: the image below an axis of items, with a legend.
  public var specification: VegaLite {
    let shown = IntervalPlot.unique(labels)
    let image = PalettePNG(
      width: papers.count * columnWidth, height: max(1, labels.count) * Self.rowHeight,
      pixels: enlarged,
      palette: [
        (0, 0, 0, 0), (0x00, 0x72, 0xB2, 255), (0xE6, 0x9F, 0x00, 255), (154, 154, 154, 110),
      ])
    let height = max(2, labels.count) * 13
    let states: [(String, String)] = [
      ("yes", Theme.blue), ("no", Theme.orange), ("does not apply", Theme.grey),
    ]
    let values = shown.enumerated().map { index, label -> VegaLiteValue in
      ["label": .text(label), "state": .text(states[index % states.count].0)]
    }
    return VegaLite(
      width: 230, height: height, rows: values,
      layers: [
        [
          "mark": ["type": "point", "filled": true, "opacity": 0],
          "encoding": [
            "y": [
              "field": "label", "type": "nominal", "sort": nil, "title": nil,
              "axis": ["grid": false, "ticks": false, "domain": false, "labelFontSize": 10],
            ],
            "color": [
              "field": "state", "type": "nominal",
              "scale": [
                "domain": VegaLiteValue(states.map(\.0)), "range": VegaLiteValue(states.map(\.1)),
              ],
              "legend": ["symbolType": "square", "orient": "top", "title": nil],
            ],
          ],
        ],
        [
          "mark": [
            "type": "image", "width": 230, "height": .number(Double(height)), "aspect": false,
          ],
          "data": ["values": [["u": .text("data:image/png;base64," + image.base64)]]],
          "encoding": [
            "url": ["field": "u", "type": "nominal"], "x": ["value": 115],
            "y": ["value": .number(Double(height) / 2)],
          ],
        ],
      ])
  }
}

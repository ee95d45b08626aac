public import SurveyStats

/// All cells of a matrix in colours: papers across, items down.
///
/// The cells of an item are one small palette image, since thousands of shapes would make a picture
/// of megabytes. A column is one paper; of more than ``columnLimit`` papers it is some neighbours,
/// whose answers are stacked, so that no paper is left out.
public struct TrafficLight: Sendable, Equatable {
  /// The most columns that still can be told apart.
  static let columnLimit = 120

  /// The labels of the items, from top to bottom.
  public let labels: [String]
  /// How many papers share a column; the last column may have fewer.
  public let papersPerColumn: Int
  /// The number of columns.
  public let columnCount: Int
  /// The cells of an item and column in each state, in the order of ``Theme/cellStates``.
  private let counts: [Int]

  /// Draws a matrix with its papers in the given order.
  public init(_ matrix: BinaryMatrix, papers order: [Int], labels: [String]) {
    let size = max(1, (order.count + Self.columnLimit - 1) / Self.columnLimit)
    let columns = (order.count + size - 1) / size
    var counts = [Int](repeating: 0, count: matrix.items.count * columns * 4)
    for item in matrix.items.indices {
      for (place, paper) in order.enumerated() {
        let state =
          switch matrix[paper, item] {
          case .yes: 0
          case .no: 1
          case .notApplicable: 2
          case .absent: 3
          }
        counts[(item * columns + place / size) * 4 + state] += 1
      }
    }
    self.labels = labels
    self.counts = counts
    papersPerColumn = size
    columnCount = columns
  }

  /// The height of the cells of an item.
  private static let stripHeight = 11

  /// The states of the pixels of an item, row by row: yes at the bottom of a stack.
  func pixels(ofItem item: Int) -> [UInt8] {
    let height = papersPerColumn == 1 ? 1 : Self.stripHeight
    var pixels = [UInt8](repeating: 0, count: columnCount * height)
    for column in 0..<columnCount {
      let first = (item * columnCount + column) * 4
      let total = counts[first..<first + 4].reduce(0, +)
      var (state, before) = (0, counts[first])
      for level in 0..<height {
        while state < 3, before * height * 2 <= total * (2 * level + 1) {
          state += 1
          before += counts[first + state]
        }
        pixels[(height - 1 - level) * columnCount + column] = UInt8(state)
      }
    }
    return pixels
  }

  /// The cells of an item as an image.
  private func image(ofItem item: Int) -> PalettePNG {
    let pixels = pixels(ofItem: item)
    return PalettePNG(
      width: columnCount, height: pixels.count / max(1, columnCount), pixels: pixels,
      palette: Theme.cellStates.map { ($0.red, $0.green, $0.blue, $0.alpha) })
  }

  /// The specification: an image an item beside its label, with a legend.
  public var specification: VegaLite {
    let layout = RowLayout(labels: labels, labelWidth: 130, rightWidth: 0, margin: 2)
    let shown = RowLayout.unique(labels)
    let images = labels.indices.map { item in
      layout.place(item).merging([
        "label": .text(shown[item]),
        "url": .text("data:image/png;base64," + image(ofItem: item).base64),
      ])
    }
    let states = Theme.cellStates.map { VegaLiteValue.object(["state": .text($0.name)]) }
    return VegaLite(
      width: layout.plotWidth, height: layout.height, rows: images,
      layers: [
        [
          "data": ["values": .array(states)],
          "mark": ["type": "point", "filled": true, "opacity": 0],
          "encoding": ["x": ["value": 0], "y": ["value": 0], "color": Theme.cellStateColor],
        ],
        [
          "mark": [
            "type": "image", "width": .number(layout.plotWidth),
            "height": .number(Double(Self.stripHeight)), "aspect": false,
          ],
          "encoding": [
            "url": ["field": "url", "type": "nominal"],
            "x": ["value": .number(layout.plotWidth / 2)], "y": RowLayout.vertical("y"),
          ],
        ],
        layout.labelLayer,
        RowLayout.note("highest scores", align: "left", x: 0, y: layout.height + 10),
        RowLayout.note("lowest scores", x: layout.plotWidth, y: layout.height + 10),
      ])
  }
}

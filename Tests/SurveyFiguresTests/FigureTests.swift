import FoundationEssentials
import Testing

@testable import SurveyFigures
@testable import SurveyStats

@Suite struct FigureTests {
  @Test func `keys are sorted and numbers the shortest`() {
    let value: VegaLiteValue = ["b": 1, "a": [0.1, nil, true], "c": "\"<\n"]
    #expect(
      String(decoding: value.json, as: UTF8.self).replacing("\n", with: "").replacing(" ", with: "")
        == "{\"a\":[0.1,null,true],\"b\":1,\"c\":\"\\\"<\\n\"}")
  }

  /// Widths measured in Liberation Sans 2.1.5 with Pillow.
  @Test func `text is as wide as the renderer draws it`() {
    #expect(FigureText.width("Reproduction instructions given", size: 1_000) == 13_950)
    #expect(abs(FigureText.width("n = 9.8%", size: 10) - 39.75) < 1e-9)
  }

  @Test func `text is broken at spaces, within long words, and cut at the limit`() {
    #expect(
      FigureText.lines("one two three four", within: 40, size: 10) == ["one two", "three", "four"])
    #expect(FigureText.lines("aaaaaa", within: 12, size: 10) == ["aa", "aa", "aa"])
    #expect(
      FigureText.lines("one two three four", within: 40, size: 10, limit: 2)
        == ["one two", "three…"])
    #expect(FigureText.lines("aaaa bbbb", within: 23, size: 10, limit: 1) == ["aa…"])
  }

  @Test func `labels are made unique and visible`() {
    #expect(
      RowLayout.unique(["a", "a", "b\u{202E}", "a"])
        == ["a", "a (2)", "b\\u{202E}", "a (3)"])
  }

  @Test func `rows with broken labels are higher, and a picture is as wide as any other`() {
    let layout = RowLayout(
      labels: ["short", "a label that needs two lines"], labelWidth: 80, rightWidth: 30)
    #expect(layout.labels[1].count == 2)
    #expect(layout.heights == [15, 26] && layout.centers == [7.5, 28] && layout.height == 41)
    let widest = layout.labels.joined().map { FigureText.width($0, size: 10) }.max() ?? 0
    let total = widest + RowLayout.labelGap + layout.plotWidth + 30
    #expect(total <= RowLayout.figureWidth && total > RowLayout.figureWidth - 1)
  }

  @Test func `every score falls in one bin`() {
    let few = ScoreHistogram(scores: [0, 9.9, 10, 55, 100], median: 10)
    #expect(few.width == 10)
    #expect(few.counts == [2, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    let many = ScoreHistogram(scores: (0..<200).map { Double($0) / 2 }, median: nil)
    #expect(many.width == 5 && many.counts.reduce(0, +) == 200)
  }

  /// Checked with an image viewer: a row of transparent, blue, orange and grey.
  @Test func `a palette image has the parts and check sums of PNG`() {
    let image = PalettePNG(
      width: 4, height: 1, pixels: [0, 1, 2, 3],
      palette: [(0, 0, 0, 0), (0, 114, 178, 255), (230, 159, 0, 255), (154, 154, 154, 110)])
    #expect(image.bytes.prefix(8) == [137, 80, 78, 71, 13, 10, 26, 10])
    #expect(image.bytes.suffix(12) == [0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130])
    #expect(image.bytes.contains(0b0001_1011))
  }

  @Test func `a map of many papers stacks the answers of neighbours`() {
    let matrix = BinaryMatrix(
      papers: (0..<1_000).map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a"))]
    ) { paper, _ in paper % 9 < 3 ? .yes : paper % 9 < 6 ? .no : .absent }
    let map = TrafficLight(matrix, papers: Array(0..<1_000), labels: ["a"])
    #expect(map.papersPerColumn == 9 && map.columnCount == 112)
    let pixels = map.pixels(ofItem: 0)
    #expect(pixels.count == 112 * 11)
    let column = (0..<11).map { pixels[$0 * 112] }
    #expect(column == [3, 3, 3, 3, 1, 1, 1, 0, 0, 0, 0])
    // The last column is one paper, with yes.
    #expect((0..<11).allSatisfy { pixels[$0 * 112 + 111] == 0 })
  }

  @Test func `a map of few papers has a pixel a cell, in the order given`() {
    let cells: [Cell] = [.yes, .no, .notApplicable, .absent]
    let matrix = BinaryMatrix(
      papers: (0..<4).map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a"))]
    ) { paper, _ in cells[paper] }
    let map = TrafficLight(matrix, papers: [3, 1, 0, 2], labels: ["a"])
    #expect(map.pixels(ofItem: 0) == [3, 1, 0, 2])
  }

  @Test func `the legend of the map shows the colours of its cells`() throws {
    let matrix = BinaryMatrix(
      papers: [Paper(slug: "p")], items: [Item(id: ItemID("a"))]
    ) { _, _ in .yes }
    let map = TrafficLight(matrix, papers: [0], labels: ["a"])
    guard case .array(let layers)? = map.specification.root["layer"],
      let scale = layers[0]["encoding"]?["color"]?["scale"]
    else {
      Issue.record("no legend")
      return
    }
    #expect(scale["domain"] == ["yes", "no", "does not apply", "never asked"])
    #expect(
      scale["range"] == [
        "rgb(0,114,178)", "rgb(230,159,0)", "rgba(128,128,128,0.502)", "rgba(128,128,128,0.141)",
      ])
  }

  @Test func `the colours of a heat map end at its greatest coefficient, rounded up`() {
    let map = CorrelationHeatmap(
      labels: ["a", "b", "c"], values: [[1, nil, nil], [0.21, 1, nil], [-0.33, nil, 1]],
      coefficient: "phi")
    #expect(map.reach == 0.4)
    guard case .array(let layers)? = map.specification.root["layer"],
      case .array(let rows)? = map.specification.root["data"]?["values"],
      let color = layers[0]["encoding"]?["color"]
    else {
      Issue.record("no cells")
      return
    }
    #expect(color["scale"]?["domain"] == [-0.4, 0, 0.4])
    #expect(color["legend"]?["title"] == "phi, full colour at ±0.4")
    #expect(rows.map { $0["text"] } == [".21", "−.33"])
    #expect(map.specification.root["width"] == map.specification.root["height"])
  }

  @Test func `rows that rest on little are paler and say so`() {
    let rows = [(3, 1.0), (30, 0.5)].map {
      EstimateRow(label: "a", estimate: $0.1, lower: nil, upper: nil, count: $0.0)
    }
    let written = String(
      decoding: IntervalPlot(rows: rows, least: 10).specification.root.json, as: UTF8.self)
    #expect(written.contains("\"opacity\": 0.45") && written.contains("paler: n < 10"))
    let full = String(
      decoding: IntervalPlot(rows: rows, least: 3).specification.root.json, as: UTF8.self)
    #expect(!full.contains("\"opacity\": 0.45") && !full.contains("paler"))
  }

  @Test func `the two shares of a pair stand on lines of their own`() {
    let row = EstimateRow(label: "a", estimate: 0.5, lower: 0.2, upper: 0.8, count: 4)
    let plot = PairPlot(
      rows: [PairPlot.Row(first: row, second: row)], firstName: "first", secondName: "second")
    guard case .array(let rows)? = plot.specification.root["data"]?["values"], rows.count == 2
    else {
      Issue.record("no rows")
      return
    }
    #expect(rows[0]["y"] != rows[1]["y"] && rows[0]["conf_low"] == 0.2)
  }

  @Test func `few papers are dots that do not hide one another`() {
    let few = ScoreHistogram(scores: [50, 20, 51, 52], median: 50.5)
    #expect(few.drawsDots)
    guard case .array(let rows)? = few.specification.root["data"]?["values"] else {
      Issue.record("no dots")
      return
    }
    #expect(rows.map { $0["score"] } == [20, 50, 51, 52])
    #expect(rows.map { $0["y"] } == [70, 70, 58, 46])
    #expect(!ScoreHistogram(scores: Array(repeating: 5, count: 10), median: 5).drawsDots)
  }

  @Test func `the ticks of ratios are one, two and five, or fewer`() {
    #expect(ForestPlot.ticks((0.18, 14)) == [0.2, 0.5, 1, 2, 5, 10])
    #expect(ForestPlot.ticks((0.045, 22)) == [0.1, 0.3, 1, 3, 10])
  }

  @Test func `long titles and statements stay on the card`() {
    let card = SocialCard(
      number: "58.6%", statement: String(repeating: "WIDE WORDS ", count: 60),
      title: String(repeating: "MMMM ", count: 40))
    guard case .array(let layers)? = card.specification.root["layer"] else {
      Issue.record("no card")
      return
    }
    for (layer, size, limit) in [(layers[1], 34.0, 2), (layers[3], 36.0, 4)] {
      guard case .array(let lines)? = layer["encoding"]?["text"]?["value"] else { continue }
      #expect(lines.count == limit)
      for case .text(let line) in lines { #expect(FigureText.width(line, size: size) <= 1_040) }
    }
  }

  @Test func `a forest plot has an axis that ends where it can be read, and all numbers`() {
    let plot = ForestPlot(
      rows: [EstimateRow(label: "a", estimate: 1.5, lower: 0.001, upper: 900)], scale: .ratio,
      axisTitle: "Odds ratio")
    guard case .array(let rows)? = plot.specification.root["data"]?["values"],
      case .array(let layers)? = plot.specification.root["layer"],
      let scale = layers[1]["encoding"]?["x"]?["scale"],
      case .array(let ends)? = scale["domain"], case .number(let low)? = ends.first,
      case .number(let high)? = ends.last
    else {
      Issue.record("no rows")
      return
    }
    #expect(low > 0.01 && high < 100 && scale["clamp"] == true)
    #expect(rows.first?["numbers"] == .text("1.50 [0.00, 900.00]"))
    #expect(rows.first?["conf_high"] == 900)
  }

  @Test func `small loadings are not written`() {
    let plot = LoadingsPlot(labels: ["a"], loadings: [[0.29, -0.31]], cut: 0.3)
    guard case .array(let rows)? = plot.specification.root["data"]?["values"] else {
      Issue.record("no rows")
      return
    }
    #expect(rows.map { $0["text"] } == [.text(""), .text("−0.31")])
  }
}

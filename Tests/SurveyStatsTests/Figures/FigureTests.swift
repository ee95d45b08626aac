import FoundationEssentials
import Testing

@testable import SurveyStats

@Suite struct FigureTests {
  @Test func `keys are sorted and numbers the shortest`() {
    let value: VegaLiteValue = ["b": 1, "a": [0.1, nil, true], "c": "\"<\n"]
    #expect(
      String(decoding: value.json, as: UTF8.self).replacing("\n", with: "").replacing(" ", with: "")
        == "{\"a\":[0.1,null,true],\"b\":1,\"c\":\"\\\"<\\n\"}")
  }

  @Test func `a title is broken into lines`() {
    #expect(VegaLite.wrapped("one two three four", width: 8) == ["one two", "three", "four"])
  }

  @Test func `labels are made unique and visible`() {
    #expect(
      IntervalPlot.unique(["a", "a", "b\u{202E}", "a"])
        == ["a", "a (2)", "b\\u{202E}", "a (3)"])
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

  @Test func `a map of many papers is thinned out evenly`() {
    let matrix = BinaryMatrix(
      papers: (0..<3_000).map { Paper(slug: "p\($0)") }, items: [Item(id: ItemID("a"))]
    ) { _, _ in .yes }
    let map = TrafficLight(matrix, papers: Array(0..<3_000), labels: ["a"])
    #expect(map.papers.count == 1_000)
    #expect(map.papers.prefix(3) == [0, 3, 6])
  }

  @Test func `a forest plot has an axis that ends where it can be read, and all numbers`() {
    let plot = ForestPlot(
      rows: [ForestPlot.Row(label: "a", estimate: 1.5, lower: 0.001, upper: 900)], scale: .ratio,
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
    #expect(rows.map { $0["text"] } == [.text(""), .text("-0.31")])
  }
}

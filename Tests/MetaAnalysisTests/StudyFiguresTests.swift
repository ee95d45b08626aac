import Foundation
import SurveyFigures
import SurveyReport
import SurveyStats
import Testing

@testable import MetaAnalysis

@Suite struct StudyFiguresTests {
  private let counts: [StudyCounts] = [
    .twoByTwo(4, of: 123, against: 11, ofOther: 139),
    .twoByTwo(6, of: 306, against: 29, ofOther: 303),
    .twoByTwo(3, of: 231, against: 11, ofOther: 220),
    .twoByTwo(62, of: 13_598, against: 248, ofOther: 12_867),
    .twoByTwo(33, of: 5_069, against: 47, ofOther: 5_808),
  ]

  private func figures(_ counts: [StudyCounts]? = nil) throws -> StudyFigures {
    let counts = counts ?? self.counts
    return try StudyFigures(
      try StudyEffects(
        .riskRatio, labels: counts.indices.map { "study \($0 + 1)" }, counts: counts),
      pooling: Pooling())
  }

  private func object(_ figure: Figure) throws -> [String: Any] {
    let bytes = Data(figure.specification.root.json)
    return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  @Test func `every picture is a specification with words`() throws {
    let figures = try figures()
    for figure in [
      figures.forest(), try figures.funnel(), try figures.baujat(), try figures.gosh(),
      try figures.drapery(),
    ] {
      let object = try object(figure)
      #expect(object["layer"] != nil)
      #expect((object["description"] as? String)?.isEmpty == false)
      #expect(!figure.caption.text.contains("nan"))
      #expect(!figure.alternativeText.text.contains("nan"))
    }
  }

  @Test func `a forest has a row a study, the pooled effect and the prediction`() throws {
    let figures = try figures()
    let labels: [String?] = ["a", "a", "b", "b", nil]
    let groups = try Subgroups(Pooling()).estimate(figures.studies, labels: labels)
    let plain = figures.forest(order: .precision)
    let grouped = figures.forest(groups: (labels, groups))
    func texts(_ figure: Figure) throws -> [String] {
      let layers = try #require(try object(figure)["layer"] as? [[String: Any]])
      return layers.flatMap { layer -> [String] in
        let data = (layer["data"] as? [String: Any])?["values"] as? [[String: Any]] ?? []
        return data.compactMap { ($0["lines"] as? [String])?.joined(separator: " ") }
      }
    }
    let rows = try texts(plain)
    #expect(rows.count == 7)
    #expect(rows[0] == "study 4")
    #expect(rows[5...] == ["Pooled (k = 5)", "A further study"])
    // Two headings, four studies, two summaries, the ungrouped study under its heading.
    #expect(try texts(grouped).count == 12)
  }

  @Test func `one study and studies without an effect are drawn`() throws {
    let one = try figures([counts[0]])
    #expect(try object(one.forest())["layer"] != nil)
    #expect(try object(try one.funnel())["layer"] != nil)
    let none = try figures([.twoByTwo(0, of: 0, against: 0, ofOther: 0), counts[0]])
    #expect(try object(none.forest())["layer"] != nil)
  }
}

import FoundationEssentials
import SurveyStats
import Testing

@Suite struct CompositeWeightsTests {
  private func decode(_ json: String) throws -> CompositeWeights {
    try JSONDecoder().decode(CompositeWeights.self, from: Data(json.utf8))
  }

  @Test func `an item's own weight goes before that of its category`() {
    let weights = CompositeWeights(name: "w", categories: ["a": 2], items: ["a.x": 0.5, "y": 3])
    #expect(weights.weight(of: ItemID("a.x")) == 0.5)
    #expect(weights.weight(of: ItemID("a.z")) == 2)
    #expect(weights.weight(of: ItemID("y")) == 3)
    #expect(weights.weight(of: ItemID("b.q")) == 0)
  }

  @Test func `a file may leave parts out, but not weigh negatively`() throws {
    #expect(
      try decode(#"{"categories": {"a": 1.5}}"#)
        == CompositeWeights(name: "weights", categories: ["a": 1.5]))
    #expect(throws: DecodingError.self) { try decode(#"{"categories": {"a": -1}}"#) }
    #expect(throws: DecodingError.self) { try decode(#"{"items": {"a.b": -0.5}}"#) }
    #expect(throws: DecodingError.self) { try decode(#"{"categories": {"a": "1"}}"#) }
  }
}

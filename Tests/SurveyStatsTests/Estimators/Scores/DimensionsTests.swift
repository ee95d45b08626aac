import FoundationEssentials
import SurveyStats
import Testing

@Suite struct DimensionsTests {
  private func decode(_ json: String) throws -> Dimensions {
    try JSONDecoder().decode(Dimensions.self, from: Data(json.utf8))
  }

  @Test func `the composite is a harmonic mean with a floor`() throws {
    let dimensions = Dimensions(name: "d", dimensions: [])
    #expect(isClose(dimensions.composite(of: [50, 100]), 200.0 / 3))
    // A score of 0 enters as 5: 2 / (1/5 + 1/80).
    #expect(isClose(dimensions.composite(of: [0, 80]), 160.0 / 17))
    #expect(dimensions.composite(of: [5, 5]) == 5)
  }

  @Test func `a missing dimension is skipped or makes the composite undefined`() throws {
    let skip = Dimensions(name: "d", missing: .skip, dimensions: [])
    let strict = Dimensions(name: "d", missing: .undefined, dimensions: [])
    #expect(skip.composite(of: [50, nil, 50]) == 50)
    #expect(strict.composite(of: [50, nil, 50]) == nil)
    #expect(strict.composite(of: [50, 50]) == 50)
    #expect(skip.composite(of: [nil, nil]) == nil && skip.composite(of: []) == nil)
  }

  @Test func `a file needs dimensions and a floor that makes sense`() throws {
    let read = try decode(
      #"{"floor": 1, "missing": "undefined", "dimensions": [{"name": "A", "categories": ["x"]}]}"#)
    #expect(
      read
        == Dimensions(
          name: "dimensions", floor: 1, missing: .undefined,
          dimensions: [.init(name: "A", categories: ["x"])]))
    #expect(try decode(#"{"dimensions": []}"#).floor == 5)
    for bad in [
      #"{}"#, #"{"floor": 0, "dimensions": []}"#, #"{"floor": 101, "dimensions": []}"#,
      #"{"missing": "guess", "dimensions": []}"#,
    ] { #expect(throws: DecodingError.self) { try decode(bad) } }
  }
}

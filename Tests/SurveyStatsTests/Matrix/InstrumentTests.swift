import SurveyStats
import Testing

@Suite struct InstrumentTests {
  private let json = """
    {"name": "checklist", "version": 3, "categories": [
      {"name": "artifacts", "label": "Artifacts", "items": [
        {"name": "code_released", "label": "Code released"}, {"name": "data_released"}]},
      {"name": "rigor", "label": "Rigor", "module": "experimental", "items": [
        {"name": "seeds", "label": "Seeds"}]}]}
    """

  @Test func `an instrument is read from JSON`() throws {
    let instrument = try Instrument(json: Array(json.utf8))
    #expect(
      instrument
        == Instrument(
          name: "checklist", version: 3,
          categories: [
            .init(
              name: "artifacts", label: "Artifacts",
              items: [
                .init(name: "code_released", label: "Code released"), .init(name: "data_released"),
              ]),
            .init(
              name: "rigor", label: "Rigor", module: "experimental",
              items: [.init(name: "seeds", label: "Seeds")]),
          ]))
  }

  @Test func `the instrument orders and names what is discovered`() throws {
    let instrument = try Instrument(json: Array(json.utf8))
    let discovered = ["new.z", "rigor.seeds", "artifacts.new", "artifacts.data_released", "new.a"]
      .map { Item(id: ItemID($0), module: $0.hasPrefix("new") ? "survey" : Item.baseModule) }
    #expect(
      instrument.arranging(discovered) == [
        Item(id: ItemID("artifacts.data_released")), Item(id: ItemID("artifacts.new")),
        Item(id: ItemID("rigor.seeds"), label: "Seeds", module: "experimental"),
        Item(id: ItemID("new.z"), module: "survey"), Item(id: ItemID("new.a"), module: "survey"),
      ])
  }

  @Test(arguments: [
    (#"{"name": "x", "categories": [}"#, "line 1, column 30: expected a value, found \"}\""),
    ("[]", "expected an object"), (#"{"name": "x"}"#, "\"categories\" is missing"),
    (#"{"name": 1, "categories": []}"#, "name: expected text"),
    (#"{"name": "x", "version": "3", "categories": []}"#, "version: expected a whole number"),
    (#"{"name": "x", "categories": {}}"#, "categories: expected a list"),
    (
      #"{"name": "x", "categories": [{"name": "a", "items": [{"label": "b"}]}]}"#,
      "categories[0].items[0]: \"name\" is missing"
    ),
    (
      #"{"name": "x", "categories": [{"name": "a", "items": []}, {"name": "a", "items": []}]}"#,
      "category \"a\" occurs twice; remove one"
    ),
    (
      #"{"name": "x", "categories": [{"name": "a", "items": [{"name": "b"}, {"name": "b"}]}]}"#,
      "item \"a.b\" occurs twice; remove one"
    ),
  ]) func `text that is no instrument is an error of one line`(text: String, message: String) {
    let error = #expect(throws: InstrumentError.self) { try Instrument(json: Array(text.utf8)) }
    #expect(error?.description == message)
  }
}

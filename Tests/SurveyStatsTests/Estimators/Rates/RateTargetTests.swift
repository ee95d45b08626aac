import SurveyStats
import Testing

@Suite struct RateTargetTests {
  private let matrix = BinaryMatrix(
    papers: [],
    items: [
      Item(id: ItemID("b.x")), Item(id: ItemID("plain")), Item(id: ItemID("a.y"), module: "extra"),
      Item(id: ItemID("b.z")),
    ]
  ) { _, _ in .absent }

  @Test func `sets are in the order of the matrix`() {
    let targets = RateTarget.all(in: matrix, levels: Set(RateTarget.Level.allCases))
    #expect(
      targets.map { "\($0.level) \($0.category) \($0.term) \($0.items)" } == [
        "item b x [0]", "item  plain [1]", "item a y [2]", "item b z [3]",
        "category b b [0, 3]", "category a a [2]", "module  base [0, 1, 3]",
        "module  extra [2]", "overall  overall [0, 1, 2, 3]",
      ])
  }

  @Test func `no items give no sets`() {
    let empty = matrix.selecting(items: [] as [Int])
    #expect(RateTarget.all(in: empty, levels: Set(RateTarget.Level.allCases)).isEmpty)
    #expect(RateTarget.all(in: matrix, levels: []).isEmpty)
  }
}

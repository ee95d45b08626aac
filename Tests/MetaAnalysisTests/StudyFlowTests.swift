import MetaAnalysis
import SurveyStats
import Testing

@Suite struct StudyFlowTests {
  @Test func `counts of records add up`() throws {
    let studies = try StudyEffects(
      .logit, labels: ["a", "b", "c"], counts: [.events(1, of: 5), .events(0, of: 0), nil])
    let flow = StudyFlow(exclusions: ["old", nil, "twice", "old", nil, nil], studies: studies)
    #expect(
      flow.rows.map(\.stage) == [
        .identified, .excluded, .excluded, .notPooled, .notPooled, .pooled,
      ])
    #expect(flow.rows.map(\.count) == [6, 2, 1, 1, 1, 1])
    #expect(flow.rows.map(\.reason)[1...2] == ["old", "twice"])
    #expect(flow.rows.dropFirst().reduce(0) { $0 + $1.count } == flow.rows[0].count)
    let none = StudyFlow(identified: 0, exclusions: [], notPooled: [], pooled: 0)
    #expect(Table(flow: none, records: "papers").rowCount == 2)
  }
}
